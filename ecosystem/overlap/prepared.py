"""What the rules ask of a profile again and again, worked out once: days, minutes, people, readings of its words.

A sweep compares each activity with many; what does not depend on the other is kept on the profile itself. The questions
(people, place, time, thing) are asked of two of these.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import islice

from ecosystem.geo import Point
from ecosystem.overlap import besides, keys, level, people, tells
from ecosystem.overlap.lexicon import frame
from ecosystem.overlap.profile import Profile
from ecosystem.overlap.words import Notion, Reading, read, spoken
from ecosystem.text import fold

# A summary's things stand in for a title that names none ("The bridge"): the first, and a few less; the name then tells little.
FROM_SUMMARY, NAME_BESIDE_SUMMARY = (1.0, 0.5, 0.5), 0.3
# So many words of a summary are asked for.
MOST_SAID = 60
_SPACE = re.compile(r"\W+")
_LANGUAGE = re.compile(r"\w+")


# Titles, summaries, the topic, the level.
Written = tuple[tuple[str, ...], tuple[str, ...], str, str]
# Sessions from minute to minute, counted from the first day of the calendar, in order.
Minutes = tuple[tuple[int, int], ...]


class Content:
    """What an activity is about, read. Two that say the same are equal."""

    __slots__ = ("_hash", "is_silent", "key", "keys", "levels", "readings", "said", "titles", "told")

    def __init__(
        self,
        key: Written,
        titles: frozenset[str],
        told: frozenset[str],
        readings: tuple[Reading, ...],
        levels: level.Levels,
        numbers: keys.Keys,
        said: frozenset[str],
        *,
        is_silent: bool,
    ) -> None:
        self.key = key
        self.titles = titles
        self.told = told
        self.readings = readings
        self.levels = levels
        self.keys = numbers
        # The forms of all words, where no title names a known thing and a summary may say in them what the titles do not.
        self.said = said
        # No title names a known thing, but for a figure of speech.
        self.is_silent = is_silent
        self._hash = hash(key)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Content) and self._hash == other._hash and self.key == other.key)


# A sweep goes from place to place: what was read long ago is not asked for again.
@lru_cache(maxsize=8192)
def _content(titles: tuple[str, ...], summaries: tuple[str, ...], topic: str, said_level: str) -> Content:
    """What is written, read."""
    folded = frozenset(_SPACE.sub(" ", fold(title)).strip() for title in titles)
    about = [besides.without(text) for text in summaries]
    things = [notion for text in about for notion in read(text, topic).notions if notion.is_specific]
    said = [read(title, topic) for title in titles]
    silent = not any(title.is_plain for title in said)
    # What titles name may be a figure of speech.
    against = {notion.key for title in said for notion in title.notions if notion.is_specific}
    literal = not any(title.unknown for title in said)
    guesses = tells.guess(titles, about, things, topic, against, literal=literal) if about or not against else []
    figure = bool(guesses) and not silent
    # What is told of comes first, before what is named besides.
    firsts = [Notion(one.key, 1.0, True, one.within) for one in guesses]
    each = [[first, *(thing for thing in things if thing.key != first.key)] for first in firsts] or [things]
    told = frozenset(notion.key for notion in (*firsts, *things))
    readings = tuple(dict.fromkeys(one for title in said for some in each for one in _readings(title, some, figure)))
    levels = level.said(" ; ".join((said_level, *titles)))
    levels = levels or frozenset().union(*(level.said(text) for text in summaries))
    key = (titles, summaries, topic, said_level)
    silent = silent or figure
    heard = frozenset(islice(_said(about), MOST_SAID)) if silent else frozenset()
    numbers = keys.of(folded, readings, told, heard)
    return Content(key, folded, told, readings, levels, numbers, heard, is_silent=silent)


def load() -> None:
    """Read the lists of words now: it takes seconds, and whoever writes the first title would wait for them."""
    _content(("Nezināmākie vārdi",), ("Nedz tie, nedz citādākie.",), "", "")


def _said(about: Iterable[str]) -> Iterator[str]:
    """The forms of the words of summaries, those of the frame left out."""
    return (keys.form(word.root) for text in about for word in spoken(text) if word.root not in frame())


def _readings(title: Reading, told: list[Notion], figure: bool) -> list[Reading]:
    """A title as it is read, and, where it names no known thing or a figure of speech, with what the summary names."""
    if (title.is_plain and not figure) or not told:
        return [title]
    first = {notion.key: notion for notion in reversed(told)}
    named = sorted(first.values(), key=told.index)
    things = tuple(Notion(n.key, weight, True, n.within) for n, weight in zip(named, FROM_SUMMARY, strict=False))
    if title.is_frame:
        return [Reading(things, (things,))]
    names = tuple(Notion(n.key, n.weight * NAME_BESIDE_SUMMARY, n.is_known, n.within) for n in title.notions)
    return [title, Reading((*things, *names), (things,))]


@dataclass(slots=True)
class Prepared:
    """A profile ready to be compared. Days are ordinals, sessions minutes from the first day of the calendar, in order."""

    missing: tuple[str, ...]
    departments: frozenset[str]
    first_day: int
    last_day: int
    minutes: Minutes
    weeks: frozenset[int]
    reach: people.Reach
    languages: frozenset[str]
    travels_less: bool
    parish: str
    point: Point | None
    format: str
    topic: str
    drop_in: bool
    # Titles, summaries, topic and level as they are written.
    written: Written
    _content: Content | None = None

    @property
    def content(self) -> Content:
        """What it is about; its words are read when first asked for."""
        if self._content is None:
            self._content = _content(*self.written)
        return self._content


def of(profile: Profile) -> Prepared:
    """What follows from a profile, worked out when it is first asked and kept on it."""
    known: Prepared | None = profile.known
    return known if known is not None else ready(profile, _minutes(profile))


def ready(profile: Profile, minutes: Minutes, content: Content | None = None) -> Prepared:
    """Make a profile ready, its sessions told in minutes, with what its words were read to be, where that is known."""
    days = [start // 1440 for start, _end in minutes]
    reach = people.reach(profile)
    known = Prepared(
        missing=_missing(profile, reach, minutes),
        departments=profile.departments,
        first_day=days[0] if days else 0,
        last_day=days[-1] if days else -1,
        minutes=minutes,
        weeks=frozenset([(day - 1) // 7 for day in days]),
        reach=reach,
        languages=_languages(profile.language),
        travels_less=people.travel_less(profile),
        parish=profile.parish,
        point=profile.point,
        format=profile.format,
        topic=profile.topic,
        drop_in=profile.drop_in,
        written=content.key if content is not None else written(profile),
        _content=content,
    )
    # The profile stays what it is: this is only what follows from it.
    object.__setattr__(profile, "known", known)
    return known


@lru_cache(maxsize=1024)
def _languages(said: str) -> frozenset[str]:
    return frozenset(_LANGUAGE.findall(said.lower()))


def written(profile: Profile, titles: tuple[str, ...] | None = None) -> Written:
    """Titles, without the name of their own parish, and summaries, whatever their language; the topic and the level.

    ``titles`` are the same, where that was worked out before.
    """
    if titles is None:
        titles = _written(
            [besides.without_place(title, profile.parish_name) for title in profile.titles.values() if title]
        )
    return titles, _written(profile.summaries.values()), profile.topic, profile.level


def _missing(profile: Profile, reach: people.Reach, minutes: Minutes) -> tuple[str, ...]:
    wanting = []
    # Ages that no audience of it has ("children", from 60) are as good as none.
    if not reach.size:
        wanting.append("audiences")
    if not minutes:
        wanting.append("sessions")
    if profile.point is None and not profile.parish and not profile.is_online:
        wanting.append("place")
    if not any(text and _SPACE.sub("", text) for text in profile.titles.values()):
        wanting.append("words")
    return tuple(wanting)


def _written(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({text for text in texts if text and text.strip()}))


def _minutes(profile: Profile) -> Minutes:
    return tuple(sorted((_minute(start), _minute(end)) for start, end in profile.sessions))


def _minute(moment: datetime) -> int:
    return moment.toordinal() * 1440 + moment.hour * 60 + moment.minute
