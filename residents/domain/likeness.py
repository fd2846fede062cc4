"""When two entries look like one person. Plain Python: two entries in, a finding with its reasons out.

- What speaks most is a shared e-mail address **with** a like name; then a name with the whole birth date, or with the
  telephone; then what people mistype or change: a letter, the order of the names, the family name at a wedding.
- A contact alone says nothing: a household shares it. Nor does a family name, nor a birth date.
- Another given name is another person (twins share all the rest), and so is another birth (father and son share a
  name and a telephone). Of a birth that is known only by its year, the year is compared.
- A given name with a letter changed is a slip only where nobody else bears one of the two: *Raivis* and *Raitis* are
  brothers. Two written down in one form were two people to whoever filled it in.

It finds; people decide.
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from rapidfuzz.distance import OSA

from ecosystem.text import words

Birth = tuple[int | None, int | None, int | None]

# From this many letters on a slip of one is thought likely, of two.
ONE_SLIP, TWO_SLIPS = 4, 9
# Years of birth further apart are two generations, however alike they are written.
GENERATION = 12


class Reason(StrEnum):
    """What speaks for one person; the words for people are made where they are shown."""

    EMAIL = "email"
    PHONE = "phone"
    SAME_NAME = "same_name"
    SWAPPED_NAME = "swapped_name"
    LIKE_NAME = "like_name"
    SHORTER_NAME = "shorter_name"
    OTHER_FAMILY_NAME = "other_family_name"
    BIRTH_DATE = "birth_date"
    BIRTH_YEAR = "birth_year"
    LIKE_BIRTH = "like_birth"
    VILLAGE = "village"


POSSIBLE, LIKELY, STRONG = 1, 2, 3
_ORDER = {reason: place for place, reason in enumerate(Reason)}
_DATE, _YEAR, _SLIP = _BIRTHS = (Reason.BIRTH_DATE, Reason.BIRTH_YEAR, Reason.LIKE_BIRTH)
# How much it is, by what they share (the first that holds), how the names are alike, and what is known of the births
# (None: of one of them nothing). What is not written here is two people.
_Table = dict[Reason, dict[Reason | None, int]]


def _table(
    exact: dict[Reason | None, int],
    like: dict[Reason | None, int],
    shorter: dict[Reason | None, int],
    other_family: dict[Reason | None, int],
) -> _Table:
    return {
        Reason.SAME_NAME: exact,
        Reason.SWAPPED_NAME: exact,
        Reason.LIKE_NAME: like,
        Reason.SHORTER_NAME: shorter,
        Reason.OTHER_FAMILY_NAME: other_family,
    }


_TABLES: tuple[tuple[Reason | None, _Table], ...] = (
    (
        Reason.EMAIL,
        _table(
            exact={_DATE: STRONG, _YEAR: STRONG, _SLIP: LIKELY, None: STRONG},
            like={_DATE: STRONG, _YEAR: STRONG, None: LIKELY},
            shorter={_DATE: LIKELY, _YEAR: LIKELY, None: LIKELY},
            other_family={_DATE: STRONG, _YEAR: POSSIBLE},
        ),
    ),
    (
        Reason.PHONE,
        _table(
            exact={_DATE: LIKELY, _YEAR: LIKELY, _SLIP: POSSIBLE, None: LIKELY},
            like={_DATE: LIKELY, _YEAR: LIKELY, None: POSSIBLE},
            shorter={_DATE: LIKELY, _YEAR: POSSIBLE, None: POSSIBLE},
            other_family={_DATE: LIKELY, _YEAR: POSSIBLE},
        ),
    ),
    (
        Reason.VILLAGE,
        _table(
            exact={_DATE: LIKELY, _YEAR: POSSIBLE, _SLIP: POSSIBLE, None: POSSIBLE},
            like={_DATE: POSSIBLE},
            shorter={_DATE: POSSIBLE},
            other_family={_DATE: POSSIBLE},
        ),
    ),
    (None, _table(exact={_DATE: LIKELY}, like={_DATE: POSSIBLE}, shorter={_DATE: POSSIBLE}, other_family={})),
)


@dataclass(frozen=True)
class Entry:
    """One person as written down once. An alias is another entry of the same ``id``."""

    id: UUID
    given_name: str
    family_name: str
    birth: Birth = (None, None, None)
    email: str = ""
    phone: str = ""
    village: str | None = None
    household: UUID | None = None
    written_at: datetime | None = None


@dataclass(frozen=True)
class Finding:
    """That two entries may be one person: how much speaks for it, and what."""

    strength: int
    reasons: tuple[Reason, ...]

    @property
    def weight(self) -> tuple[int, int]:
        """For choosing the stronger of two."""
        return self.strength, len(self.reasons)


def judge(one: Entry, other: Entry, *, borne: Container[str] = ()) -> Finding | None:
    """Whether these two may be one person. ``borne`` are folded given names that somebody else bears as well."""
    if _of_one_form(one, other):
        return None
    birth = births(one.birth, other.birth)
    if birth is False:
        return None
    name = names(one, other, borne=borne)
    if name is None:
        return None
    reasons: set[Reason] = {name}
    if isinstance(birth, Reason):
        reasons.add(birth)
    for reason, here, there in (
        (Reason.EMAIL, one.email, other.email),
        (Reason.PHONE, one.phone, other.phone),
        (Reason.VILLAGE, one.village, other.village),
    ):
        if here and here == there:
            reasons.add(reason)
    strength = _strength(name, reasons)
    if strength is None:
        return None
    return Finding(strength, tuple(sorted(reasons, key=_ORDER.__getitem__)))


def births(one: Birth, other: Birth) -> Reason | bool | None:
    """The same date, the same year, a slip of the pen; None where one is not known, False where they differ."""
    if one[0] is None or other[0] is None:
        return None
    if one[2] is None or other[2] is None:
        return Reason.BIRTH_YEAR if one[0] == other[0] else False
    if one == other:
        return Reason.BIRTH_DATE
    return Reason.LIKE_BIRTH if _is_slip(one, other) else False


def names(one: Entry, other: Entry, *, borne: Container[str] = ()) -> Reason | None:
    """How the names are alike; None where they are two people's."""
    given, family = spoken(one.given_name), spoken(one.family_name)
    others_given, others_family = spoken(other.given_name), spoken(other.family_name)
    if not given or not others_given:
        return None
    if (given, family) == (others_given, others_family):
        return Reason.SAME_NAME
    if (given, family) == (others_family, others_given):
        return Reason.SWAPPED_NAME
    if given == others_given:
        if _is_part(family, others_family):
            return Reason.SHORTER_NAME
        return Reason.LIKE_NAME if is_like(family, others_family) else Reason.OTHER_FAMILY_NAME
    if not family or family != others_family:
        return None
    if _is_part(given, others_given):
        return Reason.SHORTER_NAME
    # Two names that people bear are two people's, however near they are.
    if is_like(given, others_given) and not (given in borne and others_given in borne):
        return Reason.LIKE_NAME
    return None


def is_like(one: str, other: str) -> bool:
    """Whether one folded name may be the other with a letter mistyped, left out, doubled or exchanged."""
    shorter = min(len(one), len(other))
    allowed = 0 if shorter < ONE_SLIP else 1 if shorter < TWO_SLIPS else 2
    return bool(allowed) and OSA.distance(one, other, score_cutoff=allowed) <= allowed


def best(ones: Sequence[Entry], others: Sequence[Entry], *, borne: Container[str] = ()) -> Finding | None:
    """The strongest finding among all the ways in which two people have been written down."""
    found = [judge(one, other, borne=borne) for one in ones for other in others]
    return max((each for each in found if each), key=lambda each: each.weight, default=None)


def _strength(name: Reason, reasons: set[Reason]) -> int | None:
    """How much all that speaks for one person; None where it does not suffice."""
    table = next(table for shared, table in _TABLES if shared is None or shared in reasons)
    birth = next((reason for reason in _BIRTHS if reason in reasons), None)
    return table[name].get(birth)


def _of_one_form(one: Entry, other: Entry) -> bool:
    """Whether both were written down at once: whoever did so meant two people."""
    return one.written_at is not None and (one.household, one.written_at) == (other.household, other.written_at)


def _is_part(one: str, other: str) -> bool:
    """Whether one name is the other with a part left out: a double name, a second given name, a family name unsaid."""
    here, there = set(one.split()), set(other.split())
    return here < there or there < here


def _is_slip(one: Birth, other: Birth) -> bool:
    """Day and month exchanged, or one of the three written wrongly by one digit, within a generation."""
    if one[0] == other[0] and (one[1], one[2]) == (other[2], other[1]):
        return True
    different = [(here, there) for here, there in zip(one, other, strict=True) if here != there]
    if len(different) != 1:
        return False
    here, there = (f"{part:02}" for part in different[0])
    if one[0] != other[0] and abs((one[0] or 0) - (other[0] or 0)) >= GENERATION:
        return False
    return OSA.distance(here, there) == 1


def spoken(name: str) -> str:
    """A name as it is compared: its folded words."""
    return " ".join(words(name))
