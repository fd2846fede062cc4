"""How long the desk stays open: a working day after signing in, a shorter while after the last look at it.

Residents stay signed in for two weeks on their own devices; the desk shows other people's data, often on a computer in
a hall. Both limits are settings. Nothing remembers staff beyond them.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest

_SIGNED_IN, _LOOKED = "signed_in_at", "desk_looked_at"
# A look is written down no more often than this, so that a page costs no write.
_NOTED = timedelta(minutes=5)


def begin(request: HttpRequest, *, now: datetime) -> None:
    """Somebody has signed in."""
    request.session[_SIGNED_IN] = now.timestamp()
    request.session.pop(_LOOKED, None)


def has_ended(request: HttpRequest, *, now: datetime) -> bool:
    """Whether this session has been open, or left alone, for too long to show the desk."""
    session, moment = request.session, now.timestamp()
    signed_in, looked = session.get(_SIGNED_IN), session.get(_LOOKED)
    if signed_in is not None and moment - signed_in >= timedelta(hours=settings.STAFF_SESSION_HOURS).total_seconds():
        return True
    return looked is not None and moment - looked >= timedelta(hours=settings.STAFF_IDLE_HOURS).total_seconds()


def note(request: HttpRequest, *, now: datetime) -> None:
    """The desk was looked at."""
    session, moment = request.session, now.timestamp()
    # A session of before there was a limit begins now.
    if _SIGNED_IN not in session:
        session[_SIGNED_IN] = moment
    if moment - session.get(_LOOKED, 0) >= _NOTED.total_seconds():
        session[_LOOKED] = moment
