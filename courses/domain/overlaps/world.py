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
    """Every audience as the rules see it, the retired as well: old activities still say them."""
    rows = {row.pk: row for row in Audience.objects.order_by("pk")}
    return {code: _group(row, rows) for code, row in rows.items()}


def _group(row: Audience, rows: dict[str, Audience]) -> Group:
    around, above = [], row.part_of_id
    while above is not None and above not in around:
        around.append(above)
        above = rows[above].part_of_id
    return Group(
        code=row.pk,
        name=_said(row, "name_lv"),
        age_min=row.age_min,
        age_max=row.age_max,
        part_of=tuple(around),
        for_lv=_said(row, "dative_lv"),
        for_en=_said(row, "dative_en"),
    )


def _said(row: Audience, column: str) -> str:
    """A text in a language of its own, not of whoever asks."""
    return getattr(row, column) or ""
