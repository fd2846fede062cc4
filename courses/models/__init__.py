"""The programme, and taking part in it."""

from courses.models.certificates import Certificate, CertificateBook
from courses.models.decisions import Decision
from courses.models.feedback import Feedback, FeedbackRound, FeedbackTicket
from courses.models.merges import Merge
from courses.models.news import Digest, Invitation
from courses.models.overlaps import Footprint, JointOffer, Overlap, OverlapDecision, OverlapNote, Unjudged
from courses.models.participation import Attendance, Party, Registration
from courses.models.partners import PartnerRequest
from courses.models.programme import Activity, Session
from courses.models.templates import Template

__all__ = [
    "Activity",
    "Attendance",
    "Certificate",
    "CertificateBook",
    "Decision",
    "Digest",
    "Feedback",
    "FeedbackRound",
    "FeedbackTicket",
    "Footprint",
    "Invitation",
    "JointOffer",
    "Merge",
    "Overlap",
    "OverlapDecision",
    "OverlapNote",
    "PartnerRequest",
    "Party",
    "Registration",
    "Session",
    "Template",
    "Unjudged",
]
