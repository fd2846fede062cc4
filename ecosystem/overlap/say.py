"""Why, in words that a person can act on, in Latvian and English."""

from collections.abc import Sequence

from ecosystem.overlap import people as reaching
from ecosystem.overlap import place as places
from ecosystem.overlap.finding import CLASH, DUPLICATE, Finding, Reason
from ecosystem.overlap.profile import Group, Profile
from ecosystem.overlap.thing import Thing
from ecosystem.overlap.timing import Timing
from ecosystem.overlap.words import about

NBSP = "\u00a0"
_MONTHS_EN = [
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
]
# Latvian months: in (locative), of (genitive), until (dative).
_IN = [
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
]
_OF = [
    "janvāra",
    "februāra",
    "marta",
    "aprīļa",
    "maija",
    "jūnija",
    "jūlija",
    "augusta",
    "septembra",
    "oktobra",
    "novembra",
    "decembra",
]
_UNTIL = [
    "janvārim",
    "februārim",
    "martam",
    "aprīlim",
    "maijam",
    "jūnijam",
    "jūlijam",
    "augustam",
    "septembrim",
    "oktobrim",
    "novembrim",
    "decembrim",
]
_WEEKS_LV = (
    "",
    "tā pati",
    *(f"tās pašas {n}" for n in ["divas", "trīs", "četras", "piecas", "sešas", "septiņas", "astoņas", "deviņas"]),
)
_NUMBERS_EN = ("", "", *["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"])


def reasons(
    first: Profile, second: Profile, where: places.Place, when: Timing, what: Thing, kind: str
) -> tuple[Reason, ...]:
    """The four answers, each a sentence."""
    return (
        people(first, second),
        place(first, second, where),
        time(when),
        topic(first, second, what, kind),
    )


def summary(finding: Finding, language: str) -> str:
    """The whole finding in one sentence, for a list: for whom, how far, when; about what."""
    first, second, when = finding.first, finding.second, finding.timing
    if language == "lv":
        whom = _both_lv(first, second, "Abas")
        meet = count_lv(when.collisions, "nodarbība", "nodarbības", "nodarbību")
        last = f"abas {_par(finding.thing)}" if finding.kind == DUPLICATE else f"{meet} vienā laikā, saturs dažāds"
        return f"{whom}, {_where_lv(finding.place)}, {_when_lv(when)}; {last}."
    whom = _both_en(first, second, "Both")
    meet = f"{when.collisions} {'session' if when.collisions == 1 else 'sessions'}"
    last = (
        f"both {_about(finding.thing)}" if finding.kind == DUPLICATE else f"{meet} at the same hours, different things"
    )
    return f"{whom}, {_where_en(finding.place)}, {_when_en(when)}; {last}."


def people(first: Profile, second: Profile) -> Reason:
    """For whom both are."""
    if groups_of_both(first, second):
        both = f"{_both_lv(first, second, 'Abas paredzētas')}."
        return Reason("people", both, f"{_both_en(first, second, 'Both are')}.")
    mine, theirs = _whom_lv(first.groups), _whom_lv(second.groups)
    lv = f"Viena paredzēta {mine}, otra – {theirs}: cilvēki lielākoties ir tie paši."
    mine, theirs = _whom_en(first.groups), _whom_en(second.groups)
    return Reason("people", lv, f"One is for {mine}, the other for {theirs}: they are mostly the same people.")


def place(first: Profile, second: Profile, where: places.Place) -> Reason:
    """How they lie to each other."""
    if where.relation == "online":
        return Reason(
            "place",
            "Vismaz vienā var piedalīties tiešsaistē, tāpēc attālumam nav nozīmes.",
            "At least one can be joined online, so distance does not matter.",
        )
    mine, theirs = first.parish_name or first.parish, second.parish_name or second.parish
    away = where.km is not None and round(where.km) > 0
    lv, en = (f", attālums {_km(where.km)}", f", {_km(where.km)} apart") if away else ("", "")
    if where.relation == "same":
        return Reason("place", f"Vienā pagastā: {mine}{lv}.", f"In one parish: {mine}{en}.")
    both_lv, both_en = " un ".join(filter(None, (mine, theirs))), " and ".join(filter(None, (mine, theirs)))
    if where.relation == "neighbours":
        return Reason("place", f"Kaimiņu pagastos: {both_lv}{lv}.", f"In neighbouring parishes: {both_en}{en}.")
    return Reason("place", f"Netālu: {both_lv}{lv}.", f"Close by: {both_en}{en}.")


def time(when: Timing) -> Reason:
    """How they lie in time."""
    lv, en = [_when_lv(when, "ir ")], [_when_en(when, "lie" if when.days_apart != 1 else "lies")]
    if when.minutes:
        lv.append(count_lv(when.collisions, "nodarbība sakrīt", "nodarbības sakrīt", "nodarbību sakrīt"))
        en.append(f"{when.collisions} {'session is' if when.collisions == 1 else 'sessions are'} at the same hours")
    return Reason("time", _sentence(lv), _sentence(en))


def topic(first: Profile, second: Profile, what: Thing, kind: str) -> Reason:
    """What both are about, or that it is not the same."""
    mine, theirs = first.title, second.title
    if kind == CLASH:
        return Reason(
            "topic",
            f"Saturs ir dažāds («{mine}» un «{theirs}»), bet cilvēks vienlaikus var būt tikai vienā vietā.",
            f"The content differs (“{mine}” and “{theirs}”), but nobody can be in two places at once.",
        )
    lv, en = "", ""
    if first.topic and second.topic and not what.same_topic:
        lv, en = ", lai gan norādītas atšķirīgas tēmas", ", though under different topics"
    return Reason(
        "topic",
        f"Abas ir {_par(what)}{lv}: «{mine}» un «{theirs}».",
        f"Both are {_about(what)}{en}: “{mine}” and “{theirs}”.",
    )


def month_lv(month: str) -> str:
    """ "2027. gada februārī" of ``2027-02``."""
    year, number = month.split("-")
    return f"{year}. gada {_IN[int(number) - 1]}"


def month_en(month: str) -> str:
    """ "February 2027" of ``2027-02``."""
    year, number = month.split("-")
    return f"{_MONTHS_EN[int(number) - 1]} {year}"


def whom_lv(group: Group) -> str:
    """A group in the dative: "senioriem"."""
    if not group.for_lv:
        return f"mērķgrupai «{group.name or group.code}»"
    # English tells a name from a common word: "For Ukrainian civilians".
    named = group.for_en.removeprefix("For ")[:1].isupper()
    return group.for_lv if named else group.for_lv[:1].lower() + group.for_lv[1:]


def whom_en(group: Group) -> str:
    """A group after "for": "seniors"."""
    return group.for_en.removeprefix("For ").removeprefix("for ") or f"“{group.name or group.code}”"


def groups_of_both(first: Profile, second: Profile) -> list[Group]:
    """The audiences that both name, in the order of the first."""
    theirs = {group.code for group in second.groups}
    return list({group.code: group for group in first.groups if group.code in theirs}.values())


def _both_lv(first: Profile, second: Profile, start: str) -> str:
    common = groups_of_both(first, second)
    if common:
        return f"{start} {listed([whom_lv(group) for group in common], 'un')}{ages_of_both(common, first, second)}"
    return f"Viena {_whom_lv(first.groups)}, otra {_whom_lv(second.groups)}"


def _both_en(first: Profile, second: Profile, start: str) -> str:
    common = groups_of_both(first, second)
    if common:
        return f"{start} for {listed([whom_en(group) for group in common], 'and')}{ages_of_both(common, first, second)}"
    return f"One for {_whom_en(first.groups)}, one for {_whom_en(second.groups)}"


def _whom_lv(groups: Sequence[Group]) -> str:
    return listed([whom_lv(group) for group in groups], "un")


def _whom_en(groups: Sequence[Group]) -> str:
    return listed([whom_en(group) for group in groups], "and")


def listed(some: Sequence[str], joined: str) -> str:
    """ "a, b and c"; in Latvian other words join what has *un* in it already."""
    between = ", kā arī " if joined == "un" and any(" un " in one for one in some) else f" {joined} "
    return between.join(filter(None, (", ".join(some[:-1]), some[-1] if some else "")))


def ages_of_both(common: Sequence[Group], first: Profile, second: Profile) -> str:
    """The ages that both take, where they are fewer than the audience's own."""
    taken = [_overlap(reaching.ages(group, first), reaching.ages(group, second)) for group in common]
    whole = [(reaching.part_of(group), group) for group in common]
    own = [
        (
            part.age_from if group.age_min is None else group.age_min,
            part.age_to if group.age_max is None else group.age_max,
        )
        for part, group in whole
    ]
    low, high = min(low for low, _high in taken), max(high for _low, high in taken)
    if low > high or (low <= min(one for one, _ in own) and high >= min(reaching.OLDEST, max(one for _, one in own))):
        return ""
    return f" {low}+" if high >= reaching.OLDEST else f" {low}–{high}"


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return max(one[0], other[0]), min(one[1], other[1])


def _par(what: Thing) -> str:
    named = about(what.common)
    return f"par {named[0]}" if named else "par vienu un to pašu"


def _about(what: Thing) -> str:
    named = about(what.common)
    return f"about {named[1]}" if named else "about the same thing"


def _where_lv(where: places.Place) -> str:
    if where.relation == "online":
        return "vismaz viena tiešsaistē"
    if where.km is not None and round(where.km) > 0:
        return f"{_km(where.km)} viena no otras"
    return "vienā pagastā" if where.relation == "same" else "kaimiņu pagastos"


def _where_en(where: places.Place) -> str:
    if where.relation == "online":
        return "at least one online"
    if where.km is not None and round(where.km) > 0:
        return f"{_km(where.km)} apart"
    return "in one parish" if where.relation == "same" else "in neighbouring parishes"


def _when_lv(when: Timing, verb: str = "") -> str:
    if when.weeks:
        return _weeks_lv(when)
    if when.days_apart:
        return f"starp abām {verb}{count_lv(when.days_apart, 'diena', 'dienas', 'dienu')}"
    return "norises posmi pārklājas vai seko cits citam"


def _when_en(when: Timing, verb: str = "") -> str:
    if when.weeks:
        return _weeks_en(when)
    if when.days_apart:
        days = f"{when.days_apart} {'day' if when.days_apart == 1 else 'days'}"
        return " ".join(filter(None, (days, verb, "between them")))
    return "the periods overlap or follow each other"


def _km(km: float | None) -> str:
    return f"{max(1, round(km or 0))}{NBSP}km"


def _weeks_lv(when: Timing) -> str:
    months, number = when.months, len(when.weeks)
    if number < len(_WEEKS_LV):
        of = f"{_OF[months[0]]} " if len(months) == 1 else ""
        said = f"{_WEEKS_LV[number]} {of}{'nedēļa' if number == 1 else 'nedēļas'}"
    else:
        said = count_lv(number, "kopīga nedēļa", "kopīgas nedēļas", "kopīgu nedēļu")
        if len(months) == 1:
            said = f"{said} {_IN[months[0]]}"
    if len(months) == 2:
        return f"{said} {_IN[months[0]]} un {_IN[months[1]]}"
    return f"{said} no {_OF[months[0]]} līdz {_UNTIL[months[-1]]}" if len(months) > 2 else said


def _weeks_en(when: Timing) -> str:
    months, number = when.months, len(when.weeks)
    said = "the same week" if number == 1 else f"the same {_NUMBERS_EN[number] if number <= 12 else number} weeks"
    names = [_MONTHS_EN[month] for month in months]
    if len(names) > 2:
        return f"{said} from {names[0]} to {names[-1]}"
    return f"{said} of {' and '.join(names)}"


def count_lv(number: int, one: str, few: str, many: str) -> str:
    """A number with its noun: 1 vieta, 2 vietas, 11 vietu."""
    if number % 10 == 1 and number % 100 != 11:
        word = one
    elif number % 10 == 0 or number % 100 in range(11, 20):
        word = many
    else:
        word = few
    return f"{number} {word}"


def _sentence(parts: list[str]) -> str:
    said = ", ".join(parts)
    return f"{said[:1].upper()}{said[1:]}."
