"""What outlives people; what the network's practices led to; and what the figures are told in."""

from reporting.models.baselines import Baseline, BaselineValue
from reporting.models.practices import PracticeUse
from reporting.models.reports import Report, ReportText, ReportVersion

__all__ = ["Baseline", "BaselineValue", "PracticeUse", "Report", "ReportText", "ReportVersion"]
