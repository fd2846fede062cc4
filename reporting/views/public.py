"""Rādītāji for everyone: a few figures of whole years, and the same as open data."""

from django.http import HttpRequest, HttpResponse


def page(request: HttpRequest) -> HttpResponse:
    raise NotImplementedError


def file(request: HttpRequest, name: str, kind: str) -> HttpResponse:
    raise NotImplementedError
