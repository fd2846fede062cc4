"""Reports of the demonstration: the project's, being written; last quarter's, sealed; and the year before to measure by."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone, translation

from coordinators.domain.access import Reach, reach
from coordinators.models import Post, Project
from reporting.demo.projects import NUMBER
from reporting.domain import baselines, report_sealing, reports
from reporting.domain.data.sources import Postgres
from reporting.domain.report_source import Indicators
from reporting.models import Baseline, Report, ReportText, ReportVersion

# By these an earlier load's are known.
SOURCE = "Trīs nodaļu uzskaites tabulas (izdomātas)."
SAMPLE = "Paraugs:"
# What was counted by hand before the portal, invented: indicator, its part, how many.
BEFORE: tuple[tuple[str, dict[str, str], int], ...] = (
    ("DAL-01", {}, 260),
    ("DAL-01", {"audience": "seniors"}, 70),
    ("DAL-01", {"audience": "youth"}, 60),
    ("DAL-01", {"audience": "families"}, 24),
    ("PIE-01", {}, 41),
    ("TUV-03", {}, 48),
    ("SAD-03", {}, 4),
)
WORDS = {
    ReportText.Section.SUMMARY: (
        "Trīs nodaļas šogad pirmo reizi plānoja kopā. Iedzīvotāji vairāk piedalās savā un blakus pagastā, un senioru nodarbības "
        "vairs nesakrīt. Divās mobilitātēs redzētais jau dzīvo pagastos: kaimiņu darbnīca notiek Elejā un Vilcē.",
        "This year three departments planned together for the first time. More residents take part in their own parish and the "
        "one beside it, and activities for seniors no longer clash. What two mobilities brought home lives in the parishes.",
    ),
    ReportText.Section.OBJECTIVES: (
        "Kopīgo aktivitāšu mērķis vēl nav sasniegts: pavasarī jāsaskaņo ģimeņu programma.",
        "The objective of joint activities is not reached yet: in spring the programme for families is to be agreed on.",
    ),
    ReportText.Section.IMPACT: (
        "Koordinatores viena otrai tagad zvana pirms plānošanas, nevis pēc tās. Bibliotēkas kļuvušas par mācību vietām.",
        "",
    ),
}


def clear() -> None:
    """Take the reports of an earlier load away before the project goes that they are of, sealed ones too.

    Of the demonstration alone: nothing else turns the triggers off that keep what is sealed.
    """
    mine = Project.objects.filter(code__endswith=f"-KA122-ADU-{NUMBER}")
    found = Report.objects.filter(Q(project__in=mine) | Q(baseline__source=SOURCE) | Q(title_lv__startswith=SAMPLE))
    guarded = ((ReportVersion, "a_sealed_version_stays"), (ReportText, "words_wait_for_the_next_version"))
    with transaction.atomic(), connection.cursor() as cursor:
        for model, trigger in guarded:
            cursor.execute(f'ALTER TABLE {model._meta.db_table} DISABLE TRIGGER "{trigger}"')
        ReportVersion.objects.filter(report__in=found).delete()
        found.delete()
        Baseline.objects.filter(source=SOURCE, reports=None).delete()
        for model, trigger in guarded:
            cursor.execute(f'ALTER TABLE {model._meta.db_table} ENABLE TRIGGER "{trigger}"')


def load(*, today: date) -> None:
    """Make them as the head of the lifelong learning department would; nothing where nobody heads it."""
    now = datetime.combine(today, time(0, 0), tzinfo=timezone.get_default_timezone())
    head = Post.objects.filter(kind=Post.Kind.HEAD, department="MUZ", holder__isnull=False).order_by("pk").first()
    project = Project.objects.order_by("pk").first()
    if head is None or head.holder is None or project is None:
        return
    reached = reach(head.holder, on=today)
    baseline = _before(reached, project, now)
    _write(reached, project, baseline, now)
    _seal_last_quarter(reached, today, now)


def _before(reached: Reach, project: Project, now: datetime) -> Baseline:
    """The year before the project."""
    last = project.starts_on - timedelta(days=1)
    first = last.replace(year=last.year - 1) + timedelta(days=1)
    made = baselines.create(
        name="Gads pirms projekta",
        first_on=first,
        last_on=last,
        source=SOURCE,
        reach=reached,
        now=now,
    )
    source = Indicators(now=now, source=Postgres(now=now))
    for code, keys, value in BEFORE:
        baselines.put(
            baseline=made.pk, code=code, keys=keys, value=Decimal(value), note="", source=source, reach=reached
        )
    return made


def _write(reached: Reach, project: Project, baseline: Baseline, now: datetime) -> None:
    report = reports.create(
        kind=Report.Kind.PROJECT,
        first_on=project.starts_on,
        last_on=project.ends_on,
        department=None,
        titles={},
        baseline=baseline,
        project=project,
        reach=reached,
        now=now,
    )
    for section, (lv, en) in WORDS.items():
        reports.keep_words(
            report=report.pk, section=section, words={"lv": lv, "en": en}, seen=0, reach=reached, now=now
        )


def _seal_last_quarter(reached: Reach, today: date, now: datetime) -> None:
    this = (today.month + 2) // 3
    number, year = (this - 1, today.year) if this > 1 else (4, today.year - 1)
    first, last = reports.quarter(number, of=year)
    if Report.objects.filter(kind=Report.Kind.QUARTER, first_on=first, department=None).exists():
        return
    report = reports.create(
        kind=Report.Kind.QUARTER,
        first_on=first,
        last_on=last,
        department=None,
        titles={
            "lv": f"{SAMPLE} {year}. gada {number}. ceturkšņa pārskats",
            "en": f"Sample: report of quarter {number} of {year}",
        },
        baseline=None,
        reach=reached,
        now=now,
    )
    words = {"lv": "Ceturksnis aizritēja mierīgi; visvairāk dalībnieku bija septembrī.", "en": ""}
    reports.keep_words(
        report=report.pk, section=ReportText.Section.SUMMARY, words=words, seen=0, reach=reached, now=now
    )
    texts = reports.texts_of(report)
    with translation.override("lv"):
        report_sealing.seal(
            report=report.pk,
            seen=report_sealing.stamp(report, texts),
            reach=reached,
            source=Indicators(now=now, source=Postgres(now=now)),
            now=now,
        )
