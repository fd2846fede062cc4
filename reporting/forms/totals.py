"""What is typed in at the desk for the figures. Rules are the domain's; here it only becomes values and keeps what was typed."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.forms.fields import Typed
from courses.forms.parts import Refusable, TextField, date_field
from ecosystem.domain import dated_limits
from ecosystem.domain.dated_limits import Kind, Value
from ecosystem.models import Limit
from ecosystem.text import clean
from reporting.domain import totals
from reporting.models import TotalCode


class NumberBox(Typed):
    """A number as it was typed; whether it is one, the domain says."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "maxlength": "8", "autocomplete": "off"})


class TotalsForm(Refusable):
    """All totals of an activity, a box each, with what they showed when the page was made."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput())

    def __init__(self, data: Any = None, *, standing: Mapping[str, int | None]) -> None:
        shown = {code: "" if count is None else str(count) for code, count in standing.items()}
        super().__init__(data, initial={**shown, "seen": written(standing)})
        for code in TotalCode:
            self.fields[code.value] = NumberBox(label=code.label, required=False)

    @property
    def typed(self) -> dict[str, str]:
        """What stands in the boxes that were sent."""
        return {code: self.cleaned_data[code] for code in TotalCode.values if code in self.data}

    def groups(self) -> list[tuple[str, Any, list[forms.BoundField]]]:
        """The boxes under their headings."""
        return [(name, title, [self[code.value] for code in codes]) for name, title, codes in totals.GROUPS]

    def show_anew(self, standing: Mapping[str, int | None]) -> None:
        """The page now shows what others have entered: saved again, what is typed here holds."""
        self.data = {**dict(self.data.items()), "seen": written(standing)}


def written(standing: Mapping[str, int | None]) -> str:
    """What a page showed, for its form to carry."""
    return ",".join(f"{code}:{'' if count is None else count}" for code, count in standing.items())


def read(seen: str) -> dict[str, int | None]:
    """What the page showed; what is not to be understood showed nothing."""
    found: dict[str, int | None] = {}
    for part in seen[:1000].split(","):
        code, _colon, number = part.partition(":")
        if code in TotalCode.values:
            found[code] = int(number) if number.isascii() and number.isdecimal() and len(number) < 9 else None
    return found


class LimitField(NumberBox):
    """A number where it is one, otherwise the text, of which the domain says what is wrong."""

    def clean(self, value: Any) -> int | str | None:
        """The number, what stands instead of one, or None for an empty box."""
        typed = clean(str(value or ""))
        if not typed:
            return None
        return int(typed) if re.fullmatch("[0-9]{1,6}", typed) else typed


class LimitForm(Refusable):
    """Another value of a limit, from a day on, and why."""

    lower = LimitField(label=_("New value"), required=False)
    upper = LimitField(label=_("To which age"), required=False)
    in_force_from = date_field(label=_("From which day it holds"))
    why = TextField(
        label=_("Why"),
        most=Limit.LONGEST_WHY,
        required=False,
        help_text=_("For instance, the law or the decision, with its date."),
    )

    def __init__(self, data: Any = None, *, kind: Kind, holding: Value) -> None:
        super().__init__(data, initial={"lower": holding.lower, "upper": holding.upper})
        self.fields["in_force_from"].required = False
        self.fields["in_force_from"].help_text = _("Tomorrow or later: what is past keeps its rule.")
        if kind.is_interval:
            self.fields["lower"].label = _("From which age")
        else:
            del self.fields["upper"]
            self.fields["lower"].label = {
                dated_limits.Unit.PERCENT: _("New value, per cent"),
                dated_limits.Unit.DAYS: _("New value, days"),
                dated_limits.Unit.MONTHS: _("New value, months"),
                dated_limits.Unit.PEOPLE: _("New value, people"),
            }.get(kind.unit, _("From which age"))


class ConfirmForm(Refusable):
    """The day from which a value really holds, and where that was read."""

    in_force_from = date_field(label=_("The day it came into force"))
    why = TextField(
        label=_("Where it was read"),
        most=Limit.LONGEST_WHY,
        required=False,
        help_text=_("For instance, the law or the decision, with its date."),
    )

    def __init__(self, data: Any = None, *, row: Limit) -> None:
        super().__init__(data, initial={"in_force_from": row.in_force_from}, auto_id="confirm_%s")
        self.fields["in_force_from"].required = False
