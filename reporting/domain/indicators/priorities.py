"""The horizontal priorities of Erasmus+ (HOR): green, democratic, digital."""

from collections.abc import Iterable
from dataclasses import replace

from reporting.domain.figures import Row, Unit
from reporting.domain.indicators.asking import Ask, Measure, share
from reporting.domain.indicators.offer import DELIVERED
from reporting.domain.indicators.participation import OF_ACTIVITIES
from reporting.domain.indicators.registry import indicator

# Topics of the shared vocabulary that are about the environment, and about taking part in public life.
GREEN = ("nature", "garden")
DEMOCRATIC = ("citizenship",)


@indicator("HOR-01", Unit.PERCENT, by=OF_ACTIVITIES, about_people=False)
def green_activities(ask: Ask) -> Iterable[Row]:
    """Delivered activities about the environment, nature and smallholding ÷ delivered; n is the delivered."""
    return ask.rows(_share_of(GREEN))


@indicator("HOR-02", Unit.PERCENT, by=OF_ACTIVITIES, about_people=False)
def democratic_activities(ask: Ask) -> Iterable[Row]:
    """Delivered activities about citizenship and taking part ÷ delivered; n is the delivered."""
    return ask.rows(_share_of(DEMOCRATIC))


@indicator("HOR-03", Unit.PERCENT, by=OF_ACTIVITIES)
def registered_online(ask: Ask) -> Iterable[Row]:
    """Registrations made on the web ÷ registrations of the period; beside PIE-06 the digital transformation."""
    part = "count(*) FILTER (WHERE t.channel = 'web')"
    return ask.rows(Measure(table="registered", on="registered_on", value=share(part, "count(*)"), n="count(*)"))


def _share_of(topics: tuple[str, ...]) -> Measure:
    listed = ", ".join(f"'{code}'" for code in topics)
    part = f"count(DISTINCT t.activity) FILTER (WHERE t.topic IN ({listed}))"
    return replace(DELIVERED, value=share(part, "count(DISTINCT t.activity)"), n="count(DISTINCT t.activity)")
