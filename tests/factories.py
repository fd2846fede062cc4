"""Rows for tests: literal values around one fixed moment, so that a failing test reads the same every day.

``NOW`` is Monday, 11 January 2027, 9:00 in Riga; an activity's first session is on Thursday, 4 February, at 10.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import factory
from django.utils.text import slugify
from factory.django import DjangoModelFactory

from centres.models import Centre, Room
from coordinators.models import DisseminationEvent, Educator, Mobility, Objective, Post, Practice, Project, Publication
from courses.models import Activity, Attendance, Overlap, OverlapDecision, Party, Registration, Session, Template
from ecosystem import history
from ecosystem.models import (
    Audience,
    Competence,
    Department,
    Message,
    Parish,
    RuleSet,
    Statement,
    Topic,
    User,
    Village,
)
from ecosystem.text import fold
from reporting.domain import report_content
from reporting.models import Baseline, Report, ReportVersion
from residents.models import Consent, Household, Resident
from tests.report_source import Hand

RIGA = ZoneInfo("Europe/Riga")
NOW = datetime(2027, 1, 11, 9, 0, tzinfo=RIGA)
TODAY = date(2027, 1, 11)
FIRST_SESSION = datetime(2027, 2, 4, 10, 0, tzinfo=RIGA)


def at(text: str) -> datetime:
    """A moment in Riga: ``at("2027-02-04 10:00")``."""
    return datetime.fromisoformat(text).replace(tzinfo=RIGA)


def _moment(value: datetime | str) -> datetime:
    return at(value) if isinstance(value, str) else value


class DepartmentFactory(DjangoModelFactory):
    """The lifelong learning department; another with ``code=`` and ``name=``."""

    class Meta:
        model = Department
        django_get_or_create = ("code",)

    code = "MUZ"
    name = "Mūžizglītības nodaļa"
    board = "Izglītības pārvalde"
    phone = "63000000"


class ParishFactory(DjangoModelFactory):
    """Elejas pagasts; another with ``code=``, ``name=``, ``slug=``."""

    class Meta:
        model = Parish
        django_get_or_create = ("code",)

    code = "0540248"
    name = "Elejas pagasts"
    slug = factory.LazyAttribute(lambda parish: slugify(fold(parish.name)))
    centre_name = "Eleja"
    lat = 56.4159
    lon = 23.6833
    accusative = "Elejas pagastu"
    locative = "Elejas pagastā"
    genitive = "Elejas pagasta"
    population = 2039
    population_date = "2020-01-07"


class VillageFactory(DjangoModelFactory):
    """Eleja, the centre of its parish; another with ``code=``, ``name=``, ``slug=``."""

    class Meta:
        model = Village
        django_get_or_create = ("code",)

    code = "eleja"
    name = "Eleja"
    slug = factory.LazyAttribute(lambda village: slugify(fold(village.name)))
    parish = factory.SubFactory(ParishFactory)
    lat = 56.4159
    lon = 23.6833
    accusative = "Eleju"
    locative = "Elejā"
    genitive = "Elejas"
    is_centre = True


class CompetenceFactory(DjangoModelFactory):
    """Key competence KC8, culture."""

    class Meta:
        model = Competence
        django_get_or_create = ("code",)

    code = "KC8"
    name = "Kultūras izpratne un izpausme"


class TopicFactory(DjangoModelFactory):
    """Crafts."""

    class Meta:
        model = Topic
        django_get_or_create = ("code",)

    code = "crafts"
    name = "Rokdarbi un amatniecība"
    isced_f = "02"
    competence = factory.SubFactory(CompetenceFactory)
    family = Topic.Family.HANDS


class AudienceFactory(DjangoModelFactory):
    """Everyone; a narrower one with ``code=``, ``age_min=`` …, a sensitive one with ``is_sensitive=True``."""

    class Meta:
        model = Audience
        django_get_or_create = ("code",)

    code = "everyone"
    name = "Visi iedzīvotāji"
    dative = "Visiem iedzīvotājiem"


class UserFactory(DjangoModelFactory):
    """Somebody with an account."""

    class Meta:
        model = User
        django_get_or_create = ("email",)

    email = "ilze.ozola@example.lv"
    name = "Ilze Ozola"
    # None that could be typed, as for everybody.
    password = "!"


class PostFactory(DjangoModelFactory):
    """The coordinator's post of Elejas pagasts, held; vacant with ``holder=None``; ``parishes=[…]`` for others."""

    class Meta:
        model = Post
        skip_postgeneration_save = True

    kind = Post.Kind.COORDINATOR
    department = factory.SubFactory(DepartmentFactory)
    holder = factory.SubFactory(UserFactory)
    phone = "63012345"
    email = "koordinatore@example.lv"
    starts_on = date(2026, 1, 1)

    @factory.post_generation
    def parishes(self, create: bool, extracted: Iterable[Parish] | None, **kwargs: Any) -> None:
        """The parishes of the post."""
        if create:
            self.parishes.set([ParishFactory()] if extracted is None else extracted)


class EducatorFactory(DjangoModelFactory):
    """Somebody who leads sessions, hired to teach in Latvian; ``topics=[…]`` says what."""

    class Meta:
        model = Educator
        skip_postgeneration_save = True

    name = "Anna Kalniņa"
    department = factory.SubFactory(DepartmentFactory)
    languages = factory.LazyFunction(lambda: ["lv"])

    @factory.post_generation
    def topics(self, create: bool, extracted: Iterable[Topic] | None, **kwargs: Any) -> None:
        """What they teach."""
        if create and extracted:
            self.topics.set(extracted)


class CentreFactory(DjangoModelFactory):
    """A youth centre in Eleja, reached without steps."""

    class Meta:
        model = Centre
        django_get_or_create = ("slug",)

    name = "Elejas jauniešu centrs"
    slug = "elejas-jauniesu-centrs"
    kind = Centre.Kind.YOUTH_CENTRE
    parish = factory.SubFactory(ParishFactory)
    address = "Lietuvas iela 19, Eleja, Elejas pagasts, Jelgavas novads, LV-3023"
    lat = 56.4159
    lon = 23.6833
    phone = "63011111"
    step_free = True


class RoomFactory(DjangoModelFactory):
    """A room of a centre."""

    class Meta:
        model = Room
        django_get_or_create = ("centre", "name")

    centre = factory.SubFactory(CentreFactory)
    name = "Zāle"
    seats = 20


class SessionFactory(DjangoModelFactory):
    """A fifth session, 4 March 2027, 10:00–12:00. Facts on the activity's row are not changed by it."""

    class Meta:
        model = Session

    activity = factory.SubFactory("tests.factories.ActivityFactory")
    starts_at = FIRST_SESSION + timedelta(weeks=4)
    ends_at = factory.LazyAttribute(lambda session: session.starts_at + timedelta(hours=2))


class ActivityFactory(DjangoModelFactory):
    """A published activity for everyone in Eleja, 12 places, four Thursdays from 4 February 2027 at 10.

    ``sessions=[(start, end), …]`` (moments, or texts as ``at`` takes them) or ``weeks=N`` with ``first=`` say
    when; ``audiences=[…]``, ``partners=[…]``, ``educators=[…]`` set those. The facts of the sessions stand on
    the row.
    """

    class Meta:
        model = Activity
        skip_postgeneration_save = True
        exclude = ("weeks", "first", "hours", "sessions")

    weeks = 4
    first = FIRST_SESSION
    hours = 2
    sessions = None
    when = factory.LazyAttribute(
        lambda a: (
            [(_moment(start), _moment(end)) for start, end in a.sessions]
            if a.sessions is not None
            else [
                (a.first + timedelta(weeks=week), a.first + timedelta(weeks=week, hours=a.hours))
                for week in range(a.weeks)
            ]
        )
    )
    audiences = factory.LazyFunction(lambda: [AudienceFactory()])
    partners = ()
    educators = ()
    competences = ()

    lead = factory.SubFactory(DepartmentFactory)
    parish = factory.SubFactory(ParishFactory)
    centre = factory.SubFactory(CentreFactory, parish=factory.SelfAttribute("..parish"))
    topic = factory.SubFactory(TopicFactory)
    title = "Adīšanas un tamborēšanas vakari"
    summary = "Adīsim zeķes un tamborēsim šalles. Adatas un dzija uz vietas."
    capacity = 12
    fee_eur = Decimal(0)
    status = "published"
    published_at = factory.LazyAttribute(lambda a: None if a.status in ("draft", "planned") else at("2027-01-04 12:00"))
    cancelled_at = factory.LazyAttribute(lambda a: NOW if a.status == "cancelled" else None)
    starts_at = factory.LazyAttribute(lambda a: min((start for start, _ in a.when), default=None))
    ends_at = factory.LazyAttribute(lambda a: max((end for _, end in a.when), default=None))
    session_count = factory.LazyAttribute(lambda a: len(a.when))
    changed_at = NOW
    created_at = NOW

    @classmethod
    def _create(cls, model_class: type[Activity], *args: Any, **kwargs: Any) -> Activity:
        """The row, its sessions and its sets; one change."""
        when = kwargs.pop("when")
        sets = {name: kwargs.pop(name) for name in ("audiences", "partners", "educators", "competences")}
        with history.change():
            activity = super()._create(model_class, *args, **kwargs)
            Session.objects.bulk_create(Session(activity=activity, starts_at=start, ends_at=end) for start, end in when)
            for name, rows in sets.items():
                if rows:
                    getattr(activity, name).set(rows)
        return activity


class TemplateFactory(DjangoModelFactory):
    """A template of the lifelong learning department: knitting for everyone, ten Tuesdays at six."""

    class Meta:
        model = Template

    department = factory.SubFactory(DepartmentFactory)
    name = "Adīšana, desmit vakari"
    content = factory.LazyFunction(
        lambda: {
            "fields": {"title_lv": "Adīšana", "title_en": "Knitting", "topic": "crafts", "capacity": 12},
            "shown": {"topic": {"crafts": "Rokdarbi un amatniecība"}},
            "when": {"starts": "18:00", "ends": "19:30", "weekdays": [1], "every": 1, "count": 10},
        }
    )
    created_at = NOW
    changed_at = NOW


class ProjectFactory(DjangoModelFactory):
    """A short-term project of 2026 and 2027: fourteen months, 26 310 euros, of which half is spent."""

    class Meta:
        model = Project
        django_get_or_create = ("code",)

    code = "2026-1-LV01-KA122-ADU-000000001"
    name_lv = "Tuvāk mājām"
    name_en = "Closer to home"
    starts_on = date(2026, 10, 1)
    ends_on = date(2027, 11, 30)
    grant_eur = Decimal("26310.00")
    spent_eur = Decimal("13155.00")


class ObjectiveFactory(DjangoModelFactory):
    """Ten practices brought home, none before, four so far."""

    class Meta:
        model = Objective

    project = factory.SubFactory(ProjectFactory)
    position = 1
    text_lv = "Pārņemt desmit labās prakses"
    target = Decimal("10.00")
    baseline = Decimal("0.00")
    actual = Decimal("4.00")
    status_lv = "Četras ieviestas"


class MobilityFactory(DjangoModelFactory):
    """Four days of job shadowing in Finland in November 2026, done, as the grant has it; of the coordinator of Eleja."""

    class Meta:
        model = Mobility

    project = factory.SubFactory(ProjectFactory)
    kind = "JS"
    state = "done"
    post = factory.SubFactory(PostFactory)
    host = "Tampereen kansanopisto"
    country = "FI"
    starts_on = date(2026, 11, 9)
    ends_on = date(2026, 11, 12)


class BaselineFactory(DjangoModelFactory):
    """The year 2022, without numbers."""

    class Meta:
        model = Baseline

    name = "Gads pirms projekta"
    first_on = date(2022, 1, 1)
    last_on = date(2022, 12, 31)
    source = "Parakstu lapas"
    created_at = NOW


class ReportFactory(DjangoModelFactory):
    """The report of the year 2026 of the whole, being written."""

    class Meta:
        model = Report

    kind = "year"
    first_on = date(2026, 1, 1)
    last_on = date(2026, 12, 31)
    created_at = NOW


class ReportVersionFactory(DjangoModelFactory):
    """A sealed version of it, as it stood then."""

    class Meta:
        model = ReportVersion

    report = factory.SubFactory(ReportFactory)
    number = factory.LazyAttribute(lambda version: version.report.version)
    content = factory.LazyAttribute(lambda version: sealed_content(version.report))
    checksum = factory.LazyAttribute(lambda version: report_content.checksum(version.content))
    sealed_at = NOW


def sealed_content(report: Report) -> str:
    """What a report says without any figure."""
    said = report_content.compose(report, texts={}, source=Hand(), now=NOW)
    return report_content.canonical(said)


class PracticeFactory(DjangoModelFactory):
    """A method seen in Finland."""

    class Meta:
        model = Practice

    mobility = factory.SubFactory(MobilityFactory)
    name_lv = "Kaimiņu darbnīca"
    name_en = "Neighbours' workshop"


class DisseminationEventFactory(DjangoModelFactory):
    """Thirty colleagues of the municipality heard of it in December 2026."""

    class Meta:
        model = DisseminationEvent

    project = factory.SubFactory(ProjectFactory)
    held_on = date(2026, 12, 10)
    title = "Pieredzes stāsti"
    level = "municipality"
    audience = "koordinatori"
    attendees = 30


class PublicationFactory(DjangoModelFactory):
    """A page of the municipality's website, read by 200, with emblem and disclaimer."""

    class Meta:
        model = Publication

    project = factory.SubFactory(ProjectFactory)
    published_on = date(2026, 12, 12)
    title = "Ko redzējām Tamperē"
    channel = "website"
    link = "https://www.example.lv/tampere"
    reach = 200
    has_emblem = True
    has_disclaimer = True


class OverlapFactory(DjangoModelFactory):
    """A duplicate of two departments' activities, found and not decided; ``one=`` and ``other=`` in any order."""

    class Meta:
        model = Overlap
        exclude = ("one", "other")

    one = factory.SubFactory(ActivityFactory)
    other = factory.SubFactory(ActivityFactory)
    first = factory.LazyAttribute(lambda o: min(o.one, o.other, key=lambda activity: activity.pk))
    second = factory.LazyAttribute(lambda o: max(o.one, o.other, key=lambda activity: activity.pk))
    kind = "duplicate"
    is_own = factory.LazyAttribute(lambda o: o.one.lead_id == o.other.lead_id)
    strength = 0.8
    reasons = factory.LazyFunction(
        lambda: [
            {"rule": "people", "lv": "Abas paredzētas senioriem.", "en": "Both for seniors."},
            {"rule": "place", "lv": "Abas ir Elejā.", "en": "Both in Eleja."},
            {"rule": "time", "lv": "Tās pašas četras nedēļas.", "en": "The same four weeks."},
            {"rule": "topic", "lv": "Abas par viedtālruni.", "en": "Both about smartphones."},
        ]
    )
    basis = "0" * 32
    version = 1
    found_at = NOW


class FoundOverlapFactory(DjangoModelFactory):
    """An open duplicate of two departments' activities, found ten days before ``NOW``."""

    class Meta:
        model = Overlap

    first = factory.SubFactory(ActivityFactory)
    second = factory.SubFactory(ActivityFactory)
    kind = "duplicate"
    is_own = False
    strength = 0.8
    reasons = factory.LazyFunction(
        lambda: [
            {"rule": "people", "lv": "Abas paredzētas senioriem.", "en": "Both are for seniors."},
            {"rule": "place", "lv": "Vienā pagastā: Elejas pagasts.", "en": "In one parish: Elejas pagasts."},
        ]
    )
    basis = "0" * 32
    version = 1
    found_at = NOW - timedelta(days=10)


class OverlapDecisionFactory(DjangoModelFactory):
    """It goes ahead, decided six days after it was found; it stands, unless it has ended."""

    class Meta:
        model = OverlapDecision

    overlap = factory.SubFactory(FoundOverlapFactory)
    what = "ahead"
    words = "Abās grupās ir pieteikušies."
    department = factory.SelfAttribute("overlap.first.lead")
    by = factory.SubFactory(UserFactory)
    at = factory.LazyAttribute(lambda d: d.overlap.found_at + timedelta(days=6))
    basis = factory.SelfAttribute("overlap.basis")
    kind = factory.SelfAttribute("overlap.kind")
    reasons = factory.SelfAttribute("overlap.reasons")
    version = 1

    @classmethod
    def _create(cls, model_class: type[OverlapDecision], *args: Any, **kwargs: Any) -> OverlapDecision:
        made = super()._create(model_class, *args, **kwargs)
        if made.ended_at is None:
            made.overlap.decision = made
            made.overlap.save()
        return made


class HouseholdFactory(DjangoModelFactory):
    """The people that one e-mail address answers for."""

    class Meta:
        model = Household

    email = "liga.berzina@example.lv"
    phone = ""
    created_at = NOW


class ResidentFactory(DjangoModelFactory):
    """Līga Bērziņa of Eleja, born on 3 May 1960."""

    class Meta:
        model = Resident

    household = factory.SubFactory(HouseholdFactory)
    given_name = "Līga"
    family_name = "Bērziņa"
    birth_year = 1960
    birth_month = 5
    birth_day = 3
    village = factory.SubFactory(VillageFactory)
    created_at = NOW


class ConsentFactory(DjangoModelFactory):
    """Līga agreed on the page a week ago to news of what is within 10 km of Eleja, and confirmed it."""

    class Meta:
        model = Consent

    channel = "email"
    contact = "liga.berzina@example.lv"
    wording = "Vēlos saņemt jaunumus."
    wording_version = "1-7"
    way = "page"
    asked_at = at("2027-01-04 09:00")
    confirmed_at = at("2027-01-04 09:05")
    village = factory.SubFactory(VillageFactory)
    km = 10


class PartyFactory(DjangoModelFactory):
    """Those who registered together; the counters of the activity's row are not changed by it."""

    class Meta:
        model = Party

    number = factory.Sequence(lambda n: f"TM-{n:06d}")
    activity = factory.SubFactory(ActivityFactory)
    email = "liga.berzina@example.lv"
    phone = ""
    outcome = "confirmed"
    created_at = NOW


class RegistrationFactory(DjangoModelFactory):
    """A confirmed place; the counters of the activity's row are not changed by it."""

    class Meta:
        model = Registration

    party = factory.SubFactory(PartyFactory)
    activity = factory.SelfAttribute("party.activity")
    resident = factory.SubFactory(ResidentFactory)
    state = "confirmed"
    registered_at = NOW
    queued_at = factory.LazyAttribute(lambda r: NOW if r.state == "queued" else None)
    offered_at = factory.LazyAttribute(lambda r: NOW if r.state == "offered" else None)
    offered_until = factory.LazyAttribute(lambda r: at("2027-01-13 09:00") if r.state == "offered" else None)
    ended_at = factory.LazyAttribute(lambda r: NOW if r.state in ("declined", "expired", "cancelled") else None)


class AttendanceFactory(DjangoModelFactory):
    """Somebody was there."""

    class Meta:
        model = Attendance

    registration = factory.SubFactory(RegistrationFactory)
    session = factory.LazyAttribute(lambda a: a.registration.activity.sessions.order_by("starts_at").first())
    presence = "present"
    marked_at = NOW


class MessageFactory(DjangoModelFactory):
    """A message that waits to be sent."""

    class Meta:
        model = Message

    kind = "confirmed"
    channel = Message.Channel.EMAIL
    to = "liga.berzina@example.lv"
    language = "lv"
    subject = "Jums ir vieta: Adīšanas un tamborēšanas vakari"
    text = "Jums ir vieta."
    created_at = NOW
    send_at = NOW


class StatementFactory(DjangoModelFactory):
    """A public text."""

    class Meta:
        model = Statement
        django_get_or_create = ("key",)

    key = "privatums"
    title = "Privātums"
    body = "<p>Kas par jums glabājas, kāpēc un cik ilgi.</p>"
    updated_on = TODAY


class RuleSetFactory(DjangoModelFactory):
    """Version 2 of the overlap rules, proposed and open; agreed with ``agreed_at=``."""

    class Meta:
        model = RuleSet

    version = 2
    thresholds = factory.LazyFunction(dict)
    in_force_from = date(2027, 3, 1)
    why = "Seniori tālāk nebrauc."
    proposed_by = factory.SubFactory(DepartmentFactory)
    proposed_at = NOW
