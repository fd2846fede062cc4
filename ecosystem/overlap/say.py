"""Why, in words that a person can act on, in Latvian and English."""

from collections.abc import Sequence
from datetime import date

from ecosystem.overlap import place as places
from ecosystem.overlap.finding import DUPLICATE, Reason
from ecosystem.overlap.people import ages
from ecosystem.overlap.profile import Profile
from ecosystem.overlap.thing import Thing
from ecosystem.overlap.timing import Timing

NBSP = "\u00a0"
_MONTHS_LV = (
    "janvārī",
    "februārī",
    "martā",
    "aprīlī",
    "maijā",
    "jūnijā",
    "jūlijā",
    "augustā",
    "septembrī",
    "oktobrī",
    "novembrī",
    "decembrī",
)
_MONTHS_EN = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_NUMBERS_LV = (
    "",
    "vienu un to pašu nedēļu",
    "tās pašas divas nedēļas",
    "tās pašas trīs nedēļas",
    "tās pašas četras nedēļas",
    "tās pašas piecas nedēļas",
)


def people(first: Profile, second: Profile) -> Reason:
    """For whom both are."""
    common = [group for group in first.groups if any(group.code == other.code for other in second.groups)]
    if common:
        names = ", ".join(group.name or group.code for group in common)
        span = _span([ages(group, profile) for group in common for profile in (first, second)])
        return Reason(
            "people",
            f"Abas aktivitātes ir vienai mērķgrupai: {names}{span}.",
            f"Both are for the same audience: {names}{span}.",
        )
    mine, theirs = (", ".join(group.name or group.code for group in profile.groups) for profile in (first, second))
    return Reason(
        "people",
        f"Tie paši cilvēki: viena ir grupai «{mine}», otra – «{theirs}».",
        f"The same people: one is for “{mine}”, the other for “{theirs}”.",
    )


def place(first: Profile, second: Profile, where: places.Place) -> Reason:
    """How they lie to each other."""
    if where.relation == "online":
        return Reason(
            "place", "Vismaz viena notiek tiešsaistē un sasniedz visus.", "At least one is online and reaches everyone."
        )
    if where.relation == "same":
        name = first.parish_name or first.parish
        km = f", {_km(where.km)}" if where.km is not None and round(where.km) else ""
        return Reason("place", f"Viens pagasts: {name}{km}.", f"The same parish: {name}{km}.")
    mine, theirs = first.parish_name or first.parish, second.parish_name or second.parish
    km = f", {_km(where.km)}" if where.km is not None else ""
    if where.relation == "neighbours":
        return Reason(
            "place", f"Kaimiņu pagasti: {mine} un {theirs}{km}.", f"Neighbouring parishes: {mine} and {theirs}{km}."
        )
    return Reason("place", f"Netālu: {mine} un {theirs}{km}.", f"Close by: {mine} and {theirs}{km}.")


def time(first: Profile, second: Profile, when: Timing) -> Reason:
    """How they lie in time."""
    lv, en = [], []
    if when.weeks:
        lv.append(_weeks_lv(when.weeks))
        en.append(_weeks_en(when.weeks))
    elif when.days_apart:
        lv.append(f"starp abām {_count_lv(when.days_apart, 'diena', 'dienas', 'dienu')}")
        en.append(f"{when.days_apart} {'day lies' if when.days_apart == 1 else 'days lie'} between them")
    else:
        lv.append("norises posmi pārklājas")
        en.append("the periods overlap")
    if when.minutes:
        lv.append(f"{_count_lv(when.collisions, 'nodarbība sakrīt', 'nodarbības sakrīt', 'nodarbību sakrīt')}")
        en.append(f"{when.collisions} {'session is' if when.collisions == 1 else 'sessions are'} at the same hours")
    return Reason("time", _sentence(lv), _sentence(en))


def topic(first: Profile, second: Profile, what: Thing, kind: str) -> Reason:
    """What both are about, or that it is not the same."""
    mine, theirs = first.title, second.title
    if kind == DUPLICATE:
        lv = "Viena tēma un līdzīgs saturs" if what.same_topic else "Līdzīgs saturs dažādās tēmās"
        en = "One topic and like content" if what.same_topic else "Like content under two topics"
    else:
        lv, en = (
            "Saturs ir dažāds, bet vienā laikā var būt tikai vienā vietā",
            "Different things, but one can be in one place only",
        )
    return Reason("topic", f"{lv}: «{mine}» un «{theirs}».", f"{en}: “{mine}” and “{theirs}”.")


def month_lv(month: str) -> str:
    """ "2027. gada februārī" of ``2027-02``."""
    year, number = month.split("-")
    return f"{year}. gada {_MONTHS_LV[int(number) - 1]}"


def month_en(month: str) -> str:
    """ "February 2027" of ``2027-02``."""
    year, number = month.split("-")
    return f"{_MONTHS_EN[int(number) - 1]} {year}"


def _span(intervals: Sequence[tuple[int, int]]) -> str:
    low, high = max(low for low, _high in intervals), min(high for _low, high in intervals)
    if low > high or (low <= 0 and high >= 90):
        return ""
    return f" {low}+" if high >= 90 else f" {low}–{high}"


def _km(km: float | None) -> str:
    return f"{max(1, round(km or 0))}{NBSP}km"


def _weeks_lv(weeks: Sequence[date]) -> str:
    month = _MONTHS_LV[weeks[0].month - 1] if len({week.month for week in weeks}) == 1 else ""
    said = (
        _NUMBERS_LV[len(weeks)]
        if len(weeks) < len(_NUMBERS_LV)
        else f"tās pašas {_count_lv(len(weeks), 'nedēļa', 'nedēļas', 'nedēļu')}"
    )
    return f"{said} {month}".strip()


def _weeks_en(weeks: Sequence[date]) -> str:
    month = f" of {_MONTHS_EN[weeks[0].month - 1]}" if len({week.month for week in weeks}) == 1 else ""
    return f"the same {'week' if len(weeks) == 1 else f'{len(weeks)} weeks'}{month}"


def _count_lv(number: int, one: str, few: str, many: str) -> str:
    word = (
        one
        if number % 10 == 1 and number % 100 != 11
        else many
        if number % 100 in range(10, 21) or number % 10 == 0
        else few
    )
    return f"{number} {word}"


def _sentence(parts: list[str]) -> str:
    said = ", ".join(parts)
    return f"{said[:1].upper()}{said[1:]}."
