"""What was decided at the desk, by whom and why."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0008_head_count"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("registered", "Registered by telephone"),
                            ("group", "Places kept for a group"),
                            ("approved", "Approved"),
                            ("place", "Place given out of order"),
                            ("accepted", "Offered place confirmed for them"),
                            ("moved", "Moved to the end of the queue"),
                            ("cancelled", "Cancelled for them"),
                            ("raised", "More places"),
                            ("message", "Message sent"),
                            ("called_off", "Activity cancelled"),
                            ("session_off", "Session cancelled"),
                        ],
                        max_length=12,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("people", models.PositiveIntegerField(default=0)),
                ("key", models.UUIDField(blank=True, null=True, unique=True)),
                ("at", models.DateTimeField()),
                (
                    "activity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="decisions", to="courses.activity"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "registration",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="decisions",
                        to="courses.registration",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-id"],
                "indexes": [models.Index(fields=["activity", "-at"], name="decisions_of_an_activity")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "what__in",
                                [
                                    "registered",
                                    "group",
                                    "approved",
                                    "place",
                                    "accepted",
                                    "moved",
                                    "cancelled",
                                    "raised",
                                    "message",
                                    "called_off",
                                    "session_off",
                                ],
                            )
                        ),
                        name="a_decision_is_of_a_known_kind",
                    )
                ],
            },
        ),
    ]
