"""Who leads one session instead; marks that an educator makes by their own link."""

import django.contrib.postgres.constraints
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("centres", "0002_initial"),
        ("coordinators", "0010_educators"),
        ("courses", "0009_desk_indexes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="attendance",
            name="marked_by_educator",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="coordinators.educator",
            ),
        ),
        migrations.AddField(
            model_name="session",
            name="led_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="sessions_led_instead",
                to="coordinators.educator",
            ),
        ),
        migrations.AddConstraint(
            model_name="attendance",
            constraint=models.CheckConstraint(
                condition=models.Q(("marked_by", None), ("marked_by_educator", None), _connector="OR"),
                name="a_mark_is_by_one_hand",
            ),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("cancelled_at", None), ("led_by__isnull", False)),
                expressions=[
                    (models.Func("led_by_id", "led_by_id", models.Value("[]"), function="int8range"), "&&"),
                    (models.Func("starts_at", "ends_at", function="tstzrange"), "&&"),
                ],
                name="nobody_stands_in_at_two_sessions_at_once",
                violation_error_message="Whoever stands in leads another session at that time.",
            ),
        ),
    ]
