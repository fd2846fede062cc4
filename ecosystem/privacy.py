"""Personal data: each model says which of its fields hold it, why, and for how long.

A test walks all models and fails for a field that nobody has thought about; the privacy page is made of the same
entries, so what residents read is what the code declares.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.conf import settings
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext


class Term(Enum):
    """How long a personal field is kept, counted from the end of the activity or from what is named."""

    PARTICIPATION = "participation"
    SENSITIVE = "sensitive"
    MESSAGE = "message"
    ACCOUNT = "account"
    DUTY = "duty"
    RETIRED = "retired"
    LED = "led"
    OFFER = "offer"
    COUNTED = "counted"
    ANSWER = "answer"
    WORDS = "words"
    TRAIL = "trail"
    CHECKED = "checked"
    UNDO = "undo"
    RECORD = "record"
    CONSENT = "consent"
    REPORT = "report"
    PSEUDONYM = "pseudonym"
    FIGURES = "figures"

    @property
    def words(self) -> Promise:
        """The term as residents read it."""
        return {
            Term.PARTICIPATION: _("three years after the last activity"),
            Term.SENSITIVE: _("30 days after the activity ends"),
            Term.MESSAGE: _("90 days after it was sent"),
            Term.ACCOUNT: _("until you close the account"),
            Term.DUTY: _("while the person does this work"),
            Term.RETIRED: _("until 30 days after the person stops this work"),
            Term.LED: _("three years after the last session they led"),
            Term.OFFER: _("until the registration is decided"),
            Term.COUNTED: _("until it is counted, and 30 days more"),
            Term.ANSWER: _("30 days after the activity ends"),
            Term.WORDS: _("a year after the activity ends; where its audience is sensitive, 60 days"),
            Term.TRAIL: _("three years after it was written"),
            Term.CHECKED: _("ten years after the certificate was issued"),
            Term.UNDO: _while_it_can_be_undone(),
            Term.RECORD: _("as long as the decision of the departments is kept"),
            Term.CONSENT: _("until you stop the news, and a year more, to show that you had agreed"),
            Term.REPORT: _("as long as the report is kept; a sealed one stays as it is"),
            Term.PSEUDONYM: _until_figures_are_folded(),
            Term.FIGURES: _("as a number without a name, as long as the figures are kept"),
        }[self]


def _undo_words() -> str:
    days = settings.MERGE_UNDO_DAYS
    return ngettext("%(n)s day, while it can be undone", "%(n)s days, while it can be undone", days) % {"n": days}


def _folded_words() -> str:
    years = settings.PSEUDONYM_YEARS
    return ngettext(
        "%(n)s year after the year it happened in; then only counts are left",
        "%(n)s years after the year it happened in; then only counts are left",
        years,
    ) % {"n": years}


# Made when it is read, in the reader's language.
_until_figures_are_folded: Any = lazy(_folded_words, str)
_while_it_can_be_undone: Any = lazy(_undo_words, str)


@dataclass(frozen=True)
class Personal:
    """One personal field's entry: what it is, why it is asked, how long it is kept."""

    what: Promise
    why: Promise
    term: Term
