"""Telephone numbers as people read them aloud."""

from ecosystem.dates import NBSP


def spaced(number: object) -> str:
    """A Latvian number as two groups of four that do not part; others as they are."""
    text = str(getattr(number, "as_e164", number))
    digits = "".join(sign for sign in text if sign.isdigit())
    local = digits[3:] if digits.startswith("371") and len(digits) == 11 else digits
    return f"{local[:4]}{NBSP}{local[4:]}" if len(local) == 8 else text
