"""Baselines: what there was in a period before, written by hand, since the portal was not there to count it.

Heads of department, project managers and administrators write them; everybody with a post reads. A number is of an indicator,
whole or of one part; letters, two numbers of the same part, a part that the indicator has not: refused, each in words. A baseline
that a report is measured by keeps its days; its numbers may be put right until the report is sealed, which keeps a copy.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from coordinators.domain.access import Reach
from reporting.domain import reports
from reporting.domain.figures import Unit
from reporting.domain.report_figures import Source
from reporting.domain.reports import Refused
from reporting.models import Baseline, BaselineValue

MOST = Decimal(1_000_000_000)
MOST_VALUES = 500
# What may be below zero: a difference of two marks.
SIGNED = frozenset((Unit.SCORE,))


def refuse_others(reach: Reach) -> None:
    """Who makes no reports writes no baselines."""
    if not reports.writes_any(reach):
        raise PermissionDenied(_("Baselines are written by heads of department, project managers and administrators."))


def create(
    *, name: str, first_on: date, last_on: date, source: str, form_key: UUID | None = None, reach: Reach, now: datetime
) -> Baseline:
    """A baseline without numbers; a second press of the same form gives the same."""
    refuse_others(reach)
    if form_key is not None and (made := Baseline.objects.filter(form_key=form_key).first()) is not None:
        return made
    reports.check_period("", first_on, last_on)
    baseline = Baseline(
        name=name,
        first_on=first_on,
        last_on=last_on,
        source=source,
        created_at=now,
        created_by=reach.user,
        form_key=form_key,
    )
    try:
        with transaction.atomic():
            baseline.save(force_insert=True)
    except IntegrityError:
        there = Baseline.objects.filter(form_key=form_key).first() if form_key else None
        if there is None:
            raise
        return there
    return baseline


@transaction.atomic
def change(*, baseline: int, name: str, first_on: date, last_on: date, source: str, reach: Reach) -> Baseline:
    """Another name or source; other days while no report is measured by it."""
    refuse_others(reach)
    locked = Baseline.objects.select_for_update(of=("self",)).get(pk=baseline)
    if (first_on, last_on) != (locked.first_on, locked.last_on):
        if locked.reports.exists():
            raise Refused({"first_on": ValidationError(_("A report is measured by it: its days stay."))})
        reports.check_period("", first_on, last_on)
    locked.name, locked.source, locked.first_on, locked.last_on = name, source, first_on, last_on
    locked.save(update_fields=["name", "source", "first_on", "last_on"])
    return locked


def number(text: str) -> Decimal:
    """A number as people type it: ``1 284``, ``12,5``, ``37,5 %``; raises a ``ValidationError``."""
    bare = "".join(text.split()).removesuffix("%").replace("\u2212", "-").replace(",", ".")
    try:
        found = Decimal(bare)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or not all(sign in "0123456789.-" for sign in bare):
        raise ValidationError(_("«%(text)s» is not a number: write 128 or 12,5."), params={"text": text.strip()[:40]})
    if abs(found) > MOST:
        raise ValidationError(_("The number is too large to be meant."))
    if found != round(found, 3):
        raise ValidationError(_("At most three decimals."))
    return found


def judge(*, code: str, keys: Mapping[str, str], value: Decimal, source: Source) -> None:
    """What is wrong with one number, by field; raises ``Refused``. Keys are known already to be codes of their dimension."""
    known = source.known(code)
    if known is None:
        raise Refused(
            {"code": ValidationError(_("There is no indicator «%(code)s»: write DAL-01."), params={"code": code[:20]})}
        )
    foreign = sorted(set(keys) - known.by)
    if foreign:
        names = ", ".join(foreign)
        raise Refused(
            {
                foreign[0]: ValidationError(
                    _("%(code)s is not kept by this: %(names)s."), params={"code": code, "names": names}
                )
            }
        )
    if value < 0 and known.unit not in SIGNED:
        raise Refused({"value": ValidationError(_("A number of this indicator is not below zero."))})
    if known.unit is Unit.PERCENT and value > 100:
        raise Refused({"value": ValidationError(_("A share is 100 % at most."))})
    if known.unit in (Unit.PEOPLE, Unit.COUNT) and value != value.to_integral_value():
        raise Refused({"value": ValidationError(_("People and things are counted in whole numbers."))})


@transaction.atomic
def put(
    *,
    baseline: int,
    code: str,
    keys: Mapping[str, str],
    value: Decimal,
    note: str,
    source: Source,
    reach: Reach,
) -> BaselineValue:
    """Write one number; of the same part a new one takes the old one's place."""
    refuse_others(reach)
    judge(code=code, keys=keys, value=value, source=source)
    locked = Baseline.objects.select_for_update(of=("self",)).get(pk=baseline)
    there = locked.values.filter(code=code, keys=dict(keys)).first()
    if there is None:
        if locked.values.count() >= MOST_VALUES:
            raise Refused(_("A baseline holds at most %(most)s numbers.") % {"most": MOST_VALUES})
        return locked.values.create(code=code, keys=dict(keys), value=value, note=note)
    there.value, there.note = value, note
    there.save(update_fields=["value", "note"])
    return there


@transaction.atomic
def take_out(*, baseline: int, value: int, reach: Reach) -> bool:
    """Take one number out; False where it is gone already."""
    refuse_others(reach)
    locked = Baseline.objects.select_for_update(of=("self",)).get(pk=baseline)
    return bool(locked.values.filter(pk=value).delete()[0])


@transaction.atomic
def discard(*, baseline: int, reach: Reach) -> None:
    """Throw a baseline away by which no report is measured."""
    refuse_others(reach)
    locked = Baseline.objects.select_for_update(of=("self",)).get(pk=baseline)
    if locked.reports.exists():
        raise Refused(_("A report is measured by this baseline: choose another in the report first."))
    locked.delete()
