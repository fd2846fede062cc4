"""Certificates and confirmations, and the book that numbers them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('courses', '0013_merges'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CertificateBook',
            fields=[
                ('year', models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ('last', models.PositiveIntegerField(default=0)),
            ],
            options={
                'ordering': ['year'],
            },
        ),
        migrations.CreateModel(
            name='Certificate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=24, unique=True)),
                ('kind', models.CharField(choices=[('certificate', 'Certificate'), ('confirmation', 'Confirmation')], max_length=12)),
                ('name', models.CharField(blank=True, max_length=130)),
                ('name_proof', models.CharField(blank=True, max_length=160)),
                ('title', models.CharField(max_length=160)),
                ('family', models.CharField(max_length=10)),
                ('place', models.CharField(max_length=120)),
                ('department', models.CharField(max_length=120)),
                ('competences', models.JSONField(blank=True, default=list)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField()),
                ('days', models.JSONField(blank=True, default=list)),
                ('attended', models.PositiveSmallIntegerField()),
                ('held', models.PositiveSmallIntegerField()),
                ('minutes', models.PositiveIntegerField()),
                ('issuer', models.CharField(max_length=200)),
                ('issued_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('revoked_because', models.CharField(blank=True, max_length=200)),
                ('activity', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='certificates', to='courses.activity')),
                ('issued_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('registration', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='certificates', to='courses.registration')),
                ('replaced_by', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='replaces', to='courses.certificate')),
                ('revoked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['issued_at', 'id'],
                'indexes': [models.Index(fields=['issued_at'], name='certificates_by_issue')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['certificate', 'confirmation'])), name='a_certificate_s_kind_is_known'), models.UniqueConstraint(condition=models.Q(('revoked_at', None)), fields=('registration', 'kind'), name='one_valid_certificate_of_a_kind_a_registration'), models.CheckConstraint(condition=models.Q(('name', ''), ('name_proof', ''), _connector='OR'), name='a_certificate_s_name_is_plain_or_a_proof'), models.CheckConstraint(condition=models.Q(('attended__gte', 1), ('attended__lte', models.F('held')), ('minutes__gte', 1)), name='a_certificate_is_of_sessions_attended'), models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='a_certificate_s_days_are_in_order'), models.CheckConstraint(condition=models.Q(('revoked_at__isnull', False), models.Q(('replaced_by', None), ('revoked_because', '')), _connector='OR'), name='only_what_was_taken_back_says_why')],
            },
        ),
    ]
