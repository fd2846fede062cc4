"""Held together: a department is asked, and the activity is joint when it accepts; each side is told what the other did.

Eleja's lifelong learning (MUZ) leads; youth affairs (JAU) has a head, and a coordinator of Eleja and one of Vilce.
"""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connections, transaction
from django.test import Client
from django.utils import timezone

from coordinators.domain.access import reach
from courses import imports, programme_file
from courses.domain import importing, programme, rights
from courses.domain import today as desk
from courses.domain.programme import partnering
from courses.models import Activity, PartnerRequest
from ecosystem import tasks
from ecosystem.models import Department, Message, User
from tests.factories import (
    NOW,
    ActivityFactory,
    DepartmentFactory,
    ParishFactory,
    PostFactory,
    UserFactory,
)

LATER = NOW + timedelta(hours=1)


def person(name: str, **post: Any) -> User:
    """Somebody who holds this post."""
    holder = UserFactory(email=f"{name.lower()}@example.lv", name=name)
    PostFactory(holder=holder, **post)
    return holder


class World:
    """The departments, their people and one activity."""

    def __init__(self) -> None:
        self.youth = DepartmentFactory(code="JAU", name="Jaunatnes lietu nodaļa")
        self.welfare = DepartmentFactory(code="LAB", name="Labklājības pārvalde")
        vilce = ParishFactory(code="0540290", name="Vilces pagasts", centre_name="Vilce")
        self.asks = person("Ilze")
        self.head = person("Mārtiņš", kind="head", department=self.youth, parishes=[])
        self.near = person("Elīna", department=self.youth)
        self.far = person("Toms", department=self.youth, parishes=[vilce])
        self.project = person("Guna", kind="project_manager", department=self.youth)
        self.stranger = person("Daina", kind="head", department=self.welfare, parishes=[])
        self.administrator = person("Arta", kind="administrator", parishes=[])
        self.activity: Activity = ActivityFactory(
            first=timezone.now().replace(second=0, microsecond=0) + timedelta(days=30)
        )

    def ask(self, *, department: Department | None = None, by: User | None = None, **said: Any) -> PartnerRequest:
        request = partnering.ask(
            activity=self.activity, department=department or self.youth, by=by or self.asks, now=NOW, **said
        )
        assert request is not None
        return request


@pytest.fixture
def world(db: None) -> World:
    return World()


def partners(activity: Activity) -> list[str]:
    return sorted(activity.partners.values_list("pk", flat=True))


def letters(kind: str) -> list[str]:
    return sorted(Message.objects.filter(kind=kind).values_list("to", flat=True))


# The rule.


def test_who_is_asked_is_told_once_and_nothing_is_joint_yet(world: World) -> None:
    first, again = world.ask(note="Dalīsim vietas?"), world.ask(note="Vēlreiz")
    assert (first.pk, again.note, partners(world.activity)) == (again.pk, "Dalīsim vietas?", [])
    assert letters("partner_asked") == ["elīna@example.lv", "mārtiņš@example.lv"]
    letter = Message.objects.filter(kind="partner_asked").order_by("pk")[0]
    assert letter.subject == "Vai rīkosim kopā? Adīšanas un tamborēšanas vakari"
    for said in ("Mūžizglītības nodaļa jautā", "Jautā Ilze.", "«Dalīsim vietas?»", f"/{world.activity.pk}/kopigi/"):
        assert said in letter.text


def test_without_a_head_or_coordinator_the_administrators_are_told(world: World) -> None:
    world.ask(department=DepartmentFactory(code="BIB", name="Bibliotēka"))
    assert letters("partner_asked") == ["arta@example.lv"]


def test_accepted_it_is_joint_and_the_asker_is_told(world: World) -> None:
    request = world.ask()
    for _twice in range(2):
        partnering.answer(request=request, accept=True, note="Labprāt.", by=world.near, now=LATER)
    world.activity.refresh_from_db()
    assert (partners(world.activity), world.activity.changed_at) == (["JAU"], LATER)
    assert letters("partner_answered") == ["ilze@example.lv"]
    text = Message.objects.get(kind="partner_answered").text
    assert "Jaunatnes lietu nodaļa piekrīt" in text and "Atbildēja Elīna." in text and "«Labprāt.»" in text


def test_declined_it_is_not_joint_and_may_be_asked_again(world: World) -> None:
    request = world.ask()
    partnering.answer(request=request, accept=False, note="Nav cilvēku.", by=world.head, now=LATER)
    assert (partners(world.activity), letters("partner_answered")) == ([], ["ilze@example.lv"])
    with pytest.raises(programme.Refused):
        partnering.answer(request=request, accept=True, by=world.near, now=LATER)
    again = world.ask()
    assert (again.pk != request.pk, PartnerRequest.objects.count()) == (True, 2)


def test_the_file_s_question_is_answered_to_the_contact(world: World) -> None:
    contact = PostFactory(holder=UserFactory(email="kontakts@example.lv"))
    Activity.objects.filter(pk=world.activity.pk).update(contact=contact)
    request = partnering.ask(activity=world.activity, department=world.youth, by=None, now=NOW)
    assert request is not None
    partnering.answer(request=request, accept=True, by=world.head, now=LATER)
    assert letters("partner_answered") == ["kontakts@example.lv"]


@pytest.mark.parametrize("who", ["head", "near", "administrator"])
def test_who_answers_for_the_partner_too_has_answered_by_asking(world: World, who: str) -> None:
    request = world.ask(by=getattr(world, who))
    assert (request.answer, partners(world.activity), Message.objects.count()) == ("accepted", ["JAU"], 0)


@pytest.mark.parametrize("who", ["far", "project", "stranger"])
def test_others_only_ask(world: World, who: str) -> None:
    assert world.ask(by=getattr(world, who)).is_open


def test_taking_a_partner_out_withdraws_or_ends_and_says_who(world: World) -> None:
    request = world.ask()
    partnering.take_out(activity=world.activity, department=world.youth, by=world.asks, now=LATER)
    request.refresh_from_db()
    assert (request.answer, request.answered_by) == ("withdrawn", world.asks)
    with pytest.raises(programme.Refused, match="atsaukts"):
        partnering.answer(request=request, accept=True, by=world.head, now=LATER)
    accepted = world.ask()
    partnering.answer(request=accepted, accept=True, by=world.head, now=LATER)
    for _twice in range(2):
        partnering.take_out(activity=world.activity, department=world.youth, by=world.asks, now=LATER)
    accepted.refresh_from_db()
    assert (accepted.answer, accepted.ended_by, partners(world.activity)) == ("accepted", world.asks, [])
    assert letters("partner_taken_out") == ["elīna@example.lv"] * 2 + ["mārtiņš@example.lv"] * 2
    assert all(
        "Izlēma Ilze." in text
        for text in Message.objects.filter(kind="partner_taken_out").values_list("text", flat=True)
    )


def test_a_partner_may_leave(world: World) -> None:
    request = world.ask()
    with pytest.raises(programme.Refused):
        partnering.leave(request=request, by=world.head, now=LATER)
    partnering.answer(request=request, accept=True, by=world.head, now=LATER)
    for _twice in range(2):
        partnering.leave(request=request, note="Vairs nav cilvēku.", by=world.head, now=LATER)
    assert (partners(world.activity), letters("partner_left")) == ([], ["ilze@example.lv"])


def test_the_department_that_leads_and_a_called_off_activity_are_refused(world: World) -> None:
    with pytest.raises(programme.Refused):
        world.ask(department=DepartmentFactory())
    request = world.ask()
    Activity.objects.filter(pk=world.activity.pk).update(status="cancelled", cancelled_at=NOW)
    with pytest.raises(programme.Refused):
        partnering.answer(request=request, accept=True, by=world.head, now=LATER)
    with pytest.raises(programme.Refused):
        world.ask(department=world.welfare)


def test_the_database_keeps_one_standing_request(world: World) -> None:
    world.ask()
    with pytest.raises(IntegrityError), transaction.atomic():
        PartnerRequest.objects.create(activity=world.activity, department=world.youth, asked_at=NOW)


def test_a_draft_is_seen_by_who_is_asked_to_hold_it_together(world: World) -> None:
    Activity.objects.filter(pk=world.activity.pk).update(status="draft")
    mine = reach(world.head, on=timezone.localdate())

    def seen() -> bool:
        return rights.seen_by(mine).filter(pk=world.activity.pk).exists()

    assert not seen()
    request = world.ask()
    assert seen()
    partnering.answer(request=request, accept=True, by=world.head, now=LATER)
    assert (seen(), rights.managed_by(mine).exists()) == (True, False)
    partnering.leave(request=request, by=world.head, now=LATER)
    assert not seen()


def test_a_copy_asks_its_partners_anew(world: World) -> None:
    partnering.answer(request=world.ask(), accept=True, by=world.head, now=LATER)
    made = programme.clone(
        activity=world.activity, first_on=timezone.localdate() + timedelta(days=90), now=timezone.now(), by=world.asks
    )
    assert (partners(made), [one.is_open for one in made.partner_requests.all()]) == ([], [True])


def test_an_export_taken_back_asks_nobody_and_takes_nobody_out(world: World) -> None:
    world.ask()
    partnering.answer(request=world.ask(department=world.welfare), accept=True, by=world.stranger, now=LATER)
    before = list(PartnerRequest.objects.order_by("pk").values()), Message.objects.count()
    rows = list(programme_file.rows(Activity.objects.all()))
    assert rows[0]["partner_departments"] == "JAU;LAB"
    sheet = imports.read_bytes(programme_file.csv_file(rows))
    outcome = importing.import_rows(rows=sheet.rows, columns=sheet.columns, now=LATER, by=world.asks)
    assert (outcome.accepted, outcome.refused) == (1, [])
    assert (list(PartnerRequest.objects.order_by("pk").values()), Message.objects.count()) == before
    assert partners(world.activity) == ["LAB"]


# Today.


def test_who_answers_finds_it_among_what_is_to_be_decided(world: World) -> None:
    world.ask()

    def waiting(user: User) -> int:
        return desk.day(reach=reach(user, on=timezone.localdate()), now=timezone.now()).decisions["partner"].total

    asked = {
        name: waiting(getattr(world, name)) for name in ("head", "near", "administrator", "far", "asks", "project")
    }
    assert asked == {"head": 1, "near": 1, "administrator": 1, "far": 0, "asks": 0, "project": 0}
    Activity.objects.filter(pk=world.activity.pk).update(ends_at=timezone.now() - timedelta(days=1))
    assert waiting(world.head) == 0


def test_today_says_it_in_one_sentence_with_one_button(world: World, client: Client) -> None:
    world.ask()
    client.force_login(world.head)
    text = client.get("/darbs/").content.decode()
    assert "Mūžizglītības nodaļa jautā, vai rīkosiet kopā. Gaida kopš 11.01." in text
    assert f'href="/darbs/aktivitates/{world.activity.pk}/kopigi/">Atbildēt<' in text


# The page.


def page(world: World) -> str:
    return f"/darbs/aktivitates/{world.activity.pk}/kopigi/"


@pytest.mark.parametrize(
    ("who", "look", "press"),
    [
        ("asks", 200, 403),
        ("head", 200, 302),
        ("near", 200, 302),
        ("far", 200, 403),
        ("project", 200, 403),
        ("administrator", 200, 302),
        ("stranger", 403, 403),
    ],
)
def test_both_sides_read_it_and_who_answers_for_the_department_answers(
    world: World, client: Client, who: str, look: int, press: int
) -> None:
    request = world.ask(note="Dalīsim vietas?")
    client.force_login(getattr(world, who))
    answer = client.get(page(world))
    assert (answer.status_code, b"Dal\xc4\xabsim vietas?" in answer.content) == (look, look == 200)
    assert (b'value="accept"' in answer.content) == (press == 302)
    assert client.post(page(world), {"request": request.pk, "step": "accept"}).status_code == press
    assert partners(world.activity) == (["JAU"] if press == 302 else [])


def test_a_draft_s_thread_is_not_there_for_others(world: World, client: Client) -> None:
    Activity.objects.filter(pk=world.activity.pk).update(status="draft")
    world.ask()
    client.force_login(world.stranger)
    assert (client.get(page(world)).status_code, client.post(page(world)).status_code) == (404, 404)


def test_each_department_reads_its_own_words_alone(world: World, client: Client) -> None:
    world.ask(note="Jaunatnei")
    world.ask(department=world.welfare, note="Labklājībai")
    for user, read in ((world.head, (True, False)), (world.stranger, (False, True)), (world.asks, (True, True))):
        client.force_login(user)
        text = client.get(page(world)).content.decode()
        assert ("«Jaunatnei»" in text, "«Labklājībai»" in text) == read


def test_another_s_request_and_no_step_are_not_there(world: World, client: Client) -> None:
    mine, other = world.ask(), world.ask(department=world.welfare)
    client.force_login(world.head)
    for sent in (
        {"request": other.pk, "step": "accept"},
        {"request": mine.pk, "step": "steal"},
        {"request": "9" * 30, "step": "accept"},
        {"request": "x", "step": "accept"},
        {},
    ):
        assert client.post(page(world), sent).status_code == 404
    assert PartnerRequest.objects.open().count() == 2


@pytest.mark.parametrize("note", ["x" * 501, "a\x00b"])
def test_wrong_words_are_refused_and_kept(world: World, client: Client, note: str) -> None:
    request = world.ask()
    client.force_login(world.head)
    answer = client.post(page(world), {"request": request.pk, "step": "accept", "note": note})
    assert (answer.status_code, partners(world.activity)) == (422, [])
    assert note.replace("\x00", " ")[:400] in answer.content.decode()


def test_a_page_of_yesterday_says_that_it_was_withdrawn(world: World, client: Client) -> None:
    request = world.ask()
    partnering.take_out(activity=world.activity, department=world.youth, by=world.asks, now=LATER)
    client.force_login(world.head)
    answer = client.post(page(world), {"request": request.pk, "step": "accept", "note": "Jā"})
    assert (answer.status_code, partners(world.activity)) == (422, [])
    assert "Jautājums pa to laiku ir atsaukts" in answer.content.decode()


def test_declining_a_draft_leads_to_a_page_that_opens(world: World, client: Client) -> None:
    Activity.objects.filter(pk=world.activity.pk).update(status="draft")
    request = world.ask()
    client.force_login(world.head)
    answer = client.post(page(world), {"request": request.pk, "step": "decline", "note": "Nē"}, follow=True)
    assert (answer.status_code, "Jūs atteicāties." in answer.content.decode()) == (200, True)


def test_the_thread_asks_the_same_for_one_and_for_three(
    world: World, client: Client, same_queries: Callable[..., None]
) -> None:
    client.force_login(world.asks)

    def add(number: int) -> None:
        other = DepartmentFactory(code=f"N{number}", name=f"Nodaļa {number}")
        request = world.ask(department=other)
        partnering.answer(request=request, accept=True, by=world.administrator, now=LATER)

    same_queries(8, add=add, visit=lambda: client.get(page(world)))


# Where it is shown.


def editor(world: World, client: Client, **changes: Any) -> Any:
    address = f"/darbs/aktivitates/{world.activity.pk}/labot/"
    text = client.get(address).content.decode()
    typed = {
        "changed_at": text.split('name="changed_at" value="')[1].split('"')[0],
        "title_lv": "Adīšana",
        "topic": "crafts",
        "kind": "educational",
        "language": "lv",
        "format": "in_person",
        "lead": "MUZ",
        "place": f"centre:{world.activity.centre_id}",
        "audiences": "everyone",
        **changes,
    }
    return client.post(address, typed, follow=True)


def test_naming_a_partner_in_the_editor_asks_and_leaving_it_out_withdraws(world: World, client: Client) -> None:
    client.force_login(world.asks)
    answer = editor(world, client, partners=["JAU"], partner_note="Jauniešiem arī")
    text = answer.content.decode()
    request = PartnerRequest.objects.get()
    assert (request.note, request.asked_by, partners(world.activity)) == ("Jauniešiem arī", world.asks, [])
    assert "Jaunatnes lietu nodaļa vēl nav atbildējusi" in text
    for path in ("", "statuss/"):
        assert "vēl nav atbildējusi" in client.get(f"/darbs/aktivitates/{world.activity.pk}/{path}").content.decode()
    # Saved once more with the same, nobody is asked again.
    editor(world, client, partners=["JAU"])
    assert (PartnerRequest.objects.count(), len(letters("partner_asked"))) == (1, 2)
    partnering.answer(request=request, accept=False, note="", by=world.head, now=timezone.now())
    assert "atteicās" in client.get(f"/darbs/aktivitates/{world.activity.pk}/labot/").content.decode()
    editor(world, client, partners=["JAU"])
    editor(world, client)
    assert [one.answer for one in PartnerRequest.objects.order_by("pk")] == ["declined", "withdrawn"]


def test_the_public_reads_who_accepted_alone(world: World, client: Client) -> None:
    world.ask()
    address = world.activity.get_absolute_url()
    assert "Kopīga aktivitāte" not in client.get(address).content.decode()
    assert client.get("/aktivitates/?nodala=JAU").content.decode().count("data-activity=") == 0
    partnering.answer(request=PartnerRequest.objects.get(), accept=True, by=world.head, now=timezone.now())
    partnering.answer(request=world.ask(department=world.welfare), accept=True, by=world.stranger, now=timezone.now())
    said = "Kopīga aktivitāte: Mūžizglītības nodaļa, Jaunatnes lietu nodaļa un Labklājības pārvalde."
    assert said in client.get(address).content.decode()
    assert client.get("/aktivitates/?nodala=JAU").content.decode().count("data-activity=") == 1


# At once.


@pytest.mark.django_db(transaction=True)
def test_accepting_and_withdrawing_at_once_ends_in_one_of_the_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks.send, "apply_async", lambda *args, **options: None)
    world = World()
    for _round in range(4):
        request = world.ask()
        gate = threading.Barrier(4)

        def run(job: Callable[[], object], gate: threading.Barrier = gate) -> None:
            try:
                gate.wait()
                job()
            except programme.Refused:
                pass
            finally:
                connections.close_all()

        def accept(request: PartnerRequest = request) -> None:
            partnering.answer(request=request, accept=True, by=world.head, now=LATER)

        def withdraw() -> None:
            partnering.take_out(activity=world.activity, department=world.youth, by=world.asks, now=LATER)

        def ask() -> None:
            world.ask()

        threads = [threading.Thread(target=run, args=(job,)) for job in (accept, withdraw, ask, ask)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        standing = list(PartnerRequest.objects.standing().filter(activity=world.activity))
        accepted = [one.department_id for one in standing if not one.is_open]
        assert len(standing) <= 1
        assert partners(world.activity) == accepted
        partnering.take_out(activity=world.activity, department=world.youth, by=world.asks, now=LATER)
        assert (partners(world.activity), PartnerRequest.objects.standing().count()) == ([], 0)
    asked = PartnerRequest.objects.count()
    assert len(letters("partner_asked")) == 2 * asked, "each question is told once to each"
