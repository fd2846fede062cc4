"""Today at the desk: the day's sessions, what wants a decision, finding an activity by telephone; the programme."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from coordinators.domain.access import reach
from courses.domain import today as desk
from courses.models import Session
from courses.views import desk as views
from ecosystem.dates import NBSP
from tests.factories import (
    NOW,
    TODAY,
    ActivityFactory,
    AttendanceFactory,
    AudienceFactory,
    CentreFactory,
    DepartmentFactory,
    FoundOverlapFactory,
    ParishFactory,
    PartyFactory,
    PostFactory,
    RegistrationFactory,
    RoomFactory,
    TopicFactory,
    UserFactory,
    at,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def vilce() -> Any:
    return ParishFactory(code="0540290", name="Vilces pagasts", centre_name="Vilce")


@pytest.fixture
def day() -> Any:
    """The day at the desk of Eleja's coordinator."""
    user = PostFactory().holder
    return lambda: desk.day(reach=reach(user, on=TODAY), now=NOW)


def titles(some: desk.Some) -> list[str]:
    return [row.title for row in some.rows]


def test_today_has_the_day_s_sessions_those_over_last(day: Any, vilce: Any) -> None:
    ActivityFactory(title="Rīts", sessions=[("2027-01-11 07:00", "2027-01-11 08:00")])
    ActivityFactory(title="Tagad", sessions=[("2027-01-11 08:30", "2027-01-11 10:00")])
    ActivityFactory(title="Vakars", sessions=[("2027-01-11 18:00", "2027-01-11 20:00")])
    ActivityFactory(title="Rīt", sessions=[("2027-01-12 00:00", "2027-01-12 02:00")])
    ActivityFactory(title="Vakar", sessions=[("2027-01-10 22:00", "2027-01-11 00:00")])
    ActivityFactory(title="Vilcē", parish=vilce, centre=None, sessions=[("2027-01-11 18:00", "2027-01-11 20:00")])
    ActivityFactory(title="Melnraksts", status="draft", sessions=[("2027-01-11 18:00", "2027-01-11 20:00")])
    called_off = ActivityFactory(title="Atcelta", sessions=[("2027-01-11 18:00", "2027-01-11 20:00")])
    Session.objects.filter(activity=called_off).update(cancelled_at=NOW)
    assert [s.activity.title for s in day().sessions.rows] == ["Tagad", "Vakars", "Rīts"]
    assert [s.activity.title for s in day().coming] == ["Rīt"]


def test_below_the_minimum_within_a_week_is_to_be_decided_two_days_before(day: Any) -> None:
    soon = ActivityFactory(title="Drīz", taken=4, min_participants=6, first=at("2027-01-14 10:00"))
    ActivityFactory(title="Pietiek", taken=6, min_participants=6, first=at("2027-01-14 10:00"))
    ActivityFactory(title="Vēl laiks", taken=0, min_participants=6, first=at("2027-01-18 09:01"))
    ActivityFactory(title="Plāns", status="planned", taken=0, min_participants=6, first=at("2027-01-14 10:00"))
    assert titles(day().decisions["below"]) == ["Drīz"]
    assert f"{desk.decide_by(soon, now=NOW)}" == "2027-01-12"
    tomorrow = ActivityFactory(first=at("2027-01-12 10:00"))
    assert f"{desk.decide_by(tomorrow, now=NOW)}" == "2027-01-11"


def test_offers_that_run_out_within_a_day_are_told_with_the_first(day: Any) -> None:
    activity = ActivityFactory(title="Keramika")
    for until in ("2027-01-12 09:00", "2027-01-11 20:00", "2027-01-12 09:01", "2027-01-11 09:00"):
        RegistrationFactory(
            party=PartyFactory(activity=activity), state="offered", offered_until=at(until), resident=None
        )
    (row,) = day().decisions["offer"].rows
    assert (row.title, row.ending, row.first_until) == ("Keramika", 2, at("2027-01-11 20:00"))


def test_attendance_is_owed_for_two_weeks_until_a_mark_or_a_head_count(day: Any) -> None:
    ActivityFactory(title="Nav", sessions=[("2027-01-08 18:00", "2027-01-08 20:00")])
    ActivityFactory(title="Sen", sessions=[("2026-12-27 18:00", "2026-12-28 08:59")])
    counted = ActivityFactory(title="Saskaitīti", sessions=[("2027-01-08 18:00", "2027-01-08 20:00")])
    Session.objects.filter(activity=counted).update(head_count=0)
    marked = ActivityFactory(title="Atzīmēti", sessions=[("2027-01-08 18:00", "2027-01-08 20:00")])
    AttendanceFactory(registration=RegistrationFactory(party=PartyFactory(activity=marked)))
    assert [s.activity.title for s in day().decisions["unmarked"].rows] == ["Nav"]


def test_what_is_over_today_is_marked_above_and_owed_from_tomorrow(day: Any) -> None:
    ActivityFactory(title="No rīta", sessions=[("2027-01-11 07:00", "2027-01-11 08:00")])
    ActivityFactory(title="Līdz pusnaktij", sessions=[("2027-01-10 22:00", "2027-01-11 00:00")])
    assert [s.activity.title for s in day().decisions["unmarked"].rows] == ["Līdz pusnaktij"]
    assert [s.activity.title for s in day().sessions.rows] == ["No rīta"]


def test_every_kind_has_its_sentence() -> None:
    assert list(views.SENTENCES) == list(desk.KINDS)


def test_who_awaits_approval_is_answered(day: Any) -> None:
    activity = ActivityFactory(title="Nometne", needs_approval=True)
    for when in ("2027-01-09 10:00", "2027-01-05 10:00"):
        RegistrationFactory(
            party=PartyFactory(activity=activity), state="awaiting_approval", resident=None, registered_at=at(when)
        )
    ActivityFactory(title="Neviens negaida", needs_approval=True)
    (row,) = day().decisions["approval"].rows
    assert (row.title, row.awaiting, row.since) == ("Nometne", 2, at("2027-01-05 10:00"))


def test_more_places_are_thought_of_where_the_room_has_seats(day: Any) -> None:
    for title, seats in (("Liela telpa", 20), ("Maza telpa", 12), ("Nav teikts", None)):
        activity = ActivityFactory(title=title, capacity=12, taken=12, waiting=3)
        if seats:
            activity.sessions.update(room=None)
            meeting = activity.sessions.earliest("starts_at")
            meeting.room = RoomFactory(name=title, seats=seats)
            meeting.save()
    ActivityFactory(title="Nav rindas", capacity=12, taken=12)
    assert [(row.title, row.seats) for row in day().decisions["queue"].rows] == [
        ("Liela telpa", 20),
        ("Nav teikts", None),
    ]


def test_what_begins_within_two_weeks_is_published(day: Any) -> None:
    ActivityFactory(title="Melnraksts", status="draft", first=at("2027-01-25 09:00"))
    ActivityFactory(title="Plāns", status="planned", first=at("2027-01-20 10:00"))
    ActivityFactory(title="Vēlāk", status="draft", first=at("2027-01-25 09:01"))
    ActivityFactory(title="Bijis", status="draft", weeks=1, first=at("2027-01-05 10:00"))
    assert titles(day().decisions["unpublished"]) == ["Plāns", "Melnraksts"]


def test_vacant_posts_are_the_head_s_matter(day: Any) -> None:
    stand_in = PostFactory(holder=UserFactory(email="ilze@example.lv"))
    vacant = PostFactory(holder=None, stands_in=stand_in)
    PostFactory(holder=None, department=DepartmentFactory(code="JAU", name="Jauniešu nodaļa"))
    PostFactory(holder=None, ends_on=TODAY - timedelta(days=1))
    assert day().decisions["vacant"].rows == []
    head = PostFactory(kind="head", parishes=[], holder=UserFactory(email="vaditaja@example.lv")).holder
    assert desk.day(reach=reach(head, on=TODAY), now=NOW).decisions["vacant"].rows == [vacant]


def test_the_first_few_of_a_kind_are_told_and_how_many_there_are(day: Any) -> None:
    for number in range(8):
        ActivityFactory(title=f"Kurss {number}", status="draft", first=at("2027-01-20 10:00"))
    assert (len(day().decisions["unpublished"].rows), day().decisions["unpublished"].more, day().undecided) == (6, 2, 8)


def test_for_the_telephone_one_s_own_are_found_without_diacritics(vilce: Any) -> None:
    user = PostFactory().holder
    ActivityFactory(title="Šūšanas vakari")
    ActivityFactory(title="Šūšana Vilcē", parish=vilce, centre=None)
    ActivityFactory(title="Šūšana, kas beigusies", first=at("2026-11-01 10:00"))
    ActivityFactory(title="Šūšana, nāc tāpat", is_drop_in=True)
    ActivityFactory(title="Deju vakars", centre=CentreFactory(name="Sūša", slug="susa"))
    # What goes on comes last, and says so.
    ActivityFactory(title="Šūšana jau notiek", first=at("2027-01-06 10:00"))

    def found(text: str) -> list[str]:
        return [one.title for one in desk.for_telephone(reach=reach(user, on=TODAY), text=text, now=NOW)]

    assert found("SUSANA") == ["Šūšanas vakari", "Šūšana jau notiek"]
    assert found("elej suš") == ["Šūšanas vakari", "Deju vakars", "Šūšana jau notiek"]
    assert found("100%") == []
    rows = desk.for_telephone(reach=reach(user, on=TODAY), text="susan", now=NOW)
    with translation.override("lv"):
        assert [views.found_row(one)["line"].split(", ")[0] for one in rows] == [
            "Ceturtdien",
            f"Notiek kopš 6.{NBSP}janv.",
        ]


# The page, at the real hour: it has no other.


def signed_in(client: Client, **post: Any) -> Client:
    client.force_login(PostFactory(**post).holder)
    return client


def test_the_page_says_it_in_sentences_with_one_verb(client: Client) -> None:
    start = timezone.now() + timedelta(days=1)
    made = ActivityFactory(title="Keramika", taken=4, min_participants=6, first=start)
    text = signed_in(client).get("/en/darbs/").content.decode().replace(NBSP, " ")
    assert "4 registered, 6 are needed. To be decided today." in text
    assert f'href="/en/darbs/aktivitates/{made.pk}/">Decide<' in text


def test_the_first_of_a_kind_stand_open_and_the_others_are_folded(client: Client) -> None:
    start = timezone.now() + timedelta(days=5)
    for number in range(8):
        ActivityFactory(title=f"Kurss {number}", status="draft", first=start + timedelta(hours=number))
    answer = signed_in(client).get("/en/darbs/")
    (kind,) = answer.context["decisions"]
    assert [row["title"] for row in kind["rows"]] == ["Kurss 0", "Kurss 1", "Kurss 2"]
    assert [row["title"] for row in kind["folded"]] == ["Kurss 3", "Kurss 4", "Kurss 5"]
    text = answer.content.decode()
    assert "<summary>5 more like this</summary>" in text
    assert "2 more like this." in text


def test_when_the_day_is_over_the_next_sessions_are_told(client: Client) -> None:
    now = timezone.now()
    ActivityFactory(title="Bijusi", sessions=[(now - timedelta(seconds=20), now - timedelta(seconds=10))])
    ActivityFactory(title="Nākamnedēļ", first=now + timedelta(days=7), weeks=1)
    answer = signed_in(client).get("/en/darbs/")
    assert [row["activity"].title for row in answer.context["coming"]] == ["Nākamnedēļ"]


def test_the_page_asks_the_same_for_one_and_for_three(client: Client, same_queries: Any) -> None:
    signed_in(client, kind="head")
    start = timezone.now() - timedelta(minutes=1)

    def add(number: int) -> None:
        ActivityFactory(title=f"Šodien {number}", first=start)
        ActivityFactory(title=f"Beigusies {number}", first=start - timedelta(days=2), weeks=1)
        ActivityFactory(title=f"Par maz {number}", first=start + timedelta(days=2), min_participants=3)
        ActivityFactory(title=f"Melnraksts {number}", first=start + timedelta(days=2), status="draft")
        ActivityFactory(title=f"Pilna {number}", first=start + timedelta(days=2), capacity=1, taken=1, waiting=1)
        PostFactory(holder=None)
        first = ActivityFactory(title=f"Tas pats {number}", first=start + timedelta(days=30))
        FoundOverlapFactory(first=first, second=ActivityFactory(first=start + timedelta(days=30)))

    same_queries(21, add=add, visit=lambda: client.get("/darbs/"))


def test_without_a_second_factor_staff_are_led_to_it_where_it_is_required(client: Client, settings: Any) -> None:
    user = PostFactory().holder
    client.force_login(user)
    assert client.get("/en/darbs/").status_code == 200
    settings.STAFF_SECOND_FACTOR = True
    answer = client.get("/en/darbs/", follow=True)
    assert answer.redirect_chain == [("/en/konts/2fa/", 302)]
    assert "Set up the second step of signing in" in answer.content.decode()


def test_spare_codes_alone_are_no_second_factor(client: Client, settings: Any) -> None:
    from allauth.mfa.models import Authenticator

    settings.STAFF_SECOND_FACTOR = True
    user = PostFactory().holder
    Authenticator.objects.create(user=user, type=Authenticator.Type.RECOVERY_CODES, data={})
    client.force_login(user)
    assert client.get("/en/darbs/").status_code == 302


def test_the_way_to_the_desk_is_in_the_navigation_of_who_holds_a_post(client: Client, query_count: Any) -> None:
    link = '<a href="/en/darbs/">Work</a>'
    with query_count(0):
        assert link not in client.get("/en/konts/login/").content.decode()
    client.force_login(UserFactory(email="iedzivotaja@example.lv"))
    assert link not in client.get("/en/mani/").content.decode()
    signed_in(client)
    assert link in client.get("/en/mani/").content.decode()


# The programme.


@pytest.fixture
def board_of(client: Client, vilce: Any) -> Any:
    """The board of Eleja's coordinator; plans of two departments in two parishes from tomorrow."""
    youth = DepartmentFactory(code="JAU", name="Jaunatnes nodaļa")
    TopicFactory(code="it", name="Dators")
    soon = timezone.now() + timedelta(days=1)
    for title, changes in {
        "Mana": {},
        "Mans melnraksts": {"status": "draft"},
        "Cita publicēta": {"lead": youth},
        "Cita plānota": {"lead": youth, "status": "planned"},
        "Cita melnraksts": {"lead": youth, "status": "draft"},
        "Vilcē": {"parish": vilce, "centre": None},
        "Bijusi": {"first": soon - timedelta(days=90)},
    }.items():
        ActivityFactory(title=title, **({"first": soon} | changes))
    signed_in(client)
    return lambda query="": client.get(f"/en/darbs/programma/{query}")


def names(answer: Any) -> list[str]:
    return sorted(row["title"] for row in answer.context["rows"])


def test_the_board_has_my_parishes_with_other_departments_beside_but_their_drafts(board_of: Any) -> None:
    assert names(board_of()) == ["Cita plānota", "Cita publicēta", "Mana", "Mans melnraksts"]


def test_rows_lead_to_the_work_or_to_the_public_page_or_nowhere(board_of: Any) -> None:
    ways = {row["title"]: row["url"].replace("/en", "").split("/")[1:2] for row in board_of().context["rows"]}
    assert ways == {
        "Mana": ["darbs"],
        "Mans melnraksts": ["darbs"],
        "Cita publicēta": ["aktivitates"],
        "Cita plānota": [],
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?pagasts=visi&nodala=MUZ", ["Mana", "Mans melnraksts", "Vilcē"]),
        ("?pagasts=vilces-pagasts", ["Vilcē"]),
        ("?statuss=planned&statuss=draft", ["Cita plānota", "Mans melnraksts"]),
        ("?merkgrupa=everyone&nodala=JAU", ["Cita plānota", "Cita publicēta"]),
        ("?tema=crafts&nodala=JAU", ["Cita plānota", "Cita publicēta"]),
        ("?tema=it", []),
        ("?no=2020-01-01&statuss=published", ["Bijusi", "Cita publicēta", "Mana"]),
        # What is unknown is left out.
        (
            "?nodala=X&pagasts=nekur&statuss=x&no=2027-02-30&lapa=-1&skats=x&nodala=JAU",
            ["Cita plānota", "Cita publicēta"],
        ),
        (
            "?pagasts=visi&lapa=99&merkgrupa=seniori",
            ["Cita plānota", "Cita publicēta", "Mana", "Mans melnraksts", "Vilcē"],
        ),
    ],
)
def test_the_board_is_filtered_by_its_address(board_of: Any, query: str, expected: list[str]) -> None:
    assert names(board_of(query)) == expected


def test_the_week_shows_gaps(client: Client, vilce: Any) -> None:
    signed_in(client, parishes=[ParishFactory(), vilce])
    for number in range(6):
        ActivityFactory(title=f"Kurss {number}", first=at(f"2027-02-04 1{number}:00"), weeks=1)
    answer = client.get("/en/darbs/programma/?skats=nedela&no=2027-02-07")
    cells = {row["parish"]: [len(cell["meetings"]) for cell in row["cells"]] for row in answer.context["rows"]}
    assert cells == {"Elejas pagasts": [0, 0, 0, 4, 0, 0, 0], "Vilces pagasts": [0] * 7}
    assert answer.context["rows"][0]["cells"][3]["more"] == "2 more"
    text = answer.content.decode()
    table, agenda = text.split("<table")[1].split("</table>")[0], text.split('class="phone-only"')[1].split("<table")[0]
    assert table.count("nothing planned") == 13
    # On a telephone the week is an agenda: what is empty is said once a day.
    days = [(day["nothing"], day["empty"]) for day in answer.context["agenda"]]
    assert (
        days
        == [(True, "Elejas pagasts, Vilces pagasts")] * 3
        + [(False, "Vilces pagasts")]
        + [(True, "Elejas pagasts, Vilces pagasts")] * 3
    )
    assert (agenda.count("nothing planned"), agenda.count("Kurss")) == (7, 4)


def test_the_month_names_the_department_of_each(client: Client) -> None:
    signed_in(client)
    ActivityFactory(title="Deju vakars", lead=DepartmentFactory(code="JAU", name="Jaunatnes nodaļa"))
    text = client.get("/en/darbs/programma/?skats=menesis&no=2027-02-10").content.decode()
    assert text.count("Deju vakars (JAU)") == 4


@pytest.fixture
def gaps_of(client: Client, vilce: Any, monkeypatch: Any) -> Any:
    """The gaps of the coordinator of Eleja and Vilce, on Monday the 11th; there are three audiences."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    everyone = AudienceFactory()
    adults = AudienceFactory(code="adults", name="Pieaugušie", part_of=everyone, position=1)
    AudienceFactory(code="seniors", name="Seniori", part_of=adults, position=2)
    signed_in(client, parishes=[ParishFactory(), vilce])

    def look(query: str) -> Any:
        gaps = client.get(f"/en/darbs/programma/{query}").context["gaps"]
        return {
            kind: {gap.title: [link["label"].replace(NBSP, " ") for link in gap.links] for gap in gaps[kind]}
            for kind in ("weeks", "people")
        }

    return look


def test_weeks_and_audiences_without_anything_are_named(gaps_of: Any, vilce: Any) -> None:
    seniors = AudienceFactory(code="seniors")
    for first in ("2027-01-12 10:00", "2027-02-03 10:00"):
        ActivityFactory(first=at(first), weeks=1, audiences=[seniors])
    # Of another department, and a plan: both fill a gap. What is called off does not.
    youth = DepartmentFactory(code="JAU", name="Jaunatnes nodaļa")
    ActivityFactory(first=at("2027-01-24 18:00"), weeks=1, lead=youth, status="planned", audiences=[seniors])
    ActivityFactory(first=at("2027-01-19 10:00"), weeks=1, parish=vilce, centre=None)
    ActivityFactory(first=at("2027-01-27 10:00"), weeks=1, parish=vilce, centre=None, status="cancelled")
    assert gaps_of("?no=2027-01-13&lidz=2027-02-03") == {
        "weeks": {
            "Elejas pagasts": ["25 Jan – 31 Jan"],
            "Vilces pagasts": ["11 Jan – 17 Jan", "25 Jan – 7 Feb"],
        },
        # For seniors is for adults and for everyone too; for everyone is for nobody in particular.
        "people": {"Pieaugušie": ["Vilces pagasts"], "Seniori": ["Vilces pagasts"]},
    }
    assert gaps_of("?no=2027-01-13&lidz=2027-02-03&merkgrupa=adults")["people"] == {"Pieaugušie": ["Vilces pagasts"]}
    assert gaps_of("?skats=nedela&no=2027-01-20")["weeks"] == {}
    assert gaps_of("?skats=nedela&no=2027-01-13")["weeks"] == {"Vilces pagasts": ["11 Jan – 17 Jan"]}
    # What is over cannot be filled.
    assert gaps_of("?skats=nedela&no=2027-01-04") == {"weeks": {}, "people": {}}


def test_a_gap_leads_to_an_activity_begun_for_it(gaps_of: Any, client: Client) -> None:
    TopicFactory()
    text = client.get("/en/darbs/programma/?skats=nedela&no=2027-01-11").content.decode()
    begun = "/en/darbs/aktivitates/jauna/?pagasts=elejas-pagasts&amp;merkgrupa=seniors"
    week = "/en/darbs/aktivitates/jauna/?pagasts=vilces-pagasts&amp;no=2027-01-11"
    assert (f'href="{begun}"' in text, f'href="{week}"' in text) == (True, True)
    page = client.get(begun.replace("&amp;", "&")).content.decode()
    assert 'value="parish:0540248" selected' in page
    assert page.split('value="seniors"')[1].split(">")[0].strip().endswith("checked")
    assert 'value="2027-01-11"' in client.get(week.replace("&amp;", "&")).content.decode()
    for wrong in ("pagasts=nekur&merkgrupa=x&tema=y&no=2027-02-30", "no=%00&merkgrupa=%00", "no=" + "9" * 5000):
        assert client.get(f"/en/darbs/aktivitates/jauna/?{wrong}").status_code == 200


def test_gaps_of_others_parishes_lead_nowhere(gaps_of: Any, client: Client) -> None:
    ParishFactory(code="0540001", name="Cenu pagasts", centre_name="Cena")
    answer = client.get("/en/darbs/programma/?skats=nedela&no=2027-01-11&pagasts=cenu-pagasts")
    assert {link["url"] for gap in answer.context["gaps"]["weeks"] for link in gap.links} == {""}


@pytest.mark.parametrize(("view", "number"), [("saraksts", 12), ("nedela", 12), ("menesis", 12)])
def test_the_board_asks_the_same_for_one_and_for_three(
    client: Client, same_queries: Any, view: str, number: int
) -> None:
    signed_in(client)
    path = f"/darbs/programma/?skats={view}&no=2027-02-01"
    same_queries(number, add=lambda n: ActivityFactory(title=f"Kurss {n}"), visit=lambda: client.get(path))
