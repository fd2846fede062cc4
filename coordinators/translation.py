"""Which contents of this room are kept in several languages."""

from modeltranslation.translator import TranslationOptions, register

from coordinators.models import Objective, Practice, Project


@register(Project)
class ProjectTranslation(TranslationOptions):
    """A project's name."""

    fields = ("name",)
    required_languages = ("lv",)


@register(Objective)
class ObjectiveTranslation(TranslationOptions):
    """What was promised, and where it stands."""

    fields = ("text", "status")
    required_languages = {"lv": ("text",)}


@register(Practice)
class PracticeTranslation(TranslationOptions):
    """A practice's name and description."""

    fields = ("name", "description")
    required_languages = {"lv": ("name",)}
