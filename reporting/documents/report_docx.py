"""A report as DOCX, to be worked into what one hands in: real headings, header rows that repeat, the language set."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from io import BytesIO
from typing import Any

import typst
from django.conf import settings
from django.utils.translation import gettext as _
from docx import Document
from docx.document import Document as Paper
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from ecosystem.text import clean
from reporting.documents import emblem
from reporting.documents.labels import labels, version_words
from reporting.domain.report_shown import Shown

_LANGUAGES = {"lv": "lv-LV", "en": "en-GB"}
SOFT = RGBColor(0x4A, 0x5B, 0x66)


def write_report(report: Shown, *, sealed: str = "", checksum: str = "") -> bytes:
    """The DOCX of a shown report in the language in force; ``sealed`` says when and by whom, empty of a draft."""
    words = labels()
    paper = _paper(report)
    if report["is_of_project"]:
        _emblem(paper)
    paper.add_heading(_text(report["title"]), level=0)
    paper.add_paragraph(_text(report["about"]))
    if report["project"]:
        paper.add_paragraph(_text(f"{report['project']['name']}, {report['project']['code']}"))
    paper.add_paragraph().add_run(_text(version_words(report, sealed=sealed))).bold = True
    for section in report["sections"]:
        _section(paper, section, words)
    paper.add_heading(words["definitions"], level=1)
    _soft(paper, words["hidden"])
    told = {one["code"]: one for section in report["sections"] for one in (*section["whole"], *section["parts"])}
    _table(
        paper,
        [words["code"], words["indicator"], words["definition"]],
        [(code, told[code]["name"], told[code]["definition"]) for code in sorted(told)],
    )
    paper.add_heading(words["counted"], level=1)
    for name, value in (*report["state"], (_("Figures counted"), report["drawn"])):
        paper.add_paragraph(_text(f"{name}: {value}"))
    if checksum:
        paper.add_paragraph(f"SHA-256: {checksum}")
    if report["is_of_project"]:
        _emblem(paper)
        _soft(paper, emblem.disclaimer())
    made = BytesIO()
    paper.save(made)
    return made.getvalue()


def _paper(report: Shown) -> Paper:
    paper = Document()
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    normal = paper.styles["Normal"]
    normal.font.size = Pt(10.5)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), _LANGUAGES[report["language"]])
    normal.element.get_or_add_rPr().append(language)
    said = paper.core_properties
    said.title, said.language = _text(report["title"]), _LANGUAGES[report["language"]]
    said.author, said.comments = str(settings.MUNICIPALITY_NAME), ""
    return paper


def _section(paper: Paper, section: Shown, words: dict[str, str]) -> None:
    rows: list[tuple[str, ...]]
    paper.add_heading(_text(section["title"]), level=1)
    paragraphs = [part for part in section["text"].split("\n") if part.strip()]
    for paragraph in paragraphs:
        paper.add_paragraph(_text(paragraph))
    if not paragraphs:
        _soft(paper, words["no-words"])
    if section["objectives"]:
        rows = [
            (
                str(one["position"]),
                _lines(one["text"], one["status"], one["why"]),
                one["target"],
                one["actual"],
                one["reached"],
            )
            for one in section["objectives"]
        ]
        heads = [words["number"], words["objective"], words["target"], words["reached"], "%"]
        _table(paper, heads, rows, title=words["objectives"])
    if section["budget"]:
        _table(paper, [words["indicator"], words["value"]], section["budget"])
    if compared := section["compared"]:
        paper.add_heading(words["compared"], level=2)
        for said in compared["sentences"]:
            paper.add_paragraph().add_run(_text(said)).bold = True
        _soft(paper, compared["about"])
        rows = [
            (
                _lines(
                    ", ".join(part for part in (one["name"], one["part"]) if part) + f" ({one['code']})", one["why"]
                ),
                one["before"],
                one["after"],
                one["growth"] or "–",
            )
            for one in compared["rows"]
        ]
        _table(paper, [words["indicator"], words["before"], words["after"], words["change"]], rows)
    if section["whole"]:
        rows = [
            (_lines(f"{one['name']} ({one['code']})", one["note"]), _lines(one["value"], one["n"], one["not_known"]))
            for one in section["whole"]
        ]
        _table(paper, [words["indicator"], words["value"]], rows, title=words["figures"])
    for part in section["parts"]:
        rows = [(each["name"], " ".join(text for text in (each["value"], each["n"]) if text)) for each in part["rows"]]
        _table(paper, [part["by"], part["unit"]], rows, title=f"{part['title']} ({part['code']})")
    if section["mobilities"]:
        rows = [(one["kind"], one["where"], one["days"], one["state"], one["report"]) for one in section["mobilities"]]
        heads = [words["kind"], words["where"], words["days"], words["state"], words["report"]]
        _table(paper, heads, rows, title=words["mobilities"])
    if section["missing"]:
        paper.add_heading(words["missing"], level=2)
        for one in section["missing"]:
            paper.add_paragraph(_text(f"{one['name']} ({one['code']}). {one['why']}"), style="List Bullet")


def _table(paper: Paper, heads: Sequence[str], rows: Iterable[Sequence[str]], *, title: str = "") -> None:
    """A table whose first row is repeated on each page; numbers, which are all but the first column, to the right."""
    if title:
        paper.add_heading(_text(title), level=2)
    made = paper.add_table(rows=1, cols=len(heads), style="Table Grid")
    for cell, head in zip(made.rows[0].cells, heads, strict=True):
        cell.paragraphs[0].add_run(_text(head)).bold = True
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    made.rows[0]._tr.get_or_add_trPr().append(mark)
    for row in rows:
        for place, (cell, text) in enumerate(zip(made.add_row().cells, row, strict=True)):
            cell.text = _text(str(text))
            if place and any(sign.isdigit() for sign in str(text)[:3]):
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    paper.add_paragraph()


def _soft(paper: Paper, text: str) -> None:
    run = paper.add_paragraph().add_run(_text(text))
    run.font.size, run.font.color.rgb = Pt(9), SOFT


def _emblem(paper: Paper) -> None:
    """The emblem with its sentence beside it."""
    paragraph = paper.add_paragraph()
    picture = paragraph.add_run().add_picture(BytesIO(_drawn()), height=Mm(11))
    told: Any = picture._inline.docPr
    told.set("descr", emblem.alternative())
    paragraph.add_run(f"  {emblem.sentence()}").bold = True


@lru_cache(maxsize=1)
def _drawn() -> bytes:
    """The emblem as a picture, which is all that word processors take; drawn from the same geometry."""
    source = (
        '#set page(width: 33mm, height: 22mm, margin: 0pt)\n#image(bytes(sys.inputs.svg), format: "svg", width: 33mm)'
    )
    made = typst.compile(source.encode(), format="png", ppi=300, sys_inputs={"svg": emblem.svg()})
    assert isinstance(made, bytes)  # noqa: S101  (one page is one picture)
    return made


def _lines(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


def _text(text: str) -> str:
    """A text as XML can hold it; lines stay lines."""
    return "\n".join(clean(line) for line in text.split("\n"))
