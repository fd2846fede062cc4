"""Anonymous totals of the demonstration: what whoever was there counted in two of three activities. Invented."""

from collections.abc import Iterator
from datetime import date
from random import Random

from django.db.models import Count
from django.utils import timezone

from courses.demo.programme import REF
from courses.models import Activity
from reporting.models import ActivityTotal, ActivityTotalEntry, Participation
from reporting.models.totals import BARRIERS, SUPPORT, TotalCode


def load(*, today: date) -> None:
    """In two of three activities that somebody came to, whoever was there counted; by its reference always the same."""
    came: dict[int, int] = {}
    told = Participation.objects.filter(session__activity__ref__startswith=REF)
    for activity, people in (
        told.values_list("session__activity").annotate(people=Count("who", distinct=True)).order_by()
    ):
        came[activity] = people
    known = Activity.objects.filter(pk__in=came).order_by("pk").select_related("contact")
    rows: list[ActivityTotal] = []
    for found in known:
        chance = Random(f"totals {found.ref}")  # noqa: S311  Invented, and the same each time.
        if chance.random() < 0.66:
            day = min(today, timezone.localdate(found.ends_at)) if found.ends_at else today
            by = found.contact.holder_id if found.contact else None
            rows += [
                ActivityTotal(activity=found, code=code, count=count, entered_by_id=by, entered_on=day)
                for code, count in _counted(came[found.pk], chance)
            ]
    ActivityTotal.objects.filter(activity__in=list(came)).delete()
    ActivityTotalEntry.objects.filter(activity__in=list(came)).delete()
    ActivityTotal.objects.bulk_create(rows)
    ActivityTotalEntry.objects.bulk_create(
        ActivityTotalEntry(
            activity_id=row.activity_id,
            code=row.code,
            count=row.count,
            entered_by_id=row.entered_by_id,
            entered_on=row.entered_on,
        )
        for row in rows
    )


def _counted(people: int, chance: Random) -> Iterator[tuple[str, int]]:
    """Plausible numbers of so many people, that may stand together."""
    fewer = round(people * chance.uniform(0.1, 0.6))
    yield TotalCode.FEWER, fewer
    for barrier in BARRIERS:
        if number := min(fewer, round(fewer * chance.choice((0, 0, 0.2, 0.4, 0.8)))):
            yield barrier, number
    unemployed = round(people * chance.uniform(0, 0.25))
    inactive = round((people - unemployed) * chance.uniform(0.2, 0.6))
    yield TotalCode.UNEMPLOYED, unemployed
    yield TotalCode.LONG_TERM, round(unemployed * chance.uniform(0, 0.6))
    yield TotalCode.INACTIVE, inactive
    # Not everybody says.
    yield TotalCode.EMPLOYED, round((people - unemployed - inactive) * chance.uniform(0.7, 1))
    low, high = round(people * chance.uniform(0.05, 0.3)), round(people * chance.uniform(0.1, 0.35))
    yield TotalCode.ISCED_LOW, low
    yield TotalCode.ISCED_HIGH, high
    yield TotalCode.ISCED_MIDDLE, max(0, round((people - low - high) * chance.uniform(0.8, 1)))
    yield TotalCode.NEET, chance.choice((0, 0, 0, 1, 2)) if people > 3 else 0
    yield TotalCode.UKRAINE, chance.choice((0, 0, 1, 2)) if people > 3 else 0
    if chance.random() < 0.3:
        yield chance.choice(SUPPORT), chance.randint(1, 3)
