"""The programme, and taking part in it."""

from courses.models.certificates import Certificate, CertificateBook
from courses.models.decisions import Decision
from courses.models.participation import Attendance, Party, Registration
from courses.models.programme import Activity, Session

__all__ = [
    "Activity",
    "Attendance",
    "Certificate",
    "CertificateBook",
    "Decision",
    "Party",
    "Registration",
    "Session",
]
