"""The demonstration's reports: a baseline of the year before the project, the project's report as it is being written, and
the last quarter, sealed. Written through the domain, as somebody at the desk would have."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone, translation

from coordinators.domain import access
from coordinators.models import Project
from ecosystem.models import User
from reporting.demo.projects import NUMBER
from reporting.domain import baselines, report_sealing, reports
from reporting.domain.data.sources import Postgres
from reporting.domain.report_source import Indicators
from reporting.models import Baseline, Report, ReportText, ReportVersion

S = ReportText.Section
# What an earlier load made is known by this.
SOURCE = "Paraugs: parakstu lapas un nodaļu gada pārskati."
NUMBERS: tuple[tuple[str, Mapping[str, str], int], ...] = (
    ("DAL-01", {}, 260),
    ("DAL-01", {"audience": "adults"}, 171),
    ("DAL-01", {"audience": "seniors"}, 64),
    ("DAL-01", {"audience": "youth"}, 83),
    ("DAL-01", {"audience": "families"}, 0),
    ("PIE-01", {}, 41),
    ("TUV-03", {}, 48),
    ("SAD-03", {}, 0),
)
WORDS = {
    S.SUMMARY: (
        "Trīs nodaļas sāka plānot vienā programmā, un iedzīvotāji vairāk nodarbību atrod savā vai blakus pagastā.\n"
        "Koordinatori ārzemēs redzēto pielāgoja saviem pagastiem: kaimiņu darbnīcas un rīti ārā notiek jau vairākās vietās.",
        "Three departments began to plan in one programme, and residents find more sessions in their own parish or the next.\n"
        "Coordinators adapted what they saw abroad: neighbours' workshops and mornings outdoors are held in several places.",
    ),
    S.ACTIVITIES: (
        "Viena darba vērošana atcelta, jo uzņēmēja mainīja datumus; tās vietā paredzēti kursi pavasarī.",
        "One job shadowing was called off when the host changed its dates; a course in spring takes its place.",
    ),
    S.PARTICIPANTS: (
        "Mobilitātēm pieteicās koordinatori un centru vadītāji; komisija deva priekšroku tiem, kuri ārzemēs vēl nebija bijuši.",
        "Coordinators and centre managers applied; the panel gave preference to those who had not been abroad yet.",
    ),
    S.IMPACT: ("Dublēšanos tagad redz, pirms plānu publicē; par to nodaļas vienojas kopā.", ""),
}


def clear() -> None:
    """Take the reports of an earlier load away, sealed ones too: of the demonstration alone, and before its project goes."""
    mine = Project.objects.filter(code__endswith=f"-KA122-ADU-{NUMBER}")
    found = Report.objects.filter(Q(project__in=mine) | Q(baseline__source=SOURCE))
    with transaction.atomic(), connection.cursor() as cursor:
        for table, trigger in (
            (ReportVersion, "a_sealed_version_stays"),
            (ReportText, "words_wait_for_the_next_version"),
        ):
            cursor.execute(f'ALTER TABLE {table._meta.db_table} DISABLE TRIGGER "{trigger}"')
        ReportVersion.objects.filter(report__in=found).delete()
        found.delete()
        Baseline.objects.filter(source=SOURCE, reports=None).delete()
        for table, trigger in (
            (ReportVersion, "a_sealed_version_stays"),
            (ReportText, "words_wait_for_the_next_version"),
        ):
            cursor.execute(f'ALTER TABLE {table._meta.db_table} ENABLE TRIGGER "{trigger}"')


def load(*, today: date) -> None:
    """Make them around the day, as of its morning."""
    now = datetime.combine(today, time(9), tzinfo=timezone.get_default_timezone())
    reach = access.reach(User.objects.get(email="head@example.lv"), on=today)
    project = Project.objects.get(code__endswith=f"-KA122-ADU-{NUMBER}")
    source = Indicators(now=now, source=Postgres(now=now))
    with transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
        before = baselines.create(
            name="Gads pirms projekta",
            first_on=project.starts_on - relativedelta(years=1),
            last_on=project.starts_on - timedelta(days=1),
            source=SOURCE,
            reach=reach,
            now=now,
        )
        for code, keys, value in NUMBERS:
            baselines.put(
                baseline=before.pk,
                code=code,
                keys=keys,
                value=Decimal(value),
                note="",
                source=source,
                reach=reach,
            )
        written = reports.create(
            kind=Report.Kind.PROJECT,
            first_on=project.starts_on,
            last_on=project.ends_on,
            department=None,
            project=project,
            titles={},
            baseline=before,
            reach=reach,
            now=now,
        )
        for section, (lv, en) in WORDS.items():
            reports.keep_words(
                report=written.pk, section=section, words={"lv": lv, "en": en}, seen=0, reach=reach, now=now
            )
        _sealed_quarter(before, today=today, source=source, now=now)


def _sealed_quarter(before: Baseline, *, today: date, source: Indicators, now: datetime) -> None:
    """The last quarter that is over, unless somebody has begun its report."""
    reach = access.reach(User.objects.get(email="head@example.lv"), on=today)
    past = today.replace(day=1) - relativedelta(months=(today.month - 1) % 3 + 1)
    first_on, last_on = reports.quarter((past.month + 2) // 3, of=past.year)
    try:
        with transaction.atomic():
            quarter = reports.create(
                kind=Report.Kind.QUARTER,
                first_on=first_on,
                last_on=last_on,
                department=None,
                titles={},
                baseline=before,
                reach=reach,
                now=now,
            )
    except reports.AlreadyThere:
        return
    words = {
        "lv": "Vasarā vairāk nodarbību notika ārā un vakaros.",
        "en": "More sessions were held outdoors and in the evening.",
    }
    reports.keep_words(report=quarter.pk, section=S.SUMMARY, words=words, seen=0, reach=reach, now=now)
    seen = report_sealing.stamp(quarter, reports.texts_of(quarter))
    report_sealing.seal(report=quarter.pk, seen=seen, reach=reach, source=source, now=now)
