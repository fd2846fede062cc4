"""Žurnāls: who changed what, and who looked at whose data; for heads and administrators, as pages and as files."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from coordinators.domain.access import Reach
from courses import tables
from courses.domain import trail
from courses.domain.trail import Change, LookRow, Wanted
from courses.views import trail_words as words
from courses.views.filling import head
from courses.views.staff import managed_activity, shown, staff_page
from ecosystem import dates
from ecosystem.models import Look
from ecosystem.text import clean

PAGE = 30
# How many rows a file has at most; the period makes it smaller.
FILE = 5000
CHANGES, LOOKS = VIEWS = ("izmainas", "skatijumi")


@require_safe
@staff_page(shows=Look.Kind.TRAIL)
def page(request: HttpRequest, reach: Reach) -> HttpResponse:
    """Two lists: changes and looks, each filtered and paged; or as a file."""
    if not reach.reads_trail:
        raise PermissionDenied(_("The trail is read by heads of department and administrators."))
    view = request.GET.get("skats", CHANGES)
    view = view if view in VIEWS else CHANGES
    wanted = understand(request)
    kind = request.GET.get("format", "")
    as_file = kind in tables.FILES
    after = request.GET.get("pec", "")[:120]
    limit = FILE if as_file else PAGE
    context = {
        "page_title": _("Trail"),
        "view": view,
        "views": [
            {"label": label, "url": f"?{urlencode(_kept(request, skats=name))}", "current": view == name}
            for name, label in ((CHANGES, _("Changes")), (LOOKS, _("Who looked")))
        ],
        "chosen": {
            name: clean(request.GET.get(name, ""))[:80] for name in ("veids", "kas", "no", "lidz", "meklet", "persona")
        },
        "is_filtered": wanted != Wanted(),
        "colleagues": [] if as_file else [(user.pk, str(user)) for user in trail.colleagues(reach)],
        "things": [(thing, words.thing(thing)) for thing in trail.THINGS],
        "kinds": Look.Kind.choices,
        "person": "",
        "files": [(kind.upper(), f"?{urlencode(_kept(request, skats=view, format=kind))}") for kind in tables.FILES],
    }
    if view == LOOKS:
        found = trail.looked(reach=reach, wanted=wanted, after=after, limit=limit)
        people = {person.pk for row in found.rows for person in row.people}
        if people:
            shown(request, people=people)
        if as_file:
            return tables.answer(kind, "skatijumi", look_table(found.rows))
        context["rows"] = [look_row(row) for row in found.rows]
        context["person"] = _person(found.rows, wanted.person)
        following = found.following
    else:
        read = trail.changes(reach=reach, wanted=wanted, after=after, limit=limit)
        if as_file:
            return tables.answer(kind, "izmainas", change_table(read.changes))
        context["rows"] = [change_row(each, is_linked=True) for each in read.changes]
        following = read.following
    context["next_url"] = f"?{urlencode(_kept(request, skats=view, pec=following))}" if following else ""
    context["first_url"] = f"?{urlencode(_kept(request, skats=view))}" if after else ""
    return render(request, "courses/trail/trail.html", context)


@require_safe
@staff_page
def of_activity(request: HttpRequest, reach: Reach, pk: int) -> HttpResponse:
    """Izmaiņas: what was changed of one activity, for who works on it."""
    found = managed_activity(reach, pk)
    after = request.GET.get("pec", "")[:120]
    page = trail.of_activity(activity=found, after=after, limit=PAGE)
    title = _("Changes")
    context = {
        **head(found, timezone.now()),
        "heading": title,
        "page_title": title,
        "rows": [change_row(each) for each in page.changes],
        "next_url": f"?{urlencode({'pec': page.following})}" if page.following else "",
        "first_url": reverse("courses:desk_changes", args=[pk]) if after else "",
    }
    return render(request, "courses/trail/activity.html", context)


def understand(request: HttpRequest) -> Wanted:
    """The address as a question; what makes no sense is left out."""
    given = request.GET
    text = clean(given.get("meklet", ""))[:80]
    number = _number(text)
    return Wanted(
        thing=given.get("veids", "") if given.get("veids") in trail.THINGS else "",
        kind=given.get("veids", "") if given.get("veids") in Look.Kind.values else "",
        activity=number,
        words="" if number is not None else text,
        by=_number(given.get("kas", "")),
        since=_day(given.get("no", "")),
        until=_day(given.get("lidz", "")),
        person=_uuid(given.get("persona", "")),
    )


def change_row(change: Change, *, is_linked: bool = False) -> dict[str, Any]:
    """A change as the page shows it; the thing is named and linked where the list holds several."""
    local = timezone.localtime(change.at)
    return {
        "when": f"{local:%d.%m.%Y} {dates.clock(local)}",
        "who": words.who(change),
        "reason": words.reason(change.reason),
        "thing": words.thing(change.thing),
        "name": change.name,
        "url": _address(change) if is_linked else "",
        "sentences": words.sentences(change),
        "fields": [
            {"label": label, "old": words.cut(old), "new": words.cut(new)} for label, old, new in words.fields(change)
        ],
    }


def look_row(row: LookRow) -> dict[str, Any]:
    """A look as the page shows it."""
    look = row.look
    local = timezone.localtime(look.at)
    return {
        "when": f"{local:%d.%m.%Y} {dates.clock(local)}",
        "who": words.viewer(look),
        "kind": look.kind,
        "what": look.get_kind_display(),
        "detail": words.detail(look),
        "reason": look.reason,
        "count": _people_words(look),
        "activity": row.activity.title if row.activity else "",
        "activity_pk": row.activity.pk if row.activity else None,
        "people": [
            {"name": str(person), "url": f"?{urlencode({'skats': LOOKS, 'persona': person.pk})}"}
            for person in row.people
        ],
    }


def change_table(found: list[Change]) -> Iterator[list[str]]:
    """The changes as a table: a row a field."""
    yield [_("When"), _("Who"), _("Why"), _("Kind"), _("Name"), _("Field"), _("Before"), _("After")]
    for change in found:
        row = change_row(change)
        start = [row["when"], row["who"], row["reason"], row["thing"], row["name"]]
        for sentence in row["sentences"]:
            yield [*start, sentence, "", ""]
        for label, old, new in words.fields(change):
            yield [*start, label, old, new]


def look_table(found: list[LookRow]) -> Iterator[list[str]]:
    """The looks as a table."""
    yield [_("When"), _("Who"), _("What was looked at"), _("Activity"), _("People"), _("How many"), _("Why")]
    for row in found:
        look = row.look
        local = timezone.localtime(look.at)
        yield [
            f"{local:%d.%m.%Y} {dates.clock(local)}",
            words.viewer(look),
            ". ".join(filter(None, (str(look.get_kind_display()), words.detail(look)))),
            row.activity.title if row.activity else "",
            ", ".join(map(str, row.people)),
            "" if look.count is None else str(look.count),
            look.reason,
        ]


def _people_words(look: Look) -> str:
    if look.count is None:
        return ""
    if look.kind == Look.Kind.SEARCH and not look.count:
        return _("nobody found")
    return ngettext("%(n)s person", "%(n)s people", look.count) % {"n": look.count}


def _address(change: Change) -> str:
    """Where the thing is worked on."""
    if change.thing == trail.ACTIVITY:
        return reverse("courses:desk_changes", args=[int(change.key)])
    if change.thing == trail.POST:
        return reverse("courses:desk_post", args=[int(change.key)])
    if change.thing == trail.STATEMENT:
        return reverse("pages:edit_statement", args=[change.key])
    if change.thing == trail.PROJECT and change.is_there:
        return reverse("reporting:desk_project", args=[int(change.key)])
    if change.thing == trail.PRACTICE and change.is_there:
        return reverse("reporting:desk_project_practice", args=[int(change.key)])
    return ""


def _person(rows: list[LookRow], wanted: UUID | None) -> str:
    """The name of who is asked about, where a look names them."""
    return next((str(person) for row in rows for person in row.people if person.pk == wanted), "")


def _kept(request: HttpRequest, **changed: str) -> dict[str, str]:
    names = ("veids", "kas", "no", "lidz", "meklet", "persona")
    kept = {name: clean(request.GET.get(name, ""))[:80] for name in names}
    if changed.get("skats") != request.GET.get("skats", CHANGES):
        # What a kind is differs between the two lists.
        kept["veids"] = ""
    return {name: value for name, value in {**kept, **changed}.items() if value}


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
