"""Templates of departments; one form makes one activity."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("courses", "0010_who_leads")]

    operations = [
        migrations.AddField(
            model_name="activity",
            name="form_key",
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.UniqueConstraint(fields=["form_key"], name="one_form_makes_one_activity"),
        ),
        migrations.CreateModel(
            name="Template",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80)),
                ("content", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="templates",
                        to="ecosystem.department",
                    ),
                ),
            ],
            options={
                "ordering": ["name", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=~Q(name=""),
                        name="a_template_has_a_name",
                        violation_error_message="Type a name.",
                    ),
                    models.UniqueConstraint(
                        fields=["department", "name"],
                        condition=Q(retired_at=None),
                        name="a_template_s_name_is_its_own_in_the_department",
                        violation_error_message="The department already has a template with this name.",
                    ),
                ],
            },
        ),
    ]
