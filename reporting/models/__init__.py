"""Figures that are typed in, and facts that outlive people."""

from reporting.models.totals import ActivityTotal, ActivityTotalEntry, TotalCode

__all__ = ["ActivityTotal", "ActivityTotalEntry", "TotalCode"]
