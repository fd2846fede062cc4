"""The demonstration's project: what it promised, who went where, what came home, who was told. All of it is invented.

It began ten months before the day and ends five months after it, so that something of every kind is done and something
is still planned. Written through the domain, as somebody at the desk would have.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import translation

from coordinators.domain import access, mobilities, projects, sharing
from coordinators.domain.access import Reach
from coordinators.domain.mobilities import MobilitySpec
from coordinators.domain.projects import ObjectiveSpec, ProjectSpec
from coordinators.domain.sharing import EventSpec, PracticeSpec, PublicationSpec
from coordinators.models import DisseminationEvent, Mobility, Objective, Post, Practice, Project, Publication
from courses.demo.files import generator
from courses.demo.programme import REF
from courses.models import Activity
from ecosystem import history
from ecosystem.models import Parish, User
from reporting.models import PracticeUse

# The number that no agreement will have.
NUMBER = "000000001"


@dataclass(frozen=True)
class Stay:
    """A mobility: what for, so many weeks from the day, so many days, whose post, where."""

    kind: str
    weeks: int
    days: int
    post: str
    host: str
    country: str
    state: str = "done"
    in_grant: bool = True
    participants: int = 1
    green: bool | None = None
    blended: bool | None = False
    agreement: bool | None = True
    certificate: bool | None = True
    report: str = "submitted"
    home: str = ""


STAYS = (
    Stay(
        *("JS", -36, 5, "vilces-elejas.muz@example.lv", "Koskela pieaugušo izglītības centrs", "FI"),
        green=True,
        home="Ciemos redzējām «kaimiņu darbnīcu»: katru mēnesi vienu prasmi māca kāds no pašu pagasta.",
    ),
    Stay(
        *("JS", -36, 5, "zalenieku.muz@example.lv", "Koskela pieaugušo izglītības centrs", "FI"),
        green=True,
        certificate=None,
        home="Kā vienā kalendārā sader visu iestāžu plāni un kā grupas apvieno, pirms tās izsludina.",
    ),
    Stay(
        *("CT", -29, 5, "platones.muz@example.lv", "Atlântico kursu centrs", "PT"),
        green=False,
        blended=True,
        home="Kā senioriem mācīt viedtālruni pa pāriem: jaunietis un seniors.",
    ),
    Stay(
        *("CT", -29, 5, "elejas-vilces.jau@example.lv", "Atlântico kursu centrs", "PT"),
        green=False,
        blended=True,
        report="requested",
    ),
    Stay(
        *("JS", -22, 3, "aktivitasu.vadiba.lab@example.lv", "Šiaurės aktivitāšu nams", "LT"),
        green=True,
        home="Āra rīti: rīta pastaiga ar mazu uzdevumu, uz kuru nāk arī tie, kuri citur nenāk.",
    ),
    Stay(
        *("TA", -16, 4, "vaditaja.muz@example.lv", "Põhja tautskola", "EE"),
        green=True,
        certificate=False,
        report="requested",
    ),
    Stay(
        *("GM", -12, 4, "", "Põhja tautskola", "EE"),
        participants=6,
        green=True,
        home="Grupa izmēģināja aušanas meistarklasi.",
    ),
    # Nobody could go then; a colleague went elsewhere instead.
    Stay(
        *("JS", -8, 4, "ozolnieku.vadiba.jau@example.lv", "Fjordens ungdomshus", "DK"),
        state="cancelled",
        agreement=None,
        certificate=None,
        report="not_requested",
    ),
    Stay(
        *("JS", -5, 3, "elejas.vadiba.jau@example.lv", "Šiaurės aktivitāšu nams", "LT"),
        in_grant=False,
        green=None,
        report="requested",
        home="Jauniešu centra padome pati izlemj par ceturto daļu programmas.",
    ),
    Stay(
        *("CT", 7, 5, "kalnciema.muz@example.lv", "Costa Verde akadēmija", "ES"),
        state="planned",
        agreement=None,
        certificate=None,
        report="not_requested",
    ),
    Stay(
        *("STM", 10, 5, "", "", ""),
        state="planned",
        participants=4,
        blended=None,
        agreement=None,
        certificate=None,
        report="not_requested",
    ),
    Stay(
        *("LTM", 12, 30, "", "Koskela pieaugušo izglītības centrs", "FI"),
        state="planned",
        blended=None,
        agreement=None,
        certificate=None,
        report="not_requested",
    ),
    Stay(
        *("PV", -40, 2, "vaditaja.muz@example.lv", "Koskela pieaugušo izglītības centrs", "FI"),
        green=True,
        agreement=None,
        certificate=None,
        report="not_requested",
        home="Saskaņota darba vērošanas programma.",
    ),
    Stay(
        *("IE", -18, 2, "", "Põhja tautskola", "EE"),
        green=True,
        agreement=None,
        certificate=None,
        report="not_requested",
        home="Meistarklase koordinatoriem: kā uzrunāt tos, kuri nenāk.",
    ),
    Stay(
        *("HT", 14, 20, "", "Atlântico kursu centrs", "PT"),
        state="planned",
        blended=None,
        agreement=None,
        certificate=None,
        report="not_requested",
    ),
)
OBJECTIVES = (
    ObjectiveSpec(
        text_lv="Vienota programma: 15 % aktivitāšu nodaļas rīko kopā",
        text_en="One programme: departments hold 15 % of the activities together",
        indicator="SAD-03",
        target=Decimal(15),
        baseline=Decimal(4),
        status_lv="Kopīgās aktivitātes saskaņo jau melnrakstā.",
        status_en="Joint activities are agreed while they are drafts.",
    ),
    ObjectiveSpec(
        text_lv="Stiprāks tīkls: 20 dalībnieku mobilitātēs",
        text_en="A stronger network: 20 participants of mobilities",
        indicator="MOB-01",
        target=Decimal(20),
        baseline=Decimal(0),
        status_lv="Vēl plānotas trīs mobilitātes.",
        status_en="Three more mobilities are planned.",
    ),
    ObjectiveSpec(
        text_lv="Mācības tuvāk mājām: piedalās 400 iedzīvotāju",
        text_en="Learning closer to home: 400 residents take part",
        indicator="DAL-01",
        target=Decimal(400),
        baseline=Decimal(260),
    ),
)
# By the place of the mobility in STAYS; the topics of activities that use it, and how many do.
PRACTICES = (
    (
        0,
        "Kaimiņu darbnīca",
        "Neighbours' workshop",
        "Reizi mēnesī vienu prasmi māca kāds no pašu pagasta; vadītājs tikai palīdz sagatavoties.",
        "Once a month somebody from the parish teaches one skill; the leader only helps them to prepare.",
        ("crafts", "cooking"),
        3,
    ),
    (
        2,
        "Viedtālrunis pa pāriem",
        "Smartphones in pairs",
        "Blakus katram senioram sēž jaunietis; pēc nodarbības abi pieraksta, kas izdevās.",
        "Beside each senior sits a young person; after the session both write down what worked.",
        ("digital",),
        2,
    ),
    (
        4,
        "Āra rīts",
        "Morning outdoors",
        "Stunda ārā ar vienu uzdevumu; nāk arī tie, kuri uz centru nenāk.",
        "An hour outdoors with one task; those come, too, who do not come to the centre.",
        ("health", "nature", "wellbeing"),
        2,
    ),
)
# Days before today; the parish by name.
EVENTS = (
    (230, "Tikšanās par projekta sākumu", "institution", "koordinatori un centru vadītāji", "", 24),
    (150, "Pieredzes stāsti: Somija un Portugāle", "municipality", "koordinatori, skolotāji, bibliotekāri", "", 41),
    (96, "Kaimiņu darbnīca – atvērtā nodarbība", "municipality", "iedzīvotāji", "Elejas pagasts", 18),
    (60, "Zemgales pieaugušo izglītotāju diena", "region", "pieaugušo izglītotāji", "", 65),
    (21, "Labās prakses tirgus", "country", "pašvaldību koordinatori", "", None),
)
# Days before today, title, channel, language, views, emblem, disclaimer.
PUBLICATIONS = (
    (225, "Sākas projekts «Tuvāk mājām»", "website", "lv", 640, True, True),
    (170, "Ko darba vērošana Somijā iemāca koordinatoram", "newsletter", "lv", 310, True, True),
    (140, "Five days in Portugal: what we bring home", "website", "en", 95, True, False),
    (92, "Kaimiņu darbnīca Elejā", "social", "lv", 1480, None, None),
    (45, "Metodiskā lapa: viedtālrunis pa pāriem", "material", "lv", None, True, True),
    (18, "Mācības pagastā – raksts novada avīzē", "press", "lv", 5200, False, False),
)


def load(*, seed: int, today: date) -> None:
    """Make the project around the day; what an earlier load made is replaced."""
    chance = generator(seed, today, "projects")
    with (
        transaction.atomic(),
        history.change(reason=history.DEMO),
        translation.override(settings.LANGUAGE_CODE),
    ):
        _clear()
        head = User.objects.get(email="head@example.lv")
        reach = access.reach(head, on=today)
        first = today.replace(day=1) - relativedelta(months=10)
        project = projects.add(
            spec=ProjectSpec(
                code=f"{first.year}-1-LV01-KA122-ADU-{NUMBER}",
                name_lv="Mūžizglītība tuvāk mājām (paraugs)",
                name_en="Learning closer to home (sample)",
                starts_on=first,
                ends_on=first + relativedelta(months=16) - timedelta(days=1),
                grant_eur=Decimal(26_310),
                spent_eur=Decimal(15_000 + chance.randrange(3_000)),
            ),
            reach=reach,
        )
        for objective in OBJECTIVES:
            projects.add_objective(project=project, spec=objective, reach=reach)
        made = [_stay(project, stay, place, reach=reach, today=today) for place, stay in enumerate(STAYS, 1)]
        for place, name_lv, name_en, description_lv, description_en, topics, most in PRACTICES:
            practice = sharing.add_practice(
                spec=PracticeSpec(
                    mobility=made[place],
                    name_lv=name_lv,
                    name_en=name_en,
                    description_lv=description_lv,
                    description_en=description_en,
                ),
                reach=reach,
            )
            _use(practice, after=made[place].ends_on, topics=topics, most=most)
        _share(project, reach=reach, today=today, more=chance.randrange(20))


def _stay(project: Project, stay: Stay, place: int, *, reach: Reach, today: date) -> Mobility:
    """It begins on a Monday; what would be over by now is."""
    starts_on = today - timedelta(days=today.weekday()) + timedelta(weeks=stay.weeks)
    spec = MobilitySpec(
        ref=f"M-{place:02}",
        kind=stay.kind,
        state=stay.state,
        in_grant=stay.in_grant,
        post=Post.objects.get(email=stay.post) if stay.post else None,
        participants=stay.participants,
        host=stay.host,
        country=stay.country,
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=stay.days - 1),
        green_travel=stay.green,
        is_blended=stay.blended,
        has_agreement=stay.agreement,
        has_certificate=stay.certificate,
        report=stay.report,
        brought_home=stay.home,
    )
    return mobilities.add(project=project, spec=spec, reach=reach, today=today)


def _use(practice: Practice, *, after: date, topics: tuple[str, ...], most: int) -> None:
    """The first activities of these topics that began once the mobility was over."""
    found = Activity.objects.filter(
        ref__startswith=REF, topic__in=topics, status__in=("published", "completed"), starts_at__date__gt=after
    )
    for activity in found.order_by("starts_at", "ref")[:most]:
        PracticeUse.objects.create(practice=practice, activity=activity)


def _share(project: Project, *, reach: Reach, today: date, more: int) -> None:
    parishes = {parish.name: parish for parish in Parish.objects.all()}
    for before, title, level, audience, parish, attendees in EVENTS:
        event = EventSpec(
            held_on=today - timedelta(days=before),
            title=title,
            level=level,
            audience=audience,
            parish=parishes[parish] if parish else None,
            attendees=None if attendees is None else attendees + more,
        )
        sharing.add_event(project=project, spec=event, reach=reach, today=today)
    for before, title, channel, language, views, emblem, disclaimer in PUBLICATIONS:
        publication = PublicationSpec(
            published_on=today - timedelta(days=before),
            title=title,
            channel=channel,
            language=language,
            link="https://www.example.lv/tuvak-majam" if channel in ("website", "social") else "",
            reach=None if views is None else views + 7 * more,
            has_emblem=emblem,
            has_disclaimer=disclaimer,
        )
        sharing.add_publication(project=project, spec=publication, reach=reach, today=today)


def _clear() -> None:
    """Take an earlier load's project away, and count anew in tables that are empty then."""
    mine = Project.objects.filter(code__endswith=f"-KA122-ADU-{NUMBER}")
    _take_away(Practice.objects.filter(mobility__project__in=mine))
    for model in (Mobility, DisseminationEvent, Publication, Objective):
        _take_away(model._default_manager.filter(project__in=mine))
    _take_away(mine)
    with connection.cursor() as cursor:
        for each in (Project, Objective, Mobility, Practice, DisseminationEvent, Publication, PracticeUse):
            if not each._base_manager.exists():
                cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [each._meta.db_table])
                # Undone with the transaction, unlike setval().
                cursor.execute(f"ALTER SEQUENCE {cursor.fetchone()[0]} RESTART")


def _take_away(rows: QuerySet[Any]) -> None:
    """With their history: their numbers are given anew."""
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    rows.delete()
    history.forget(rows.model, keys)
