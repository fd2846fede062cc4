"""Who wrote and sealed a report, or typed a total in, is named while they do this work; afterwards what they wrote stands alone."""

from datetime import datetime

from courses.domain import forgetting
from reporting.models import ActivityTotal, ActivityTotalEntry, Baseline, Report, ReportText, ReportVersion

DUTIES = (
    (ActivityTotal, "entered_by"),
    (ActivityTotalEntry, "entered_by"),
    (Baseline, "created_by"),
    (Report, "created_by"),
    (ReportText, "changed_by"),
    (ReportVersion, "sealed_by"),
)


def forget(*, now: datetime) -> int:
    """Take the names of who holds no post any more; how many."""
    return forgetting.forget_duties(now=now, duties=DUTIES)
