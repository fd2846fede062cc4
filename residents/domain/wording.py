"""The sentence somebody agrees to: what is sent, how often at most, and how to stop it.

It is kept with each consent as it was shown. Whoever changes its words raises ``VERSION``; a form that still shows the
sentence of before is not taken for agreement with the new one, and asks once more.
"""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

VERSION = 1
WEEK = 7


@dataclass(frozen=True)
class Wording:
    """The sentence in one language, and which it is."""

    version: str
    text: str


def current() -> Wording:
    """The sentence as it reads now, in the language in force."""
    days = settings.DIGEST_DAYS
    return Wording(
        version=f"{VERSION}-{days}",
        text=_(
            "I would like news from «%(portal)s» of what is on near me: at most %(often)s; I can stop it at any time by "
            "the link in each message or by telephone."
        )
        % {"portal": settings.PORTAL_NAME, "often": often(days)},
    )


def often(days: int) -> str:
    """ "one message a week", "one message in 10 days"."""
    if days == WEEK:
        return _("one message a week")
    return ngettext("one message in %(n)s day", "one message in %(n)s days", days) % {"n": days}
