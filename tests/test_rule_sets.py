"""The shared rules are the departments' own: proposed by one, agreed by all, in force from a day, remembered.

Three departments: lifelong learning (MUZ) with its head Ilze, youth affairs (JAU) with Mārtiņš, welfare (LAB) with Daina;
Arta is the administrator, her post stands in lifelong learning.
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from coordinators.domain.access import Reach, reach
from coordinators.models import Post
from courses.domain import today as desk
from courses.domain.overlaps import rule_sets, world
from courses.domain.overlaps.rule_sets import Refused, State
from ecosystem.models import Department, Message, RuleSet, User
from ecosystem.overlap.rules import DEFAULTS, THRESHOLDS, numbers
from tests.factories import NOW, TODAY, DepartmentFactory, PostFactory, UserFactory

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
MARCH = date(2027, 3, 1)


def version(number: int, since: date, **said: Any) -> RuleSet:
    """A version that was agreed; with other thresholds than the first where ``said``."""
    fields = {name: said.pop(name) for name in list(said) if name not in THRESHOLDS}
    agreed = {"proposed_at": NOW, "agreed_at": NOW} | fields
    return RuleSet.objects.create(version=number, thresholds=numbers(DEFAULTS) | said, in_force_from=since, **agreed)


class People:
    """The departments and who answers for them."""

    def __init__(self) -> None:
        self.muz = DepartmentFactory()
        self.jau = DepartmentFactory(code="JAU", name="Jaunatnes lietu nodaļa")
        self.lab = DepartmentFactory(code="LAB", name="Labklājības pārvalde")
        self.ilze = self.head("Ilze", self.muz)
        self.martins = self.head("Mārtiņš", self.jau)
        self.daina = self.head("Daina", self.lab)
        self.arta = UserFactory(email="arta@example.lv", name="Arta")
        PostFactory(kind="administrator", holder=self.arta, parishes=[])
        self.coordinator = UserFactory(email="anna@example.lv", name="Anna")
        PostFactory(holder=self.coordinator)

    def head(self, name: str, department: Department) -> User:
        holder = UserFactory(email=f"{name.lower()}@example.lv", name=name)
        PostFactory(kind="head", holder=holder, department=department, parishes=[])
        return holder

    def propose(self, *, by: User | None = None, department: Department | None = None, **said: Any) -> RuleSet:
        fields = {name: said.pop(name) for name in ("in_force_from", "why", "now") if name in said}
        asked = {"in_force_from": MARCH, "why": "Seniori tālāk nebrauc.", "now": NOW} | fields
        return rule_sets.propose(
            department=department or self.muz,
            thresholds=said or {"near_km_travels_less": 10},
            reach=of(by or self.ilze),
            **asked,
        )

    def answer(self, row: RuleSet, by: User, *, agrees: bool = True, **said: Any) -> RuleSet:
        own = Post.objects.get(holder=by).department_id
        asked = {"version": row.version, "department": own, "agrees": agrees, "now": LATER} | said
        return rule_sets.answer(reach=of(by), **asked)


@pytest.fixture
def people(db: None) -> People:
    return People()


def of(user: User) -> Reach:
    return reach(user, on=TODAY)


def letters(kind: str) -> list[str]:
    return sorted(Message.objects.filter(kind=kind).values_list("to", flat=True))


def refusals(caught: pytest.ExceptionInfo[Refused]) -> dict[str, list[str]]:
    error = caught.value
    return error.message_dict if hasattr(error, "error_dict") else {"": error.messages}


# In force.


def test_without_any_row_the_rules_the_portal_came_with_hold() -> None:
    assert world.in_force(on=TODAY) == rule_sets.agreed_last() == DEFAULTS
    book = rule_sets.book(on=TODAY)
    assert (book.in_force.rules, book.in_force.state, book.latest) == (DEFAULTS, State.IN_FORCE, book.in_force)
    assert (book.coming, book.proposal, book.earlier) == ([], None, [])


def test_the_latest_that_was_agreed_and_has_begun_holds(query_count: Any) -> None:
    version(1, date(2026, 1, 1))
    version(2, MARCH, near_km=14)
    version(3, MARCH, near_km=13)
    version(4, date(2027, 9, 1), near_km_neighbours=17)
    version(5, date(2027, 1, 1), near_km=11, agreed_at=None)
    found = {day: world.in_force(on=day) for day in (date(2027, 2, 28), MARCH, date(2027, 9, 1))}
    assert [(one.version, one.near_km) for one in found.values()] == [(1, 15), (3, 13), (4, 15)]
    with query_count(1):
        world.in_force(on=MARCH)


def test_a_threshold_that_came_later_is_as_the_portal_came_with_it() -> None:
    row = version(2, date(2027, 1, 1))
    row.thresholds = {"near_km": 14, "formerly": 3}
    assert world.as_rules(row) == replace(DEFAULTS, version=2, in_force_from=date(2027, 1, 1), near_km=14)


def test_the_book_tells_how_far_each_version_has_come(query_count: Any) -> None:
    version(1, date(2026, 1, 1))
    version(2, date(2027, 2, 1), near_km=14)
    version(3, MARCH, near_km=13)
    version(4, MARCH, near_km=12)
    version(5, date(2027, 9, 1), near_km_neighbours=17)
    version(6, date(2027, 9, 1), agreed_at=None, ended_at=NOW)
    version(7, date(2027, 10, 1), agreed_at=None)
    with query_count(2):
        book = rule_sets.book(on=date(2027, 4, 1))
    assert {one.row.version: one.state for one in book.earlier} == {
        6: State.WITHDRAWN,
        3: State.REPLACED,
        2: State.PAST,
        1: State.PAST,
    }
    assert book.proposal is not None
    standing = [book.in_force.row.version, [one.row.version for one in book.coming], book.proposal.row.version]
    assert standing == [4, [5], 7]
    assert [one.until for one in (book.in_force, book.coming[0])] == [date(2027, 8, 31), None]
    assert [getattr(book.version(number), "before").version for number in (2, 5, 7)] == [1, 4, 5]  # noqa: B009
    assert (book.latest.row.version, book.version(8)) == (5, None)
    public = rule_sets.book(on=date(2027, 4, 1), agreed_alone=True)
    assert (public.proposal, [one.row.version for one in public.earlier]) == (None, [3, 2, 1])


# Proposing.


def test_a_proposal_keeps_what_is_not_changed_and_its_department_has_agreed(people: People) -> None:
    version(1, date(2026, 1, 1))
    version(2, date(2027, 1, 1), near_km=14)
    row = people.propose(near_km_travels_less=10)
    assert (row.version, row.proposed_by, row.proposer, row.why) == (
        3,
        people.muz,
        people.ilze,
        "Seniori tālāk nebrauc.",
    )
    assert world.as_rules(row) == replace(DEFAULTS, version=3, in_force_from=MARCH, near_km=14, near_km_travels_less=10)
    assert [(one.department_id, one.agrees, one.by) for one in row.answers.all()] == [("MUZ", True, people.ilze)]
    assert rule_sets.waiting(row) == [people.jau, people.lab]
    assert world.in_force(on=MARCH).version == 2, "nothing changes before all have agreed"


def test_the_heads_who_are_waited_for_are_told_what_would_change_and_why(people: People) -> None:
    row = people.propose(near_km_travels_less=10, days_apart=21)
    assert letters("rules_proposed") == ["daina@example.lv", "mārtiņš@example.lv"]
    text = Message.objects.filter(kind="rules_proposed").order_by("pk")[0].text
    for said in (
        "Mūžizglītības nodaļa",
        "01.03.2027",
        "«Seniori tālāk nebrauc.»",
        "Bērniem, senioriem un cilvēkiem ar invaliditāti: ne vairāk kā 10\u00a0km. Līdz šim: 12.",
        f"/darbs/noteikumi/{row.version}/",
    ):
        assert said in text
    assert "Laiks ir tas pats" not in text, "what stays is not told"


def test_letters_are_in_the_reader_s_language(people: People) -> None:
    User.objects.filter(pk=people.daina.pk).update(language="en")
    people.propose()
    letter = Message.objects.get(kind="rules_proposed", to="daina@example.lv")
    assert letter.subject == "Other overlap rules are proposed: please answer"
    assert "For children, seniors and people with disabilities: within 10\u00a0km. Until now: 12." in letter.text


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"near_km": 61}, {"near_km": ["Skaitlim jābūt no 1 līdz 60."]}),
        ({"near_km": ""}, {"near_km": ["Ierakstiet skaitli."]}),
        (
            {"near_km": "daudz", "days_apart": 1000},
            {
                "near_km": ["Ierakstiet veselu skaitli, tikai ciparus."],
                "days_apart": ["Skaitlim jābūt no 1 līdz 120."],
            },
        ),
        ({"farness": 3}, {"farness": ["Tāda sliekšņa nav: «farness»."]}),
        (
            {"near_km": 11},
            {
                "near_km_travels_less": [
                    "Divi noteikumi ir pretrunā: «Bērniem, senioriem un cilvēkiem ar invaliditāti: ne vairāk kā 12\u00a0km» "
                    "un «Vieta ir tā pati, ja starp vietām ir ne vairāk kā 11\u00a0km». Pirmais skaitlis nevar būt lielāks "
                    "par otro."
                ]
            },
        ),
        ({"near_km": 15}, {"__all__": ["Nekas nav mainīts: tie ir skaitļi, par kuriem jau ir vienošanās."]}),
        (
            {"in_force_from": TODAY - timedelta(days=1)},
            {"in_force_from": ["Šī diena ir pagājusi. Izvēlieties šodienu vai vēlāku dienu."]},
        ),
        ({"why": " \n "}, {"why": ["Uzrakstiet, kāpēc noteikumi jāmaina: to lasa pārējās nodaļas."]}),
        ({"why": "a" * 501}, {"why": ["Teksts ir par garu. Rakstiet ne vairāk kā 500 zīmes."]}),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    people: People, said: dict[str, Any], wrong: dict[str, list[str]]
) -> None:
    with pytest.raises(Refused) as caught:
        people.propose(**said)
    assert refusals(caught) == wrong
    assert (RuleSet.objects.count(), Message.objects.count()) == (0, 0)


def test_refusals_are_in_the_reader_s_language(people: People) -> None:
    with translation.override("en"), pytest.raises(Refused) as caught:
        people.propose(near_km=61)
    assert refusals(caught) == {"near_km": ["The number must be from 1 to 60."]}


def test_a_newer_version_never_begins_before_one_that_was_agreed(people: People) -> None:
    version(1, date(2026, 1, 1))
    version(2, date(2027, 9, 1), near_km=14)
    with pytest.raises(Refused) as caught:
        people.propose(near_km=13, in_force_from=MARCH)
    assert refusals(caught) == {
        "in_force_from": ["2. versija jau ir pieņemta un sāksies 01.09.2027. Izvēlieties šo dienu vai vēlāku."]
    }
    row = people.propose(near_km=13, in_force_from=date(2027, 9, 1))
    for head in (people.martins, people.daina):
        people.answer(row, head)
    assert world.in_force(on=date(2027, 9, 1)).version == 3, "from the same day it takes its place"


def test_one_proposal_is_open_at_a_time_and_who_has_it_is_said(people: People) -> None:
    first = people.propose()
    with pytest.raises(Refused) as caught:
        people.propose(by=people.martins, department=people.jau, near_km=14)
    assert refusals(caught) == {
        "": [
            "Mūžizglītības nodaļa ir ierosinājusi 2. versiju, un tā gaida atbildes. Vienlaikus var būt tikai viens "
            "ierosinājums."
        ]
    }
    with pytest.raises(IntegrityError, match="one_proposal_of_rules_at_a_time"), transaction.atomic():
        version(9, MARCH, agreed_at=None)
    rule_sets.withdraw(version=first.version, reach=of(people.ilze), now=LATER)
    assert people.propose(by=people.martins, department=people.jau, near_km=14).version == 3


@pytest.mark.parametrize("who", ["coordinator", "martins"])
def test_only_a_head_or_administrator_proposes_and_in_the_name_of_their_department(people: People, who: str) -> None:
    with pytest.raises(Refused, match="vadītāj"):
        people.propose(by=getattr(people, who))
    assert RuleSet.objects.count() == 0


def test_an_administrator_proposes_and_the_head_answers(people: People) -> None:
    row = people.propose(by=people.arta)
    assert (row.proposed_by, rule_sets.waiting(row)) == (people.muz, [people.jau, people.lab, people.muz])
    assert letters("rules_proposed") == ["daina@example.lv", "ilze@example.lv", "mārtiņš@example.lv"]


# Answering.


def test_when_all_have_agreed_it_holds_from_its_day(people: People) -> None:
    row = people.propose()
    people.answer(row, people.martins, note="Labi.")
    row.refresh_from_db()
    assert (row.agreed_at, letters("rules_agreed")) == (None, [])
    people.answer(row, people.daina)
    row.refresh_from_db()
    assert (row.agreed_at, row.in_force_from) == (LATER, MARCH)
    assert [world.in_force(on=day).version for day in (MARCH - timedelta(days=1), MARCH)] == [1, 2]
    assert letters("rules_agreed") == ["ilze@example.lv", "mārtiņš@example.lv"], "not who did it"
    letter = Message.objects.filter(kind="rules_agreed").order_by("pk")[0]
    assert letter.subject == "Pieņemti: citi pārklāšanās noteikumi no 01.03.2027"
    assert "pēdējā" not in letter.text


@pytest.mark.parametrize(("agreed_on", "holds_from"), [(MARCH, MARCH), (date(2027, 3, 2), date(2027, 3, 3))])
def test_agreed_after_its_day_it_holds_from_the_next(people: People, agreed_on: date, holds_from: date) -> None:
    row = people.propose()
    late = NOW + (agreed_on - TODAY)
    people.answer(row, people.martins)
    people.answer(row, people.daina, now=late)
    row.refresh_from_db()
    assert (row.agreed_at, row.in_force_from) == (late, holds_from)
    said = "Ierosinātā diena bija pagājusi, kad piekrita pēdējā nodaļa."
    assert (said in Message.objects.filter(kind="rules_agreed").order_by("pk")[0].text) == (agreed_on != holds_from)


def test_one_that_declines_ends_it_and_all_are_told_why(people: People) -> None:
    row = people.propose()
    people.answer(row, people.martins)
    with pytest.raises(Refused) as caught:
        people.answer(row, people.daina, agrees=False)
    assert refusals(caught) == {"note": ["Uzrakstiet, kāpēc ne: to lasa pārējās nodaļas."]}
    people.answer(row, people.daina, agrees=False, note="10 km ir par maz.")
    row.refresh_from_db()
    assert (row.ended_at, row.agreed_at) == (LATER, None)
    assert letters("rules_declined") == ["ilze@example.lv", "mārtiņš@example.lv"]
    text = Message.objects.filter(kind="rules_declined").order_by("pk")[0].text
    assert "Labklājības pārvalde" in text and "«10 km ir par maz.»" in text and "Daina" in text
    [ended] = rule_sets.book(on=TODAY).earlier
    assert ended.state == State.DECLINED


def test_answering_twice_is_once_and_otherwise_is_told(people: People) -> None:
    row = people.propose()
    for _twice in range(2):
        people.answer(row, people.martins, note="Labi.")
    assert row.answers.count() == 2
    with pytest.raises(Refused, match="Jūsu nodaļa jau ir piekritusi"):
        people.answer(row, people.martins, agrees=False, note="Tomēr ne.")
    people.answer(row, people.daina)
    people.answer(row, people.daina)
    assert letters("rules_agreed") == ["ilze@example.lv", "mārtiņš@example.lv"]
    with pytest.raises(Refused, match="jau piekritušas"):
        people.answer(row, people.daina, agrees=False, note="Tomēr ne.")
    with pytest.raises(Refused, match="jau piekritušas"):
        rule_sets.withdraw(version=row.version, reach=of(people.ilze), now=LATER)


def test_what_has_ended_is_answered_no_more(people: People) -> None:
    row = people.propose()
    for _twice in range(2):
        rule_sets.withdraw(version=row.version, reach=of(people.ilze), now=LATER)
    assert letters("rules_withdrawn") == ["daina@example.lv", "mārtiņš@example.lv"]
    for agrees in (True, False):
        with pytest.raises(Refused, match="atsaukts vai noraidīts"):
            people.answer(row, people.daina, agrees=agrees, note="Nē.")
    row.refresh_from_db()
    assert (row.agreed_at, row.answers.count()) == (None, 1)


def test_nobody_answers_for_another_s_department(people: People) -> None:
    row = people.propose()
    for by, department in ((people.martins, "LAB"), (people.arta, "LAB"), (people.coordinator, "MUZ")):
        with pytest.raises(Refused, match="vadītāj"):
            people.answer(row, by, department=department)
    for by in (people.martins, people.coordinator, people.arta):
        with pytest.raises(Refused, match="kas to ierosināja"):
            rule_sets.withdraw(version=row.version, reach=of(by), now=LATER)
    assert (row.answers.count(), RuleSet.objects.open().count()) == (1, 1)


def test_for_a_department_without_a_head_an_administrator_answers_and_is_told(people: People) -> None:
    Post.objects.filter(holder=people.daina).update(holder=None)
    row = people.propose()
    assert letters("rules_proposed") == ["arta@example.lv", "mārtiņš@example.lv"]
    people.answer(row, people.martins)
    people.answer(row, people.arta, department="LAB")
    row.refresh_from_db()
    assert row.agreed_at == LATER


def test_a_retired_department_is_not_waited_for(people: People) -> None:
    Department.objects.filter(pk="LAB").update(retired_at=NOW)
    row = people.propose()
    assert letters("rules_proposed") == ["mārtiņš@example.lv"]
    with pytest.raises(Refused, match="vadītāj"):
        people.answer(row, people.daina)
    people.answer(row, people.martins)
    row.refresh_from_db()
    assert row.agreed_at == LATER


def test_one_retired_while_it_was_waited_for_does_not_hold_it_up(people: People) -> None:
    row = people.propose()
    people.answer(row, people.martins)
    Department.objects.filter(pk="LAB").update(retired_at=NOW)
    people.answer(row, people.martins)
    row.refresh_from_db()
    assert row.agreed_at == LATER


def test_who_proposed_withdraws_it_and_so_does_the_next_head(people: People) -> None:
    row = people.propose()
    Post.objects.filter(holder=people.ilze).update(holder=people.coordinator)
    with pytest.raises(Refused, match="kas to ierosināja"):
        rule_sets.withdraw(version=row.version, reach=of(people.ilze), now=LATER)
    rule_sets.withdraw(version=row.version, reach=of(people.coordinator), now=LATER)
    assert RuleSet.objects.get().ended_at == LATER


def test_an_administrator_takes_back_what_they_proposed_themselves(people: People) -> None:
    row = people.propose(by=people.arta)
    rule_sets.withdraw(version=row.version, reach=of(people.arta), now=LATER)
    assert RuleSet.objects.get().ended_at == LATER


# Today.


def test_today_tells_who_has_to_answer(people: People, query_count: Any) -> None:
    def told(user: User) -> list[int]:
        found = desk.day(reach=of(user), now=NOW).decisions["rules"]
        return [row.version for row in found.rows]

    row = people.propose()
    assert [told(one) for one in (people.ilze, people.martins, people.daina, people.arta, people.coordinator)] == [
        [],
        [2],
        [2],
        [],
        [],
    ]
    Post.objects.filter(holder=people.daina).update(holder=None)
    assert told(people.arta) == [2]
    people.answer(row, people.martins)
    assert told(people.martins) == []
    people.answer(row, people.arta, department="LAB")
    assert told(people.arta) == []


def test_every_threshold_changed_is_told_from_before_to_after(people: People) -> None:
    row = people.propose(**{name: bounds.most for name, bounds in THRESHOLDS.items()})
    assert world.as_rules(row) == replace(
        DEFAULTS, version=2, in_force_from=MARCH, **{name: bounds.most for name, bounds in THRESHOLDS.items()}
    )
    text = Message.objects.filter(kind="rules_proposed").order_by("pk")[0].text
    assert text.count("Līdz šim: ") == len(THRESHOLDS)
