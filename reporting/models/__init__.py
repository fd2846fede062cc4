"""What outlives people: facts of taking part; what practices led to; and what the figures are told in."""

from reporting.models.baselines import Baseline, BaselineValue
from reporting.models.facts import FoldedYear, KeptFigure, Participation, Pseudonym
from reporting.models.practices import PracticeUse
from reporting.models.reports import Report, ReportText, ReportVersion

__all__ = [
    "Baseline",
    "BaselineValue",
    "FoldedYear",
    "KeptFigure",
    "Participation",
    "PracticeUse",
    "Pseudonym",
    "Report",
    "ReportText",
    "ReportVersion",
]
