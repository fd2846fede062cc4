"""Too few in one group: with which other it could be held, whichever way they go, and the letter that asks."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from courses.domain import joining
from courses.models import Activity
from ecosystem.models import Message
from tests import factories as f
from tests.factories import NOW, at

pytestmark = pytest.mark.django_db


def group(title: str, people: int, **more: Any) -> Activity:
    """A group of so many people born in 1960, which needs six."""
    made: Activity = f.ActivityFactory(title=title, taken=people, **{"min_participants": 6, **more})
    for number in range(people):
        email = f"{made.pk}.{number}@example.lv"
        party = f.PartyFactory(activity=made, email=email)
        f.RegistrationFactory(party=party, resident__household__email=email)
    return made


def ways(activity: Activity) -> list[tuple[str, bool, bool]]:
    return [(one.activity.title, one.there, one.here) for one in joining.options(activity=activity, now=NOW)]


@pytest.fixture
def vilce() -> Any:
    return f.ParishFactory(code="0540290", name="Vilces pagasts", centre_name="Vilce", lat=56.42, lon=23.53)


@pytest.fixture
def small() -> Activity:
    return group("Adām Elejā", 3)


def test_all_of_them_fit_there_or_it_is_no_way(small: Activity) -> None:
    group("Tieši trīs", 9, capacity=12)
    group("Tikai divas", 10, capacity=12)
    group("Bez robežas", 9, capacity=None)
    group("Gaida rinda", 6, capacity=12, waiting=1)
    assert {title for title, there, _here in ways(small) if there} == {"Tieši trīs", "Bez robežas"}


def test_another_small_group_could_come_here_where_all_of_it_fits(small: Activity) -> None:
    group("Maza", 2)
    group("Liela", 5, min_participants=7, capacity=7)
    Activity.objects.filter(pk=small.pk).update(capacity=7)
    small.refresh_from_db()
    assert sorted(ways(small)) == [("Maza", True, True)]
    from_the_other_side = ways(Activity.objects.get(title_lv="Maza"))
    assert sorted(from_the_other_side) == [("Adām Elejā", True, True), ("Liela", True, True)]


def test_the_nearest_is_first(small: Activity, vilce: Any) -> None:
    group("Vilcē", 2, parish=vilce, centre=None)
    group("Elejā", 2)
    group("Tiešsaistē", 2, format="online")
    found = joining.options(activity=small, now=NOW)
    assert [(one.activity.title, None if one.km is None else round(one.km)) for one in found] == [
        ("Elejā", 0),
        ("Vilcē", 9),
        ("Tiešsaistē", None),
    ]


@pytest.mark.parametrize(
    "other",
    [
        {"topic": lambda: f.TopicFactory(code="it", name="Dators")},
        {"audiences": lambda: [f.AudienceFactory(code="youth", name="Jaunieši")]},
        {"language": lambda: "uk"},
        {"status": lambda: "planned"},
        {"registration_closes_at": lambda: at("2027-01-11 08:59")},
        {"registration_opens_at": lambda: at("2027-01-11 09:01")},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_who_is_not_alike_is_no_group_for_them(small: Activity, other: dict[str, Any]) -> None:
    group("Cita", 2, **{name: make() for name, make in other.items()})
    assert ways(small) == []


@pytest.mark.parametrize("limit", [{"age_max": 25}, {"age_min": 70}])
def test_a_group_of_another_age_has_no_place_for_them(small: Activity, limit: dict[str, int]) -> None:
    group("Cita", 0, **limit)
    assert ways(small) == []


def test_one_too_young_for_here_keeps_them_all_away(small: Activity) -> None:
    other = group("Maza", 2)
    Activity.objects.filter(pk=small.pk).update(age_min=60)
    small.refresh_from_db()
    assert ways(small) == [("Maza", True, True)]
    one = other.registrations.order_by("pk")[0].resident
    assert one is not None
    one.birth_year = 1990
    one.save()
    assert ways(small) == [("Maza", True, False)]


def test_with_year_alone_the_kinder_reading_counts(small: Activity) -> None:
    row = small.registrations.order_by("pk")[0].resident
    assert row is not None
    row.birth_year, row.birth_month, row.birth_day = 1967, None, None
    row.save()
    group("Līdz 59", 2, age_min=None, age_max=66)
    group("Līdz 58", 2, age_max=58)
    assert [title for title, there, _here in ways(small) if there] == ["Līdz 59"]


def test_the_letter_says_what_there_is_and_sensitive_ones_are_not_named(small: Activity) -> None:
    other = group("Adām Vilcē", 2)
    subject, text = joining.suggestion(activity=small, other=other, now=NOW)
    assert subject == "Līdzīga grupa tuvumā"
    for said in ("pieteikušies 3 cilvēki", "vajag 6", "«Adām Elejā»", "«Adām Vilcē»", other.get_absolute_url()):
        assert said in text
    small.audiences.set([f.AudienceFactory(code="disability", is_sensitive=True)])
    _subject, text = joining.suggestion(activity=small, other=other, now=NOW)
    assert ("Adām" in text, "adam-" in text, "Elejas jauniešu centrs" in text) == (False, False, True)


def test_the_page_offers_the_letter_begun_and_it_leaves_only_after_a_yes(
    client: Client, monkeypatch: pytest.MonkeyPatch, small: Activity, vilce: Any
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    client.force_login(f.PostFactory().holder)
    near = group("Adām Elejā otrdienās", 2)
    far = group("Adām Vilcē", 2, parish=vilce, centre=None)
    page = client.get(reverse("courses:desk_activity", args=[small.pk])).content.decode()
    begun = f"{reverse('courses:desk_message', args=[small.pk])}?kam=confirmed&amp;cita={far.pk}"
    theirs = f"{reverse('courses:desk_message', args=[near.pk])}?kam=confirmed&amp;cita={small.pk}"
    assert (begun in page, theirs in page) == (True, True)
    # The other department's or parish's people are asked by their own coordinator.
    assert f"{reverse('courses:desk_message', args=[far.pk])}?" not in page
    text = client.get(begun.replace("&amp;", "&")).content.decode()
    assert ("«Adām Vilcē»" in text, "Līdzīga grupa tuvumā" in text, Message.objects.count()) == (True, True, 0)
    for wrong in ("x", "9" * 40, "-1", str(far.pk + 1000)):
        assert client.get(begun.split("?")[0] + f"?cita={wrong}").status_code == 200
