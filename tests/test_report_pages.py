"""The pages of reports: begun, written by two, checked, sealed, compared, taken away as files; baselines typed and from a file."""

import io
import json
import re
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from docx import Document
from openpyxl import Workbook, load_workbook
from pypdf import PdfReader

from ecosystem.models import User
from reporting.models import Baseline, BaselineValue, Report, ReportText, ReportVersion
from tests.factories import (
    NOW,
    BaselineFactory,
    DepartmentFactory,
    MobilityFactory,
    ObjectiveFactory,
    ProjectFactory,
    ReportFactory,
)
from tests.harness.worlds import once
from tests.test_desk_fuzz import ODD
from tests.test_reports import People

pytestmark = pytest.mark.django_db
LIST, NEW, BASELINES = "/darbs/parskati/", "/darbs/parskati/jauns/", "/darbs/parskati/bazes-vertibas/"


@once
def people() -> People:
    return People()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(response: Any) -> str:
    """What the page says, without its marks."""
    body = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body))).replace("\u00a0", " ")


def field(response: Any, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', response.content.decode())
    assert found, name
    return unescape(found[1])


def begun(**said: str) -> dict[str, str]:
    return {"kind": "year", "year": "2026", "quarter": "1", "department": "whole", "baseline": ""} | said


def page(report: Report, tail: str = "") -> str:
    return f"{LIST}{report.pk}/{tail}"


def sealed(people: People, report: Report) -> ReportVersion:
    client = signed_in(people.ilze)
    seen = field(client.get(page(report, "noslegt/")), "seen")
    assert client.post(page(report, "noslegt/"), {"seen": seen}).status_code == 302
    return ReportVersion.objects.get(report=report, number=report.version)


# Begun.


def test_a_report_of_a_quarter_is_begun_once(people: People) -> None:
    client = signed_in(people.ilze)
    key = field(client.get(NEW), "form_key")
    said = begun(kind="quarter", quarter="2", form_key=key)
    first, again = client.post(NEW, said), client.post(NEW, said)
    report = Report.objects.get()
    assert first["Location"] == again["Location"] == page(report)
    assert (str(report.first_on), str(report.last_on), report.created_by) == ("2026-04-01", "2026-06-30", people.ilze)
    shown = text(client.get(page(report)))
    assert "2026. gada 2. ceturkšņa pārskats" in shown and "Raksta 1. versiju" in shown


def test_a_second_report_of_the_year_leads_to_the_first(people: People) -> None:
    report = ReportFactory()
    answer = signed_in(people.martins).post(NEW, begun())
    assert answer.status_code == 422
    assert "Tāds pārskats jau ir: atveriet to un turpiniet tajā." in text(answer)
    assert f'href="{page(report)}"' in answer.content.decode()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (
            {"kind": "free", "first_on": "2026-05-02", "last_on": "2026-05-01"},
            "Laikposms beigtos, pirms tas sākas.",
        ),
        ({"kind": "free", "first_on": "2026-05-02"}, "Izvēlieties pēdējo dienu."),
        ({"kind": "project"}, "Izvēlieties projektu."),
        ({"kind": "decade"}, "Izvēlieties, kāds tas ir."),
        ({"department": "LAB"}, "Izvēlieties, par ko ir pārskats."),
        ({"year": "1066"}, "Izvēlieties gadu no saraksta."),
        ({"baseline": "7"}, "Šo bāzes vērtību vairs nav. Izvēlieties citas."),
        ({"title_lv": "=1+1"}, "Šī ir formula."),
    ],
)
def test_what_no_report_is_of_is_told(people: People, said: dict[str, str], words: str) -> None:
    answer = signed_in(people.ilze).post(NEW, begun(**{"title_en": "Kept", **said}))
    assert (answer.status_code, Report.objects.count()) == (422, 0)
    assert words in text(answer)
    assert 'value="Kept"' in answer.content.decode()


def test_a_head_begins_the_report_of_the_own_department_alone(people: People) -> None:
    client = signed_in(people.martins)
    assert client.post(NEW, begun(department="MUZ")).status_code == 422
    assert client.post(NEW, begun(department="JAU")).status_code == 302
    assert Report.objects.get().department == people.jau


@pytest.mark.parametrize("odd", ODD)
def test_odd_words_break_no_form(people: People, odd: str) -> None:
    client = signed_in(people.ilze)
    report = ReportFactory()
    forms = {
        NEW: begun(title_lv=odd, year=odd, project=odd),
        page(report): {"summary-lv": odd, "summary-en": odd, "summary-seen": odd, "save": odd},
        page(report, "saglabat/"): {"section": "summary", "summary-lv": odd, "summary-seen": odd},
        page(report, "noslegt/"): {"seen": odd},
        BASELINES + "jaunas/": {"name": odd, "first_on": odd, "last_on": odd, "source": odd, "form_key": odd},
        f"{BASELINES}{BaselineFactory().pk}/": {"do": "put", "code": odd, "part": odd, "value": odd, "note": odd},
    }
    for path, said in forms.items():
        assert client.post(path, said).status_code in (200, 302, 400, 409, 422)


# Written.


def test_all_sections_are_saved_by_one_press(people: People) -> None:
    report = ReportFactory()
    client = signed_in(people.ilze)
    shown = client.get(page(report))
    said = {f"{name}-seen": field(shown, f"{name}-seen") for name in ("summary", "impact")}
    said |= {"summary-lv": "Viens.", "summary-en": "One.", "impact-lv": "Divi.", "impact-en": "", "save": "impact"}
    answer = client.post(page(report), said)
    assert answer["Location"] == page(report) + "#impact"
    texts = {one.section: (one.lv, one.en, one.version) for one in ReportText.objects.all()}
    assert texts == {"summary": ("Viens.", "One.", 1), "impact": ("Divi.", "", 1)}


def test_an_empty_page_writes_no_rows(people: People) -> None:
    report = ReportFactory()
    said = {f"{name}-{part}": "" for name in ("summary", "impact") for part in ("lv", "en")}
    assert signed_in(people.ilze).post(page(report), said).status_code == 302
    assert not ReportText.objects.exists()


def test_who_saves_second_is_shown_both_wordings_and_may_insist(people: People) -> None:
    report = ReportFactory()
    ReportText.objects.create(
        report=report, section="summary", lv="Mārtiņa vārdi.", version=3, changed_at=NOW, changed_by=people.martins
    )
    client = signed_in(people.ilze)
    said = {"summary-lv": "Ilzes vārdi.", "summary-en": "", "summary-seen": "2", "impact-lv": "Vēl.", "save": "summary"}
    answer = client.post(page(report), said)
    assert answer.status_code == 409
    shown = text(answer)
    assert "Mārtiņš saglabāja šo sadaļu plkst. 9:00." in shown
    assert "Mārtiņa vārdi." in shown and "Ilzes vārdi." in shown
    # What nobody else has touched is saved.
    assert ReportText.objects.get(section="impact").lv == "Vēl."
    said["summary-seen"] = field(answer, "summary-seen")
    said["impact-seen"] = field(answer, "impact-seen")
    assert client.post(page(report), said).status_code == 302
    assert ReportText.objects.get(section="summary").lv == "Ilzes vārdi."


def test_saved_as_one_goes(people: People) -> None:
    report = ReportFactory()
    client = signed_in(people.ilze)
    path = page(report, "saglabat/")
    said = {"section": "summary", "summary-lv": "Gads.", "summary-en": "", "summary-seen": "0"}
    assert client.post(path, said).json()["seen"] == 1
    other = client.post(path, said | {"summary-lv": "Citādi.", "summary-seen": "0"})
    assert (other.status_code, other.json()["saved"], other.json()["theirs"]["lv"]) == (409, False, "Gads.")
    wrong = client.post(path, said | {"summary-lv": "a\x00b", "summary-seen": "1"})
    assert (wrong.status_code, list(wrong.json()["errors"])) == (422, ["id_summary-lv"])
    assert client.post(path, said | {"section": "budget"}).status_code == 404


def test_who_reads_sees_no_fields_and_is_refused(people: People) -> None:
    report = ReportFactory(department=people.jau)
    for user in (people.anna, people.ilze):
        client = signed_in(user)
        assert "<textarea" not in client.get(page(report)).content.decode()
        for tail in ("", "saglabat/", "noslegt/", "labot/", "nakama/"):
            said = {"section": "summary", "summary-lv": "Mans.", "seen": "1"}
            assert client.post(page(report, tail), said).status_code == 403
    assert not ReportText.objects.exists()


# Missing.


def test_what_is_missing_stands_under_its_section(people: People) -> None:
    project = ProjectFactory(spent_eur=None)
    report = ReportFactory(kind="project", project=project, first_on=project.starts_on, last_on=project.ends_on)
    MobilityFactory(project=project, ref="M-1", report="requested")
    ObjectiveFactory(project=project, actual=None)
    shown = text(signed_in(people.ilze).get(page(report, "truksts/")))
    for words in (
        "M-1, Darba vērošana, Somija, 2026. gada 9.–12. novembris: nav dalībnieka ziņojuma.",
        "1. mērķis: sasniegtais nav zināms.",
        "Nav ierakstīts, cik no finansējuma iztērēts.",
        "Nav teksta latviski.",
        "Bāzes vērtības nav izvēlētas, tāpēc pieaugums netiek mērīts.",
    ):
        assert words in shown


# Sealed.


def test_a_sealed_report_is_shown_and_takes_no_words(people: People) -> None:
    report = ReportFactory()
    client = signed_in(people.ilze)
    client.post(page(report), {"summary-lv": "Gads.", "summary-en": "Year.", "summary-seen": "0"})
    version = sealed(people, report)
    assert client.get(page(report))["Location"] == page(report, "versijas/1/")
    shown = text(client.get(page(report, "versijas/1/")))
    assert "1. versija, noslēgta" in shown and "Gads." in shown and version.checksum in shown and "Ilze" in shown
    said = {"summary-lv": "Citādi.", "summary-en": "", "summary-seen": "1"}
    answer = client.post(page(report), said)
    assert answer.status_code == 409
    assert "Pārskats pa to laiku ir noslēgts. Jūsu rakstītais nav saglabāts" in text(answer)
    assert "Citādi." in text(answer)
    stop = client.post(page(report, "saglabat/"), said | {"section": "summary"})
    assert (stop.status_code, "noslēgts" in stop.json()["stop"]) == (409, True)
    assert client.get(page(report, "labot/"))["Location"] == page(report)
    assert ReportText.objects.get().lv == "Gads."


def test_the_second_to_seal_reads_who_was_first(people: People) -> None:
    report = ReportFactory()
    client = signed_in(people.martins)
    seen = field(client.get(page(report, "noslegt/")), "seen")
    sealed(people, report)
    answer = client.post(page(report, "noslegt/"), {"seen": seen}, follow=True)
    assert "jau noslēdza Ilze. Jūsu nospiestā poga neko nemainīja." in text(answer)
    assert ReportVersion.objects.count() == 1


def test_words_changed_after_the_look_are_looked_at_before_sealing(people: People) -> None:
    report = ReportFactory()
    client = signed_in(people.ilze)
    seen = field(client.get(page(report, "noslegt/")), "seen")
    client.post(page(report), {"summary-lv": "Gads.", "summary-seen": "0"})
    answer = client.post(page(report, "noslegt/"), {"seen": seen})
    assert (answer.status_code, ReportVersion.objects.count()) == (409, 0)
    assert "nekas vēl nav noslēgts" in text(answer)
    assert client.post(page(report, "noslegt/"), {"seen": field(answer, "seen")}).status_code == 302


def test_a_next_version_stands_beside_with_what_differs(people: People) -> None:
    report = ReportFactory()
    client = signed_in(people.ilze)
    client.post(page(report), {"summary-lv": "Gads.", "summary-seen": "0"})
    sealed(people, report)
    assert client.post(page(report, "nakama/"), {"seen": "1"})["Location"] == page(report)
    client.post(page(report), {"summary-lv": "Labs gads.", "summary-seen": "1"})
    written = text(client.get(page(report, "versijas/1/atskiribas/")))
    assert "Gads." in written and "Labs gads." in written
    report.refresh_from_db()
    sealed(people, report)
    shown = text(client.get(page(report, "versijas/2/atskiribas/")))
    assert "1. versija – 2. versija" in shown and "Labs gads." in shown
    assert [one.number for one in report.versions.order_by("number")] == [1, 2]
    assert "Ir jaunāka versija" in text(client.get(page(report, "versijas/1/")))


@pytest.mark.parametrize("tail", ["versijas/1/", "versijas/9/atskiribas/", "parskats.exe", "versijas/1/parskats.pdf"])
def test_what_is_not_there_is_not_found(people: People, tail: str) -> None:
    assert signed_in(people.ilze).get(page(ReportFactory(), tail)).status_code == 404


def test_an_unsealed_report_is_thrown_away_and_a_sealed_one_is_not(people: People) -> None:
    client = signed_in(people.ilze)
    report = ReportFactory()
    assert client.post(page(report, "labot/"), {"do": "discard"})["Location"] == LIST
    kept = ReportFactory()
    sealed(people, kept)
    client.post(page(kept, "nakama/"), {"seen": "1"})
    answer = client.post(page(kept, "labot/"), {"do": "discard"})
    assert (answer.status_code, Report.objects.get()) == (422, kept)
    assert "Šī pārskata versija ir noslēgta: to glabā." in text(answer)


# Files.


@pytest.fixture
def project_report(people: People) -> Report:
    project = ProjectFactory()
    MobilityFactory(project=project, ref="M-1", green_travel=True, is_blended=None)
    ObjectiveFactory(project=project)
    report = ReportFactory(kind="project", project=project, first_on=project.starts_on, last_on=project.ends_on)
    ReportText.objects.create(report=report, section="summary", lv="Ķēde, ūdens.\n\nOtrs.", en="Water.", changed_at=NOW)
    return report


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("lv", ["Līdzfinansē Eiropas Savienība", "Ķēde, ūdens.", "1. versijas melnraksts", "Sasniegtie mērķi"]),
        ("en", ["Co-funded by the European Union", "Water.", "Draft of version 1", "Objectives reached"]),
    ],
)
def test_the_pdf_is_tagged_titled_and_in_its_language(
    people: People, project_report: Report, language: str, words: list[str]
) -> None:
    answer = signed_in(people.anna).get(page(project_report, f"parskats.pdf?valoda={language}"))
    assert answer["Content-Type"] == "application/pdf"
    paper = PdfReader(io.BytesIO(answer.content))
    catalogue: Any = paper.trailer["/Root"]
    assert (catalogue["/Lang"], catalogue["/MarkInfo"]["/Marked"]) == (language, True)
    assert paper.metadata is not None
    assert "Tuvāk mājām" in str(paper.metadata.title) or "Closer to home" in str(paper.metadata.title)
    said = " ".join(one.extract_text() for one in paper.pages).replace("\u00a0", " ")
    said = re.sub(r"\s+", " ", said)
    for each in words:
        assert each in said
    assert "pdfuaid" in paper.trailer["/Root"]["/Metadata"].get_object().get_data().decode()  # type: ignore[index]


def test_a_sealed_pdf_says_so_and_carries_its_checksum(people: People, project_report: Report) -> None:
    version = sealed(people, project_report)
    answer = signed_in(people.anna).get(page(project_report, "versijas/1/parskats.pdf?valoda=lv"))
    paper = PdfReader(io.BytesIO(answer.content))
    said = re.sub(r"\s+", " ", " ".join(one.extract_text() for one in paper.pages))
    assert "1. versija, noslēgta" in said and version.checksum[:32] in said and "melnraksts" not in said


def test_a_report_that_the_union_does_not_pay_for_shows_no_emblem(people: People) -> None:
    answer = signed_in(people.ilze).get(page(ReportFactory(), "parskats.docx?valoda=en"))
    said = "\n".join(one.text for one in Document(io.BytesIO(answer.content)).paragraphs)
    assert "European Union" not in said


def test_the_docx_has_headings_a_language_and_the_emblem_with_words(people: People, project_report: Report) -> None:
    answer = signed_in(people.ilze).get(page(project_report, "parskats.docx?valoda=en"))
    paper = Document(io.BytesIO(answer.content))
    headings = [one.text for one in paper.paragraphs if one.style is not None and one.style.name == "Heading 1"]
    assert headings[:3] == ["Summary", "Objectives reached", "Activities against the plan"]
    assert paper.core_properties.language == "en-GB"
    assert len(paper.inline_shapes) == 2
    xml = paper.element.xml
    assert "Emblem of the European Union" in xml and "w:tblHeader" in xml
    assert "Views and opinions expressed" in "\n".join(one.text for one in paper.paragraphs)


def test_the_workbook_has_the_module_s_columns_and_no_person_and_no_formula(
    people: People, project_report: Report
) -> None:
    answer = signed_in(people.ilze).get(page(project_report, "parskats.xlsx?valoda=en"))
    book = load_workbook(io.BytesIO(answer.content))
    sheet = book["Mobility activities"]
    rows = list(sheet.iter_rows(values_only=True))
    found = dict(zip(rows[0], rows[1], strict=True))
    assert found["Grant Agreement No."] == "2026-1-LV01-KA122-ADU-000000001"
    assert (found["Activity type"], found["Receiving country"], found["Green travel"]) == ("JS", "FI", "YES")
    assert (found["Blended mobility"], str(found["Start date"])[:10]) == (None, "2026-11-09")
    cells = [cell for one in book.worksheets for row in one.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    said = "\n".join(str(cell.value) for cell in cells)
    for name in ("Anna", "Ilze", "example.lv"):
        assert name not in said
    assert book.sheetnames == ["Mobility activities", "Figures", "Objectives", "Texts", "About"]


# Baselines.


def test_a_number_is_written_down_changed_and_taken_out(people: People) -> None:
    baseline = BaselineFactory()
    client = signed_in(people.ilze)
    path = f"{BASELINES}{baseline.pk}/"
    said = {"do": "put", "code": "DAL-01", "part": "sex:female", "value": "1 284"}
    client.post(path, said)
    client.post(path, said | {"value": "37", "note": "Pēc lapām"})
    value = BaselineValue.objects.get()
    assert (value.code, value.keys, value.value, value.note) == ("DAL-01", {"sex": "female"}, 37, "Pēc lapām")
    assert "Sieviete" in text(client.get(path))
    client.post(path, {"do": "out", "value": str(value.pk)})
    assert not BaselineValue.objects.exists()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"value": "daudz"}, "«daudz» nav skaitlis: rakstiet 128 vai 12,5."),
        ({"value": ""}, "Ierakstiet skaitli."),
        ({"value": "12,5"}, "Cilvēkus un lietas skaita veselos skaitļos."),
        ({"value": "-3"}, "Šī rādītāja skaitlis nav mazāks par nulli."),
        ({"value": "1e5"}, "nav skaitlis"),
        ({"value": "12345678901234"}, "Skaitlis ir pārāk liels, lai tā būtu domāts."),
        ({"code": "TUV-02", "value": "140"}, "Īpatsvars nav lielāks par 100 %."),
        ({"code": "DAL-99"}, "Izvēlieties rādītāju."),
        ({"code": "SAD-05", "part": "sex:female"}, "SAD-05 pa šo neskaita: sex."),
    ],
)
def test_a_number_that_cannot_be_is_refused_and_kept_on_the_page(
    people: People, said: dict[str, str], words: str
) -> None:
    answer = signed_in(people.ilze).post(
        f"{BASELINES}{BaselineFactory().pk}/",
        {"do": "put", "code": "DAL-01", "part": "", "value": "12", "note": "Paliek", **said},
    )
    assert (answer.status_code, BaselineValue.objects.count()) == (422, 0)
    assert words in text(answer)
    assert 'value="Paliek"' in answer.content.decode()


CSV = """code;value;department;sex;note
DAL-01;128;;;
dal-01;40;Mūžizglītības nodaļa;;
DAL-01;daudz;;;
DAL-77;3;;;
DAL-01;5;XYZ;;
DAL-01;9;;;
"""


def test_a_file_is_rehearsed_row_by_row_then_taken(people: People) -> None:
    DepartmentFactory(name="Mūžizglītības nodaļa")
    baseline = BaselineFactory()
    client = signed_in(people.ilze)
    path = f"{BASELINES}{baseline.pk}/fails/"
    answer = client.post(path, {"file": SimpleUploadedFile("baze.csv", CSV.encode())})
    assert (answer.status_code, BaselineValue.objects.count()) == (422, 0)
    shown = text(answer)
    assert "Var ņemt: 2 rindas." in shown
    for words in (
        "4 value daudz «daudz» nav skaitlis: rakstiet 128 vai 12,5.",
        "5 code DAL-77 Rādītāja «DAL-77» nav: rakstiet, piemēram, DAL-01.",
        "6 department XYZ «XYZ» nav zināms.",
        "7 code DAL-01 Tāds pats skaitlis ir 2. rindā.",
    ):
        assert words in shown
    assert client.post(path, {"take": "1", "kept": field(answer, "kept")}).status_code == 302
    found = {(one.code, json.dumps(one.keys)): one.value for one in BaselineValue.objects.all()}
    assert found == {("DAL-01", "{}"): 128, ("DAL-01", '{"department": "MUZ"}'): 40}


def test_a_workbook_is_read_as_well(people: People) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for line in (("code", "value"), ("DAL-01", 128), ("TUV-02", 41.5)):
        sheet.append(line)
    content = io.BytesIO()
    book.save(content)
    path = f"{BASELINES}{BaselineFactory().pk}/fails/"
    answer = signed_in(people.ilze).post(path, {"file": SimpleUploadedFile("baze.xlsx", content.getvalue())})
    assert answer.status_code == 200
    assert "Var ņemt: 2 rindas." in text(answer)


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01\x02", b"PK\x03\x04broken", b"value\n12", "kods;skaitlis\nx;1".encode("utf-16")]
)
def test_what_is_no_table_is_told(people: People, content: bytes) -> None:
    path = f"{BASELINES}{BaselineFactory().pk}/fails/"
    answer = signed_in(people.ilze).post(path, {"file": SimpleUploadedFile("baze.csv", content)})
    assert (answer.status_code, BaselineValue.objects.count()) == (422, 0)


def test_a_baseline_that_a_report_is_measured_by_keeps_its_days(people: People) -> None:
    baseline = BaselineFactory()
    ReportFactory(baseline=baseline)
    client = signed_in(people.ilze)
    said = {"name": "Cits", "first_on": "2021-01-01", "last_on": "2021-12-31", "source": "Lapas", "do": "save"}
    answer = client.post(f"{BASELINES}{baseline.pk}/labot/", said)
    assert (answer.status_code, Baseline.objects.get().name) == (422, "Gads pirms projekta")
    assert client.post(f"{BASELINES}{baseline.pk}/labot/", {"do": "discard"}).status_code == 422
    said |= {"first_on": "2022-01-01", "last_on": "2022-12-31"}
    assert client.post(f"{BASELINES}{baseline.pk}/labot/", said).status_code == 302
    assert Baseline.objects.get().name == "Cits"


def test_a_new_baseline_is_written_once(people: People) -> None:
    client = signed_in(people.ilze)
    said = {"name": "2022", "first_on": "2022-01-01", "last_on": "2022-12-31", "source": "Lapas"}
    said["form_key"] = field(client.get(BASELINES + "jaunas/"), "form_key")
    assert client.post(BASELINES + "jaunas/", said)["Location"] == client.post(BASELINES + "jaunas/", said)["Location"]
    wrong = client.post(BASELINES + "jaunas/", said | {"last_on": "2021-01-01", "form_key": ""})
    assert (wrong.status_code, Baseline.objects.count()) == (422, 1)


# Lists.


@pytest.mark.parametrize("count", [1, 3])
def test_lists_ask_the_database_as_often_for_one_as_for_three(people: People, query_count: Any, count: int) -> None:
    for number in range(count):
        report = ReportFactory(kind="free", title_lv=f"Pārskats {number}", baseline=BaselineFactory())
        BaselineValue.objects.create(baseline=report.baseline, code="DAL-01", keys={}, value=number)
    client = signed_in(people.anna)
    client.get(LIST)
    with query_count(6):
        shown = client.get(LIST)
    assert f'data-count="{count}"' in shown.content.decode()
    with query_count(6):
        shown = client.get(BASELINES)
    assert f'data-count="{count}"' in shown.content.decode()
