"""What is known of who leads: terms, topics, languages, contact, their link."""

import django.contrib.postgres.fields
import phonenumber_field.modelfields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('coordinators', '0002_initial'),
        ('ecosystem', '0002_journal'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='educator',
            options={'ordering': ['name', 'id']},
        ),
        migrations.AddField(
            model_name='educator',
            name='contract_number',
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name='educator',
            name='email',
            field=models.EmailField(blank=True, max_length=254),
        ),
        migrations.AddField(
            model_name='educator',
            name='kind',
            field=models.CharField(choices=[('staff', 'Staff'), ('hired', 'Hired'), ('volunteer', 'Volunteer')], default='hired', max_length=9),
        ),
        migrations.AddField(
            model_name='educator',
            name='languages',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=2), blank=True, default=list, size=None),
        ),
        migrations.AddField(
            model_name='educator',
            name='link_issued_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='educator',
            name='link_version',
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='educator',
            name='note',
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name='educator',
            name='phone',
            field=phonenumber_field.modelfields.PhoneNumberField(blank=True, max_length=128, region=None),
        ),
        migrations.AddField(
            model_name='educator',
            name='retired_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='educator',
            name='topics',
            field=models.ManyToManyField(blank=True, related_name='educators', to='ecosystem.topic'),
        ),
        migrations.AddConstraint(
            model_name='educator',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['staff', 'hired', 'volunteer'])), name='an_educator_s_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='educator',
            constraint=models.CheckConstraint(condition=models.Q(('languages__contained_by', ['lv', 'en', 'ru', 'uk'])), name='an_educator_s_languages_are_known'),
        ),
    ]
