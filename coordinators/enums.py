"""The words of projects and mobilities, and the days that each kind of mobility may last."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ProjectAction(models.TextChoices):
    """Which action of the programme pays."""

    KA122 = "KA122", _("KA122, short-term project")
    KA121 = "KA121", _("KA121, accredited project")
    KA210 = "KA210", _("KA210, small-scale partnership")
    KA220 = "KA220", _("KA220, cooperation partnership")
    OTHER = "other", _("Another programme")


class MobilityKind(models.TextChoices):
    """What somebody goes abroad for: the KA1 activity types of adult education, by the codes of the Beneficiary Module."""

    JOB_SHADOWING = "JS", _("Job shadowing")
    TEACHING = "TA", _("Teaching or training assignment")
    COURSES = "CT", _("Courses and training")
    GROUP = "GM", _("Group mobility of adult learners")
    SHORT = "STM", _("Short-term learning mobility")
    LONG = "LTM", _("Long-term learning mobility")
    EXPERT = "IE", _("Invited experts")
    HOSTED = "HT", _("Hosting teachers and educators in training")
    PREPARATORY = "PV", _("Preparatory visit")

    @property
    def days(self) -> tuple[int, int]:
        """The least and the most days without travel."""
        return DAYS[self.value]

    @property
    def is_of_staff(self) -> bool:
        """Whether it is a mobility of staff."""
        return self.value in OF_STAFF

    @property
    def takes_a_post(self) -> bool:
        """Whether somebody who holds a post goes on it."""
        return self.value in (*OF_STAFF, self.PREPARATORY)

    @property
    def comes_here(self) -> bool:
        """Whether somebody comes from abroad instead of going there."""
        return self.value in COME_HERE


# The Programme Guide, KA1 adult education: the least and the most days of activity, travel days apart. The last three have
# no limit in its lists.
DAYS = {
    "JS": (2, 60),
    "TA": (2, 365),
    "CT": (2, 30),
    "GM": (2, 30),
    "STM": (2, 29),
    "LTM": (30, 365),
    "IE": (1, 365),
    "HT": (1, 365),
    "PV": (1, 365),
}
OF_STAFF = ("JS", "TA", "CT")
OF_LEARNERS = ("GM", "STM", "LTM")
# Whose participants a project promises and counts: neither experts, hosted trainees nor visits made to prepare are among them.
COUNTED = (*OF_STAFF, *OF_LEARNERS)
COME_HERE = ("IE", "HT")
# A KA122 project: its objectives (of any project, kept by the database), its participants, its months.
MOST_OBJECTIVES = 5
MOST_PARTICIPANTS = 30
MONTHS = (6, 18)


class MobilityState(models.TextChoices):
    """Whether it is still to come, has been, or will not be."""

    PLANNED = "planned", _("Planned")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")


class ParticipantReport(models.TextChoices):
    """What became of the participant's report, which the Beneficiary Module asks for after the stay."""

    NOT_REQUESTED = "not_requested", _("Not requested yet")
    REQUESTED = "requested", _("Requested")
    SUBMITTED = "submitted", _("Submitted")


class SharingLevel(models.TextChoices):
    """How far what the project learned was carried."""

    INSTITUTION = "institution", _("In the institution")
    MUNICIPALITY = "municipality", _("In the municipality")
    REGION = "region", _("In the region")
    COUNTRY = "country", _("In the country")


class PublicationChannel(models.TextChoices):
    """Where something was published."""

    WEBSITE = "website", _("Website")
    SOCIAL = "social", _("Social media")
    PRESS = "press", _("Newspaper or magazine")
    BROADCAST = "broadcast", _("Radio or television")
    NEWSLETTER = "newsletter", _("Newsletter")
    MATERIAL = "material", _("Methodical material")
    OTHER = "other", _("Elsewhere")


class PublicationLanguage(models.TextChoices):
    """The language of a publication."""

    LATVIAN = "lv", _("Latvian")
    ENGLISH = "en", _("English")
    RUSSIAN = "ru", _("Russian")
    UKRAINIAN = "uk", _("Ukrainian")
    OTHER = "xx", _("Another language")
