"""The programme, and taking part in it."""

from courses.models.decisions import Decision
from courses.models.merges import Merge
from courses.models.participation import Attendance, Party, Registration
from courses.models.programme import Activity, Session

__all__ = ["Activity", "Attendance", "Decision", "Merge", "Party", "Registration", "Session"]
