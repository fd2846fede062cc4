"""Finding somebody who is known, before a coordinator writes them down a second time.

A name is looked for without diacritics and by the beginning of each word, a birth by its year or date, a telephone by
its digits, an e-mail address whole. It starts from who is asking: by name one finds those who live in the parishes of
one's posts, or nowhere here, and those whom the caller names as ``also`` (who come to one's activities); a head and an
administrator find everyone. Whoever has been told a whole telephone number or e-mail address finds its household
wherever it lives: the person on the line has just said it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

import phonenumbers
from django.conf import settings
from django.db.models import Q, Value
from django.db.models.functions import Concat

from coordinators.domain.access import Reach
from ecosystem.models.functions import Fold
from ecosystem.text import clean
from residents.models import Alias, Resident

MOST_FOUND = 20
LONGEST = 100
SHORTEST_NAME = 2
_DATE = re.compile(r"^(\d{1,2})\.(\d{1,2})\.(\d{4})\.?$")
_PHONE = re.compile(r"^[+\d][\d\s()./–-]{3,}$")


@dataclass(frozen=True)
class Question:
    """What was typed, taken apart."""

    names: tuple[str, ...] = ()
    year: int | None = None
    day: date | None = None
    email: str = ""
    # E.164 when whole, otherwise the last digits.
    phone: str = ""
    ending: str = ""

    @property
    def kinds(self) -> list[str]:
        """What was said of the person, without what it was."""
        said = {"name": self.names, "born": self.year or self.day, "email": self.email}
        return [kind for kind, value in {**said, "phone": self.phone or self.ending}.items() if value]

    def __bool__(self) -> bool:
        return any((self.names, self.year, self.day, self.email, self.phone, self.ending))


@dataclass(frozen=True)
class Family:
    """A household of which at least one was looked for; ``found`` are those."""

    members: list[Resident]
    found: frozenset[UUID]


@dataclass(frozen=True)
class Found:
    """The households, and whether there were more people than are shown."""

    families: list[Family] = field(default_factory=list)
    is_cut: bool = False


def read(text: str) -> Question:
    """What somebody typed into the one box: a name, a year, a date, a telephone or an e-mail address, also together."""
    text = clean(text)[:LONGEST]
    if _PHONE.match(text) and not _DATE.match(text) and not _is_year(text):
        phone, ending = _telephone(text)
        return Question(phone=phone, ending=ending)
    names: list[str] = []
    year: int | None = None
    day: date | None = None
    email = ending = phone = ""
    for word in text.replace(",", " ").split():
        if "@" in word:
            email = word.lower()
        elif _is_year(word.rstrip(".")):
            year = int(word.rstrip("."))
        elif match := _DATE.match(word):
            try:
                day = date(int(match[3]), int(match[2]), int(match[1]))
            except ValueError:
                continue
        elif _PHONE.match(word):
            phone, ending = _telephone(word)
        elif any(letter.isalpha() for letter in word):
            names.append(word)
    return Question(names=tuple(names[:5]), year=year, day=day, email=email, phone=phone, ending=ending)


def find(*, reach: Reach, question: Question, also: Q | None = None) -> Found:
    """The households of those who fit, for somebody of this reach; two queries."""
    short = [name for name in question.names if len(name) < SHORTEST_NAME]
    if not reach or not question or (short and len(short) == len(question.names)):
        return Found()
    rows = list(
        Resident.objects.filter(_fits(question))
        .filter(_within(reach, question, also))
        .order_by("family_name", "given_name", "birth_year", "id")
        .values_list("pk", "household_id")[: MOST_FOUND + 1]
    )
    shown = rows[:MOST_FOUND]
    homes = list(dict.fromkeys(home for _pk, home in shown))
    found = frozenset(pk for pk, _home in shown)
    members: dict[UUID, list[Resident]] = {home: [] for home in homes}
    people = Resident.objects.filter(household__in=homes).select_related("household", "village__parish")
    for person in people.order_by("birth_year", "family_name", "given_name", "id"):
        members[person.household_id].append(person)
    return Found(families=[Family(members=members[home], found=found) for home in homes], is_cut=len(rows) > MOST_FOUND)


def reachable(
    *, reach: Reach, pks: Iterable[UUID], also: Q | None = None, told: Question | None = None
) -> list[Resident]:
    """These people, as far as they or somebody of their household may be found by who is asking, in the order asked."""
    wanted = list(pks)
    homes = Resident.objects.filter(_within(reach, told or Question(), also))
    if told:
        homes = homes.filter(_fits(told))
    rows = Resident.objects.filter(pk__in=wanted, household__in=homes.values("household")).select_related(
        "household", "village"
    )
    by_pk = {row.pk: row for row in rows}
    return [by_pk[pk] for pk in wanted if pk in by_pk]


def _fits(question: Question) -> Q:
    fits = Q()
    for name in question.names:
        folded = Fold(Value(name))
        # A word begins the name, or follows a space or the hyphen of a double name.
        begins = Q(name_key__startswith=folded)
        for before in (" ", "-"):
            begins |= Q(name_key__contains=Concat(Value(before), folded))
        fits &= begins
    if question.year is not None:
        fits &= Q(birth_year=question.year)
    if question.day is not None:
        day = question.day
        fits &= Q(birth_year=day.year) & (Q(birth_month=None) | Q(birth_month=day.month, birth_day=day.day))
    if question.email:
        fits &= _reached_by(email=question.email)
    if question.phone:
        fits &= _reached_by(phone=question.phone)
    if question.ending:
        fits &= Q(household__phone__endswith=question.ending)
    return fits


def within(reach: Reach, *, also: Q | None = None, side: str = "") -> Q:
    """Whom somebody of this reach sees without having been told a contact; ``side`` is the way to the resident."""
    if not reach:
        return Q(pk__in=[])
    if reach.is_administrator or reach.headed:
        return Q()
    parishes = set(reach.parish_codes) | {post.centre.parish_id for post in reach.acting if post.centre is not None}
    theirs = Q(**{f"{side}village__parish__in": sorted(parishes)}) | Q(**{f"{side}village": None})
    return theirs if also is None else theirs | also


def _within(reach: Reach, question: Question, also: Q | None) -> Q:
    return Q() if question.email or question.phone else within(reach, also=also)


def _reached_by(**contact: str) -> Q:
    """Whose household this contact is, or who was known by it before two entries of them were joined.

    As one set of keys: with OR between two tables no index would help.
    """
    theirs = Resident.objects.filter(**{f"household__{name}": value for name, value in contact.items()})
    once = Alias.objects.filter(**contact).exclude(**dict.fromkeys(contact, "")).order_by()
    return Q(pk__in=theirs.order_by().values("pk").union(once.values("resident")))


def _is_year(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) == 4 and 1900 <= int(word) <= 2099


def _telephone(text: str) -> tuple[str, str]:
    """The number whole as E.164, or else the digits it ends with; four at least."""
    digits = "".join(letter for letter in text if letter.isascii() and letter.isdigit())
    try:
        number = phonenumbers.parse(text, settings.PHONENUMBER_DEFAULT_REGION)
        if phonenumbers.is_valid_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), ""
    except phonenumbers.NumberParseException:
        pass
    return "", digits if len(digits) >= 4 else ""
