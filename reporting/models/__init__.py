"""What outlives people: facts of taking part; figures that are typed in; what the network's practices led to."""

from reporting.models.facts import FoldedYear, KeptFigure, KeyMark, Participation, Pseudonym
from reporting.models.practices import PracticeUse
from reporting.models.totals import ActivityTotal, ActivityTotalEntry, TotalCode

__all__ = [
    "ActivityTotal",
    "ActivityTotalEntry",
    "FoldedYear",
    "KeptFigure",
    "KeyMark",
    "Participation",
    "PracticeUse",
    "Pseudonym",
    "TotalCode",
]
