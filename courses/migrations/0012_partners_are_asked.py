"""Departments are asked before an activity is joint; sessions moved, and how often, so that calendars follow."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0011_templates"),
        ("ecosystem", "0002_journal"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PartnerRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("note", models.CharField(blank=True, max_length=500)),
                ("asked_at", models.DateTimeField()),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[("accepted", "Accepted"), ("declined", "Declined"), ("withdrawn", "Withdrawn")],
                        max_length=9,
                    ),
                ),
                ("answer_note", models.CharField(blank=True, max_length=500)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("end_note", models.CharField(blank=True, max_length=500)),
            ],
            options={
                "ordering": ["asked_at", "id"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="decision",
            name="a_decision_is_of_a_known_kind",
        ),
        migrations.AddField(
            model_name="session",
            name="moved",
            field=models.PositiveSmallIntegerField(default=0),
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
                    ("called_off", "Activity cancelled"),
                    ("session_off", "Session cancelled"),
                    ("rescheduled", "Sessions changed"),
                    ("relocated", "Place changed"),
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
                        ],
                    )
                ),
                name="a_decision_is_of_a_known_kind",
            ),
        ),
        migrations.AddField(
            model_name="partnerrequest",
            name="activity",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="partner_requests", to="courses.activity"
            ),
        ),
        migrations.AddField(
            model_name="partnerrequest",
            name="answered_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="partnerrequest",
            name="asked_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="partnerrequest",
            name="department",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="partner_requests", to="ecosystem.department"
            ),
        ),
        migrations.AddField(
            model_name="partnerrequest",
            name="ended_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="partnerrequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("answer", ""), models.Q(("answer", "accepted"), ("ended_at", None)), _connector="OR"
                ),
                fields=("activity", "department"),
                name="one_standing_request_an_activity_and_department",
                violation_error_message="This department has been asked already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="partnerrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("answer__in", ["", "accepted", "declined", "withdrawn"])),
                name="a_partner_s_answer_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="partnerrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer", ""), ("answered_at", None)),
                    models.Q(models.Q(("answer", ""), _negated=True), ("answered_at__isnull", False)),
                    _connector="OR",
                ),
                name="a_partner_s_answer_has_its_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="partnerrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("ended_at", None), ("answer", "accepted"), _connector="OR"),
                name="only_what_was_accepted_ends",
            ),
        ),
    ]
