"""Calendar files: one activity's, and a feed for a parish, an audience, any filter."""

from dataclasses import replace

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from courses.domain.catalogue import Search, index
from courses.exports import activity_calendar
from courses.filters import read
from courses.models import Activity
from ecosystem import dates

MOST = 300


@login_not_required
@require_safe
def catalogue_feed(request: HttpRequest) -> HttpResponse:
    """What the same filters show in the catalogue, as a calendar to subscribe to; the first 300 activities."""
    now = timezone.now()
    snapshot = index.current(now=now)
    today = dates.local_day(now)
    reading = read(request.GET, snapshot.vocabulary, today=today)
    search = Search(snapshot, replace(reading.query, start=0, count=MOST), today=today)
    rows = _with_sessions().published().filter(pk__in=search.page(0, MOST)).order_by("starts_at", "pk")
    return _calendar(activity_calendar(rows, name=settings.PORTAL_NAME, now=now), "tuvak-majam")


@login_not_required
@require_safe
def activity_feed(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """One activity's sessions. Of what was joined into another also the other's: who follows it sees the first called off
    and goes on with the second."""
    found = get_object_or_404(_with_sessions().public(), pk=pk)
    if slug != found.slug:
        raise Http404
    rows = [found]
    if other := found.goes_on_in:
        rows.append(_with_sessions().get(pk=other.pk))
    return _calendar(activity_calendar(rows, name=rows[-1].title, now=timezone.now()), found.slug)


def _with_sessions():  # type: ignore[no-untyped-def]
    return Activity.objects.select_related("centre", "parish").prefetch_related("sessions")


def _calendar(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return response
