"""The programme: activities and their dated sessions."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from centres.models import Centre, Room
from coordinators.models import Educator, Post
from courses.enums import ActivityFormat, ActivityKind, ActivityLanguage, ActivityStatus
from ecosystem.geo import Point
from ecosystem.history import KeptQuerySet
from ecosystem.models import Audience, Competence, Department, Parish, Topic
from ecosystem.privacy import Personal
from ecosystem.text import fold

# What residents have seen keeps a page: an old link still answers.
SHOWN = (ActivityStatus.PUBLISHED, ActivityStatus.COMPLETED, ActivityStatus.CANCELLED)


class ActivityQuerySet(KeptQuerySet["Activity"]):
    """The programme as sets."""

    def published(self) -> Self:
        """What the public may see in the catalogue."""
        return self.filter(status=ActivityStatus.PUBLISHED)

    def public(self) -> Self:
        """What has a public page: published, and what was and is over or called off (an old link still answers)."""
        return self.filter(status__in=SHOWN, published_at__isnull=False)

    def to_come(self, *, now: datetime) -> Self:
        """Those with a session that has not ended."""
        return self.filter(ends_at__gt=now)

    def for_page(self) -> Self:
        """With what a card or a page shows of each."""
        return self.select_related("topic", "centre", "parish", "lead").prefetch_related("audiences")


class Activity(models.Model):
    """What is offered: one lead department and any partners, audiences, ages, level, topic, place, sessions.

    The row carries how many places are taken (confirmed and offered) and how many wait. They change only under this
    row's lock, in the transaction that changes the registrations; the database is the last to refuse.
    """

    ref = models.CharField(max_length=60, blank=True)
    lead = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="activities")
    partners = models.ManyToManyField(Department, blank=True, related_name="partner_activities")
    parish = models.ForeignKey(Parish, on_delete=models.PROTECT, related_name="activities")
    centre = models.ForeignKey(Centre, null=True, blank=True, on_delete=models.PROTECT, related_name="activities")
    title = models.CharField(max_length=160)
    summary = models.TextField(blank=True)
    kind = models.CharField(max_length=12, choices=ActivityKind.choices, default=ActivityKind.EDUCATIONAL)
    format = models.CharField(max_length=10, choices=ActivityFormat.choices, default=ActivityFormat.IN_PERSON)
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="activities")
    # A row may say otherwise than its topic.
    competences = models.ManyToManyField(Competence, blank=True, related_name="activities")
    audiences = models.ManyToManyField(Audience, related_name="activities")
    age_min = models.PositiveSmallIntegerField(null=True, blank=True)
    age_max = models.PositiveSmallIntegerField(null=True, blank=True)
    level = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=2, choices=ActivityLanguage.choices, default="lv")
    # None is no limit.
    capacity = models.PositiveIntegerField(null=True, blank=True)
    # Why there are more places than were planned, in the words of whoever raised them last.
    capacity_reason = models.CharField(max_length=200, blank=True)
    min_participants = models.PositiveIntegerField(null=True, blank=True)
    fee_eur = models.DecimalField(max_digits=7, decimal_places=2, default=Decimal(0))
    # "Just come": no registration is taken.
    is_drop_in = models.BooleanField(default=False)
    needs_approval = models.BooleanField(default=False)
    # A week before, those with a place are asked whether they will come.
    asks_confirmation = models.BooleanField(default=False)
    registration_opens_at = models.DateTimeField(null=True, blank=True)
    registration_closes_at = models.DateTimeField(null=True, blank=True)
    contact = models.ForeignKey(Post, null=True, blank=True, on_delete=models.SET_NULL, related_name="activities")
    educators = models.ManyToManyField(Educator, blank=True, related_name="activities")
    status = models.CharField(max_length=10, choices=ActivityStatus.choices, default=ActivityStatus.PLANNED)
    published_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancellation_reason = models.CharField(max_length=200, blank=True)
    # Two that overlapped were made one: the address of this one leads on to the other.
    joined_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="joined_from"
    )
    # Facts of the sessions that are not cancelled, kept by ``domain.programme`` with every change of them.
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    session_count = models.PositiveSmallIntegerField(default=0)
    # Places: changed only under this row's lock.
    taken = models.PositiveIntegerField(default=0)
    waiting = models.PositiveIntegerField(default=0)
    # When anything a search looks at was last changed: the catalogue's index follows it.
    changed_at = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(default=timezone.now)
    # One form, one activity: what is sent twice, or saved by itself and then by a press, is made once.
    form_key = models.UUIDField(null=True, blank=True)

    personal: dict[str, Personal] = {}
    objects = ActivityQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "id"]
        verbose_name_plural = "activities"
        indexes = [
            models.Index(fields=["-changed_at"], name="activities_latest_change"),
            models.Index(fields=["ends_at"], condition=Q(status="published"), name="activities_to_come"),
            # What the board asks of a period is all in the index: whose, where, whether it is shown.
            models.Index(
                fields=["ends_at", "starts_at"],
                include=["id", "lead", "parish", "status"],
                name="activities_by_their_days",
            ),
            # What a desk looks through each day, however many years lie behind it.
            models.Index(
                fields=["starts_at"],
                condition=Q(status__in=["draft", "planned", "published"]),
                name="activities_on_their_way",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["lead", "ref"], condition=~Q(ref=""), name="a_ref_is_its_own_in_the_department"
            ),
            models.UniqueConstraint(fields=["form_key"], name="one_form_makes_one_activity"),
            models.CheckConstraint(condition=Q(status__in=ActivityStatus.values), name="an_activity_s_status_is_known"),
            models.CheckConstraint(condition=Q(kind__in=ActivityKind.values), name="an_activity_s_kind_is_known"),
            models.CheckConstraint(condition=Q(format__in=ActivityFormat.values), name="an_activity_s_format_is_known"),
            models.CheckConstraint(
                condition=Q(language__in=ActivityLanguage.values), name="an_activity_s_language_is_known"
            ),
            models.CheckConstraint(
                condition=Q(age_min=None) | Q(age_max=None) | Q(age_min__lte=F("age_max")),
                name="an_activity_s_ages_are_in_order",
                violation_error_message=_("The lowest age is above the highest."),
            ),
            models.CheckConstraint(
                condition=Q(capacity=None) | Q(capacity__gt=0),
                name="an_activity_has_at_least_one_place",
                violation_error_message=_("An activity has at least one place."),
            ),
            models.CheckConstraint(
                condition=Q(capacity=None) | Q(taken__lte=F("capacity")),
                name="taken_places_never_exceed_places",
                violation_error_message=_("There are not that many places."),
            ),
            models.CheckConstraint(
                condition=Q(capacity=None) | Q(min_participants=None) | Q(min_participants__lte=F("capacity")),
                name="the_minimum_fits_the_places",
                violation_error_message=_("The least number of participants is above the number of places."),
            ),
            models.CheckConstraint(
                condition=Q(fee_eur__gte=0),
                name="a_fee_is_not_negative",
                violation_error_message=_("A fee cannot be below zero."),
            ),
            models.CheckConstraint(
                condition=Q(registration_opens_at=None)
                | Q(registration_closes_at=None)
                | Q(registration_closes_at__gt=F("registration_opens_at")),
                name="registration_closes_after_it_opens",
                violation_error_message=_("Registration would close before it opens."),
            ),
            models.CheckConstraint(
                condition=Q(status="cancelled", cancelled_at__isnull=False)
                | (~Q(status="cancelled") & Q(cancelled_at=None)),
                name="a_cancelled_activity_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(joined_into=None) | (Q(status="cancelled") & ~Q(joined_into=F("id"))),
                name="what_was_joined_into_another_is_held_no_more",
            ),
            models.CheckConstraint(
                condition=~Q(status="published") | Q(published_at__isnull=False, starts_at__isnull=False),
                name="a_published_activity_has_sessions",
                violation_error_message=_("A published activity needs a session."),
            ),
            models.CheckConstraint(
                condition=Q(is_drop_in=False) | Q(taken=0, waiting=0),
                name="nobody_registers_where_one_just_comes",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The public page in the language of the reader."""
        return reverse("courses:activity", args=[self.pk, self.slug])

    @property
    def slug(self) -> str:
        """The title as part of an address; the number before it decides."""
        return slugify(fold(self.title))[:60].strip("-") or "aktivitate"

    @property
    def point(self) -> Point:
        """Where it happens: the centre, or with none the parish's centre point."""
        return self.centre.point if self.centre else self.parish.point

    @property
    def places_left(self) -> int | None:
        """Free places that a newcomer may take: none while others queue; None without a limit."""
        if self.capacity is None:
            return None
        return 0 if self.waiting else self.capacity - self.taken

    @property
    def is_cancelled(self) -> bool:
        """Called off as a whole."""
        return self.status == ActivityStatus.CANCELLED

    @property
    def goes_on_in(self) -> "Activity | None":
        """What it was made one with, where residents can see that: its own addresses lead on there."""
        other = self.joined_into if self.joined_into_id else None
        return other if other is not None and other.status in SHOWN and other.published_at is not None else None

    def closes_at(self) -> datetime | None:
        """When registration ends: as set, otherwise when the last session ends."""
        return self.registration_closes_at or self.ends_at

    def first_day(self) -> date | None:
        """The local day of the first session: ages are counted on it."""
        return timezone.localtime(self.starts_at).date() if self.starts_at else None


class SessionQuerySet(KeptQuerySet["Session"]):
    """Sessions as sets."""

    def live(self) -> Self:
        """Those not called off."""
        return self.filter(cancelled_at=None)

    def to_come(self, *, now: datetime) -> Self:
        """Those not ended, nor called off."""
        return self.live().filter(ends_at__gt=now)

    def led(self, *, by: Educator) -> Self:
        """Those that this educator leads: the activity's, unless somebody stands in; and those they stand in for."""
        own = Session.objects.filter(led_by=by).values("pk")
        regular = Session.objects.filter(led_by=None, activity__educators=by).values("pk")
        # Two ways by their indexes; joined by "or" the database would read all sessions.
        return self.filter(pk__in=own.union(regular, all=True))


class Session(models.Model):
    """One dated meeting of an activity. The database lets no two be in one room at once.

    The activity's educators lead it, unless ``led_by`` stands in for all of them.
    """

    MAX_LENGTH = timedelta(days=3)

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="sessions")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    room = models.ForeignKey(Room, null=True, blank=True, on_delete=models.PROTECT, related_name="sessions")
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancellation_reason = models.CharField(max_length=200, blank=True)
    # How many times it was moved: calendars that have it already follow the higher number.
    moved = models.PositiveSmallIntegerField(default=0)
    # How many came without registering: a legitimate attendance. None is "not counted".
    head_count = models.PositiveSmallIntegerField(null=True, blank=True)
    # Who leads this one instead: a stand-in.
    led_by = models.ForeignKey(
        Educator, null=True, blank=True, on_delete=models.SET_NULL, related_name="sessions_led_instead"
    )

    personal: dict[str, Personal] = {}
    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "id"]
        indexes = [
            models.Index(fields=["activity", "starts_at"], name="sessions_of_an_activity"),
            models.Index(fields=["starts_at"], include=["id", "activity", "cancelled_at"], name="sessions_by_start"),
            models.Index(fields=["ends_at"], name="sessions_by_end"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="a_session_ends_after_it_starts",
                violation_error_message=_("The session would end before it starts."),
            ),
            models.CheckConstraint(
                condition=Q(head_count=None) | Q(head_count__gte=0),
                name="a_head_count_is_not_negative",
                violation_error_message=_("A head count cannot be below zero."),
            ),
            models.UniqueConstraint(
                fields=["activity", "starts_at"],
                name="an_activity_s_session_starts_once",
                violation_error_message=_("Two sessions start at the same time."),
            ),
            ExclusionConstraint(
                name="one_session_at_a_time_in_a_room",
                expressions=[
                    (Func("room_id", "room_id", Value("[]"), function="int8range"), RangeOperators.OVERLAPS),
                    (Func("starts_at", "ends_at", function="tstzrange"), RangeOperators.OVERLAPS),
                ],
                condition=Q(room__isnull=False, cancelled_at=None),
                violation_error_message=_("The room is taken at that time."),
            ),
            # The last to refuse for stand-ins; for who leads a whole activity it is the lock (``programme.leading``).
            ExclusionConstraint(
                name="nobody_stands_in_at_two_sessions_at_once",
                expressions=[
                    (Func("led_by_id", "led_by_id", Value("[]"), function="int8range"), RangeOperators.OVERLAPS),
                    (Func("starts_at", "ends_at", function="tstzrange"), RangeOperators.OVERLAPS),
                ],
                condition=Q(led_by__isnull=False, cancelled_at=None),
                violation_error_message=_("Whoever stands in leads another session at that time."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity_id} {timezone.localtime(self.starts_at):%Y-%m-%d %H:%M}"
