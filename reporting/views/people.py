"""The list behind a figure; whoever looks at it is written down."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from coordinators.domain.access import Reach
from courses.domain import people
from courses.views.staff import shown, staff_page
from ecosystem.models import Look
from reporting.domain import behind, dashboard, indicators
from reporting.filters import Vocabulary, understand
from reporting.views import cells, words
from reporting.views.cells import Eyes

PAGE_SIZE = 100


@staff_page(shows=Look.Kind.LIST)
@require_safe
def page(request: HttpRequest, reach: Reach, code: str) -> HttpResponse:
    """Who is counted, as far as the reader answers for them, and how many others."""
    code = code.upper()
    if not behind.has_list(code):
        raise Http404(_("No people stand behind this figure."))
    if not people.works_with_people(reach):
        raise PermissionDenied(
            _("Whoever works with people sees their lists: coordinators, centre managers and heads.")
        )
    vocabulary = Vocabulary.read()
    chosen = understand(request.GET, vocabulary, today=timezone.localdate(), reach=reach)
    eyes = Eyes(vocabulary, chosen, sees_few=True)
    filters, unfit = dashboard.fit(indicators.get(code), chosen.filters)
    found = behind.of(code, dashboard.Asked(chosen.period, filters), reach=reach)
    pages = Paginator(found.seen, PAGE_SIZE)
    one = pages.get_page(request.GET.get("lapa"))
    shown(request, people=[person.pk for person in one.object_list], count=len(one.object_list), detail=code)
    context = {
        "code": code,
        "name": indicators.get(code).described.name,
        "subtitle": f"{cells.place(eyes)} · {words.counted(chosen)}",
        "left_out": (
            *chosen.left_out,
            *(
                _("%(name)s: not counted by %(what)s.") % {"name": code, "what": words.dimension(dimension).lower()}
                for dimension in unfit
            ),
        ),
        "found": found,
        "people": [
            {
                "name": str(person),
                "url": reverse("courses:desk_person", args=[person.pk]),
                "village": str(person.village.name) if person.village else "",
            }
            for person in one.object_list
        ],
        "pages": [
            {"number": number, "url": chosen.address(lapa=f"{number}"), "current": number == one.number}
            for number in (pages.page_range if pages.num_pages > 1 else ())
        ],
        "back": reverse("reporting:desk_figure", args=[code]) + chosen.address(),
    }
    return render(request, "reporting/people.html", context)
