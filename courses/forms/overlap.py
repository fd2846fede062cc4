"""What is written and chosen about an overlap."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.forms.parts import Refusable, TextField
from courses.models import Activity, JointOffer, OverlapDecision, OverlapNote


class NoteForm(Refusable):
    """A note in the thread; the hidden key makes a double click one note."""

    text = TextField(
        label=_("Write to the other department"), several_lines=True, most=OverlapNote.LONGEST, required=False
    )
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("key", uuid4())


class AheadForm(Refusable):
    """Why it goes ahead."""

    words = TextField(
        label=_("Go ahead, because …"),
        several_lines=True,
        most=OverlapDecision.LONGEST,
        required=False,
        help_text=_("The other department reads it and may answer. It is kept with your name."),
    )


class JointForm(Refusable):
    """Which of the two stays, for whose audiences, and a word with the offer."""

    keeps = forms.TypedChoiceField(
        label=_("Whose sessions and places stay"),
        widget=forms.RadioSelect,
        coerce=int,
        error_messages={"required": _("Choose which of the two stays."), "invalid_choice": _("Choose one of the two.")},
    )
    unites = forms.BooleanField(label=_("For the audiences and ages of both"), required=False)
    note = TextField(
        label=_("In your words"),
        most=JointOffer.LONGEST_NOTE,
        required=False,
        help_text=_("The other department reads it with the offer."),
    )

    def __init__(self, *args: Any, activities: Sequence[Activity], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["keeps"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101  (as declared above)
        field.choices = [(one.pk, f"{one.title} ({one.lead.name})") for one in activities]


class DaysForm(Refusable):
    """So many days on or back."""

    days = forms.IntegerField(min_value=-400, max_value=400, widget=forms.HiddenInput)


class AudienceForm(Refusable):
    """One of the audiences proposed."""

    audience = forms.CharField(max_length=40, widget=forms.HiddenInput)
