"""Feedback: what people say of an activity after its last session, so that nobody can tell who said what.

A ticket is a link that answers as many times as people came together. It names no person, only its activity, and is
known by the digest of its link; an answer names its activity alone. No row here has a moment, a running number or a way
to the other kind, and the answers of an activity are put back in a new order with every new one
(``courses.domain.feedback``). **Keep no history of these models**: it would be the diary that they avoid.
"""

import uuid
from datetime import timedelta
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models.programme import Activity
from ecosystem.models import User
from ecosystem.privacy import Personal, Term

LOWEST, HIGHEST = 1, 5


def _mark() -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(validators=[MinValueValidator(LOWEST), MaxValueValidator(HIGHEST)])


class FeedbackRound(models.Model):
    """The one time that the people of an activity are asked how it was: how many, and until when their links answer."""

    OPEN = timedelta(days=60)

    activity = models.OneToOneField(Activity, primary_key=True, on_delete=models.CASCADE, related_name="feedback_round")
    people = models.PositiveIntegerField()
    asked_on = models.DateField()
    closes_on = models.DateField()

    personal: dict[str, Personal] = {}

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_on__gt=models.F("asked_on")), name="a_round_of_feedback_closes_after_it_opens"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity_id}: {self.people}"


class FeedbackTicket(models.Model):
    """A link to answer by, once for each of those who came together. It names nobody, and is gone when its round closes."""

    # SHA-256 of the link: whoever reads the table cannot answer by it.
    digest = models.CharField(max_length=64, primary_key=True)
    round = models.ForeignKey(FeedbackRound, on_delete=models.CASCADE, related_name="tickets")
    # How many answers are left.
    left = models.PositiveSmallIntegerField()
    # The form that answered last: a double click is one answer.
    last_form = models.UUIDField(null=True, blank=True)

    personal: dict[str, Personal] = {}

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(left__gte=0), name="a_ticket_answers_no_oftener_than_it_may"),
        ]

    def __str__(self) -> str:
        return f"{self.round_id}: {self.left}"


class FeedbackQuerySet(models.QuerySet["Feedback"]):
    """Answers as sets. There is no order of time: none is kept."""

    def shown(self) -> Self:
        """Those whose activity's page shows them: five at least came to light together."""
        return self.filter(stage=Feedback.Stage.SHOWN)

    def aside(self) -> Self:
        """Those that wait until they are five."""
        return self.filter(stage=Feedback.Stage.ASIDE)


class Feedback(models.Model):
    """One answer of somebody who came: was it worth it, the skill before and after, a word. Whose, nobody can tell."""

    class Stage(models.TextChoices):
        """Where it may be seen: answers come to light five at a time, so that no two looks differ by one person."""

        ASIDE = "aside", _("Waits for others")
        SHOWN = "shown", _("Shown with its activity")
        POOLED = "pooled", _("Counted with those of other activities")

    MOST_LETTERS = 280

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="feedback")
    worth = _mark()
    before = _mark()
    after = _mark()
    word = models.CharField(max_length=MOST_LETTERS, blank=True)
    # Of the word, so that it is read aloud rightly; without one it would only tell who answered in English.
    language = models.CharField(max_length=5, blank=True)
    stage = models.CharField(max_length=6, choices=Stage.choices, default=Stage.ASIDE)
    # An insult is hidden with a reason, not deleted.
    hidden_because = models.CharField(max_length=200, blank=True)
    hidden_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    personal = {
        "word": Personal(_("What you said of the activity"), _("To make the next one better"), Term.WORDS),
        "language": Personal(_("Language of what you said"), _("To show it rightly"), Term.WORDS),
        "hidden_because": Personal(_("Why it was hidden"), _("To answer for it"), Term.WORDS),
        "hidden_by": Personal(_("Who hid it"), _("To answer for it"), Term.WORDS),
    }
    objects = FeedbackQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "feedback"
        # A random key: an order that tells nothing.
        ordering = ["id"]
        indexes = [models.Index(fields=["activity", "stage"], name="feedback_of_an_activity")]
        constraints = [
            models.CheckConstraint(condition=Q(worth__range=(LOWEST, HIGHEST)), name="worth_is_from_one_to_five"),
            models.CheckConstraint(condition=Q(before__range=(LOWEST, HIGHEST)), name="before_is_from_one_to_five"),
            models.CheckConstraint(condition=Q(after__range=(LOWEST, HIGHEST)), name="after_is_from_one_to_five"),
            models.CheckConstraint(condition=Q(stage__in=["aside", "shown", "pooled"]), name="a_stage_is_known"),
            models.CheckConstraint(condition=~Q(word="") | Q(language=""), name="only_a_word_has_a_language"),
            models.CheckConstraint(condition=Q(hidden_because="") | ~Q(word=""), name="only_a_word_is_hidden"),
            models.CheckConstraint(
                condition=Q(hidden_by=None) | ~Q(hidden_because=""), name="who_hides_a_word_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity_id}: {self.worth}"
