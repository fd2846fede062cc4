"""Residents by parish, age and sex: what a file may say, what is known of whom and when, and what is not guessed."""

import json
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from openpyxl import Workbook

from courses.demo import places
from ecosystem.domain import vocabulary
from ecosystem.domain.population import Known, Residents, by_parish, residents
from ecosystem.models import Parish, Population
from tests.factories import NOW, ParishFactory

pytestmark = pytest.mark.django_db
ELEJA, VILCE = "0540248", "0540290"
HEADER = "date,parish,age,sex,count,source\n"
# Eleja: 10 girls and 20 boys, 30 women and 40 men of 18–64, 50 and 60 older.
WHOLE = HEADER + "".join(
    f"2025-01-01,Elejas pagasts,{age},{sex},{count},PMLP\n"
    for age, sex, count in (
        *(("0-17", "female", 10), ("0-17", "male", 20), ("18-64", "female", 30), ("18-64", "male", 40)),
        *(("65+", "female", 50), ("65+", "male", 60)),
    )
)


@pytest.fixture(autouse=True)
def parishes(db: None) -> None:
    ParishFactory()
    ParishFactory(code=VILCE, name="Vilces pagasts", population=1480, population_date="2023-01-04")


@pytest.fixture
def take(tmp_path: Path) -> Any:
    """Import this text; the answer and how it ended."""

    def taken(text: str | bytes, *options: str, name: str = "iedzivotaji.csv") -> tuple[dict[str, Any], int]:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        out, ended = StringIO(), 0
        try:
            call_command("import_population", str(path), "--format", "json", *options, stdout=out)
        except SystemExit as stop:
            ended = int(str(stop.code))
        return json.loads(out.getvalue()), ended

    return taken


def rows() -> list[tuple[Any, ...]]:
    found = Population.objects.order_by("parish", "counted_on", "sex", "age_from")
    return list(found.values_list("parish", "counted_on", "sex", "age_from", "age_to", "count"))


# The file.


def test_a_file_is_taken_and_again_changes_nothing(take: Any) -> None:
    assert take(WHOLE) == ({"accepted": 6, "refused": []}, 0)
    first = list(Population.objects.order_by("pk").values_list("pk", flat=True))
    assert rows()[:3] == [
        (ELEJA, date(2025, 1, 1), "female", 0, 17, 10),
        (ELEJA, date(2025, 1, 1), "female", 18, 64, 30),
        (ELEJA, date(2025, 1, 1), "female", 65, None, 50),
    ]
    assert take(WHOLE) == ({"accepted": 6, "refused": []}, 0)
    assert list(Population.objects.order_by("pk").values_list("pk", flat=True)) == first


def test_a_mended_file_mends_and_another_day_and_parish_stay(take: Any) -> None:
    take(WHOLE)
    take(HEADER + "2025-01-01,Vilces pagasts,0+,female,7,PMLP\n")
    take(WHOLE.replace("2025-01-01", "2026-01-01"))
    take(WHOLE.replace("65+,male,60", "65+,male,61"))
    assert [(row[0], row[1].year, row[5]) for row in rows() if row[2] == "male" and row[3] == 65] == [
        (ELEJA, 2025, 61),
        (ELEJA, 2026, 60),
    ]
    assert Population.objects.filter(parish=VILCE).count() == 1


def test_a_trial_changes_nothing(take: Any) -> None:
    assert take(WHOLE, "--dry-run") == ({"accepted": 6, "refused": []}, 0)
    assert rows() == []


@pytest.mark.parametrize(
    ("line", "column", "lv"),
    [
        ("2025-01-01,Elejas pagasts,25,female,-5", "count", "Iedzīvotāju skaits nevar būt mazāks par nulli."),
        ("2025-01-01,Elejas pagasts,25,female,daudz", "count", "Šis nav vesels skaitlis: rakstiet, piemēram, 12."),
        ("2025-01-01,Elejas pagasts,25,female,1.5", "count", "Šis nav vesels skaitlis: rakstiet, piemēram, 12."),
        ("2025-01-01,Elejas pagasts,25,female,", "count", "Trūkst skaita. Ja neviens nedzīvo, rakstiet 0."),
        ("2025-01-01,Elejas pagasts,25,female,3000000", "count", "Tas ir vairāk, nekā dzīvo valstī."),
        ("2025-01-01,Elejs pagasts,25,female,5", "parish", "Tāda pagasta šeit nav. Vai domāts: Elejas pagasts?"),
        (
            "2025-01-01,Codes pagasts,25,female,5",
            "parish",
            "Šis nav mūsu pašvaldības pagasts. Failā ir tikai savas pašvaldības pagasti.",
        ),
        (
            "2025-01-01,0400242,25,female,5",
            "parish",
            "Šis nav mūsu pašvaldības pagasts. Failā ir tikai savas pašvaldības pagasti.",
        ),
        ("2025-01-01,,25,female,5", "parish", "Trūkst pagasta: rakstiet tā nosaukumu vai kodu."),
        ("2025-01-01,Elejas pagasts,jauni,female,5", "age", "Šis nav vecums: rakstiet 25, 25-29 vai 85+."),
        ("2025-01-01,Elejas pagasts,29-25,female,5", "age", "Mazākais vecums ir lielāks par lielāko."),
        ("2025-01-01,Elejas pagasts,131,female,5", "age", "Neviens nav vecāks par 130 gadiem."),
        ("2025-01-01,Elejas pagasts,25,other,5", "sex", "Rakstiet sieviete vai vīrietis."),
        ("2025-01-01,Elejas pagasts,25,,5", "sex", "Trūkst dzimuma: rakstiet sieviete vai vīrietis."),
        ("2025-02-30,Elejas pagasts,25,female,5", "date", "Tāda datuma nav. Pārbaudiet dienu un mēnesi."),
        ("2999-01-01,Elejas pagasts,25,female,5", "date", "Uzskaites diena vēl nav pienākusi."),
        ("vakar,Elejas pagasts,25,female,5", "date", "Šis nav datums: rakstiet, piemēram, 2026-01-01."),
        (",Elejas pagasts,25,female,5", "date", "Trūkst uzskaites dienas."),
    ],
)
def test_what_is_wrong_is_told_by_line_and_column_and_nothing_is_taken(
    take: Any, line: str, column: str, lv: str
) -> None:
    told, ended = take(HEADER + "2025-01-01,Vilces pagasts,30,male,4,\n" + line + ",\n")
    assert ended == 2
    assert [(one["line"], one["column"], one["lv"]) for one in told["refused"]] == [(3, column, lv)]
    assert told["refused"][0]["en"] not in ("", lv)
    assert (told["accepted"], rows()) == (0, [])


def test_all_that_is_wrong_is_told_at_once(take: Any) -> None:
    told, _ended = take(
        HEADER
        + "2025-01-01,Elejas pagasts,20-30,female,5,\n"
        + "2025-01-01,Elejas pagasts,30,female,5,\n"
        + "2025-01-01,Elejas pagasts,30,male,5,\n"
        + "2026-01-01,Elejas pagasts,40,male,5,\n"
        + "2025-01-01,Elejas pagasts,85+,male,5,\n"
        + "2025-01-01,Elejas pagasts,90,male,x,\n"
        + "2025-01-01,Elejas pagasts,99,male,5,\n"
    )
    assert [(one["line"], one["column"], one["en"]) for one in told["refused"]] == [
        (3, "age", "These ages are counted twice: line 2 has 20–30 of the same parish and sex."),
        (5, "date", "A file holds one day's count: line 2 says 2025-01-01. Put this one into a file of its own."),
        (7, "count", "This is not a whole number: write 12, for instance."),
        (8, "age", "These ages are counted twice: line 6 has 85+ of the same parish and sex."),
    ]


@pytest.mark.parametrize(
    ("content", "en"),
    [
        (b"", "The file is empty."),
        (
            b"\x00\x01\x02",
            "This is not a table: neither CSV nor XLSX. Save it as one of the two in the spreadsheet program.",
        ),
        (b"PK\x03\x04broken", "The workbook is damaged or is not an XLSX file. Open it and save it anew as XLSX."),
        (HEADER.encode(), "There is no row in the file."),
        ("date,parish,age,count\n2025-01-01,Eleja,1,1\n", "The column «sex» is needed and missing."),
        (WHOLE.replace("count", "cuont"), "The column «count» is needed and missing."),
        ("Sieviešu skaits".encode("cp1257"), "The file is not in UTF-8. Save it as «CSV UTF-8», or as XLSX."),
    ],
)
def test_what_is_no_such_file_is_told(take: Any, content: Any, en: str) -> None:
    told, ended = take(content)
    assert ended == 2
    assert en in [one["en"] for one in told["refused"]]


def test_a_missing_file_and_plain_words(tmp_path: Path) -> None:
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("import_population", str(tmp_path / "nav.csv"), stdout=out)
    assert out.getvalue().splitlines()[0].endswith("Tāda faila nav.")
    path = tmp_path / "ir.csv"
    path.write_text(WHOLE)
    for said in ("Pieņemtas 6 rindas.", "Tas jau bija zināms: nekas nav mainījies."):
        out = StringIO()
        call_command("import_population", str(path), stdout=out)
        assert said in out.getvalue()


def test_a_workbook_and_latvian_words_are_read(tmp_path: Path, take: Any) -> None:
    book = Workbook()
    book.active.append(["date", "parish", "age", "sex", "count"])
    book.active.append([date(2025, 1, 1), 540248, 25, "sieviete", 5])
    book.active.append(["01.01.2025", "Eleja", "26–29", "V", "1 234"])
    book.active.append(["1.1.2025.", "elejas pagasts", "30+", "vīrietis", 0])
    book.save(tmp_path / "b.xlsx")
    told, ended = take((tmp_path / "b.xlsx").read_bytes(), name="b2.xlsx")
    # A village is no parish.
    assert (ended, [(one["line"], one["column"]) for one in told["refused"]]) == (2, [(3, "parish")])
    book.active["B3"] = "Elejas"
    book.save(tmp_path / "b.xlsx")
    assert take((tmp_path / "b.xlsx").read_bytes(), name="b2.xlsx") == ({"accepted": 3, "refused": []}, 0)
    assert [row[2:] for row in rows()] == [("female", 25, 25, 5), ("male", 26, 29, 1234), ("male", 30, None, 0)]


def test_the_parish_s_own_total_follows_a_newer_whole_count(take: Any) -> None:
    take(WHOLE)
    eleja = Parish.objects.get(pk=ELEJA)
    assert (eleja.population, eleja.population_date, eleja.population_source) == (210, "2025-01-01", "PMLP")
    take(WHOLE.replace("2025-01-01", "2019-01-01"))
    take(HEADER + "2026-01-01,Elejas pagasts,0-17,female,1,\n")
    assert Parish.objects.get(pk=ELEJA).population == 210, "neither an older count nor a part of one"


def test_the_database_is_the_last_to_refuse() -> None:
    good = {"parish_id": ELEJA, "counted_on": date(2025, 1, 1), "age_from": 5, "age_to": 9, "sex": "male", "count": 1}
    Population.objects.create(**good)
    for wrong in ({}, {"age_from": 10}, {"age_from": 3, "sex": "x"}, {"age_from": 3, "count": -1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Population.objects.create(**good | wrong)


# What is known.

IN_2025 = date(2025, 12, 31)


def test_the_newest_count_by_the_day_answers(take: Any) -> None:
    take(WHOLE)
    take(WHOLE.replace("2025-01-01", "2026-01-01").replace(",10,", ",11,"))
    counted = {"source": "PMLP", "known": Known.COUNTED}
    assert residents([ELEJA], on=IN_2025) == Residents(210, counted_on="2025-01-01", **counted)
    assert residents([ELEJA], on=date(2026, 1, 1)) == Residents(211, counted_on="2026-01-01", **counted)
    assert residents([ELEJA], on=IN_2025, sexes=["female"]) == Residents(90, counted_on="2025-01-01", **counted)
    assert residents([ELEJA], on=IN_2025, ages=(18, 64)).count == 70
    assert residents([ELEJA], on=IN_2025, ages=(18, None), sexes=["male"]).count == 100
    assert residents([ELEJA], on=IN_2025, ages=(None, 64)).count == 100


@pytest.mark.parametrize("ages", [(13, 30), (25, 64), (18, 70), (66, None), (None, 10)])
def test_ages_that_do_not_fit_are_not_guessed(take: Any, ages: tuple[int | None, int | None]) -> None:
    take(WHOLE)
    assert residents([ELEJA], on=IN_2025, ages=ages) == Residents(None, counted_on="2025-01-01", known=Known.AGES)


def test_a_gap_or_a_sex_that_was_not_counted_is_not_guessed(take: Any) -> None:
    take(WHOLE.replace("2025-01-01,Elejas pagasts,18-64,male,40,PMLP\n", ""))
    assert residents([ELEJA], on=IN_2025, ages=(18, 64)).known == Known.AGES
    assert residents([ELEJA], on=IN_2025).known == Known.AGES
    assert residents([ELEJA], on=IN_2025, ages=(18, 64), sexes=["female"]).count == 30


def test_a_count_that_ends_at_an_age_has_nobody_older(take: Any) -> None:
    take(
        HEADER
        + "".join(f"2025-01-01,Eleja,{age},{sex},2,\n".replace("Eleja", "Elejas") for age in range(100) for sex in "sv")
    )
    assert residents([ELEJA], on=IN_2025, ages=(65, None)).count == 140
    assert residents([ELEJA], on=IN_2025, ages=(13, 30)).count == 72


def test_without_a_count_a_parish_s_total_answers_for_everybody_there_alone() -> None:
    total = Residents(1480, counted_on="2023-01-04", known=Known.TOTAL)
    assert residents([VILCE], on=IN_2025) == total
    assert residents([VILCE], on=IN_2025, ages=(0, None), sexes=["male", "female"]) == total
    assert residents([VILCE], on=IN_2025, ages=(18, 64)) == Residents(
        None, counted_on="2023-01-04", known=Known.TOTAL_ALONE
    )
    assert residents([VILCE], on=date(2022, 12, 31)) == Residents(None), "a later total says nothing of an earlier year"
    assert residents([ELEJA, VILCE], on=IN_2025) == Residents(None, known=Known.TOTAL_ALONE), "of different years"
    Parish.objects.filter(pk=VILCE).update(population=None, population_date="")
    assert residents([VILCE], on=IN_2025) == residents([ELEJA, VILCE], on=IN_2025) == Residents(None)
    assert residents([], on=IN_2025).count == 0


def test_parishes_are_added_of_one_day_alone(take: Any) -> None:
    vilce = WHOLE.replace("Elejas", "Vilces")
    take(WHOLE)
    take(vilce.replace("2025-01-01", "2024-01-01"))
    assert residents([ELEJA, VILCE], on=IN_2025).known == Known.TOTAL_ALONE
    take(WHOLE.replace("2025-01-01", "2024-01-01"))
    both = residents([ELEJA, VILCE], on=IN_2025)
    assert (both.count, both.counted_on) == (420, "2024-01-01")


def test_each_parish_by_itself_answers_by_its_own_newest_count(take: Any, django_assert_num_queries: Any) -> None:
    take(WHOLE)
    with django_assert_num_queries(3):
        found = by_parish([ELEJA, VILCE], on=IN_2025)
    assert [(found[code].count, found[code].known) for code in (ELEJA, VILCE)] == [
        (210, Known.COUNTED),
        (1480, Known.TOTAL),
    ]
    found = by_parish([ELEJA, VILCE], on=IN_2025, ages=(18, 64))
    assert [(found[code].count, found[code].known) for code in (ELEJA, VILCE)] == [
        (70, Known.COUNTED),
        (None, Known.TOTAL_ALONE),
    ]


def test_the_demonstration_s_residents_are_invented_and_add_up_to_the_known_totals() -> None:
    vocabulary.load(now=NOW)
    before = dict(Parish.objects.order_by("pk").values_list("pk", "population"))
    for _twice in range(2):
        places.population(today=date(2027, 1, 11))
    assert set(Population.objects.order_by("pk").values_list("source", flat=True)) == {"invented"}
    found = by_parish(before, on=date(2027, 1, 11))
    assert {code: one.count for code, one in found.items()} == before
    assert dict(Parish.objects.order_by("pk").values_list("pk", "population")) == before
    whole = residents(before, on=date(2027, 1, 11), ages=(13, 30))
    assert whole.known == Known.COUNTED
    assert 0.15 < (whole.count or 0) / sum(before.values()) < 0.25
