"""Home, statements, health."""

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


@login_not_required
def livez(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
def readyz(request: HttpRequest) -> HttpResponse:
    """The process and its database answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    """What is on near your home?"""
    return render(request, "pages/home.html")


@login_not_required
def statement(request: HttpRequest, key: str) -> HttpResponse:
    """A public text."""
    return HttpResponse(key)
