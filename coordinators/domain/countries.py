"""Countries by their two letters, with their names in the reader's language."""

from functools import cache

from babel import Locale
from django.utils.translation import get_language

from ecosystem.text import fold, sort_key

# Among the territories of CLDR, but no countries one goes to.
_NONE = frozenset(("EU", "EZ", "UN", "XA", "XB", "ZZ", "QO", "CP", "DG", "EA", "IC", "TA", "AC", "CQ"))
HOME = "LV"


@cache
def names(language: str) -> dict[str, str]:
    """Every country by its letters, in the order of the alphabet."""
    known = Locale.parse(language).territories
    found = {code: name for code, name in known.items() if len(code) == 2 and code.isalpha() and code not in _NONE}
    return dict(sorted(found.items(), key=lambda pair: sort_key(pair[1])))


def name(code: str) -> str:
    """A country's name as the reader calls it."""
    return names(_language()).get(code, code)


def choices() -> list[tuple[str, str]]:
    """Letters and names of those one may go to."""
    return [(code, said) for code, said in names(_language()).items() if code != HOME]


def read(text: str) -> str:
    """The letters of a country written by its letters, or by its name in Latvian or English; "" for none."""
    word = fold(text.strip())
    if word.upper() in names("lv"):
        return word.upper()
    return _by_name().get(word, "")


@cache
def _by_name() -> dict[str, str]:
    return {fold(said): code for language in ("lv", "en") for code, said in names(language).items()}


def _language() -> str:
    return "lv" if (get_language() or "lv").startswith("lv") else "en"
