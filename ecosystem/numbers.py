"""Numbers in the words of readers: Latvian with a comma and parted thousands, English likewise; never broken by a line."""

from math import isfinite

from ecosystem.dates import NBSP, is_latvian

MINUS = "\u2212"
# From here on digits tell nothing.
HUGE = 1e15


def finite(value: float | None) -> float | None:
    """The value, or None where it is none: what cannot be counted is not drawn."""
    return None if value is None or not isfinite(value) else float(value)


def said(value: float | None, *, decimals: int | None = None, signed: bool = False) -> str:
    """ "1 284", "6,3", "−2"; a dash for what could not be counted. Without ``decimals`` one where it is not whole."""
    number = finite(value)
    if number is None:
        return "–"
    places = (0 if number == int(number) or abs(number) >= 10_000 else 1) if decimals is None else decimals
    text = f"{abs(number):,.{places}f}" if abs(number) < HUGE else f"{abs(number):.1e}"
    if is_latvian():
        text = text.replace(",", NBSP).replace(".", ",")
    is_zero = not any(sign in "123456789" for sign in text)
    sign = "" if is_zero else MINUS if number < 0 else "+" if signed else ""
    return f"{sign}{text}"
