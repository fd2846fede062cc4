"""What residents ask of the catalogue: two thousand addresses, all different, the same for every size."""

import random
from datetime import date, timedelta
from urllib.parse import urlencode

from benchmarks.latvian import WORDS
from ecosystem.text import fold

CATALOGUE = "/aktivitates/"
# Names that one would not find in the programme, and a spelling that no word has.
UNKNOWN = ("zirgkopība", "astronauts", "xyzzy", "muzikk")


def catalogue(count: int, *, villages: list[str], topics: list[str], audiences: list[str], today: date) -> list[str]:
    """Addresses of lists: plain pages, near each village, filters mixed, text; some months and maps."""
    dice = random.Random(7)
    makers = (
        (15, lambda: {"lapa": dice.randint(1, 50), "seciba": dice.choice(("", "drizak"))}),
        (
            30,
            lambda: {
                "vieta": dice.choice(villages),
                "km": dice.choice((5, 10, 10, 20, "visi")),
                "seciba": dice.choice(("", "tuvak")),
                "lapa": dice.choice(("", "", 2)),
            },
        ),
        (30, lambda: _mixed(dice, villages, topics, audiences, today)),
        (20, lambda: _text(dice, villages)),
        (3, lambda: {"skats": "kalendars", **_mixed(dice, villages, topics, audiences, today)}),
        (2, lambda: {"skats": "karte", **_mixed(dice, villages, topics, audiences, today)}),
    )
    weights = [weight for weight, _make in makers]
    # Every village comes up, whatever the dice say.
    found = {f"{CATALOGUE}?{urlencode({'vieta': village, 'km': 10})}": None for village in villages[:count]}
    while len(found) < count:
        asked = dice.choices(makers, weights)[0][1]()
        pairs = [(name, value) for name, value in asked.items() if value != ""]
        prefix = "/en" if dice.random() < 0.1 else ""
        found[f"{prefix}{CATALOGUE}?{urlencode(pairs)}" if pairs else prefix + CATALOGUE] = None
    listed = list(found)
    dice.shuffle(listed)
    return listed


def kinds(*, villages: list[str], topics: list[str], audiences: list[str]) -> dict[str, list[str]]:
    """A few addresses of each kind, for counting queries."""
    few = range(5)

    def near(number: int) -> dict[str, object]:
        return {"vieta": villages[number * 7 % len(villages)], "km": 20}

    asked: dict[str, list[dict[str, object]]] = {
        "the whole list": [{"lapa": number + 1} for number in few],
        "near a village": [near(number) for number in few],
        "nearest first": [{**near(number), "seciba": "tuvak"} for number in few],
        "one topic": [{"tema": topics[number % len(topics)]} for number in few],
        "for somebody in the evening": [
            {"merkgrupa": audiences[number % len(audiences)], "laiks": "vakars"} for number in few
        ],
        "text": [{"q": word} for word in ("kursi", "nūjošana", "keramika", "dators", "dejas")],
        "nothing found": [{**near(number), "q": UNKNOWN[1]} for number in few],
        "calendar": [{"skats": "kalendars"}],
        "map": [{"skats": "karte"}],
    }
    return {name: [f"{CATALOGUE}?{urlencode(pairs)}" for pairs in several] for name, several in asked.items()}


def _mixed(
    dice: random.Random, villages: list[str], topics: list[str], audiences: list[str], today: date
) -> dict[str, object]:
    first = today + timedelta(days=dice.randint(0, 60))
    choices: list[dict[str, object]] = [
        {"tema": dice.choice(topics)},
        {"merkgrupa": dice.choice(audiences)},
        {"vecums": dice.randint(3, 90)},
        {"no": first.isoformat(), "lidz": (first + timedelta(days=dice.randint(3, 40))).isoformat()},
        {"diena": dice.randint(1, 7)},
        {"laiks": dice.choice(("rits", "diena", "vakars"))},
        {"bezmaksas": 1},
        {"vietas": 1},
        {"pieejams": 1},
        {"vieta": dice.choice(villages), "km": dice.choice((10, 20))},
    ]
    asked: dict[str, object] = {}
    for choice in dice.sample(choices, dice.randint(1, 3)):
        asked |= choice
    return asked


def _text(dice: random.Random, villages: list[str]) -> dict[str, object]:
    word = dice.choice(UNKNOWN) if dice.random() < 0.05 else dice.choice(WORDS)
    if dice.random() < 0.4:
        word = fold(word)  # As typed on a telephone.
    if dice.random() < 0.3:
        word = word[: max(4, len(word) - 2)]
    asked: dict[str, object] = {"q": word if dice.random() < 0.8 else f"{word} {dice.choice(WORDS)}"}
    if dice.random() < 0.3:
        asked |= {"vieta": dice.choice(villages), "km": 20}
    return asked
