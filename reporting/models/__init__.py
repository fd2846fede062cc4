"""What the figures are told in: reports, and what they are measured against."""

from reporting.models.baselines import Baseline, BaselineValue
from reporting.models.reports import Report, ReportText, ReportVersion

__all__ = ["Baseline", "BaselineValue", "Report", "ReportText", "ReportVersion"]
