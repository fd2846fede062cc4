"""Invented examples for the gallery of components, in the states that a page may meet. Nothing else uses them."""

from types import SimpleNamespace
from typing import Any

from django import forms, template

from ecosystem.templatetags.parish_map import project

register = template.Library()

PLACES = (
    ("Kalnciems", 56.7936, 23.6061),
    ("Valgunde", 56.7420, 23.6680),
    ("Līvbērze", 56.6920, 23.4990),
    ("Ozolnieki", 56.6905, 23.7760),
    ("Brankas", 56.6830, 23.8580),
    ("Nākotne", 56.6330, 23.4390),
    ("Svēte", 56.6090, 23.6610),
    ("Staļģene", 56.5850, 23.9860),
    ("Emburga", 56.5760, 24.0260),
    ("Vircava", 56.5760, 23.7690),
    ("Platone", 56.5560, 23.6930),
    ("Zaļenieki", 56.5290, 23.5110),
    ("Lielplatone", 56.4520, 23.6580),
    ("Sesava", 56.4250, 23.8470),
    ("Vilce", 56.4190, 23.5480),
    ("Eleja", 56.4140, 23.6940),
)
EDGES = (
    "Kalnciems Līvbērze|Kalnciems Valgunde|Valgunde Līvbērze|Valgunde Ozolnieki|Valgunde Brankas|Ozolnieki Brankas|"
    "Līvbērze Nākotne|Nākotne Svēte|Nākotne Zaļenieki|Svēte Platone|Svēte Zaļenieki|Brankas Staļģene|Brankas Emburga|"
    "Staļģene Emburga|Staļģene Vircava|Vircava Platone|Platone Lielplatone|Platone Eleja|Zaļenieki Vilce|"
    "Zaļenieki Lielplatone|Lielplatone Eleja|Lielplatone Vilce|Vilce Eleja|Eleja Sesava|Sesava Vircava|Platone Zaļenieki"
)


def _card(number: int, **differences: Any) -> SimpleNamespace:
    """A card like those of the catalogue, with these differences."""
    card = {
        "id": number,
        "url": f"#card-{number}",
        "title": "Rokdarbu pulciņš",
        "family": "hands",
        "tile_day": "13.",
        "tile_month": "janv.",
        "tile_start": "",
        "tile_end": "",
        "when_text": "Trešdien 10:00–12:15, 12\u00a0reizes",
        "place_text": "Dienas aprūpes centrs «Upe», Lielplatone",
        "distance_text": "aptuveni\u00a04\u00a0km",
        "whom_text": "Senioriem",
        "price_text": "Bez maksas",
        "places_left": 5,
        "capacity": 14,
        "waiting": 0,
        "places_text": "Brīvas 5 vietas no 14",
        "places_tone": "leaf",
        "queue_text": "",
        "alternative_text": "",
        "alternative_url": "",
        "badges": [],
    }
    return SimpleNamespace(**{**card, **differences})


@register.simple_tag
def sample_cards() -> list[SimpleNamespace]:
    """Room, few left, full with a queue, drop-in, joint and online, by the hour, long words."""
    return [
        _card(1, title="Adīšanas un tamborēšanas vakari", tile_day="12.", distance_text="Elejā"),
        _card(2, places_left=2, capacity=12, places_text="Brīvas 2 vietas no 12", places_tone="gold"),
        _card(
            3,
            title="Viedtālrunis bez bailēm",
            family="skills",
            whom_text="No 60 gadiem",
            places_left=0,
            capacity=10,
            waiting=3,
            places_text="Vietu nav",
            places_tone="brick",
            queue_text="Rindā 3 cilvēki.",
            alternative_text="Elejā līdzīga nodarbība, brīvas 4 vietas",
            alternative_url="#card-1",
        ),
        _card(
            4,
            title="Ģimeņu rīts bibliotēkā",
            family="together",
            places_left=None,
            capacity=None,
            places_text="Pieteikties nevajag, vienkārši nāciet",
            places_tone="plain",
        ),
        _card(
            5,
            title="Kā sākt savu mazo uzņēmumu",
            family="work",
            place_text="Tiešsaistē",
            distance_text="",
            price_text="8,00\u00a0€",
            badges=["Kopīga aktivitāte", "Tiešsaistē"],
            places_left=40,
            capacity=60,
            places_text="Brīvas 40 vietas no 60",
        ),
        _card(6, title="Veselības vingrošana", family="body", tile_start="10:00", tile_end="11:00"),
        _card(
            7,
            title="Augļkoku vainagošana un starptautiskā pieredze daudzfunkcionālajā jauniešu iniciatīvu centrā",
            family="land",
            places_left=20,
            capacity=20,
            places_text="Brīvas 20 vietas no 20",
        ),
    ]


@register.simple_tag
def sample_map() -> list[dict[str, Any]]:
    """The parishes' centres, Eleja chosen."""
    points = []
    for number, (name, lat, lon) in enumerate(PLACES):
        x, y = project(lat, lon)
        points.append({"name": name, "x": x, "y": y, "href": "#map", "count": number % 5, "chosen": name == "Eleja"})
    return points


@register.simple_tag
def sample_edges() -> list[tuple[str, str]]:
    """Neighbours."""
    pairs = [pair.split() for pair in EDGES.split("|")]
    return [(first, second) for first, second in pairs]


@register.simple_tag
def sample_hollow() -> dict[str, Any]:
    """The city in the middle that is not of the municipality."""
    x, y = project(56.6511, 23.7213)
    return {"name": "Jelgava", "x": x, "y": y}


class SampleForm(forms.Form):
    """A field of each kind."""

    given_name = forms.CharField(label="Vārds", error_messages={"required": "Ierakstiet vārdu."})
    phone = forms.CharField(label="Tālrunis", required=False, help_text="8 cipari, piemēram, 2612 3456")
    village = forms.ChoiceField(label="Kur jūs dzīvojat?", choices=[("eleja", "Eleja"), ("vilce", "Vilce")])
    note = forms.CharField(label="Ko gribētu apgūt?", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    who = forms.ChoiceField(
        label="Kas nāks?",
        choices=[("self", "Es"), ("child", "Bērns"), ("several", "Vairāki no ģimenes")],
        widget=forms.RadioSelect,
        error_messages={"required": "Izvēlieties, kas nāks."},
    )
    all_or_none = forms.BooleanField(label="Nāksim tikai tad, ja ir vieta visiem", required=False)


@register.simple_tag
def sample_form(*, wrong: bool = False) -> SampleForm:
    """The form as it is first seen, or sent with mistakes."""
    return SampleForm({"phone": "12", "village": "eleja"}, prefix="wrong") if wrong else SampleForm()


@register.simple_tag
def sample_month() -> list[list[dict[str, Any]]]:
    """January 2027, with a busy day and today."""
    entries = {
        12: [{"url": "#", "time": "17:30", "title": "Adīšanas vakari", "family": "hands"}],
        13: [
            {"url": "#", "time": "10:00", "title": "Rokdarbu pulciņš", "family": "hands"},
            {"url": "#", "time": "10:00", "title": "Viedtālrunis bez bailēm", "family": "skills"},
        ],
        20: [{"url": "#", "time": "11:00", "title": "Veselības vingrošana", "family": "body"}],
    }
    days = []
    for cell in range(35):
        day = cell - 3
        number = day if 1 <= day <= 31 else (day + 31 if day < 1 else day - 31)
        inside = 1 <= day <= 31
        found = entries.get(day, []) if inside else []
        days.append(
            {
                "number": number,
                "label": f"{number}. janvāris",
                "outside": not inside,
                "today": day == 11,
                "entries": found,
                "more_url": "#" if day == 13 else "",
                "more_label": "Vēl 4" if day == 13 else "",
            }
        )
    return [days[start : start + 7] for start in range(0, 35, 7)]


@register.simple_tag
def sample_links(labels: str) -> list[dict[str, Any]]:
    """Links by labels joined by commas, the first current."""
    return [
        {"label": label, "url": f"#{number}", "current": number == 0} for number, label in enumerate(labels.split(","))
    ]


@register.simple_tag
def sample_pages() -> list[dict[str, Any]]:
    """Pages 1, 2, 3 … 9."""
    return [{"number": n, "url": f"#page-{n}", "current": n == 2} for n in (1, 2, 3, None, 9)]


@register.simple_tag
def words(text: str) -> list[str]:
    """Words joined by commas, as a list."""
    return text.split(",")
