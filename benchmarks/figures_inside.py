"""What the measurement of figures needs of Django: ten years of facts, their making, the copy, every figure, the page."""

import json
import random
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

# So many times each figure, with one filter after another.
TIMES, PAGES = 6, 30


def figures_world(size: str, known: str) -> None:
    """Fill the database; with ``known`` by marks of people who are known, from which facts are made, else facts alone."""
    from benchmarks.figures_world import fill

    print(json.dumps({"facts": fill(int(size), known=bool(known))}))


def figures_make() -> None:
    """Everybody's facts from all that is there, then once more, which changes nothing."""
    from django.db import connection

    from reporting.domain.facts import making
    from reporting.models import Participation

    began = time.perf_counter()
    made = making.make_all()
    seconds = time.perf_counter() - began
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE reporting_participation")
    again = making.make_all()
    print(json.dumps({"made": made, "seconds": seconds, "again": again, "facts": Participation.objects.count()}))


def figures_copy() -> None:
    """The copy made anew; its size."""
    from django.utils import timezone

    from reporting.domain.data import copy

    began = time.perf_counter()
    path = copy.make(now=timezone.now())
    print(json.dumps({"seconds": time.perf_counter() - began, "mb": path.stat().st_size / 1_000_000}))


def figures_ask() -> None:
    """Seconds of each indicator, whole, by each breakdown, with each filter, over a quarter, a year and ten years."""
    from reporting.domain import indicators
    from reporting.domain.data import copy
    from reporting.domain.figures import Asked

    source = copy.current()
    if source is None:
        raise SystemExit("There is no copy.")
    dice = random.Random(1)
    codes = _codes()
    found: dict[str, list[tuple[float, str]]] = {}
    for name, period in _periods().items():
        took = []
        for code, indicator in indicators.INDICATORS.items():
            filters: list[dict[str, tuple[str, ...]]] = [{}]
            filters += [{one: (dice.choice(codes[one]),)} for one in indicator.by if one in codes]
            for by in ((), *((one,) for one in indicator.by)):
                for some in filters:
                    source.forget()
                    began = time.perf_counter()
                    indicators.figure(code, Asked(period, some, by), source=source)
                    took.append((time.perf_counter() - began, f"{code} {','.join(by)} {some}"))
        found[name] = sorted(took, reverse=True)
    told = {name: {"seconds": [one for one, _what in took], "longest": took[0][1]} for name, took in found.items()}
    print(json.dumps(told))


def figures_page() -> None:
    """The dashboard as whole requests inside one process, a head signed in, another filter each time."""
    from django.test import Client
    from django.utils import timezone

    from coordinators.models import Post
    from ecosystem.models import User

    head, _made = User.objects.get_or_create(email="head@example.lv", defaults={"name": "Vadītāja"})
    Post.objects.get_or_create(kind="head", department_id="MUZ", holder=head, starts_on=timezone.localdate())
    client = Client()
    client.force_login(head)
    addresses = _addresses()
    took = []
    for at, address in enumerate([*addresses[:3], *addresses]):
        _forget()
        began = time.perf_counter()
        answer = client.get(address)
        if answer.status_code != 200:
            raise SystemExit(f"{address} answered {answer.status_code}")
        if at >= 3:
            took.append(time.perf_counter() - began)
    print(json.dumps(took))


def figures_beside() -> None:
    """One quarter's different people by department and parish: the portal's, plain SQL on PostgreSQL, plain DuckDB."""
    from django.db import connection

    from reporting.domain import indicators
    from reporting.domain.data import copy
    from reporting.domain.figures import Asked

    source = copy.current()
    if source is None:
        raise SystemExit("There is no copy.")
    period = _periods()["a quarter"]

    def ours() -> Any:
        asked = Asked(period, by=("department", "parish"))
        return {tuple(row.keys.values()): row.n for row in indicators.figure("DAL-01", asked, source=source).rows}

    plain = """
        SELECT d.department_id, a.parish_id, count(DISTINCT f.who_id)
        FROM reporting_participation f JOIN courses_session s ON s.id = f.session_id
        JOIN courses_activity a ON a.id = s.activity_id JOIN (
            SELECT id, lead_id AS department_id FROM courses_activity
            UNION SELECT activity_id, department_id FROM courses_activity_partners) d ON d.id = a.id
        WHERE (s.starts_at AT TIME ZONE 'Europe/Riga')::date BETWEEN %s AND %s GROUP BY 1, 2
    """

    def postgres() -> Any:
        with connection.cursor() as cursor:
            cursor.execute(plain, [period.first, period.last])
            return {(department, parish): n for department, parish, n in cursor.fetchall()}

    def duck() -> Any:
        sql = (
            "SELECT d.department, c.parish, count(DISTINCT c.who) FROM came c JOIN departments d USING (activity)"
            " WHERE c.held_on BETWEEN %s AND %s GROUP BY 1, 2"
        )
        rows = source.rows(sql, [period.first, period.last], tables=[])
        return {(department, parish): n for department, parish, n in rows}

    answers = [ours(), postgres(), duck()]
    print(
        json.dumps(
            {
                "same": all(one == answers[0] for one in answers),
                "ours": _times(ours),
                "postgres": _times(postgres),
                "duckdb": _times(duck),
            }
        )
    )


def _times(question: Callable[[], Any]) -> list[float]:
    took = []
    for _ in range(TIMES):
        _forget()
        began = time.perf_counter()
        question()
        took.append(time.perf_counter() - began)
    return sorted(took)


def _forget() -> None:
    """Nothing is answered from memory."""
    from reporting.domain.data import copy

    if (source := copy.current()) is not None:
        source.forget()


def _periods() -> dict[str, Any]:
    from django.utils import timezone

    from reporting.domain.figures import Period

    last = timezone.localdate().replace(day=1) - timedelta(days=120)
    return {
        "a quarter": Period(last - timedelta(days=91), last),
        "a year": Period(last - timedelta(days=364), last),
        "ten years": Period(last - timedelta(days=3650), date(last.year, 12, 31)),
    }


def _codes() -> dict[str, list[str]]:
    """What filters may ask for."""
    from ecosystem.models import Audience, Department, Parish, Topic
    from reporting.enums import Band

    parishes = list(Parish.objects.values_list("pk", flat=True).order_by("pk"))
    return {
        "department": list(Department.objects.values_list("pk", flat=True).order_by("pk")),
        "parish": parishes,
        "residence": parishes,
        "audience": list(Audience.objects.filter(is_sensitive=False).values_list("pk", flat=True).order_by("pk")),
        "topic": list(Topic.objects.values_list("pk", flat=True).order_by("pk")),
        "age": list(Band.values),
        "sex": ["female", "male"],
        "kind": ["educational", "leisure"],
    }


def _addresses() -> list[str]:
    """The dashboard over a year with one filter after another; ``FILTERS`` are its own names."""
    from urllib.parse import urlencode

    from django.urls import reverse

    period = _periods()["a year"]
    dice = random.Random(2)
    codes = _codes()
    names = {"department": "nodala", "audience": "merkgrupa", "topic": "tema", "age": "vecums", "sex": "dzimums"}
    page = reverse("reporting:desk_figures")
    found = []
    for at in range(PAGES):
        said = {"periods": "cits", "no": period.first.isoformat(), "lidz": period.last.isoformat(), "izvele": "1"}
        if at % 6:
            which = list(names)[at % 5]
            said[names[which]] = dice.choice(codes[which])
        found.append(f"{page}?{urlencode(said)}")
    return found


COMMANDS: dict[str, Callable[..., None]] = {
    "figures_world": figures_world,
    "figures_make": figures_make,
    "figures_copy": figures_copy,
    "figures_ask": figures_ask,
    "figures_page": figures_page,
    "figures_beside": figures_beside,
}
