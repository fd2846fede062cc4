"""Saved as one goes: what is right is kept, what is wrong says so, two pages never write over each other unseen."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from courses.domain import programme
from courses.models import Activity, Session
from tests.factories import (
    ActivityFactory,
    AudienceFactory,
    CentreFactory,
    DepartmentFactory,
    PostFactory,
    RoomFactory,
    TopicFactory,
)
from tests.test_planning import in_a_month, typed, when

pytestmark = pytest.mark.django_db
BEGIN = "/en/darbs/aktivitates/jauna/saglabat/"


@pytest.fixture
def coordinator(client: Client) -> Client:
    """The coordinator of Elejas pagasts, signed in; a centre with a room is there."""
    client.force_login(PostFactory().holder)
    RoomFactory()
    TopicFactory()
    AudienceFactory()
    return client


def keep(activity: Activity) -> str:
    """Where a draft is saved as one goes."""
    return f"/en/darbs/aktivitates/{activity.pk}/labot/saglabat/"


def draft(**changes: Any) -> Activity:
    """A draft of the coordinator's without sessions."""
    given = {"status": "draft", "sessions": [], "title": "Adīšana", "summary": "", "capacity": None, "audiences": []}
    return ActivityFactory(**{**given, **changes})


def stamp(client: Client, activity: Activity) -> str:
    """The stamp of the page as it is opened now."""
    text = client.get(f"/en/darbs/aktivitates/{activity.pk}/labot/").content.decode()
    return text.split('name="changed_at" value="')[1].split('"')[0]


def test_a_draft_begins_as_soon_as_there_is_enough_and_once(coordinator: Client) -> None:
    key = str(uuid4())
    early = coordinator.post(BEGIN, typed(title_lv="", form_key=key)).json()
    assert (early["saved"], Activity.objects.count()) == (False, 0)
    assert early["errors"]["id_title_lv"] == "Type a title."
    answer = coordinator.post(BEGIN, typed(form_key=key, capacity="daudz")).json()
    made = Activity.objects.get()
    assert (made.title, made.status, made.capacity) == ("Adīšana", "draft", None)
    assert (answer["saved"], answer["edit"]) == (True, f"/en/darbs/aktivitates/{made.pk}/labot/")
    assert answer["stamp"] == stamp(coordinator, made)
    assert list(answer["errors"]) == ["id_capacity"]
    # The answer was lost, and one typed on: the same page writes into its own draft.
    again = coordinator.post(BEGIN, typed(form_key=key, title_lv="Adīšana vakaros")).json()
    made.refresh_from_db()
    assert (again["saved"], again["edit"], made.title) == (True, answer["edit"], "Adīšana vakaros")
    assert Activity.objects.count() == 1
    # By now it has been changed, so the page that does not know its stamp is told.
    late = coordinator.post(BEGIN, typed(form_key=key, title_lv="Vēl citādi"))
    assert (late.status_code, late.json()["edit"]) == (409, answer["edit"])
    made.refresh_from_db()
    assert made.title == "Adīšana vakaros"


def test_a_page_without_a_key_begins_nothing(coordinator: Client) -> None:
    for key in ("", "nav-atslēga"):
        assert coordinator.post(BEGIN, typed(form_key=key)).json()["saved"] is False
    assert Activity.objects.count() == 0


def test_somebody_else_s_key_opens_nothing(coordinator: Client) -> None:
    other = in_a_month(lead=DepartmentFactory(code="JAU", name="Jaunatnes lietas"), status="draft", form_key=uuid4())
    for address, form in ((BEGIN, typed()), ("/en/darbs/aktivitates/jauna/", typed())):
        assert coordinator.post(address, {**form, "form_key": str(other.form_key)}).status_code == 404


def test_what_is_wrong_keeps_its_saved_value_and_says_so(coordinator: Client) -> None:
    activity = draft(capacity=15, age_max=20)
    form = typed(changed_at=stamp(coordinator, activity), title_lv="Tamborēšana", capacity="daudz", age_min="30")
    answer = coordinator.post(keep(activity), {**form, "age_max": "20", "ref": "Z-9"}).json()
    activity.refresh_from_db()
    assert (activity.title, activity.ref) == ("Tamborēšana", "Z-9")
    assert (activity.capacity, activity.age_min, activity.age_max) == (15, None, 20)
    assert answer["saved"] is True
    assert answer["errors"] == {
        "id_capacity": "Type a whole number, for example 12. Until then «15» stays saved.",
        "id_age_min": "The lowest age is above the highest. Not saved until then.",
    }


def test_fields_judged_together_stay_back_together(coordinator: Client) -> None:
    activity = draft(age_min=10)
    form = typed(changed_at=stamp(coordinator, activity), age_min="10", age_max="5", title_lv="Cits")
    answer = coordinator.post(keep(activity), form).json()
    activity.refresh_from_db()
    assert (answer["saved"], activity.title, activity.age_min, activity.age_max) == (True, "Cits", 10, None)
    assert "id_age_min" in answer["errors"]


def test_what_only_the_database_knows_is_told_beside_its_field(coordinator: Client) -> None:
    in_a_month(ref="M-1")
    activity = draft(ref="M-2")
    form = typed(changed_at=stamp(coordinator, activity), ref="M-1", title_lv="Cits")
    answer = coordinator.post(keep(activity), form).json()
    activity.refresh_from_db()
    assert (answer["saved"], activity.title, activity.ref) == (True, "Cits", "M-2")
    assert answer["errors"] == {
        "id_ref": "The department already has an activity with this reference. Until then «M-2» stays saved."
    }
    # Two posts of one form at once meet in the database too; a new draft is made without what is refused.
    begun = coordinator.post(BEGIN, typed(form_key=str(uuid4()), ref="M-1")).json()
    assert (begun["saved"], list(begun["errors"])) == (True, ["id_ref"])
    assert Activity.objects.latest("pk").ref == ""


def test_an_empty_title_keeps_the_old_one(coordinator: Client) -> None:
    activity = draft()
    answer = coordinator.post(keep(activity), typed(changed_at=stamp(coordinator, activity), title_lv=" ")).json()
    activity.refresh_from_db()
    assert activity.title == "Adīšana"
    assert answer["errors"] == {"id_title_lv": "Type a title. Until then «Adīšana» stays saved."}


def test_the_later_of_two_stops_saving_and_writes_over_nothing(coordinator: Client) -> None:
    activity = draft()
    seen = stamp(coordinator, activity)
    mine = coordinator.post(keep(activity), typed(changed_at=seen, title_lv="Pirmais")).json()
    # The answer was lost and the same is sent again: nobody else was there.
    same = coordinator.post(keep(activity), typed(changed_at=seen, title_lv="Pirmais")).json()
    assert (same["saved"], same["stamp"]) == (True, mine["stamp"])
    answer = coordinator.post(keep(activity), typed(changed_at=seen, title_lv="Otrais"))
    assert (answer.status_code, answer.json()["saved"]) == (409, False)
    assert "Somebody else has changed" in answer.json()["stop"]
    activity.refresh_from_db()
    assert activity.title == "Pirmais"
    # The press shows what differs.
    page = coordinator.post(f"/en/darbs/aktivitates/{activity.pk}/labot/", typed(changed_at=seen, title_lv="Otrais"))
    assert page.status_code == 409 and "<td>Pirmais</td><td>Otrais</td>" in page.content.decode()


@pytest.mark.parametrize("status", ["planned", "published"])
def test_what_others_count_on_is_only_judged(coordinator: Client, status: str) -> None:
    activity = in_a_month(status=status, title="Adīšana")
    form = typed(changed_at=stamp(coordinator, activity), title_lv="Cits", capacity="x")
    answer = coordinator.post(keep(activity), form).json()
    activity.refresh_from_db()
    assert (activity.title, activity.capacity) == ("Adīšana", 12)
    assert "What the other departments plan" in answer.pop("overlaps")
    assert answer == {
        "saved": False,
        "overlapsWords": "",
        "errors": {"id_capacity": "Type a whole number, for example 12. Until then «12» stays saved."},
    }


def test_a_rule_of_sessions_is_judged_and_waits_for_the_press(coordinator: Client) -> None:
    activity = draft()
    seen = stamp(coordinator, activity)
    page = coordinator.get(f"/en/darbs/aktivitates/{activity.pk}/labot/").content.decode()
    assert 'name="when-first"' in page
    answer = coordinator.post(keep(activity), {**typed(changed_at=seen), **when(ends="17:00")}).json()
    assert answer["errors"] == {"id_when-ends": "The session would end before it starts."}
    past = coordinator.post(keep(activity), {**typed(changed_at=answer["stamp"]), **when(first="2024-03-05")}).json()
    assert past["errors"] == {"id_when-first": "05.03.2024 18:00 has passed already. Choose a time to come."}
    assert Session.objects.count() == 0
    edit = f"/en/darbs/aktivitates/{activity.pk}/labot/"
    form = {**typed(changed_at=past["stamp"]), **when()}
    assert coordinator.post(edit, {**form, "preview": "1"}).status_code == 200
    assert Session.objects.count() == 0
    assert coordinator.post(edit, form).status_code == 302
    assert Session.objects.count() == 2
    # Pressed twice: the second says that they are there.
    text = coordinator.post(edit, form).content.decode()
    assert "There is a session on" in text
    assert Session.objects.count() == 2


def test_steps_say_what_publishing_still_needs(coordinator: Client) -> None:
    activity = draft()
    form = typed(changed_at=stamp(coordinator, activity))
    steps = coordinator.post(keep(activity), form).json()
    assert steps["stepsWords"] == "Still needed: For whom, When"
    form |= {"changed_at": steps["stamp"], "audiences": "everyone", "title_en": "Knitting", "summary_lv": "Adīsim."}
    told = coordinator.post(keep(activity), form).json()
    assert told["stepsWords"] == "Still needed: When"
    assert told["languages"]["en"] == {"state": "partial", "words": "the description is missing"}
    page = coordinator.get(f"/en/darbs/aktivitates/{activity.pk}/labot/").content.decode()
    assert page.count('<li class="is-needs">') == 2, "once beside the form, once above it on telephones"
    assert '<li class="is-done">\n      <a href="#whom">' in page


def test_the_other_language_stands_beside_the_latvian(coordinator: Client) -> None:
    activity = draft(summary="Adīsim zeķes.", title_en="Knitting")
    page = coordinator.get(f"/en/darbs/aktivitates/{activity.pk}/labot/").content.decode()
    assert '<p lang="lv" data-mirror="title_lv">Adīšana</p>' in page
    assert page.count('data-mirror="summary_lv">Adīsim zeķes.</p>') == 3
    assert '<details class="more translation" data-language="en" open>' in page
    assert '<details class="more translation" data-language="uk">' in page


def test_pressed_twice_is_one_draft_and_pressed_after_back_shows_what_differs(coordinator: Client) -> None:
    new = "/en/darbs/aktivitates/jauna/"
    key = coordinator.get(new).content.decode().split('name="form_key" value="')[1].split('"')[0]
    form = {**typed(form_key=key), **when()}
    first, second = coordinator.post(new, form), coordinator.post(new, form)
    made = Activity.objects.get()
    assert first["Location"] == second["Location"] == f"/en/darbs/aktivitates/{made.pk}/labot/"
    page = coordinator.post(new, {**form, "title_lv": "Cits"})
    text = page.content.decode()
    assert page.status_code == 409 and "<td>Adīšana</td><td>Cits</td>" in text
    assert f'action="/en/darbs/aktivitates/{made.pk}/labot/"' in text
    assert (Activity.objects.count(), Session.objects.count()) == (1, 2)


def test_the_same_form_much_later_is_still_the_same_draft() -> None:
    """Its sessions have passed by then, which is no news about a draft that is there."""
    activity = in_a_month()
    details = replace(programme.spec_of(activity), sessions=[])
    meetings, key, now = programme.spec_of(activity).sessions, uuid4(), timezone.now()
    made = programme.create_draft(details=details, meetings=meetings, now=now, form_key=key)
    later = now + timedelta(days=365)
    assert programme.create_draft(details=details, meetings=meetings, now=later, form_key=key) == made


def test_what_was_planned_a_moment_ago_is_not_kept_unasked() -> None:
    activity = in_a_month(status="planned")
    details = programme.spec_of(activity)
    with pytest.raises(programme.NoDraft):
        programme.keep_draft(
            activity=activity, details=details, seen=programme.fingerprint(details), now=timezone.now()
        )


def test_control_characters_and_endless_text_are_refused_in_words(coordinator: Client) -> None:
    activity = draft()
    seen = stamp(coordinator, activity)
    form = typed(changed_at=seen, title_lv="Adī\x00šana", summary_lv="x" * 5000, place="centre:999999", topic="nav")
    answer = coordinator.post(keep(activity), form)
    assert answer.status_code == 200
    assert set(answer.json()["errors"]) == {"id_title_lv", "id_summary_lv", "id_place", "id_topic"}
    activity.refresh_from_db()
    assert (activity.title, activity.centre) == ("Adīšana", CentreFactory())


def test_only_a_draft_nobody_has_seen_is_thrown_away(coordinator: Client) -> None:
    gone, was_public = draft(), draft(published_at="2027-01-04 12:00+02:00")
    for activity, status in ((gone, 302), (was_public, 422), (in_a_month(status="planned"), 422)):
        answer = coordinator.post(f"/en/darbs/aktivitates/{activity.pk}/statuss/", {"step": "discard"})
        assert answer.status_code == status
    assert Activity.objects.filter(pk=gone.pk).exists() is False
    assert Activity.objects.count() == 2
