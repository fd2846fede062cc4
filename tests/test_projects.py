"""Projects and what belongs to them: what is refused in words, what is told and not forbidden, what the database holds."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import translation

from coordinators.domain import countries, keeping, mobilities, projects, sharing
from coordinators.domain.access import Reach, reach
from coordinators.domain.mobilities import MobilitySpec, Tally
from coordinators.domain.projects import ObjectiveSpec, ProjectSpec
from coordinators.enums import DAYS
from coordinators.models import Mobility, Objective, Practice, Project
from ecosystem.models import User
from tests import factories as f

pytestmark = pytest.mark.django_db

TODAY = date(2027, 1, 11)
PROJECT = ProjectSpec(
    code="2026-1-LV01-KA122-ADU-000000001",
    name_lv="Tuvāk mājām",
    starts_on=date(2026, 10, 1),
    ends_on=date(2027, 11, 30),
    grant_eur=Decimal("26310.00"),
)
OBJECTIVE = ObjectiveSpec(text_lv="Pārņemt desmit labās prakses", target=Decimal(10))
STAY = MobilitySpec(kind="JS", starts_on=date(2027, 3, 1), ends_on=date(2027, 3, 5), host="Opisto", country="FI")


def holding(kind: str) -> Reach:
    """What somebody with a post of this kind reaches."""
    user: User = f.PostFactory(kind=kind, holder__email=f"{kind}@example.lv", email=f"{kind}@example.lv").holder
    return reach(user, on=TODAY)


@pytest.fixture
def keeper() -> Reach:
    return holding("project_manager")


def refused(call: Callable[[], Any]) -> dict[str, list[str]]:
    """What a call is refused with, by field, in English."""
    with translation.override("en"), pytest.raises(keeping.Refused) as told:
        call()
    with translation.override("en"):
        return told.value.message_dict if hasattr(told.value, "error_dict") else {"": told.value.messages}


def test_a_project_is_written_down(keeper: Reach) -> None:
    made = projects.add(spec=PROJECT, reach=keeper)
    kept = Project.objects.get()
    assert (kept.pk, kept.code, kept.name_lv, kept.action) == (made.pk, PROJECT.code, "Tuvāk mājām", "KA122")
    assert (kept.grant_eur, kept.spent_eur) == (Decimal("26310.00"), None)


@pytest.mark.parametrize(
    ("other", "field", "words"),
    [
        (
            {"code": "2023"},
            "code",
            "Write the number as in the agreement: 2023-1-LV01-KA122-ADU-000125873, for instance.",
        ),
        ({"action": "KA121"}, "action", "The number says KA122."),
        ({"ends_on": date(2026, 9, 30)}, "ends_on", "The last day is before the first."),
        ({"grant_eur": Decimal(0)}, "grant_eur", "Write the grant in euros, above zero."),
        ({"spent_eur": Decimal(-1)}, "spent_eur", "What is spent cannot be below zero."),
    ],
)
def test_a_project_is_refused_in_words(keeper: Reach, other: dict[str, Any], field: str, words: str) -> None:
    assert refused(lambda: projects.add(spec=replace(PROJECT, **other), reach=keeper)) == {field: [words]}
    assert Project.objects.count() == 0


def test_everything_wrong_is_told_at_once(keeper: Reach) -> None:
    spec = replace(PROJECT, code="x", ends_on=date(2026, 9, 30), grant_eur=Decimal(-5))
    assert list(refused(lambda: projects.add(spec=spec, reach=keeper))) == ["code", "ends_on", "grant_eur"]


def test_another_programme_has_its_own_numbers_and_each_number_is_there_once(keeper: Reach) -> None:
    projects.add(spec=replace(PROJECT, code="ESF-7", action="other"), reach=keeper)
    again = replace(PROJECT, code="ESF-7", action="other", name_lv="Cits")
    assert refused(lambda: projects.add(spec=again, reach=keeper)) == {
        "code": ["A project of this number is already here."]
    }


def test_who_saves_second_is_told(keeper: Reach) -> None:
    project = f.ProjectFactory()
    project.refresh_from_db()
    seen = keeping.stamp(project)
    projects.change(project=project, spec=replace(PROJECT, name_lv="Pirmais"), seen=seen, reach=keeper)
    with pytest.raises(keeping.ChangedMeanwhile):
        projects.change(project=project, spec=replace(PROJECT, name_lv="Otrais"), seen=seen, reach=keeper)
    assert Project.objects.get().name_lv == "Pirmais"


@pytest.mark.parametrize(
    ("kind", "may"),
    [
        *(("coordinator", False), ("manager", False), ("head", True)),
        *(("project_manager", True), ("administrator", True)),
    ],
)
def test_project_managers_heads_and_administrators_write(kind: str, may: bool) -> None:
    mine = holding(kind)
    assert keeping.may_keep(mine) is may
    if may:
        projects.add(spec=PROJECT, reach=mine)
    else:
        with pytest.raises(PermissionDenied):
            projects.add(spec=PROJECT, reach=mine)
    assert Project.objects.count() == int(may)


def test_an_objective_takes_the_lowest_free_number_and_the_sixth_is_refused(keeper: Reach) -> None:
    project = f.ProjectFactory()
    made = [projects.add_objective(project=project, spec=OBJECTIVE, reach=keeper) for _ in range(5)]
    assert [each.position for each in made] == [1, 2, 3, 4, 5]
    assert refused(lambda: projects.add_objective(project=project, spec=OBJECTIVE, reach=keeper)) == {
        "": ["A project has at most 5 objectives. Change or delete one of those there are."]
    }
    projects.remove_objective(objective=made[1], reach=keeper)
    assert projects.add_objective(project=project, spec=OBJECTIVE, reach=keeper).position == 2


def test_a_target_of_zero_is_refused(keeper: Reach) -> None:
    project = f.ProjectFactory()
    spec = replace(OBJECTIVE, target=Decimal(0))
    assert refused(lambda: projects.add_objective(project=project, spec=spec, reach=keeper)) == {
        "target": ["The target is a number above zero."]
    }
    for wrong in ({"target": 0}, {"position": 6}, {"position": 0}):
        with pytest.raises(IntegrityError), transaction.atomic():
            f.ObjectiveFactory(project=project, **wrong)


def days(first: date, count: int) -> dict[str, date]:
    return {"starts_on": first, "ends_on": date.fromordinal(first.toordinal() + count - 1)}


@pytest.mark.parametrize("kind", DAYS)
def test_a_mobility_lasts_as_its_kind_may(keeper: Reach, kind: str) -> None:
    """Both limits are allowed, a day less or more is refused with the limits, and by the database alike."""
    project, (least, most) = f.ProjectFactory(), DAYS[kind]
    base = replace(STAY, kind=kind)
    for count in (least, most):
        spec = replace(base, **days(date(2027, 3, 1), count))
        mobilities.add(project=project, spec=spec, reach=keeper, today=TODAY)
    for count in (least - 1, most + 1):
        spec = replace(base, **days(date(2027, 3, 1), count))
        told = refused(lambda s=spec: mobilities.add(project=project, spec=s, reach=keeper, today=TODAY))
        [words] = told["ends_on"]
        # No day at all is told of as such.
        assert (
            not count or f"lasts from {least} to {most} days without the days of travel; this is {count} day" in words
        )
        with pytest.raises(IntegrityError), transaction.atomic():
            f.MobilityFactory(project=project, kind=kind, post=None, **days(date(2027, 3, 1), count))
    assert project.mobilities.count() == 2


def test_the_limits_are_told_in_the_reader_s_language(keeper: Reach) -> None:
    spec = replace(STAY, ends_on=STAY.starts_on)
    with pytest.raises(keeping.Refused) as told:
        mobilities.add(project=f.ProjectFactory(), spec=spec, reach=keeper, today=TODAY)
    with translation.override("lv"):
        assert told.value.message_dict == {
            "ends_on": ["«Darba vērošana» ilgst no 2 līdz 60 dienām, neskaitot ceļa dienas; šeit ir 1 diena."]
        }


@pytest.mark.parametrize(
    ("other", "field", "words"),
    [
        ({"ends_on": date(2027, 2, 28)}, "ends_on", "The last day is before the first."),
        ({"state": "done"}, "state", "It is not over yet: it is done when its last day has passed."),
        ({"country": "LV"}, "country", "A mobility leads abroad: choose another country."),
        ({"participants": 0}, "participants", "At least one participant."),
        ({"report": "submitted"}, "report", "Of what is not done there is no report yet."),
    ],
)
def test_a_mobility_is_refused_in_words(keeper: Reach, other: dict[str, Any], field: str, words: str) -> None:
    project = f.ProjectFactory()
    call = lambda: mobilities.add(project=project, spec=replace(STAY, **other), reach=keeper, today=TODAY)  # noqa: E731
    assert refused(call) == {field: [words]}
    assert Mobility.objects.count() == 0


def test_what_is_done_was_somewhere_and_a_post_goes_alone(keeper: Reach) -> None:
    project, post = f.ProjectFactory(), f.PostFactory(email="vel@example.lv")
    past = {"starts_on": date(2026, 11, 9), "ends_on": date(2026, 11, 12)}
    nowhere = replace(STAY, state="done", host="", country="", **past)
    assert refused(lambda: mobilities.add(project=project, spec=nowhere, reach=keeper, today=TODAY)) == {
        "host": ["Write which organisation received them or gave the course."],
        "country": ["Choose the country."],
    }
    two = replace(STAY, post=post, participants=2)
    assert list(refused(lambda: mobilities.add(project=project, spec=two, reach=keeper, today=TODAY))) == [
        "participants"
    ]
    learner = replace(STAY, kind="GM", post=post)
    assert list(refused(lambda: mobilities.add(project=project, spec=learner, reach=keeper, today=TODAY))) == ["post"]


def test_a_number_is_one_mobility_s_in_its_project(keeper: Reach) -> None:
    first, other = f.ProjectFactory(), f.ProjectFactory(code="2026-1-LV01-KA122-ADU-000000002")
    spec = replace(STAY, ref="M-1")
    mobilities.add(project=first, spec=spec, reach=keeper, today=TODAY)
    mobilities.add(project=other, spec=spec, reach=keeper, today=TODAY)
    assert refused(lambda: mobilities.add(project=first, spec=spec, reach=keeper, today=TODAY)) == {
        "ref": ["Another mobility of the project has this number."]
    }


def test_planned_stands_beside_done() -> None:
    """Three in the grant, one of them cancelled; one done in its stead; a group of five learners done for three days."""
    post = f.PostFactory()
    f.MobilityFactory(post=post)  # 4 days, done
    f.MobilityFactory(post=post, state="planned", starts_on=date(2027, 3, 1), ends_on=date(2027, 3, 5))
    f.MobilityFactory(post=post, state="cancelled", ends_on=date(2026, 11, 10))
    f.MobilityFactory(post=post, in_grant=False, ends_on=date(2026, 11, 11))
    f.MobilityFactory(kind="GM", post=None, participants=5, ends_on=date(2026, 11, 11))
    counted = mobilities.tally(Mobility.objects.all())
    assert counted == Tally(planned=8, done=7, planned_days=4 + 5 + 2 + 15, done_days=4 + 3 + 15, stays=3)
    assert counted.average_days == 22 / 7


def test_guests_and_visits_to_prepare_are_written_down_and_not_counted(keeper: Reach) -> None:
    post, project = f.PostFactory(), f.ProjectFactory()
    for spec in (
        replace(STAY, kind="PV", post=post, ends_on=STAY.starts_on),
        replace(STAY, kind="IE", participants=2, ends_on=STAY.starts_on),
        replace(STAY, kind="HT", ends_on=STAY.starts_on + timedelta(days=99)),
    ):
        mobilities.add(project=project, spec=spec, reach=keeper, today=TODAY)
    assert mobilities.tally(Mobility.objects.all()) == Tally()
    assert projects.remarks(project) == []
    for kind in ("IE", "HT"):
        spec = replace(
            STAY, kind=kind, post=post, state="done", host="", starts_on=date(2026, 11, 2), ends_on=date(2026, 11, 3)
        )
        assert refused(lambda spec=spec: mobilities.add(project=project, spec=spec, reach=keeper, today=TODAY)) == {
            "host": ["Write from which organisation they come."],
            "post": ["Somebody comes here on it, no post goes: leave the post out and write how many come."],
        }


def test_what_the_programme_would_not_expect_is_told() -> None:
    project = f.ProjectFactory(ends_on=date(2026, 12, 31), spent_eur=Decimal("26310.01"))
    f.MobilityFactory(project=project, kind="GM", post=None, participants=31)
    f.MobilityFactory(project=project, starts_on=date(2026, 12, 30), ends_on=date(2027, 1, 2))
    f.MobilityFactory(
        project=project, state="cancelled", starts_on=date(2027, 1, 2), ends_on=date(2027, 1, 5), in_grant=False
    )
    with translation.override("en"):
        assert [said.replace("\xa0", " ") for said in projects.remarks(project)] == [
            "A KA122 project lasts from 6 to 18 months; this one does not.",
            "A KA122 project has at most 30 participants; 32 are planned.",
            "More is spent than granted.",
            "Job shadowing, 30 December 2026 – 2 January 2027: outside the days of the project, "
            "1 October – 31 December 2026.",
        ]


def test_a_project_as_the_programme_has_it_is_told_nothing() -> None:
    project = f.ProjectFactory(starts_on=date(2026, 10, 1), ends_on=date(2027, 3, 31))
    f.MobilityFactory(project=project)
    assert projects.remarks(project) == []
    project.ends_on = date(2028, 3, 31)
    assert projects.remarks(project) == []
    project.ends_on = date(2028, 4, 1)
    assert len(projects.remarks(project)) == 1


def test_what_others_hang_on_is_not_deleted(keeper: Reach) -> None:
    practice = f.PracticeFactory()
    assert list(refused(lambda: mobilities.remove(mobility=practice.mobility, reach=keeper))) == [""]
    assert list(refused(lambda: projects.remove(project=practice.mobility.project, reach=keeper))) == [""]
    sharing.remove(row=practice, reach=keeper)
    mobilities.remove(mobility=practice.mobility, reach=keeper)
    f.ObjectiveFactory(project=practice.mobility.project)
    projects.remove(project=practice.mobility.project, reach=keeper)
    assert (Project.objects.count(), Mobility.objects.count(), Practice.objects.count()) == (0, 0, 0)
    assert Objective.objects.count() == 0


def test_a_practice_comes_from_what_was_done(keeper: Reach) -> None:
    planned = f.MobilityFactory(state="planned")
    spec = sharing.PracticeSpec(mobility=planned, name_lv="Kaimiņu darbnīca")
    assert refused(lambda: sharing.add_practice(spec=spec, reach=keeper)) == {
        "mobility": ["Nothing is brought home yet from what is not done."]
    }


def test_what_is_to_come_is_not_written_down_as_shared(keeper: Reach) -> None:
    event = sharing.EventSpec(held_on=date(2027, 1, 12), title="Seminārs", level="country")
    publication = sharing.PublicationSpec(published_on=date(2027, 1, 12), title="Raksts", channel="press")
    project = f.ProjectFactory()
    words = ["The day is still to come. Write down what has been."]
    assert refused(lambda: sharing.add_event(project=project, spec=event, reach=keeper, today=TODAY)) == {
        "held_on": words
    }
    assert refused(lambda: sharing.add_publication(project=project, spec=publication, reach=keeper, today=TODAY)) == {
        "published_on": words
    }


@pytest.mark.parametrize(
    ("emblem", "disclaimer", "seen"),
    [(True, True, True), (True, False, False), (None, False, False), (True, None, None), (None, None, None)],
)
def test_the_union_is_seen_when_emblem_and_disclaimer_are_there(emblem: Any, disclaimer: Any, seen: Any) -> None:
    assert sharing.shows_the_union(f.PublicationFactory(has_emblem=emblem, has_disclaimer=disclaimer)) is seen


def test_countries_are_read_by_letters_or_name() -> None:
    assert [countries.read(text) for text in ("fi", "Somija", "somija ", "Finland", "Vācija", "Narnija", "EU")] == [
        *("FI", "FI", "FI", "FI", "DE", "", ""),
    ]
    with translation.override("lv"):
        assert countries.name("FI") == "Somija"
        assert "LV" not in dict(countries.choices())
