"""Who began, wrote and sealed is named while they do this work; afterwards the reports stand without a name."""

from datetime import datetime

from courses.domain import forgetting
from reporting.models import Baseline, Report, ReportText, ReportVersion

DUTIES = (
    (Baseline, "created_by"),
    (Report, "created_by"),
    (ReportText, "changed_by"),
    (ReportVersion, "sealed_by"),
)


def forget(*, now: datetime) -> int:
    """Take the names of who holds no post any more; how many."""
    return forgetting.forget_duties(now=now, duties=DUTIES)
