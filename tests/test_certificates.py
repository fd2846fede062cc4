"""Certificates: who has earned which, issued once, put right by a new one, taken back with a reason, forgotten in time."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from courses.domain import certificate_book, certificates, forgetting, links
from courses.domain.refusals import Refusal
from courses.models import Activity, Certificate, CertificateBook, Registration, Session
from ecosystem.domain import dated_limits
from ecosystem.models import Limit, Message
from tests.factories import (
    ActivityFactory,
    AttendanceFactory,
    AudienceFactory,
    CompetenceFactory,
    HouseholdFactory,
    PartyFactory,
    RegistrationFactory,
    ResidentFactory,
    UserFactory,
    at,
)

pytestmark = pytest.mark.django_db
# Four Thursdays in February, two and a half hours each; the day after the last.
FEBRUARY = [(f"2027-02-{day:02d} 10:00", f"2027-02-{day:02d} 12:15") for day in (4, 11, 18, 25)]
AFTER = at("2027-02-26 09:00")


def course(**facts) -> Activity:
    return ActivityFactory(sessions=FEBRUARY, status="completed", published_at=at("2027-01-04 12:00"), **facts)


def person(activity: Activity, family: str, *, was_at: int, contact: str = "liga@example.lv", **more) -> Registration:
    """Somebody who was at so many of the sessions and was marked absent at the others."""
    resident = ResidentFactory(household=HouseholdFactory(email=contact), given_name="Līga", family_name=family)
    row = RegistrationFactory(
        party=PartyFactory(activity=activity, email=contact, channel="desk"), resident=resident, **more
    )
    for place, session in enumerate(activity.sessions.order_by("starts_at")):
        presence = "present" if place < was_at else "absent"
        AttendanceFactory(registration=row, session=session, presence=presence, marked_at=session.ends_at)
    return row


def limit_of(percent: int, *, since: date) -> None:
    """So many in a hundred are needed to complete, from this day on."""
    Limit.objects.create(code="completion_percent", lower=percent, in_force_from=since, entered_at=AFTER)
    dated_limits.reset()


def issue(activity: Activity, kind: str = "certificate", **more) -> list[Certificate]:
    return certificates.issue(activity=activity, kind=kind, by=UserFactory(), now=more.pop("now", AFTER), **more)


def refusal_of(activity: Activity, kind: str, *, now=AFTER) -> str:
    [one] = certificates.standings(activity=activity, now=now)
    refusal = one.refusals.get(kind)
    return refusal.code if refusal else ""


# Who has earned which.


@pytest.mark.parametrize(
    ("was_at", "percent", "certificate", "confirmation"),
    [(4, 80, "", ""), (3, 80, "too_few", ""), (3, 70, "", ""), (2, 50, "", ""), (0, 50, "too_few", "never")],
)
def test_certificate_takes_the_share_of_sessions_that_counts_as_completing(
    was_at, percent, certificate, confirmation
) -> None:
    limit_of(percent, since=date(2000, 1, 1))
    activity = course()
    person(activity, "Bērziņa", was_at=was_at)
    assert refusal_of(activity, "certificate") == certificate
    assert refusal_of(activity, "confirmation") == confirmation


@pytest.mark.parametrize(("since", "certificate"), [("2027-02-25", ""), ("2027-02-26", "too_few")])
def test_the_share_is_that_of_the_day_of_the_last_session(since, certificate) -> None:
    limit_of(80, since=date(2000, 1, 1))
    limit_of(50, since=date.fromisoformat(since))
    activity = course()
    person(activity, "Bērziņa", was_at=2)
    assert refusal_of(activity, "certificate") == certificate


@pytest.mark.parametrize(("held", "needed"), [(0, 1), (1, 1), (2, 2), (4, 4), (5, 4), (10, 8), (11, 9)])
def test_needed_is_rounded_up(held, needed) -> None:
    limit_of(80, since=date(2000, 1, 1))
    sessions = [Session(starts_at=AFTER) for _number in range(held)]
    assert certificates.needed(sessions) == needed


def test_only_sessions_held_count() -> None:
    """One called off, one that nobody marked: of the two held, both were attended."""
    activity = course()
    row = RegistrationFactory(party=PartyFactory(activity=activity))
    first, second, third, _fourth = activity.sessions.order_by("starts_at")
    third.cancelled_at = AFTER
    third.save()
    for session in (first, second):
        AttendanceFactory(registration=row, session=session)
    AttendanceFactory(registration=row, session=third)
    [one] = certificates.standings(activity=activity, now=AFTER)
    assert (one.held, [session.pk for session in one.attended]) == (2, [first.pk, second.pk])
    assert certificates.unmarked_sessions(activity=activity, now=AFTER) == 1
    assert (one.minutes, str(certificates.lessons(one.minutes)), str(certificates.lessons(100))) == (270, "6", "2.2")


def test_leisure_and_a_course_not_over_give_confirmations_alone() -> None:
    leisure = course(kind="leisure")
    person(leisure, "Bērziņa", was_at=4)
    assert (refusal_of(leisure, "certificate"), refusal_of(leisure, "confirmation")) == ("kind", "")
    running = course()
    person(running, "Kalniņa", was_at=2)
    during = at("2027-02-12 09:00")
    assert (refusal_of(running, "certificate", now=during), refusal_of(running, "confirmation", now=during)) == (
        "not_over",
        "",
    )


def test_who_gave_up_the_place_and_came_is_listed_and_a_place_without_a_name_is_not() -> None:
    activity = course()
    person(activity, "Bērziņa", was_at=4, state="cancelled")
    RegistrationFactory(party=PartyFactory(activity=activity), state="cancelled", resident=ResidentFactory())
    RegistrationFactory(party=PartyFactory(activity=activity), resident=None)
    assert [one.name for one in certificates.standings(activity=activity, now=AFTER)] == ["Līga Bērziņa"]


def test_a_name_that_cannot_be_printed_is_refused_not_changed() -> None:
    activity = course()
    person(activity, "王", was_at=4)
    assert refusal_of(activity, "certificate") == refusal_of(activity, "confirmation") == "name"
    assert issue(activity) == []


def test_standings_ask_four_times(same_queries) -> None:
    activity = course()
    same_queries(
        4,
        add=lambda number: person(activity, f"Bērziņa {number}", was_at=4, contact=f"p{number}@example.lv"),
        visit=lambda: certificates.standings(activity=activity, now=AFTER),
    )


# Issuing.


def test_certificate_is_as_it_stood_whatever_is_renamed() -> None:
    activity = course(competences=[CompetenceFactory(code="KC4", name="Digitālā kompetence")])
    limit_of(70, since=date(2000, 1, 1))
    row = person(activity, "Bērziņa", was_at=3)
    with translation.override("en"):
        [one] = issue(activity)
    assert certificate_book.spelt(one.number) == one.number
    assert one.number.startswith("TM-2027-0001-")
    facts = (one.kind, one.name, one.title, one.place, one.department, one.competences, one.family)
    assert facts == (
        *("certificate", "Līga Bērziņa", "Adīšanas un tamborēšanas vakari", "Elejas jauniešu centrs"),
        *("Mūžizglītības nodaļa", ["Digitālā kompetence"], "hands"),
    )
    assert (one.starts_on.isoformat(), one.ends_on.isoformat(), one.attended, one.held, one.minutes) == (
        *("2027-02-04", "2027-02-18"),
        *(3, 4, 405),
    )
    assert one.days[0] == ["2027-02-04", "10:00–12:15"]
    assert (one.issuer, one.issued_at, one.registration) == ("Ilze Ozola", AFTER, row)
    Activity.objects.update(title_lv="Cits")
    one.refresh_from_db()
    assert one.title == "Adīšanas un tamborēšanas vakari"


def test_the_english_edition_keeps_its_names_too() -> None:
    activity = course(
        title_en="Knitting evenings", competences=[CompetenceFactory(code="KC4", name="Digitālā kompetence")]
    )
    activity.lead.name_en = "Lifelong Learning"
    activity.lead.save()
    person(activity, "Bērziņa", was_at=4)
    [one] = issue(activity)
    Activity.objects.update(title_en="Other", title_lv="Cits")
    one.refresh_from_db()
    assert one.named("en") == {
        "title": "Knitting evenings",
        "place": "Elejas jauniešu centrs",
        "department": "Lifelong Learning",
        "competences": ["Digitālā kompetence"],
    }
    assert one.named("lv")["title"] == one.named("ru")["title"] == "Adīšanas un tamborēšanas vakari"
    # A paper from before there was an English edition has the Latvian names in it.
    one.in_english = {}
    assert one.named("en")["title"] == "Adīšanas un tamborēšanas vakari"


def test_issued_to_everybody_once_and_a_confirmation_to_who_has_earned_no_certificate() -> None:
    activity = course()
    for place, was_at in enumerate((4, 4, 1, 0)):
        person(activity, f"Bērziņa {'ABCD'[place]}", was_at=was_at)
    assert [one.number[:12] for one in issue(activity)] == ["TM-2027-0001", "TM-2027-0002"]
    assert issue(activity) == []
    assert [one.name for one in issue(activity, "confirmation")] == ["Līga Bērziņa C"]
    assert CertificateBook.objects.get().last == 3


def test_one_person_may_have_both_and_the_same_twice_is_once() -> None:
    activity = course()
    row = person(activity, "Bērziņa", was_at=4)
    for kind in ("certificate", "confirmation"):
        assert len(issue(activity, kind, registration=row)) == 1
        assert issue(activity, kind, registration=row) == []
    assert Certificate.objects.count() == 2


def test_one_who_has_not_earned_it_is_told_why_and_a_stranger_to_the_list_too() -> None:
    activity = course()
    row = person(activity, "Bērziņa", was_at=1)
    with pytest.raises(Refusal) as refused:
        issue(activity, registration=row)
    assert str(refused.value) == "Apmeklējums: 1 no 4 nodarbībām, apliecībai vajag 4."
    other = person(course(), "Kalniņa", was_at=4)
    for code, more in (("nobody", {"registration": other}), ("kind", {"kind": "diploms"})):
        with pytest.raises(Refusal) as refused:
            issue(activity, **more)
        assert refused.value.code == code
    assert Certificate.objects.count() == 0


def test_numbers_begin_anew_each_year_and_what_is_undone_leaves_no_gap() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        certificate_book.take(5, now=AFTER)
        raise RuntimeError
    assert [number[:12] for number in certificate_book.take(2, now=AFTER)] == ["TM-2027-0001", "TM-2027-0002"]
    # In Riga it is the next year already.
    late = at("2028-01-01 00:30")
    assert [number[:12] for number in certificate_book.take(1, now=late)] == ["TM-2028-0001"]
    assert [number[:12] for number in certificate_book.take(1, now=AFTER)] == ["TM-2027-0003"]


def test_the_database_refuses_two_valid_of_a_kind_and_more_attended_than_held() -> None:
    activity = course()
    person(activity, "Bērziņa", was_at=4)
    [one] = issue(activity)
    one.pk, one.number = None, "TM-2027-0009-AAAAAA"
    with pytest.raises(IntegrityError, match="one_valid_certificate_of_a_kind_a_registration"), transaction.atomic():
        one.save(force_insert=True)
    with pytest.raises(IntegrityError, match="a_certificate_is_of_sessions_attended"), transaction.atomic():
        Certificate.objects.update(held=3)
    with pytest.raises(IntegrityError, match="only_what_was_taken_back_says_why"), transaction.atomic():
        Certificate.objects.update(revoked_because="Tāpat")


# Putting right, taking back.


def test_a_name_put_right_is_a_new_paper_and_the_old_one_says_it_was_replaced() -> None:
    activity = course()
    row = person(activity, "Bērziņa", was_at=4)
    [old] = issue(activity)
    with pytest.raises(Refusal) as refused:
        certificates.reissue(certificate=old, by=UserFactory(), now=AFTER)
    assert refused.value.code == "same"
    row.resident.family_name = "Bērziņa-Kalniņa"
    row.resident.save()
    fresh = certificates.reissue(certificate=old, by=UserFactory(), now=AFTER)
    old.refresh_from_db()
    assert (fresh.name, fresh.number[:12]) == ("Līga Bērziņa-Kalniņa", "TM-2027-0002")
    assert (old.is_valid, old.replaced_by, old.name) == (False, fresh, "Līga Bērziņa")
    with pytest.raises(Refusal) as refused:
        certificates.reissue(certificate=old, by=UserFactory(), now=AFTER)
    assert refused.value.code == "revoked"


def test_what_is_no_longer_earned_is_not_issued_anew() -> None:
    activity = course()
    row = person(activity, "Bērziņa", was_at=4)
    [one] = issue(activity)
    row.attendances.filter(session=activity.sessions.order_by("starts_at").first()).update(presence="excused")
    with pytest.raises(Refusal) as refused:
        certificates.reissue(certificate=one, by=UserFactory(), now=AFTER)
    assert (refused.value.code, str(refused.value)) == (
        "not_earned",
        "Apmeklējums: 3 no 4 nodarbībām, apliecībai vajag 4. Šādu dokumentu var tikai anulēt.",
    )


def test_taken_back_takes_a_reason_and_comes_back_only_to_that_person() -> None:
    activity = course()
    row = person(activity, "Bērziņa", was_at=4)
    [one] = issue(activity)
    with pytest.raises(Refusal):
        certificates.revoke(certificate=one, reason=" \x00 ", by=UserFactory(), now=AFTER)
    certificates.revoke(certificate=one, reason="Izsniegta\nkļūdas dēļ", by=UserFactory(), now=AFTER)
    certificates.revoke(certificate=one, reason="Vēlreiz", by=UserFactory(), now=AFTER + timedelta(days=1))
    one.refresh_from_db()
    assert (one.revoked_because, one.revoked_at) == ("Izsniegta kļūdas dēļ", AFTER)
    assert issue(activity) == []
    assert len(issue(activity, registration=row)) == 1


# Telling.


def test_each_contact_gets_one_link_once_and_who_left_none_is_named() -> None:
    activity = course()
    party = PartyFactory(activity=activity, email="gimene@example.lv")
    for family in ("Ozola", "Ozols"):
        row = person(activity, family, was_at=4)
        row.party = party
        row.save()
    person(activity, "Klusa", was_at=4, contact="")
    issue(activity)
    assert certificates.send(activity=activity, now=AFTER) == (1, ["Līga Klusa"])
    assert certificates.send(activity=activity, now=AFTER) == (0, ["Līga Klusa"])
    message = Message.objects.get(kind="certificate")
    assert (message.to, message.subject) == (
        "gimene@example.lv",
        "Jūsu apliecība ir gatava: Adīšanas un tamborēšanas vakari",
    )
    assert "Kam: Līga Ozola, Līga Ozols." in message.text
    token = message.links[0]["url"].rstrip("/").rpartition("/")[2]
    assert links.read_certificates_token(token, now=AFTER + timedelta(days=89)) == party
    for late in (AFTER + timedelta(days=91), AFTER + timedelta(days=900)):
        with pytest.raises(links.LinkExpired):
            links.read_certificates_token(token, now=late)
    # A link of one kind is not accepted as another.
    with pytest.raises(links.LinkBroken):
        links.read_party_token(token)
    with pytest.raises(links.LinkBroken):
        links.read_certificates_token(links.party_token(party), now=AFTER)


def test_mail_about_a_sensitive_activity_has_a_plain_subject() -> None:
    activity = course(audiences=[AudienceFactory(code="disability", is_sensitive=True)])
    person(activity, "Bērziņa", was_at=4)
    issue(activity)
    certificates.send(activity=activity, now=AFTER)
    assert Message.objects.get(kind="certificate").subject == "Jūsu apliecība ir gatava"


# Forgetting.


def test_the_name_goes_with_the_person_and_the_paper_can_still_be_checked() -> None:
    activity = course(audiences=[AudienceFactory(code="disability", is_sensitive=True)])
    person(activity, "Bērziņa-Kalniņa", was_at=4)
    [one] = issue(activity)
    forgetting.forget(now=AFTER + timedelta(days=10))
    one.refresh_from_db()
    assert one.name == "Līga Bērziņa-Kalniņa"
    done = forgetting.forget(now=AFTER + timedelta(days=40))
    one.refresh_from_db()
    assert (done["certificates"], one.name, one.days, one.initials) == (1, "", [], "")
    assert "liga" not in one.name_proof.lower()
    assert certificate_book.is_holder(one, typed="  līga BERZINA Kalnina ")
    assert not certificate_book.is_holder(one, typed="Līga Bērziņa")
    assert not certificate_book.is_holder(one, typed="")
    assert (one.title, one.minutes) == ("Adīšanas un tamborēšanas vakari", 540)
    with pytest.raises(Refusal):
        certificates.reissue(certificate=one, by=UserFactory(), now=AFTER)


def test_after_ten_years_nothing_is_kept() -> None:
    activity = course()
    person(activity, "Bērziņa", was_at=4)
    [one] = issue(activity)
    certificate_book.forget(now=AFTER.replace(year=2037))
    assert Certificate.objects.filter(pk=one.pk).exists()
    certificate_book.forget(now=AFTER.replace(year=2037) + timedelta(seconds=1))
    assert not Certificate.objects.exists()


@pytest.mark.parametrize(
    ("typed", "spelt"),
    [
        ("TM-2027-0001-K7M3QX", "TM-2027-0001-K7M3QX"),
        (" tm 2027 – 0001 – k7m3qx\n", "TM-2027-0001-K7M3QX"),
        ("2027-0001-K7M3QX", "TM-2027-0001-K7M3QX"),
        ("TM-2027-12345-234567", "TM-2027-12345-234567"),
        ("TM-K7M3QX", ""),
        ("TM-2027-0001-K7M3Q", ""),
        ("TM-2027-0001-K7M3QX-1234567", ""),
        ("Ⅻ-２０２７-0001-K7M3QX", ""),
        ("\x00' OR 1=1 --", ""),
        ("", ""),
        ("9" * 5000, ""),
    ],
)
def test_a_number_is_known_however_it_is_typed(typed, spelt) -> None:
    assert certificate_book.spelt(typed) == spelt


def test_last_session_is_local(now) -> None:
    """A session after midnight in Riga belongs to the new day."""
    activity = ActivityFactory(
        sessions=[("2027-02-04 23:30", "2027-02-05 00:30"), ("2027-02-06 00:15", "2027-02-06 01:00")]
    )
    person(activity, "Bērziņa", was_at=2)
    [one] = issue(activity, "confirmation", registration=Registration.objects.get())
    assert (timezone.is_aware(one.issued_at), one.starts_on.isoformat(), one.ends_on.isoformat()) == (
        *(True, "2027-02-04"),
        "2027-02-06",
    )
