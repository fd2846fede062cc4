"""Mobilities, sharing and objectives counted by hand: a world small enough for a sheet of paper.

The coordinator of Eleja and Vilce (lifelong learning), the manager of Eleja's youth centre (youth), a head; adult learners.
The period is November 2026; what ends on 1 December is outside it.

| | kind | who | days | state | in the grant | country, host | green | agreement + certificate | report |
|---|---|---|---|---|---|---|---|---|---|
| 1 | job shadowing | coordinator | 4 | done | yes | FI, Opisto | yes | yes, yes | submitted |
| 2 | job shadowing | manager | 2 | done | yes | FI, opisto | no | yes, no | requested |
| 3 | courses | coordinator | 5 | done | no | PT, Kursi | ? | yes, ? | not requested |
| 4 | courses | head | 5 | cancelled | yes | – | ? | – | – |
| 5 | teaching | nobody named | 3 | planned | yes | – | ? | – | – |
| 6 | learners' group of 6 | – | 3 | done | yes | EE, Kool | yes | no, no | submitted |
| 7 | job shadowing, ends on 1 December | coordinator | 2 | done | yes | FI, Opisto | yes | yes, yes | submitted |
"""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from reporting.domain import indicators, network_names
from reporting.domain.data.sources import Postgres
from reporting.domain.figures import Asked, Figure, Period
from reporting.models import PracticeUse
from tests import factories as f
from tests.factories import at
from tests.harness.worlds import once

pytestmark = pytest.mark.django_db
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
LATER = at("2026-12-15 09:00")
ELEJA, VILCE = "0540248", "0540290"
CODE = "2026-1-LV01-KA122-ADU-000000001"


@once
def world() -> None:
    eleja = f.ParishFactory()
    vilce = f.ParishFactory(code=VILCE, name="Vilces pagasts", centre_name="Vilce")
    coordinator = f.PostFactory(parishes=[eleja, vilce])
    youth = f.DepartmentFactory(code="JAU", name="Jaunatnes nodaļa")
    manager = f.PostFactory(
        kind="manager", department=youth, parishes=[], centre=f.CentreFactory(), holder=None, email="m@example.lv"
    )
    head = f.PostFactory(kind="head", parishes=[], holder=None, email="h@example.lv")
    nowhere = {"host": "", "country": ""}

    def stay(first: int, last: int, **said: Any) -> Any:
        return f.MobilityFactory(starts_on=date(2026, 11, first), ends_on=date(2026, 11, last), **said)

    papers = {"has_agreement": True, "has_certificate": True, "report": "submitted"}
    stay(9, 12, post=coordinator, host="Opisto", green_travel=True, is_blended=False, **papers)
    second = papers | {"has_certificate": False, "report": "requested"}
    stay(9, 10, post=manager, host="opisto", green_travel=False, is_blended=True, **second)
    third = {"has_agreement": True, "in_grant": False}
    stay(16, 20, kind="CT", post=coordinator, country="PT", host="Kursi", **third)
    stay(16, 20, kind="CT", post=head, state="cancelled", **nowhere)
    stay(23, 25, kind="TA", post=None, state="planned", **nowhere)
    none = {"has_agreement": False, "has_certificate": False, "report": "submitted"}
    stay(2, 4, kind="GM", post=None, participants=6, country="EE", host="Kool", green_travel=True, **none)
    late = {"starts_on": date(2026, 11, 30), "ends_on": date(2026, 12, 1)}
    f.MobilityFactory(post=coordinator, green_travel=True, **late, **papers)


def figure(code: str, *by: str, period: Period = NOVEMBER, **filters: tuple[str, ...]) -> Figure:
    return indicators.figure(code, Asked(period, filters, by), source=Postgres(now=LATER))


def table(code: str, *by: str, **filters: tuple[str, ...]) -> dict[Any, float | None]:
    """Values by key, or by keys where there are several."""
    return {
        tuple(row.keys.values()) if len(by) > 1 else row.keys[by[0]]: row.value
        for row in figure(code, *by, **filters).rows
    }


def test_participants_done_and_planned(world: None) -> None:
    assert (figure("MOB-01").value, figure("MOB-01").n) == (9, 9)  # 1, 2, 3, and six learners
    assert table("MOB-01", "stage") == {"done": 9, "planned": 10}  # 1, 2, 4, 5, and six learners
    assert table("MOB-01", "stage", "type") == {
        ("done", "JS"): 2,
        ("done", "CT"): 1,
        ("done", "GM"): 6,
        ("planned", "JS"): 2,
        ("planned", "CT"): 1,
        ("planned", "TA"): 1,
        ("planned", "GM"): 6,
    }
    assert table("MOB-01", "who") == {"staff": 3, "learner": 6}
    assert table("MOB-01", "country") == {"FI": 2, "PT": 1, "EE": 6}
    assert table("MOB-01", "department") == {"MUZ": 2, "JAU": 1, "": 6}
    assert table("MOB-01", "who", department=("MUZ",)) == {"staff": 2}
    assert figure("MOB-01", project=("2000-1-LV01-KA122-ADU-000000009",)).value == 0


def test_the_period_is_that_of_the_last_day(world: None) -> None:
    december = Period(date(2026, 12, 1), date(2026, 12, 31))
    assert figure("MOB-01", period=december).value == 1
    assert figure("MOB-02", period=december).value == 2


def test_days_in_all_and_on_average(world: None) -> None:
    whole = 4 + 2 + 5 + 6 * 3
    assert (figure("MOB-02").value, figure("MOB-02").n) == (whole, 9)
    assert table("MOB-02", "aspect") == {"days": whole, "average": whole / 9}
    assert table("MOB-02", "type", aspect=("average",)) == {"JS": 3, "CT": 5, "GM": 3}
    assert table("MOB-02", "stage") == {"done": whole, "planned": 4 + 2 + 5 + 3 + 18}


def test_green_travel_counts_participants_and_tells_what_is_not_known(world: None) -> None:
    (row,) = figure("MOB-03").rows
    assert (row.value, row.n, row.not_known) == (100 * 7 / 9, 9, 1)
    rows = figure("MOB-03", "type").by_key("type")
    assert {kind: (row.value, row.n, row.not_known) for kind, row in rows.items()} == {
        "JS": (50.0, 2, 0),
        # Of the only one nobody knows: no share is made up.
        "CT": (None, 1, 1),
        "GM": (100.0, 6, 0),
    }


def test_a_virtual_part_is_counted_by_mobilities(world: None) -> None:
    (row,) = figure("MOB-04").rows
    assert (row.value, row.n, row.not_known) == (25.0, 4, 2)


def test_hosts_and_countries_are_different_ones(world: None) -> None:
    rows = figure("MOB-05", "aspect").by_key("aspect")
    assert {aspect: (row.value, row.n, row.not_known) for aspect, row in rows.items()} == {
        # Opisto is opisto.
        "hosts": (3, 4, 0),
        "countries": (3, 4, 0),
    }
    (planned,) = figure("MOB-05", stage=("planned",)).rows
    assert (planned.value, planned.n, planned.not_known) == (2, 5, 2)


def test_reports_submitted_of_those_requested(world: None) -> None:
    (row,) = figure("MOB-06").rows
    assert (row.value, row.n) == (100 * 7 / 8, 8)
    assert table("MOB-06", "type") == {"JS": 50.0, "CT": None, "GM": 100.0}


def test_recognised_with_both_papers(world: None) -> None:
    (row,) = figure("MOB-07").rows
    assert (row.value, row.n, row.not_known) == (25.0, 4, 1)


def test_plan_and_budget(world: None) -> None:
    (row,) = figure("MOB-08").rows
    assert (row.value, row.n) == (100 * 4 / 5, 5)
    rows = figure("MOB-08", "aspect").by_key("aspect")
    assert (rows["budget"].value, rows["budget"].n, rows["budget"].not_known) == (50.0, 26_310, 0)
    f.ProjectFactory(code="2026-1-LV01-KA122-ADU-000000002", grant_eur=Decimal(10_000), spent_eur=None)
    f.ProjectFactory(
        code="2020-1-LV01-KA122-ADU-000000003", starts_on=date(2020, 1, 1), ends_on=date(2026, 10, 31), spent_eur=None
    )
    (budget,) = figure("MOB-08", aspect=("budget",)).rows
    assert (budget.value, budget.n, budget.not_known) == (50.0, 26_310, 10_000), (
        "of what ended before, nothing is asked"
    )
    # By type the budget is not told.
    assert table("MOB-08", "type", "aspect") == {
        ("CT", "mobilities"): 100.0,
        ("GM", "mobilities"): 100.0,
        ("JS", "mobilities"): 100.0,
        ("TA", "mobilities"): 0.0,
    }


def test_who_they_are_by_role_and_parish(world: None) -> None:
    assert figure("MOB-09").value == 3
    assert table("MOB-09", "role") == {"coordinator": 2, "manager": 1}
    assert table("MOB-09", "role", stage=("planned",)) == {"coordinator": 1, "manager": 1, "head": 1, "": 1}
    # The coordinator's two parishes count both; the centre's is Eleja; a head's is no one's.
    assert table("MOB-09", "parish") == {ELEJA: 3, VILCE: 2}
    assert table("MOB-09", "parish", stage=("planned",)) == {ELEJA: 2, VILCE: 1, "": 2}
    assert table("MOB-09", "parish", parish=(VILCE,)) == {VILCE: 2}


def test_what_an_indicator_is_not_told_by_is_refused(world: None) -> None:
    for code, dimension in (("MOB-03", "stage"), ("MOB-01", "audience"), ("DIS-01", "aspect")):
        with pytest.raises(indicators.Unfit):
            figure(code, dimension)


def test_without_anything_there_is_a_row_all_the_same() -> None:
    for code, value in (("MOB-01", 0), ("MOB-03", None), ("MOB-08", None), ("DIS-01", 0), ("REZ-05", 0), ("REZ-06", 0)):
        (row,) = figure(code).rows
        assert (code, row.value, row.n, row.not_known) == (code, value, 0, 0)


@once
def shared() -> None:
    """Three events and four publications in November; one of each the day after."""
    day = date(2026, 11, 20)
    eleja = f.ParishFactory()
    f.DisseminationEventFactory(held_on=day, level="institution", attendees=12, audience="koordinatori")
    f.DisseminationEventFactory(held_on=day, level="municipality", attendees=30, parish=eleja)
    f.DisseminationEventFactory(held_on=day, level="municipality", attendees=None, audience="")
    f.DisseminationEventFactory(held_on=date(2026, 12, 1), attendees=500)
    f.PublicationFactory(published_on=day, reach=200)
    f.PublicationFactory(published_on=day, channel="press", reach=5000, has_emblem=False)
    f.PublicationFactory(published_on=day, channel="material", language="en", reach=None, has_disclaimer=None)
    f.PublicationFactory(published_on=day, reach=50, has_emblem=None, has_disclaimer=False)
    f.PublicationFactory(published_on=date(2026, 12, 1), reach=9000)


def test_events_by_level_and_where(shared: None) -> None:
    assert figure("DIS-01").value == 3
    assert table("DIS-01", "level") == {"institution": 1, "municipality": 2}
    assert table("DIS-01", "listeners") == {"": 1, "koordinatori": 2}
    assert table("DIS-01", "parish") == {"": 2, ELEJA: 1}


def test_who_came_and_who_may_have_seen_are_never_added(shared: None) -> None:
    rows = figure("DIS-02", "aspect").by_key("aspect")
    assert {aspect: (row.value, row.n, row.not_known) for aspect, row in rows.items()} == {
        "attendees": (42, 3, 1),
        "reach": (5250, 4, 1),
    }
    assert figure("DIS-02").value == 42
    assert table("DIS-02", "medium", aspect=("reach",)) == {"website": 250, "press": 5000, "material": 0}


def test_publications_by_channel_language_and_visibility(shared: None) -> None:
    assert figure("DIS-03").value == 4
    assert table("DIS-03", "medium") == {"website": 2, "press": 1, "material": 1}
    assert table("DIS-03", "language") == {"lv": 3, "en": 1}
    assert table("DIS-03", "visible") == {"yes": 1, "no": 2, "": 1}


def test_practices_are_counted_where_an_activity_was_held(world: None) -> None:
    """Two practices; one used by two held activities of two departments, one by an activity that was not held."""
    stay = f.MobilityFactory(post=None)
    workshop, other = f.PracticeFactory(mobility=stay), f.PracticeFactory(mobility=stay, name_lv="Āra rīts")
    held = f.ActivityFactory(first=at("2026-11-02 17:00"), weeks=1)
    youth = f.ActivityFactory(
        first=at("2026-11-03 17:00"), weeks=1, lead=f.DepartmentFactory(code="JAU"), parish=f.ParishFactory(code=VILCE)
    )
    empty = f.ActivityFactory(first=at("2026-11-04 17:00"), weeks=1)
    for activity in (held, youth):
        activity.sessions.update(head_count=7)
        PracticeUse.objects.create(practice=workshop, activity=activity)
    PracticeUse.objects.create(practice=other, activity=empty)
    (row,) = figure("REZ-05").rows
    assert (row.value, row.n) == (1, 2)
    assert table("REZ-05", "department") == {"MUZ": 1, "JAU": 1}
    assert table("REZ-05", "parish") == {ELEJA: 1, VILCE: 1}
    assert table("REZ-05", "project") == {CODE: 1}
    PracticeUse.objects.create(practice=other, activity=youth)
    assert table("REZ-05", "department") == {"MUZ": 1, "JAU": 2}
    # Heads that were only counted are nobody.
    assert table("REZ-05", "aspect") == {"practices": 2, "participants": 0}


def test_few_people_reached_by_practices_are_marked(world: None) -> None:
    from courses.domain import attendance
    from reporting.domain.facts import making

    practice = f.PracticeFactory(mobility=f.MobilityFactory(post=None))
    activity = f.ActivityFactory(first=at("2026-11-02 17:00"), weeks=1, capacity=None)
    PracticeUse.objects.create(practice=practice, activity=activity)
    session = activity.sessions.get()
    for count in range(5):
        registration = f.RegistrationFactory(
            party=f.PartyFactory(activity=activity), resident=f.ResidentFactory(given_name=f"Anna {'ABCDE'[count]}")
        )
        attendance.mark(session=session, marks={registration.pk: "present"}, by=f.UserFactory(), now=LATER)
        if count == 3:
            making.make_all()
            (row,) = figure("REZ-05", aspect=("participants",)).rows
            assert (row.value, row.suppressed) == (4, True)
    making.make_all()
    (row,) = figure("REZ-05", aspect=("participants",)).rows
    assert (row.value, row.suppressed) == (5, False)


def test_objectives_reached_typed_or_by_their_indicator(world: None) -> None:
    """One typed and reached, one measured by MOB-01 and not, one of which nobody knows."""
    f.ObjectiveFactory(actual=Decimal("10.00"))
    f.ObjectiveFactory(position=2, actual=None, indicator="MOB-01", filters={"department": ["MUZ"]}, target=Decimal(4))
    f.ObjectiveFactory(position=3, actual=None, baseline=None)
    (row,) = figure("REZ-06").rows
    assert (row.value, row.n, row.not_known) == (1, 3, 1)
    assert table("REZ-06", "objective", aspect=("actual",)) == {f"{CODE}/1": 10, f"{CODE}/2": 3, f"{CODE}/3": None}
    assert table("REZ-06", "objective", aspect=("target",)) == {f"{CODE}/1": 10, f"{CODE}/2": 4, f"{CODE}/3": 10}
    assert table("REZ-06", "objective", aspect=("baseline",)) == {f"{CODE}/1": 0, f"{CODE}/2": 0, f"{CODE}/3": None}


def test_no_figure_counts_guests_and_visits_to_prepare() -> None:
    for kind in ("IE", "HT", "PV"):
        f.MobilityFactory(kind=kind, post=None)
    for code in ("MOB-01", "MOB-02", "MOB-03", "MOB-05", "MOB-07", "MOB-08", "MOB-09"):
        assert [row.n for row in figure(code).rows] == [0], code


def test_an_objective_is_measured_by_its_own_project() -> None:
    f.ObjectiveFactory(actual=None, indicator="MOB-01", target=Decimal(4))
    f.MobilityFactory(post=None)
    f.MobilityFactory(post=None, project=f.ProjectFactory(code="2026-1-LV01-KA122-ADU-000000009"))
    assert table("REZ-06", "objective", aspect=("actual",)) == {f"{CODE}/1": 1}


def test_an_objective_by_what_cannot_be_asked_is_not_known(world: None) -> None:
    f.ObjectiveFactory(actual=None, indicator="MOB-01", filters={"audience": ["seniors"]})
    f.ObjectiveFactory(position=2, actual=None, indicator="NAV-01")
    f.ObjectiveFactory(position=3, actual=None, indicator="REZ-06")
    (row,) = figure("REZ-06").rows
    assert (row.value, row.n, row.not_known) == (0, 3, 3)


def test_every_dimension_and_code_has_words_in_both_languages(world: None, shared: None) -> None:
    own = ("project", "objective", "listeners", "department", "parish")
    f.ObjectiveFactory()
    for code in ("MOB-01", "MOB-02", "MOB-05", "MOB-08", "MOB-09", "DIS-01", "DIS-02", "DIS-03", "REZ-05", "REZ-06"):
        for name in indicators.get(code).by:
            for language in ("lv", "en"):
                with translation.override(language):
                    assert name in ("department", "parish") or network_names.dimension(name) != name
                    rows = figure(code, name).rows
                    keys = {row.keys[name] for row in rows}
                    assert {key for key in keys if name not in own and network_names.key(name, key) == key} == set()
    with translation.override("lv"):
        assert [network_names.key(*pair) for pair in (("country", "FI"), ("type", "JS"), ("role", ""))] == [
            *("Somija", "Darba vērošana", "Nav zināms"),
        ]
