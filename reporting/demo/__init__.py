"""The demonstration upstairs: a project and what it brought home; facts of all who came, totals, and the copy of them."""

from datetime import date, datetime, time

from django.utils import timezone

from reporting.demo import projects, reports, totals
from reporting.domain.data import copy
from reporting.domain.facts import making
from reporting.models import Pseudonym


def load(*, seed: int, today: date) -> None:
    """Make a project, and the facts of what the programme's demonstration holds, as of the beginning of the day."""
    # Before the project goes that they are of.
    reports.clear()
    projects.load(seed=seed, today=today)
    making.make_all()
    # People of an earlier load, who are gone with all that they took part in.
    Pseudonym.objects.filter(participations=None).delete()
    totals.load(today=today)
    reports.load(today=today)
    copy.make(now=max(timezone.now(), datetime.combine(today, time(0, 0), tzinfo=timezone.get_default_timezone())))
