"""How it was: asked once after the last session, answered without a name."""

import django.core.validators
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0016_confirmations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FeedbackRound",
            fields=[
                (
                    "activity",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="feedback_round",
                        serialize=False,
                        to="courses.activity",
                    ),
                ),
                ("people", models.PositiveIntegerField()),
                ("asked_on", models.DateField()),
                ("closes_on", models.DateField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("closes_on__gt", models.F("asked_on"))),
                        name="a_round_of_feedback_closes_after_it_opens",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Feedback",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "worth",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(5),
                        ]
                    ),
                ),
                (
                    "before",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(5),
                        ]
                    ),
                ),
                (
                    "after",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(5),
                        ]
                    ),
                ),
                ("word", models.CharField(blank=True, max_length=280)),
                ("language", models.CharField(blank=True, max_length=5)),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("aside", "Waits for others"),
                            ("shown", "Shown with its activity"),
                            ("pooled", "Counted with those of other activities"),
                        ],
                        default="aside",
                        max_length=6,
                    ),
                ),
                ("hidden_because", models.CharField(blank=True, max_length=200)),
                (
                    "activity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="feedback", to="courses.activity"
                    ),
                ),
                (
                    "hidden_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "feedback",
                "ordering": ["id"],
                "indexes": [models.Index(fields=["activity", "stage"], name="feedback_of_an_activity")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("worth__range", (1, 5))), name="worth_is_from_one_to_five"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("before__range", (1, 5))), name="before_is_from_one_to_five"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("after__range", (1, 5))), name="after_is_from_one_to_five"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("stage__in", ["aside", "shown", "pooled"])), name="a_stage_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("word", ""), _negated=True), ("language", ""), _connector="OR"),
                        name="only_a_word_has_a_language",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("hidden_because", ""), models.Q(("word", ""), _negated=True), _connector="OR"
                        ),
                        name="only_a_word_is_hidden",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("hidden_by", None), models.Q(("hidden_because", ""), _negated=True), _connector="OR"
                        ),
                        name="who_hides_a_word_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FeedbackTicket",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("left", models.PositiveSmallIntegerField()),
                ("last_form", models.UUIDField(blank=True, null=True)),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tickets", to="courses.feedbackround"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("left__gte", 0)), name="a_ticket_answers_no_oftener_than_it_may"
                    )
                ],
            },
        ),
    ]
