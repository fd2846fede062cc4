"""What candidates are found by, and what a sweep reads: the defaults fill nothing."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("courses", "0023_news")]

    operations = [
        # Those kept before know nothing of words and hours; all are made anew.
        migrations.RunSQL("DELETE FROM courses_footprint", migrations.RunSQL.noop),
        migrations.AddField("footprint", "hours", models.BigIntegerField(default=0), preserve_default=False),
        migrations.AddField(
            "footprint",
            "keys",
            django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), default=list, size=None),
            preserve_default=False,
        ),
        migrations.AddField(
            "footprint",
            "strong",
            django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), default=list, size=None),
            preserve_default=False,
        ),
        migrations.AddField("footprint", "marks", models.TextField(default=""), preserve_default=False),
        migrations.AddField("footprint", "stamp", models.CharField(default="", max_length=8), preserve_default=False),
        migrations.AddIndex(
            "footprint",
            django.contrib.postgres.indexes.GinIndex(fields=["keys", "strong"], name="footprints_by_words"),
        ),
        migrations.AddIndex(
            "footprint",
            django.contrib.postgres.indexes.GinIndex(
                condition=models.Q(("is_online", True)), fields=["keys", "strong"], name="footprints_online_by_words"
            ),
        ),
    ]
