"""What an objective has reached: the number somebody typed, or else the figure of its indicator.

A typed number stands above the indicator's, since whoever typed it knows of something the portal does not.
"""

from datetime import date
from decimal import Decimal

from coordinators.models import Objective


def measurable() -> list[tuple[str, str]]:
    """The indicators that an objective can be measured by: code, and code with name."""
    return []


def actual(objective: Objective, *, today: date) -> Decimal | None:
    """What is reached so far; None where it is not known."""
    return objective.actual
