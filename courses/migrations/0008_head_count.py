"""How many came to a session without registering."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("courses", "0004_why_there_are_more_places")]

    operations = [
        migrations.AddField(
            model_name="session",
            name="head_count",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.CheckConstraint(
                condition=models.Q(("head_count", None), ("head_count__gte", 0), _connector="OR"),
                name="a_head_count_is_not_negative",
                violation_error_message="A head count cannot be below zero.",
            ),
        ),
    ]
