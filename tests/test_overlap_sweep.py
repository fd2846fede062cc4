"""The sweep over rows: what it finds, writes, ends and leaves; candidates of one; who sees drafts."""

import json
import random
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import combinations
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses import schedule
from courses.domain.overlaps import candidates, judging, parts, profiles, sweeping, world
from courses.domain.overlaps.parts import Part
from courses.models import Activity, Footprint, Overlap, OverlapDecision
from ecosystem.domain import vocabulary
from ecosystem.geo import Point
from ecosystem.overlap import cells, footprint, keys
from ecosystem.overlap.finding import Finding
from ecosystem.overlap.judge import judge
from ecosystem.overlap.packed import unpack
from ecosystem.overlap.prepared import of
from ecosystem.overlap.profile import Profile, missing
from tests.factories import NOW, TODAY, ActivityFactory
from tests.harness.worlds import once
from tests.overlap.test_sweep import crowd, told

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)
DEPARTMENTS = {"MUZ", "JAU", "LAB"}


@partial(once, autouse=True)
def territory() -> None:
    """The municipality's own parishes, departments, audiences and topics."""
    vocabulary.load(now=NOW)


def lay(profile: Profile, *, is_draft: bool = False, pk: int | None = None) -> int:
    """A footprint of this profile, over an activity that has little but a number."""
    activity = Activity(
        pk=pk,
        lead_id=profile.department,
        parish_id=profile.parish,
        topic_id=profile.topic,
        title=profile.title,
        status="draft" if is_draft else "planned",
        changed_at=NOW,
        created_at=NOW,
    )
    if pk is None:
        Activity.objects.bulk_create([activity])
    number = activity.pk
    columns = footprint.columns(replace(profile, ref=profiles.ref(number)))
    Footprint.objects.update_or_create(
        activity_id=number,
        defaults={"lead_id": profile.department, "is_draft": is_draft, "made_at": NOW, **columns},
    )
    return number


def crowded(seed: int, many: int = 90, drafts: bool = False) -> None:
    """Footprints of activities that have much in common."""
    chance = random.Random(seed)
    for one in crowd(chance, many, villages=10):
        if not missing(one):
            lay(one, is_draft=drafts and chance.random() < 0.3)


def there() -> list[Profile]:
    groups = world.groups()
    return [unpack(packed, groups) for packed in Footprint.objects.order_by("pk").values_list("profile", flat=True)]


def by_brute_force() -> list[Finding]:
    """Every pair judged, those left out that are nobody's business."""
    rules = world.ground(on=TODAY).world
    drafts = {profiles.ref(pk) for pk in Footprint.objects.filter(is_draft=True).values_list("pk", flat=True)}
    found = [found for one, other in combinations(there(), 2) if (found := judge(one, other, world=rules)) is not None]
    return [
        one
        for one in found
        if not {one.first.ref, one.second.ref} <= drafts or one.first.department == one.second.department
    ]


def kept() -> list[tuple[int, int, str, float, str]]:
    """What the rows say, as :func:`told` says it."""
    rows = Overlap.objects.standing().order_by("first", "second")
    return [(profiles.ref(o.first_id), profiles.ref(o.second_id), o.kind, o.strength, o.reasons[2]["lv"]) for o in rows]


@pytest.mark.parametrize("many", [1, 7, 8000])
def test_the_rows_say_what_brute_force_finds_however_it_is_cut(many: int) -> None:
    crowded(many)
    done = sweeping.sweep_all(now=NOW, many=many)
    found = by_brute_force()
    assert kept() == told(found)
    assert done.found == done.written == len(found) > 30
    assert Counter(finding.kind for finding in found)["clash"] > 2


def test_each_pair_is_looked_at_in_one_part() -> None:
    crowded(2)
    cut = list(parts.plan(many=3))
    assert {part.where for part in cut} == {parts.LAND, parts.NOWHERE, parts.SCREENS}
    assert any(part.since for part in cut) and len(cut) > 20
    looked_at = Counter(frozenset(pair) for part in cut for pair in sweeping._read(part, NOW).pairs())
    assert set(looked_at.values()) == {1}


def test_a_pair_over_the_edge_of_a_square_is_found_once() -> None:
    one = next(one for one in crowd(random.Random(3), 50) if not missing(one) and one.format == "in_person")
    edge = cells.HIGH * round(one.point.lat / cells.HIGH) if one.point else 56.4
    pair = [
        lay(replace(one, department=department, partners=frozenset(), point=Point(edge + aside, 23.61)))
        for department, aside in (("MUZ", -0.001), ("JAU", 0.001))
    ]
    assert len(set(Footprint.objects.values_list("cell", flat=True))) == 2
    assert len(list(parts.plan(many=1))) == 2
    done = sweeping.sweep_all(now=NOW, many=1)
    assert (done.found, [(o.first_id, o.second_id) for o in Overlap.objects.all()]) == (1, [tuple(pair)])


def test_a_second_sweep_changes_nothing() -> None:
    crowded(4)
    sweeping.sweep_all(now=NOW)
    before = _as_written()
    done = sweeping.sweep_all(now=LATER, many=9)
    assert (done.written, done.found) == (0, len(before)) and before
    assert _as_written() == before


def _as_written() -> list[Any]:
    """The rows and their writings: one written again is another, though it says the same."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT xmin::text, o.* FROM courses_overlap o ORDER BY id")
        return cursor.fetchall()


def twins(**said: Any) -> tuple[Profile, int, int]:
    """Two departments plan the same."""
    one = next(
        one for one in crowd(random.Random(5), 80) if not missing(one) and one.format == "in_person" and one.point
    )
    one = replace(one, partners=frozenset(), **said)
    return one, lay(replace(one, department="MUZ")), lay(replace(one, department="JAU"))


def decide(overlap: Overlap) -> OverlapDecision:
    decision = OverlapDecision.objects.create(
        overlap=overlap,
        what="ahead",
        words="Divas grupas.",
        department_id="MUZ",
        at=NOW,
        basis=overlap.basis,
        kind=overlap.kind,
        reasons=overlap.reasons,
        version=overlap.version,
    )
    Overlap.objects.filter(pk=overlap.pk).update(decision=decision)
    return decision


def test_what_overlaps_no_more_ends_wherever_it_went() -> None:
    """Also where the two lie so far apart that no part looks at both, in place and in time."""
    for aside, days in ((0.0, 200), (3.0, 0), (3.0, 400)):
        Overlap.objects.all().delete()
        one, _first, second = twins()
        sweeping.sweep_all(now=NOW, many=1)
        overlap = Overlap.objects.get()
        assert one.point is not None
        moved = tuple((start + timedelta(days=days), end + timedelta(days=days)) for start, end in one.sessions)
        parish = one.parish if not aside else "0540290"
        away = replace(one, department="JAU", sessions=moved, parish=parish, point=Point(one.point.lat + aside, 23.0))
        lay(away, pk=second)
        done = sweeping.sweep_all(now=LATER, many=1)
        overlap.refresh_from_db()
        assert (overlap.ended_at, done.written) == (LATER, 1)
        assert sweeping.sweep_all(now=LATER, many=1).written == 0
        Footprint.objects.all().delete()


def test_a_decision_stands_while_the_finding_says_the_same_and_falls_when_it_does_not() -> None:
    one, _first, second = twins()
    sweeping.sweep_all(now=NOW)
    decision = decide(Overlap.objects.get())
    # Stronger or weaker by where the hall is, to the kilometre the same.
    lay(replace(one, department="JAU", summaries={"lv": "Vietu skaits ierobežots."}), pk=second)
    sweeping.sweep_all(now=LATER)
    assert Overlap.objects.get().decision == decision
    lay(replace(one, department="JAU", sessions=one.sessions[:1], titles={"lv": "Pavisam kas cits"}), pk=second)
    sweeping.sweep_all(now=LATER)
    overlap = Overlap.objects.get()
    decision.refresh_from_db()
    assert (overlap.kind, overlap.decision, decision.ended_at, overlap.found_at) == ("clash", None, LATER, LATER)


def test_an_overlap_with_something_not_swept_is_left() -> None:
    _one, _first, second = twins()
    sweeping.sweep_all(now=NOW)
    Footprint.objects.filter(pk=second).delete()
    assert sweeping.sweep_all(now=LATER).written == 0
    assert Overlap.objects.get().ended_at is None


def test_what_changed_while_a_part_was_looked_at_is_left_to_the_news(monkeypatch: pytest.MonkeyPatch) -> None:
    one, _first, second = twins()
    turns = judging.take_turns

    def after_a_change() -> None:
        lay(replace(one, department="JAU", titles={"lv": "Pavisam kas cits"}), pk=second)
        turns()

    monkeypatch.setattr(judging, "take_turns", after_a_change)
    assert sweeping.sweep_all(now=NOW).written == 0
    assert not Overlap.objects.exists()
    monkeypatch.setattr(judging, "take_turns", turns)
    sweeping.sweep_all(now=NOW)
    assert Overlap.objects.get().kind == "clash"
    # What has come back while it was being ended stays.
    lay(replace(one, department="JAU", age_max=5, age_min=4), pk=second)
    monkeypatch.setattr(judging, "take_turns", after_a_change)
    sweeping.sweep_all(now=LATER)
    assert Overlap.objects.get().ended_at is None


def test_two_drafts_of_two_departments_do_not_meet() -> None:
    crowded(6, drafts=True)
    sweeping.sweep_all(now=NOW, many=10)
    assert kept() == told(by_brute_force())
    drafts = set(Footprint.objects.filter(is_draft=True).values_list("pk", flat=True))
    overlaps = Overlap.objects.select_related("first", "second")
    assert any({o.first_id, o.second_id} & drafts for o in overlaps)
    for overlap in overlaps:
        if {overlap.first_id, overlap.second_id} <= drafts:
            assert overlap.first.lead_id == overlap.second.lead_id


def test_a_part_goes_to_a_worker_as_a_message() -> None:
    crowded(7)
    for part in parts.plan(many=3):
        assert Part.of_message(json.loads(json.dumps(part.as_message()))) == part


def test_the_clock_starts_it_in_parts() -> None:
    crowded(8, many=40)
    Footprint.objects.update(made_at=NOW + timedelta(days=365))
    schedule.sweep_overlaps()
    assert kept() == told(by_brute_force()) != []


def test_footprints_that_are_wanting_or_old_are_made_anew() -> None:
    known = ActivityFactory(changed_at=NOW)
    wanting = ActivityFactory(changed_at=NOW)
    judging.settle(activities=[known.pk], ground=world.ground(on=TODAY), now=NOW)
    assert parts.renew(now=LATER) == 1
    assert set(Footprint.objects.values_list("pk", flat=True)) == {known.pk, wanting.pk}
    assert parts.renew(now=LATER) == 0
    Footprint.objects.filter(pk=known.pk).update(stamp="00000000", keys=[], marks="[]")
    Activity.objects.filter(pk=wanting.pk).update(changed_at=LATER + timedelta(hours=1), title_lv="Keramika")
    assert parts.renew(now=LATER + timedelta(hours=2)) == 2
    assert parts.renew(now=LATER + timedelta(hours=2)) == 0
    again = Footprint.objects.get(pk=known.pk)
    assert (again.stamp, again.keys != [], again.marks != "[]") == (keys.stamp(), True, True)
    assert Footprint.objects.get(pk=wanting.pk).profile["titles"]["lv"] == "Keramika"
    # What is over has none.
    assert parts.renew(now=known.ends_at + timedelta(days=1)) == 0
    assert not Footprint.objects.exists()


# One activity's candidates.


def found_of(profile: Profile, departments: set[str] | None) -> list[Finding]:
    ground = world.ground(on=TODAY, parishes=[profile.parish])
    return judging.find(profile=profile, ground=ground, departments=departments)


@pytest.mark.parametrize("seed", [11, 12])
def test_candidates_leave_out_nothing_that_overlaps(seed: int) -> None:
    crowded(seed, many=120)
    everything = by_brute_force()
    assert len(everything) > 50
    some, rules = there(), world.ground(on=TODAY).world
    for profile in some:
        mine = [one for one in everything if profile.ref in (one.first.ref, one.second.ref)]
        assert told(found_of(profile, None)) == told(mine)
        # What is not saved yet has no number.
        typed = replace(profile, ref=profiles.TYPED, department="MUZ")
        others = (judge(typed, one, world=rules) for one in some)
        assert told(found_of(typed, None)) == told([one for one in others if one])


def test_candidates_are_few() -> None:
    crowded(13, many=120)
    ground = world.ground(on=TODAY)
    looked_at = found = 0
    for profile in there()[::2]:
        near = candidates.near(profile, ground=ground, departments=None)
        around = candidates.around(profile, ground=ground, departments=None)
        assert {one.ref for one in near} <= {one.ref for one in around} | {profile.ref}
        looked_at += len(near)
        found += sum(judge(profile, one, world=ground.world) is not None for one in near)
    assert found < looked_at < 4 * found


@pytest.mark.parametrize("how", ["in_person", "online", "hybrid"])
def test_as_many_questions_find_few_candidates_as_many(how: str) -> None:
    one, _first, _second = twins()
    ground = world.ground(on=TODAY)
    for others in (0, 20):
        for number in range(others):
            lay(replace(one, department="LAB", level=f"{number + 1}. daļa"))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            found = candidates.near(replace(one, ref="typed", format=how), ground=ground, departments=set())
        assert (len(asked), len(found)) == (2, 2 + others)


def test_the_ground_of_one_parish_takes_three_questions() -> None:
    with CaptureQueriesContext(connection) as asked:
        world.ground(on=TODAY, parishes=["0540248"])
    assert len(asked) == 3


def test_drafts_are_candidates_for_their_own_department() -> None:
    one, _first, _second = twins()
    Footprint.objects.filter(lead="JAU").update(is_draft=True)
    seen = {
        name: {
            found.department
            for found in candidates.near(replace(one, ref="x"), ground=world.ground(on=TODAY), departments=whose)
        }
        for name, whose in {"everyone": None, "nobody": set(), "JAU": {"JAU"}}.items()
    }
    assert seen == {"everyone": {"MUZ", "JAU"}, "nobody": {"MUZ"}, "JAU": {"MUZ", "JAU"}}


@pytest.mark.parametrize("words_percent", [30, 60])
def test_rules_that_ask_for_less_find_as_much_as_brute_force(words_percent: int) -> None:
    crowded(14)
    ground = world.ground(on=TODAY)
    loose = replace(ground, world=replace(ground.world, rules=replace(ground.world.rules, words_percent=words_percent)))
    some = there()
    for profile in some[::3]:
        found = judging.find(profile=profile, ground=loose, departments=None)
        others = (judge(profile, one, world=loose.world) for one in some)
        assert told(found) == told([one for one in others if one])


@pytest.mark.parametrize("words_percent", [30, 60])
def test_titles_of_more_words_than_an_index_holds_are_found_and_find(words_percent: int) -> None:
    """No word list knows these; a title has 160 letters at most, in four languages."""
    dice = random.Random(3)
    words = ["".join(dice.choices("aeioubdgklmnprstvz", k=5)) for _ in range(4 * 26)]
    titles = {name: " ".join(words[at * 26 : at * 26 + 26]) for at, name in enumerate(("lv", "en", "ru", "uk"))}
    one, first, second = twins(titles=titles, summaries={})
    short = lay(replace(one, titles={"lv": titles["lv"]}, department="LAB"))
    assert [*Footprint.objects.order_by("pk").values_list("keys", flat=True)][:2] == [[keys.ANYTHING]] * 2
    assert len(of(replace(one)).content.keys.all) > keys.MOST > len(Footprint.objects.get(pk=short).keys)
    ground = world.ground(on=TODAY)
    loose = replace(ground, world=replace(ground.world, rules=replace(ground.world.rules, words_percent=words_percent)))
    # By their words alone: they meet at other hours.
    later = tuple((start + timedelta(hours=6), end + timedelta(hours=6)) for start, end in one.sessions)
    one = replace(one, sessions=later)
    for typed in (one, replace(one, titles={"lv": titles["lv"]})):
        found = judging.find(profile=replace(typed, ref=profiles.TYPED, department="X"), ground=loose, departments=None)
        assert {(int(each.first.ref), each.kind) for each in found} == {
            (number, "duplicate") for number in (first, second, short)
        }


def test_many_changed_at_once_are_judged_with_what_lies_around_them() -> None:
    crowded(15)
    some = there()[:30]
    ground = world.ground(on=TODAY)
    only = {one.ref for one in some}
    found = list(judging._among(some, ground))
    assert told(found) == told([one for one in by_brute_force() if only & {one.first.ref, one.second.ref}])
