"""What words say besides what the activity is about: how one registers and asks, what one brings, what is served, where it is.

A telephone to ring, an address to write to, a laptop to bring and a break for coffee are no things that it is about. A clause
that says them is left out before a summary is read; what one brings is read where the rest of it names nothing. Of a title the
name of its own parish is left out (*Dārza skola Elejā*).
"""

import re
from functools import lru_cache

from ecosystem.overlap.stems import root_of

# Clauses as they are written, each with the marks that end it; a hyphen, a colon and a dot in an address end none.
_CLAUSE = re.compile(r"(?:[^.!?;,()\n–—]|\.(?=\w))+[.!?;,()\n–—]*")
# "Pa tālruni vai e-pastu": by which way, wherever it stands. A break in a course is none of its things either.
_WAY = r"(?:t[āa]lr|telef|mobil|e-?past|e-?mail|phone|телеф|почт|эл\w*\.?\s*почт)\w*"
_BY_WHICH_WAY = re.compile(
    rf"\b(?:pa|by|via|по)\s+{_WAY}(?:\s*(?:/|\b(?:un|vai|or|and|или|и)\b)\s*{_WAY})*"
    r"|\b(?:kafijas|t[ēe]jas|coffee|tea)\s+(?:pauz|break)\w*",
    re.I,
)
_POLITE = r"\W*(?:(?:oblig[āa]t|iepriek[šs]|nepiecie[šs]am|l[ūu]dz|l[ūu]g|aicin)\w*\s+)*"
# How one registers: a clause that begins so says nothing else.
_REGISTER = re.compile(rf"{_POLITE}(?:pieteik[šs]an|re[ģg]istr[āa]cija\b|registration|sign up\b|регистрация)", re.I)
# That one writes, rings or asks: a clause that says besides by which way or until when.
_ASK = re.compile(
    rf"{_POLITE}(?:pieteik|piesak|re[ģg]istr|inform[āa]cij|uzzi[ņn]|jaut[āa]jum|sazin|kontakt|zvan|rakst|t[āa]lr|telef|tel\b|e-?past"
    r"|register|call|contact|e-?mail|info\b|запис|справк|звон|тел\b|телефон)",
    re.I,
)
_WHEN = re.compile(r"\b(?:l[īi]dz|iepriek[šs]|oblig[āa]t\w*|until|before|до|заранее)\b", re.I)
# A telephone of eight digits, spaces between them or not, or an address: nobody says those of a thing.
_NUMBER = re.compile(r"(?<!\d)(?:\+?371 ?)?[26]\d(?: ?\d){6}(?!\d)|\w@\w")
_BRING = re.compile(
    r"\bl[īi]dzi\s+(?:\w+\s+)?(?:j[āa])?(?:pa)?[ņn]em|\b(?:pa)?[ņn]em\w*\s+l[īi]dzi\b|^\W*l[īi]dzi\b|\bbring\b", re.I
)

_WORD = re.compile(r"[^\W\d_]+")


def without(summary: str) -> str:
    """A summary without the clauses that are besides; what one brings stays where nothing else does."""
    clauses = [_BY_WHICH_WAY.sub(" ", clause) for clause in _CLAUSE.findall(summary) if not _is_besides(clause)]
    rest = [clause for clause in clauses if not _BRING.search(clause)]
    return "".join(rest if any(map(str.strip, rest)) else clauses)


def without_place(title: str, parish: str) -> str:
    """A title without the name of the parish where it is, in whichever case; as it is where it says nothing else."""
    names = _names(parish)
    # Who writes no capitals writes none here either; elsewhere *svētā* is no place.
    small = title == title.lower()
    rest = _WORD.sub(lambda word: "" if _is_name(word[0], names, small=small) else word[0], title)
    return rest if _WORD.search(rest) else title


def _is_name(word: str, names: frozenset[str], *, small: bool) -> bool:
    return (small or word[0].isupper()) and root_of(word.lower()) in names


@lru_cache(maxsize=4096)
def _names(parish: str) -> frozenset[str]:
    """The roots of a parish's name, without what kind of place it is: that is written small."""
    return frozenset(root_of(word.lower()) for word in _WORD.findall(parish) if word[0].isupper())


def _is_besides(clause: str) -> bool:
    if _REGISTER.match(clause) or _NUMBER.search(clause):
        return True
    return bool(_ASK.match(clause) and (_WHEN.search(clause) or _BY_WHICH_WAY.search(clause)))
