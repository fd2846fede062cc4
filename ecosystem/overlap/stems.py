"""The form under which a word is looked up: its inflected, derived and mistyped forms brought together.

Three steps, each looser than the one before: the *root* (inflection away: *kursiem*, *kursi*), the *base* (derivation away:
*metināšana*, *metinātājs*), and likeness (a slip of the finger, or something put before the word: *telefonkrāpnieki*).
"""

import re
from functools import lru_cache

from rapidfuzz.distance import OSA

from ecosystem.text import fold, stem

_CYRILLIC = re.compile("[а-яёіїєґ]")
# Endings of Russian and Ukrainian cases, folded (й is и), cut plainly: enough to meet the lists.
_RUSSIAN = re.compile(
    "(.{3,}?)(?:иями|ями|ами|ого|его|ому|ему|ыми|ими|иях|ием|ях|ах|ов|ев|еи|ии|ыи|ои|ая|яя|ое|ее|ые|ие|ых|их|ам|ям|ом|ем"
    "|ию|ия|ью|у|ю|а|я|ы|и|о|е|ь|і)"
)
_RUSSIAN_LETTERS = 7
# What makes a noun of a verb, a doer of a deed, the small of the great, on folded roots; the shorter it is, the more must be left.
_DERIVED = re.compile(
    "(.{4,}?)(?:inasan|etasan|inataj|niecib|niek|niec|etaj|otaj|ataj|itaj|inat|esan|osan|asan|isan|kopib|kopj|ejam|ojam|inam"
    "|oties|eties|isk|taj|san|jam|oj|ing)|(.{5,}?)(?:tin|ib|ej|um|at|et|ot|it|in|ig)"
)
# A verb in its persons and its deed keep the vowel before them (*šķirojam*, *šķirošana*; not *šķiršanās*).
_DEED = re.compile("(.+?[aeiou])(?:san|taj|jum|jam|jot|sim|siet|s|t|j|m)|(.{3,})san")
# Letters that may differ in a word of so many: a slip of the finger, not another word. In a short word a letter may be missing,
# doubled or change places with the next; another in its stead makes another word (*burciņas*, *bulciņas*).
SLIPS = ((5, 1), (9, 2))
LONG_ENOUGH_FOR_ANOTHER = 7
# What may stand before a word of so many letters: another word, or a prefix of verbs; *vadīšana* is not *adīšana*.
COMPOUND = 6
PREFIXES = frozenset(("aiz", "ap", "at", "ie", "iz", "no", "pa", "par", "pie", "sa", "uz", "ne"))
BASE = 4
TWICE = re.compile(r"(.)\1+")
# Small things soften before their endings (*kartīte*, *kartīšu*; *zaķītis*, *zaķīši*).
_SMALL = re.compile(r"(?<=\w\w)īš(?=(?:a|am|u|i|iem|us|os|ās|ā|ī|ām)$)")
_SOFTENED = ({"t", "s"}, {"d", "z"})


@lru_cache(maxsize=65536)
def root_of(word: str) -> str:
    """The root of a word as it is written, in lower case."""
    return root(fold(_SMALL.sub("īt", word)))


@lru_cache(maxsize=65536)
def root(word: str) -> str:
    """A folded word without its ending."""
    if _CYRILLIC.search(word):
        if found := _RUSSIAN.fullmatch(word):
            word = found[1]
        return word[:_RUSSIAN_LETTERS]
    stemmed = stem(word)
    # The stemmer leaves words of two syllables as they are: sēnēm, upe.
    if stemmed == word and len(word) >= 5 and word.endswith(("em", "am", "im")):
        stemmed = word[:-2]
    if len(stemmed) == 3 and stemmed[-1] in "aeiu":
        stemmed = stemmed[:-1]
    # Lips soften by a *j* before it: sāpes, sāpju; upe, upju.
    return stemmed[:-1] if len(stemmed) > 3 and stemmed[-1] == "j" and stemmed[-2] in "pbmv" else stemmed


@lru_cache(maxsize=65536)
def base(word: str) -> str:
    """A root without what derives it, or the root itself where too little would be left."""
    found = _DERIVED.fullmatch(word)
    return (found[1] or found[2]) if found else word


@lru_cache(maxsize=65536)
def deed(word: str) -> str:
    """What a verb and its deed have in common, or the root itself."""
    found = _DEED.fullmatch(word)
    return (found[1] or found[2]) if found else word


def is_before(letters: str) -> bool:
    """Whether letters may stand before a word and make one with it."""
    return len(letters) >= 3 or not letters or letters in PREFIXES


@lru_cache(maxsize=65536)
def alike(one: str, other: str) -> bool:
    """Whether two roots are one word: derived of each other, mistyped, or one with something before it; symmetric."""
    short, long = sorted((one, other), key=lambda word: (len(word), word))
    if len(short) >= COMPOUND and long.endswith(short) and is_before(long[: -len(short)]):
        return True
    if len(short) >= BASE and (base(short) == base(long) or (deed(short) == deed(long) and len(deed(short)) >= BASE)):
        return True
    return mistyped(short, long)


@lru_cache(maxsize=65536)
def mistyped(one: str, other: str) -> bool:
    """Whether they differ by a slip of the finger: a letter doubled, or one or two others in a long word."""
    if one[:2] != other[:2]:
        # The first letters are seldom mistyped, and often all that tells two words apart.
        return False
    if len(one) == len(other) >= 5 and one[:-1] == other[:-1] and {one[-1], other[-1]} in _SOFTENED:
        return True
    if one.endswith("san") and other.endswith("san"):
        # What all deeds end in is no likeness: *laišana*, *lasīšana*.
        one, other = one[:-3], other[:-3]
    length = min(len(one), len(other))
    if length >= 3 and TWICE.sub(r"\1", one) == TWICE.sub(r"\1", other):
        return True
    most = max((slips for letters, slips in SLIPS if length >= letters), default=0)
    if length < LONG_ENOUGH_FOR_ANOTHER and len(one) == len(other) and sorted(one) != sorted(other):
        return False
    return bool(most) and OSA.distance(one, other, score_cutoff=most) <= most
