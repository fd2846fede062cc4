"""Rules as they are proposed and answered: numbers in boxes under the sentences they stand in. Rules are the domain's."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.domain.overlaps import rule_sets
from courses.forms.fields import Typed
from courses.forms.parts import Refusable, TextField, date_field
from ecosystem import dates
from ecosystem.models import Department, RuleSet
from ecosystem.overlap import rules
from ecosystem.overlap.rules import THRESHOLDS
from ecosystem.text import clean


class ThresholdField(Typed):
    """A threshold as it was typed: a number where it is one, otherwise the text, of which the rules say what is wrong."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "maxlength": "6", "autocomplete": "off"})

    def clean(self, value: Any) -> int | str:
        """The number, or what stands instead of one."""
        typed = clean(str(value or ""))
        return int(typed) if re.fullmatch("[0-9]{1,6}", typed) else typed


class ProposalForm(Refusable):
    """All thresholds with the numbers agreed last; what is not changed stays. To rehearse, nobody need say why."""

    department = forms.ChoiceField(
        label=_("In the name of"), required=False, error_messages={"required": _("Choose the department.")}
    )
    in_force_from = date_field(label=_("From which day it holds"))
    why = TextField(
        label=_("Why"),
        several_lines=True,
        most=RuleSet.LONGEST_NOTE,
        error_messages={"required": _("Say why the rules should change: the other departments read it.")},
        help_text=_("The other departments read it before they answer."),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        before: rules.RuleSet,
        departments: Iterable[Department],
        today: date,
        proposes: bool = True,
    ) -> None:
        self.before, self.today = before, today
        self.departments = {one.pk: one for one in departments}
        super().__init__(data, initial={"in_force_from": _next_month(max(today, before.in_force_from))})
        department = self.fields["department"]
        department.required = len(self.departments) > 1
        department.choices = [("", gettext("Choose one")), *((pk, one.name) for pk, one in self.departments.items())]  # type: ignore[attr-defined]
        self.fields["why"].required = proposes
        language = "lv" if dates.is_latvian() else "en"
        for name, bounds in THRESHOLDS.items():
            number = getattr(before, name)
            self.fields[name] = ThresholdField(
                label=rules.say(name, number, language),
                initial=number,
                required=False,
                help_text=gettext("From %(least)s to %(most)s.") % {"least": bounds.least, "most": bounds.most},
            )

        self.order_fields(THRESHOLDS)

    def clean(self) -> dict[str, Any]:
        """All that is wrong with the numbers and the day, at once."""
        cleaned = super().clean() or {}
        problems = rule_sets.check(
            before=self.before, thresholds=self.thresholds, in_force_from=cleaned.get("in_force_from"), on=self.today
        )
        if problems:
            self.refuse(rule_sets.Refused(problems))
        return cleaned

    @property
    def thresholds(self) -> dict[str, Any]:
        """The numbers by their names."""
        return {name: self.cleaned_data[name] for name in THRESHOLDS if name in self.cleaned_data}

    @property
    def department_chosen(self) -> Department:
        """In whose name."""
        only = next(iter(self.departments.values()))
        return self.departments.get(self.cleaned_data["department"], only)

    @property
    def proposed(self) -> rules.RuleSet:
        """What would be proposed."""
        return rule_sets.drawn_up(
            before=self.before, thresholds=self.thresholds, in_force_from=self.cleaned_data["in_force_from"]
        )


class AnswerForm(Refusable):
    """A department's answer: for which of those one answers for, and words that go with it."""

    department = forms.ChoiceField(label=_("In the name of"), error_messages={"required": _("Choose the department.")})
    note = TextField(
        label=_("In your words"),
        several_lines=True,
        most=RuleSet.LONGEST_NOTE,
        required=False,
        help_text=_("The other departments read it. Whoever declines says why."),
    )

    def __init__(self, data: Any = None, *, departments: Iterable[Department], is_withdrawal: bool = False) -> None:
        there = [(one.pk, one.name) for one in departments]
        super().__init__(data, initial={"department": there[0][0]} if len(there) == 1 else None)
        # One alone need not be chosen; who takes a proposal back answers for none.
        self.is_choice = len(there) > 1
        field = self.fields["department"]
        field.required = not is_withdrawal
        field.choices = [("", gettext("Choose one")), *there] if self.is_choice else there  # type: ignore[attr-defined]
        if not self.is_choice:
            field.widget = forms.HiddenInput()


def _next_month(day: date) -> date:
    """The first day of the month after."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)
