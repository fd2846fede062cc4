"""What the shared rules need to know beside two activities: the rule set in force, who borders on whom, whom audiences are."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q

from ecosystem.models import Audience, Neighbourhood, RuleSet
from ecosystem.overlap import rules
from ecosystem.overlap.judge import World
from ecosystem.overlap.profile import Group


@dataclass(frozen=True, slots=True)
class Ground:
    """The rules with their neighbours, and the audiences by code."""

    world: World
    groups: dict[str, Group]


def ground(*, on: date, rule_set: rules.RuleSet | None = None, parishes: Collection[str] | None = None) -> Ground:
    """All of it for a day, or for a rule set that one tries; three queries, two where the rules are given.

    Who looks at pairs with something in certain ``parishes`` alone needs to know who borders on those.
    """
    return Ground(World(rule_set or in_force(on=on), neighbours(of=parishes)), groups())


def among(ground: Ground, *, parishes: Collection[str]) -> Ground:
    """The same, with the borders of these parishes."""
    return replace(ground, world=replace(ground.world, neighbours=neighbours(of=parishes)))


def in_force(*, on: date) -> rules.RuleSet:
    """The rules that hold on a day; those the portal came with, where no row says otherwise."""
    row = RuleSet.objects.in_force(on=on).first()
    return as_rules(row) if row is not None else rules.DEFAULTS


def as_rules(row: RuleSet) -> rules.RuleSet:
    """A row as the rules read it; a threshold that is newer than the row stands as the portal came with it."""
    known = {name: value for name, value in row.thresholds.items() if name in rules.THRESHOLDS}
    return rules.RuleSet(version=row.version, in_force_from=row.in_force_from, **known)


def neighbours(*, of: Collection[str] | None = None) -> dict[str, frozenset[str]]:
    """Parishes by those they border on, by code; with ``of`` only the borders of these."""
    near: dict[str, set[str]] = {}
    borders = Neighbourhood.objects.filter(shared_border_m__gte=Neighbourhood.DOUBTFUL_BELOW_M)
    if of is not None:
        borders = borders.filter(Q(parish__in=of) | Q(neighbour__in=of))
    for one, other in borders.order_by().values_list("parish", "neighbour"):
        near.setdefault(one, set()).add(other)
        near.setdefault(other, set()).add(one)
    return {code: frozenset(others) for code, others in near.items()}


def groups() -> dict[str, Group]:
    """Every audience as the rules see it, the retired as well: old activities still say them.

    Texts in languages of their own, not of whoever asks.
    """
    asked = ("code", "part_of", "name_lv", "age_min", "age_max", "dative_lv", "dative_en")
    rows = list(Audience.objects.order_by("pk").values_list(*asked))
    wider = {code: part_of for code, part_of, *_rest in rows}
    return {
        code: Group(
            code=code,
            name=name or "",
            age_min=age_min,
            age_max=age_max,
            part_of=_around(code, wider),
            for_lv=for_lv or "",
            for_en=for_en or "",
        )
        for code, _part_of, name, age_min, age_max, for_lv, for_en in rows
    }


def _around(code: str, wider: dict[str, str | None]) -> tuple[str, ...]:
    """The audiences that one is a part of, the nearest first."""
    found: list[str] = []
    above = wider[code]
    while above is not None and above not in found:
        found.append(above)
        above = wider[above]
    return tuple(found)
