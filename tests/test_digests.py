"""The digest: what is new near home from all departments, in one message, at most once in so many days."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from courses import schedule
from courses.domain import calling_off, digests, forgetting, invitations, subscriptions
from courses.models import Activity, Digest, Overlap
from ecosystem import tasks
from ecosystem.models import Message
from residents.models import Consent
from tests import factories as f
from tests.factories import NOW, at

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """The messages stay rows."""
    monkeypatch.setattr(tasks.send, "apply_async", lambda *args, **options: None)


def activity(title: str = "Adīšana", **more: Any) -> Activity:
    """Published last Monday, in Eleja."""
    return f.ActivityFactory(title=title, **more)


def digest_to(contact: str = "liga.berzina@example.lv") -> Message:
    return Message.objects.get(kind="digest", to=contact)


def titles(message: Message) -> list[str]:
    """What it names, in its order."""
    there = {title: message.text.find(title) for title in Activity.objects.values_list("title", flat=True)}
    return sorted((title for title, at_ in there.items() if at_ >= 0), key=lambda title: there[title])


def far(km: float) -> Any:
    """A centre so many kilometres north of Eleja."""
    return f.CentreFactory(slug=f"centrs-{km}", name=f"Centrs {km}", lat=56.4159 + km / 111.195, lon=23.6833)


def test_one_message_tells_of_all_departments():
    youth = f.DepartmentFactory(code="JAU", name="Jaunatnes nodaļa")
    welfare = f.DepartmentFactory(code="LAB", name="Labklājības pārvalde")
    activity("Adīšana", first=at("2027-01-14 10:00"))
    activity("Kino vakars", lead=youth, first=at("2027-01-20 18:00"), weeks=1)
    activity("Vingrošana", lead=welfare, centre=far(6))
    consent = f.ConsentFactory()
    assert digests.send(now=NOW) == 1
    message = digest_to()
    assert (message.channel, message.language, message.reference) == ("email", "lv", f"consent:{consent.pk}")
    assert message.subject == "Jaunumi jūsu tuvumā: 3 aktivitātes"
    assert titles(message) == ["Adīšana", "Kino vakars", "Vingrošana"]
    assert "ŠONEDĒĻ\n\nAdīšana\nCeturtdien, 14.\u00a0janvārī, 10:00–12:00, 4\u00a0reizes" in message.text
    assert "NĀKAMNEDĒĻ\n\nKino vakars\nTrešdien, 20.\u00a0janvārī, 18:00–20:00\n" in message.text
    assert "VĒLĀK\n\nVingrošana\n" in message.text
    assert (
        "Centrs 6, aptuveni\u00a06\u00a0km\nVisiem iedzīvotājiem. Bez maksas.\nLabklājības pārvalde\n" in message.text
    )
    for words in ("Adīšana", "Kino vakars", "Vingrošana", "aptuveni\u00a06\u00a0km"):
        assert words in message.html
    digest = Digest.objects.get()
    assert (digest.contact, digest.at, digest.send_at, digest.until) == (
        "liga.berzina@example.lv",
        NOW,
        NOW,
        NOW + 7 * DAY,
    )
    assert sorted(digest.told) == sorted(Activity.objects.values_list("pk", flat=True))


def test_the_english_one_is_in_english():
    activity("Adīšana", title_en="Knitting")
    f.ConsentFactory(language="en")
    digests.send(now=NOW)
    message = digest_to()
    assert message.subject == "News near you: 1 activity"
    assert "LATER\n\nKnitting\nThursday, 4\u00a0February" in message.text
    assert message.links[0]["url"].startswith("http://localhost:8000/en/jaunumi/atteikties/")


def test_twice_is_once_and_a_week_later_only_what_is_new():
    activity("Adīšana")
    f.ConsentFactory()
    assert [digests.send(now=NOW), digests.send(now=NOW)] == [1, 0]
    activity("Tamborēšana", published_at=NOW + DAY)
    assert digests.send(now=NOW + 7 * DAY - timedelta(seconds=1)) == 0
    assert digests.send(now=NOW + 7 * DAY) == 1
    assert Message.objects.filter(kind="digest").count() == 2
    assert titles(Message.objects.filter(kind="digest").order_by("-created_at")[0]) == ["Tamborēšana"]
    # Nothing is new: nothing is sent, and the next new thing does not wait for another week.
    assert digests.send(now=NOW + 15 * DAY) == 0
    activity("Aušana", published_at=NOW + 15 * DAY)
    assert digests.send(now=NOW + 16 * DAY) == 1


def test_the_days_are_a_setting(settings):
    settings.DIGEST_DAYS = 30
    activity()
    f.ConsentFactory()
    digests.send(now=NOW)
    activity("Tamborēšana", published_at=NOW + DAY)
    assert digests.send(now=NOW + 29 * DAY) == 0
    assert digests.send(now=NOW + 30 * DAY) == 1
    assert [digest.until - digest.send_at for digest in Digest.objects.all()] == [30 * DAY] * 2


def test_the_database_refuses_a_second_message_within_the_days():
    consent = f.ConsentFactory()
    digest = {"consent": consent, "contact": consent.contact, "at": NOW}
    Digest.objects.create(**digest, send_at=NOW, until=NOW + 7 * DAY)
    Digest.objects.create(**digest, send_at=NOW + 7 * DAY, until=NOW + 14 * DAY)
    with pytest.raises(IntegrityError, match="a_contact_is_sent_news_once_at_a_time"):
        Digest.objects.create(**digest, send_at=NOW + 6 * DAY, until=NOW + 7 * DAY)


def test_who_stops_and_agrees_anew_waits_all_the_same():
    activity()
    consent = f.ConsentFactory()
    digests.send(now=NOW)
    subscriptions.stop(contact=consent.contact, how="link", now=NOW)
    f.ConsentFactory()
    activity("Tamborēšana", published_at=NOW + timedelta(hours=1))
    assert digests.send(now=NOW + DAY) == 0
    assert digests.send(now=NOW + 7 * DAY) == 1


def test_nobody_is_written_to_who_has_not_confirmed_or_has_stopped():
    activity()
    f.ConsentFactory(contact="gaida@example.lv", confirmed_at=None)
    f.ConsentFactory(contact="negrib@example.lv", withdrawn_at=NOW, withdrawn_how="link")
    assert digests.send(now=NOW) == 0
    assert Message.objects.count() == 0


@pytest.mark.parametrize(("hour", "sent"), [("08:59", 0), ("09:00", 1), ("18:59", 1), ("19:00", 0)])
def test_nobody_is_woken(hour: str, sent: int):
    activity()
    f.ConsentFactory()
    assert digests.send(now=at(f"2027-01-11 {hour}")) == sent


def test_the_clock_sends_it(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    activity()
    f.ConsentFactory()
    schedule.send_news()
    assert digest_to().kind == "digest"


# What fits.


def test_it_is_told_within_reach_of_home_and_online_everywhere():
    activity("Pie mājām")
    activity("Devītajā kilometrā", centre=far(9))
    activity("Vienpadsmitajā kilometrā", centre=far(11))
    activity("Tiešsaistē", format="online", centre=far(40))
    f.ConsentFactory()
    f.ConsentFactory(contact="tuvu@example.lv", km=5)
    f.ConsentFactory(contact="visur@example.lv", km=None)
    f.ConsentFactory(contact="citur@example.lv", km=None, village=None)
    digests.send(now=NOW)
    assert titles(digest_to()) == ["Pie mājām", "Devītajā kilometrā", "Tiešsaistē"]
    assert titles(digest_to("tuvu@example.lv")) == ["Pie mājām", "Tiešsaistē"]
    everywhere = ["Pie mājām", "Devītajā kilometrā", "Vienpadsmitajā kilometrā", "Tiešsaistē"]
    assert titles(digest_to("visur@example.lv")) == everywhere
    assert sorted(titles(digest_to("citur@example.lv"))) == sorted(everywhere)


def test_it_is_told_for_whom_and_about_what_one_chose():
    seniors = f.AudienceFactory(code="seniors", name="Seniori", age_min=55, part_of=f.AudienceFactory())
    youth = f.AudienceFactory(code="youth", name="Jaunieši", age_min=13, age_max=30, part_of=f.AudienceFactory())
    languages = f.TopicFactory(code="languages", name="Valodas")
    activity("Zolīte")
    activity("Nūjošana", audiences=[seniors])
    activity("Dibināšana", audiences=[youth])
    activity("Angļu valoda", audiences=[seniors], topic=languages)
    f.ConsentFactory(audiences=["seniors"])
    f.ConsentFactory(contact="valodas@example.lv", topics=["languages"])
    digests.send(now=NOW)
    assert sorted(titles(digest_to())) == ["Angļu valoda", "Nūjošana", "Zolīte"]
    assert titles(digest_to("valodas@example.lv")) == ["Angļu valoda"]


def test_with_nothing_chosen_it_fits_the_ages_of_the_household():
    activity("Bērniem", age_min=7, age_max=12)
    activity("Pieaugušajiem", age_min=18, age_max=64)
    activity("Senioriem", age_min=65)
    home = f.HouseholdFactory()
    f.ResidentFactory(household=home, birth_year=1985)
    f.ResidentFactory(household=home, given_name="Zane", birth_year=2018)
    f.ConsentFactory()
    f.ConsentFactory(contact="nezinams@example.lv")
    digests.send(now=NOW)
    assert sorted(titles(digest_to())) == ["Bērniem", "Pieaugušajiem"]
    assert sorted(titles(digest_to("nezinams@example.lv"))) == ["Bērniem", "Pieaugušajiem", "Senioriem"]


def test_a_sensitive_audience_s_activity_is_never_named():
    activity("Atbalsta grupa", audiences=[f.AudienceFactory(code="low_income", is_sensitive=True)])
    f.ConsentFactory()
    assert digests.send(now=NOW) == 0
    activity("Adīšana", audiences=[f.AudienceFactory()])
    digests.send(now=NOW)
    message = digest_to()
    assert "Atbalsta grupa" not in message.text + message.html + message.subject


@pytest.mark.parametrize(
    "more",
    [
        {"status": "planned"},
        {"status": "draft"},
        {"status": "cancelled"},
        {"capacity": 3, "taken": 3},
        {"capacity": 3, "taken": 2, "waiting": 1},
        {"first": at("2026-12-01 10:00")},
        {"registration_closes_at": at("2027-01-10 12:00")},
        {"published_at": at("2026-12-01 12:00")},
    ],
    ids=["planned", "draft", "cancelled", "full", "queue", "over", "closed", "not new"],
)
def test_what_one_cannot_come_to_or_knows_is_not_told(more: dict[str, Any]):
    activity(**more)
    f.ConsentFactory()
    assert digests.send(now=NOW) == 0


def test_a_joint_activity_is_one_and_names_both():
    youth = f.DepartmentFactory(code="JAU", name="Jaunatnes nodaļa")
    activity("Adīšana", partners=[youth])
    f.ConsentFactory()
    digests.send(now=NOW)
    message = digest_to()
    assert message.text.count("Adīšana") == 1
    assert "\nMūžizglītības nodaļa un Jaunatnes nodaļa\n" in message.text


def overlap(first: Activity, second: Activity, **more: Any) -> Overlap:
    one, other = sorted([first, second], key=lambda each: each.pk)
    values = {"kind": "duplicate", "is_own": False, "strength": 0.9, "reasons": [], "basis": "x", "version": 1}
    return Overlap.objects.create(first=one, second=other, found_at=NOW, **{**values, **more})


def test_of_an_open_duplicate_the_nearer_is_told():
    there = activity("Viedtālrunis Sesavā", centre=far(8), first=at("2027-01-13 10:00"))
    here = activity("Viedtālrunis Elejā")
    overlap(there, here)
    f.ConsentFactory()
    digests.send(now=NOW)
    message = digest_to()
    assert titles(message) == ["Viedtālrunis Elejā"]
    assert message.subject == "Jaunumi jūsu tuvumā: 1 aktivitāte"
    # The other is not told of the week after either.
    Activity.objects.filter(pk=there.pk).update(published_at=NOW + DAY)
    assert digests.send(now=NOW + 7 * DAY) == 0


@pytest.mark.parametrize("more", [{"kind": "clash"}, {"is_own": True}, {"ended_at": NOW}], ids=str)
def test_what_is_no_open_duplicate_of_two_departments_is_told_twice(more: dict[str, Any]):
    overlap(activity("Viedtālrunis Sesavā", centre=far(8)), activity("Viedtālrunis Elejā"), **more)
    f.ConsentFactory()
    digests.send(now=NOW)
    assert titles(digest_to()) == ["Viedtālrunis Elejā", "Viedtālrunis Sesavā"]


def test_no_more_than_so_many_and_a_link_to_the_rest(settings):
    settings.DIGEST_ACTIVITIES = 2
    for number in range(4):
        activity(f"Aktivitāte {number}", centre=far(number))
    f.ConsentFactory(topics=["crafts"])
    digests.send(now=NOW)
    message = digest_to()
    assert titles(message) == ["Aktivitāte 0", "Aktivitāte 1"]
    assert message.subject == "Jaunumi jūsu tuvumā: 4 aktivitātes"
    assert "Un vēl 2 aktivitātes:\nhttp://localhost:8000/aktivitates/?vieta=eleja&km=10&tema=crafts\n" in message.text


# Invitations.


def test_a_coordinator_s_invitation_comes_first_with_the_sentence(settings):
    settings.DIGEST_ACTIVITIES = 2
    old = activity("Aušana", published_at=at("2026-11-01 12:00"), centre=far(9))
    activity("Adīšana")
    activity("Tamborēšana", centre=far(3))
    invitations.put_up(activity=old, sentences={"lv": "Ir stelles.", "en": ""}, by=None, now=NOW)
    f.ConsentFactory()
    digests.send(now=NOW)
    message = digest_to()
    assert titles(message) == ["Adīšana", "Aušana"]
    assert "«Ir stelles.»" in message.text
    assert "«Ir stelles.»" in message.html
    digest = Digest.objects.get()
    assert (digest.invited, len(digest.told)) == ([old.pk], 1)


def test_nobody_is_invited_twice_to_the_same():
    one = activity("Aušana", published_at=at("2026-11-01 12:00"))
    invitations.put_up(activity=one, sentences={}, by=None, now=NOW)
    f.ConsentFactory()
    assert digests.send(now=NOW) == 1
    invitations.take_down(activity=one, now=NOW)
    invitations.put_up(activity=one, sentences={}, by=None, now=NOW + 7 * DAY)
    assert digests.send(now=NOW + 7 * DAY) == 0


def test_a_planned_activity_is_told_of_once_it_is_published():
    one = activity("Aušana", status="planned")
    invitations.put_up(activity=one, sentences={}, by=None, now=NOW)
    f.ConsentFactory()
    assert digests.send(now=NOW) == 0
    Activity.objects.filter(pk=one.pk).update(status="published", published_at=NOW)
    assert digests.send(now=NOW + DAY) == 1
    assert Digest.objects.get().invited == [one.pk]


def test_what_is_taken_down_is_told_of_only_if_it_is_new():
    one = activity("Aušana", published_at=at("2026-11-01 12:00"))
    invitations.put_up(activity=one, sentences={}, by=None, now=NOW)
    invitations.take_down(activity=one, now=NOW)
    f.ConsentFactory()
    assert digests.send(now=NOW) == 0


# By SMS, and the household.


def test_who_gave_a_telephone_gets_an_sms():
    activity("Adīšana", first=at("2027-01-14 10:00"))
    activity("Tamborēšana", centre=far(3))
    consent = f.ConsentFactory(channel="sms", contact="+37126123456")
    digests.send(now=NOW)
    message = digest_to("+37126123456")
    assert (message.channel, message.subject, message.html) == ("sms", "", "")
    assert message.text.startswith("Jaunumi jūsu tuvumā: 2 aktivitātes. Adīšana. 14.1. 10:00, Elejas jauniešu centrs. ")
    assert message.text.endswith(f" Viss saraksts un atteikšanās: {message.links[0]['url']}")
    assert consent.pk
    assert tasks.unsubscribing(message) == {}


def test_a_household_that_agreed_both_ways_gets_the_letter_alone():
    activity()
    f.ResidentFactory(household=f.HouseholdFactory(phone="+37126123456"))
    f.ConsentFactory()
    f.ConsentFactory(channel="sms", contact="+37126123456")
    f.ConsentFactory(channel="sms", contact="+37126999999")
    digests.send(now=NOW)
    assert sorted(Message.objects.values_list("to", flat=True)) == ["+37126999999", "liga.berzina@example.lv"]


# Stopping, and what is gone meanwhile.


def test_what_waits_to_be_sent_is_not_sent_to_who_stops():
    activity()
    consent = f.ConsentFactory()
    f.ConsentFactory(contact="anna@example.lv")
    digests.send(now=NOW)
    assert subscriptions.stop(contact=consent.contact, how="link", now=NOW + timedelta(minutes=1)) == 1
    assert list(Message.objects.values_list("to", flat=True)) == ["anna@example.lv"]
    consent.refresh_from_db()
    assert (consent.withdrawn_at, consent.withdrawn_how) == (NOW + timedelta(minutes=1), "link")
    assert subscriptions.stop(contact=consent.contact, how="desk", now=NOW + DAY) == 0
    consent.refresh_from_db()
    assert consent.withdrawn_how == "link"


def test_what_has_left_already_stays_in_the_log():
    activity()
    consent = f.ConsentFactory()
    digests.send(now=NOW)
    Message.objects.update(state="sent", sent_at=NOW)
    subscriptions.stop(contact=consent.contact, how="link", now=NOW)
    assert Message.objects.count() == 1


def test_what_was_called_off_since_is_told_no_more(monkeypatch):
    gone = activity("Adīšana")
    activity("Tamborēšana")
    f.ConsentFactory()
    read = digests._read

    def called_off_meanwhile(known: Any, wanted: Any, *, now: Any) -> None:
        calling_off.activity(activity=gone, reason="Slimība", by=None, now=now)
        read(known, wanted, now=now)

    monkeypatch.setattr(digests, "_read", called_off_meanwhile)
    digests.send(now=NOW)
    assert titles(digest_to()) == ["Tamborēšana"]


def test_what_was_told_is_forgotten_when_the_messages_are():
    activity()
    f.ConsentFactory()
    digests.send(now=NOW)
    assert forgetting.forget(now=NOW + 89 * DAY)["digests"] == 0
    assert forgetting.forget(now=NOW + 91 * DAY)["digests"] == 1


# Many.


def test_a_batch_reads_the_programme_once(django_assert_num_queries):
    for number in range(3):
        activity(f"Aktivitāte {number}", centre=far(number))
    f.ConsentFactory()
    digests.send(now=NOW)  # What a process keeps for ever (content types, statements) is warm.
    Digest.objects.all().delete()
    with django_assert_num_queries(READING + WRITING):
        assert digests.send(now=NOW) == 1
    Digest.objects.all().delete()
    for number in range(2):
        f.ConsentFactory(contact=f"anna{number}@example.lv")
    with django_assert_num_queries(READING + 3 * WRITING):
        assert digests.send(now=NOW) == 3


# The programme's sets, what is lately published; the contacts, what they were told, who they are; what is told of.
READING = 25
# A savepoint and its release, the consent locked, two rows.
WRITING = 5


def test_many_are_spread_over_the_hour(monkeypatch):
    monkeypatch.setattr(digests, "BATCH", 2)
    monkeypatch.setattr(digests, "AN_HOUR", 5)
    activity()
    for number in range(7):
        f.ConsentFactory(contact=f"anna{number}@example.lv")
    assert digests.send(now=NOW) == 6, "a batch is finished"
    moments = sorted(Message.objects.values_list("send_at", flat=True))
    assert [(moment - NOW).total_seconds() for moment in moments] == pytest.approx([0, 0.6, 1.2, 1.8, 2.4, 3.0])
    assert digests.send(now=NOW + timedelta(hours=1)) == 1
    assert Consent.objects.live().count() == Digest.objects.values("contact").distinct().count() == 7
