"""Which signs the documents' fonts have: Latin with all of Latvian, Cyrillic for names, what text is written with.

What has no sign of its own is brought to its plain letter; what cannot be (an emoji in a title) is left out. A name is
never changed behind somebody's back: a document that names a person is refused when a letter would be lost.
"""

import re
import unicodedata

from ecosystem.text import clean

# The same ranges that the fonts in courses/documents/fonts were cut to.
_RANGES = (
    *((0x20, 0x7E), (0xA0, 0x131), (0x134, 0x148), (0x14A, 0x17E), (0x218, 0x21B), (0x2BC, 0x2BC)),
    *((0x400, 0x45F), (0x490, 0x491), (0x1E9E, 0x1E9E), (0x2013, 0x2014), (0x2018, 0x201A), (0x201C, 0x201E)),
    *((0x2020, 0x2020), (0x2022, 0x2022), (0x2026, 0x2026), (0x2039, 0x203A), (0x20AC, 0x20AC)),
    *((0x2116, 0x2116), (0x2122, 0x2122), (0x2212, 0x2212)),
)
COVERED = frozenset(chr(code) for first, last in _RANGES for code in range(first, last + 1))
_PLAIN = str.maketrans({"\u2010": "-", "\u2011": "-", "\u2012": "–", "\u2015": "—", "\u201b": "‘", "\u2032": "’"})
SOFT = "\u00ad"
_NBSP = "\u00a0"
_LONG = 13
_VOWELS = "aāeēiīouūō"
_WORD = re.compile(rf"\S{{{_LONG},}}")
_SPACES = re.compile(r"(^ +| +$| +(?= ))")


def shown(text: str) -> str:
    """The text as the fonts can show it, in one line; spaces that do not part stay."""
    # ``clean`` makes every space a plain one: ours that do not part are carried over it.
    kept = (
        _NBSP.join(clean(part) if part.strip() else "" for part in text.split(_NBSP)) if _NBSP in text else clean(text)
    )
    signs = "".join(_sign(sign) for sign in unicodedata.normalize("NFC", kept.translate(_PLAIN)))
    return _SPACES.sub("", signs)


def is_whole(text: str) -> bool:
    """Whether every letter of a text can be shown as it is written."""
    return shown(text) == unicodedata.normalize("NFC", clean(text))


def _sign(sign: str) -> str:
    if sign in COVERED:
        return sign
    return "".join(part for part in unicodedata.normalize("NFKD", sign) if part in COVERED)


def hyphenated(text: str) -> str:
    """The text with places to part its long words, for headings: Latvian parts before the last consonant of a group.

    What gives no such place (a word without vowels) may part after every twelve signs.
    """
    return _WORD.sub(lambda found: _parted(found.group()), text)


def _parted(word: str) -> str:
    letters = word.lower()
    out = [word[:3]]
    since = 3
    for place in range(3, len(word)):
        # Three letters at least stand on either side.
        inside = place <= len(word) - 3
        syllable = letters[place] not in _VOWELS and letters[place : place + 2][1:] in tuple(_VOWELS)
        if inside and ((syllable and letters[place].isalpha() and letters[place - 1].isalpha()) or since >= 12):
            out.append(SOFT)
            since = 0
        out.append(word[place])
        since += 1
    return "".join(out)
