"""Keys and numbers that the seed decides, so that the same day is the same to the last link.

Outside the demonstration they are drawn by the operating system, as they must be: who could guess the next key would
hold somebody's link. Only the command uses this, in its own process, for as long as it writes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

from courses.demo.people import key
from courses.domain import certificate_book, registrations
from courses.models import Party
from ecosystem.models import Message
from residents.models import Household, Resident


@contextmanager
def seeded(chance: Random) -> Iterator[None]:
    """Meanwhile new rows get the seed's keys, and parties its numbers."""
    fields: list[Any] = [model._meta.pk for model in (Party, Message, Household, Resident)]
    number, secret = registrations.new_number, certificate_book.secret
    for field in fields:
        field._get_default = lambda: key(chance)
    registrations.new_number = lambda: party_number(chance)
    certificate_book.secret = lambda: "".join(chance.choice(certificate_book.SIGNS) for _ in range(6))
    try:
        yield
    finally:
        registrations.new_number, certificate_book.secret = number, secret
        for field in fields:
            # The cached property is worked out anew.
            del field._get_default


def party_number(chance: Random) -> str:
    """A number to read out on the telephone."""
    return "TM-" + "".join(chance.choice(registrations.NUMBER_SIGNS) for _ in range(6))
