"""Two activities in, a finding with its reasons out."""

from dataclasses import replace

import pytest

from ecosystem.overlap import say
from ecosystem.overlap.finding import Finding
from ecosystem.overlap.judge import World, judge
from ecosystem.overlap.profile import Profile
from ecosystem.overlap.rules import RuleSet
from tests.overlap.labelled import neighbours
from tests.overlap.test_questions import activity

WORLD = World(neighbours=neighbours())
SESAVA = {
    "by": "MUZ",
    "at": "Sesava",
    "lv": "Viedtālruņa lietošana senioriem",
    "topic": "digital",
    "groups": "seniors",
    "ages": "60-",
    "when": "2027-02-01 10:00-12:15 x4",
}
ELEJA = {
    "by": "JAU",
    "at": "Eleja",
    "lv": "Iepazīsti savu telefonu!",
    "topic": "digital",
    "groups": "seniors",
    "when": "2027-02-01 14:00-16:00 x5",
}


def found(one: dict[str, str], other: dict[str, str], world: World = WORLD) -> Finding:
    """What is found of two, which must be something."""
    finding = judge(activity("a", **one), activity("b", **other), world=world)
    assert finding is not None
    return finding


def kind(one: dict[str, str], other: dict[str, str], world: World = WORLD) -> str | None:
    finding = judge(activity("a", **one), activity("b", **other), world=world)
    return finding and finding.kind


def test_the_issues_own_pair_is_a_duplicate_told_in_both_languages() -> None:
    finding = found(SESAVA, ELEJA)
    assert (finding.kind, finding.own, finding.version) == ("duplicate", False, 1)
    assert [(reason.rule, reason.lv, reason.en) for reason in finding.reasons] == [
        ("people", "Abas paredzētas senioriem 60+.", "Both are for seniors 60+."),
        (
            "place",
            "Kaimiņu pagastos: Sesavas pagasts un Elejas pagasts, attālums 8\u00a0km.",
            "In neighbouring parishes: Sesavas pagasts and Elejas pagasts, 8\u00a0km apart.",
        ),
        ("time", "Tās pašas četras februāra nedēļas.", "The same four weeks of February."),
        (
            "topic",
            "Abas ir par viedtālruņiem: «Viedtālruņa lietošana senioriem» un «Iepazīsti savu telefonu!».",
            "Both are about smartphones: “Viedtālruņa lietošana senioriem” and “Iepazīsti savu telefonu!”.",
        ),
    ]
    assert say.summary(finding, "lv") == (
        "Abas senioriem 60+, 8\u00a0km viena no otras, tās pašas četras februāra nedēļas; abas par viedtālruņiem."
    )
    assert say.summary(finding, "en") == (
        "Both for seniors 60+, 8\u00a0km apart, the same four weeks of February; both about smartphones."
    )


def test_a_clash_is_told_in_both_languages() -> None:
    finding = found({"lv": "Keramika", "groups": "jobseekers"}, {"by": "LAB", "lv": "Zumba", "topic": "health"})
    assert finding.kind == "clash"
    assert [(reason.lv, reason.en) for reason in finding.reasons] == [
        (
            "Viena paredzēta darba meklētājiem, otra – pieaugušajiem: cilvēki lielākoties ir tie paši.",
            "One is for job seekers, the other for adults: they are mostly the same people.",
        ),
        ("Vienā pagastā: Elejas pagasts.", "In one parish: Elejas pagasts."),
        ("Tā pati februāra nedēļa, 1 nodarbība sakrīt.", "The same week of February, 1 session is at the same hours."),
        (
            "Saturs ir dažāds («Keramika» un «Zumba»), bet cilvēks vienlaikus var būt tikai vienā vietā.",
            "The content differs (“Keramika” and “Zumba”), but nobody can be in two places at once.",
        ),
    ]
    assert say.summary(finding, "lv") == (
        "Viena darba meklētājiem, otra pieaugušajiem, vienā pagastā, tā pati februāra nedēļa; "
        "1 nodarbība vienā laikā, saturs dažāds."
    )
    assert say.summary(finding, "en") == (
        "One for job seekers, one for adults, in one parish, the same week of February; "
        "1 session at the same hours, different things."
    )


@pytest.mark.parametrize(
    ("weeks", "apart", "lv", "en"),
    [
        ("2027-02-01 10:00-11:00", "2027-02-09 10:00-11:00", "Starp abām ir 7 dienas.", "7 days lie between them."),
        ("2027-02-01 10:00-11:00", "2027-02-10 10:00-11:00", "Starp abām ir 8 dienas.", "8 days lie between them."),
        ("2027-02-07 10:00-11:00", "2027-02-09 10:00-11:00", "Starp abām ir 1 diena.", "1 day lies between them."),
        ("2027-02-01 10:00-11:00", "2027-02-13 10:00-11:00", "Starp abām ir 11 dienu.", "11 days lie between them."),
        (
            "2027-02-01 10:00-11:00 x12",
            "2027-02-02 10:00-11:00 x12",
            "12 kopīgu nedēļu no februāra līdz aprīlim.",
            "The same twelve weeks from February to April.",
        ),
        (
            "2027-02-22 10:00-11:00 x2",
            "2027-02-23 10:00-11:00 x2",
            "Tās pašas divas nedēļas februārī un martā.",
            "The same two weeks of February and March.",
        ),
        # The week ends in April, but nobody meets there.
        (
            "2027-03-15 10:00-11:00 x3",
            "2027-03-17 10:00-11:00 x3",
            "Tās pašas trīs marta nedēļas.",
            "The same three weeks of March.",
        ),
        (
            "2027-02-01 10:00-11:00 x2/14",
            "2027-02-08 10:00-11:00",
            "Norises posmi pārklājas vai seko cits citam.",
            "The periods overlap or follow each other.",
        ),
    ],
)
def test_time_is_told_by_weeks_or_days(weeks: str, apart: str, lv: str, en: str) -> None:
    finding = found({"when": weeks}, {"by": "LAB", "when": apart})
    assert (finding.reasons[2].lv, finding.reasons[2].en) == (lv, en)


def test_online_and_unknown_words_are_told_too() -> None:
    finding = found(
        {"lv": "Zgrublēšana", "format": "online", "groups": "ukrainians"},
        {"lv": "Zgrublēšanas meistarklase", "by": "LAB", "groups": "ukrainians", "at": "Kalnciems"},
    )
    assert say.summary(finding, "lv") == (
        "Abas Ukrainas civiliedzīvotājiem, vismaz viena tiešsaistē, tā pati februāra nedēļa; abas par vienu un to pašu."
    )
    assert finding.reasons[1].en == "At least one can be joined online, so distance does not matter."


def test_topics_are_called_different_where_both_are_told() -> None:
    said = {"lv": "Keramika", "by": "MUZ", "topic": "crafts"}
    told = "Abas ir par keramiku, lai gan norādītas atšķirīgas tēmas: «Keramika» un «Keramika»."
    assert found(said, {**said, "by": "LAB", "topic": "arts"}).reasons[3].lv == told
    assert (
        found(said, {**said, "by": "LAB", "topic": ""}).reasons[3].lv
        == "Abas ir par keramiku: «Keramika» un «Keramika»."
    )


def test_what_has_and_in_it_is_joined_by_another_word() -> None:
    assert say.listed(["jauniešiem", "senioriem"], "un") == "jauniešiem un senioriem"
    assert say.listed(["uzņēmējiem un topošajiem uzņēmējiem", "senioriem"], "un") == (
        "uzņēmējiem un topošajiem uzņēmējiem, kā arī senioriem"
    )


def test_a_departments_own_are_judged_more_mildly() -> None:
    assert kind({}, {"by": "MUZ"}) == "duplicate"
    assert found({}, {"by": "MUZ"}).own
    # A fortnight later: a series of one department, a duplicate of two.
    later = {"when": "2027-02-15 10:00-12:00"}
    assert kind({}, {"by": "MUZ", **later}) is None
    assert kind({}, {"by": "LAB", **later}) == "duplicate"
    # A partner knows of both.
    assert found({}, {"by": "LAB", "partners": "MUZ"}).own
    # Two halls at one hour are one department's own affair.
    assert kind({}, {"by": "MUZ", "lv": "Zumba"}) is None


def test_what_is_watched_at_home_clashes_only_with_what_is_watched_at_home() -> None:
    other = {"by": "LAB", "lv": "Zumba", "topic": "health"}
    assert kind({}, other) == "clash"
    assert kind({"format": "online"}, other) is None
    assert kind({"format": "online"}, {**other, "format": "online"}) == "clash"
    assert kind({"format": "hybrid"}, other) == "clash"
    assert kind({"format": "hybrid"}, {**other, "at": "Kalnciems"}) is None


def test_colliding_minutes_are_counted_over_all_sessions() -> None:
    other = {"by": "LAB", "lv": "Zumba", "topic": "health"}
    assert kind({}, {**other, "when": "2027-02-01 11:16-13:00"}) is None
    assert kind({}, {**other, "when": "2027-02-01 11:15-13:00"}) == "clash"
    weekly = {"when": "2027-02-01 10:00-12:00 x3"}
    assert kind(weekly, {**other, "when": "2027-02-01 11:45-13:00 x3"}) == "clash"
    assert kind(weekly, {**other, "when": "2027-02-01 11:45-13:00 x2"}) is None


def test_open_doors_clash_only_where_most_of_their_times_are_taken() -> None:
    course = activity("b", by="LAB", lv="Zumba", topic="health", when="2027-02-02 16:00-17:30 x4")

    def kind_beside(when: str, drop_in: bool = True, **changed: int) -> str | None:
        door = replace(activity("a", lv="Atvērtās telpas", topic="play", when=when), drop_in=drop_in)
        world = World(rules=RuleSet(**changed), neighbours=neighbours())
        found, turned = judge(door, course, world=world), judge(course, door, world=world)
        assert found == turned
        return found and found.kind

    # Every afternoon of a week: whoever is at the course on Tuesday comes on another day.
    assert kind_beside("2027-02-01 15:00-19:00 x5/1", drop_in=False) == "clash"
    assert kind_beside("2027-02-01 15:00-19:00 x5/1") is None
    assert kind_beside("2027-02-01 15:00-19:00 x5/1", drop_in_percent=20) == "clash"
    # On Tuesdays alone, or one evening that needs no registering: people have to choose.
    assert kind_beside("2027-01-05 15:00-19:00 x20") == "clash"
    assert kind_beside("2027-02-09 15:00-18:00") == "clash"
    # Half of the times in the week in common; a week without the other does not count.
    assert kind_beside("2027-02-02 15:00-19:00 x2/2") == "clash"
    assert kind_beside("2027-02-02 15:00-19:00 x2/2", drop_in_percent=51) is None
    assert kind_beside("2027-01-26 15:00-19:00 x2") == "clash"


def test_two_open_doors_clash_where_both_are_taken() -> None:
    other = {"by": "LAB", "lv": "Zumba", "topic": "health"}

    def kind_of(mine: str, theirs: str) -> str | None:
        one = replace(activity("a", when=mine), drop_in=True)
        two = replace(activity("b", **other, when=theirs), drop_in=True)
        found = judge(one, two, world=WORLD)
        return found and found.kind

    assert kind_of("2027-02-01 10:00-12:00 x5/1", "2027-02-01 10:00-12:00 x5/1") == "clash"
    assert kind_of("2027-02-01 10:00-12:00 x5/1", "2027-02-01 10:00-12:00") is None


def test_days_apart_are_fewer_than_the_threshold() -> None:
    assert kind({}, {"by": "LAB", "when": "2027-02-22 10:00-12:00"}) == "duplicate"
    assert kind({}, {"by": "LAB", "when": "2027-02-23 10:00-12:00"}) is None
    patient = World(rules=RuleSet(version=2, days_apart=22), neighbours=neighbours())
    assert found({}, {"by": "LAB", "when": "2027-02-23 10:00-12:00"}, patient).version == 2


def test_the_rules_decide() -> None:
    far = {"by": "LAB", "at": "Zaļenieki"}
    assert kind({}, far) is None
    assert kind({}, far, World(rules=RuleSet(near_km=17), neighbours=neighbours())) == "duplicate"
    youth = {"by": "LAB", "groups": "youth"}
    assert kind({}, youth) is None
    assert kind({}, youth, World(rules=RuleSet(people_percent=70), neighbours=neighbours())) == "duplicate"
    # One topic asks less of the words than two.
    kin = ({"lv": "Zgrub Kreps"}, {"by": "LAB", "lv": "Zgrub Kreps Mindal"})
    assert kind(*kin) == "duplicate"
    assert kind(kin[0], {**kin[1], "topic": "arts", "when": "2027-02-02 10:00-12:00"}) == "duplicate"
    brief = ({"lv": "Zgrub Kreps"}, {"by": "LAB", "lv": "Zgrub Mindal", "when": "2027-02-02 10:00-12:00"})
    assert kind(*brief) is None
    assert kind(*brief, World(rules=RuleSet(words_percent=50), neighbours=neighbours())) == "duplicate"


def test_nothing_is_found_of_one_with_itself_or_of_what_cannot_be_judged() -> None:
    same = activity("a")
    assert judge(same, same, world=WORLD) is None
    assert judge(activity("a"), Profile("b", "LAB", {}, "", (), (), ""), world=WORLD) is None


def test_the_nearer_is_the_stronger() -> None:
    here, there = found({}, {"by": "LAB"}), found({}, {"by": "LAB", "at": "Sesava"})
    assert (
        here.strength
        > there.strength
        > found({}, {"by": "LAB", "at": "Sesava", "when": "2027-02-09 10:00-11:00"}).strength
    )
    assert found({}, {"by": "LAB", "format": "online"}).strength < here.strength
