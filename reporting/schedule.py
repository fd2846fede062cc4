"""What the clock starts here."""

from celery import shared_task
from django.utils import timezone

from reporting.domain import came_to_both, past_term, report_names
from reporting.domain.data import copy
from reporting.domain.facts import making, reading


@shared_task
def read_who_came() -> None:
    """Every few seconds: the facts of whoever the journal names, then the copy that figures are read from."""
    now = timezone.now()
    reading.read(now=now)
    copy.renew(now=now)


@shared_task
def make_facts_anew() -> None:
    """Every night: everybody's facts compared with what stands; years past their term become counts."""
    making.make_all()
    past_term.fold(now=timezone.now())


@shared_task
def forget_who_reported() -> None:
    """Every day: of reports, the names of who does this work no more."""
    report_names.forget(now=timezone.now())


@shared_task
def count_who_came_to_both() -> None:
    """Every night: how many people came to both of two activities that overlap."""
    came_to_both.count(now=timezone.now())
