"""When are two Latvian spellings the same words: folding, stems, order.

Residents type on telephones without long vowels: *muzizglitiba* must find *mūžizglītība*, *kursiem* must find
*kursi*. Words are folded (case and diacritics away) and stemmed here, in Python, both for the index and the query.
Keys in the database are folded by its own function (``ecosystem.models.functions.Fold``); the two never meet.
"""

import re
import unicodedata
from functools import lru_cache

from LatvianStemmer import stem as stem_latvian

# Letters that carry no combining mark when decomposed, so NFD alone would leave them.
_LONE = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe"})
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_ALPHABET = "aābcčdeēfgģhiīyjkķlļmnņoōpqrŗsštuūvwxzž"
_ORDER = {letter: chr(0x4E00 + place) for place, letter in enumerate(_ALPHABET)}
# Consonants that change before the ending (jaunietis – jaunieši, māte – māšu): after folding either stem may be met,
# so both are brought to one. Not a general rule: *viesis* must not become *vieta*.
_SOFTENED = {"jaunies": "jauniet", "mas": "mat"}
# Too frequent to tell anything.
STOP_WORDS = frozenset(("un", "vai", "ar", "par", "pie", "no", "uz", "kas", "ka", "ir", "the", "and", "of", "for"))


def fold(text: str) -> str:
    """The text in lower case without diacritics: ``"Mūžizglītība"`` gives ``"muzizglitiba"``."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFD", text.lower().translate(_LONE))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The stem of one folded word: ``"kursiem"`` and ``"kursi"`` give ``"kurs"``."""
    stemmed = stem_latvian(word)
    return _SOFTENED.get(stemmed, stemmed)


def words(text: str) -> list[str]:
    """The folded words of a text in their order."""
    return _WORD.findall(fold(text))


def sort_key(text: str) -> str:
    """A key that sorts texts by the Latvian alphabet: A Ā B C Č D E Ē F G Ģ …"""
    return "".join(_ORDER.get(letter, letter) for letter in text.lower())


def clean(text: str) -> str:
    """The text in one line: control and invisible characters away, runs of space made one."""
    kept = (" " if unicodedata.category(c) in ("Cc", "Zs", "Zl", "Zp") else c for c in text)
    return " ".join("".join(c for c in kept if unicodedata.category(c) not in ("Cf", "Cs", "Co", "Cn")).split())
