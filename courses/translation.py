"""Which contents of this room are kept in several languages."""

from modeltranslation.translator import TranslationOptions, register

from courses.models import Activity, Invitation


@register(Activity)
class ActivityTranslation(TranslationOptions):
    """An activity's title and its two sentences."""

    fields = ("title", "summary")
    required_languages = ("lv",)


@register(Invitation)
class InvitationTranslation(TranslationOptions):
    """A coordinator's sentence in the news."""

    fields = ("sentence",)
