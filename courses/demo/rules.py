"""Other rules that wait for an answer: youth affairs has proposed them, welfare has agreed, lifelong learning has not answered."""

from datetime import date, datetime, timedelta

from coordinators.domain.access import Reach, reach
from coordinators.models import Post
from courses.demo.files import generator
from courses.demo.keys import seeded
from courses.domain.overlaps import rule_sets
from ecosystem.models import Department, Message, RuleSet, User

PROPOSES, AGREES = "JAU", "LAB"
CHANGED = {"near_km_travels_less": 9, "days_apart": 14}
WHY = "Bērni un seniori tālāk par 9 km nebrauc, un divas nedēļas starp kursiem pietiek, lai pulcētos cita grupa."
NOTE = "Piekrītam, arī mūsu seniori brauc tikai uz tuvāko pagastu."


def clear() -> None:
    """Take away what an earlier load proposed, whatever became of it."""
    ours = RuleSet.objects.filter(why=WHY)
    Message.objects.filter(reference__in=[f"rules:{row.version}" for row in ours.order_by("version")]).delete()
    ours.delete()


def load(*, seed: int, today: date, now: datetime) -> None:
    """Propose and agree, through the domain's own door; unless others wait for an answer."""
    if RuleSet.objects.open().exists():
        return
    proposed_at = now - timedelta(days=2)
    with seeded(generator(seed, today, "rules")):
        row = rule_sets.propose(
            department=Department.objects.get(pk=PROPOSES),
            thresholds=CHANGED,
            in_force_from=_first_of_month(today + timedelta(days=31)),
            why=WHY,
            reach=_head(PROPOSES, today=today),
            now=proposed_at,
        )
        rule_sets.answer(
            version=row.version,
            department=AGREES,
            agrees=True,
            note=NOTE,
            reach=_head(AGREES, today=today),
            now=now - timedelta(days=1),
        )


def _head(code: str, *, today: date) -> Reach:
    return reach(User.objects.get(posts__kind=Post.Kind.HEAD, posts__department=code), on=today)


def _first_of_month(day: date) -> date:
    """The first day of the month that this day is in, or of the next where it has passed."""
    return day if day.day == 1 else (day.replace(day=1) + timedelta(days=32)).replace(day=1)
