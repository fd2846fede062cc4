"""The demonstration's figures: facts of all who came, and the copy they are read from. As made for everybody."""

from datetime import date, datetime, time

from django.utils import timezone

from reporting.domain.data import copy
from reporting.domain.facts import making
from reporting.models import Pseudonym


def load(*, today: date) -> None:
    """Make the facts of what the programme's demonstration holds, as of the beginning of the day."""
    making.make_all()
    # People of an earlier load, who are gone with all that they took part in.
    Pseudonym.objects.filter(participations=None).delete()
    copy.make(now=max(timezone.now(), datetime.combine(today, time(0, 0), tzinfo=timezone.get_default_timezone())))
