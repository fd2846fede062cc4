"""The trail in words: names of things and fields, values as people read them, who did it and why."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from coordinators.models import DisseminationEvent, Mobility, Objective, Publication
from courses.domain.trail import ACTIVITY, EDUCATOR, POST, PRACTICE, PROJECT, STATEMENT, Change, Edit
from courses.models import Session
from ecosystem import dates, history
from ecosystem.models import Look

LONGEST = 280
_THINGS = {
    ACTIVITY: gettext_lazy("Activity"),
    POST: gettext_lazy("Post"),
    EDUCATOR: gettext_lazy("Educator"),
    STATEMENT: gettext_lazy("Public text"),
    PROJECT: gettext_lazy("Project"),
    PRACTICE: gettext_lazy("Practice"),
}
_REASONS = {
    history.FILE: gettext_lazy("from a file"),
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
    "code": gettext_lazy("Number"),
    "action": gettext_lazy("What pays"),
    "grant_eur": gettext_lazy("Grant, euros"),
    "spent_eur": gettext_lazy("Spent, euros"),
    "text": gettext_lazy("Objective"),
    "indicator": gettext_lazy("Indicator that measures it"),
    "filters": gettext_lazy("What of it is measured"),
    "target": gettext_lazy("Target"),
    "baseline": gettext_lazy("Before the project"),
    "actual": gettext_lazy("Reached"),
    "state": gettext_lazy("State"),
    "in_grant": gettext_lazy("It stands in the grant"),
    "post": gettext_lazy("Whose post goes"),
    "participants": gettext_lazy("Participants"),
    "host": gettext_lazy("Receiving organisation or giver of the course"),
    "country": gettext_lazy("Country"),
    "green_travel": gettext_lazy("Green travel"),
    "is_blended": gettext_lazy("Has a virtual part"),
    "has_agreement": gettext_lazy("Learning agreement or programme"),
    "has_certificate": gettext_lazy("Certificate or Europass Mobility"),
    "report": gettext_lazy("Participant's report"),
    "brought_home": gettext_lazy("What was brought home"),
    "held_on": gettext_lazy("Day"),
    "published_on": gettext_lazy("Day"),
    "audience": gettext_lazy("Who listened"),
    "attendees": gettext_lazy("How many came"),
    "channel": gettext_lazy("Where"),
    "link": gettext_lazy("Link"),
    "reach": gettext_lazy("Views or readers"),
    "has_emblem": gettext_lazy("The EU emblem is seen"),
    "has_disclaimer": gettext_lazy("The disclaimer is there"),
    "mobility": gettext_lazy("From which mobility"),
    "description": gettext_lazy("How it is done"),
}
# Where the same name means something else.
_ELSEWHERE: dict[tuple[type[Model], str], Promise] = {
    (Objective, "status"): gettext_lazy("Where it stands"),
    (Mobility, "ref"): gettext_lazy("Number in the Beneficiary Module"),
    (DisseminationEvent, "title"): gettext_lazy("What it was"),
    (DisseminationEvent, "level"): gettext_lazy("How far it carried"),
    (Publication, "language"): gettext_lazy("Language"),
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
    said += [_named(edit, _("Created.")) for edit in new if edit.model is not Session]
    said += [_named(edit, _("Deleted.")) for edit in gone if edit.model is not Session]
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
    """Field by field: its name, the old and the new value in words; of a part of the thing with what that is called."""
    for edit in change.edits:
        for name, old, new in edit.fields:
            yield _named(edit, field(name, of=edit.model)), value(edit, name, old), value(edit, name, new)


def field(name: str, *, of: type[Model]) -> str:
    """A field's name; with its language where it has several."""
    plain, _dash, language = name.rpartition("_")
    if language not in LANGUAGES or plain not in FIELDS:
        plain, language = name, ""
    label = _ELSEWHERE.get((of, plain)) or FIELDS.get(plain, plain)
    return f"{label} {LANGUAGES.get(language, '')}".strip()


def _named(edit: Edit, words: str) -> str:
    """The words, after the name of the part of the thing that they are of."""
    part = _part(edit)
    return f"{part}: {dates.uncapital(words)}" if part else words


def _part(edit: Edit) -> str:
    """What a part of a thing is called: a session by its day, an objective by its number; of the thing itself nothing."""
    row = edit.row
    if edit.model is Session:
        return _day(row.starts_at)
    if edit.model is Objective:
        return _("Objective %(number)s") % {"number": row.position}
    if edit.model is Mobility:
        return ", ".join([row.get_kind_display(), dates.period(row.starts_on, row.ends_on)])
    return row.title if edit.model in (DisseminationEvent, Publication) else ""


def value(edit: Edit, name: str, value: Any) -> str:
    """A value as people read it; an empty one is a dash."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value is None or value in ("", [], {}):
        return "–"
    if isinstance(value, list):
        return ", ".join(value)
    if isinstance(value, dict):
        return "; ".join(", ".join(codes) for codes in value.values())
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
