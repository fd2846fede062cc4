"""The programme's own rules: what is published, called off and over; constraints that speak; facts of the sessions."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from courses.domain import programme
from courses.models import Activity
from tests.factories import NOW, ActivityFactory, AudienceFactory, DepartmentFactory, ParishFactory, TopicFactory, at

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


def spec(**changes: object) -> programme.ActivitySpec:
    return programme.ActivitySpec(
        **{
            "lead": DepartmentFactory(),
            "parish": ParishFactory(),
            "titles": {"lv": "Adīšana", "en": "Knitting"},
            "topic": TopicFactory(),
            "audiences": [AudienceFactory()],
            "sessions": [
                programme.SessionSpec(starts_at=at("2027-02-04 10:00"), ends_at=at("2027-02-04 12:15")),
                programme.SessionSpec(starts_at=at("2027-02-11 10:00"), ends_at=at("2027-02-11 12:15")),
            ],
            **changes,
        }
    )


def facts(activity: Activity) -> tuple[object, ...]:
    activity.refresh_from_db()
    return activity.starts_at, activity.ends_at, activity.session_count, activity.changed_at


def test_create_writes_facts_and_the_latvian_title_whatever_the_language() -> None:
    with translation.override("en"):
        activity = programme.create_activity(spec=spec(), now=NOW)
    assert facts(activity) == (at("2027-02-04 10:00"), at("2027-02-11 12:15"), 2, NOW)
    assert (activity.status, activity.published_at) == ("planned", None)
    row = Activity.objects.filter(pk=activity.pk).rewrite(False).values_list("title", "title_lv", "title_en").get()
    assert row == ("Adīšana", "Adīšana", "Knitting")


def test_what_only_the_database_knows_is_refused_in_words() -> None:
    programme.create_activity(spec=spec(ref="A-1"), now=NOW)
    with pytest.raises(programme.Refused) as refused:
        programme.create_activity(spec=spec(ref="A-1"), now=NOW)
    assert list(refused.value.message_dict) == ["ref"]
    assert isinstance(refused.value, ValidationError)


def test_publish_needs_a_session_and_keeps_its_first_time() -> None:
    empty = programme.create_activity(spec=spec(sessions=[]), now=NOW)
    with pytest.raises(programme.Refused):
        programme.publish(activity=empty, now=NOW)
    activity = programme.create_activity(spec=spec(), now=NOW)
    assert programme.publish(activity=activity, now=LATER).published_at == LATER
    assert programme.publish(activity=activity, now=LATER + timedelta(days=1)).published_at == LATER


def test_a_session_called_off_is_not_counted_and_the_last_one_stays() -> None:
    activity = programme.create_activity(spec=spec(), now=NOW)
    first, last = activity.sessions.order_by("starts_at")
    programme.call_off_session(session=first, reason="Slimība", now=LATER)
    assert facts(activity) == (at("2027-02-11 10:00"), at("2027-02-11 12:15"), 1, LATER)
    with pytest.raises(programme.Refused):
        programme.call_off_session(session=last, reason="", now=LATER)
    # A file that still lists it does not bring it back.
    programme.update_activity(activity=activity, spec=replace(spec(), titles={"lv": "Cits"}), now=LATER)
    assert facts(activity)[2] == 1


def test_what_is_called_off_or_over_is_not_published_again() -> None:
    activity = programme.create_activity(spec=spec(status="published"), now=NOW)
    over = ActivityFactory(first=at("2026-11-05 10:00"))
    assert programme.complete_past(now=NOW) == 1
    programme.call_off(activity=activity, reason="Slimība", now=LATER)
    for each in (activity, over):
        with pytest.raises(programme.Refused):
            programme.publish(activity=each, now=LATER)
        with pytest.raises(programme.Refused):
            programme.call_off(activity=each, reason="", now=LATER)
