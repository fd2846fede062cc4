"""Planning on real connections at one moment: one form is one draft, one season is copied once, nobody overwrites unseen."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from coordinators.domain.access import reach
from courses.domain import programme
from courses.models import Activity
from tests.factories import (
    NOW,
    TODAY,
    ActivityFactory,
    AudienceFactory,
    DepartmentFactory,
    PostFactory,
    RoomFactory,
    TopicFactory,
    at,
)
from tests.test_autosave import BEGIN, draft, keep, stamp
from tests.test_concurrency import at_once
from tests.test_planning import NEW, typed, when
from tests.test_seasons import SPRING, no_holidays, spring

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def holder() -> Any:
    """The coordinator of Elejas pagasts."""
    RoomFactory()
    TopicFactory()
    AudienceFactory()
    return PostFactory().holder


def signed_in(holder: Any) -> Client:
    client = Client()
    client.force_login(holder)
    return client


def test_one_form_sent_ten_times_at_once_is_one_draft(holder: Any) -> None:
    """By itself and by a press, both with the same key."""
    clients = [signed_in(holder) for _ in range(10)]
    form = typed(form_key=str(uuid4()))
    jobs = [lambda client=client: client.post(BEGIN, form).json()["edit"] for client in clients[:5]]
    jobs += [lambda client=client: client.post(NEW, {**form, **when()})["Location"] for client in clients[5:]]
    results = at_once(*jobs)
    # Whether sessions come along depends on who is first; that there is one draft does not.
    made = Activity.objects.get()
    edits = {result for result in results if isinstance(result, str)}
    assert edits == {f"/en/darbs/aktivitates/{made.pk}/labot/"}
    assert [result for result in results if not isinstance(result, str | KeyError)] == []


def test_of_two_who_save_at_once_one_is_told(holder: Any) -> None:
    activity = draft()
    seen = stamp(signed_in(holder), activity)
    clients = [signed_in(holder), signed_in(holder)]
    answers = at_once(
        *[
            lambda client=client, title=title: client.post(keep(activity), typed(changed_at=seen, title_lv=title))
            for client, title in zip(clients, ("Pirmais", "Otrais"), strict=True)
        ]
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]  # type: ignore[attr-defined]
    winner = next(title for title, a in zip(("Pirmais", "Otrais"), answers, strict=True) if a.status_code == 200)  # type: ignore[attr-defined]
    activity.refresh_from_db()
    assert activity.title == winner


def test_a_season_pressed_twice_at_once_is_copied_once(holder: Any) -> None:
    hall = RoomFactory()
    rows = [spring(f"Koris {number}", f"2026-02-0{number} 18:00") for number in range(2, 8)]
    for row in rows:
        row.sessions.update(room=hall)
    key, mine = uuid4(), reach(holder, on=TODAY)
    chosen = [row.pk for row in rows]

    def press() -> list[programme.Made]:
        return programme.copy_season(
            reach=mine, season=SPRING, weeks=52, chosen=chosen, key=key, now=NOW, is_holiday=no_holidays
        )

    results = at_once(press, press, press)
    assert [type(result) for result in results] == [list, list, list]
    copies = {tuple(each.copy.pk for each in result if each.copy) for result in results}  # type: ignore[attr-defined, union-attr]
    assert len(copies) == 1
    assert Activity.objects.filter(status="draft").count() == 6
    assert {s.room for a in Activity.objects.filter(status="draft") for s in a.sessions.all()} == {hall}


def test_where_somebody_is_quicker_with_the_room_the_copy_is_made_without(holder: Any) -> None:
    """Two seasons that want the same hall at one moment: both are copied, one session each has the hall."""
    hall, mine = RoomFactory(), reach(holder, on=TODAY)
    first = spring("Koris", "2026-02-04 18:00", weeks=1)
    other = ActivityFactory(
        title="Deja", lead=DepartmentFactory(), sessions=[("2025-02-05 18:00", "2025-02-05 19:00")], status="completed"
    )
    first.sessions.update(room=hall)
    other.sessions.update(room=hall)
    last_year = programme.Season(first_day=at("2025-02-01 00:00").date(), last_day=at("2025-03-01 00:00").date())

    def press(season: programme.Season, row: Activity, weeks: int) -> list[programme.Made]:
        return programme.copy_season(
            reach=mine, season=season, weeks=weeks, chosen=[row.pk], key=uuid4(), now=NOW, is_holiday=no_holidays
        )

    results = at_once(lambda: press(SPRING, first, 52), lambda: press(last_year, other, 104))
    made = [each.copy for result in results for each in result]  # type: ignore[attr-defined]
    assert None not in made
    assert sorted(str(copy.sessions.get().room) for copy in made) == sorted([str(hall), "None"])
