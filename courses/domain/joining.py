"""A group that is too small: with which other group it could be held, the nearest first.

The other is of the same topic and language and shares an audience. It goes one of two ways, or both:

- these people go there, where there are places enough for all of them, nobody queues, and everyone is of the age;
- the others, too few as well, come here, where the same holds of them.

Nobody is moved: the people are written to with the other group, and choose.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.domain import admission, catalogue, letters
from courses.domain.catalogue import index
from courses.enums import PLACE_STATES, ActivityStatus
from courses.models import Activity, Registration
from ecosystem import dates
from ecosystem.geo import distance_km
from ecosystem.models import Audience
from residents.models import Resident

# How many of the nearest alike are looked at.
LOOKED_AT = 40


@dataclass(frozen=True)
class Option:
    """Another group, how far it is, and which way it goes."""

    activity: Activity
    # None for what is online.
    km: float | None
    # All of these may go there; all of those may come here.
    there: bool
    here: bool
    # How many people there are in the other group.
    others: int


def options(*, activity: Activity, now: datetime, limit: int = 5) -> list[Option]:
    """With which other groups this one could be held, the nearest first; six queries at most."""
    snapshot = index.current(now=now)
    codes = [audience.pk for audience in activity.audiences.all()]
    ids = catalogue.similar_ids(snapshot, activity, audiences=codes, limit=LOOKED_AT, with_places=False)
    alike = [one for one in catalogue.fetch(ids) if one.language == activity.language and _is_open(one, now)]
    if not alike:
        return []
    people = _people([activity.pk, *(one.pk for one in alike if _is_small(one, now))])
    mine = people.get(activity.pk, [])
    found = []
    for other in alike:
        theirs = people.get(other.pk, [])
        there = activity.taken > 0 and (other.is_drop_in or _fit(other, activity.taken, mine))
        here = _is_small(other, now) and _begins_later(activity, now) and _fit(activity, other.taken, theirs)
        if there or here:
            km = None if other.format == "online" else distance_km(activity.point, other.point)
            found.append(Option(activity=other, km=km, there=there, here=here, others=other.taken))
    return found[:limit]


def suggestion(*, activity: Activity, other: Activity, now: datetime) -> tuple[str, str]:
    """A subject and a text for the people of an activity, about another group; to be read and changed before it leaves.

    In the municipality's language, since people of one list read one text. An audience that is sensitive is not told by
    a title.
    """
    with translation.override(settings.LANGUAGE_CODE):
        plain = Audience.objects.filter(is_sensitive=True, activities__in=[activity.pk, other.pk]).exists()
        facts = letters.Facts.of(other.pk, now=now)
        lines = []
        if activity.min_participants and activity.taken < activity.min_participants:
            lines.append(_too_few(activity, plain=plain))
        lines.append(_("There is a similar group with places for you: %(group)s.") % {"group": _group(facts, plain)})
        if not plain:
            lines.append(letters.absolute("courses:activity", str(other.pk), other.slug))
        lines.append(
            _("If it suits you, register there, or ring %(phone)s and we will do it for you.")
            % {"phone": admission.telephone(facts.activity)}
        )
        return _("A similar group nearby"), "\n".join(lines)


def _too_few(activity: Activity, *, plain: bool) -> str:
    few = ngettext("%(n)s person has registered", "%(n)s people have registered", activity.taken)
    words = {"few": few % {"n": activity.taken}, "need": activity.min_participants, "title": activity.title}
    if plain:
        return _("So far %(few)s, and %(need)s are needed, so your group may not be held.") % words
    return _("So far %(few)s for «%(title)s», and %(need)s are needed, so it may not be held.") % words


def _group(facts: letters.Facts, plain: bool) -> str:
    first = facts.sessions[:1]
    said = [] if plain else [f"«{facts.activity.title}»"]
    said.append(facts.where())
    said += [
        f"{dates.uncapital(dates.on_day(dates.local_day(one.starts_at)))}, {dates.hours(one.starts_at, one.ends_at)}"
        for one in first
    ]
    return ", ".join(said)


def _is_open(other: Activity, now: datetime) -> bool:
    """Whether one can still register there."""
    opens, closes = other.registration_opens_at, other.closes_at()
    return (
        other.status == ActivityStatus.PUBLISHED
        and (opens is None or opens <= now)
        and (closes is None or closes > now)
    )


def _is_small(other: Activity, now: datetime) -> bool:
    """Whether the other group has not enough people either, and has not begun."""
    return 0 < other.taken < (other.min_participants or 0) and _begins_later(other, now)


def _begins_later(activity: Activity, now: datetime) -> bool:
    return activity.starts_at is not None and activity.starts_at > now


def _people(activities: Sequence[int]) -> dict[int, list[Resident]]:
    """Who has a place in each; unnamed places are nobody of a known age."""
    found: dict[int, list[Resident]] = {}
    rows = Registration.objects.filter(activity__in=activities, state__in=PLACE_STATES, resident__isnull=False)
    for row in rows.select_related("resident").order_by("pk"):
        if row.resident is not None:
            found.setdefault(row.activity_id, []).append(row.resident)
    return found


def _fit(activity: Activity, number: int, people: Sequence[Resident]) -> bool:
    """Whether so many more have a place in it at once, and these people are of its age."""
    left = activity.places_left
    return (left is None or number <= left) and all(_is_of_age(activity, person) for person in people)


def _is_of_age(activity: Activity, person: Resident) -> bool:
    """As on the form: by the day of the first session, and with a year of birth alone by the kinder reading."""
    day = activity.first_day()
    ages = [person.age(on=day), person.age(on=day, youngest=True)] if day else []
    known = [age for age in ages if age is not None]
    if not known:
        return True
    low, high = activity.age_min, activity.age_max
    return any((low is None or age >= low) and (high is None or age <= high) for age in known)
