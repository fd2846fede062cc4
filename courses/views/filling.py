"""To be written."""

from django.http import HttpRequest, HttpResponse

from coordinators.domain.access import Reach
from courses.views.staff import staff_page


@staff_page
def activity(request: HttpRequest, reach: Reach, **kwargs: object) -> HttpResponse:
    """To be written."""
    return HttpResponse("<!doctype html><html lang=lv><title>…</title><h1>…</h1></html>")


@staff_page
def decide(request: HttpRequest, reach: Reach, **kwargs: object) -> HttpResponse:
    """To be written."""
    return HttpResponse("<!doctype html><html lang=lv><title>…</title><h1>…</h1></html>")
