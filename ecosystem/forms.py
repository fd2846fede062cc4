"""Forms of what the departments share."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ecosystem.models import Statement


class StatementForm(forms.Form):
    """A public text in Latvian and English, in simple HTML."""

    title_lv = forms.CharField(label=_("Title in Latvian"), max_length=160)
    body_lv = forms.CharField(label=_("Text in Latvian"), widget=forms.Textarea(attrs={"rows": 18}), max_length=60_000)
    title_en = forms.CharField(label=_("Title in English"), max_length=160)
    body_en = forms.CharField(label=_("Text in English"), widget=forms.Textarea(attrs={"rows": 18}), max_length=60_000)

    @classmethod
    def of(cls, statement: Statement) -> "StatementForm":
        """The form with the present wording."""
        return cls(initial={name: getattr(statement, name) for name in cls.base_fields})
