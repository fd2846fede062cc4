"""Crowding: an audience in a parish is offered more than its share in a month while another gets nothing.

A finding over all that the departments plan together, not over a pair. An audience's share is its share of the people who
live there (``people.csv`` and the ages), among the audiences that the departments plan for; how many are offered is told per
1 000 people of the audience, so that a large parish is not called crowded for being large.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ecosystem.overlap.people import OLDEST, part_of
from ecosystem.overlap.profile import Group, Profile
from ecosystem.overlap.rules import RuleSet
from ecosystem.overlap.say import month_en, month_lv


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
    # Whom everyone's activities serve is served: only audiences with none of their own and no wider one's are left out.
    served = set(by_group)
    neglected = [
        group
        for code, group in known.items()
        if code not in served
        and not served & set(group.part_of)
        and not any(code in known[one].part_of for one in served if one in known)
    ]
    if not neglected:
        return []
    total = sum(len(refs) for refs in by_group.values())
    people = {
        code: size(known[code]) * parish.population
        for code in {*by_group, *(g.code for g in neglected)}
        if code in known
    }
    everybody = sum(people.values())
    found = []
    for code, refs in sorted(by_group.items()):
        if code not in people or len(refs) < rules.crowding_least or not everybody:
            continue
        share = total * people[code] / everybody
        if len(refs) < rules.crowding_times * share:
            continue
        names = tuple(group.code for group in neglected)
        rate = len(refs) / people[code] * 1000 if people[code] else 0.0
        said = ", ".join(group.name or group.code for group in neglected)
        name = known[code].name or code
        found.append(
            Crowding(
                *(parish.code, code, month, tuple(sorted(refs)), names),
                lv=f"{parish.name}, {month_lv(month)}: mērķgrupai «{name}» ir {len(refs)} aktivitātes ({_number(rate, 'lv')} uz 1000 cilvēkiem), bet nekā nav šīm: {said}.",
                en=f"{parish.name}, {month_en(month)}: “{name}” are offered {len(refs)} activities ({_number(rate, 'en')} per 1 000 people), while there is nothing for: {said}.",
            )
        )
    return found


def size(group: Group) -> float:
    """The part of all people that an audience is, by its ages and its share among them."""
    part = part_of(group)
    low = group.age_min if group.age_min is not None else part.age_from
    high = min(group.age_max if group.age_max is not None else part.age_to, OLDEST)
    return part.share * max(0, high - low + 1) / (OLDEST + 1)


def _number(value: float, language: str) -> str:
    said = f"{value:.1f}"
    return said.replace(".", ",") if language == "lv" else said
