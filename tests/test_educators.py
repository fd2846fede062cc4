"""Educators at the desk: who sees and changes what, whom the list finds, the link, the end of their work."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from coordinators.domain import educators as people
from coordinators.domain.access import reach
from coordinators.models import Educator
from courses.domain import educators, forgetting
from courses.domain.refusals import Refusal
from courses.models import Session
from ecosystem.models import Message
from tests.factories import (
    NOW,
    ActivityFactory,
    AudienceFactory,
    CentreFactory,
    DepartmentFactory,
    EducatorFactory,
    ParishFactory,
    PostFactory,
    TopicFactory,
    UserFactory,
    at,
)
from tests.test_rights import POSTS, VILCE, hold

pytestmark = pytest.mark.django_db
LIST = "/en/darbs/pasniedzeji/"
CONTACT = {
    "email": "anna@example.lv",
    "phone": "+37126123456",
    "contract_number": "JN-2027/001",
    "note": "Tikai vakaros.",
}


@pytest.fixture
def anna() -> Educator:
    """Of MUZ, with all that is known."""
    return EducatorFactory(topics=[TopicFactory()], **CONTACT)


def typed(**changes: Any) -> dict[str, Any]:
    """What is least for an educator."""
    return {"name": "Zane Muižniece", "department": "MUZ", "kind": "hired", "languages": ["lv"], **changes}


def stamp(client: Client, educator: Educator) -> str:
    """The hidden mark of the form."""
    text = client.get(f"{LIST}{educator.pk}/labot/").content.decode()
    return text.split('name="seen" value="')[1].split('"')[0]


@pytest.fixture
def coordinator(client: Client) -> Client:
    """The coordinator of MUZ in Eleja, signed in."""
    client.force_login(PostFactory().holder)
    return client


# Who may what

KEEPERS = {
    "coordinator": True,
    "coordinator of another parish": True,
    "manager of the library": True,
    "head": True,
    "administrator": True,
    "project manager": False,
    "coordinator of another department": False,
    "manager of the youth centre": False,
    "head of another department": False,
}
# Of the department, whatever the post; others see the name and what is taught.
SEE_CONTACT = {name for name, keeps in KEEPERS.items() if keeps} | {"project manager"}


@pytest.mark.parametrize("name", KEEPERS)
def test_each_post_sees_and_changes_what_is_its_own(client: Client, anna: Educator, name: str) -> None:
    ParishFactory(code=VILCE, name="Vilces pagasts", centre_name="Vilce")
    DepartmentFactory(code="JAU", name="Jaunatnes nodaļa")
    CentreFactory(slug="vilces-biblioteka", name="Vilces bibliotēka")
    educators.issue(educator=anna, now=timezone.now())
    client.force_login(hold(POSTS[name][0]))
    keeps, sees = KEEPERS[name], name in SEE_CONTACT
    page = client.get(f"{LIST}{anna.pk}/")
    text = page.content.decode()
    assert page.status_code == 200
    for always in ("Anna Kalniņa", "Hired", TopicFactory().name):
        assert always in text
    for value in ("anna@example.lv", "2612\u00a03456", "JN-2027/001", "Tikai vakaros."):
        assert (value in text) is sees, value
    assert ("/pasniedzejs/" in text) is keeps
    every = client.get(f"{LIST}?nodala=visas").content.decode()
    assert "Anna Kalniņa" in every and ("2612\u00a03456" in every) is sees
    assert client.get(f"{LIST}{anna.pk}/labot/").status_code == (200 if keeps else 403)
    form = typed(name="Cita", seen="")
    assert client.post(f"{LIST}{anna.pk}/labot/", form).status_code == (409 if keeps else 403)
    before = Message.objects.count()
    for action in ("email", "sms", "link", "revoke", "retire", "back"):
        answer = client.post(f"{LIST}{anna.pk}/", {"action": action})
        assert answer.status_code == (302 if keeps else 403), action
    assert (Message.objects.count() > before) is keeps


@pytest.mark.parametrize("name", ["coordinator", "head of another department", "project manager", "administrator"])
def test_somebody_new_is_written_down_for_ones_own_department(client: Client, name: str) -> None:
    DepartmentFactory(), DepartmentFactory(code="JAU", name="Jaunatnes nodaļa")
    client.force_login(hold(POSTS[name][0]))
    expected = {
        "coordinator": (302, 422),
        "head of another department": (422, 302),
        "project manager": (403, 403),
        "administrator": (302, 302),
    }[name]
    assert client.post(f"{LIST}jauns/", typed()).status_code == expected[0]
    assert client.post(f"{LIST}jauns/", typed(department="JAU")).status_code == expected[1]
    assert Educator.objects.count() == expected.count(302)


@pytest.mark.parametrize("tail", ["9999/", "9999/labot/", "99999999999999999999/"])
def test_who_is_not_there_is_not_there(coordinator: Client, tail: str) -> None:
    assert coordinator.get(f"{LIST}{tail}").status_code == 404
    assert coordinator.post(f"{LIST}{tail}", {"action": "retire"}).status_code == 404


def test_another_department_s_draft_is_not_told_and_another_s_list_not_opened(
    coordinator: Client, anna: Educator
) -> None:
    jau = DepartmentFactory(code="JAU", name="Jaunatnes nodaļa")
    soon = timezone.now() + timedelta(days=3)
    ActivityFactory(lead=jau, status="draft", title="Slepenais", educators=[anna], first=soon, weeks=1)
    theirs = ActivityFactory(lead=jau, title="Koris", educators=[anna], first=soon + timedelta(days=1), weeks=1)
    ours = ActivityFactory(title="Aušana", educators=[anna], first=soon + timedelta(days=2), weeks=1)
    text = coordinator.get(f"{LIST}{anna.pk}/").content.decode()
    assert "Slepenais" not in text and "Koris" in text
    assert f"/darbs/aktivitates/{theirs.pk}/" not in text
    assert f"/darbs/aktivitates/{ours.pk}/nodarbibas/" in text


# Writing down


def test_all_that_is_known_is_written_down_and_shown_again(coordinator: Client) -> None:
    TopicFactory(), TopicFactory(code="cooking", name="Ēdiena gatavošana")
    form = typed(topics=["crafts", "cooking"], languages=["lv", "uk"], kind="volunteer", **CONTACT)
    answer = coordinator.post(f"{LIST}jauns/", form | {"phone": "2612 3456", "name": "  Zane   Muižniece "})
    made = Educator.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{LIST}{made.pk}/")
    assert (made.name, made.kind, made.languages, str(made.phone)) == (
        "Zane Muižniece",
        "volunteer",
        ["lv", "uk"],
        "+37126123456",
    )
    assert sorted(made.topics.order_by("pk").values_list("pk", flat=True)) == ["cooking", "crafts"]
    text = coordinator.get(f"{LIST}{made.pk}/labot/").content.decode()
    for shown in ('value="Zane Muižniece"', 'value="JN-2027/001"', 'value="crafts"', 'value="Tikai vakaros."'):
        assert shown in text


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "Type the given name"),
        ("name", "x" * 200, "too long for a name"),
        ("name", "Anna\x00", "cannot be written"),
        ("name", "12", "Type the given name"),
        ("email", "nav", "Type an e-mail address"),
        ("phone", "12", "Type a telephone number"),
        ("contract_number", "9" * 61, "too long"),
        ("note", "a" * 301, "too long"),
        ("kind", "boss", "boss"),
        ("topics", "magic", "magic"),
        ("languages", "xx", "xx"),
        ("department", "", "Choose a department."),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_the_rest_stays(
    coordinator: Client, field: str, value: str, words: str
) -> None:
    page = coordinator.post(f"{LIST}jauns/", typed(email="zane@example.lv") | {field: value})
    text = page.content.decode()
    assert (page.status_code, Educator.objects.count()) == (422, 0)
    assert words in text and "<title>Error:" in text
    assert ("Zane Muižniece" if field != "name" else "zane@example.lv") in text


def test_one_name_is_one_person_unless_one_says_otherwise(coordinator: Client) -> None:
    assert coordinator.post(f"{LIST}jauns/", typed()).status_code == 302
    page = coordinator.post(f"{LIST}jauns/", typed(name="zane muizniece"))
    assert page.status_code == 422 and "Zane Muižniece is already here" in page.content.decode()
    assert 'name="is_another"' in page.content.decode()
    assert coordinator.post(f"{LIST}jauns/", typed(name="zane muizniece", is_another="on")).status_code == 302
    assert Educator.objects.count() == 2


def test_the_later_of_two_is_told_and_may_save_over(coordinator: Client, anna: Educator) -> None:
    address = f"{LIST}{anna.pk}/labot/"
    seen = stamp(coordinator, anna)
    first = typed(name="Anna Pirmā", seen=seen, **CONTACT)
    assert coordinator.post(address, first).status_code == 302
    page = coordinator.post(address, typed(name="Anna Otrā", seen=seen))
    text = page.content.decode()
    assert page.status_code == 409 and 'value="Anna Otrā"' in text and "saved this meanwhile" in text
    anna.refresh_from_db()
    assert (anna.name, anna.email) == ("Anna Pirmā", "anna@example.lv")
    again = text.split('name="seen" value="')[1].split('"')[0]
    assert coordinator.post(address, typed(name="Anna Otrā", seen=again)).status_code == 302
    anna.refresh_from_db()
    assert (anna.name, anna.email) == ("Anna Otrā", "")


# Finding


def test_the_list_is_of_ones_departments_and_is_filtered(coordinator: Client, anna: Educator) -> None:
    jau = DepartmentFactory(code="JAU", name="Jaunatnes nodaļa")
    cooking = TopicFactory(code="cooking", name="Ēdiena gatavošana")
    EducatorFactory(name="Ēriks Žīgurs", kind="volunteer", topics=[cooking], languages=["lv", "uk"])
    EducatorFactory(name="Jānis Citurs", department=jau, topics=[cooking])
    EducatorFactory(name="Velta Bijusī", retired_at=NOW)

    def names(query: str) -> list[str]:
        page = coordinator.get(f"{LIST}?{query}")
        assert page.status_code == 200
        return [row["educator"].name for row in page.context["rows"]]

    assert names("") == ["Anna Kalniņa", "Ēriks Žīgurs"]
    assert names("nodala=visas") == ["Anna Kalniņa", "Ēriks Žīgurs", "Jānis Citurs"]
    assert names("nodala=JAU") == names("q=citurs&nodala=visas") == ["Jānis Citurs"]
    assert names("q=eriks+zigurs") == names("tema=cooking") == names("valoda=uk") == names("veids=volunteer")
    assert names("q=eriks+zigurs") == ["Ēriks Žīgurs"]
    assert names("arhivs=on") == ["Velta Bijusī"]
    # What makes no sense is said and left out; nothing breaks.
    for nonsense in ("tema=x", "nodala=%00", "diena=2027-13-01", "no=25:99", "lapa=-4", "q=" + "a" * 500, "lidz=10:00"):
        assert names(nonsense) == ["Anna Kalniņa", "Ēriks Žīgurs"]


def test_who_is_free_then(coordinator: Client, anna: Educator) -> None:
    EducatorFactory(name="Berta Ozola")
    day = timezone.localtime().replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=5)
    ActivityFactory(educators=[anna], first=day, weeks=1)

    def names(hours: str) -> list[str]:
        page = coordinator.get(f"{LIST}?diena={day:%Y-%m-%d}{hours}")
        return [row["educator"].name for row in page.context["rows"]]

    assert names("") == names("&no=11:00&lidz=13:00") == names("&no=11:59") == ["Berta Ozola"]
    assert names("&no=12:00&lidz=13:00") == names("&lidz=10:00") == ["Anna Kalniņa", "Berta Ozola"]
    assert names("&no=13:00&lidz=12:00") == ["Anna Kalniņa", "Berta Ozola"]


def test_the_list_asks_as_often_for_many_as_for_one(coordinator: Client, same_queries: Any) -> None:
    same_queries(
        11,
        add=lambda number: EducatorFactory(name=f"Anna {number}", topics=[TopicFactory()]),
        visit=lambda: coordinator.get(f"{LIST}?diena=2027-02-04"),
    )


def test_the_page_asks_as_often_for_many_sessions_as_for_one(
    coordinator: Client, anna: Educator, same_queries: Any
) -> None:
    same_queries(
        9,
        add=lambda number: ActivityFactory(
            educators=[anna], weeks=1, first=timezone.now() + timedelta(days=number + 1), title=str(number)
        ),
        visit=lambda: coordinator.get(f"{LIST}{anna.pk}/"),
    )


# The link, and the end


def test_the_link_is_sent_once_by_a_double_click_with_whom_to_ring(coordinator: Client, anna: Educator) -> None:
    for _click in range(2):
        assert coordinator.post(f"{LIST}{anna.pk}/", {"action": "email"}).status_code == 302
    coordinator.post(f"{LIST}{anna.pk}/", {"action": "sms"})
    mail, text = Message.objects.order_by("channel")
    assert (mail.to, mail.kind, mail.language, mail.reference) == (
        "anna@example.lv",
        "educator_link",
        "lv",
        f"educator:{anna.pk}",
    )
    url = mail.links[0]["url"]
    assert url.startswith("http://localhost:8000/pasniedzejs/") and url in mail.text and url in mail.html
    assert "6301\u00a02345" in mail.text
    assert (text.channel, text.to, text.subject) == ("sms", "+37126123456", "")
    assert url in text.text and len(text.text) <= 201
    assert url in coordinator.get(f"{LIST}{anna.pk}/").content.decode()


def test_without_an_address_nothing_is_sent(coordinator: Client) -> None:
    nobody = EducatorFactory()
    page = coordinator.post(f"{LIST}{nobody.pk}/", {"action": "email"})
    assert page.status_code == 409 and "There is no address" in page.content.decode()
    assert Message.objects.count() == 0
    nobody.refresh_from_db()
    assert nobody.link_issued_at is None


def test_nobody_retires_while_sessions_wait(coordinator: Client, anna: Educator) -> None:
    activity = ActivityFactory(educators=[anna], first=timezone.now() + timedelta(days=3), weeks=1)
    page = coordinator.post(f"{LIST}{anna.pk}/", {"action": "retire"})
    assert page.status_code == 409 and "Say first who leads" in page.content.decode()
    berta = EducatorFactory(name="Berta Ozola")
    activity.sessions.update(led_by=berta)
    assert coordinator.post(f"{LIST}{anna.pk}/", {"action": "retire"}).status_code == 302
    anna.refresh_from_db()
    assert anna.retired_at is not None
    with pytest.raises(Refusal):
        educators.issue(educator=anna, now=timezone.now())
    with pytest.raises(Refusal):
        educators.retire(educator=berta, now=timezone.now())
    assert coordinator.post(f"{LIST}{anna.pk}/", {"action": "back"}).status_code == 302
    anna.refresh_from_db()
    assert anna.retired_at is None
    assert coordinator.post(f"{LIST}{anna.pk}/", {"action": "explode"}).status_code == 404


def test_who_stopped_is_forgotten_in_two_steps() -> None:
    working = EducatorFactory(name="Strādā", **CONTACT)
    just = EducatorFactory(name="Tikko", retired_at=NOW - timedelta(days=30), **CONTACT)
    stopped = EducatorFactory(name="Beigusi", retired_at=NOW - timedelta(days=31), **CONTACT)
    long_ago = at("2023-06-01 10:00")
    gone = EducatorFactory(name="Sen", retired_at=long_ago)
    led = EducatorFactory(name="Vadīja", retired_at=long_ago)
    stood = EducatorFactory(name="Aizvietoja", retired_at=long_ago)
    ActivityFactory(weeks=1, first=at("2023-05-01 10:00"), educators=[gone])
    ActivityFactory(weeks=1, first=at("2024-02-01 10:00"), educators=[led])
    session = ActivityFactory(weeks=1, first=at("2024-02-01 10:00"), educators=[gone]).sessions.get()
    Session.objects.filter(pk=session.pk).update(led_by=stood)
    assert forgetting.forget(now=NOW)["educators"] == 2
    assert set(Educator.objects.values_list("name", flat=True)) == {
        *("Strādā", "Tikko", "Beigusi", "Vadīja", "Aizvietoja")
    }
    kept = {e.name: (e.email, str(e.phone or ""), e.note) for e in Educator.objects.order_by("pk")}
    assert kept["Strādā"] == kept["Tikko"] == ("anna@example.lv", "+37126123456", "Tikai vakaros.")
    assert kept["Beigusi"] == ("", "", "")
    stopped.refresh_from_db()
    assert stopped.contract_number == "JN-2027/001"
    assert {working, just} <= set(Educator.objects.order_by("pk"))
    assert forgetting.forget(now=NOW)["educators"] == 0


# In the editor and among the sessions


def details(activity: Any, **changes: Any) -> dict[str, Any]:
    """The editor's form of an activity."""
    return {
        "title_lv": activity.title_lv,
        "topic": "crafts",
        "kind": "educational",
        "language": "lv",
        "format": "in_person",
        "lead": "MUZ",
        "place": f"centre:{activity.centre_id}",
        "audiences": "everyone",
        "capacity": "12",
        **changes,
    }


def editor_stamp(client: Client, address: str) -> str:
    return client.get(address).content.decode().split('name="changed_at" value="')[1].split('"')[0]


def test_the_editor_offers_educators_and_says_beside_the_field_who_is_elsewhere(
    coordinator: Client, anna: Educator
) -> None:
    AudienceFactory()
    first = timezone.localtime().replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=5)
    ActivityFactory(educators=[anna], first=first, weeks=1, title="Koris")
    jau = EducatorFactory(name="Jānis Citurs", department=DepartmentFactory(code="JAU", name="Jaunatnes nodaļa"))
    berta = EducatorFactory(name="Berta Ozola")
    EducatorFactory(name="Velta Bijusī", retired_at=NOW)
    activity = ActivityFactory(first=first + timedelta(hours=1), weeks=1, status="draft")
    address = f"/en/darbs/aktivitates/{activity.pk}/labot/"
    page = coordinator.get(address)
    groups = [(name, [row["name"] for row in rows]) for name, rows, _open in page.context["form"].leaders()]
    # Own first; in each, who teaches the topic first.
    assert groups == [
        ("Mūžizglītības nodaļa", ["Anna Kalniņa", "Berta Ozola"]),
        ("Jaunatnes nodaļa", ["Jānis Citurs"]),
    ]
    seen = editor_stamp(coordinator, address)
    page = coordinator.post(address, details(activity, changed_at=seen, educators=[anna.pk, jau.pk]))
    text = page.content.decode()
    assert page.status_code == 422
    assert 'id="id_educators_error"' in text and "already leads «Koris»" in text
    assert f'value="{anna.pk}" checked' in text and f'value="{jau.pk}" checked' in text
    assert coordinator.post(address, details(activity, changed_at=seen, educators=[berta.pk])).status_code == 302
    assert list(activity.educators.order_by("pk")) == [berta]
    # The mark covers who leads: the later of two is told.
    page = coordinator.post(address, details(activity, changed_at=seen, educators=[jau.pk]))
    assert page.status_code == 409 and "<td>Berta Ozola</td><td>Jānis Citurs</td>" in page.content.decode()
    assert list(activity.educators.order_by("pk")) == [berta]
    for nonsense in ("x", "999999", "-1"):
        page = coordinator.post(address, details(activity, changed_at=seen, educators=[nonsense]))
        assert page.status_code == 422


def test_one_session_is_given_to_a_stand_in(coordinator: Client, anna: Educator) -> None:
    berta, busy = EducatorFactory(name="Berta Ozola"), EducatorFactory(name="Zane Aizņemtā")
    first = timezone.localtime().replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=5)
    ActivityFactory(educators=[busy], first=first, weeks=1, title="Koris")
    activity = ActivityFactory(educators=[anna], first=first, weeks=2)
    session = activity.sessions.order_by("starts_at").first()
    assert session
    address = f"/en/darbs/aktivitates/{activity.pk}/nodarbibas/"
    text = coordinator.get(f"{address}?nodarbiba={session.pk}").content.decode()
    assert "As the whole activity: Anna Kalniņa" in text
    form = {"action": "lead", "session": session.pk, "led_by": busy.pk}
    page = coordinator.post(address, form)
    assert page.status_code == 422 and "already leads «Koris»" in page.content.decode()
    assert coordinator.post(address, form | {"led_by": "999999"}).status_code == 422
    assert coordinator.post(address, form | {"led_by": berta.pk}).status_code == 302
    session.refresh_from_db()
    assert session.led_by == berta
    assert "Berta Ozola stands in" in coordinator.get(address).content.decode()
    assert coordinator.post(address, form | {"led_by": ""}).status_code == 302
    session.refresh_from_db()
    assert session.led_by is None


def test_a_new_draft_takes_its_educators_with_it(coordinator: Client, anna: Educator) -> None:
    AudienceFactory()
    first = timezone.localtime().replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=5)
    other = ActivityFactory(educators=[anna], first=first, weeks=1, title="Koris")
    form = details(other, title_lv="Jauna", educators=[anna.pk], save="1")
    when = {"when-first": f"{first:%Y-%m-%d}", "when-starts": "11:00", "when-ends": "13:00", "when-count": "1"}
    page = coordinator.post("/en/darbs/aktivitates/jauna/", {**form, **when})
    assert page.status_code == 422 and "already leads «Koris»" in page.content.decode()
    assert coordinator.post("/en/darbs/aktivitates/jauna/", {**form, **when, "when-starts": "12:00"}).status_code == 302
    assert sorted(anna.activities.order_by("pk").values_list("title_lv", flat=True)) == ["Jauna", "Koris"]


def test_rights_of_keeping_follow_the_day() -> None:
    user = UserFactory(email="viena@example.lv")
    PostFactory(holder=user)
    PostFactory(
        holder=user,
        department=DepartmentFactory(code="JAU", name="Jaunatne"),
        ends_on=date(2026, 12, 31),
    )
    assert people.kept_by(reach(user, on=NOW.date())) == {"MUZ"}
