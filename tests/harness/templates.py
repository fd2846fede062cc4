"""An undefined variable in one of our templates fails the test, in ``{% if %}`` too.

Django prints nothing for a misspelt name, and ``{% if misspelt %}`` is quietly false. Templates under ``templates/``
are compiled here with expressions that insist. Those of Django, allauth and crispy-forms keep Django's ways.

What may be missing says so: ``{{ note|default:"" }}``. A way through an empty relation (``activity.centre.name``
with no centre) is allowed where it is asked about (``{% if %}``), not where it is printed.
"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.template import base
from django.template.base import FilterExpression, Origin, Parser, TokenType, Variable, VariableDoesNotExist
from django.template.context import BaseContext
from django.template.defaultfilters import default as default_filter
from django.templatetags.i18n import BlockTranslateNode

from tests.harness import offences

OURS = Path(settings.BASE_DIR) / "templates"


def is_ours(origin: Origin | None) -> bool:
    """Whether a template is one of the project's own."""
    return origin is not None and Path(str(origin.name)).is_relative_to(OURS)


class StrictVariable(Variable):
    """A variable that reports what it does not find."""

    __slots__ = ("place",)

    def __init__(self, var: str, place: str) -> None:
        super().__init__(var)
        self.place = place

    def resolve(self, context: Any) -> Any:
        """The value, or an offence."""
        return self.look_up(context, asked_about=False)

    def look_up(self, context: Any, *, asked_about: bool) -> Any:
        """The value; ``asked_about`` lets a way through ``None`` be ``None``."""
        try:
            return super().resolve(context)
        except VariableDoesNotExist as error:
            _bit, current = error.params
            if asked_about and current is None:
                return None
            of = "the context" if isinstance(current, BaseContext) else f"a {type(current).__name__}"
            raise offences.record(f"{self.place}: “{self.var}” is undefined, “{_bit}” is not in {of}") from error


class StrictExpression(FilterExpression):
    """An expression of one of our templates: a missing variable is an offence unless it has a default."""

    __slots__ = ()

    def __init__(self, token: str, parser: Parser) -> None:
        super().__init__(token, parser)
        place = Path(str(parser.origin.name)).relative_to(OURS).as_posix()
        tolerant = any(function is default_filter for function, _args in self.filters)
        if self.is_var and not tolerant:
            self.var = StrictVariable(self.var.var, place)
        self.filters = [
            (function, [(is_var, StrictVariable(arg.var, place) if is_var else arg) for is_var, arg in args])
            for function, args in self.filters
        ]

    def resolve(self, context: Any, ignore_failures: bool = False) -> Any:
        """As Django's, which asks a question by ``ignore_failures``."""
        if ignore_failures and isinstance(self.var, StrictVariable):
            value = self.var.look_up(context, asked_about=True)
            if value is None and not self.filters:
                return None
            expression = FilterExpression.__new__(FilterExpression)
            expression.token, expression.filters, expression.var, expression.is_var = (
                *(self.token, self.filters, value, False),
            )
            return expression.resolve(context, ignore_failures)
        return super().resolve(context, ignore_failures)


def _compile_filter(self: Parser, token: str) -> FilterExpression:
    return StrictExpression(token, self) if is_ours(self.origin) else FilterExpression(token, self)


_render_translation = BlockTranslateNode.render


def _render_strict_translation(self: BlockTranslateNode, context: Any, nested: bool = False) -> str:
    """``{% blocktranslate %}`` looks its variables up by itself."""
    if is_ours(getattr(self, "origin", None)):
        named = {t.contents for t in (*self.singular, *(self.plural or ())) if t.token_type == TokenType.VAR}
        for name in sorted(named - set(self.extra_context) - {self.countervar}):
            if name not in context:
                place = Path(str(self.origin.name)).relative_to(OURS).as_posix()
                raise offences.record(f"{place}: “{name}” is undefined in a blocktranslate")
    return _render_translation(self, context, nested)


base.Parser.compile_filter = _compile_filter  # type: ignore[method-assign]
BlockTranslateNode.render = _render_strict_translation  # type: ignore[method-assign]
