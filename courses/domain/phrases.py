"""What an activity is in a few words, in the reader's language: for cards, pages, papers and letters alike."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.models import Activity
from ecosystem import dates
from ecosystem.dates import NBSP

Times = Sequence[tuple[datetime, datetime]]


def when_words(times: Times) -> str:
    """ "Trešdien 10:00–12:15, 12 reizes"; several weekdays are joined."""
    if not times:
        return _("Over")
    starts_at, ends_at = times[0]
    weekdays = sorted({dates.local_day(start).weekday() for start, _end in times})
    if len(weekdays) <= 3:
        named = [dates.word("on_day", day) for day in weekdays]
        days = dates.capital(dates.joined(named, _("and")))
    else:
        days = dates.capital(dates.word("on_day", dates.local_day(starts_at).weekday()))
    text = f"{days} {dates.hours_on_page(starts_at, ends_at)}"
    return f"{text}, {count_words(len(times))}" if len(times) > 1 else text


def count_words(number: int) -> str:
    """ "12 reizes"."""
    return ngettext("%(n)s time", "%(n)s times", number).replace(" ", NBSP) % {"n": number}


def place_words(activity: Activity) -> str:
    """The centre and, where its name does not say so, the village; online says so."""
    if activity.format == "online":
        return _("Online")
    if activity.centre is None:
        return activity.parish.centre_name
    return str(activity.centre.name)


def whom_words(activity: Activity) -> str:
    """ "Senioriem" or, with limits of its own, "No 60 gadiem"."""
    low, high = activity.age_min, activity.age_max
    audiences = list(activity.audiences.all())
    widest = [(a.age_min, a.age_max) for a in audiences]
    if (low or high) and (low, high) not in widest:
        return age_words(low, high)
    return ", ".join(
        dates.capital(str(a.dative)) if place == 0 else str(a.dative).lower() for place, a in enumerate(audiences)
    )


def age_words(low: int | None, high: int | None) -> str:
    """ "No 60 gadiem", "7–15 gadi", "Līdz 12 gadiem"."""
    if low is not None and high is not None:
        return _("Ages %(low)s–%(high)s") % {"low": low, "high": high}
    if low is not None:
        return _("From the age of %(low)s") % {"low": low}
    return _("Up to the age of %(high)s") % {"high": high}


def price_words(fee: Decimal) -> str:
    """ "Bez maksas" or "8,00 €"."""
    return money(fee) if fee else _("Free of charge")


def money(amount: Decimal) -> str:
    """ "8,00 €", English "€8.00"."""
    if dates.is_latvian():
        return f"{amount:,.2f}".replace(",", NBSP).replace(".", ",") + f"{NBSP}€"
    return f"€{amount:,.2f}"
