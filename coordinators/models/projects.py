"""Projects, what they set out to change, and the stays abroad they pay for. A participant is a post, never a name."""

from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from coordinators.enums import (
    COUNTED,
    DAYS,
    MOST_OBJECTIVES,
    MobilityKind,
    MobilityState,
    ParticipantReport,
    ProjectAction,
)
from coordinators.models.posts import Post
from ecosystem.history import KeptQuerySet
from ecosystem.privacy import Personal, Term


class Project(models.Model):
    """A grant: its number, its days, its money, and what belongs to it."""

    # As the agreement has it: 2023-1-LV01-KA122-ADU-000125873.
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    action = models.CharField(max_length=5, choices=ProjectAction.choices, default=ProjectAction.KA122)
    starts_on = models.DateField()
    ends_on = models.DateField()
    grant_eur = models.DecimalField(max_digits=10, decimal_places=2)
    # None: nobody has said yet.
    spent_eur = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)

    personal: dict[str, Personal] = {}
    objects = KeptQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(action__in=["KA122", "KA121", "KA210", "KA220", "other"]),
                name="a_project_s_action_is_known",
            ),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="a_project_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(grant_eur__gt=0), name="a_project_s_grant_is_above_zero"),
            models.CheckConstraint(
                condition=Q(spent_eur=None) | Q(spent_eur__gte=0), name="a_project_spends_no_less_than_nothing"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Objective(models.Model):
    """What the project promised, as a number to reach and a number reached: typed, or an indicator's figure."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="objectives")
    # Its number in the application, 1 to 5.
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    # The indicator that measures it (``DAL-01``) and its filters by dimension; "" when the number is typed.
    indicator = models.CharField(max_length=8, blank=True)
    filters = models.JSONField(default=dict, blank=True)
    target = models.DecimalField(max_digits=12, decimal_places=2)
    # What it was before the project; and what was reached. None: not known.
    baseline = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    actual = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    # Where it stands, in a sentence.
    status = models.CharField(max_length=600, blank=True)

    personal: dict[str, Personal] = {}
    objects = KeptQuerySet.as_manager()

    class Meta:
        ordering = ["project", "position"]
        constraints = [
            models.UniqueConstraint(fields=["project", "position"], name="an_objective_s_number_is_its_own"),
            models.CheckConstraint(
                condition=Q(position__gte=1, position__lte=MOST_OBJECTIVES),
                name="a_project_has_at_most_five_objectives",
            ),
            models.CheckConstraint(condition=Q(target__gt=0), name="an_objective_s_target_is_above_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.project_id}, {self.position}"


class MobilityQuerySet(KeptQuerySet["Mobility"]):
    """Mobilities as sets."""

    def ended_in(self, first: date, last: date) -> Self:
        """Those whose last day of activity is one of these days."""
        return self.filter(ends_on__range=(first, last))

    def counted(self) -> Self:
        """Those whose participants a project counts."""
        return self.filter(kind__in=COUNTED)

    def with_posts(self) -> Self:
        """With what is told of whose post it was."""
        return self.select_related("project", "post__department", "post__centre").prefetch_related("post__parishes")


def _lasts_as_its_kind_may() -> Q:
    """The days of each kind, as the enums have them."""
    allowed = (
        Q(
            kind=kind,
            ends_on__gte=F("starts_on") + timedelta(days=least - 1),
            ends_on__lte=F("starts_on") + timedelta(days=most - 1),
        )
        for kind, (least, most) in DAYS.items()
    )
    return reduce(or_, allowed)


class Mobility(models.Model):
    """A stay abroad: what for, whose post went, where, on which days; planned, done or cancelled.

    What stands in the grant is the plan: a cancelled one was planned and not done, one done in its stead that the grant
    does not name was done and not planned.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="mobilities")
    # Its number in the Beneficiary Module or in one's own table: by it a file changes what it brought before.
    ref = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=3, choices=MobilityKind.choices)
    state = models.CharField(max_length=9, choices=MobilityState.choices, default=MobilityState.PLANNED)
    in_grant = models.BooleanField(default=True)
    # Whose job it served, which says the role and the parishes; None: learners, guests, or not decided yet.
    post = models.ForeignKey(Post, null=True, blank=True, on_delete=models.PROTECT, related_name="mobilities")
    participants = models.PositiveSmallIntegerField(default=1)
    # The organisation that received them or gave the course, or that guests come from; "" while it is not known.
    host = models.CharField(max_length=200, blank=True)
    # ISO 3166, two letters.
    country = models.CharField(max_length=2, blank=True)
    # Days of activity: the days of travel before and after are not among them.
    starts_on = models.DateField()
    ends_on = models.DateField()
    # None: not known.
    green_travel = models.BooleanField(null=True, blank=True)
    is_blended = models.BooleanField(null=True, blank=True)
    has_agreement = models.BooleanField(null=True, blank=True)
    has_certificate = models.BooleanField(null=True, blank=True)
    report = models.CharField(max_length=13, choices=ParticipantReport.choices, default=ParticipantReport.NOT_REQUESTED)
    # What was brought home, in the words of whoever went; names nobody.
    brought_home = models.TextField(max_length=2000, blank=True)

    personal = {
        "post": Personal(_("Which post went on a study visit"), _("To account for the grant"), Term.DUTY),
    }
    objects = MobilityQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["JS", "TA", "CT", "GM", "STM", "LTM", "IE", "HT", "PV"]),
                name="a_mobility_s_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "done", "cancelled"]), name="a_mobility_s_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(report__in=["not_requested", "requested", "submitted"]),
                name="a_participant_s_report_is_known",
            ),
            models.CheckConstraint(condition=_lasts_as_its_kind_may(), name="a_mobility_lasts_as_its_kind_may"),
            models.CheckConstraint(
                condition=Q(participants__gte=1) & (Q(post=None) | Q(participants=1)),
                name="a_mobility_has_participants_and_a_post_goes_alone",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | (~Q(host="") & ~Q(country="")), name="what_was_done_was_somewhere"
            ),
            models.CheckConstraint(
                condition=Q(country="") | Q(country__regex=r"^[A-Z]{2}$"), name="a_country_is_two_letters"
            ),
            models.UniqueConstraint(
                fields=["project", "ref"], condition=~Q(ref=""), name="a_mobility_s_number_is_its_own_in_the_project"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}, {self.country}, {self.starts_on}"

    @property
    def days(self) -> int:
        """Days of activity, travel days apart."""
        return (self.ends_on - self.starts_on).days + 1

    @property
    def is_counted(self) -> bool:
        """Whether the project counts its participants."""
        return self.kind in COUNTED

    @property
    def is_done(self) -> bool:
        """Whether it has been."""
        return self.state == MobilityState.DONE
