"""One address that answers badly, for ``tests/test_harness.py``."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path


@login_not_required
def bad(request: HttpRequest) -> HttpResponse:
    """A part of a page with a stray mark."""
    return HttpResponse("{{ oh }}")


urlpatterns = [path("", bad)]
