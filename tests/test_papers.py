"""Papers to print: what they say, that everybody can read them, that nothing written on them is markup, what they cost."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation
from pypdf import PdfReader
from pypdf.generic import IndirectObject

from courses.documents import press
from courses.documents.posters import (
    Announcement,
    Bill,
    Day,
    Entry,
    Row,
    Way,
    print_announcement,
    print_leaflet,
    print_poster,
)
from courses.documents.sign_in import print_sign_in
from courses.domain import lettering, months
from courses.domain.months import Month
from courses.models import Activity
from tests.factories import (
    ActivityFactory,
    ParishFactory,
    PartyFactory,
    PostFactory,
    RegistrationFactory,
    ResidentFactory,
    at,
)

HOSTILE = [
    '#panic("x") #let x = 1; #read("look.typ")',
    "*trekns* _slīps_ `kods` $x^2$ @saite <zīme> = Virsraksts",
    'C:\\jauns \\u{41} \\ // nav komentārs /* nav */ [iekava] {"json": true}',
    "«Pēdiņas» \"citas\" 'vēl' – un — ~ --- ...",
]
WAY = Way(
    words="Zvaniet",
    phone="6300 0000",
    note="Darbdienās",
    url="https://tuvak.example.lv/pagasti/elejas-pagasts/",
    code_words="",
)
BILL = Bill(
    heading="Elejas pagastā",
    month="2027. gada februārī",
    running="Elejas pagastā",
    empty="Nav.",
    empty_note="",
    way=WAY,
)


def row(title: str) -> Row:
    return Row(
        ("2.", "febr."), "hands", "Otrdienās", "17:30–19:45", "2. un 9. februārī", title, "Elejas centrs", "Visiem"
    )


def announcement(title: str, **more: str) -> Announcement:
    facts = {"summary": "", "when": "Otrdien", "span": "", "street": "", "price": "5 €", "whom": "Visiem", **more}
    return Announcement(family="land", topic="Dārzs", title=title, place="Eleja", way=WAY, **facts)


def read(made: bytes) -> PdfReader:
    return PdfReader(BytesIO(made))


def text_of(made: bytes) -> str:
    """What is read on the pages, whatever stands between the words."""
    said = " ".join(page.extract_text() for page in read(made).pages)
    return " ".join(said.replace("\u00ad", "").split())


def fonts_of(made: bytes) -> dict[str, bool]:
    """The fonts of the pages, and whether each is embedded."""
    found: dict[str, bool] = {}

    def look(fonts: Any) -> None:
        for entry in (fonts or {}).values():
            font = entry.get_object()
            inner = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
            descriptor = inner.get("/FontDescriptor", {})
            found[str(font["/BaseFont"]).partition("+")[2]] = any(key.startswith("/FontFile") for key in descriptor)

    for page in read(made).pages:
        resources = page["/Resources"]
        look((resources.get_object() if isinstance(resources, IndirectObject) else resources).get("/Font"))
    return found


# What a paper is.


@pytest.mark.parametrize("language", ["lv", "en"])
def test_paper_has_title_language_tags_and_its_own_fonts(language: str) -> None:
    with translation.override(language):
        made = print_poster(BILL, [row("Adīšana")], size="a4")
    root = read(made).trailer["/Root"]
    assert root["/Lang"] == language
    assert root["/MarkInfo"]["/Marked"]
    assert read(made).metadata.title == "Elejas pagastā, 2027. gada februārī"
    assert fonts_of(made) == {
        "Commissioner-Regular": True,
        "Commissioner-SemiBold": True,
        "Commissioner-Bold": True,
        "CommissionerFlared-Bold": True,
    }
    xmp = root["/Metadata"].get_object().get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp


@pytest.mark.parametrize("size", ["a4", "a3"])
@pytest.mark.parametrize("make", ["poster", "leaflet", "announcement"])
def test_paper_is_of_the_size_asked_for(make: str, size: str) -> None:
    made = {
        "poster": lambda: print_poster(BILL, [row("Adīšana")], size=size),
        "leaflet": lambda: print_leaflet(BILL, [Day("Otrdien", [Entry("10:00–12:00", "A", "B", "C")])], size=size),
        "announcement": lambda: print_announcement(announcement("Adīšana"), size=size),
    }[make]()
    box = read(made).pages[0].mediabox
    millimetres = (round(float(box.width) / 72 * 25.4), round(float(box.height) / 72 * 25.4))
    assert millimetres == ((210, 297) if size == "a4" else (297, 420))


@pytest.mark.parametrize("said", HOSTILE)
def test_nothing_written_is_markup(said: str) -> None:
    for made in (
        print_poster(BILL, [row(said)], size="a4"),
        print_leaflet(BILL, [Day(said, [Entry("9:00–10:00", said, said, said)])], size="a3"),
        print_announcement(announcement(said, summary=said, street=said), size="a4"),
        print_sign_in(title=said, family="body", when="Otrdien", where=said, names=[(said, said)]),
    ):
        assert " ".join(said.split()) in text_of(made)


def test_what_no_font_has_is_brought_to_its_letter_or_left_out() -> None:
    said = "Nguyễn \U0001f389 \x00\x1b\u202egnirts\u2028 ﬁlma 王 Звёздочка ґанок №5"
    text = text_of(print_announcement(announcement(said), size="a4"))
    assert "Nguyen gnirts filma Звёздочка ґанок №5" in text


def test_every_sign_that_is_promised_has_its_glyph_in_every_face() -> None:
    """The press refuses a sign without a glyph (PDF/UA), so that this prints at all is the proof."""
    signs = " ".join(sorted(lettering.COVERED - {lettering.SOFT}))
    made = print_announcement(announcement("Zīmes", summary=signs, when=signs, whom=signs), size="a3")
    assert "Ķ" in text_of(made)
    for place in range(0, len(signs), 120):
        print_announcement(announcement(signs[place : place + 120]), size="a3")


@pytest.mark.parametrize("family", ["skills", "hands", "land", "body", "together", "work", "nezināma"])
def test_every_family_has_its_weave(family: str) -> None:
    print_sign_in(title="A", family=family, when="B", where="C", names=[])


@pytest.mark.parametrize(
    "title", ["Garš nosaukums " * 10, "x" * 160, "9" * 160, "Š", "Uzņēmējdarbībasnodrošinājums " * 5]
)
def test_a_long_title_stays_on_one_sheet(title: str) -> None:
    made = print_announcement(announcement(title[:160], summary="Apraksts, kas ir visai garš. " * 12), size="a4")
    assert len(read(made).pages) == 1
    [page] = read(made).pages
    starts: list[float] = []

    def note(text: str, _cm: Any, tm: Any, _font: Any, _size: Any) -> None:
        if text.strip():
            starts.append(tm[4])

    page.extract_text(visitor_text=note)
    assert max(starts) < float(page.mediabox.width)


def test_many_activities_flow_to_more_sheets_and_none_is_lost() -> None:
    rows = [row(f"Nodarbība Nr. {number}") for number in range(1, 41)]
    for size in ("a4", "a3"):
        made = print_poster(BILL, rows, size=size)
        text = text_of(made)
        assert [number for number in range(1, 41) if f"Nodarbība Nr. {number} " not in f"{text} "] == []
        assert len(read(made).pages) > 1
    days = [
        Day(f"Diena {number}", [Entry("9:00–10:00", f"Nodarbība Nr. {number}", "Eleja", "Visiem")] * 3)
        for number in range(1, 32)
    ]
    for size in ("a4", "a3"):
        text = text_of(print_leaflet(BILL, days, size=size))
        assert [text.count(f"Nodarbība Nr. {number} ") for number in range(1, 32)] == [3] * 31


def test_a_busy_press_says_so(monkeypatch) -> None:
    monkeypatch.setattr(press, "_PATIENCE", 0)
    with press._press, pytest.raises(press.Busy):
        print_poster(BILL, [], size="a4")
    assert print_poster(BILL, [], size="a4").startswith(b"%PDF-")


# A month.


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("2027-01", Month(2027, 1)),
        ("2028-01", Month(2028, 1)),
        ("2026-12", None),
        ("2028-02", None),
        ("2027-13", None),
        ("2027-00", None),
        ("2027-1", None),
        ("0000-01", None),
        ("9999-12", None),
        ("２０２７-01", None),
        ("2027-01\n", None),
        ("", None),
    ],
)
def test_a_month_is_of_this_year_ahead(text: str, month: Month | None) -> None:
    assert Month.read(text, today=date(2027, 1, 11)) == month


@pytest.mark.django_db
def test_a_month_holds_what_is_published_there_and_not_over(query_count) -> None:
    parish = ParishFactory()
    other = ParishFactory(code="0540290", name="Vilces pagasts", centre_name="Vilce")
    when = [
        (f"2027-02-{day:02d} {hour:02d}:00", f"2027-02-{day:02d} {hour:02d}:45")
        for day, hour in ((1, 0), (4, 10), (28, 23))
    ]
    edges = [("2027-01-31 23:30", "2027-02-01 00:30"), *when, ("2027-03-01 00:00", "2027-03-01 01:00")]
    shown = ActivityFactory(title="Redzama", sessions=edges)
    shown.sessions.filter(starts_at=at("2027-02-04 10:00")).update(cancelled_at=at("2027-01-11 09:00"))
    for status in ("draft", "planned", "cancelled", "completed"):
        ActivityFactory(title=status, sessions=when, status=status)
    ActivityFactory(title="Cita pagasta", sessions=when, parish=other, centre=None)
    february = Month(2027, 2)
    with query_count(2):
        found = months.sessions(month=february, now=at("2027-01-11 09:00"), parish=parish)
        assert [session.activity.topic.family for session in found] == ["hands", "hands"]
    assert [(s.activity.title, s.starts_at) for s in found] == [
        ("Redzama", at("2027-02-01 00:00")),
        ("Redzama", at("2027-02-28 23:00")),
    ]
    later = months.sessions(month=february, now=at("2027-02-15 09:00"), centre=shown.centre)
    assert [session.starts_at for session in later] == [at("2027-02-28 23:00")]
    assert months.sessions(month=february, now=at("2027-03-01 00:00"), parish=parish) == []


# The public addresses.


@pytest.fixture
def eleja(db: None) -> Activity:
    """A course in Eleja from the third of next month, and the coordinator's telephone."""
    PostFactory()
    first = (timezone.localtime().replace(day=1) + timedelta(days=32)).replace(
        day=3, hour=10, minute=0, second=0, microsecond=0
    )
    return ActivityFactory(title="Adīšanas vakari", weeks=3, first=first, fee_eur=5)


def next_month() -> str:
    return Month.of(timezone.localdate()).next().code


@pytest.mark.parametrize("address", ["/pagasti/elejas-pagasts", "/centri/elejas-jauniesu-centrs"])
@pytest.mark.parametrize("kind", ["afisa", "lapa"])
def test_month_of_a_place_says_what_when_where_how_much_and_whom_to_ring(
    client: Client, eleja: Activity, address: str, kind: str
) -> None:
    response = client.get(f"{address}/{kind}.pdf?menesis={next_month()}")
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    text = text_of(response.content)
    phone = "6301 2345" if "pagasti" in address else "6301 1111"
    for fact in (
        "Adīšanas vakari",
        "Elejas jauniešu centrs",
        "10:00–12:00",
        "5,00 €",
        phone,
        address,
    ):
        assert fact.replace("/", "") in text.replace("/ ", "/").replace("/", "").replace("- ", "-"), fact
    assert "public" in response["Cache-Control"]


def test_month_with_nothing_says_so_and_how_to_wish(client: Client, eleja: Activity) -> None:
    code = Month.of(timezone.localdate() + timedelta(days=300)).code
    for kind in ("afisa", "lapa"):
        text = text_of(client.get(f"/pagasti/elejas-pagasts/{kind}.pdf?menesis={code}").content)
        assert "Šim mēnesim vēl nekas nav izziņots." in text
        assert "6301 2345" in text


def test_month_in_english(client: Client, eleja: Activity) -> None:
    made = client.get(f"/en/pagasti/elejas-pagasts/afisa.pdf?menesis={next_month()}&izmers=A3").content
    assert read(made).trailer["/Root"]["/Lang"] == "en"
    assert "€5.00" in text_of(made)
    assert "Questions, and registering by telephone" in text_of(made)


@pytest.mark.parametrize("query", ["menesis=2020-01", "menesis=abc", "menesis=%00", "menesis=9999-99"])
def test_no_such_month_is_said(client: Client, eleja: Activity, query: str) -> None:
    for address in ("pagasti/elejas-pagasts", "centri/elejas-jauniesu-centrs"):
        response = client.get(f"/{address}/afisa.pdf?{query}")
        assert (response.status_code, response["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert client.get("/pagasti/nav-tada/afisa.pdf").status_code == 404


def test_an_unknown_size_is_a4(client: Client, eleja: Activity) -> None:
    made = client.get("/pagasti/elejas-pagasts/afisa.pdf?izmers=b5").content
    assert round(float(read(made).pages[0].mediabox.width)) == 595


def test_poster_of_an_activity(client: Client, eleja: Activity) -> None:
    response = client.get(f"/aktivitates/{eleja.pk}-{eleja.slug}/afisa.pdf")
    text = text_of(response.content)
    for fact in (
        "Adīšanas vakari",
        "10:00–12:00",
        "3 reizes",
        "Elejas jauniešu centrs",
        "Lietuvas iela 19",
        "5,00 €",
        "Visiem iedzīvotājiem",
    ):
        assert fact in text
    assert f"/a/{eleja.pk}" in text
    assert client.get(f"/a/{eleja.pk}/")["Location"] == eleja.get_absolute_url()
    # An old spelling of the address leads to the present one.
    assert client.get(f"/aktivitates/{eleja.pk}-vecs/afisa.pdf").status_code == 302


@pytest.mark.parametrize("status", ["draft", "planned", "cancelled", "completed"])
def test_what_is_not_published_has_no_poster(client: Client, eleja: Activity, status: str) -> None:
    hidden = ActivityFactory(status=status, first=timezone.now() + timedelta(days=9))
    assert client.get(f"/aktivitates/{hidden.pk}-{hidden.slug}/afisa.pdf").status_code == 404
    if status in ("draft", "planned"):
        assert client.get(f"/a/{hidden.pk}/").status_code == 404


def test_what_is_over_has_no_poster_and_no_link_to_one(client: Client, db: None) -> None:
    past = ActivityFactory(first=timezone.now() - timedelta(days=90))
    assert client.get(f"/aktivitates/{past.pk}-{past.slug}/afisa.pdf").status_code == 404
    assert b"afisa.pdf" not in client.get(past.get_absolute_url()).content


def test_pages_lead_to_their_papers(client: Client, eleja: Activity) -> None:
    assert f"/aktivitates/{eleja.pk}-{eleja.slug}/afisa.pdf" in client.get(eleja.get_absolute_url()).content.decode()
    for address in ("/pagasti/elejas-pagasts/", "/centri/elejas-jauniesu-centrs/"):
        page = client.get(address).content.decode()
        for kind in ("afisa", "lapa"):
            assert f"{address}{kind}.pdf?menesis={next_month()}&amp;izmers=a3" in page


def test_a_paper_is_made_once_and_an_address_may_have_only_so_many_made(
    client: Client, eleja: Activity, settings, query_count
) -> None:
    settings.LIMIT_PAPERS = 2
    path = f"/pagasti/elejas-pagasts/afisa.pdf?menesis={next_month()}"
    first = client.get(path).content
    # Shown again without asking for more than the parish, and not counted.
    for _ in range(5):
        with query_count(1):
            assert client.get(path).content == first
    assert client.get(f"{path}&izmers=a3").status_code == 200
    refused = client.get("/centri/elejas-jauniesu-centrs/lapa.pdf")
    assert (refused.status_code, refused["Retry-After"]) == (429, "600")
    assert "Lūdzu, mazliet uzgaidiet" in refused.content.decode()
    assert client.get(path).status_code == 200


def test_a_busy_press_asks_to_come_back(client: Client, eleja: Activity, monkeypatch) -> None:
    monkeypatch.setattr(press, "_PATIENCE", 0)
    with press._press:
        assert client.get("/pagasti/elejas-pagasts/afisa.pdf").status_code == 503
    assert client.get("/pagasti/elejas-pagasts/afisa.pdf").status_code == 200


# The sign-in sheet.


def test_sign_in_sheet_names_who_has_a_place_and_leaves_room(client: Client, eleja: Activity) -> None:
    for family, state in (("Ābola", "confirmed"), ("Zariņa", "confirmed"), ("Gaida", "queued")):
        party = PartyFactory(activity=eleja, email=f"{state}@example.lv")
        RegistrationFactory(party=party, state=state, resident=ResidentFactory(family_name=family))
    RegistrationFactory(party=PartyFactory(activity=eleja, number="TM-GRUPA1"), resident=None)
    client.force_login(PostFactory().holder)
    session = eleja.sessions.order_by("starts_at").first()
    response = client.get(f"/darbs/nodarbibas/{session.pk}/paraksti.pdf")
    text = text_of(response.content)
    assert text.index("Ābola Līga") < text.index("Zariņa Līga") < text.index("TM-GRUPA1")
    assert "15" in text
    for secret in ("Gaida", "@example.lv", "1960"):
        assert secret not in text
    assert (len(read(response.content).pages), "no-store" in response["Cache-Control"]) == (1, True)
    assert "Parakstu lapa: Adīšanas vakari" in read(response.content).metadata.title


@pytest.mark.parametrize(("names", "pages"), [(0, 1), (13, 1), (14, 2), (60, 4)])
def test_sign_in_sheet_has_a_row_for_each(names: int, pages: int) -> None:
    made = print_sign_in(
        title="A", family="hands", when="B", where="C", names=[(f"Ozols{number}x", "Jānis") for number in range(names)]
    )
    text = text_of(made)
    assert [number for number in range(names) if f"Ozols{number}x" not in text] == []
    assert len(read(made).pages) == pages
