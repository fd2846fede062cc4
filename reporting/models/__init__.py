"""What outlives people: facts of taking part; and figures that are typed in."""

from reporting.models.facts import FoldedYear, KeptFigure, Participation, Pseudonym
from reporting.models.totals import ActivityTotal, ActivityTotalEntry, TotalCode

__all__ = [
    "ActivityTotal",
    "ActivityTotalEntry",
    "FoldedYear",
    "KeptFigure",
    "Participation",
    "Pseudonym",
    "TotalCode",
]
