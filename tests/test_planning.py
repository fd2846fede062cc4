"""Planning at the desk: drafts, sessions by rule, standing, copies, files; two people at once; nobody else's ground."""

import html
import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone, translation

from centres.models import Room
from coordinators.models import Post
from courses import imports
from courses.models import Activity, Session
from tests.factories import (
    RIGA,
    ActivityFactory,
    AudienceFactory,
    CentreFactory,
    DepartmentFactory,
    ParishFactory,
    PostFactory,
    RoomFactory,
    SessionFactory,
    TopicFactory,
    at,
)

pytestmark = pytest.mark.django_db
NEW = "/en/darbs/aktivitates/jauna/"


def next_tuesday(weeks: int = 3) -> date:
    """A Tuesday some weeks from now, whatever day it is."""
    day = timezone.localdate() + timedelta(weeks=weeks)
    return day + timedelta(days=(1 - day.weekday()) % 7)


def in_a_month(**kwargs: Any) -> Activity:
    """An activity of the coordinator's that begins on a Tuesday to come, four Tuesdays at ten."""
    # A page in English leaves its language behind, and the title would be English.
    with translation.override("lv"):
        return ActivityFactory(first=datetime.combine(next_tuesday(), time(10), tzinfo=RIGA), **kwargs)


@pytest.fixture
def coordinator(client: Client) -> Client:
    """The coordinator of Elejas pagasts, signed in; a centre with a room is there."""
    client.force_login(PostFactory().holder)
    CentreFactory()
    RoomFactory()
    TopicFactory()
    AudienceFactory()
    return client


def typed(**changes: Any) -> dict[str, Any]:
    """What is least for a draft."""
    return {
        "title_lv": "Adīšana",
        "topic": "crafts",
        "kind": "educational",
        "language": "lv",
        "format": "in_person",
        "lead": "MUZ",
        "place": f"centre:{CentreFactory().pk}",
        "save": "1",
        **changes,
    }


def when(**changes: Any) -> dict[str, Any]:
    """Two Tuesdays at six in the hall."""
    given = {
        "first": f"{next_tuesday():%Y-%m-%d}",
        "starts": "18:00",
        "ends": "19:30",
        "count": "2",
        "every": "1",
        "room": str(RoomFactory().pk),
        **changes,
    }
    return {f"when-{name}": value for name, value in given.items()}


def test_a_title_a_topic_a_department_and_a_place_make_a_draft(coordinator: Client) -> None:
    answer = coordinator.post(NEW, typed())
    made = Activity.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/en/darbs/aktivitates/{made.pk}/labot/")
    row = Activity.objects.rewrite(False).values_list("title", "title_lv", "status", "session_count").get()
    assert row == ("Adīšana", "Adīšana", "draft", 0)
    assert "The draft is saved." in coordinator.get(answer.headers["Location"]).content.decode()


def test_a_draft_with_a_rule_gets_its_sessions_and_the_preview_saves_nothing(coordinator: Client) -> None:
    page = coordinator.post(NEW, {**typed(title_lv="Vēl nav pateikts"), **when(), "preview": "1"})
    text = page.content.decode()
    assert (page.status_code, Activity.objects.count()) == (200, 0)
    assert "2 sessions" in text and 'value="Vēl nav pateikts"' in text
    assert '<option value="crafts" selected>' in text
    assert coordinator.post(NEW, {**typed(), **when()}).status_code == 302
    assert list(Session.objects.values_list("room__name", flat=True).order_by("pk")) == ["Zāle", "Zāle"]


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(coordinator: Client) -> None:
    page = coordinator.post(
        NEW, {**typed(title_lv="", age_min="70", age_max="60", summary_lv="Adīsim"), **when(count="")}
    )
    text = page.content.decode()
    assert (page.status_code, Activity.objects.count()) == (422, 0)
    for name in ("id_title_lv_error", "id_when-count_error"):
        assert f'id="{name}"' in text
    assert "Adīsim" in text and "<title>Error:" in text
    page = coordinator.post(NEW, {**typed(age_min="70", age_max="60"), **when(first="2020-01-07")})
    assert page.status_code == 422 and "has passed already" in page.content.decode()


def test_only_ground_of_ones_own_is_offered_and_taken(coordinator: Client) -> None:
    DepartmentFactory(code="JAU", name="Jaunatnes lietas")
    vilce = ParishFactory(code="0540290", name="Vilces pagasts")
    text = coordinator.get(NEW).content.decode()
    assert 'value="parish:0540248"' in text and 'value="parish:0540290"' not in text
    page = coordinator.post(NEW, typed(lead="JAU", place=f"parish:{vilce.pk}"))
    assert (page.status_code, Activity.objects.count()) == (422, 0)
    # Each is on offer by another post, but not together.
    PostFactory(
        department=DepartmentFactory(code="JAU"),
        parishes=[vilce],
        holder=Post.objects.get().holder,
    )
    page = coordinator.post(NEW, typed(lead="JAU"))
    assert page.status_code == 422 and "does not plan for this department" in page.content.decode()
    assert coordinator.post(NEW, typed(lead="JAU", place=f"parish:{vilce.pk}")).status_code == 302


def test_another_departments_activity_is_not_changed(coordinator: Client) -> None:
    other = in_a_month(lead=DepartmentFactory(code="JAU", name="Jaunatnes lietas"))
    draft = in_a_month(lead=DepartmentFactory(code="JAU"), status="draft")
    for page in ("labot", "nodarbibas", "statuss", "kopet"):
        assert coordinator.post(f"/en/darbs/aktivitates/{other.pk}/{page}/", typed()).status_code == 403
        assert coordinator.get(f"/en/darbs/aktivitates/{draft.pk}/{page}/").status_code == 404


def stamp(client: Client, activity: Activity) -> str:
    """The hidden stamp of the page."""
    text = client.get(f"/en/darbs/aktivitates/{activity.pk}/labot/").content.decode()
    return text.split('name="changed_at" value="')[1].split('"')[0]


def test_the_later_of_two_is_told_and_may_save_over(coordinator: Client) -> None:
    activity = in_a_month(status="draft", summary="")
    address = f"/en/darbs/aktivitates/{activity.pk}/labot/"
    seen = stamp(coordinator, activity)
    # Places taken meanwhile are no conflict: the page does not show them.
    Activity.objects.filter(pk=activity.pk).update(taken=1, changed_at=timezone.now())
    audience = {"audiences": "everyone"}
    assert coordinator.post(address, typed(changed_at=seen, title_lv="Pirmais", **audience)).status_code == 302
    page = coordinator.post(address, typed(changed_at=seen, title_lv="Otrais", summary_lv="Mans", **audience))
    text = page.content.decode()
    assert page.status_code == 409
    for shown in ("<td>Pirmais</td><td>Otrais</td>", "<td>–</td><td>Mans</td>", 'value="Otrais"'):
        assert shown in text
    activity.refresh_from_db()
    assert activity.title == "Pirmais"
    again = text.split('name="changed_at" value="')[1].split('"')[0]
    assert coordinator.post(address, typed(changed_at=again, title_lv="Otrais", **audience)).status_code == 302
    activity.refresh_from_db()
    assert (activity.title, activity.session_count, activity.taken) == ("Otrais", 4, 1)


def test_a_session_is_moved_alone_and_a_taken_room_offers_a_free_one(coordinator: Client) -> None:
    activity, other = in_a_month(), in_a_month(title="Koris")
    hall = RoomFactory()
    Room.objects.create(centre=hall.centre, name="Klase")
    other.sessions.update(room=hall)
    first = activity.sessions.order_by("starts_at").first()
    assert first
    address = f"/en/darbs/aktivitates/{activity.pk}/nodarbibas/"
    move = {
        "action": "move",
        "session": first.pk,
        "session-day": f"{next_tuesday():%Y-%m-%d}",
        "session-starts": "11:00",
        "session-ends": "12:30",
        "session-room": hall.pk,
    }
    page = coordinator.post(address, move)
    text = page.content.decode()
    assert page.status_code == 422 and "«Koris»" in text and "Free at that time: «Klase»" in text
    assert coordinator.post(address, {**move, "session-starts": "12:00"}).status_code == 302
    first.refresh_from_db()
    activity.refresh_from_db()
    assert timezone.localtime(first.starts_at).hour == 12
    assert (first.room, activity.starts_at, activity.session_count) == (hall, first.starts_at, 4)


def test_sessions_are_added_and_called_off_with_a_reason(coordinator: Client) -> None:
    activity = in_a_month()
    address = f"/en/darbs/aktivitates/{activity.pk}/nodarbibas/"
    one = {"new-day": f"{next_tuesday():%Y-%m-%d}", "new-starts": "10:00", "new-ends": "11:00"}
    assert "There is a session on" in coordinator.post(address, {"action": "add", **one}).content.decode()
    assert (
        coordinator.post(address, {"action": "add", **one, "new-starts": "09:00", "new-ends": "09:50"}).status_code
        == 302
    )
    past = {**one, "new-day": "2024-03-05"}
    assert coordinator.post(address, {"action": "add", **past}).status_code == 422
    assert (
        coordinator.post(address, {"action": "series", **when(first=f"{next_tuesday(9):%Y-%m-%d}")}).status_code == 302
    )
    first = activity.sessions.order_by("starts_at").first()
    assert first
    off = {"action": "call_off", "session": first.pk}
    assert coordinator.post(address, {**off, "reason": " "}).status_code == 422
    assert coordinator.post(address, {**off, "reason": "Nav gaismas"}).status_code == 302
    first.refresh_from_db()
    activity.refresh_from_db()
    assert (first.cancellation_reason, activity.session_count) == ("Nav gaismas", 6)


def test_the_page_of_sessions_asks_the_same_for_one_and_for_many(
    coordinator: Client, same_queries: Callable[..., None]
) -> None:
    activity = in_a_month(weeks=1)
    first = activity.sessions.get()

    def add(number: int) -> None:
        SessionFactory(activity=activity, room=RoomFactory(), starts_at=first.ends_at + timedelta(days=number + 1))

    same_queries(8, add=add, visit=lambda: coordinator.get(f"/en/darbs/aktivitates/{activity.pk}/nodarbibas/"))


def test_each_step_says_what_is_missing(coordinator: Client) -> None:
    activity = ActivityFactory(status="draft", audiences=[], sessions=[], summary="")
    address = f"/en/darbs/aktivitates/{activity.pk}/statuss/"
    text = coordinator.get(address).content.decode()
    assert "Say whom the activity is for." in text and "at least one session" in text
    assert coordinator.post(address, {"step": "plan"}).status_code == 422
    passed = ActivityFactory(status="draft", first=at("2024-02-01 10:00"))
    page = coordinator.post(f"/en/darbs/aktivitates/{passed.pk}/statuss/", {"step": "plan"})
    assert (page.status_code, "All its sessions have passed." in page.content.decode()) == (422, True)
    ready = in_a_month(status="draft")
    address = f"/en/darbs/aktivitates/{ready.pk}/statuss/"
    for step, status in (("plan", "planned"), ("publish", "published"), ("back", "planned")):
        assert coordinator.post(address, {"step": step}).status_code == 302
        ready.refresh_from_db()
        assert ready.status == status
    Activity.objects.filter(pk=ready.pk).update(status="published", taken=1)
    assert coordinator.post(address, {"step": "back"}).status_code == 422
    assert ready.get_absolute_url() in coordinator.get(address).content.decode()


def test_a_copy_keeps_weekday_and_hour_and_leaves_a_taken_room_open(coordinator: Client) -> None:
    activity = in_a_month(ref="M-1", weeks=2)
    hall = RoomFactory()
    activity.sessions.update(room=hall)
    # Another meets in the hall a week after the original ends.
    busy = in_a_month(title="Koris", weeks=4)
    third = busy.sessions.order_by("starts_at")[2]
    third.room = hall
    third.save()
    address = f"/en/darbs/aktivitates/{activity.pk}/kopet/"
    monday = next_tuesday(5) - timedelta(days=1)
    page = coordinator.post(address, {"first_on": f"{monday:%Y-%m-%d}", "preview": "1"})
    assert page.status_code == 200 and "«Koris»" in page.content.decode()
    assert Activity.objects.count() == 2
    assert coordinator.post(address, {"first_on": f"{monday:%Y-%m-%d}"}).status_code == 302
    made = Activity.objects.latest("pk")
    assert (made.status, made.ref, made.title) == ("draft", "", activity.title)
    sessions = [
        (timezone.localdate(s.starts_at), timezone.localtime(s.starts_at).hour, s.room) for s in made.sessions.all()
    ]
    assert sessions == [(next_tuesday(5), 10, None), (next_tuesday(6), 10, hall)]
    assert coordinator.post(address, {"first_on": "2020-01-01"}).status_code == 422


FILES = "/en/darbs/fails/"
HEAD = "ref;department;parish;title;topic;audiences;sessions\n"


def sent(text: str | bytes, name: str = "programma.csv") -> SimpleUploadedFile:
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, text.encode() if isinstance(text, str) else text)


def row(ref: str, *, department: str = "MUZ", parish: str = "Elejas pagasts", title: str = "Koris") -> str:
    """One row of the file."""
    sessions = f"{timezone.localdate().year + 1}-02-04T10:00/12:15"
    return f"{ref};{department};{parish};{title};crafts;everyone;{sessions}\n"


def test_a_file_is_rehearsed_row_by_row_and_then_taken(coordinator: Client) -> None:
    DepartmentFactory(code="JAU", name="Jaunatnes lietas")
    ParishFactory(code="0540290", name="Vilces pagasts")
    text = HEAD + row("A") + row("B", title="=1+1") + row("C", department="JAU") + row("D", parish="Vilces pagasts")
    page = coordinator.post(FILES, {"file": sent(text)})
    shown = page.content.decode()
    assert (page.status_code, Activity.objects.count()) == (422, 0)
    cells = re.findall(r"<td>(\d+)</td><td>(\w+)</td><td>([^<]*)</td>", shown)
    assert cells == [("3", "title", "=1+1"), ("4", "department", "JAU"), ("5", "department", "MUZ")]
    kept = html.unescape(shown.split('name="kept" value="')[1].split('"')[0])
    answer = coordinator.post(FILES, {"take": "1", "kept": kept})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{FILES}?nemts=1")
    assert list(Activity.objects.values_list("ref", flat=True)) == ["A"]
    # What another person rehearsed, or somebody made up, is not taken.
    assert coordinator.post(FILES, {"take": "1", "kept": kept[:-3] + "abc"}).status_code == 422


def test_an_activity_is_not_taken_over_from_another_parish(coordinator: Client) -> None:
    vilce = ParishFactory(code="0540290", name="Vilces pagasts")
    theirs = in_a_month(ref="V-1", parish=vilce, centre=None)
    page = coordinator.post(FILES, {"file": sent(HEAD + row("V-1"))})
    assert page.status_code == 422 and "Vilces pagasts" in page.content.decode()
    theirs.refresh_from_db()
    assert theirs.parish == vilce


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"x" * 1_400_001, "liels.csv", "1.4 MB"),
        (b"%PDF-1.7 ...", "plakats.pdf", "neither CSV nor XLSX"),
        ("ref;nodaļa\n".encode("cp1257"), "veca.csv", "not in UTF-8"),
        (b"PK\x03\x04 no zip", "bojata.xlsx", "damaged"),
        (b"a;b;c\n1;2;3\n", "cits.csv", "is needed and missing"),
        (b"", "tuksa.csv", "empty"),
    ],
)
def test_a_wrong_file_is_refused_with_what_to_do(coordinator: Client, content: bytes, name: str, words: str) -> None:
    page = coordinator.post(FILES, {"file": sent(content, name)})
    assert page.status_code == 422 and words in page.content.decode()
    assert coordinator.post(FILES, {}).status_code == 422


def test_the_export_holds_what_the_reader_sees(coordinator: Client) -> None:
    in_a_month(ref="A")
    in_a_month(ref="B", lead=DepartmentFactory(code="JAU", name="Jaunatnes lietas"), status="planned")
    in_a_month(ref="C", lead=DepartmentFactory(code="JAU"), status="draft")

    def refs(query: str) -> list[str]:
        answer = coordinator.get(f"{FILES}eksports/?{query}")
        assert "attachment" in answer.headers["Content-Disposition"]
        return [each.cells["ref"] for each in imports.read_bytes(answer.content).rows]

    assert sorted(refs("format=csv")) == ["A", "B"]
    assert refs("format=xlsx&nodala=JAU&pagasts=0540248&statuss=planned") == ["B"]
    assert refs("format=csv&no=2099-01-01") == refs("sagatave=1") == []
