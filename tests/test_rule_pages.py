"""The pages of the shared rules: for anyone, what they are; at the desk, proposing, trying, answering."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from coordinators.domain.access import reach
from coordinators.models import Post
from courses.domain.overlaps import rule_sets, world
from courses.views import rule_words
from ecosystem.models import Department, RuleSet, RuleSetAnswer, User
from ecosystem.overlap import rules
from ecosystem.overlap.judge import World, judge
from ecosystem.overlap.rules import DEFAULTS, THRESHOLDS, numbers
from tests.factories import PostFactory, UserFactory
from tests.harness.worlds import once
from tests.overlap import labelled
from tests.test_desk_fuzz import ODD
from tests.test_overlaps import smartphones
from tests.test_rule_sets import People

pytestmark = pytest.mark.django_db
PUBLIC, DESK, NEW = "/parklasanas-noteikumi/", "/darbs/noteikumi/", "/darbs/noteikumi/jauni/"
TODAY = timezone.localdate()


@once
def people() -> People:
    return People()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(response: Any) -> str:
    """What the page says, without its marks."""
    body = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body))).replace("\u00a0", " ")


def typed(**said: Any) -> dict[str, Any]:
    """The form as it stands, with other numbers where ``said``."""
    day = {"in_force_from": f"{TODAY + timedelta(days=30):%Y-%m-%d}", "why": "Seniori tālāk nebrauc."}
    return {name: str(value) for name, value in numbers(DEFAULTS).items()} | day | {"step": "propose"} | said


def propose(people: People, **said: Any) -> RuleSet:
    signed_in(people.ilze).post(NEW, typed(**(said or {"near_km_travels_less": "10"})))
    return RuleSet.objects.get(agreed_at=None, ended_at=None)


def agreed(number: int, since: date, **said: int) -> RuleSet:
    row = RuleSet.objects.create(
        version=number,
        thresholds=numbers(DEFAULTS) | said,
        in_force_from=since,
        proposed_by=Department.objects.first(),
        proposer=UserFactory(),
        why="Iekšēja piezīme.",
        proposed_at=timezone.now(),
        agreed_at=timezone.now(),
    )
    for department in Department.objects.order_by("pk"):
        RuleSetAnswer.objects.create(
            rule_set=row,
            department=department,
            agrees=True,
            note="Labi.",
            by=UserFactory(),
            at=timezone.now(),
        )
    return row


# For anyone.


def test_anyone_reads_the_rules_in_force_in_plain_words(client: Client) -> None:
    said = text(client.get(PUBLIC))
    for sentence in rules.in_words(DEFAULTS, "lv"):
        assert sentence.replace("\u00a0", " ") in said
    assert "1. versija Spēkā kopš 01.01.2026. Ar šiem noteikumiem portāls sāka darbu." in said
    assert "Kas gaidāms" not in said and "Agrākās versijas" not in said
    english = text(client.get(f"/en{PUBLIC}"))
    for sentence in rules.in_words(DEFAULTS, "en"):
        assert sentence.replace("\u00a0", " ") in english


def test_anyone_reads_who_agreed_what_comes_and_what_was_and_no_person(client: Client, people: People) -> None:
    agreed(1, date(2026, 1, 1))
    agreed(2, TODAY - timedelta(days=10), near_km=14)
    agreed(3, TODAY + timedelta(days=10), near_km=13)
    RuleSet.objects.create(
        version=4, thresholds=numbers(DEFAULTS) | {"near_km": 12}, in_force_from=TODAY, proposed_at=timezone.now()
    )
    page = client.get(PUBLIC)
    said = text(page)
    assert re.findall(r'data-version="(\d)"', page.content.decode()) == ["2", "3", "1"]
    day = f"{TODAY + timedelta(days=10):%d.%m.%Y}"
    for sentence in (
        "Vieta ir tā pati, ja starp vietām ir ne vairāk kā 14 km.",
        "Piekrita: Jaunatnes lietu nodaļa, Labklājības pārvalde un Mūžizglītības nodaļa.",
        f"3. versija. Pieņemta, stāsies spēkā {day}.",
        "Vieta ir tā pati, ja starp vietām ir ne vairāk kā 13 km. Pirms tam: 14.",
        "Bija spēkā no 01.01.2026",
    ):
        assert sentence in said
    for private in ("Ilze", "Iekšēja piezīme", "Labi.", "12 km."):
        assert private not in said.replace("ne vairāk kā 12 km.", "", 1), "neither names nor notes nor proposals"


def test_the_public_page_asks_the_same_for_one_version_and_for_three(
    client: Client, people: People, same_queries: Callable[..., None]
) -> None:
    same_queries(
        2,
        add=lambda number: agreed(number + 1, date(2026, 1, 1) + timedelta(days=100 * number), near_km=15 - number),
        visit=lambda: client.get(PUBLIC),
    )


def test_every_page_leads_to_the_rules_and_staff_to_the_desk(client: Client, people: People) -> None:
    assert f'href="{PUBLIC}"' in client.get("/aktivitates/").content.decode()
    assert DESK not in client.get(PUBLIC).content.decode()
    assert f'href="{DESK}"' in signed_in(people.coordinator).get(PUBLIC).content.decode()


def test_every_threshold_has_its_question() -> None:
    placed = [name for _name, _title, names in rule_words.QUESTIONS for name in names]
    assert sorted(placed) == sorted(THRESHOLDS)


def test_the_examples_are_what_the_rules_find() -> None:
    """As the public page tells them."""
    neighbours = World(DEFAULTS, labelled.neighbours())

    def side(ref: str, by: str, title: str, **said: str) -> Any:
        rest = {"topic": "digital", "for": "seniors", "at": "Eleja", "when": "2027-02-02 10:00-12:00 x4"} | said
        return labelled.side(ref, {"by": by, "lv": title, **rest})

    course = side("a", "MUZ", "Viedtālruņu kurss senioriem")
    duplicate = judge(course, side("b", "LAB", "Viedtālrunis soli pa solim"), world=neighbours)
    evening = {"for": "adults", "at": "Vilce", "when": "2027-02-02 18:00-19:30 x4"}
    pottery = side("a", "MUZ", "Keramika", topic="crafts", **evening)
    clash = judge(pottery, side("b", "JAU", "Vingrošana", topic="movement", **evening), world=neighbours)
    assert [finding.kind for finding in (duplicate, clash) if finding] == ["duplicate", "clash"]


# At the desk.


def test_whoever_works_here_reads_and_only_heads_and_administrators_propose(people: People) -> None:
    propose(people)
    for user, may in ((people.coordinator, False), (people.martins, True), (people.arta, True)):
        desk = signed_in(user)
        assert [desk.get(path).status_code for path in (DESK, f"{DESK}2/", NEW)] == [200, 200, 200 if may else 403]
        assert desk.post(NEW, typed(near_km="14")).status_code == (422 if may else 403)
    RuleSet.objects.update(ended_at=timezone.now())
    assert (NEW in signed_in(people.martins).get(DESK).content.decode()) is True
    assert (NEW in signed_in(people.coordinator).get(DESK).content.decode()) is False
    assert Client().get(DESK).status_code == 302


def test_proposing_by_the_page(people: People) -> None:
    response = signed_in(people.ilze).post(NEW, typed(near_km_travels_less=" 10 "), follow=True)
    assert response.redirect_chain == [(f"{DESK}2/", 302)]
    said = text(response)
    for sentence in (
        "Ierosināts. Pārējām nodaļām par to paziņots.",
        "Ierosina: Mūžizglītības nodaļa, Ilze",
        "«Seniori tālāk nebrauc.»",
        "Bērniem, senioriem un cilvēkiem ar invaliditāti: ne vairāk kā 10 km. Līdz šim: 12.",
        "Mūžizglītības nodaļa Piekrīt",
        "Labklājības pārvalde Vēl nav atbildējusi",
    ):
        assert sentence in said
    listing = text(signed_in(people.coordinator).get(DESK))
    assert "Vēl nav atbildējušas: Jaunatnes lietu nodaļa un Labklājības pārvalde." in listing


def test_what_is_wrong_is_said_beside_each_field_and_nothing_typed_is_lost(people: People) -> None:
    wrong = typed(near_km="daudz", days_apart="500", people_percent="", in_force_from="2027-02-30", why=" ")
    response = signed_in(people.ilze).post(NEW, wrong)
    body = response.content.decode()
    assert (response.status_code, RuleSet.objects.count()) == (422, 0)
    assert response.context["form"].errors == {
        "near_km": ["Ierakstiet veselu skaitli, tikai ciparus."],
        "days_apart": ["Skaitlim jābūt no 1 līdz 120."],
        "people_percent": ["Ierakstiet skaitli."],
        "in_force_from": ["Tāda datuma nav. Pārbaudiet dienu un mēnesi."],
        "why": ["Uzrakstiet, kāpēc noteikumi jāmaina: to lasa pārējās nodaļas."],
    }
    assert "<title>Kļūda" in body
    for name, value in (("near_km", "daudz"), ("days_apart", "500"), ("near_km_neighbours", "18")):
        assert re.search(rf'name="{name}"[^>]* value="{value}"|value="{value}"[^>]* name="{name}"', body)


@pytest.mark.parametrize("step", ["rehearse", "propose"])
@pytest.mark.parametrize("name", ["near_km", "in_force_from", "why", "department"])
def test_whatever_is_typed_is_answered(people: People, name: str, step: str) -> None:
    desk = signed_in(people.arta)
    PostFactory(kind="head", holder=people.arta, department=people.lab, parishes=[])
    usual = typed(step=step, near_km_neighbours="20", department="LAB")
    for odd in ODD:
        status = desk.post(NEW, usual | {name: odd}).status_code
        RuleSet.objects.all().delete()
        # Any words say why, and to try nobody need say them.
        assert status in ((200, 302, 422) if name == "why" else (422,)), odd


def test_rules_that_contradict_each_other_are_said_in_the_reader_s_language(people: People) -> None:
    said = text(signed_in(people.ilze).post(f"/en{NEW}", typed(near_km="11")))
    assert "Two rules contradict each other: “For children, seniors and people with disabilities: within 12 km”" in said


@pytest.mark.parametrize("step", ["rehearse", "propose"])
def test_who_comes_second_is_told_who_was_first(people: People, step: str) -> None:
    propose(people)
    second = signed_in(people.martins)
    assert "Mūžizglītības nodaļa jau ir ierosinājusi citus noteikumus: 2. versija." in text(second.get(NEW))
    response = second.post(NEW, typed(near_km="14", why="Citādi.", step=step))
    if step == "propose":
        assert (response.status_code, "Citādi." in text(response)) == (422, True)
        assert "Vienlaikus var būt tikai viens ierosinājums." in text(response)
    else:
        assert (response.status_code, RuleSet.objects.count()) == (200, 1)


def test_trying_shows_what_would_come_and_go_and_proposes_nothing(people: People) -> None:
    first = timezone.now() + timedelta(days=30)
    one, other = smartphones("MUZ", first=first), smartphones("JAU", first=first, title="Viedtālrunis ar Ilzi")
    desk = signed_in(people.ilze)
    response = desk.post(NEW, typed(step="rehearse", why="", words_percent="100", words_percent_other_topic="100"))
    said = text(response)
    assert (response.status_code, RuleSet.objects.count()) == (200, 0)
    for sentence in (
        "Rastos 0 pārklāšanos, izzustu 0, 1 būtu cita veida.",
        "Salīdzinātas aktivitātes: 2.",
        "Dublēšanās → Sadursme Viedtālrunis senioriem Mūžizglītības nodaļa",
        "Abas senioriem",
    ):
        assert sentence in said
    assert f'href="/darbs/aktivitates/{one.pk}/"' in response.content.decode()
    assert f'href="/darbs/aktivitates/{other.pk}/"' not in response.content.decode(), "not theirs to work on"
    response = desk.post(NEW, typed(step="rehearse", days_apart="22"))
    assert "Šī gada plānos nekas nemainītos. 1 pārklāšanās paliktu, kāda ir." in text(response)
    assert desk.post(NEW, typed(step="rehearse", near_km="61")).status_code == 422
    assert desk.post(NEW, typed(step="publish")).status_code == 404


def test_whoever_answers_tries_it_first_and_agrees(people: People) -> None:
    first = timezone.now() + timedelta(days=30)
    smartphones("MUZ", first=first), smartphones("JAU", first=first)
    propose(people, people_percent="80")
    desk = signed_in(people.martins)
    page = desk.get(f"{DESK}2/")
    assert "?izmeginat=1#rehearsal" in page.content.decode() and "data-rehearsal" not in page.content.decode()
    assert "Šī gada plānos nekas nemainītos." in text(desk.get(f"{DESK}2/?izmeginat=1"))
    response = desk.post(f"{DESK}2/", {"step": "agree", "department": "JAU", "note": "Labi."}, follow=True)
    assert "Jūsu piekrišana ir pierakstīta." in text(response)
    assert 'value="agree"' not in response.content.decode(), "answered once"
    response = signed_in(people.daina).post(
        f"{DESK}2/", {"step": "agree", "department": "LAB", "note": ""}, follow=True
    )
    since = f"{TODAY + timedelta(days=30):%d.%m.%Y}"
    assert f"Visas nodaļas ir piekritušas: 2. versija ir spēkā no {since}." in text(response)
    assert RuleSet.objects.get().agreed_at is not None


def test_declining_asks_why_and_keeps_what_was_typed(people: People) -> None:
    propose(people)
    desk = signed_in(people.daina)
    response = desk.post(f"{DESK}2/", {"step": "decline", "department": "LAB", "note": ""})
    assert (response.status_code, "Uzrakstiet, kāpēc ne" in text(response)) == (422, True)
    response = desk.post(f"{DESK}2/", {"step": "decline", "department": "LAB", "note": "Par tuvu. " * 60})
    assert (response.status_code, "Par tuvu. Par tuvu." in text(response)) == (422, True)
    response = desk.post(f"{DESK}2/", {"step": "decline", "department": "LAB", "note": "Par tuvu."}, follow=True)
    assert "Noraidīts: noteikumi nemainās." in text(response)
    late = signed_in(people.martins).post(f"{DESK}2/", {"step": "agree", "department": "JAU", "note": ""})
    assert (late.status_code, "atsaukts vai noraidīts" in text(late)) == (422, True)


def test_withdrawing_is_the_proposer_s(people: People) -> None:
    propose(people)
    assert 'value="withdraw"' not in signed_in(people.martins).get(f"{DESK}2/").content.decode()
    assert signed_in(people.martins).post(f"{DESK}2/", {"step": "withdraw"}).status_code == 403
    response = signed_in(people.ilze).post(f"{DESK}2/", {"step": "withdraw"}, follow=True)
    assert "Atsaukts: noteikumi nemainās." in text(response)
    again = signed_in(people.ilze).post(f"{DESK}2/", {"step": "withdraw"})
    assert again.status_code == 302, "twice is once"


def test_an_administrator_without_a_department_s_head_chooses_for_which(people: People) -> None:
    propose(people)
    assert signed_in(people.arta).post(f"{DESK}2/", {"step": "agree", "department": "LAB"}).status_code == 403
    Post.objects.filter(kind="head").exclude(holder=people.ilze).update(holder=None)
    desk = signed_in(people.arta)
    assert '<option value="JAU">' in desk.get(f"{DESK}2/").content.decode()
    for department in ("MUZ", "", "x", "\u0000"):
        assert desk.post(f"{DESK}2/", {"step": "agree", "department": department}).status_code == 422
    for department in ("JAU", "LAB"):
        assert desk.post(f"{DESK}2/", {"step": "agree", "department": department}).status_code == 302
    assert RuleSet.objects.get().agreed_at is not None


@pytest.mark.parametrize("number", ["0", "3", "99999999999999999999"])
def test_there_is_no_such_version_or_step(people: People, number: str) -> None:
    propose(people)
    desk = signed_in(people.ilze)
    assert desk.get(f"{DESK}{number}/").status_code == 404
    assert desk.post(f"{DESK}{number}/", {"step": "agree"}).status_code == 404
    assert desk.post(f"{DESK}2/", {"step": "publish"}).status_code == 404


def test_the_desk_asks_the_same_for_one_version_and_for_three(
    people: People, same_queries: Callable[..., None]
) -> None:
    desk = signed_in(people.ilze)
    same_queries(
        6,
        add=lambda number: agreed(number + 1, date(2026, 1, 1) + timedelta(days=100 * number), near_km=15 - number),
        visit=lambda: desk.get(DESK),
    )
    propose(people, near_km_neighbours="20")
    same_queries(8, add=lambda number: None, visit=lambda: desk.get(f"{DESK}4/"))


def test_the_version_in_force_is_what_was_agreed_on_the_page(people: People) -> None:
    row = propose(people, near_km_travels_less="10", in_force_from=f"{TODAY:%Y-%m-%d}")
    for user, department in ((people.martins, "JAU"), (people.daina, "LAB")):
        rule_sets.answer(
            version=row.version,
            department=department,
            agrees=True,
            reach=reach(user, on=TODAY),
            now=timezone.now(),
        )
    assert world.in_force(on=TODAY).near_km_travels_less == 10
    assert "Spēkā kopš" in text(signed_in(people.ilze).get(f"{DESK}2/"))
