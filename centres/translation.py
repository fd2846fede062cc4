"""Which contents of this room are kept in several languages."""

from modeltranslation.translator import TranslationOptions, register

from centres.models import Centre


@register(Centre)
class CentreTranslation(TranslationOptions):
    """A centre's name, and what is worth knowing about getting in."""

    fields = ("name", "access_note", "opening_hours")
    required_languages = ("lv",)
