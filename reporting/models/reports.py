"""Reports: what is said of a period, in figures and in the head's words, until it is sealed and stays as it is."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import BinaryField, CharField, F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from coordinators.models import Project
from ecosystem.models import Department
from ecosystem.privacy import Personal, Term
from reporting.models.baselines import Baseline


class ReportQuerySet(models.QuerySet["Report"]):
    """Reports as sets."""

    def with_versions(self) -> Self:
        """Each with what a list shows beside it."""
        versions = models.Prefetch("versions", ReportVersion.objects.defer("content"))
        return self.select_related("department", "project").prefetch_related(versions)


class Report(models.Model):
    """A period told: of a year, a quarter, a project or any days; of one department or of the whole.

    It is written (``sealed_at`` empty), then sealed as a version; the next version may be begun, and is sealed beside it.
    """

    class Kind(models.TextChoices):
        """What it is of."""

        YEAR = "year", _("Year")
        QUARTER = "quarter", _("Quarter")
        PROJECT = "project", _("Project")
        FREE = "free", _("Other period")

    LONGEST_TITLE = 160

    kind = models.CharField(max_length=7, choices=Kind.choices)
    # Its own name; empty: made of the kind and the period.
    title_lv = models.CharField(max_length=LONGEST_TITLE, blank=True)
    title_en = models.CharField(max_length=LONGEST_TITLE, blank=True)
    first_on = models.DateField()
    last_on = models.DateField()
    # None: of the whole.
    department = models.ForeignKey(Department, null=True, blank=True, on_delete=models.PROTECT, related_name="reports")
    # Of a project's report the grant it is about.
    project = models.ForeignKey(Project, null=True, blank=True, on_delete=models.PROTECT, related_name="reports")
    baseline = models.ForeignKey(Baseline, null=True, blank=True, on_delete=models.PROTECT, related_name="reports")
    # The version that is written, or the last that was sealed.
    version = models.PositiveSmallIntegerField(default=1)
    sealed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # Made of the form that asked for it, so that a second press makes no second one.
    form_key = models.UUIDField(null=True, blank=True, unique=True)

    personal = {"created_by": Personal(_("Who began the report"), _("To answer for the report"), Term.DUTY)}
    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-last_on", "-first_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["year", "quarter", "project", "free"]), name="a_report_s_kind_is_known"
            ),
            models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="a_report_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(version__gte=1), name="a_report_s_versions_count_from_one"),
            models.CheckConstraint(
                condition=Q(kind="project", project__isnull=False) | (~Q(kind="project") & Q(project=None)),
                name="a_project_s_report_names_it_and_no_other_does",
            ),
            models.UniqueConstraint(
                fields=["project", "department"],
                condition=Q(kind="project"),
                nulls_distinct=False,
                name="one_report_of_a_project_a_department",
            ),
            # Two reports of one year would each lack what is written in the other. Of other days there may be several.
            models.UniqueConstraint(
                fields=["kind", "first_on", "last_on", "department"],
                condition=Q(kind__in=["year", "quarter"]),
                nulls_distinct=False,
                name="one_report_of_a_year_or_quarter_a_department",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.first_on}–{self.last_on}"

    @property
    def is_open(self) -> bool:
        """Whether it is written; a sealed one takes no words until the next version is begun."""
        return self.sealed_at is None


class ReportText(models.Model):
    """The head's words in one section, in Latvian and in English side by side."""

    class Section(models.TextChoices):
        """What a final report of a KA122 project asks about."""

        SUMMARY = "summary", _("Summary")
        OBJECTIVES = "objectives", _("Objectives reached")
        ACTIVITIES = "activities", _("Activities against the plan")
        PARTICIPANTS = "participants", _("Participants, their selection and support")
        OPPORTUNITIES = "opportunities", _("Fewer opportunities")
        OUTCOMES = "outcomes", _("Learning outcomes and their recognition")
        PRACTICE = "practice", _("Green, digital and inclusive practice")
        IMPACT = "impact", _("Impact on people, the organisation and the community")
        SHARING = "sharing", _("Sharing of results")
        MANAGEMENT = "management", _("Quality and management")
        BUDGET = "budget", _("Budget")

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="texts")
    section = models.CharField(max_length=13, choices=Section.choices)
    lv = models.TextField(blank=True)
    en = models.TextField(blank=True)
    # Counts each saving: whoever saves says which one they saw.
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    personal = {
        "lv": Personal(_("Words of a report"), _("To account for the work"), Term.REPORT),
        "en": Personal(_("Words of a report"), _("To account for the work"), Term.REPORT),
        "changed_by": Personal(_("Who wrote in the report"), _("To answer for the report"), Term.DUTY),
    }

    class Meta:
        ordering = ["report", "id"]
        constraints = [
            models.UniqueConstraint(fields=["report", "section"], name="a_section_has_its_words_once"),
            models.CheckConstraint(
                condition=Q(
                    section__in=[
                        *("summary", "objectives", "activities", "participants", "opportunities", "outcomes"),
                        *("practice", "impact", "sharing", "management", "budget"),
                    ]
                ),
                name="a_section_of_a_report_is_known",
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="words_count_their_savings_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.section}"


def _checksum_of(name: str) -> Func:
    """SHA-256 of a text in UTF-8, as hexadecimal digits; every PostgreSQL has it (Django's own wants an extension)."""
    as_bytes = Func(F(name), Value("UTF8"), function="convert_to", output_field=BinaryField())
    summed = Func(as_bytes, function="sha256", output_field=BinaryField())
    return Func(summed, Value("hex"), function="encode", output_field=CharField())


class ReportVersion(models.Model):
    """A sealed version: numbers, definitions, rules, words and the state of the data as they were, with a checksum.

    It is never changed and never deleted: the domain has no function for it and a trigger of the database refuses
    (docs/adr/0014). Only the name of who sealed it may go, when that person is forgotten.
    """

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    # Canonical JSON (``reporting.domain.report_content.canonical``), kept letter by letter: what was summed is what is read.
    content = models.TextField()
    # SHA-256 of it in UTF-8, as the database counts it too.
    checksum = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()
    sealed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    personal = {
        "content": Personal(_("Words of a report"), _("To account for the work"), Term.REPORT),
        "sealed_by": Personal(_("Who sealed the report"), _("To answer for the report"), Term.DUTY),
    }

    class Meta:
        ordering = ["report", "number"]
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="a_version_of_a_report_is_sealed_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="sealed_versions_count_from_one"),
            models.CheckConstraint(condition=Q(checksum=_checksum_of("content")), name="a_checksum_is_of_its_content"),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} v{self.number}"
