"""Indexes that hold all that a look-up of what is near asks, so that it reads the rows of a few."""

import django.db.models.deletion
from django.db import migrations, models

ASKED = ("activity", "lead", "is_draft", "hours", "keys", "strong")


class Migration(migrations.Migration):
    dependencies = [("courses", "0025_certificates_in_english")]

    operations = [
        # One that would not go into an index is made anew by the next sweep, as after every change of the rules' words.
        migrations.RunSQL("DELETE FROM courses_footprint WHERE cardinality(keys) > 250", migrations.RunSQL.noop),
        migrations.RemoveIndex("footprint", "footprints_by_cell_and_days"),
        migrations.RemoveIndex("footprint", "footprints_by_parish_and_days"),
        migrations.AlterField(
            "footprint",
            "parish",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="ecosystem.parish",
            ),
        ),
        migrations.AddIndex(
            "footprint",
            models.Index(fields=["cell", "last_on", "first_on"], include=ASKED, name="footprints_by_cell_and_days"),
        ),
        migrations.AddIndex(
            "footprint",
            models.Index(fields=["parish", "cell", "last_on", "first_on"], include=ASKED, name="footprints_by_parish"),
        ),
        migrations.AddConstraint(
            "footprint",
            models.CheckConstraint(condition=models.Q(keys__len__lte=250), name="a_footprint_has_so_many_words"),
        ),
    ]
