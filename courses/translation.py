"""Which contents of this room are kept in several languages."""

from modeltranslation.translator import TranslationOptions, register

from courses.models import Activity


@register(Activity)
class ActivityTranslation(TranslationOptions):
    """An activity's title and its two sentences."""

    fields = ("title", "summary")
    required_languages = ("lv",)
