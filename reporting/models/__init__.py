"""What outlives people; figures that are typed in; what practices led to; and what all of them are told in."""

from reporting.models.baselines import Baseline, BaselineValue
from reporting.models.facts import FoldedYear, KeptFigure, KeyMark, Participation, Pseudonym
from reporting.models.practices import PracticeUse
from reporting.models.reports import Report, ReportText, ReportVersion
from reporting.models.totals import ActivityTotal, ActivityTotalEntry, TotalCode

__all__ = [
    "ActivityTotal",
    "ActivityTotalEntry",
    "Baseline",
    "BaselineValue",
    "FoldedYear",
    "KeptFigure",
    "KeyMark",
    "Participation",
    "PracticeUse",
    "Pseudonym",
    "Report",
    "ReportText",
    "ReportVersion",
    "TotalCode",
]
