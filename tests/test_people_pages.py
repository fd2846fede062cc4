"""People at the desk: who sees whom, comparing and joining, undoing, correcting, the file, erasing."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils.translation import gettext

from courses.domain import merging
from courses.models import Merge, Party, Registration
from ecosystem.models import Message
from residents.domain import doubles
from residents.models import Household, PossibleDouble, Resident
from tests import factories as f
from tests.factories import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)
LIST = "/darbs/dubultnieki/"


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    """It is ``NOW`` for the pages too."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: LATER)


@pytest.fixture
def desk(client):
    """The coordinator of Eleja at her desk."""
    client.force_login(f.PostFactory().holder)
    return client


def svete() -> Any:
    """A village of a parish that is not hers."""
    parish = f.ParishFactory(code="0540282", name="Svētes pagasts", locative="Svētes pagastā")
    return f.VillageFactory(code="svete", name="Svēte", slug="svete", parish=parish)


def person(email: str = "", phone: str = "", **changes: Any) -> Resident:
    """Līga Bērziņa of Eleja, in a household of her own."""
    return f.ResidentFactory(household=f.HouseholdFactory(email=email, phone=phone), **changes)


def pair_of(**second: Any) -> PossibleDouble:
    """Two entries that look like one person: the other by telephone, with a year alone."""
    number = f"+3712612345{Resident.objects.count()}"
    one = person("liga@example.lv", number)
    shown = {"given_name": "Liga", "birth_month": None, "birth_day": None, "created_at": LATER, **second}
    other = person(phone=number, **shown)
    doubles.look(residents=[one.pk, other.pk], now=NOW)
    return PossibleDouble.objects.get(first__in=[one.pk, other.pk], second__in=[one.pk, other.pk])


def later_of(pair: PossibleDouble) -> Resident:
    """The entry that would go."""
    return max(pair.first, pair.second, key=lambda one: one.created_at)


def page(client: Any, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def post(client: Any, path: str, **sent: Any) -> Any:
    return client.post(path, sent)


def kinds() -> dict[str, Any]:
    """Somebody of each kind of post."""
    made = {}
    for kind in ("manager", "head", "project_manager", "administrator"):
        centre = f.CentreFactory() if kind == "manager" else None
        holder = f.UserFactory(email=f"{kind}@example.lv")
        parishes = [f.ParishFactory()] if kind in ("manager", "project_manager") else []
        made[kind] = f.PostFactory(kind=kind, holder=holder, centre=centre, parishes=parishes).holder
    made["coordinator"] = f.PostFactory(holder=f.UserFactory(email="coordinator@example.lv")).holder
    other = f.UserFactory(email="svete@example.lv")
    made["coordinator of Svēte"] = f.PostFactory(holder=other, parishes=[svete().parish]).holder
    made["resident"] = f.UserFactory(email="iedzivotaja@example.lv")
    return made


def test_only_who_may_see_both_is_shown_a_pair(client):
    near = pair_of()
    far = pair_of(village=svete())
    PossibleDouble.objects.exclude(pk__in=[near.pk, far.pk]).delete()
    seen = {}
    for name, user in kinds().items():
        client.force_login(user)
        answers = [client.get(LIST).status_code, *(client.get(f"{LIST}{p.pk}/").status_code for p in (near, far))]
        pressed = [post(client, f"{LIST}{far.pk}/", step=step).status_code for step in ("preview", "merge", "not_same")]
        seen[name] = (*answers, *pressed)
        PossibleDouble.objects.filter(pk=far.pk).update(state="open", decided_at=None, decided_by=None)
    closed = (403,) * 6
    assert seen == {
        "manager": (200, 200, 404, 404, 404, 404),
        "coordinator": (200, 200, 404, 404, 404, 404),
        "coordinator of Svēte": (200, 404, 404, 404, 404, 404),
        "head": (200, 200, 200, 200, 409, 302),
        "administrator": (200, 200, 200, 200, 409, 302),
        "project_manager": closed,
        "resident": closed,
    }, "a merge that was not previewed is refused (409)"


def test_who_takes_part_in_what_one_manages_is_seen_wherever_they_live(desk):
    pair = pair_of(village=svete())
    assert desk.get(f"{LIST}{pair.pk}/").status_code == 404
    far = Resident.objects.get(village__slug="svete")
    f.RegistrationFactory(party__activity=f.ActivityFactory(), resident=far)
    assert desk.get(f"{LIST}{pair.pk}/").status_code == 200
    assert f'data-pair="{pair.pk}"' in page(desk, LIST)


@pytest.mark.parametrize("tail", ["", "labot/", "dati/", "dzest/"])
def test_a_person_s_pages_by_role_and_guessed_key(client, tail):
    near, far = person(), person(village=svete())
    seen = {}
    for name, user in kinds().items():
        client.force_login(user)
        seen[name] = tuple(
            client.get(f"/darbs/iedzivotaji/{pk}/{tail}").status_code
            for pk in (near.pk, far.pk, "00000000-0000-4000-8000-000000000000")
        )
    assert seen == {
        "manager": (200, 404, 404),
        "coordinator": (200, 404, 404),
        "coordinator of Svēte": (404, 200, 404),
        "head": (200, 200, 404),
        "administrator": (200, 200, 404),
        "project_manager": (403, 403, 403),
        "resident": (403, 403, 403),
    }
    client.force_login(f.UserFactory(email="coordinator@example.lv"))
    for path in (f"/darbs/iedzivotaji/{far.pk}/{tail}",):
        assert post(client, path, confirm="1").status_code in (404, 405)
    assert Resident.objects.count() == 2


def test_the_list_tells_why_and_asks_a_fixed_number_of_times(desk, same_queries):
    same_queries(
        8,
        add=lambda n: (
            person(f"liga{n}@example.lv", birth_year=1931 + 17 * n),
            doubles.look(residents=[person(f"liga{n}@example.lv", birth_year=1931 + 17 * n).pk], now=NOW),
        ),
        visit=lambda: desk.get(LIST),
    )
    text = page(desk, LIST)
    assert text.count("data-pair") == 3
    assert "Viena e-pasta adrese, viens vārds un uzvārds, viens dzimšanas datums, viens ciems." in text


def test_an_empty_list_says_so(desk):
    assert gettext("Nobody seems to be written down twice") in page(desk, LIST)
    assert desk.get(f"{LIST}?lapa=99").status_code == 200
    assert desk.get(f"{LIST}?lapa=%00x").status_code == 200


def preview(desk: Any, pair: PossibleDouble, **chosen: str) -> tuple[str, dict[str, str]]:
    """The page before joining, and what its button sends."""
    answer = post(desk, f"{LIST}{pair.pk}/", step="preview", **chosen)
    assert answer.status_code == 200
    return answer.content.decode(), {"seen": answer.context["seen"], **answer.context["chosen"], "step": "merge"}


def test_comparing_previewing_joining_and_undoing(desk):
    pair = pair_of()
    activity = f.ActivityFactory(capacity=2, taken=2, waiting=1)
    kept, gone = Resident.objects.order_by("created_at")
    for who in (kept, gone):
        f.RegistrationFactory(party__activity=activity, party__email="liga@example.lv", resident=who)
    waits = f.RegistrationFactory(
        party__activity=activity,
        party__email="nakama@example.lv",
        resident=person("n@example.lv", given_name="Zane"),
        state="queued",
    )
    text = page(desk, f"{LIST}{pair.pk}/")
    assert text.count('name="name"') == 2
    assert 'value="kept" checked' in text
    text, sent = preview(desk, pair)
    assert "Paliek «Apstiprināts», tam pievieno «Apstiprināts»." in text
    assert gettext("A place becomes free and goes to the next in the queue.") in text
    assert (Resident.objects.count(), Merge.objects.count()) == (3, 0)
    answer = post(desk, f"{LIST}{pair.pk}/", **sent)
    assert (answer.status_code, answer["Location"]) == (302, f"/darbs/iedzivotaji/{kept.pk}/")
    waits.refresh_from_db()
    assert (Resident.objects.count(), waits.state) == (2, "offered")
    # Pressed twice: the pair is no more, and nothing breaks.
    assert post(desk, f"{LIST}{pair.pk}/", **sent).status_code == 404
    # Who had the old address is led to the one there is.
    assert desk.get(f"/darbs/iedzivotaji/{gone.pk}/")["Location"] == f"/darbs/iedzivotaji/{kept.pk}/"
    merged = Merge.objects.get()
    undo = f"{LIST}apvienoti/{merged.pk}/"
    assert undo in page(desk, LIST)
    assert gettext("The place was given on, so it comes back first in the queue.") in page(desk, undo)
    assert post(desk, undo, confirm="1").status_code == 302
    assert Resident.objects.filter(pk=gone.pk).exists()
    assert post(desk, undo, confirm="1").status_code == 409
    assert gettext("This has been undone already.") in page(desk, undo)
    assert page(desk, LIST).count("data-pair") == 1


def test_what_has_changed_since_the_preview_is_shown_before_it_is_joined(desk):
    pair = pair_of()
    _text, sent = preview(desk, pair)
    f.RegistrationFactory(party__activity=f.ActivityFactory(title="Jauns"), resident=later_of(pair))
    answer = post(desk, f"{LIST}{pair.pk}/", **sent)
    assert (answer.status_code, Merge.objects.count()) == (409, 0)
    text = answer.content.decode()
    assert gettext("Meanwhile something about them has changed. Look once more before joining.") in text
    # From the page as it is now, it is joined.
    again = {"seen": answer.context["seen"], **answer.context["chosen"], "step": "merge"}
    assert post(desk, f"{LIST}{pair.pk}/", **again).status_code == 302
    assert Merge.objects.count() == 1


def test_a_chosen_value_stays_and_nonsense_chooses_nothing(desk):
    pair = pair_of(family_name="Berzina")
    _text, sent = preview(desk, pair, name="gone", birth="\x00", sex="x" * 5000, household="gone ")
    assert (sent["name"], sent["birth"], sent["household"]) == ("gone", "kept", "kept")
    assert post(desk, f"{LIST}{pair.pk}/", **sent).status_code == 302
    assert str(Resident.objects.get()) == "Liga Berzina"


def test_not_the_same_is_kept(desk):
    pair = pair_of()
    assert post(desk, f"{LIST}{pair.pk}/", step="not_same").status_code == 302
    assert desk.get(f"{LIST}{pair.pk}/").status_code == 404
    assert page(desk, LIST).count("data-pair") == 0
    pair.refresh_from_db()
    assert (pair.state, pair.decided_by.email) == ("not_same", "ilze.ozola@example.lv")


def test_comparing_asks_a_fixed_number_of_times(desk, query_count):
    pair = pair_of()
    for number in range(3):
        f.RegistrationFactory(party__activity=f.ActivityFactory(title=f"K{number}"), resident=later_of(pair))
    page(desk, f"{LIST}{pair.pk}/")
    with query_count(12):
        desk.get(f"{LIST}{pair.pk}/")
    with query_count(9):
        post(desk, f"{LIST}{pair.pk}/", step="preview")


def test_an_activity_with_a_closed_list_is_named_only_to_who_manages_it(client):
    pair = pair_of()
    lab = f.DepartmentFactory(code="LAB", name="Labklājības pārvalde")
    neet = f.AudienceFactory(code="neet", name="NEET", is_sensitive=True)
    closed = f.ActivityFactory(title="Slepenais kurss", lead=lab, centre=None, audiences=[neet])
    for who in (pair.first, pair.second):
        party = f.PartyFactory(activity=closed, email="slepens@example.lv")
        f.RegistrationFactory(party=party, resident=who)
        f.MessageFactory(reference=f"party:{party.pk}", subject="Par slepeno", text="Slepeni")
    merged_page = f"{LIST}{pair.pk}/"
    paths = [f"/darbs/iedzivotaji/{pair.first_id}/{tail}" for tail in ("", "dati/", "dzest/")]

    def all_pages() -> str:
        said = "".join(page(client, path) for path in paths)
        return said + post(client, merged_page, step="preview").content.decode()

    client.force_login(f.PostFactory(holder=f.UserFactory(email="muz@example.lv")).holder)
    hers = all_pages()
    for word in ("Slepen", "slepen", 'Labklājības pārvalde"', "NEET"):
        assert word not in hers, word
    assert gettext("An activity with a closed list") in hers
    data = json.loads(client.get(paths[1]).content)
    assert (data["is_whole"], data["registrations"], data["messages"]) == (False, [], [])
    client.force_login(f.PostFactory(department=lab, holder=f.UserFactory(email="lab@example.lv")).holder)
    theirs = all_pages()
    assert theirs.count("Slepenais kurss") >= 4
    assert json.loads(client.get(paths[1]).content)["is_whole"] is True


def test_a_search_opens_pages_of_who_may_be_seen(desk):
    near = person("liga@example.lv")
    far = person(phone="+37126123456", given_name="Anna", village=svete())
    path = "/darbs/iedzivotaji/"
    assert f"{path}{near.pk}/" in post(desk, path, q="liga").content.decode()
    # Told the whole telephone, she finds whose it is; the page stays closed.
    found = post(desk, path, q="26123456").content.decode()
    assert "Anna Bērziņa" in found
    assert f"{path}{far.pk}/" not in found
    for odd in ("", "\x00", "%", "a" * 5000, "31.2.1960"):
        assert post(desk, path, q=odd).status_code == 200


def test_a_person_s_page_tells_what_is_held_and_asks_a_fixed_number_of_times(desk, same_queries):
    one = person("liga@example.lv")

    def add(number: int) -> None:
        activity = f.ActivityFactory(title=f"Kurss {number}")
        registration = f.RegistrationFactory(party__activity=activity, resident=one)
        f.AttendanceFactory(registration=registration)
        f.MessageFactory(reference=f"party:{registration.party_id}", subject=f"Ziņa {number}")
        f.ResidentFactory(household=one.household, given_name=f"Zane {number}")
        f.ConsentFactory(contact=f"zane{number}@example.lv", way="phone", said_by=one, confirmed_at=NOW)

    same_queries(15, add=add, visit=lambda: desk.get(f"/darbs/iedzivotaji/{one.pk}/"))
    text = page(desk, f"/darbs/iedzivotaji/{one.pk}/")
    for word in (
        "Kurss 2",
        "Ziņa 2",
        "atnāca 1 no 1",
        "1960. gada 3. maijs",
        "liga@example.lv",
        "Zane 1",
        "zane2@example.lv: Piekrita",
    ):
        assert word in text, word


def correction(one: Resident, desk: Any, **changes: str) -> dict[str, str]:
    """The form as the page gives it, with these changes."""
    answer = desk.get(f"/darbs/iedzivotaji/{one.pk}/labot/")
    form, contact = answer.context["form"], answer.context["contact"]
    fields = [form[name] for name in form.fields] + [contact[name] for name in contact.fields]
    sent = {field.html_name: str(field.value() if field.value() is not None else "") for field in fields}
    sent.pop("all_or_none")
    return {**sent, **changes}


def test_what_is_wrong_is_corrected_and_looked_at_anew(desk):
    one = person("liga@example.lv", doubles_checked_at=NOW)
    path = f"/darbs/iedzivotaji/{one.pk}/labot/"
    sent = correction(one, desk, **{"people-0-family_name": "  Kalniņa ", "people-0-birth_day": "4"})
    assert post(desk, path, **sent).status_code == 302
    one.refresh_from_db()
    assert (str(one), one.birth_day, one.village.slug, one.doubles_checked_at) == ("Līga Kalniņa", 4, "eleja", None)
    sent = correction(one, desk, **{"people-0-village": "elsewhere", "people-0-sex": "female"})
    assert post(desk, path, **sent).status_code == 302
    one.refresh_from_db()
    assert (one.village, one.lives_elsewhere, one.sex) == (None, True, "female")


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("people-0-given_name", "", "Type the given name."),
        ("people-0-given_name", "Lī\x07ga", "There was a character here"),
        ("people-0-birth_month", "13", "There is no such date."),
        ("people-0-birth_year", "1860", "Check the year: it should be between"),
        ("people-0-village", "marss", "is not in our list."),
        ("contact_phone", "12", "Type a telephone number with 8 digits"),
        ("contact_email", "nav", "Type an e-mail address, for example"),
        ("people-0-birth_year", "2020", "A child under"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field_and_nothing_typed_is_lost(desk, field, typed, said):
    one = person("liga@example.lv")
    path = f"/en/darbs/iedzivotaji/{one.pk}/labot/"
    sent = correction(one, desk, **{"people-0-family_name": "Kalniņa", field: typed})
    answer = post(desk, path, **sent)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert said in text
    assert 'value="Kalniņa"' in text
    one.refresh_from_db()
    assert str(one) == "Līga Bērziņa"


def test_two_who_correct_at_once_are_told_and_the_later_may_write_over(desk):
    one = person("liga@example.lv")
    path = f"/darbs/iedzivotaji/{one.pk}/labot/"
    sooner, later = (correction(one, desk, **{"people-0-family_name": name}) for name in ("Kalniņa", "Ozola"))
    assert post(desk, path, **sooner).status_code == 302
    answer = post(desk, path, **later)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Līga Kalniņa" in text
    assert 'value="Ozola"' in text
    later["seen"] = answer.context["contact"]["seen"].value()
    assert post(desk, path, **later).status_code == 302
    one.refresh_from_db()
    assert str(one) == "Līga Ozola"


def test_a_corrected_contact_is_the_household_s_and_gets_the_links(desk):
    one = person("vecs@example.lv")
    f.ResidentFactory(household=one.household, given_name="Zane")
    coming = f.PartyFactory(activity=f.ActivityFactory(), email="vecs@example.lv")
    elsewhere = f.PartyFactory(activity=coming.activity, email="darbs@example.lv")
    past = f.PartyFactory(
        activity=f.ActivityFactory(first=NOW - timedelta(days=90)), email="vecs@example.lv", channel="phone"
    )
    for party in (coming, past):
        f.RegistrationFactory(party=party, resident=one)
    sent = correction(one, desk, contact_email="", contact_phone="26123456")
    assert post(desk, f"/darbs/iedzivotaji/{one.pk}/labot/", **sent).status_code == 302
    assert list(Household.objects.values_list("email", "phone")) == [("", "+37126123456")]
    assert [
        (party.email, str(party.phone))
        for party in Party.objects.filter(pk__in=[coming.pk, elsewhere.pk]).order_by("pk")
    ] == sorted(
        [("", "+37126123456"), ("darbs@example.lv", "")],
        key=lambda each: [coming.pk, elsewhere.pk][each[0] != ""],
    )
    past.refresh_from_db()
    assert past.email == "vecs@example.lv"
    assert list(Message.objects.values_list("kind", "to")) == [("lost_links", "+37126123456")]


def test_the_file_holds_all_and_says_why_and_how_long(desk):
    one = person("liga@example.lv", phone="+37126123456")
    other = f.ResidentFactory(household=one.household, given_name="Zane")
    registration = f.RegistrationFactory(party__activity=f.ActivityFactory(), resident=one)
    f.AttendanceFactory(registration=registration)
    f.MessageFactory(reference=f"party:{registration.party_id}")
    answer = desk.get(f"/darbs/iedzivotaji/{one.pk}/dati/")
    assert answer["Content-Disposition"] == 'attachment; filename="personas-dati.json"'
    assert "no-store" in answer["Cache-Control"]
    data = json.loads(answer.content)
    assert data["is_whole"] is True
    assert (data["person"]["given_name"], data["contact"]["phone"]) == ("Līga", "+37126123456")
    assert data["registrations"][0]["attendance"] == [
        {
            "session": registration.activity.sessions.order_by("starts_at")[0].starts_at.isoformat(),
            "presence": "present",
        }
    ]
    assert data["messages"][0]["text"] == "Jums ir vieta."
    assert all(entry["how_long"] for entry in data["why_and_how_long"])
    assert other.given_name not in answer.content.decode(), "others of the household are not theirs to be told"


def test_erasing_is_asked_first_and_done_by_a_press(desk):
    one = person("liga@example.lv")
    activity = f.ActivityFactory(taken=1)
    f.RegistrationFactory(party__activity=activity, resident=one)
    path = f"/darbs/iedzivotaji/{one.pk}/dzest/"
    text = page(desk, path)
    assert activity.title in text
    assert gettext("Only when the person asks for it. It cannot be undone.") in text
    assert post(desk, path).status_code == 200
    assert Resident.objects.count() == 1
    assert post(desk, path, confirm="1")["Location"] == "/darbs/iedzivotaji/"
    assert (Resident.objects.count(), Household.objects.count()) == (0, 0)
    assert list(Registration.objects.values_list("state", "resident")) == [("cancelled", None)]
    assert desk.get(path).status_code == 404
    assert post(desk, path, confirm="1").status_code == 404


def test_who_was_just_written_down_at_the_desk_and_may_be_known_is_told(desk):
    activity = f.ActivityFactory()
    person(phone="+37126123456")
    sent = {
        "new": "1",
        "form_key": "33333333-3333-4333-8333-333333333333",
        "channel": "phone",
        "register": "1",
        "people-0-given_name": "Liga",
        "people-0-family_name": "Berzina",
        "people-0-village": "eleja",
        "contact_phone": "26123456",
    }
    answer = desk.post(f"/darbs/aktivitates/{activity.pk}/pieteikt/jauns/", sent, follow=True)
    pair = PossibleDouble.objects.get()
    text = answer.content.decode()
    assert gettext("Possibly already known under another entry.") in text
    assert f'href="{LIST}{pair.pk}/"' in text


def test_a_stranger_s_page_tells_nothing_of_doubles(client):
    """Rule 11: who registers by the public form reads the same, known or not, twice written down or not."""
    activity = f.ActivityFactory()
    person("liga@example.lv")
    form = {
        "people-0-given_name": "Liga",
        "people-0-family_name": "Berzina",
        "people-0-birth_year": "1960",
        "people-0-village": "eleja",
        "contact_email": "svess@example.lv",
    }
    answer = client.post(f"{activity.get_absolute_url()}pieteikties/", form, follow=True)
    assert gettext("Possibly already known under another entry.") not in answer.content.decode()
    assert PossibleDouble.objects.count() == 0


def test_a_folded_registration_is_told_as_such(desk):
    activity = f.ActivityFactory(taken=2)
    kept, gone = person("liga@example.lv"), person(phone="+37126123456", created_at=LATER)
    f.RegistrationFactory(party__activity=activity, resident=kept)
    folded = f.RegistrationFactory(party__activity=activity, resident=gone)
    merging.merge(kept=kept, gone=gone, by=None, now=LATER)
    from courses.domain import links

    said = gettext("Joined with another registration of the same person")
    for path in (
        f"/darbs/aktivitates/{activity.pk}/",
        f"/darbs/iedzivotaji/{kept.pk}/",
        f"/pieteikumi/{links.party_token(folded.party)}/",
    ):
        assert said in page(desk, path), path
