"""The way from a place's page to its printed programme."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from courses.documents.posters import SIZES
from courses.domain.months import Month
from ecosystem import dates


def months(place: str, slug: str, *, today: date) -> list[dict[str, Any]]:
    """The printed programme of a "parish" or a "centre": this month's and the next one's, as poster and leaflet."""
    this = Month.of(today)
    papers = [(reverse(f"courses:{place}_poster", args=[slug]), _("poster"))]
    papers.append((reverse(f"courses:{place}_leaflet", args=[slug]), _("leaflet")))
    return [
        {
            "month": dates.capital(dates.word("month", month.month - 1)),
            "papers": [
                {"label": f"{words} {size.upper()}", "url": f"{url}?menesis={month.code}&izmers={size}"}
                for url, words in papers
                for size in SIZES
            ],
        }
        for month in (this, this.next())
    ]
