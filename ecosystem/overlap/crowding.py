"""Crowding: an audience in a parish is offered more than its share in a month while another gets nothing.

A finding over all that the departments plan together, not over a pair. An audience's share is its share of the people who
live there (``people.csv`` and the ages), among the audiences that the departments plan for; how many are offered is told per
1 000 people of the audience, so that a large parish is not called crowded for being large. It is crowding only where another
audience, whose share would have been an activity, has nothing: none of its own, of a wider audience's, or of a part's.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ecosystem.overlap.people import OLDEST, part_of
from ecosystem.overlap.profile import Group, Profile
from ecosystem.overlap.rules import RuleSet
from ecosystem.overlap.say import NBSP, count_lv, listed, month_en, month_lv, whom_en, whom_lv

# A share of half an activity and more is due one.
DUE = 0.5


@dataclass(frozen=True, slots=True)
class Parish:
    """A parish as crowding sees it."""

    code: str
    name: str
    population: int


@dataclass(frozen=True, slots=True)
class Crowding:
    """One audience of one parish in one month (``2027-02``): what it is offered, and who gets nothing."""

    parish: str
    audience: str
    month: str
    refs: tuple[str, ...]
    neglected: tuple[str, ...]
    lv: str
    en: str


def find(
    profiles: Iterable[Profile], *, groups: Iterable[Group], parishes: Mapping[str, Parish], rules: RuleSet
) -> list[Crowding]:
    """Where it is crowded, by parish, month and audience. An activity is offered in each month in which it meets."""
    known = {group.code: group for group in groups}
    offered: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for profile in profiles:
        if profile.parish not in parishes or profile.format == "online":
            continue
        for month in {f"{start:%Y-%m}" for start, _end in profile.sessions}:
            for group in profile.groups:
                offered[profile.parish, month][group.code].add(profile.ref)
    found = []
    for (code, month), by_group in sorted(offered.items()):
        found += _of(parishes[code], month, by_group, known, rules)
    return found


def _of(
    parish: Parish, month: str, by_group: Mapping[str, set[str]], known: Mapping[str, Group], rules: RuleSet
) -> list[Crowding]:
    total = sum(len(refs) for refs in by_group.values())
    alone = [group for code, group in known.items() if not _is_served(group, by_group, known)]
    people = {
        code: size(known[code]) * parish.population
        for code in {*by_group, *(group.code for group in alone)}
        if code in known
    }
    everybody = sum(people.values())
    if not everybody:
        return []
    # An audience so small that nothing would be its share is not passed over.
    neglected = [group for group in alone if total * people[group.code] / everybody >= DUE]
    if not neglected:
        return []
    found = []
    for code, refs in sorted(by_group.items()):
        if code not in people or not people[code] or len(refs) < rules.crowding_least:
            continue
        if len(refs) >= rules.crowding_times * total * people[code] / everybody:
            found.append(_told(parish, month, known[code], refs, len(refs) / people[code] * 1000, neglected))
    return found


def _is_served(group: Group, by_group: Mapping[str, set[str]], known: Mapping[str, Group]) -> bool:
    """Whether it is offered something of its own, of a wider audience's (what is for everyone is for it), or of a part's."""
    if group.code in by_group or any(code in by_group for code in group.part_of):
        return True
    return any(group.code in known[code].part_of for code in by_group if code in known)


def _told(
    parish: Parish, month: str, group: Group, refs: set[str], rate: float, neglected: Sequence[Group]
) -> Crowding:
    number = len(refs)
    counted = count_lv(number, "aktivitāte", "aktivitātes", "aktivitāšu")
    nobody = listed([whom_lv(one) for one in neglected], "un")
    lv = (
        f"{parish.name}, {month_lv(month)}: {whom_lv(group)} – {counted} ({_number(rate, 'lv')} uz 1000 cilvēkiem), "
        f"bet {nobody} nekā nav."
    )
    en = (
        f"{parish.name}, {month_en(month)}: {number} activities for {whom_en(group)} "
        f"({_number(rate, 'en')} per 1{NBSP}000 people), but nothing for {listed([whom_en(one) for one in neglected], 'or')}."
    )
    return Crowding(parish.code, group.code, month, tuple(sorted(refs)), tuple(one.code for one in neglected), lv, en)


def size(group: Group) -> float:
    """The part of all people that an audience is, by its ages and its share among them."""
    part = part_of(group)
    low = group.age_min if group.age_min is not None else part.age_from
    high = min(group.age_max if group.age_max is not None else part.age_to, OLDEST)
    return sum(part.at(year) for year in range(low, high + 1)) / (OLDEST + 1)


def _number(value: float, language: str) -> str:
    said = f"{value:.1f}"
    return said.replace(".", ",") if language == "lv" else said
