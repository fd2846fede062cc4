"""The trail in words: names of things and fields, values as people read them, who did it and why."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from courses.domain.trail import ACTIVITY, EDUCATOR, POST, STATEMENT, Change, Edit
from courses.models import Session
from ecosystem import dates, history
from ecosystem.models import Look

LONGEST = 280
_THINGS = {
    ACTIVITY: gettext_lazy("Activity"),
    POST: gettext_lazy("Post"),
    EDUCATOR: gettext_lazy("Educator"),
    STATEMENT: gettext_lazy("Public text"),
}
_REASONS = {
    history.FILE: gettext_lazy("programme file"),
    history.CLOCK: gettext_lazy("by itself, in due time"),
    history.COMMAND: gettext_lazy("by a command"),
    history.LINK: gettext_lazy("by an educator's link"),
}
# Latvian goes without saying.
LANGUAGES = {
    "lv": "",
    "en": gettext_lazy("in English"),
    "ru": gettext_lazy("in Russian"),
    "uk": gettext_lazy("in Ukrainian"),
}
# Fields by name; a translated one without its language. One that is not here is told by its own name.
FIELDS: dict[str, str | Promise] = {
    "title": gettext_lazy("Title"),
    "summary": gettext_lazy("What will happen"),
    "body": gettext_lazy("Text"),
    "ref": gettext_lazy("Own reference"),
    "lead": gettext_lazy("Department"),
    "department": gettext_lazy("Department"),
    "partners": gettext_lazy("Together with"),
    "parish": gettext_lazy("Parish"),
    "parishes": gettext_lazy("Parishes"),
    "centre": gettext_lazy("Centre"),
    "room": gettext_lazy("Room"),
    "kind": gettext_lazy("Kind"),
    "format": gettext_lazy("Form"),
    "topic": gettext_lazy("Topic"),
    "competences": gettext_lazy("Key competences"),
    "audiences": gettext_lazy("Audiences"),
    "age_min": gettext_lazy("From the age of"),
    "age_max": gettext_lazy("To the age of"),
    "level": gettext_lazy("Level"),
    "language": gettext_lazy("Language of the sessions"),
    "capacity": gettext_lazy("Places"),
    "capacity_reason": gettext_lazy("Why there are more places"),
    "min_participants": gettext_lazy("Least number of participants"),
    "fee_eur": gettext_lazy("Fee, euros"),
    "is_drop_in": gettext_lazy("Just come: no registration is taken"),
    "needs_approval": gettext_lazy("The coordinator approves each registration"),
    "registration_opens_at": gettext_lazy("Registration opens"),
    "registration_closes_at": gettext_lazy("Registration closes"),
    "contact": gettext_lazy("Whom to ring"),
    "educators": gettext_lazy("Educators"),
    "status": gettext_lazy("Status"),
    "cancellation_reason": gettext_lazy("Why it was called off"),
    "cancelled_at": gettext_lazy("Called off"),
    "joined_into": gettext_lazy("Made one with"),
    "head_count": gettext_lazy("Came without registering"),
    "holder": gettext_lazy("Who holds the post"),
    "stands_in": gettext_lazy("Who stands in"),
    "phone": gettext_lazy("Telephone"),
    "email": gettext_lazy("E-mail address"),
    "name": gettext_lazy("Name"),
    "starts_at": gettext_lazy("Begins"),
    "ends_at": gettext_lazy("Ends"),
    "starts_on": gettext_lazy("From"),
    "ends_on": gettext_lazy("Until, that day included"),
}


def thing(name: str) -> str:
    """What kind of thing it is."""
    return str(_THINGS[name])


def who(change: Change) -> str:
    """Whoever did it; nobody where the portal did it itself, or the account is gone."""
    return str(change.by) if change.by else ""


def reason(code: str) -> str:
    """Why: known reasons by name, others in the words of whoever gave them."""
    return str(_REASONS.get(code, code))


def viewer(look: Look) -> str:
    """Who looked."""
    if look.by is not None:
        return str(look.by)
    return _("An educator, by their link") if look.holder.startswith("educator:") else _("An account that is closed")


def detail(look: Look) -> str:
    """What a search was by, or which fields were corrected: never the values."""
    known = {
        "name": _("name"),
        "born": _("birth"),
        "email": _("e-mail"),
        "phone": _("telephone"),
        "given_name": _("given name"),
        "family_name": _("family name"),
        "birth": _("birth"),
        "village": _("village"),
        "guardian_name": _("guardian's name"),
    }
    named = [known.get(part, part) for part in look.detail.split(", ") if part]
    if not named:
        return ""
    return _("by %(what)s") % {"what": ", ".join(named)} if look.kind == Look.Kind.SEARCH else ", ".join(named)


def sentences(change: Change) -> list[str]:
    """What was made and what is gone, in words; fields follow apart."""
    said = []
    new, gone = ([edit for edit in change.edits if edit.what == what] for what in "+-")
    said += [_("Created.") for edit in new if edit.model is not Session]
    said += [_("Deleted.") for edit in gone if edit.model is not Session]
    if added := [edit for edit in new if edit.model is Session]:
        words = ngettext("%(n)s session added: %(days)s.", "%(n)s sessions added: %(days)s.", len(added))
        said.append(words % {"n": len(added), "days": _days(added)})
    if taken := [edit for edit in gone if edit.model is Session]:
        words = ngettext("%(n)s session taken away: %(days)s.", "%(n)s sessions taken away: %(days)s.", len(taken))
        said.append(words % {"n": len(taken), "days": _days(taken)})
    if not said and not any(edit.fields for edit in change.edits):
        said.append(_("Changed."))
    return said


def fields(change: Change) -> Iterator[tuple[str, str, str]]:
    """Field by field: its name, the old and the new value in words; of a session with its day."""
    for edit in change.edits:
        for name, old, new in edit.fields:
            label = field(name)
            if edit.model is Session:
                label = f"{_day(edit.row.starts_at)}: {dates.uncapital(label)}"
            yield label, value(edit, name, old), value(edit, name, new)


def field(name: str) -> str:
    """A field's name; with its language where it has several."""
    plain, _dash, language = name.rpartition("_")
    if language in LANGUAGES and plain in FIELDS:
        return f"{FIELDS[plain]} {LANGUAGES[language]}".strip()
    return str(FIELDS.get(name, name))


def value(edit: Edit, name: str, value: Any) -> str:
    """A value as people read it; an empty one is a dash."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value is None or value in ("", []):
        return "–"
    if isinstance(value, list):
        return ", ".join(value)
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%d.%m.%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, Decimal):
        return f"{value:.2f}".replace(".", "," if dates.is_latvian() else ".")
    choices = dict(getattr(edit.row._meta.get_field(name), "flatchoices", ())) if hasattr(edit.row, name) else {}
    text = str(choices.get(value, value))
    return " ".join(strip_tags(text).split()) if name.startswith("body") else text


def cut(text: str) -> str:
    """As much of a long text as a page shows."""
    return Truncator(text).chars(LONGEST)


def _days(edits: list[Edit]) -> str:
    """The day, or the first and the last of several."""
    days = sorted(edit.row.starts_at for edit in edits)
    return _day(days[0]) if len(days) == 1 else f"{_day(days[0])} – {_day(days[-1])}"


def _day(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%d.%m.%Y %H:%M}"
