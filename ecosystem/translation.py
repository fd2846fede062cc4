"""Which contents of this room are kept in several languages."""

from modeltranslation.translator import TranslationOptions, register

from ecosystem.models import Audience, Competence, Department, Statement, Topic


@register([Topic, Competence])
class NameTranslation(TranslationOptions):
    """A name."""

    fields = ("name",)
    required_languages = ("lv",)


@register(Department)
class DepartmentTranslation(TranslationOptions):
    """A department and its board."""

    fields = ("name", "board")
    required_languages = ("lv",)


@register(Audience)
class AudienceTranslation(TranslationOptions):
    """An audience, also as "for whom"."""

    fields = ("name", "dative")
    required_languages = ("lv",)


@register(Statement)
class StatementTranslation(TranslationOptions):
    """A public text."""

    fields = ("title", "body")
    required_languages = ("lv",)
