"""Asked a week before whether they will come, and what they said."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0014_certificates"),
        ("residents", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="decision",
            name="a_decision_is_of_a_known_kind",
        ),
        migrations.AddField(
            model_name="activity",
            name="asks_confirmation",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="registration",
            name="attendance_asked_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="registration",
            name="attendance_confirmed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="decision",
            name="what",
            field=models.CharField(
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
                    ("resent", "Messages sent again"),
                    ("attends", "Said by telephone that they come"),
                    ("called_off", "Activity cancelled"),
                    ("session_off", "Session cancelled"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
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
                            "rescheduled",
                            "relocated",
                            "resent",
                            "attends",
                        ],
                    )
                ),
                name="a_decision_is_of_a_known_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="registration",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("attendance_confirmed_at", None), ("attendance_asked_at__isnull", False), _connector="OR"
                ),
                name="who_says_that_they_come_was_asked",
            ),
        ),
    ]
