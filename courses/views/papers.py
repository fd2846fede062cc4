"""Papers to print: the month's poster and leaflet of a parish or a centre, an activity's poster, a sign-in sheet.

The public ones show what is published and nothing else. A made one is shown again for a few minutes, and one address
may have so many made in an hour: a stranger cannot keep the portal busy with printing.
"""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from centres.models import Centre
from coordinators.domain.access import Reach
from courses.documents.posters import SIZES, print_announcement
from courses.documents.press import Busy
from courses.documents.sign_in import print_sign_in
from courses.domain import attendance, months
from courses.domain.months import Month
from courses.models import Activity, Session
from courses.views import activities, paper_words, places
from courses.views.staff import managed_activity, shown, staff_page
from ecosystem import dates, limits
from ecosystem.models import Look, Parish
from ecosystem.places import located

Make = Callable[[], bytes]


@login_not_required
@require_safe
def parish_poster(request: HttpRequest, slug: str) -> HttpResponse:
    """A parish's month as a poster: ``?menesis=2027-02&izmers=a3``."""
    return _parish(request, slug, "afisa")


@login_not_required
@require_safe
def parish_leaflet(request: HttpRequest, slug: str) -> HttpResponse:
    """A parish's month as a leaflet."""
    return _parish(request, slug, "lapa")


@login_not_required
@require_safe
def centre_poster(request: HttpRequest, slug: str) -> HttpResponse:
    """A centre's month as a poster."""
    return _centre(request, slug, "afisa")


@login_not_required
@require_safe
def centre_leaflet(request: HttpRequest, slug: str) -> HttpResponse:
    """A centre's month as a leaflet."""
    return _centre(request, slug, "lapa")


@login_not_required
@require_safe
def activity_poster(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """One activity's poster, as long as there is something to come to."""
    now = timezone.now()
    found = Activity.objects.published().for_page().select_related("contact__stands_in").filter(pk=pk).first()
    if found is None:
        gone = Activity.objects.public().filter(pk=pk).first()
        if gone is not None and (other := gone.goes_on_in):
            return redirect("courses:activity_poster", pk=other.pk, slug=other.slug, permanent=True)
    if found is None or not activities.papers_for(found, now):
        raise Http404(_("There is no poster of this activity: it is not published, or it is over."))
    if slug != found.slug:
        return redirect("courses:activity_poster", pk=pk, slug=found.slug)
    size = _size(request)
    return _served(
        request,
        f"activity:{pk}:{size}",
        f"{found.slug}-{size}",
        lambda: print_announcement(paper_words.announcement(found, now=now), size=size),
        now=now,
    )


@login_not_required
@require_safe
def activity_short(request: HttpRequest, pk: int) -> HttpResponse:
    """The address on posters: short enough to be typed; leads to the activity."""
    return redirect(get_object_or_404(Activity.objects.public(), pk=pk))


@staff_page(shows=Look.Kind.PRINT)
@require_safe
def sign_in_sheet(request: HttpRequest, reach: Reach, pk: int) -> HttpResponse:
    """The sheet of one session that goes round the table."""
    session = Session.objects.select_related("room").filter(pk=pk).first()
    if session is None:
        raise Http404(_("There is no such session."))
    activity = managed_activity(reach, session.activity_id)
    place = [activity.centre.name if activity.centre else activity.parish.centre_name]
    names = []
    for row in attendance.people(session=session):
        person = row.resident
        names.append(
            (person.family_name, person.given_name) if person else ("", f"{_('Unnamed place')}, {row.party.number}")
        )
    shown(request, activity, count=len(names))
    try:
        made = print_sign_in(
            title=activity.title,
            family=activity.topic.family,
            when=f"{dates.on_day(dates.local_day(session.starts_at))}, {dates.hours(session.starts_at, session.ends_at)}",
            where=", ".join([*place, *([session.room.name] if session.room else [])]),
            names=names,
        )
    except Busy:
        return wait(request, status=503)
    return pdf(made, f"paraksti-{activity.slug}-{dates.local_day(session.starts_at).isoformat()}")


def pdf(made: bytes, name: str) -> HttpResponse:
    """The PDF, to look at in the browser and to be kept under this name."""
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


def wait(request: HttpRequest, *, status: int) -> HttpResponse:
    """Too many papers at once, or from one address: come back in a little while."""
    response = render(request, "courses/papers/wait.html", {"page_title": _("A moment, please")}, status=status)
    response["Retry-After"] = "600" if status == 429 else "30"
    return response


def _served(request: HttpRequest, key: str, name: str, make: Make, *, now: datetime) -> HttpResponse:
    """A paper made before, or made now; refused when this address had too many made."""
    key = f"paper:{get_language()}:{key}"
    made = cache.get(key)
    if made is None:
        if not limits.spend("papers", limits.client_address(request), limit=settings.LIMIT_PAPERS, now=now):
            return wait(request, status=429)
        try:
            made = make()
        except Busy:
            return wait(request, status=503)
        cache.set(key, made, settings.PAPER_CACHE_SECONDS)
    response = pdf(made, name)
    patch_cache_control(response, public=True, max_age=60)
    return response


def _size(request: HttpRequest) -> str:
    """The sheet asked for; what is none is A4."""
    size = request.GET.get("izmers", "").lower()
    return size if size in SIZES else SIZES[0]


def _month(request: HttpRequest, now: datetime) -> Month:
    """The month asked for, otherwise the one that runs."""
    today = dates.local_day(now)
    text = request.GET.get("menesis", "")
    month = Month.read(text, today=today) if text else Month.of(today)
    if month is None:
        raise Http404(_("Write the month like 2027-02: from this month to a year ahead."))
    return month


def _parish(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    found = get_object_or_404(Parish, slug=slug)
    now = timezone.now()
    month = _month(request, now)

    def make() -> bytes:
        url = settings.SITE_URL + reverse("courses:parish", args=[found.slug])
        people = places.coordinators(found, now)
        first = next((person for person in people if not person["vacant"]), None)
        phone = first["phone"] if first else settings.CONTACT_PHONE
        note = ". ".join([f"{first['name']}, {dates.uncapital(first['title'])}"] if first and first["name"] else [])
        bill = paper_words.bill(dates.capital(located(found)), month, phone=phone, note=note, url=url)
        return paper_words.print_month(
            kind, bill, months.sessions(month=month, now=now, parish=found), size=_size(request)
        )

    size = _size(request)
    return _served(
        request, f"parish:{found.pk}:{kind}:{month.code}:{size}", _name(kind, slug, month, size), make, now=now
    )


def _centre(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    found = get_object_or_404(Centre, slug=slug)
    now = timezone.now()
    month = _month(request, now)
    size = _size(request)

    def make() -> bytes:
        url = settings.SITE_URL + reverse("courses:centre", args=[found.slug])
        note = ". ".join(part for part in (found.address, found.opening_hours) if part)
        bill = paper_words.bill(found.name, month, phone=found.phone or settings.CONTACT_PHONE, note=note, url=url)
        return paper_words.print_month(kind, bill, months.sessions(month=month, now=now, centre=found), size=size)

    return _served(
        request, f"centre:{found.pk}:{kind}:{month.code}:{size}", _name(kind, slug, month, size), make, now=now
    )


def _name(kind: str, slug: str, month: Month, size: str) -> str:
    return f"{kind}-{slug}-{month.code}-{size}"
