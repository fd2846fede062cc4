"""Which season is copied, and to when: an address, so it can be looked at as often as one likes."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.domain import programme
from courses.forms.parts import Refusable, date_field


class SeasonForm(Refusable):
    """The season: from and to, whose, where, what about; and the day on which its copy begins."""

    no = date_field(label=_("First sessions from"))
    lidz = date_field(label=_("First sessions until"))
    nodala = forms.MultipleChoiceField(label=_("Department"), required=False, widget=forms.CheckboxSelectMultiple)
    pagasts = forms.MultipleChoiceField(label=_("Parish"), required=False, widget=forms.CheckboxSelectMultiple)
    centrs = forms.ChoiceField(label=_("Centre"), required=False)
    tema = forms.ChoiceField(label=_("Topic"), required=False)
    sakums = date_field(
        label=_("The new season begins"),
        help_text=_("Whole weeks are added: the earliest begins on this day or on the next with its weekday."),
    )

    renamed = {"first_day": "no", "last_day": "lidz", "first_on": "sakums"}

    def __init__(self, data: Any = None, *, offer: programme.Offer) -> None:
        super().__init__(data)
        self.fields["nodala"].choices = [(one.pk, str(one.name)) for one in offer.departments]  # type: ignore[attr-defined]
        self.fields["pagasts"].choices = [(one.slug, str(one.name)) for one in offer.parishes]  # type: ignore[attr-defined]
        self.fields["centrs"].choices = [  # type: ignore[attr-defined]
            ("", gettext("All")),
            *((str(centre.pk), f"{centre.parish.name}: {centre.name}") for centre in offer.centres),
        ]
        self.fields["tema"].choices = [("", gettext("All")), *((one.pk, str(one.name)) for one in offer.topics)]  # type: ignore[attr-defined]
        for name in ("nodala", "pagasts"):
            # Of one there is nothing to choose.
            if len(self.fields[name].choices) < 2:  # type: ignore[attr-defined]
                del self.fields[name]
        self._parishes = {one.slug: one.pk for one in offer.parishes}

    def season(self) -> programme.Season:
        """What was chosen, as the domain takes it."""
        cleaned = self.cleaned_data
        return programme.Season(
            first_day=cleaned["no"],
            last_day=cleaned["lidz"],
            departments=cleaned.get("nodala", []),
            parishes=[self._parishes[slug] for slug in cleaned.get("pagasts", [])],
            centres=[int(cleaned["centrs"])] if cleaned["centrs"] else [],
            topics=[cleaned["tema"]] if cleaned["tema"] else [],
        )


def chosen_keys(texts: list[str]) -> list[int]:
    """The numbers of the activities that were ticked; anything else is left out."""
    return [int(text) for text in texts if text.isascii() and text.isdecimal() and len(text) < 16]
