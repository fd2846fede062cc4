"""What the clock starts here."""

from celery import shared_task
from django.utils import timezone

from reporting.domain import came_to_both


@shared_task
def count_who_came_to_both() -> None:
    """Every night: how many people came to both of two activities that overlap."""
    came_to_both.count(now=timezone.now())
