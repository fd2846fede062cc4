"""What the desk's measurement needs of Django: the world, the pages with their queries, the importer, the long sheet."""

import csv
import io
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count

TIMES = 12
ROWS = 1_000
# How many activities a season to rehearse has at most; the page takes 400.
SEASON = 380


def desk_world(size: str) -> None:
    """Fill the database."""
    from benchmarks.desk_world import fill

    fill(int(size))


def desk_pages() -> None:
    """Each page of the desk as the head reads it: queries, and milliseconds of whole requests inside one process."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from ecosystem.models import User

    client = Client()
    client.force_login(User.objects.get(pk=1))
    found = {}
    for name, address in _addresses().items():
        for _ in range(2):
            client.get(address)
        with CaptureQueriesContext(connection) as captured:
            response = client.get(address)
        # Counted now: the next request empties the log.
        queries = len(captured)
        if response.status_code != 200:
            raise SystemExit(f"{address} answered {response.status_code}")
        took = []
        for _ in range(TIMES):
            started = time.perf_counter()
            client.get(address)
            took.append(time.perf_counter() - started)
        found[name] = {"queries": queries, "seconds": sorted(took)}
    print(json.dumps(found))


def _addresses() -> dict[str, str]:
    """The pages by name. Activity 1 has a session today and 200 people; the others are read of one with about ten."""
    from django.urls import reverse

    from courses.models import Activity, Session

    usual = (
        Activity.objects.filter(status="published", taken__gte=5, waiting=0, lead=_head_department())
        .exclude(pk=1)
        .order_by("pk")
        .values_list("pk", flat=True)[0]
    )
    session = Session.objects.filter(activity=1).values_list("pk", flat=True)[0]
    board = reverse("courses:desk_programme")
    return {
        "today": reverse("courses:desk"),
        "programme, list": f"{board}?skats=saraksts",
        "programme, week": f"{board}?skats=nedela",
        "programme, month": f"{board}?skats=menesis",
        "the list of an activity": reverse("courses:desk_activity", args=[usual]),
        "the list of 200 people": reverse("courses:desk_activity", args=[1]),
        "editor": reverse("courses:desk_edit", args=[usual]),
        "sessions": reverse("courses:desk_sessions", args=[usual]),
        "standing": reverse("courses:desk_status", args=[usual]),
        "message to a group": reverse("courses:desk_message", args=[usual]),
        "search by telephone": reverse("courses:desk_search", args=[usual]) + "?q=anna",
        "attendance sheet of 200": reverse("courses:desk_attendance", args=[session]),
        "educators": reverse("courses:desk_educators"),
        "one educator": reverse("courses:desk_educator", args=[_busiest_educator()]),
        "posts": reverse("courses:desk_posts"),
        "changes of everything": reverse("courses:desk_trail"),
        "changes, by a word": reverse("courses:desk_trail") + "?meklet=a",
        "who looked": reverse("courses:desk_trail") + "?skats=skatijumi",
        "changes of an activity": reverse("courses:desk_changes", args=[usual]),
        "people": reverse("courses:desk_people") + "?q=anna",
        "one person": reverse("courses:desk_person", args=[_person()]),
        "possible doubles": reverse("courses:desk_doubles"),
        "certificates of an activity": reverse("courses:desk_certificates", args=[_with_certificates()]),
        "messages of an activity": reverse("courses:desk_messages", args=[usual]),
        "feedback of an activity": reverse("courses:desk_feedback", args=[_with_feedback()]),
        "rehearsal of a season": f"{reverse('courses:desk_season')}?{_season()}",
        "templates": reverse("courses:desk_templates"),
        "copying an activity": reverse("courses:desk_clone", args=[usual]),
    }


def _busiest_educator() -> int:
    from courses.models import Activity

    through = Activity.educators.through.objects.values_list("educator")
    return int(through.annotate(number=Count("pk")).order_by("-number", "educator")[0][0])


def _person() -> str:
    from courses.models import Registration

    return str(Registration.objects.filter(activity=1).order_by("pk").values_list("resident", flat=True)[0])


def _with_certificates() -> int:
    from courses.models import Certificate

    ours = Certificate.objects.filter(activity__lead=_head_department()).order_by("pk")
    return int(ours.values_list("activity", flat=True)[0])


def _with_feedback() -> int:
    from courses.models import FeedbackRound

    return int(FeedbackRound.objects.filter(activity__lead=_head_department(), people__gte=5).order_by("pk")[0].pk)


def _season() -> str:
    """Of one parish as many days of the autumn a year ago as have a few hundred activities, to next year."""
    from django.utils import timezone

    from courses.models import Activity

    lead = _head_department()
    first = timezone.localdate() - timedelta(days=365)
    parish = Activity.objects.get(pk=1).parish
    begun = Activity.objects.filter(lead=lead, parish=parish, starts_at__date__gte=first)
    last = min(
        list(begun.order_by("starts_at").values_list("starts_at__date", flat=True)[:SEASON])[-1],
        first + timedelta(days=200),
    )
    asked = {"no": first, "lidz": last - timedelta(days=1), "sakums": timezone.localdate() + timedelta(days=30)}
    return urlencode({**asked, "nodala": lead, "pagasts": parish.slug})


def _head_department() -> str:
    from coordinators.models import Post

    return str(Post.objects.get(pk=1000).department_id)


def desk_sheet() -> None:
    """Seconds to mark 200 people: all in one form, and one tap."""
    from django.test import Client
    from django.urls import reverse

    from courses.models import Registration, Session
    from ecosystem.models import User

    client = Client()
    client.force_login(User.objects.get(pk=1))
    session = Session.objects.filter(activity=1).get()
    people = list(
        Registration.objects.filter(activity=1, state="confirmed").order_by("pk").values_list("pk", flat=True)
    )
    address = reverse("courses:desk_attendance", args=[session.pk])
    whole, taps = [], []
    for turn in range(TIMES):
        value = ("present", "absent")[turn % 2]
        with _timed(whole):
            answer = client.post(address, {f"p-{pk}": value for pk in people})
        assert answer.status_code == 302, answer.status_code
        with _timed(taps):
            answer = client.post(
                address, {f"p-{people[turn]}": "excused", f"ago-{people[turn]}": "0"}, HTTP_ACCEPT="application/json"
            )
        assert answer.status_code == 200, answer.status_code
    print(json.dumps({"people": len(people), "whole": sorted(whole), "tap": sorted(taps)}))


def desk_import() -> None:
    """Seconds to take a programme file of a thousand new rows, of the same again, with every session moved, with leads."""
    from django.utils import timezone

    from courses import imports
    from courses.domain import importing

    told = {}
    turns = (
        ("new", 10),
        ("the same again", 10),
        ("every session moved", 15),
        ("moved again, half of them led", 10),
        ("the same again, half of them led", 10),
    )
    for name, hour in turns:
        content = _file(hour)
        if name == "moved again, half of them led":
            _lead()
        taken: list[float] = []
        with _timed(taken):
            sheet = imports.read_bytes(content)
            outcome = importing.import_rows(
                rows=sheet.rows, columns=sheet.columns, refused=sheet.refused, now=timezone.now()
            )
        if outcome.accepted != ROWS:
            raise SystemExit(f"{name}: {outcome.refused[:3]}")
        told[name] = taken[0]
    print(json.dumps(told))


def _lead() -> None:
    """Every second activity of the file has an educator of its own, so that nobody is in two places."""
    from coordinators.models import Educator
    from courses.models import Activity

    rows = Activity.objects.filter(ref__startswith="imports").order_by("pk").values_list("pk", flat=True)
    led, lead = list(rows)[::2], _head_department()
    made = Educator.objects.bulk_create(Educator(name=f"Vada {pk}", department_id=lead) for pk in led)
    through = Activity.educators.through
    pairs = zip(led, made, strict=True)
    through.objects.bulk_create(through(activity_id=pk, educator=educator) for pk, educator in pairs)


def _file(hour: int) -> bytes:
    """A programme file of four sessions a row, all of them beginning at this hour."""
    from django.utils import timezone

    from ecosystem.models import Audience, Parish, Topic

    parishes = list(Parish.objects.current().values_list("name", flat=True))
    topics = list(Topic.objects.current().values_list("code", flat=True))
    audiences = list(Audience.objects.current().values_list("code", flat=True))
    start, lead = timezone.localdate() + timedelta(days=40), _head_department()
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["ref", "department", "parish", "title", "topic", "audiences", "capacity", "status", "sessions"])
    for number in range(ROWS):
        days = [start + timedelta(days=number % 60 + 7 * week) for week in range(4)]
        sessions = ";".join(f"{day}T{hour}:00/{hour + 1}:30" for day in days)
        parish, topic = parishes[number % len(parishes)], topics[number % len(topics)]
        audience = audiences[number % len(audiences)]
        writer.writerow(
            [f"imports{number}", lead, parish, f"Nodarbība {number}", topic, audience, 12, "planned", sessions]
        )
    return out.getvalue().encode()


@contextmanager
def _timed(into: list[float]) -> Iterator[None]:
    started = time.perf_counter()
    yield
    into.append(time.perf_counter() - started)


COMMANDS: dict[str, Callable[..., Any]] = {f.__name__: f for f in (desk_world, desk_pages, desk_sheet, desk_import)}
