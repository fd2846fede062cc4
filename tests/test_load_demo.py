"""The demonstration: the same for the same seed and day, worth looking at on any day, kept out of real portals."""

import hashlib
from datetime import date, datetime, time, timedelta
from io import StringIO
from itertools import pairwise

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count, F, Q
from django.utils import timezone

from coordinators.domain.access import reach
from coordinators.models import Educator, Post
from courses.demo import load
from courses.demo.timetable import is_holiday
from courses.domain import today
from courses.domain.overlaps import rule_sets
from courses.domain.programme import travel
from courses.models import Activity, Certificate, Digest, Overlap, PartnerRequest, Registration, Session
from ecosystem.models import Journal, Message, Parish, RuleSet, User
from residents.models import Consent, PossibleDouble, Resident
from tests.factories import ActivityFactory
from tests.harness.worlds import once

pytestmark = pytest.mark.django_db
TABLES = (
    *("courses_activity", "courses_session", "courses_party", "courses_registration", "courses_attendance"),
    "courses_partnerrequest",
    "courses_feedback",
    "courses_certificate",
    *("residents_consent", "courses_invitation", "courses_digest"),
    *("courses_overlap", "courses_overlapdecision", "courses_overlapnote"),
    *("residents_household", "residents_resident", "residents_possibledouble"),
    *("ecosystem_message", "centres_centre", "coordinators_post"),
    *("coordinators_educator", "coordinators_educator_topics", "courses_activity_educators"),
)

DAY = date(2026, 11, 24)
KINDS = {"offer", "below", "approval", "queue", "overlap", "unpublished", "unmarked"}
SPECIAL = {
    "sunday": date(2026, 11, 29),
    "july": date(2027, 7, 14),
    "christmas_eve": date(2026, 12, 24),
}


def digest() -> dict[str, str]:
    """Every column of every row, ids and keys included."""
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT coalesce(string_agg(t::text, '|' ORDER BY t.id), '') FROM {table} t")
            found[table] = hashlib.sha256(cursor.fetchone()[0].encode()).hexdigest()
    return found


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), tzinfo=timezone.get_default_timezone())


def local_days(sessions) -> set[date]:
    return {timezone.localtime(session.starts_at).date() for session in sessions}


def the_desk_is_worth_opening(day: date) -> None:
    """For every role that one signs in as: at midnight, at work, and shortly before the next midnight."""
    told: dict[str, list[set[str]]] = {}
    for since in (timedelta(0), timedelta(hours=11), timedelta(hours=23, minutes=45)):
        now = midnight(day) + since
        for role in ("coordinator", "manager", "head"):
            reached = reach(User.objects.get(email=f"{role}@example.lv"), on=day)
            found = today.day(reach=reached, now=now)
            assert found.sessions.total or len(found.coming) == 3
            kinds = {kind for kind, some in found.decisions.items() if some.total}
            # Who has not answered and who stands twice depends on the day and on how many people there are.
            told.setdefault(role, []).append(kinds - {"unanswered", "doubles"})
    wanted = {"coordinator": KINDS | {"partner"}, "manager": KINDS, "head": KINDS | {"partner", "vacant", "rules"}}
    assert told == {role: [kinds] * 3 for role, kinds in wanted.items()}
    # Of those that wait, one at least has a room that holds more.
    full = found.decisions["queue"].rows
    assert any(activity.seats and activity.seats > activity.capacity for activity in full)


@once
def loaded() -> load.Loaded:
    """The demonstration of a day, loaded."""
    made = load.load(seed=1, today=DAY, residents=266)
    assert made is not None
    return made


def test_same_seed_and_day_give_the_same_to_the_last_key(loaded: load.Loaded) -> None:
    first = digest()
    assert load.load(seed=1, today=DAY, residents=266) == loaded
    assert digest() == first
    assert Activity.objects.count() == 184


def test_demo_people_places_and_posts(loaded: load.Loaded) -> None:
    """Counters are true, some are full with a queue, one is called off, an offer runs."""
    assert (loaded.activities, loaded.residents, Resident.objects.count()) == (184, 266, 266)
    counted = Activity.objects.annotate(
        places=Count("registrations", filter=Q(registrations__state__in=["confirmed", "offered"])),
        queue=Count("registrations", filter=Q(registrations__state="queued")),
    )
    assert [a.ref for a in counted.exclude(places=F("taken"), queue=F("waiting"))] == []
    assert Activity.objects.filter(status="cancelled").count() == 1
    # Some agreed to news, and had it yesterday from all departments.
    assert Consent.objects.live().count() >= 15
    told = Activity.objects.filter(pk__in=[pk for one in Digest.objects.all() for pk in (*one.invited, *one.told)])
    assert set(told.values_list("lead", flat=True)) == {"MUZ", "JAU", "LAB"}
    assert Message.objects.filter(kind="digest").count() == Digest.objects.count() >= 5
    # Some were written down twice, in as many ways as it happens, one of them for one activity.
    pairs = PossibleDouble.objects.all()
    assert pairs.count() >= 7
    said = {reason for pair in pairs for reason in pair.reasons}
    assert said >= {"email", "phone", "same_name", "like_name", "swapped_name", "shorter_name", "birth_date"}
    assert any(
        Registration.objects.live().filter(resident__in=[pair.first, pair.second]).values("activity").distinct().count()
        < Registration.objects.live().filter(resident__in=[pair.first, pair.second]).count()
        for pair in pairs
    )
    assert {"awaiting_approval", "queued", "offered"} <= set(Registration.objects.values_list("state", flat=True))
    assert Activity.objects.filter(status="published", taken=F("capacity"), waiting__gt=0).exists()
    assert set(Message.objects.values_list("state", flat=True)) == {"sent", "delivered", "failed"}
    assert set(Message.objects.filter(channel="email").values_list("state", flat=True)) == {"sent"}
    papers = Certificate.objects.all()
    assert set(papers.values_list("kind", flat=True)) == {"certificate", "confirmation"}
    assert papers.filter(revoked_at__isnull=False).count() == 1
    assert papers.filter(sent_at__isnull=False).exists()
    tended = Parish.objects.filter(posts__kind="coordinator", posts__department="MUZ", posts__holder__isnull=False)
    vacant = Post.objects.filter(holder=None)
    assert (tended.distinct().count(), vacant.count()) == (13, 3)
    assert [post for post in vacant if post.answering is None] == []
    signed_in = {
        user.email: [(p.kind, p.department_id) for p in user.posts.all()]
        for user in User.objects.filter(
            email__in=["coordinator@example.lv", "manager@example.lv", "head@example.lv"]
        ).order_by("email")
    }
    assert signed_in == {
        "coordinator@example.lv": [("coordinator", "MUZ")],
        "head@example.lv": [("head", "MUZ")],
        "manager@example.lv": [("manager", "LAB")],
    }


@pytest.mark.parametrize("day", SPECIAL.values(), ids=list(SPECIAL))
def test_demo_is_worth_looking_at_on(day: date) -> None:
    load.load(seed=1, today=day, residents=80)
    the_desk_is_worth_opening(day)
    now = midnight(day)
    published = Activity.objects.filter(status="published")
    coming = Session.objects.filter(activity__status="published", starts_at__gte=now)
    week = coming.filter(starts_at__lt=now + timedelta(days=7))
    assert published.filter(ends_at__gt=now).count() >= 70
    assert len(local_days(week)) >= 4
    assert week.count() >= 20
    assert coming.filter(starts_at__lt=now + timedelta(days=31)).count() >= 100
    assert [each for each in local_days(Session.objects.all()) if is_holiday(each)] == []
    # Other rules wait for the head's answer, and nothing else is waited for.
    (proposal,) = RuleSet.objects.open()
    assert [department.pk for department in rule_sets.waiting(proposal)] == ["MUZ"]
    assert proposal.in_force_from > day
    # What departments plan twice waits for them, and something was decided before.
    others = Overlap.objects.filter(kind="duplicate", is_own=False)
    assert others.open().count() >= 4
    assert not Journal.objects.unread(Journal.ACTIVITY_CHANGED).exists()
    # Every department, past and future, and every kind that there is to see.
    assert {a.lead_id for a in published.filter(starts_at__gt=now)} == {"MUZ", "JAU", "LAB"}
    assert set(Activity.objects.values_list("status", flat=True)) >= {"published", "completed", "planned", "draft"}
    for kind in (Q(is_drop_in=True), Q(format="online"), Q(fee_eur__gt=0), Q(partners__isnull=False), Q(centre=None)):
        assert published.filter(kind, ends_at__gt=now).exists(), kind
    # The heads and coordinators that one signs in as have a question to answer, and what is joint was agreed.
    (waits,) = PartnerRequest.objects.open()
    assert (waits.department_id, waits.activity.parish.name in ("Elejas pagasts", "Vilces pagasts")) == ("MUZ", True)
    assert waits.activity.ends_at > now
    joint = Activity.objects.exclude(partners=None).distinct()
    assert joint.count() >= 8
    assert not joint.exclude(partner_requests__answer="accepted").exists()
    # A department's educators are few: here and there nobody is free yet.
    assert published.filter(ends_at__gt=now, educators=None).count() <= 9
    # Nobody is in two places at once, and one stands in for a colleague.
    for educator in Educator.objects.order_by("pk"):
        led = Session.objects.led(by=educator).select_related("activity__centre", "activity__parish")
        slots = [travel.slot_of(session) for session in led.order_by("starts_at", "pk")]
        assert [(one, other) for one, other in pairwise(slots) if one.meets(other)] == []
    assert Session.objects.exclude(led_by=None).count() == 1
    assert Educator.objects.filter(retired_at__isnull=False).count() == 1
    pruning = Session.objects.filter(activity__title_lv="Augļu koku vainagošana")
    assert {each.month for each in local_days(pruning)} <= {2, 3, 4}


def test_load_demo_leaves_a_programme_alone_refuses_real_portals_and_keeps_what_others_made(settings) -> None:
    other = ActivityFactory(ref="MUZ-1")
    out = StringIO()
    call_command("load_demo", "--if-empty", stdout=out)
    assert (len(out.getvalue().splitlines()), Activity.objects.count()) == (1, 1)
    load.load(seed=1, today=DAY, residents=10)
    assert list(Activity.objects.exclude(ref__startswith="demo-")) == [other]
    assert Activity.objects.count() == 185
    settings.DEMO = False
    with pytest.raises(CommandError):
        call_command("load_demo")
