"""A report is written by two, sealed once, and stays as it is: what it says, what it lacks, what it is compared with.

Ilze heads lifelong learning (MUZ), Mārtiņš youth affairs (JAU); Pēteris manages the project, Anna coordinates Eleja.
"""

import json
import re
from datetime import date, timedelta
from math import hypot
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from coordinators.domain.access import Reach, reach
from ecosystem.models import Population, User
from reporting.documents import emblem
from reporting.domain import (
    baselines,
    indicators,
    report_comparing,
    report_content,
    report_differences,
    report_gaps,
    report_sealing,
    report_sections,
    reports,
)
from reporting.domain.data.sources import Postgres
from reporting.domain.facts import making
from reporting.domain.figures import Asked, Period
from reporting.domain.report_sealing import AlreadySealed, LookedAtSomethingElse
from reporting.domain.report_source import Indicators
from reporting.domain.reports import AlreadyThere, ChangedMeanwhile, Refused, Sealed
from reporting.models import Baseline, Report, ReportText, ReportVersion
from tests import factories as f
from tests.factories import NOW, TODAY, DepartmentFactory, PostFactory, UserFactory, at
from tests.report_source import Hand

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
TABLE = {
    ("DAL-01",): 40,
    ("DAL-01", "audience"): {"seniors": 25, "youth": 12, "families": "hidden", "": 6},
    ("DAL-01", "department"): {"MUZ": 30, "JAU": 18},
    ("DAL-03",): 512,
    ("DAL-05",): (87.5, 24),
}


class People:
    """Who writes reports, and who reads them."""

    def __init__(self) -> None:
        self.muz = DepartmentFactory()
        self.jau = DepartmentFactory(code="JAU", name="Jaunatnes lietu nodaļa")
        self.ilze = self.post("Ilze", kind="head")
        self.martins = self.post("Mārtiņš", kind="head", department=self.jau)
        self.peteris = self.post("Pēteris", kind="project_manager")
        self.arta = self.post("Arta", kind="administrator")
        self.anna = self.post("Anna", kind="coordinator")

    def post(self, name: str, **fields: Any) -> User:
        holder = UserFactory(email=f"{name.lower()}@example.lv", name=name)
        PostFactory(holder=holder, **fields)
        return holder


@pytest.fixture
def people(db: None) -> People:
    return People()


def of(user: User) -> Reach:
    return reach(user, on=TODAY)


def begin(by: User, **said: Any) -> Report:
    """The report of the year 2026 of the whole, unless said otherwise."""
    asked: dict[str, Any] = {
        "kind": "year",
        "first_on": date(2026, 1, 1),
        "last_on": date(2026, 12, 31),
        "department": None,
        "titles": {},
        "baseline": None,
        "now": NOW,
    }
    return reports.create(reach=of(by), **asked | said)


def write(report: Report, by: User, *, section: str = "summary", seen: int = 0, **words: str) -> ReportText:
    said = {"lv": "Gads izdevies.", "en": "A good year."} | words
    return reports.keep_words(report=report.pk, section=section, words=said, seen=seen, reach=of(by), now=LATER)


def seal(report: Report, by: User, *, source: Hand | None = None, seen: str = "", **said: Any) -> ReportVersion:
    report.refresh_from_db()
    saw = seen or report_sealing.stamp(report, reports.texts_of(report))
    asked = {"now": LATER} | said
    return report_sealing.seal(report=report.pk, seen=saw, reach=of(by), source=source or Hand(TABLE), **asked)


def content(report: Report, source: Hand | None = None) -> dict[str, Any]:
    report = Report.objects.select_related("department", "baseline").get(pk=report.pk)
    return report_content.compose(report, texts=reports.texts_of(report), source=source or Hand(TABLE), now=NOW)


def section_of(said: dict[str, Any], code: str) -> dict[str, Any]:
    return next(section for section in said["sections"] if section["code"] == code)


def refusals(caught: pytest.ExceptionInfo[Refused]) -> dict[str, list[str]]:
    error = caught.value
    return error.message_dict if hasattr(error, "error_dict") else {"": error.messages}


# Begun.


@pytest.mark.parametrize(
    ("who", "whole", "own", "other"),
    [
        ("ilze", True, True, False),
        ("martins", True, False, True),
        ("peteris", True, True, True),
        ("arta", True, True, True),
        ("anna", False, False, False),
    ],
)
def test_who_writes_which_report(people: People, who: str, whole: bool, own: bool, other: bool) -> None:
    mine = of(getattr(people, who))
    assert [reports.may_write(mine, code) for code in (None, "MUZ", "JAU")] == [whole, own, other]
    assert reports.writes_any(mine) is (who != "anna")


def test_a_coordinator_begins_none_and_seals_none(people: People) -> None:
    with pytest.raises(PermissionDenied):
        begin(people.anna)
    report = begin(people.ilze)
    with pytest.raises(PermissionDenied):
        write(report, people.anna)
    with pytest.raises(PermissionDenied):
        seal(report, people.anna)
    assert (ReportText.objects.count(), ReportVersion.objects.count()) == (0, 0)


def test_a_year_has_one_report_a_department(people: People) -> None:
    first = begin(people.ilze)
    with pytest.raises(AlreadyThere) as caught:
        begin(people.martins)
    assert caught.value.report == first
    begin(people.ilze, department=people.muz)
    begin(people.ilze, kind="free")
    begin(people.ilze, kind="free")
    assert Report.objects.count() == 4


def test_a_second_press_begins_nothing(people: People) -> None:
    from uuid import UUID

    key = UUID(int=7)
    assert begin(people.ilze, form_key=key) == begin(people.ilze, form_key=key)
    assert Report.objects.count() == 1


@pytest.mark.parametrize(
    ("kind", "first_on", "last_on", "field", "words"),
    [
        ("free", date(2026, 5, 2), date(2026, 5, 1), "last_on", "Laikposms beigtos, pirms tas sākas."),
        ("year", date(2026, 1, 2), date(2026, 12, 31), "first_on", "Gads sākas 1. janvārī un beidzas 31. decembrī."),
        ("quarter", date(2026, 2, 1), date(2026, 4, 30), "first_on", None),
        ("free", date(1999, 1, 1), date(2026, 12, 31), "first_on", None),
        ("free", date(2010, 1, 1), date(2026, 12, 31), "last_on", None),
    ],
)
def test_days_that_no_report_has(
    people: People, kind: str, first_on: date, last_on: date, field: str, words: str | None
) -> None:
    with pytest.raises(Refused) as caught:
        begin(people.ilze, kind=kind, first_on=first_on, last_on=last_on)
    assert list(refusals(caught)) == [field]
    if words:
        assert refusals(caught)[field] == [words]


def test_quarters_are_three_months() -> None:
    assert reports.quarter(1, of=2024) == (date(2024, 1, 1), date(2024, 3, 31))
    assert reports.quarter(4, of=2026) == (date(2026, 10, 1), date(2026, 12, 31))


# Written.


def test_words_are_saved_over_what_was_seen(people: People) -> None:
    report = begin(people.ilze)
    first = write(report, people.ilze)
    second = write(report, people.martins, seen=first.version, lv="Gads bija labs.")
    assert (first.version, second.version, second.lv, second.changed_by) == (1, 2, "Gads bija labs.", people.martins)


def test_who_comes_second_is_shown_what_the_first_wrote(people: People) -> None:
    report = begin(people.ilze)
    theirs = write(report, people.martins)
    with pytest.raises(ChangedMeanwhile) as caught:
        write(report, people.ilze, lv="Cits.", seen=0)
    assert caught.value.current == theirs
    assert ReportText.objects.get().lv == "Gads izdevies."


def test_the_same_words_are_no_conflict(people: People) -> None:
    report = begin(people.ilze)
    assert write(report, people.ilze).version == write(report, people.martins, seen=0).version == 1


def test_a_section_that_the_report_has_not_takes_no_words(people: People) -> None:
    report = begin(people.ilze)
    with pytest.raises(Refused):
        write(report, people.ilze, section="budget")
    with pytest.raises(Refused) as caught:
        write(report, people.ilze, lv="a" * 20_001)
    assert list(refusals(caught)) == ["lv"]


# Drawn.


def test_each_figure_is_asked_once_and_says_why_where_it_is_not_given(people: People) -> None:
    source = Hand(TABLE)
    said = content(begin(people.ilze), source)
    asked = [(code, one.by) for code, one in source.asked]
    assert len(asked) == len(set(asked))
    missing = {
        (figure["code"], tuple(figure["by"])): figure["missing"]["lv"]
        for section in said["sections"]
        for figure in section["figures"]
        if figure["missing"]
    }
    assert missing["TUV-04", ()] == "Nav iedzīvotāju skaita."
    # The table by hand knows nothing of these, or not by these parts.
    assert missing["PIE-01", ()] == "Tāda rādītāja nav."
    assert missing["DAL-01", ("residence",)] == "Dati pa šīm daļām netiek glabāti."
    assert ("DAL-01", ()) not in missing


def test_hidden_cells_have_no_number_anywhere_in_the_document(people: People) -> None:
    said = content(begin(people.ilze))
    figure = next(figure for figure in section_of(said, "participants")["figures"] if figure["by"] == ["audience"])
    rows = {row["keys"]["audience"]: row for row in figure["rows"]}
    assert rows["families"] == {
        "keys": {"audience": "families"},
        "names": {"lv": "Ģimenes", "en": "Families"},
        "value": None,
        "n": None,
        "not_known": None,
        "hidden": True,
    }
    assert (rows[""]["names"], rows[""]["value"]) == ({"lv": "nav zināms", "en": "not known"}, 6)


def test_seniors_are_hidden_where_a_band_of_theirs_is(people: People) -> None:
    table = {("IEK-04", "age"): {"30-54": 9, "55-64": "hidden", "65+": 30}, ("IEK-08", "aspect"): {"seniors": 33}}
    figures = section_of(content(begin(people.ilze), Hand(table)), "participants")["figures"]
    seniors = next(figure for figure in figures if figure["code"] == "IEK-08")
    assert [(row["value"], row["hidden"]) for row in seniors["rows"]] == [(None, True)]


def test_a_department_s_report_asks_for_its_part(people: People) -> None:
    source = Hand(TABLE)
    content(begin(people.ilze, department=people.muz), source)
    assert {one.filters["department"] for _code, one in source.asked} == {("MUZ",)}


def test_a_report_of_days_to_come_counts_to_today_and_the_project_s_own_to_its_end(people: People) -> None:
    """As the dashboard does; what is planned abroad stands beside what is done."""
    source, project = Hand(TABLE | {("MOB-01",): 3}), f.ProjectFactory()
    f.ObjectiveFactory(project=project, indicator="DAL-01", actual=None)
    f.ObjectiveFactory(project=project, position=2, indicator="MOB-01", actual=None)
    days = {"first_on": date(2027, 1, 1), "last_on": date(2027, 12, 31)}
    content(begin(people.ilze, kind="project", project=project, **days), source)
    until = {code: {one.period.last for of, one in source.asked if of == code} for code in ("DAL-01", "MOB-01")}
    assert until == {"DAL-01": {TODAY}, "MOB-01": {date(2027, 12, 31)}}
    assert {one.filters.get("project") for code, one in source.asked if code == "MOB-01"} == {(project.code,)}


def test_a_year_has_no_objectives_and_no_budget(people: People) -> None:
    codes = [section["code"] for section in content(begin(people.ilze))["sections"]]
    assert codes == [
        *("summary", "activities", "participants", "opportunities", "outcomes", "practice", "impact", "sharing"),
        "management",
    ]


def test_what_is_missing_is_named(people: People) -> None:
    report = begin(people.ilze)
    write(report, people.ilze, en="")
    found = report_gaps.of(content(report), language="lv", today="2027-01-11")
    summary = [(gap.kind, gap.words) for gap in found if gap.section == "summary"]
    assert (report_gaps.WORDS, "Nav teksta angliski.") in summary
    assert (report_gaps.WORDS, "Nav teksta latviski.") not in summary
    assert [gap.words for gap in found if gap.kind == report_gaps.COMPARISON] == [
        "Bāzes vērtības nav izvēlētas, tāpēc pieaugums netiek mērīts."
    ]
    assert [gap.why for gap in found if gap.code == "TUV-04"] == ["Nav iedzīvotāju skaita."]
    assert [
        gap.kind for gap in report_gaps.of(content(report), language="lv", today="2026-12-31") if not gap.section
    ] == [report_gaps.PERIOD]


def test_the_sections_ask_only_what_indicators_tell() -> None:
    """Every figure under a section is of the catalogue, and broken down by what its indicator is kept by."""
    for section in report_sections.SECTIONS:
        for under in section.figures:
            assert under.code in indicators.catalogue()
            if under.code in indicators.INDICATORS:
                assert set(under.by) <= set(indicators.INDICATORS[under.code].by), (section.code, under)


def test_every_section_is_told_of_a_project_and_each_once() -> None:
    codes = [section.code for section in report_sections.SECTIONS]
    assert codes == ReportText.Section.values
    assert [section.code for section in report_sections.of("year")] == [
        code for code in codes if code not in ("objectives", "budget")
    ]


def test_a_whole_that_would_give_its_only_part_away_is_hidden_too(people: People) -> None:
    table = TABLE | {("DAL-01", "audience"): {"seniors": "hidden"}, ("DAL-01",): 3}
    said = content(begin(people.ilze), Hand(table))
    whole = next(one for one in section_of(said, "summary")["figures"] if one["code"] == "DAL-01")
    assert [(row["value"], row["hidden"]) for row in whole["rows"]] == [(None, True)]


def test_the_number_of_a_report_is_the_number_of_the_indicator(people: People) -> None:
    """Drawn of the portal's own indicators: the same function, the same number."""
    activity = f.ActivityFactory(first=at("2026-05-04 10:00"), status="completed")
    for number in range(6):
        registration = f.RegistrationFactory(
            party__activity=activity, resident__given_name=f"Persona{number}", registered_at=at("2026-04-01 10:00")
        )
        f.AttendanceFactory(registration=registration, marked_at=at("2026-05-04 12:00"))
    making.make_all()
    source = Indicators(now=NOW, source=Postgres(now=NOW))
    report = begin(people.ilze)
    said = content(report, source)
    asked = Asked(Period(report.first_on, report.last_on))
    by_code = {one["code"]: one for one in section_of(said, "summary")["figures"] if not one["by"]}
    for code in ("DAL-01", "DAL-03", "PIE-01"):
        figure = indicators.figure(code, asked, source=Postgres(now=NOW))
        assert by_code[code]["rows"][0]["value"] == figure.value
    assert by_code["DAL-01"]["rows"][0]["value"] == 6
    assert said["state"]["rules"] == 1


def test_a_report_asks_the_facts_nothing_twice_and_the_next_one_asks_anew(people: People) -> None:
    report, asked = begin(people.ilze), []
    for _time in range(2):
        with CaptureQueriesContext(connection) as captured:
            content(report, Indicators(now=NOW, source=Postgres(now=NOW)))
        asked.append([query["sql"] for query in captured if query["sql"].startswith("WITH ")])
    first, second = asked
    assert len(first) == len(set(first)) > 30
    assert sorted(first) == sorted(second), "what was read is kept for one report alone"


def test_a_report_names_the_counts_that_its_rates_are_measured_by(people: People) -> None:
    parish = f.ParishFactory()
    for sex in ("female", "male"):
        Population.objects.create(parish=parish, counted_on=date(2024, 1, 1), age_from=0, sex=sex, count=1000)
    source = Indicators(now=NOW, source=Postgres(now=NOW))
    assert source.state(on=date(2026, 12, 31))["populations"] == ["2024-01-01"]
    assert source.state(on=date(2023, 12, 31))["populations"] == [parish.population_date]


def test_the_emblem_has_twelve_upright_stars_at_the_hours() -> None:
    drawn = emblem.svg()
    tops = [tuple(map(float, point.split())) for point in re.findall(r'd="M([\d.]+ [\d.]+) L', drawn)]
    assert len(tops) == 12
    # The topmost point of a star is straight above its middle by an eighteenth of the height.
    middles = [(x, y + 10) for x, y in tops]
    assert all(round(hypot(x - 135, y - 90), 1) == 60.0 for x, y in middles)
    assert (round(middles[0][0], 1), round(middles[0][1], 1)) == (135.0, 30.0)
    assert 'fill="#003399"' in drawn and 'fill="#FFCC00"' in drawn


# Compared.


def baseline(people: People, *, days: tuple[date, date] | None = None, **values: Any) -> Baseline:
    first, last = days or (date(2022, 1, 1), date(2022, 12, 31))
    made = baselines.create(
        name="Gads pirms projekta", first_on=first, last_on=last, source="Lapas", reach=of(people.ilze), now=NOW
    )
    for name, value in values.items():
        code, _, part = name.partition("__")
        keys = {"audience": part} if part else {}
        made.values.create(code=code.replace("_", "-"), keys=keys, value=value)
    return made


def test_more_residents_from_more_groups_is_a_measured_sentence(people: People) -> None:
    before = baseline(
        people, DAL_01=32, DAL_01__seniors=20, DAL_01__youth=14, DAL_01__families=8, DAL_05=80, TUV_04=6.5
    )
    report = begin(people.ilze, baseline=before)
    compared = section_of(content(report), "impact")["compared"]
    assert compared["sentences"]["lv"].splitlines() == [
        "Piedalījās vairāk iedzīvotāju: 40, iepriekš 32 (par 25\u00a0% vairāk).",
        "Vairāk cilvēku nāca no 1 no 2 mērķgrupām, kuras var salīdzināt.",
    ]
    rows = {(row["code"], *row["keys"].values()): (row["before"], row["after"]) for row in compared["rows"]}
    assert rows == {
        ("DAL-01",): (32, 40),
        ("DAL-01", "seniors"): (20, 25),
        ("DAL-01", "youth"): (14, 12),
        ("DAL-01", "families"): (8, None),
        ("DAL-05",): (80, 87.5),
        ("TUV-04",): (6.5, None),
    }
    whys = {row["code"]: row["why"]["lv"] for row in compared["rows"] if row["why"]}
    assert whys == {"DAL-01": "Cilvēku ir tik maz, ka par tiem nestāsta.", "TUV-04": "Nav iedzīvotāju skaita."}


def test_growth_from_nothing_is_no_percentage(people: People) -> None:
    report = begin(people.ilze, baseline=baseline(people, DAL_01=0, DAL_01__seniors=0))
    compared = section_of(content(report), "impact")["compared"]
    assert compared["sentences"]["en"].splitlines() == [
        "Residents took part: 40, before there were none.",
        "More people came from 1 of the 1 target group that can be compared.",
        "1 target group took part for the first time.",
    ]
    assert report_comparing.growth(compared["rows"][0]) is None


def test_a_few_people_of_the_baseline_are_hidden_too(people: People) -> None:
    report = begin(people.ilze, baseline=baseline(people, DAL_01__seniors=3))
    [row] = section_of(content(report), "impact")["compared"]["rows"]
    assert (row["before"], row["after"], row["hidden"]) == (None, None, True)


def test_a_quarter_is_not_compared_with_a_year_but_its_shares_are(people: People) -> None:
    first, last = reports.quarter(2, of=2026)
    before = baseline(people, DAL_01=32, DAL_05=80)
    report = begin(people.ilze, kind="quarter", first_on=first, last_on=last, baseline=before)
    rows = {row["code"]: row for row in section_of(content(report), "impact")["compared"]["rows"]}
    assert rows["DAL-01"]["why"]["lv"] == "Pārskats ir par mazāk dienām nekā bāzes vērtības."
    assert (rows["DAL-05"]["before"], rows["DAL-05"]["after"]) == (80, 87.5)


def test_a_longer_report_is_compared_over_its_last_year(people: People) -> None:
    source = Hand(TABLE)
    report = begin(
        people.ilze,
        kind="free",
        first_on=date(2025, 10, 1),
        last_on=date(2026, 11, 30),
        baseline=baseline(people, DAL_01=32),
    )
    compared = section_of(content(report, source), "impact")["compared"]
    assert compared["after"] == ["2025-12-01", "2026-11-30"]
    assert {one.period.first for code, one in source.asked if code == "DAL-01" and one.period.days == 365} == {
        date(2025, 12, 1)
    }


# Sealed.


def test_a_sealed_version_is_whole_and_names_nobody(people: People) -> None:
    report = begin(people.ilze)
    write(report, people.ilze)
    version = seal(report, people.peteris)
    report.refresh_from_db()
    assert (version.number, version.sealed_at, version.sealed_by, report.is_open) == (1, LATER, people.peteris, False)
    assert report_sealing.is_whole(version)
    said = report_sealing.content_of(version)
    assert report_content.canonical(said) == version.content
    assert said["state"] == {"as_of": "2027-01-11T08:55:00+02:00"}
    assert section_of(said, "summary")["words"] == {"lv": "Gads izdevies.", "en": "A good year."}
    assert "Pēteris" not in version.content and "example.lv" not in version.content
    definition = section_of(said, "summary")["figures"][0]["definition"]
    assert definition == {"lv": "Kā skaita DAL-01.", "en": "How DAL-01 is counted."}


def test_what_is_sealed_takes_no_words_until_the_next_version_is_begun(people: People) -> None:
    report = begin(people.ilze)
    write(report, people.ilze)
    seal(report, people.ilze)
    with pytest.raises(Sealed):
        write(report, people.ilze, seen=1, lv="Citādi.")
    with pytest.raises(Sealed):
        reports.change(report=report.pk, titles={"lv": "Cits"}, baseline=None, period=None, reach=of(people.ilze))
    assert reports.begin_next(report=report.pk, seen=1, reach=of(people.ilze)).version == 2
    # A second press, and a page that was left open.
    assert reports.begin_next(report=report.pk, seen=1, reach=of(people.ilze)).version == 2
    write(report, people.ilze, seen=1, lv="Citādi.")
    second = seal(report, people.martins, source=Hand(TABLE | {("DAL-01",): 41}))
    assert [second.number, report.versions.count()] == [2, 2]
    before, after = (report_sealing.content_of(one) for one in report.versions.order_by("number"))
    found = report_differences.between(before, after, language="lv")
    assert [(one.section, one.kind, one.name, one.before, one.after) for one in found] == [
        ("summary", "words", "lv", "Gads izdevies.", "Citādi."),
        ("summary", "number", "DAL-01 Unikālie dalībnieki", 40, 41),
    ]


def test_sealing_what_one_has_not_seen_is_refused(people: People) -> None:
    report = begin(people.ilze)
    saw = report_sealing.stamp(report, {})
    write(report, people.martins)
    with pytest.raises(LookedAtSomethingElse):
        seal(report, people.ilze, seen=saw)
    assert ReportVersion.objects.count() == 0


def test_the_second_to_seal_is_told_who_did(people: People) -> None:
    report = begin(people.ilze)
    saw = report_sealing.stamp(report, {})
    first = seal(report, people.peteris)
    with pytest.raises(AlreadySealed) as caught:
        seal(report, people.ilze, seen=saw)
    assert (caught.value.version, caught.value.version.sealed_by) == (first, people.peteris)


def test_the_database_refuses_to_change_what_is_sealed(people: People) -> None:
    report = begin(people.ilze)
    text = write(report, people.ilze)
    version = seal(report, people.ilze)
    rows = ReportVersion.objects.filter(pk=version.pk)
    attempts = [
        lambda: rows.update(content=version.content.replace("40", "400")),
        lambda: rows.update(checksum="0" * 64),
        lambda: rows.update(number=2),
        lambda: rows.update(sealed_by=people.martins),
        lambda: rows.delete(),
        lambda: ReportText.objects.filter(pk=text.pk).update(lv="Citādi."),
        lambda: ReportText.objects.filter(pk=text.pk).delete(),
        lambda: ReportText.objects.create(report=report, section="impact", lv="Vēl.", changed_at=NOW),
        lambda: Report.objects.filter(pk=report.pk).update(last_on=date(2027, 1, 5)),
        lambda: Report.objects.filter(pk=report.pk).delete(),
    ]
    for attempt in attempts:
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()
    # Who sealed it may be forgotten; the words stay.
    rows.update(sealed_by=None)
    ReportText.objects.update(changed_by=None)
    assert ReportVersion.objects.get() == version
    assert json.loads(ReportVersion.objects.get().content)["number"] == 1


def test_the_database_counts_the_checksum_too(people: People) -> None:
    report = begin(people.ilze)
    with pytest.raises(IntegrityError, match="a_checksum_is_of_its_content"), transaction.atomic():
        ReportVersion.objects.create(report=report, number=1, content="{}", checksum="0" * 64, sealed_at=NOW)
    right = report_content.checksum('{"ā":1}')
    ReportVersion.objects.create(report=report, number=1, content='{"ā":1}', checksum=right, sealed_at=NOW)


def test_only_a_report_that_was_never_sealed_is_thrown_away(people: People) -> None:
    report = begin(people.ilze)
    write(report, people.ilze)
    reports.discard(report=report.pk, reach=of(people.ilze))
    kept = begin(people.ilze)
    seal(kept, people.ilze)
    with pytest.raises(Refused):
        reports.discard(report=kept.pk, reach=of(people.ilze))
    assert list(Report.objects.all()) == [kept]
