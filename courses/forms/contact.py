"""How to reach them: an e-mail address or a telephone, one is enough."""

from typing import Any

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from courses.domain.admission import Contact
from courses.forms.fields import EmailField, NameField, PhoneField
from ecosystem.phones import spaced


class FindForm(forms.Form):
    """A contact, to have the lost link sent again."""

    contact_email = EmailField(label=_("E-mail address"), required=False)
    contact_phone = PhoneField(label=_("Telephone"), required=False)

    def clean(self) -> dict[str, Any]:
        """One of the two is enough, and needed."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not cleaned.get("contact_email") and not cleaned.get("contact_phone"):
            self.add_error("contact_email", gettext("Type an e-mail address or a telephone number. One is enough."))
        return cleaned

    def contact(self) -> Contact:
        """As the domain takes it."""
        return Contact(
            email=self.cleaned_data["contact_email"],
            phone=self.cleaned_data["contact_phone"],
            language=get_language() or "lv",
            guardian_name=self.cleaned_data.get("guardian_name", ""),
        )


class ContactForm(FindForm):
    """The contact of a registration: whom we write to, and who answers for a child."""

    guardian_name = NameField(
        label=_("Parent's or guardian's name"),
        missing=_("Type the given name and the family name."),
        longest=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    all_or_none = forms.BooleanField(label=_("All of us or none"), required=False)

    @property
    def is_refused(self) -> bool:
        """Whether the guardian's name is what is missing."""
        return self.is_bound and "guardian_name" in self.errors

    @property
    def phone_words(self) -> str:
        """The telephone in groups, as people read it aloud."""
        return spaced(self.cleaned_data["contact_phone"])
