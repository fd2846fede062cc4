"""Every HTML answer of the portal, to the test client or to a browser, is looked over.

A page is whole, in a language, with one heading; parts of pages (asked for by htmx) are let off these. Neither may
carry a stray ``{{``, an ``id`` twice, or what our Content-Security-Policy would silently block: ``style=``,
``onclick=``, a script in the page (data blocks such as JSON-LD are no scripts).
"""

from collections import Counter
from html.parser import HTMLParser
from typing import Any

from django.core.handlers.base import BaseHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from tests.harness import offences

DATA_BLOCKS = {"application/ld+json", "application/json"}


class Page(HTMLParser):
    """What the rules look at in a page."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.headings = 0
        self.language: str | None = None
        self.is_whole = False
        self.has_title = False
        self.ids: Counter[str] = Counter()
        self.faults: list[str] = []
        self._in_template = 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one element."""
        named = dict(attrs)
        if tag == "template":
            self._in_template += 1
        if tag == "html":
            self.is_whole = True
            self.language = named.get("lang")
        elif tag == "title":
            self.has_title = True
        elif tag == "h1":
            self.headings += 1
        elif tag == "style":
            self.faults.append("a <style> in the page")
        elif tag == "script" and "src" not in named and named.get("type") not in DATA_BLOCKS:
            self.faults.append("a <script> in the page")
        if "style" in named:
            self.faults.append(f"style= on <{tag}>")
        self.faults += [f"{name}= on <{tag}>" for name in named if name.startswith("on")]
        if not self._in_template and named.get("id"):
            self.ids[str(named["id"])] += 1

    def handle_endtag(self, tag: str) -> None:
        """Leave a ``<template>``."""
        if tag == "template" and self._in_template:
            self._in_template -= 1


def faults(html: str, *, is_part: bool, language: str | None = None) -> list[str]:
    """What is wrong with a page or, for htmx, a part of one."""
    page = Page(html)
    found = [f"a stray {mark}" for mark in ("{{", "{%") if mark in html]
    found += page.faults
    found += [f"the id “{name}” {times} times" for name, times in page.ids.items() if times > 1]
    if page.is_whole:
        if page.headings != 1:
            found.append(f"{page.headings} <h1>, not one")
        if not page.language:
            found.append("no lang on <html>")
        elif language and page.language != language:
            found.append(f"lang is “{page.language}”, the answer says “{language}”")
        if not page.has_title:
            found.append("no <title>")
    elif not is_part:
        found.append("not a whole page: no <html>")
    return found


def look_over(request: HttpRequest, response: HttpResponseBase) -> None:
    """Report what is wrong with this answer."""
    if response.streaming or not response.get("Content-Type", "").startswith("text/html"):
        return
    html = response.content.decode(response.charset)
    # An error may be a bare sentence, and htmx asks for parts.
    is_part = bool(request.headers.get("HX-Request")) or response.status_code not in (200, 404, 410, 422)
    for fault in faults(html, is_part=is_part, language=response.get("Content-Language")) if html else ():
        offences.record(f"{request.method} {request.get_full_path()}: {fault}")


_get_response = BaseHandler.get_response


def _get_response_looked_over(self: BaseHandler, request: HttpRequest) -> HttpResponseBase:
    response: Any = _get_response(self, request)
    look_over(request, response)
    return response


BaseHandler.get_response = _get_response_looked_over  # type: ignore[method-assign]
