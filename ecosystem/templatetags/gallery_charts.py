"""Invented charts for the gallery, in the states that a page may meet: one, none, hidden, huge, below zero."""

from django import template

from ecosystem.templatetags.chart_bars import Bar, Pair, draw_bars, draw_pyramid, draw_shares, ranked
from ecosystem.templatetags.chart_months import Series, draw_columns, draw_lines
from ecosystem.templatetags.charts import BigNumber, Cell, Change, Chart, Heat, Table

register = template.Library()

MONTHS = ("jūl.", "aug.", "sept.", "okt.", "nov.", "dec.")
FILES = (("CSV", "#csv"), ("XLSX", "#xlsx"))
REACH = (
    ("Lielplatones", 10.3),
    ("Elejas", 9.6),
    ("Vilces", 8.1),
    ("Vircavas", 7.7),
    ("Kalnciema", 7.4),
    ("Platones", 6.9),
    ("Jaunsvirlaukas", 5.8),
    ("Līvbērzes", 5.1),
    ("Valgundes", 3.0),
    ("Salgales", 2.2),
)
LINES = (
    Series("Mūžizglītība", (97, 88, 214, 262, 286, 231), "lifelong"),
    Series("Labklājība", (110, 104, 148, 171, 188, 160), "welfare"),
    Series("Jaunatne", (143, 127, 131, 152, 149, 118), "youth"),
)


def _table(caption: str, head: tuple[str, ...], rows: list[tuple[str, list[Cell]]]) -> Table:
    return Table(caption, head, rows)


def _of(bars: list[Bar], caption: str) -> Table:
    return _table(
        caption, ("Pagasts", "Skaits"), [(bar.label, [Cell(bar.words, is_hidden=bar.is_hidden)]) for bar in bars]
    )


@register.simple_tag
def sample_big_numbers() -> list[BigNumber]:
    """Grown, fallen where falling is good, the same, nothing to compare with, few, hidden."""
    return [
        BigNumber(
            "Dalībnieki",
            "1\u00a0284",
            about="Katrs cilvēks skaitīts vienreiz",
            changes=[Change(182, "2025. gadu", good="up"), Change(-12, "1. pusgadu", good="up")],
            href="#definicija",
        ),
        BigNumber(
            "Neatnāca",
            "11",
            unit="%",
            about="n = 1 530 apstiprināti pieteikumi",
            changes=[Change(-2, "2025. gadu", unit=" procentpunkti", good="down")],
        ),
        BigNumber("Kopīgas aktivitātes", "23", about="No 141 aktivitātes", changes=[Change(0, "2025. gadu")]),
        BigNumber("Jauni cilvēki", "3", is_few=True, changes=[Change(None, "2025. gadu")]),
        BigNumber("Skolēni", "", is_hidden=True),
    ]


@register.simple_tag
def sample_charts() -> list[Chart]:
    """Every kind, then the states."""
    reach = [Bar(name, value, text=f"{value}".replace(".", ","), is_low=value < 4) for name, value in REACH]
    ages = [
        ("7–12", 112, 98),
        ("13–17", 86, 91),
        ("18–29", 64, 22),
        ("30–54", 203, 41),
        ("55–64", 188, 37),
        ("65 un vairāk", 240, 58),
    ]
    pairs = [Pair(band, Bar("", women), Bar("", men)) for band, women, men in ages]
    pairs.append(Pair("Nav zināms", Bar("", 9), Bar("", None, is_hidden=True), is_unknown=True))
    shares = [
        Bar("Savā pagastā", 620),
        Bar("Blakus pagastā", 281),
        Bar("Tālāk", 158),
        Bar("Nav zināms", 64, is_unknown=True),
    ]
    states = [
        Bar("Eleja", 12),
        Bar("Vilce", None, is_hidden=True),
        Bar("Sesava", None),
        Bar("Nav zināms", 5, is_unknown=True),
    ]
    gains = [Bar("Digitālā prasme", 0.8), Bar("Valodas", 0.3), Bar("Uzņēmējdarbība", -0.2)]
    return [
        Chart(
            "Rudens kursi trīskāršoja mūžizglītības dalību",
            "Dalībnieki mēnesī pa nodaļām, 2026. gada jūlijs–decembris",
            draw_lines(
                LINES,
                months=MONTHS,
                label="Dalībnieki mēnesī: mūžizglītībā no 97 jūlijā līdz 231 decembrī, citās nodaļās maz mainās.",
            ),
            _table(
                "Dalībnieki mēnesī",
                ("Nodaļa", *MONTHS),
                [(one.label, [Cell(f"{value}") for value in one.values]) for one in LINES],
            ),
            FILES,
            "Kas nāk uz divām nodaļām, skaitīts katrā; kopā vienreiz.",
            "#definicija",
        ),
        Chart(
            "Lielplatones pagastā piedalās katrs desmitais, Salgales pagastā viens no 45",
            "Dalībnieki no pagasta, % no iedzīvotājiem, 2026. gads",
            draw_bars(
                reach,
                label="Dalība pa pagastiem no 10,3 % līdz 2,2 %, mediāna 7,2 %.",
                with_median=True,
                unit="\u00a0%",
            ),
            _of(reach, "Dalība pa pagastiem"),
            FILES,
        ),
        Chart(
            "Sievietes nāk trīsreiz biežāk",
            "Dalībnieki pēc vecuma un dzimuma, 2026. gads",
            draw_pyramid(
                pairs, left="Sievietes", right="Vīrieši", label="Visās grupās no 18 gadiem sieviešu ir vairāk."
            ),
            _table(
                "Dalībnieki pēc vecuma un dzimuma",
                ("Vecums", "Sievietes", "Vīrieši"),
                [
                    (
                        pair.label,
                        [Cell(side.words, is_hidden=side.is_hidden) for side in (pair.left, pair.right)],
                    )
                    for pair in pairs
                ],
            ),
            FILES,
        ),
        Chart(
            "Vairāk nekā puse nāk savā pagastā",
            "Apmeklējumi pēc vietas, 2026. gads",
            draw_shares(shares, label="Savā pagastā 55 %, blakus 25 %, tālāk 14 %, nav zināms 6 %."),
            _of(shares, "Apmeklējumi pēc vietas"),
            FILES,
        ),
        Chart(
            "Decembrī nāca mazāk nekā novembrī",
            "Apmeklējumi mēnesī, 2026. gads",
            draw_columns(
                Series("Apmeklējumi", (412, 0, None, 538, 612, 480)),
                months=MONTHS,
                label="Apmeklējumi no 412 jūlijā līdz 480 decembrī, visvairāk novembrī, 612.",
            ),
            _table(
                "Apmeklējumi mēnesī",
                ("Mēnesis", *MONTHS),
                [("Apmeklējumi", [Cell("412"), Cell("0"), Cell("–"), Cell("538"), Cell("612"), Cell("480")])],
            ),
            FILES,
        ),
        Chart(
            "Slēpts, nav skaitīts un nav zināms izskatās dažādi",
            "Dalībnieki pagastā",
            draw_bars(ranked(states), label="Elejā 12; Vilces skaits slēpts."),
            _table(
                "Dalībnieki pagastā",
                ("Pagasts", "Skaits"),
                [
                    (bar.label, [Cell(bar.words, is_hidden=bar.is_hidden, is_few=bar.label == "Sesava")])
                    for bar in states
                ],
            ),
        ),
        Chart(
            "Uzņēmējdarbībā pašvērtējums kritās",
            "Pašnovērtējums pēc mīnus pirms, 1–5",
            draw_bars(gains, label="Digitālajā prasmē +0,8, uzņēmējdarbībā −0,2."),
            _of(gains, "Pašnovērtējums"),
        ),
    ]


@register.simple_tag
def sample_heat() -> list[tuple[str, list[Heat]]]:
    """Parishes by audiences: none, few, many, hidden."""
    return [
        ("Salgales", [Heat(2), Heat(3), Heat(0, href="#"), Heat(0), Heat(0)]),
        ("Svētes", [Heat(1), Heat(6), Heat(1), Heat(0), Heat(None, is_hidden=True)]),
        ("Vilces", [Heat(3), Heat(5), Heat(6), Heat(2), Heat(3, href="#")]),
    ]
