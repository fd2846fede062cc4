"""What the English edition of a certificate calls things; those issued before have none and keep their Latvian names."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("courses", "0024_footprints_by_words_and_hours")]

    operations = [
        migrations.AddField("certificate", "in_english", models.JSONField(blank=True, default=dict)),
    ]
