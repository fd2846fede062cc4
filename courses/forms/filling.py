"""What a coordinator types while filling an activity: decisions, people who rang, messages, calling off."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.domain import bulletins
from courses.domain.refusals import Refusal
from courses.enums import Channel
from courses.forms.contact import ContactForm
from courses.forms.fields import LineField, NumberField, Typed, has_control_characters
from courses.forms.person import Homes, PersonForm
from courses.models import Session
from ecosystem.text import clean

MOST_NEW = 10


def reason_field(**options: Any) -> LineField:
    """Why, in one line; whether it is needed the domain says."""
    return LineField(
        label=_("Why"),
        longest=200,
        too_long=_("The reason is too long. Write at most 200 letters."),
        required=False,
        **options,
    )


class DecisionForm(forms.Form):
    """One decision about the list or somebody on it."""

    action = forms.ChoiceField(
        choices=[
            (name, name)
            for name in ("approve", "accept", "attends", "place", "cancel", "cancel_party", "move", "raise")
        ]
    )
    registration = forms.IntegerField(required=False, min_value=1, max_value=2**31)
    reason = reason_field()
    capacity = NumberField(digits=5, wrong=_("Write how many places there are now, in numbers."))
    add_places = forms.BooleanField(required=False)


class HeardPersonForm(PersonForm):
    """Somebody who rang: a name suffices; the village and the birth where they say them."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, homes: Homes, today: date, number: int) -> None:
        super().__init__(data, initial={}, homes=homes, today=today, number=number)
        self.fields["family_name"].required = False
        # The browser would fill in its owner, who is the coordinator.
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"

    def clean_village(self) -> str:
        """As in the public form, but it may be left open."""
        return super().clean_village() if clean(str(self.cleaned_data["village"])) else ""

    def clean(self) -> dict[str, Any]:
        """The birth may be left open whole."""
        if any(self.cleaned_data.get(name) is not None or name in self.errors for name in self.birth_fields):
            return super().clean()
        return self.cleaned_data

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed for this person."""
        return not any(clean(str(self.data.get(self.add_prefix(name), ""))) for name in self.fields if name != "sex")


class AssistedForm(ContactForm):
    """The contact and how they asked; ``people`` are the forms of those who are new."""

    all_or_none = forms.BooleanField(label=_("All of them or none"), required=False)
    channel = forms.ChoiceField(
        label=_("How they asked"),
        choices=[(Channel.PHONE, _("By telephone")), (Channel.DESK, _("At the desk"))],
        initial=Channel.PHONE,
        widget=forms.RadioSelect,
    )
    waived_because = reason_field()
    form_key = forms.UUIDField(widget=forms.HiddenInput)
    # How many places the page said were left: whoever was faster is told of.
    seen_left = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial={"form_key": uuid4(), **(initial or {})})
        for name in ("contact_email", "contact_phone"):
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def clean(self) -> dict[str, Any]:
        """A contact is not needed: they are rung, or come by."""
        return self.cleaned_data


class GroupForm(forms.Form):
    """Places without names for a group."""

    name = LineField(
        label=_("What the group is called"),
        longest=120,
        too_long=_("This is too long for a name. Write it shorter, at most %(count)s letters."),
        required=False,
    )
    count = NumberField(label=_("How many places"), digits=3, wrong=_("Write how many places, from 1 to 100."))
    contact_email = ContactForm.base_fields["contact_email"]
    contact_phone = ContactForm.base_fields["contact_phone"]
    form_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, prefix="group", initial={"form_key": uuid4()})


def uuids(values: Sequence[str]) -> list[UUID]:
    """Those of the texts that are keys, each once."""
    found: dict[UUID, None] = {}
    for value in values[:100]:
        try:
            found[UUID(value)] = None
        except ValueError:
            continue
    return list(found)


class Plaintext(Typed):
    """Some lines of text."""

    widget = forms.Textarea

    def clean(self, value: Any) -> str:
        """The text; refused with characters that nobody types."""
        text = str(value or "")
        if has_control_characters(text):
            raise ValidationError(
                gettext("There was a character here that cannot be written. We took it out: please check."),
                code="control",
            )
        return text


class BulletinForm(forms.Form):
    """A message to a group."""

    group = forms.ChoiceField(
        label=_("To whom"),
        error_messages={"required": _("Choose whom to write to."), "invalid_choice": _("Choose whom to write to.")},
    )
    subject = LineField(
        label=_("Subject"),
        longest=bulletins.LONGEST_SUBJECT,
        too_long=_("The subject is too long. Write at most 120 letters."),
        required=False,
    )
    text = Plaintext(label=_("Text"), required=False, widget=forms.Textarea(attrs={"rows": 7}))
    form_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        groups: Sequence[tuple[str, str]],
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial={"form_key": uuid4(), "group": "everyone", **(initial or {})})
        chosen = self.fields["group"]
        assert isinstance(chosen, forms.ChoiceField)  # noqa: S101 (declared above)
        chosen.choices = groups

    def refuse(self, refusals: Sequence[Refusal]) -> None:
        """Show what the domain refused beside the field it concerns."""
        for refusal in refusals:
            self.add_error(refusal.code if refusal.code in self.fields else None, str(refusal))


class CallOffForm(forms.Form):
    """The whole activity or one session, and why."""

    WHOLE = "activity"

    what = forms.ChoiceField(
        label=_("What will not take place"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what will not take place."),
            "invalid_choice": _("Choose what will not take place."),
        },
    )
    reason = LineField(
        label=_("Why"),
        longest=200,
        too_long=_("The reason is too long. Write at most 200 letters."),
        error_messages={"required": _("Write why: everyone who registered reads it.")},
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        sessions: Sequence[tuple[Session, str]],
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.sessions = {str(session.pk): session for session, _words in sessions}
        chosen = self.fields["what"]
        assert isinstance(chosen, forms.ChoiceField)  # noqa: S101 (declared above)
        chosen.choices = [
            (self.WHOLE, _("The whole activity")),
            *((str(session.pk), words) for session, words in sessions),
        ]

    @property
    def session(self) -> Session | None:
        """The session chosen; None is the whole activity."""
        return self.sessions.get(self.cleaned_data["what"])
