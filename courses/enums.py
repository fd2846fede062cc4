"""The words that the programme's columns choose from."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ActivityStatus(models.TextChoices):
    """Where an activity is on its way from idea to memory."""

    DRAFT = "draft", _("Draft")
    PLANNED = "planned", _("Planned")
    PUBLISHED = "published", _("Published")
    COMPLETED = "completed", _("Completed")
    CANCELLED = "cancelled", _("Cancelled")


class ActivityKind(models.TextChoices):
    """Only intended learning is counted as learning by the surveys, so each activity says what it is."""

    EDUCATIONAL = "educational", _("Learning")
    LEISURE = "leisure", _("Leisure")
    COUNSELLING = "counselling", _("Advice")


class ActivityFormat(models.TextChoices):
    """On the spot, over the network, or both."""

    IN_PERSON = "in_person", _("On the spot")
    ONLINE = "online", _("Online")
    HYBRID = "hybrid", _("On the spot and online")


class ActivityLanguage(models.TextChoices):
    """The language sessions are held in."""

    LATVIAN = "lv", _("Latvian")
    ENGLISH = "en", _("English")
    RUSSIAN = "ru", _("Russian")
    UKRAINIAN = "uk", _("Ukrainian")


class RegistrationState(models.TextChoices):
    """A resident's place, or place in the queue."""

    CONFIRMED = "confirmed", _("Confirmed")
    AWAITING_APPROVAL = "awaiting_approval", _("Awaiting approval")
    QUEUED = "queued", _("In the queue")
    OFFERED = "offered", _("A place is offered")
    DECLINED = "declined", _("Offer declined")
    EXPIRED = "expired", _("Offer lapsed")
    CANCELLED = "cancelled", _("Cancelled")


LIVE_STATES = ("confirmed", "awaiting_approval", "queued", "offered")
PLACE_STATES = ("confirmed", "offered")


class Channel(models.TextChoices):
    """How a registration reached us; recorded, so that figures stay comparable."""

    WEB = "web", _("Web")
    DESK = "desk", _("Desk")
    PHONE = "phone", _("Telephone")
    IMPORT = "import", _("Import")


class Presence(models.TextChoices):
    """At one session. Unmarked is the absence of a row, a state of its own."""

    PRESENT = "present", _("Present")
    ABSENT = "absent", _("Absent")
    EXCUSED = "excused", _("Excused")


class CertificateKind(models.TextChoices):
    """What a paper says: that something was learned, or that somebody was there."""

    CERTIFICATE = "certificate", _("Certificate")
    CONFIRMATION = "confirmation", _("Confirmation")
