"""The sheet that goes round the table: who is on the list of a session, and where they sign."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from courses.documents.press import print_paper
from courses.domain.lettering import hyphenated

# A sheet holds so many rows with the signatures beneath; on a full one a few empty rows follow on the next.
SHEET_ROWS = 15
LEAST_BLANK, MORE_BLANK = 2, 5


def print_sign_in(*, title: str, family: str, when: str, where: str, names: Sequence[tuple[str, str]]) -> bytes:
    """A sheet with these names (family, given) and a few empty rows; raises ``press.Busy``."""
    blank = SHEET_ROWS - len(names)
    rows = [*names, *[("", "")] * (blank if blank >= LEAST_BLANK else MORE_BLANK)]
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
