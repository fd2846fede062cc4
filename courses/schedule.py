"""What the clock starts. Each errand looks for rows that wait for it, so one missed is made up for by the next."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from courses.domain import confirmations, digests, feedback, forgetting, programme, queue, reminders
from courses.domain.overlaps import parts, reading, sweeping
from residents.domain import doubles


@shared_task
def sweep_offers() -> None:
    """Every minute: let offers lapse whose time is over, and offer what is free to the next."""
    now = timezone.now()
    queue.expire_offers(now=now)
    queue.fill_waiting(now=now)


@shared_task
def judge_changes() -> None:
    """Every few seconds: what has changed in the programme is compared anew with what others plan."""
    reading.read(now=timezone.now())


@shared_task
def sweep_overlaps() -> None:
    """Every night: the whole programme is compared anew, in parts that workers share."""
    parts.renew(now=timezone.now())
    for part in parts.plan():
        sweep_part_of_overlaps.delay(part.as_message())


@shared_task
def sweep_part_of_overlaps(part: dict[str, Any]) -> None:
    """One part; what fails is made up for by the next sweep."""
    sweeping.sweep_part(part=parts.Part.of_message(part), now=timezone.now())


@shared_task
def renew_footprints() -> None:
    """Every five minutes: after a new version of the portal, what is known of each activity is read as it reads."""
    parts.renew(now=timezone.now())


@shared_task
def forget() -> None:
    """Every day: forget what is past its term."""
    forgetting.forget(now=timezone.now())


@shared_task
def complete_past() -> None:
    """Every hour: what has had its last session is over."""
    programme.complete_past(now=timezone.now())


@shared_task
def remind() -> None:
    """Every quarter of an hour: remind those whose first session is two days away."""
    reminders.send(now=timezone.now())


@shared_task
def ask_whether_they_come() -> None:
    """Every quarter of an hour: ask those whose first session is a week away, where the activity says so."""
    confirmations.ask(now=timezone.now())


@shared_task
def ask_how_it_was() -> None:
    """Every hour: ask those who came to what is over."""
    feedback.ask(now=timezone.now())


@shared_task
def send_news() -> None:
    """Every hour: write the news to those who agreed to it and have not had any for a while."""
    digests.send(now=timezone.now())


@shared_task
def look_for_doubles() -> None:
    """Every minute: look whether those who are new are somebody already known."""
    doubles.look_at_new(now=timezone.now())


@shared_task
def look_for_doubles_among_all() -> None:
    """Every night: look at everybody once more."""
    doubles.look_at_all(now=timezone.now())
