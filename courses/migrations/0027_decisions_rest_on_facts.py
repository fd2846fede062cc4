"""Decisions rest on the facts of a finding, no longer on its sentences: the marks of those that stand are made anew."""

from django.db import migrations, models

FORGET_MARKS = """
UPDATE courses_overlapdecision decision SET basis = ''
FROM courses_overlap overlap
WHERE overlap.decision_id = decision.id AND overlap.basis = decision.basis
"""


class Migration(migrations.Migration):
    dependencies = [("courses", "0026_footprints_answer_from_their_indexes")]

    operations = [
        migrations.AlterField("overlapdecision", "basis", models.CharField(blank=True, max_length=32)),
        # The next judging marks them by what the pair says then.
        migrations.RunSQL(FORGET_MARKS, migrations.RunSQL.noop),
    ]
