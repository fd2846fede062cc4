"""Places in a sentence: Latvian declines them (the cases are data), English puts a word before."""

from typing import Protocol

from ecosystem.dates import is_latvian


class Declined(Protocol):
    """Anything with a name and its Latvian cases."""

    @property
    def name(self) -> str: ...
    @property
    def accusative(self) -> str: ...
    @property
    def locative(self) -> str: ...
    @property
    def genitive(self) -> str: ...


def located(place: Declined) -> str:
    """ "Elejā", "in Eleja"."""
    return place.locative if is_latvian() else f"in {place.name}"


def around(place: Declined) -> str:
    """ "ap Eleju", "around Eleja"."""
    return f"ap {place.accusative}" if is_latvian() else f"around {place.name}"


def away_from(place: Declined) -> str:
    """ "no Elejas", "from Eleja"."""
    return f"no {place.genitive}" if is_latvian() else f"from {place.name}"
