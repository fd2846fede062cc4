"""When an activity meets, as a planner types it: a series by rule, one session, a copy. Rules are the domain's."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from centres.models import Room
from coordinators.models import Educator
from courses.domain import programme, series
from courses.forms.parts import Refusable, TextField, date_field, number_field, time_field
from courses.models import Activity, Session
from ecosystem import dates


class SeriesForm(Refusable):
    """When: a first date, from and to, weekdays, every so many weeks, so many times or until a day."""

    first = date_field(label=_("First day"))
    starts = time_field(label=_("From"))
    ends = time_field(label=_("Till"))
    weekdays = forms.MultipleChoiceField(
        label=_("Weekdays"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Empty: on the weekday of the first day."),
    )
    every = forms.ChoiceField(label=_("How often"), required=False)
    count = number_field(label=_("How many times"), digits=3, help_text=_("Once is enough: write 1."))
    until = date_field(label=_("Or until"), required=False)
    room = forms.ChoiceField(label=_("Room"), required=False)

    renamed = {"sessions": "first", "first_on": "first", "educators": "first"}

    def __init__(
        self,
        data: Any = None,
        *,
        rooms: Iterable[Room],
        grouped: bool = False,
        optional: bool = False,
        initial: dict[str, Any] | None = None,
        now: datetime | None = None,
    ) -> None:
        """``initial`` is what is suggested: left as it is, without a first day, it says nothing about when."""
        super().__init__(data, prefix="when", initial=initial)
        self.now = now
        self.rooms = {str(room.pk): room for room in rooms}
        self.fields["weekdays"].choices = [  # type: ignore[attr-defined]
            (str(place), dates.capital(dates.word("every_day", place))) for place in range(7)
        ]
        self.fields["every"].choices = [  # type: ignore[attr-defined]
            ("1", gettext("every week")),
            ("2", gettext("every second week")),
            ("3", gettext("every third week")),
            ("4", gettext("every fourth week")),
        ]
        labels = ((pk, f"{room.centre.name}, {room.name}" if grouped else room.name) for pk, room in self.rooms.items())
        self.fields["room"].choices = [("", gettext("No room chosen")), *labels]  # type: ignore[attr-defined]
        if optional:
            self.empty_permitted = all(self._says_nothing(name) for name in ("first", "starts", "ends"))
            self.use_required_attribute = False
        self.series: series.Series | None = None

    def _says_nothing(self, name: str) -> bool:
        typed = str(self.data.get(self.add_prefix(name), "")).strip()
        suggested = self.initial.get(name)
        return not typed or (suggested is not None and typed == f"{suggested:%H:%M}")

    @property
    def is_empty(self) -> bool:
        """Nothing was said about when."""
        return bool(self.empty_permitted)

    def full_clean(self) -> None:
        """Nothing said is nothing wrong."""
        if self.is_bound and self.empty_permitted:
            self._errors = ErrorDict()
            self.cleaned_data = {}
            return
        super().full_clean()

    def clean(self) -> dict[str, Any]:
        """The rule makes real sessions, or says by which field it does not."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            rule = series.Rule(
                first=cleaned["first"],
                starts=cleaned["starts"],
                ends=cleaned["ends"],
                weekdays=[int(day) for day in cleaned["weekdays"]],
                every=int(cleaned["every"] or 1),
                count=cleaned["count"],
                until=cleaned["until"],
            )
            try:
                self.series = series.expand(rule, now=self.now)
            except ValidationError as error:
                self.refuse(error)
        return cleaned

    def meetings(self) -> list[programme.SessionSpec]:
        """The sessions, as the domain takes them."""
        if self.series is None:
            return []
        room = self.rooms.get(self.cleaned_data["room"])
        return [programme.SessionSpec(starts_at=start, ends_at=end, room=room) for start, end in self.series.meetings]


class SessionForm(Refusable):
    """One session: its day, hours and room."""

    day = date_field(label=_("Day"))
    starts = time_field(label=_("From"))
    ends = time_field(label=_("Till"))
    room = forms.ChoiceField(label=_("Room"), required=False)

    renamed = {"sessions": "day", "educators": "day"}

    def __init__(
        self,
        data: Any = None,
        *,
        rooms: Iterable[Room],
        prefix: str = "session",
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, prefix=prefix, initial=initial)
        self.rooms = {str(room.pk): room for room in rooms}
        choices = [("", gettext("No room chosen")), *((pk, room.name) for pk, room in self.rooms.items())]
        self.fields["room"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A time that the clocks here show."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                self.starts_at = series.on_the_wall(cleaned["day"], cleaned["starts"])
                self.ends_at = series.on_the_wall(cleaned["day"], cleaned["ends"])
            except ValidationError as error:
                self.refuse(error)
            if not self.errors and self.ends_at <= self.starts_at:
                self.add_error("ends", gettext("The session would end before it starts."))
        return cleaned

    @property
    def chosen_room(self) -> Room | None:
        """The room, if one was chosen."""
        return self.rooms.get(self.cleaned_data["room"])


class LeaderForm(Refusable):
    """Who leads one session instead."""

    led_by = forms.ChoiceField(label=_("Who leads this session"), required=False)

    def __init__(
        self, data: Any = None, *, educators: Iterable[Educator], regular: Iterable[Educator] = (), chosen: str = ""
    ) -> None:
        super().__init__(data, initial={"led_by": chosen})
        self.educators = {str(each.pk): each for each in educators}
        groups: dict[str, list[tuple[str, str]]] = {}
        for pk, each in self.educators.items():
            groups.setdefault(str(each.department.name), []).append((pk, each.name))
        names = ", ".join(each.name for each in regular) or gettext("nobody yet")
        usual = gettext("As the whole activity: %(names)s") % {"names": names}
        self.fields["led_by"].choices = [("", usual), *groups.items()]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> Educator | None:
        """Who stands in, if anybody does."""
        return self.educators.get(self.cleaned_data["led_by"])


class ReasonForm(Refusable):
    """Why a session is called off."""

    reason = TextField(
        label=_("Reason"),
        most=200,
        error_messages={"required": _("Say why: people will read it.")},
        help_text=_("People read it. Nobody's health, please."),
    )


class CopyForm(Refusable):
    """When the copy begins."""

    first_on = date_field(
        label=_("First day of the copy"),
        help_text=_("The weekdays stay: the copy begins on this day or on the next with the weekday of the original."),
    )


def session_initial(starts_at: datetime, ends_at: datetime, room: Room | None) -> dict[str, date | time | str]:
    """What the form of one session shows."""
    start, end = timezone.localtime(starts_at), timezone.localtime(ends_at)
    return {"day": start.date(), "starts": start.time(), "ends": end.time(), "room": str(room.pk) if room else ""}


def leader_form(activity: Activity, session: Session, data: Any = None) -> LeaderForm:
    """Who may lead this one session, of the department that leads the activity first."""
    offered = programme.educators(first=[activity.lead_id], activity=activity)
    chosen = str(session.led_by_id or "")
    return LeaderForm(data, educators=offered, regular=activity.educators.order_by("name", "pk"), chosen=chosen)
