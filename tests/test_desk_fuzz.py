"""Whatever is typed into an address or a form of the desk, or of a signed link: an answer, never a failure.

Every address is walked with keys that cannot be; every form of every page is sent as it stands, with each of its fields
missing, doubled or odd, and with all of them odd at once. What is odd is drawn by chance from a fixed seed. The answer
is not judged here beyond being one: what each refusal says is proved by the tests of its part.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser
from random import Random
from typing import Any
from urllib.parse import quote

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from courses.domain import links
from courses.models import Activity
from tests import factories as f

pytestmark = pytest.mark.django_db
SEED = 20270111
KEYS = [
    *("0", "-1", "1000000000000000000", "9223372036854775808", "9" * 40, "x", "a" * 2000, ".."),
    *(quote(odd) for odd in ("ā", "\x00", "\u202e", "1\n", "%", "1/../2")),
    "00000000-0000-4000-8000-000000000000",
]
ODD = [
    *("", "0", "-1", "1000000000000000000", "9" * 40, "abc", "x" * 10_000, "²", "١٢", "1e9", "NaN", "inf", "1,5", "-0"),
    *(
        "ā\x00b",
        "\x07\x1b",
        "\u202e",
        "\ud7ff",
        "\r\nBcc: a@example.lv",
        "=1+1",
        "<script>",
        "'; --",
        "%00",
        "{}",
        "[[[",
    ),
    *("2027-02-30", "0001-01-01", "9999-12-31", "0001-01-01T00:00", "9999-12-31T23:59", "2027-03-28T03:30", "99:99"),
    *("00000000-0000-4000-8000-000000000000", "@", "a@b", "+371", "../../etc/passwd", "1;2;3", "None", "true"),
]


class Forms(HTMLParser):
    """The forms of a page: where they go, their fields with the values they have, their buttons."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, Any]] = []
        self._is_inside = False
        self._select: str = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take what a browser would send."""
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            method, action = said.get("method", "get").lower(), said.get("action", "")
            self.forms.append({"method": method, "action": action, "fields": {}, "buttons": [{}]})
            self._is_inside = True
        name = said.get("name", "")
        if tag == "option" and self._select:
            chosen = self.forms[-1]["fields"]
            if "selected" in said or not chosen[self._select]:
                chosen[self._select] = said.get("value", "")
        if not self._is_inside or not name:
            return
        if tag == "button" or said.get("type") == "submit":
            self.forms[-1]["buttons"].append({name: said.get("value", "")})
        elif tag in ("input", "textarea", "select"):
            ticked = said.get("type") not in ("checkbox", "radio") or "checked" in said
            value = said.get("value", "x") if ticked or name not in self.forms[-1]["fields"] else None
            if value is not None:
                self.forms[-1]["fields"][name] = value if tag == "input" else ""
            self._select = name if tag == "select" else self._select

    def handle_endtag(self, tag: str) -> None:
        """A form or a choice ends."""
        if tag == "form":
            self._is_inside = False
        if tag == "select":
            self._select = ""


class Walk:
    """One reader who sends whatever there is; nothing of it stays, so that each page is met as it was."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.client.raise_request_exception = False
        self.chance = Random(SEED)
        self.asked = 0
        # Of forms that differ in nothing but their row, one is sent.
        self.sent: list[tuple[str, list[str]]] = []
        self.failed: list[str] = []

    def ask(self, method: str, address: str, data: dict[str, Any] | None = None) -> Any:
        """One request; a failure is noted with all that was sent."""
        self.asked += 1
        with transaction.atomic():
            response = getattr(self.client, method)(address, data or {})
            transaction.set_rollback(True)
        if response.status_code >= 500:
            self.failed.append(f"{method} {address} { ({k: str(v)[:60] for k, v in (data or {}).items()}) }")
        return response

    def page(self, address: str) -> None:
        """A page and all that its forms can be sent with."""
        response = self.ask("get", address)
        if response.status_code != 200 or "html" not in response["Content-Type"]:
            return
        found = Forms()
        found.feed(response.content.decode())
        for form in found.forms:
            target = form["action"].split("#")[0] or address
            if target.startswith("?"):
                target = address.split("?")[0] + target
            form["fields"].pop("csrfmiddlewaretoken", None)
            if not target.startswith(("/konts/", "/demo/", "/valoda/")):
                self.form(form, target)

    def form(self, form: dict[str, Any], target: str) -> None:
        """One form: as it stands, empty, field by field, all at once."""
        fields = form["fields"]
        button = self.chance.choice(form["buttons"][1:] or [{}])
        kind = (re.sub(r"[\d-]+", "0", target), sorted(fields))
        if kind in self.sent:
            return
        self.sent.append(kind)
        self.ask(form["method"], target, {name: self.chance.choice(ODD) for name in fields} | button)
        self.ask(form["method"], target, {**fields, **button})
        self.ask(form["method"], target, button)
        if fields:
            one, other = self.chance.choice(sorted(fields)), self.chance.choice(sorted(fields))
            self.ask(form["method"], target, {**fields, one: self.chance.choice(ODD), **button})
            self.ask(form["method"], target, {**fields, other: ["1", "x", "-1"], **button})


def addresses() -> Iterator[str]:
    """Every address of the programme, the desk and the signed links that has something of the reader's in it."""

    def walk(resolver: URLResolver, before: str) -> Iterator[str]:
        for pattern in resolver.url_patterns:
            path = before + str(pattern.pattern)
            if isinstance(pattern, URLPattern):
                yield path
            else:
                yield from walk(pattern, path)

    return (f"/{path}" for path in walk(get_resolver(), "") if "<" in path and not path.startswith("konts/"))


@pytest.fixture
def administrator(client: Client) -> Client:
    client.force_login(f.PostFactory(kind="administrator", parishes=[]).holder)
    return client


@pytest.fixture
def world() -> dict[str, Activity]:
    """One activity to come with somebody in every state, one that is over, a draft without days."""
    now = timezone.now()
    room, educator = f.RoomFactory(), f.EducatorFactory(link_issued_at=now)
    youth = f.DepartmentFactory(code="JAU", name="Jaunatnes lietu nodaļa")
    coming = f.ActivityFactory(
        first=now + timedelta(days=5), taken=2, waiting=1, capacity=2, needs_approval=True, asks_confirmation=True,
        min_participants=2, educators=[educator], partners=[youth],
    )  # fmt: skip
    coming.sessions.filter(pk=coming.sessions.order_by("pk").first().pk).update(room=room)
    for number, state in enumerate(("confirmed", "offered", "queued", "awaiting_approval", "cancelled")):
        party = f.PartyFactory(activity=coming, email=f"p{number}@example.lv")
        f.RegistrationFactory(
            party=party, state=state, resident__family_name=f"Ozola{number}",
            offered_until=now + timedelta(hours=5) if state == "offered" else None,
        )  # fmt: skip
    over = f.ActivityFactory(weeks=1, first=now - timedelta(days=3), status="completed", taken=1, educators=[educator])
    f.AttendanceFactory(registration=f.RegistrationFactory(party=f.PartyFactory(activity=over)))
    draft = f.ActivityFactory(sessions=[], status="draft", title="Melnraksts")
    f.TemplateFactory()
    return {"coming": coming, "over": over, "draft": draft}


def test_no_address_fails_on_keys_that_cannot_be(administrator: Client) -> None:
    walk = Walk(administrator)
    stranger = Walk(Client())
    for place, pattern in enumerate(addresses()):
        # Each with a few of the keys in turn; each second by a press, some by a stranger.
        for number in range(4):
            address = re.sub(r"<[^>]*>", KEYS[(place + 5 * number) % len(KEYS)], pattern)
            (stranger if number == 3 else walk).ask(("get", "post")[number % 2], address)
    assert walk.failed + stranger.failed == []
    assert walk.asked + stranger.asked > 150


ACTIVITY_PAGES = [
    *("", "labot/", "sagatave/", "nodarbibas/", "statuss/", "kopet/", "kopigi/", "pieteikt/", "pieteikt/jauns/"),
    *("zina/", "zinas/", "atsauksmes/", "atcelt/", "izmainas/", "apliecibas/"),
]


@pytest.mark.parametrize("which", ["coming", "over", "draft"])
def test_no_page_of_an_activity_fails_whatever_is_sent(
    administrator: Client, world: dict[str, Activity], which: str
) -> None:
    walk, activity = Walk(administrator), world[which]
    for page in ACTIVITY_PAGES:
        walk.page(f"/darbs/aktivitates/{activity.pk}/{page}")
    for session in activity.sessions.all()[:1]:
        walk.page(reverse("courses:desk_attendance", args=[session.pk]))
    assert walk.failed == []
    assert walk.asked > 30, walk.asked


OVERLAP_PAGES = ["", "kopigi/", "parcelt/", "merkgrupa/"]


@pytest.mark.parametrize("which", ["coming", "over", "draft"])
def test_no_page_of_an_overlap_fails_whatever_is_sent(
    administrator: Client, world: dict[str, Activity], which: str
) -> None:
    walk = Walk(administrator)
    overlap = f.OverlapFactory(one=world[which], other=f.ActivityFactory(lead=f.DepartmentFactory(code="JAU")))
    for page in OVERLAP_PAGES:
        walk.page(f"/darbs/parklasanas/{overlap.pk}/{page}")
    assert walk.failed == []
    # What is over or a draft is only looked at, and written about.
    assert walk.asked > (15 if which == "coming" else 5), walk.asked


def test_no_page_of_the_rules_fails_whatever_is_sent(administrator: Client, world: dict[str, Activity]) -> None:
    walk = Walk(administrator)
    for page in ("", "jauni/", "1/"):
        walk.page(f"/darbs/noteikumi/{page}")
    proposal = f.RuleSetFactory(thresholds={"near_km": 14}, proposed_by=f.DepartmentFactory(code="JAU"))
    for page in ("", "jauni/", f"{proposal.version}/", f"{proposal.version}/?izmeginat=1"):
        walk.page(f"/darbs/noteikumi/{page}")
    assert walk.failed == []
    assert walk.asked > 15, walk.asked


@pytest.mark.parametrize("which", ["coming", "over", "draft"])
def test_no_page_of_totals_and_limits_fails_whatever_is_sent(
    administrator: Client, world: dict[str, Activity], which: str
) -> None:
    walk = Walk(administrator)
    for page in ("", "?veids=atzimet", "?veids=%00"):
        walk.page(f"/darbs/aktivitates/{world[which].pk}/kopskaiti/{page}")
    for code in ("", "youth/", "small_cell/", "completion_percent/"):
        walk.page(f"/darbs/iestatijumi/{code}")
    assert walk.failed == []
    assert walk.asked > 15, walk.asked


DESK_PAGES = [
    *("", "programma/", "programma/?skats=nedela", "programma/?skats=menesis", "fails/", "fails/eksports/"),
    *("programma/kopet/", "sagataves/", "aktivitates/jauna/", "pasniedzeji/", "pasniedzeji/jauns/", "amati/"),
    *("amati/jauns/", "zurnals/", "iedzivotaji/", "iedzivotaji/?q=ozola", "dubultnieki/"),
    *("parklasanas/", "parklasanas/kalendars/", "parklasanas/merkgrupas/", "parklasanas/funkcijas/"),
]


def test_no_other_page_of_the_desk_fails_whatever_is_sent(administrator: Client, world: dict[str, Activity]) -> None:
    walk = Walk(administrator)
    person = world["coming"].registrations.first().resident  # type: ignore[union-attr]
    post = f.PostFactory(holder=None)
    educator = world["coming"].educators.first()
    for page in (
        *DESK_PAGES,
        *(f"iedzivotaji/{person.pk}/{more}" for more in ("", "labot/", "dati/", "dzest/", "jaunumi/")),
        *(f"pasniedzeji/{educator.pk}/{more}" for more in ("", "labot/")),
        *(f"amati/{post.pk}/{more}" for more in ("", "labot/")),
    ):
        walk.page(f"/darbs/{page}")
    overlaps = ("desk_overlaps", "desk_overlap_calendar", "desk_who_serves", "desk_who_does")
    for name in ("desk_export", "desk_programme", "desk_people", "desk_trail", *overlaps):
        for odd in walk.chance.sample(ODD, 8):
            names = ("no", "lidz", "q", "nodala", "pagasts", "lapa", "kas", "nedela", "menesis", "skats", "format")
            if name in overlaps:
                names = (
                    "no",
                    "lidz",
                    "nodalas",
                    "pagasts",
                    "lapa",
                    "merkgrupa",
                    "menesis",
                    "stavoklis",
                    "seciba",
                    "mani",
                )
            walk.ask("get", reverse(f"courses:{name}"), dict.fromkeys(walk.chance.sample(names, 4), odd))
    assert walk.failed == []
    assert walk.asked > 30, walk.asked


def test_no_page_behind_a_signed_link_fails_whatever_is_sent(world: dict[str, Activity], client: Client) -> None:
    walk, coming = Walk(client), world["coming"]
    educator = coming.educators.get()
    token = links.educator_token(educator)
    walk.page(reverse("courses:educator", args=[token]))
    for session in coming.sessions.all()[:1]:
        walk.page(reverse("courses:educator_sheet", args=[token, session.pk]))
    for key in (10**18, 2**63):
        walk.ask("post", f"/pasniedzejs/{token}/nodarbibas/{key}/", {"r-1": "present"})
    for row in coming.registrations.select_related("party").order_by("pk"):
        party = links.party_token(row.party)
        for name, sealed in (
            *(("party", party), ("attend", party), ("received", links.received_token(row.party))),
            ("offer", links.offer_token(row)),
        ):
            walk.page(reverse(f"courses:{name}", args=[sealed]))
    for consent in (f.ConsentFactory(), f.ConsentFactory(contact="jauna@example.lv", confirmed_at=None)):
        for name, sealed in (
            ("news_own", links.news_token(consent)),
            ("news_stop", links.news_token(consent)),
            ("news_confirm", links.confirm_token(consent)),
        ):
            walk.page(reverse(f"courses:{name}", args=[sealed]))
    for name in ("find_registration", "certificate_entry", "mine", "news"):
        walk.page(reverse(f"courses:{name}"))
    assert walk.failed == []
    assert walk.asked > 30, walk.asked
