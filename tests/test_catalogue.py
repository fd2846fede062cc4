"""Finding: what each filter lets through, in what order, and the words that find an activity."""

from datetime import date, timedelta

import pytest
from django.http import QueryDict

from courses.domain.catalogue import Search, index, similar
from courses.filters import Reading, read
from tests.factories import (
    NOW,
    ActivityFactory,
    AudienceFactory,
    CentreFactory,
    DepartmentFactory,
    ParishFactory,
    TopicFactory,
    VillageFactory,
    at,
)

pytestmark = pytest.mark.django_db
TODAY = date(2027, 1, 11)


def reading(address: str) -> Reading:
    return read(QueryDict(address), index.current(now=NOW).vocabulary, today=TODAY)


def found(address: str = "") -> list[int]:
    """Ids that an address of the catalogue finds, in order."""
    return Search(index.current(now=NOW), reading(address).query, today=TODAY).answer().ids


@pytest.fixture
def eleja():
    return VillageFactory()


@pytest.fixture
def sesava():
    parish = ParishFactory(
        code="0540274",
        name="Sesavas pagasts",
        centre_name="Sesava",
        lat=56.4259,
        lon=23.8185,
        locative="Sesavas pagastā",
    )
    VillageFactory(code="sesava", name="Sesava", parish=parish, lat=56.4259, lon=23.8185, locative="Sesavā")
    return CentreFactory(slug="sesavas-centrs", name="Sesavas tautas nams", parish=parish, lat=56.4259, lon=23.8185)


def test_only_what_is_published_and_still_to_come_is_found():
    shown = ActivityFactory()
    ActivityFactory(status="planned")
    ActivityFactory(status="draft")
    ActivityFactory(status="cancelled")
    ActivityFactory(sessions=[("2027-01-04 10:00", "2027-01-04 12:00")])
    assert found() == [shown.pk]


def test_a_running_series_stands_by_its_next_session():
    begun = ActivityFactory(
        sessions=[("2027-01-04 10:00", "2027-01-04 12:00"), ("2027-01-25 10:00", "2027-01-25 12:00")]
    )
    sooner = ActivityFactory(sessions=[("2027-01-20 10:00", "2027-01-20 12:00")])
    assert found() == [sooner.pk, begun.pk]


def test_a_cancelled_session_is_not_to_come():
    activity = ActivityFactory(weeks=1)
    activity.sessions.update(cancelled_at=NOW)
    assert found() == []


def test_distance_is_measured_from_the_village(eleja, sesava):
    here = ActivityFactory()
    there = ActivityFactory(centre=sesava, parish=sesava.parish)
    assert found("vieta=eleja&km=5") == [here.pk]
    assert set(found("vieta=eleja&km=10")) == {here.pk, there.pk}
    assert found("vieta=eleja&km=10&seciba=tuvak") == [here.pk, there.pk]
    assert found("vieta=sesava&km=10&seciba=tuvak") == [there.pk, here.pk]


def test_a_village_alone_means_ten_kilometres(eleja, sesava):
    far = ParishFactory(code="0540258", name="Kalnciema pagasts", centre_name="Kalnciems", lat=56.7991, lon=23.615)
    ActivityFactory(parish=far, centre=None)
    near = ActivityFactory(centre=sesava, parish=sesava.parish)
    assert found("vieta=eleja") == [near.pk]
    assert len(found("vieta=eleja&km=visi")) == 2


def test_a_parish_alone_means_that_parish(eleja, sesava):
    ActivityFactory(centre=sesava, parish=sesava.parish)
    here = ActivityFactory()
    assert found("vieta=elejas-pagasts") == [here.pk]


def test_online_is_near_everybody_and_last_by_distance(eleja, sesava):
    online = ActivityFactory(format="online", parish=sesava.parish, centre=None, first=at("2027-01-15 10:00"))
    here = ActivityFactory()
    assert found("vieta=eleja&km=5") == [online.pk, here.pk]
    assert found("vieta=eleja&km=5&seciba=tuvak") == [here.pk, online.pk]


def test_values_of_one_filter_mean_or_and_filters_mean_and():
    seniors = AudienceFactory(code="seniors", name="Seniori", dative="Senioriem", age_min=55)
    youth = AudienceFactory(code="youth", name="Jaunieši", dative="Jauniešiem", age_min=13, age_max=30)
    digital = TopicFactory(code="digital", name="Digitālās prasmes", family="skills")
    a = ActivityFactory(audiences=[seniors], topic=digital, first=at("2027-02-01 10:00"))
    b = ActivityFactory(audiences=[youth], first=at("2027-02-02 10:00"))
    ActivityFactory(first=at("2027-02-03 10:00"))
    assert found("merkgrupa=seniors&merkgrupa=youth") == [a.pk, b.pk]
    assert found("merkgrupa=seniors&merkgrupa=youth&tema=digital") == [a.pk]


def test_a_wider_audience_finds_the_narrower_one_but_not_the_other_way():
    everyone = AudienceFactory()
    youth = AudienceFactory(code="youth", name="Jaunieši", dative="Jauniešiem", part_of=everyone)
    neet = AudienceFactory(code="neet", name="NEET", dative="NEET", part_of=youth, is_sensitive=True)
    of_neet = ActivityFactory(audiences=[neet])
    assert found("merkgrupa=youth") == [of_neet.pk]
    assert found("merkgrupa=everyone") == []


@pytest.mark.parametrize(("age", "expected"), [(6, 0), (7, 1), (9, 1), (15, 1), (16, 0)])
def test_age_is_within_the_activity_s_own_limits(age, expected):
    ActivityFactory(age_min=7, age_max=15)
    assert len(found(f"vecums={age}")) == expected


def test_age_without_limits_of_its_own_is_the_audience_s():
    children = AudienceFactory(code="children", name="Bērni", dative="Bērniem", age_min=7, age_max=12)
    ActivityFactory(audiences=[children])
    assert [len(found(f"vecums={age}")) for age in (6, 9, 13)] == [0, 1, 0]


def test_day_weekday_and_hour_are_of_one_and_the_same_session():
    # A Saturday morning in January and a Tuesday evening in February.
    activity = ActivityFactory(
        sessions=[("2027-01-16 10:00", "2027-01-16 12:00"), ("2027-02-02 18:00", "2027-02-02 20:00")]
    )
    assert found("diena=6&laiks=rits") == [activity.pk]
    assert found("diena=6&laiks=vakars") == []
    assert found("no=2027-02-01&lidz=2027-02-28&diena=2&laiks=vakars") == [activity.pk]
    assert found("no=2027-02-01&lidz=2027-02-28&diena=6") == []


def test_free_places_language_format_access_department():
    welfare = DepartmentFactory(code="LAB", name="Labklājības pārvalde")
    steps = CentreFactory(slug="ar-kapnem", name="Skola", step_free=False)
    plain = ActivityFactory()
    other = ActivityFactory(
        fee_eur=8,
        language="en",
        format="hybrid",
        capacity=5,
        taken=5,
        waiting=2,
        lead=welfare,
        centre=steps,
    )
    joint = ActivityFactory(partners=[welfare], first=at("2027-03-01 10:00"))
    assert set(found("bezmaksas=1")) == {plain.pk, joint.pk}
    assert found("valoda=en") == [other.pk]
    assert found("forma=hybrid") == [other.pk]
    assert set(found("vietas=1")) == {plain.pk, joint.pk}
    assert set(found("pieejams=1")) == {plain.pk, joint.pk}
    assert found("nodala=LAB") == [other.pk, joint.pk]


def test_nobody_new_has_places_while_others_queue():
    ActivityFactory(capacity=5, taken=4, waiting=1)
    assert found("vietas=1") == []


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("muzizglitiba", "Mūžizglītība ikvienam"),
        ("kursiem", "Datoru kursi"),
        ("nujosana", "Nūjošana"),
        ("nūjoš", "Nūjošana"),
        ("ADĪŠANA", "Adīšanas vakari"),
        ("jaunietis", "Jauniešu diena"),
        ("mate", "Māšu klubs"),
    ],
)
def test_latvian_words_find_each_other(words, title):
    activity = ActivityFactory(title=title, summary="")
    ActivityFactory(title="Cits", summary="Nekas", centre=None)
    assert found(f"q={words}") == [activity.pk]


def test_a_stem_s_own_prefix_matches_nothing():
    ActivityFactory(title="Kurss iesācējiem", summary="")
    assert found("q=kurp") == []


def test_a_title_comes_before_a_description():
    said = ActivityFactory(title="Rokdarbi", summary="Mācāmies nūjošanu.", first=at("2027-01-20 10:00"))
    named = ActivityFactory(title="Nūjošana", summary="", first=at("2027-03-20 10:00"))
    assert found("q=nujosana") == [named.pk, said.pk]


def test_all_words_are_needed_and_the_topic_counts():
    activity = ActivityFactory(title="Nūjošana", summary="Pie upes.")
    assert found("q=nujosana upe") == [activity.pk]
    assert found("q=nujosana jura") == []
    assert found("q=amatnieciba") == [activity.pk]


def test_a_misspelt_word_is_offered_as_it_is_spelt():
    ActivityFactory(title="Nūjošana", summary="")
    answer = Search(index.current(now=NOW), reading("q=nujosna").query, today=TODAY).answer()
    assert (answer.total, answer.suggestions) == (0, ["nūjošana"])


def test_counts_leave_out_their_own_filter():
    seniors = AudienceFactory(code="seniors", name="Seniori", dative="Senioriem")
    youth = AudienceFactory(code="youth", name="Jaunieši", dative="Jauniešiem")
    ActivityFactory(audiences=[seniors])
    ActivityFactory(audiences=[youth])
    ActivityFactory(audiences=[youth], fee_eur=5)
    counts = Search(index.current(now=NOW), reading("merkgrupa=seniors").query, today=TODAY).answer().counts
    assert counts["audience"] == {"seniors": 1, "youth": 2}
    assert counts["free"] == {True: 1}


def test_equal_starts_take_turns_by_day():
    for _number in range(6):
        ActivityFactory()
    orders = set()
    for day in range(6):
        index.reset()
        snapshot = index.current(now=NOW + timedelta(days=day))
        orders.add(tuple(Search(snapshot, reading("").query, today=TODAY).answer().ids))
    assert len(orders) > 1


def test_a_new_activity_is_found_at_once():
    assert found() == []
    activity = ActivityFactory(changed_at=NOW + timedelta(seconds=1))
    assert found() == [activity.pk]


@pytest.mark.parametrize(
    "address",
    [
        "vieta=atlantida",
        "km=7&vieta=",
        "km=-3&vieta=eleja",
        "km=daudz&vieta=eleja",
        "merkgrupa=nindzjas",
        "vecums=-1",
        "vecums=999",
        "no=2027-02-31",
        "no=rit",
        "diena=9",
        "laiks=naktis",
        "bezmaksas=varbut",
        "seciba=tuvak",
        "skats=bilde",
        "lapa=0",
        "lapa=99999999999999999999",
        "menesis=2027-13",
        "nezinams=1",
        "no=2027-03-01&lidz=2027-02-01",
    ],
)
def test_an_impossible_value_is_left_out_and_said_so(address):
    VillageFactory()
    activity = ActivityFactory(first=at("2027-03-05 10:00"))
    understood = reading(address)
    assert len(understood.left_out) == 1
    assert found(address) == [activity.pk]


def test_a_stand_in_has_the_topic_an_audience_and_places(eleja, sesava):
    full = ActivityFactory(capacity=2, taken=2)
    stand_in = ActivityFactory(centre=sesava, parish=sesava.parish)
    ActivityFactory(centre=sesava, parish=sesava.parish, capacity=1, taken=1)
    ActivityFactory(topic=TopicFactory(code="digital", family="skills"))
    assert [activity.pk for activity in similar(full, now=NOW)] == [stand_in.pk]
