"""The sheet that goes round the table: who is on the list of a session, and where they sign."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from courses.documents.press import print_paper
from courses.domain.lettering import hyphenated

BLANK_ROWS = 5


def print_sign_in(*, title: str, family: str, when: str, where: str, names: Sequence[tuple[str, str]]) -> bytes:
    """A sheet with these names (family, given) and a few empty rows; raises ``press.Busy``."""
    rows = [*names, *[("", "")] * BLANK_ROWS]
    data = {
        "family": family,
        "heading": hyphenated(title),
        "when": when,
        "where": where,
        "heads": [_("No."), _("Name"), _("Signature")],
        "rows": [{"family": family_name, "given": given} for family_name, given in rows],
        "running": f"{title} · {when}",
        "signs": [_("Who led the session"), _("Coordinator")],
    }
    return print_paper("sign_in", data, title=_("Sign-in sheet: %(title)s, %(when)s") % {"title": title, "when": when})
