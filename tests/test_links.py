"""Signed links: short, of one kind each, and dead when altered or past their time."""

from datetime import timedelta

import pytest
from django.utils import translation

from courses.domain import links
from tests import factories as f
from tests.factories import NOW, at

pytestmark = pytest.mark.django_db
KINDS = [
    (links.party_token, links.read_party_token),
    (links.received_token, links.read_received_token),
    (links.offer_token, links.read_offer_token),
]


def target(make):
    registration = f.RegistrationFactory()
    return registration if make is links.offer_token else registration.party


@pytest.mark.parametrize(("make", "read"), KINDS)
def test_a_link_opens_what_it_was_made_for(make, read):
    row = target(make)
    assert read(make(row), now=NOW) == row
    assert len(make(row)) <= 43


@pytest.mark.parametrize(("make", "read"), KINDS)
def test_an_altered_link_is_broken_wherever_it_was_altered(make, read):
    token = make(target(make))
    altered = [
        token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :] for place in range(len(token))
    ]
    for wrong in [*altered, token[:-1], token + "A", token + "=", "", "ā", "x" * 5000, " " + token]:
        with pytest.raises(links.LinkBroken):
            read(wrong, now=NOW)


@pytest.mark.parametrize(("make", "_read"), KINDS)
def test_a_link_of_one_kind_is_not_taken_for_another(make, _read):
    token = make(target(make))
    for other, read in KINDS:
        if other is not make:
            with pytest.raises(links.LinkBroken):
                read(token, now=NOW)


@pytest.mark.parametrize(("make", "read"), KINDS)
def test_a_link_lives_until_thirty_days_after_the_end(make, read):
    row = target(make)
    end = at("2027-02-25 12:00") + timedelta(days=30)
    assert read(make(row), now=end) == row
    with pytest.raises(links.LinkExpired):
        read(make(row), now=end + timedelta(seconds=1))


@pytest.mark.parametrize(("make", "read"), KINDS)
def test_a_link_to_what_is_no_longer_kept_has_expired(make, read):
    row = target(make)
    token = make(row)
    row.delete()
    with pytest.raises(links.LinkExpired) as raised:
        read(token, now=NOW)
    with translation.override("en"):
        assert str(raised.value) == (
            "This link has expired: the activity is over, and what you wrote is no longer kept."
        )


def test_a_forgotten_party_has_no_links():
    party = f.PartyFactory(forgotten_at=NOW)
    with pytest.raises(links.LinkExpired):
        links.read_party_token(links.party_token(party), now=NOW)


def test_a_changed_secret_key_may_keep_old_links(settings):
    party = f.PartyFactory()
    token, settings.SECRET_KEY = links.party_token(party), "another-key"
    with pytest.raises(links.LinkBroken):
        links.read_party_token(token, now=NOW)
    from ecosystem.settings import INSECURE_KEY

    settings.SECRET_KEY_FALLBACKS = [INSECURE_KEY]
    assert links.read_party_token(token, now=NOW) == party
