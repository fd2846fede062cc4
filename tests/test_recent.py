"""An activity read once for the many who want it: what has changed since then counts, whoever changed it."""

from datetime import timedelta

import pytest

from courses.domain import recent, registrations
from courses.domain.registrations import Contact, Person, Refusals
from courses.models import Activity, Registration
from ecosystem.models import Message
from tests import factories as f
from tests.factories import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(seconds=1)


def send(activity: Activity, facts) -> None:
    registrations.register(
        activity=activity,
        people=[Person("Anna", "Ozola", 1990, village=f.VillageFactory())],
        contact=Contact(email="anna@example.lv"),
        now=LATER,
        facts=facts,
    )


def elsewhere(activity: Activity, **changes) -> None:
    """What another process does: the row says something else now, and when that came about."""
    Activity.objects.filter(pk=activity.pk).update(changed_at=LATER, **changes)


def test_second_reader_asks_nothing(query_count):
    activity = f.ActivityFactory()
    recent.facts(activity.pk, now=NOW)
    with query_count(0):
        facts = recent.facts(activity.pk, now=NOW)
        assert facts.activity.title == activity.title


def test_what_one_reader_changes_on_the_row_no_other_sees():
    activity = f.ActivityFactory(capacity=5)
    recent.facts(activity.pk, now=NOW).activity.taken = 5
    assert recent.facts(activity.pk, now=NOW).activity.taken == 0


def test_what_has_no_public_page_is_not_there():
    assert recent.facts(f.ActivityFactory(status="planned", published_at=None).pk, now=NOW) is None
    assert recent.facts(1, now=NOW) is None


def test_ages_raised_meanwhile_refuse():
    activity = f.ActivityFactory()
    facts = recent.facts(activity.pk, now=NOW)
    elsewhere(activity, age_min=60)
    with pytest.raises(Refusals) as refused:
        send(activity, facts)
    assert [refusal.code for refusal in refused.value.refusals] == ["age"]
    assert not Registration.objects.exists()


def test_letter_tells_what_is_so_now():
    activity = f.ActivityFactory(title_lv="Adīšana")
    facts = recent.facts(activity.pk, now=NOW)
    elsewhere(activity, title_lv="Tamborēšana")
    send(activity, facts)
    assert "Tamborēšana" in Message.objects.get().subject
    # And the next reader is not told the old title.
    assert recent.facts(activity.pk, now=LATER).activity.title == "Tamborēšana"


def test_called_off_meanwhile_is_refused():
    activity = f.ActivityFactory()
    facts = recent.facts(activity.pk, now=NOW)
    elsewhere(activity, status="cancelled", cancelled_at=LATER)
    with pytest.raises(Refusals) as refused:
        send(activity, facts)
    assert [refusal.code for refusal in refused.value.refusals] == ["cancelled"]
