"""Overlaps: pairs of activities that target the same people near the same place and time, and what people decided."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courses.models.programme import Activity
from ecosystem.models import Department, Parish, User
from ecosystem.overlap.keys import MOST
from ecosystem.privacy import Personal, Term

# What a look-up asks of a footprint beside where and when.
ASKED = ["activity", "lead", "is_draft", "hours", "keys", "strong"]


class Footprint(models.Model):
    """What the shared rules know of one activity, kept ready: where in the territory, which days, its profile.

    A copy, written by ``overlaps`` when the activity changes (``ecosystem.overlap.footprint`` gives its columns) and rebuilt
    from the programme at any time. Those that are
    over, called off or cannot be placed in time have none.
    """

    activity = models.OneToOneField(Activity, primary_key=True, on_delete=models.CASCADE, related_name="footprint")
    # The square of the territory (``ecosystem.overlap.cells``); of what can be joined from anywhere, also ``is_online``.
    cell = models.IntegerField()
    is_online = models.BooleanField()
    parish = models.ForeignKey(Parish, on_delete=models.PROTECT, related_name="+", db_index=False)
    lead = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    # Seen by its own department alone.
    is_draft = models.BooleanField()
    first_on = models.DateField()
    last_on = models.DateField()
    # The hours of the week in which it meets, as bits; the numbers of its words, and those of them that tell (``keys``).
    hours = models.BigIntegerField()
    keys = ArrayField(models.IntegerField())
    strong = ArrayField(models.IntegerField())
    # All that a sweep asks, in one line (``ecosystem.overlap.marks``); the whole profile (``packed``).
    marks = models.TextField()
    profile = models.JSONField()
    # Which rules and lists read its words (``keys.stamp``): under others it is made anew.
    stamp = models.CharField(max_length=8)
    made_at = models.DateTimeField()

    personal: dict[str, Personal] = {}

    class Meta:
        ordering = ["activity"]
        indexes = [
            GinIndex(fields=["keys", "strong"], name="footprints_by_words"),
            GinIndex(fields=["keys", "strong"], condition=Q(is_online=True), name="footprints_online_by_words"),
            # They hold all that a look-up asks of what is near, so that it reads the rows of a few.
            models.Index(fields=["cell", "last_on", "first_on"], include=ASKED, name="footprints_by_cell_and_days"),
            models.Index(fields=["parish", "cell", "last_on", "first_on"], include=ASKED, name="footprints_by_parish"),
            models.Index(fields=["last_on", "first_on"], condition=Q(is_online=True), name="footprints_online_by_days"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="a_footprint_s_days_are_in_order"),
            # More would not go into an index.
            models.CheckConstraint(condition=Q(keys__len__lte=MOST), name="a_footprint_has_so_many_words"),
        ]

    def __str__(self) -> str:
        return str(self.activity_id)


class Unjudged(models.Model):
    """An activity that the rules could not judge, and what is missing: told, never passed over."""

    activity = models.OneToOneField(Activity, primary_key=True, on_delete=models.CASCADE, related_name="unjudged")
    # audiences, sessions, place, words
    missing = ArrayField(models.CharField(max_length=10))

    personal: dict[str, Personal] = {}

    class Meta:
        ordering = ["activity"]
        verbose_name_plural = "unjudged"

    def __str__(self) -> str:
        return f"{self.activity_id}: {', '.join(self.missing)}"


class OverlapQuerySet(models.QuerySet["Overlap"]):
    """Overlaps by where they stand."""

    def standing(self) -> Self:
        """Those that there are now."""
        return self.filter(ended_at=None)

    def open(self) -> Self:
        """Those that nobody has decided."""
        return self.standing().filter(decision=None)

    def decided(self) -> Self:
        """Those whose decision stands."""
        return self.standing().filter(decision__isnull=False)

    def of(self, activity: Activity | int) -> Self:
        """Those of one activity, whichever comes first."""
        pk = activity if isinstance(activity, int) else activity.pk
        return self.filter(Q(first=pk) | Q(second=pk))


class Overlap(models.Model):
    """A pair of activities that overlap, why, by which version of the rules, and the decision that stands.

    The pair is ordered, so that each is there once. One that does not overlap any more keeps its row, since what was
    decided is kept for ever; found again, it goes on.
    """

    class Kind(models.TextChoices):
        """What the rules found."""

        DUPLICATE = "duplicate", _("Duplicate")
        CLASH = "clash", _("Clash")

    first = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    # Both of one department (or one holds the other's together): told, never in the way.
    is_own = models.BooleanField()
    # 0 to 1, to put the nearest first; never shown as a score.
    strength = models.FloatField()
    # [{"rule": "people", "lv": "…", "en": "…"}, …]
    reasons = models.JSONField()
    # What a decision rests on: a mark of the facts behind the reasons.
    basis = models.CharField(max_length=32)
    # The version of the rule set that judged it last.
    version = models.PositiveIntegerField()
    found_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    decision = models.ForeignKey(
        "OverlapDecision", null=True, blank=True, on_delete=models.SET_NULL, related_name="standing_for"
    )
    # How many people really came to both; written nightly from above, None until then.
    came_to_both = models.PositiveIntegerField(null=True, blank=True)

    personal: dict[str, Personal] = {}
    objects = OverlapQuerySet.as_manager()

    class Meta:
        ordering = ["-found_at", "first", "second"]
        indexes = [
            models.Index(fields=["second"], name="overlaps_of_the_second"),
            models.Index(fields=["found_at"], condition=Q(ended_at=None), name="overlaps_standing"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="an_overlapping_pair_is_ordered"),
            models.UniqueConstraint(fields=["first", "second"], name="an_overlapping_pair_is_there_once"),
            models.CheckConstraint(condition=Q(kind__in=["duplicate", "clash"]), name="an_overlap_s_kind_is_known"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("found_at")), name="an_overlap_ends_after_it_is_found"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} {self.second_id} {self.kind}"

    @property
    def is_open(self) -> bool:
        """Whether it waits for a decision."""
        return self.ended_at is None and self.decision_id is None


class OverlapDecision(models.Model):
    """What was decided about an overlap: kept for ever, with who, when, and what was found then."""

    class What(models.TextChoices):
        """The four ways out."""

        JOINT = "joint", _("Made joint")
        MOVE = "move", _("Moved")
        AUDIENCE = "audience", _("For another audience")
        AHEAD = "ahead", _("Go ahead")

    LONGEST = 1000

    overlap = models.ForeignKey(Overlap, on_delete=models.CASCADE, related_name="decisions")
    what = models.CharField(max_length=8, choices=What.choices)
    # Why, in their words; of going ahead always.
    words = models.CharField(max_length=LONGEST, blank=True)
    # For which department it was decided.
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    # What it rested on: the mark (none yet of what was marked in an older way), the kind and the reasons of then.
    basis = models.CharField(max_length=32, blank=True)
    kind = models.CharField(max_length=9, choices=Overlap.Kind.choices)
    reasons = models.JSONField()
    version = models.PositiveIntegerField()
    # When what it rested on stood no more.
    ended_at = models.DateTimeField(null=True, blank=True)

    personal = {
        "by": Personal(_("Who decided about an overlap"), _("To answer for the decision"), Term.RECORD),
        "words": Personal(_("Why it was decided"), _("To answer for the decision"), Term.RECORD),
    }

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(what__in=["joint", "move", "audience", "ahead"]), name="a_way_out_of_an_overlap_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(what="ahead") | ~Q(words=""),
                name="who_goes_ahead_says_why",
                violation_error_message=_("Say why it goes ahead."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.overlap_id} {self.what}"


class JointOffer(models.Model):
    """One department offers another to make two overlapping activities one: which one stays, and the answer."""

    class Answer(models.TextChoices):
        """What became of it; none while nobody has answered."""

        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    LONGEST_NOTE = 500

    overlap = models.ForeignKey(Overlap, on_delete=models.CASCADE, related_name="joint_offers")
    # On behalf of which of the two it is offered; whoever manages the other answers.
    offering = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="+")
    # Whose sessions and places stay.
    keeps = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="+")
    # Whether it is to be for the audiences of both; otherwise for those of the one that stays.
    unites_audiences = models.BooleanField(default=False)
    offered_by = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    offered_to = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="joint_offers")
    note = models.CharField(max_length=LONGEST_NOTE, blank=True)
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    answer = models.CharField(max_length=9, choices=Answer.choices, blank=True)
    answer_note = models.CharField(max_length=LONGEST_NOTE, blank=True)
    answered_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    personal = {
        "by": Personal(_("Who offered to make it joint"), _("To answer for the decision"), Term.DUTY),
        "answered_by": Personal(_("Who answered for the department"), _("To answer for the decision"), Term.DUTY),
        "note": Personal(_("What departments wrote"), _("To agree on a joint activity"), Term.PARTICIPATION),
        "answer_note": Personal(_("What departments wrote"), _("To agree on a joint activity"), Term.PARTICIPATION),
    }

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["overlap"], condition=Q(answer=""), name="one_offer_to_make_it_joint_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(answer__in=["", "accepted", "declined", "withdrawn"]),
                name="an_answer_to_a_joint_offer_is_known",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None) | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="an_answered_joint_offer_has_its_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.overlap_id} {self.answer or 'open'}"

    @property
    def is_open(self) -> bool:
        """Whether nobody has answered yet."""
        return not self.answer


class OverlapNote(models.Model):
    """What somebody of a department wrote in the thread of an overlap; both sides read it."""

    LONGEST = 1000

    overlap = models.ForeignKey(Overlap, on_delete=models.CASCADE, related_name="notes")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    text = models.CharField(max_length=LONGEST)
    # One form, one note.
    key = models.UUIDField(null=True, blank=True, unique=True)

    personal = {
        "by": Personal(_("Who wrote about an overlap"), _("To agree between departments"), Term.DUTY),
        "text": Personal(_("What departments wrote"), _("To agree between departments"), Term.PARTICIPATION),
    }

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="a_note_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.overlap_id} {self.at:%Y-%m-%d}"
