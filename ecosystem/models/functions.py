"""Functions of the database that the portal brings along (created by the first migration)."""

from django.db.models import CharField, Func


class Fold(Func):
    """A text in lower case without Latvian diacritics; immutable, so it may stand in indexes and keys."""

    function = "tuvak_fold"
    output_field = CharField()


class SortKey(Func):
    """A key in the order of the Latvian alphabet, compared byte by byte."""

    function = "tuvak_sort_key"
    template = '%(function)s(%(expressions)s) COLLATE "C"'
    output_field = CharField()
