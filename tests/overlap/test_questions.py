"""The questions one by one: the same people, place, time, level?"""

import pytest

from ecosystem.overlap import level, people, place, timing
from ecosystem.overlap.prepared import of
from ecosystem.overlap.profile import Profile, missing
from ecosystem.overlap.rules import DEFAULTS
from tests.overlap.labelled import neighbours, side

USUAL = {
    "by": "MUZ",
    "at": "Eleja",
    "lv": "Keramika",
    "topic": "crafts",
    "for": "adults",
    "when": "2027-02-01 10:00-12:00",
}


def activity(ref: str = "a", **said: str) -> Profile:
    """An activity, usual but for what is said (``groups`` for its audiences)."""
    if "groups" in said:
        said["for"] = said.pop("groups")
    return side(ref, {**USUAL, **said})


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [
        ("seniors", "adults", 100),
        ("jobseekers", "adults", 100),
        ("parents", "families", 100),
        ("children", "families", 100),
        ("children", "everyone", 100),
        ("neet", "youth", 100),
        ("seniors disability", "disability", 100),
        # 13 of the 18 years from 13 to 30 are grown-up.
        ("youth", "adults", 72),
        ("youth", "seniors", 0),
        ("children", "youth", 0),
        # One in ten is poor: so are as many of the job seekers, and of seniors as many have disabilities as of others.
        ("jobseekers", "low_income", 10),
        ("seniors", "disability", 45),
    ],
)
def test_people_are_shared_as_far_as_the_smaller_audience_is_reached_by_both(
    mine: str, theirs: str, expected: int
) -> None:
    one, other = of(activity(groups=mine)), of(activity(groups=theirs))
    assert round(people.share(one, other) * 100) == expected
    assert people.share(one, other) == people.share(other, one)


def test_ages_of_the_activity_say_more_than_those_of_its_audience() -> None:
    young, older = of(activity(groups="youth", ages="13-15")), of(activity(groups="youth", ages="18-30"))
    assert people.share(young, older) == 0
    assert people.share(of(activity(groups="youth", ages="14-16")), young) == pytest.approx(2 / 3)


def test_sessions_in_another_language_reach_others_except_where_the_language_is_learnt() -> None:
    latvian, russian = activity(language="lv"), activity(language="ru")
    assert people.share(of(latvian), of(russian)) == pytest.approx(0.3)
    assert people.share(of(latvian), of(activity(language="lv, ru"))) == 1
    english = {"topic": "languages", "lv": "Angļu valoda"}
    assert people.share(of(activity(**english)), of(activity(**english, language="en"))) == 1


@pytest.mark.parametrize(
    ("one", "other", "holds", "meets", "relation"),
    [
        ({"at": "Eleja"}, {"at": "Sesava"}, True, True, "neighbours"),
        # 15.0 km, neighbours: near for adults, not for seniors.
        ({"at": "Sesava"}, {"at": "Vircava"}, True, True, "neighbours"),
        ({"at": "Sesava", "groups": "seniors"}, {"at": "Vircava"}, False, False, "neighbours"),
        ({"at": "Sesava", "ages": "65-"}, {"at": "Vircava"}, False, False, "neighbours"),
        # No neighbours: 16.4 km are too many, 9.9 are near.
        ({"at": "Eleja"}, {"at": "Zaļenieki"}, False, False, "apart"),
        ({"at": "Sesava"}, {"at": "Lielplatone"}, True, True, "apart"),
        # One parish is one place, whatever its size.
        ({"at": "Tīreļi", "groups": "seniors"}, {"at": "Vītoliņi", "groups": "seniors"}, True, True, "same"),
        ({"at": "Eleja", "format": "online"}, {"at": "Kalnciems"}, True, False, "online"),
        ({"at": "Eleja", "format": "online"}, {"at": "Kalnciems", "format": "online"}, True, True, "online"),
        # Hybrid is in its hall, and for those far away online.
        ({"at": "Eleja", "format": "hybrid"}, {"at": "Kalnciems"}, True, False, "online"),
        ({"at": "Eleja", "format": "hybrid"}, {"at": "Sesava"}, True, True, "neighbours"),
    ],
)
def test_place(one: dict[str, str], other: dict[str, str], holds: bool, meets: bool, relation: str) -> None:
    for mine, theirs in ((one, other), (other, one)):
        found = place.compare(of(activity(**mine)), of(activity(**theirs)), rules=DEFAULTS, neighbours=neighbours())
        assert (found.holds, found.meets, found.relation) == (holds, meets, relation)


@pytest.mark.parametrize(
    ("mine", "theirs", "apart", "weeks", "collisions", "minutes"),
    [
        ("2027-02-01 10:00-12:00 x5", "2027-02-01 11:00-13:00 x3", 0, 3, 3, 180),
        ("2027-02-01 10:00-12:00 x5", "2027-02-01 12:00-13:00 x5", 0, 5, 0, 0),
        ("2027-02-01 10:00-12:00", "2027-02-02 10:00-12:00", 0, 1, 0, 0),
        ("2027-02-01 10:00-12:00", "2027-02-22 10:00-12:00", 20, 0, 0, 0),
        ("2027-02-01 10:00-12:00 x2", "2027-03-01 10:00-12:00", 20, 0, 0, 0),
        # Two short sessions within a long one are one collision of the long one.
        ("2027-02-01 09:00-17:00", "2027-02-01 10:00-11:00", 0, 1, 1, 60),
        # Fortnightly against weekly.
        ("2027-02-01 10:00-12:00 x4/14", "2027-02-01 10:00-12:00 x8", 0, 4, 4, 480),
        # Past midnight.
        ("2027-02-05 22:00-23:59", "2027-02-05 23:00-23:59", 0, 1, 1, 59),
    ],
)
def test_timing(mine: str, theirs: str, apart: int, weeks: int, collisions: int, minutes: int) -> None:
    for one, other in ((mine, theirs), (theirs, mine)):
        found = timing.compare(of(activity(when=one)), of(activity(when=other)))
        assert (found.days_apart, len(found.weeks), found.collisions, found.minutes) == (
            apart,
            weeks,
            collisions,
            minutes,
        )


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("Angļu valoda A1", "Angļu valoda B2", True),
        ("Angļu valoda A1", "Angļu valoda iesācējiem", False),
        ("Angļu valoda B2", "Angļu valoda iesācējiem", True),
        ("Angļu valoda A1–A2", "Angļu valoda A2", False),
        ("Angļu valoda A1.2", "Angļu valoda A2.1", True),
        ("Keramika I", "Keramika II", True),
        ("Keramika II senioriem", "Keramika I", True),
        ("Keramika, 1. daļa", "Keramika, 2. daļa", True),
        ("Keramikas otrais modulis", "Keramika, modulis 1", True),
        ("Excel 1. līmenis", "Excel 2. līmenis", True),
        ("Excel level 1", "Excel, second part", True),
        ("Ģitārspēle iesācējiem", "Ģitārspēle turpinātājiem", True),
        ("Zviedru valoda no nulles", "Zviedru valoda: turpinām!", True),
        ("Angļu valoda bez priekšzināšanām", "Angļu valoda ar priekšzināšanām", True),
        ("Angļu valoda bez priekšzināšanām", "Angļu valodas pamati", False),
        ("Английский для начинающих", "Английский для продолжающих", True),
        ("Guitar for beginners", "Ģitārspēle pieredzējušiem", True),
        # No level said is every level; a number of days, a year or a class of people is none.
        ("Angļu valoda", "Angļu valoda B2", False),
        ("Talka 2027", "Talka 2026", False),
        ("3 dienu nometne", "5 dienu nometne", False),
        ("Pamatskolas vecāku sapulce", "Padziļināta saruna", False),
        ("Senioriem 60+", "Senioriem 65+", False),
    ],
)
def test_levels(one: str, other: str, differ: bool) -> None:
    assert level.differ(level.said(one), level.said(other)) is differ
    assert level.differ(level.said(other), level.said(one)) is differ


@pytest.mark.parametrize(
    ("said", "wanting"),
    [
        ({}, []),
        ({"groups": ""}, ["audiences"]),
        # No child is sixty.
        ({"groups": "children", "ages": "60-"}, ["audiences"]),
        ({"lv": "  "}, ["words"]),
        ({"lv": "?!"}, ["words"]),
    ],
)
def test_what_cannot_be_judged_is_said(said: dict[str, str], wanting: list[str]) -> None:
    assert missing(activity(**said)) == wanting


def test_an_activity_of_nothing_lacks_everything() -> None:
    empty = Profile("a", "MUZ", {}, "", (), (), "")
    assert missing(empty) == ["audiences", "sessions", "place", "words"]
    assert missing(Profile("a", "MUZ", {"lv": "x"}, "", (), (), "", format="online")) == ["audiences", "sessions"]
