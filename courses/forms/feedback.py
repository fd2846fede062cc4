"""How it was: three marks and a word. Rules are the domain's."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.domain.feedback import QUESTIONS
from courses.domain.refusals import Refusal
from courses.forms.fields import LineField, Typed
from courses.models import Feedback
from courses.models.feedback import HIGHEST, LOWEST

MARKS = [(str(mark), str(mark)) for mark in range(LOWEST, HIGHEST + 1)]


class MarkField(forms.TypedChoiceField):
    """A mark from 1 to 5; what is none is nothing chosen."""

    def __init__(self, *, lowest: Any, highest: Any, **options: Any) -> None:
        # What the two ends of the scale are called.
        self.lowest, self.highest = lowest, highest
        super().__init__(
            choices=MARKS, coerce=int, empty_value=None, required=False, widget=forms.RadioSelect, **options
        )

    def validate(self, value: Any) -> None:
        """Whatever is no mark was not chosen: the domain asks for it."""

    def clean(self, value: Any) -> int | None:
        """The mark, or None."""
        return int(value) if value in dict(MARKS) else None


class AnswerForm(forms.Form):
    """The three scales, and a word that may be left empty."""

    worth = MarkField(label=_("Was it worth the time?"), lowest=_("not worth it"), highest=_("very much worth it"))
    before = MarkField(label=_("How well could you do it before?"), lowest=_("not at all"), highest=_("very well"))
    after = MarkField(label=_("And now?"), lowest=_("not at all"), highest=_("very well"))
    word = LineField(
        label=_("A word or a sentence"),
        help_text=_("What was good, what to do otherwise. Name nobody, and do not say who you are."),
        longest=Feedback.MOST_LETTERS,
        too_long=_("This is too long. Write at most 280 letters."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )
    form_key = Typed(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial={"form_key": uuid4()})

    @property
    def scales(self) -> list[forms.BoundField]:
        """The three questions."""
        return [self[name] for name in QUESTIONS]

    @property
    def marks(self) -> dict[str, int | None]:
        """The three marks as far as they were chosen."""
        return {name: self.cleaned_data.get(name) for name in QUESTIONS}

    @property
    def key(self) -> UUID:
        """The form's key; one made up where a program sends none."""
        try:
            return UUID(self.cleaned_data["form_key"])
        except ValueError:
            return uuid4()

    def refuse(self, refusals: Sequence[Refusal]) -> None:
        """Show what the domain refused beside the field it concerns."""
        for refusal in refusals:
            self.add_error(refusal.code if refusal.code in self.fields else None, str(refusal))


class HideForm(forms.Form):
    """Which word is hidden and why, or shown again."""

    paper = forms.UUIDField()
    reason = LineField(
        label=_("Why"),
        longest=200,
        too_long=_("The reason is too long. Write at most 200 letters."),
        required=False,
    )
