"""Pages of a parish, a centre, a department: its programme, and who answers for it."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from centres.models import Centre
from coordinators.models import Post
from courses.domain import catalogue as finding
from courses.domain.catalogue import Query, Search, index
from courses.domain.catalogue.index import Snapshot
from courses.views import cards, home, printed
from courses.views.activities import access_lines_of
from ecosystem import dates, places
from ecosystem.models import Department, Parish
from ecosystem.models.functions import SortKey

SHOWN = 12


@login_not_required
@require_safe
def parish(request: HttpRequest, slug: str) -> HttpResponse:
    """A parish: what is on, its centres, its coordinator or who stands in."""
    found = get_object_or_404(Parish, slug=slug)
    now = timezone.now()
    snapshot = index.current(now=now)
    neighbours = [snapshot.vocabulary.parish[code] for code in snapshot.vocabulary.neighbours.get(found.pk, [])]
    context = {
        "page_title": found.name,
        "heading": found.name,
        "lead_text": _("What is on %(place)s.") % {"place": places.located(found)},
        "parish": found,
        "villages": [village for village in snapshot.vocabulary.villages if village.parish_id == found.pk],
        "people": coordinators(found, now),
        "centres": list(found.centres.filter(retired_at=None).order_by(SortKey("name"), "pk")),
        "neighbours": neighbours,
        "printed": printed.months("parish", found.slug, today=dates.local_day(now)),
        **_programme(request, snapshot, Query(parishes=frozenset([found.pk])), f"?vieta={found.slug}", now),
    }
    return render(request, "courses/places/parish.html", context)


def coordinators(found: Parish, now: datetime) -> list[dict[str, Any]]:
    """The parish's coordinators; for a vacant post the one that stands in, said so."""
    posts = (
        Post.objects.in_force(on=dates.local_day(now))
        .coordinating(found)
        .select_related("department", "holder", "stands_in__holder", "stands_in__department")
        .order_by("department__position", "pk")
    )
    made = []
    for post in posts:
        answering = post.answering
        made.append(
            {
                "title": _("Coordinator, %(department)s") % {"department": post.department.name},
                "name": answering.holder.name if answering and answering.holder else "",
                "phone": answering.phone if answering and answering.phone else settings.CONTACT_PHONE,
                "stands_in": answering is not None and answering != post,
                "vacant": answering is None,
            }
        )
    return made


@login_not_required
@require_safe
def centres(request: HttpRequest) -> HttpResponse:
    """All centres by parish."""
    now = timezone.now()
    snapshot = index.current(now=now)
    here = home.remembered(request, snapshot.vocabulary)
    rows = Centre.objects.filter(retired_at=None).select_related("parish").order_by("parish__position", SortKey("name"))
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        number = snapshot.get(("centre", row.pk)).bit_count()
        groups.setdefault(row.parish.name, []).append({"centre": row, "count": number})
    return render(
        request,
        "courses/places/centres.html",
        {"page_title": _("Centres"), "groups": list(groups.items()), "home": here},
    )


@login_not_required
@require_safe
def centre(request: HttpRequest, slug: str) -> HttpResponse:
    """A centre: how to get there and in, and what is on."""
    found: Any = get_object_or_404(Centre.objects.select_related("parish", "department"), slug=slug)
    now = timezone.now()
    snapshot = index.current(now=now)
    context = {
        "page_title": found.name,
        "heading": found.name,
        "centre": found,
        "access": access_lines_of(found),
        "printed": printed.months("centre", found.slug, today=dates.local_day(now)),
        **_programme(request, snapshot, Query(centres=frozenset([found.pk])), f"?vieta={found.parish.slug}", now),
    }
    return render(request, "courses/places/centre.html", context)


@login_not_required
@require_safe
def department(request: HttpRequest, code: str) -> HttpResponse:
    """A department: what it and its partners offer."""
    found = get_object_or_404(Department, code__iexact=code)
    now = timezone.now()
    snapshot = index.current(now=now)
    context = {
        "page_title": found.name,
        "heading": found.name,
        "department": found,
        "printed": [],
        **_programme(request, snapshot, Query(departments=frozenset([found.pk])), f"?nodala={found.pk}", now),
    }
    return render(request, "courses/places/department.html", context)


def _programme(request: HttpRequest, snapshot: Snapshot, query: Query, address: str, now: datetime) -> dict[str, Any]:
    """The first activities of a page's programme, how many there are, and the way to all and to the calendar."""
    search = Search(snapshot, replace(query, count=SHOWN), today=dates.local_day(now))
    here = home.remembered(request, snapshot.vocabulary)
    total = search.found.bit_count()
    return {
        "cards": cards.cards(finding.fetch(search.page(0, SHOWN)), snapshot=snapshot, home=here, now=now),
        "total": total,
        "all_url": reverse("courses:catalogue") + address if total > SHOWN else "",
        "feed": reverse("courses:catalogue_feed") + address,
        "home": here,
    }
