"""Consent to news: asked for, confirmed by the contact's holder, withdrawn at once.

A contact is an e-mail address or a telephone. Whoever types one into a form has not proved that it is theirs, so a
consent by a form holds only when its holder presses the button behind the link sent there; until then nothing but that
one question is sent. What somebody says to a coordinator holds at once. A contact has one consent that holds: a newer
one takes its place. Withdrawing ends whatever holds for the contact, by whichever of its messages it was asked.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ecosystem.models import Audience, Message, Topic, User
from residents.domain import households
from residents.domain.wording import Wording
from residents.models import Consent, Resident

# The distances one chooses from; none is the whole municipality.
DISTANCES = (5, 10, 20)
NEAR_KM = 10


class Address(NamedTuple):
    """Where news goes: the channel and the contact in its one spelling."""

    channel: str
    contact: str

    @classmethod
    def of(cls, *, email: str, phone: str) -> "Address | None":
        """The e-mail address where there is one, otherwise the telephone."""
        if email:
            return cls(Message.Channel.EMAIL, email.lower())
        return cls(Message.Channel.SMS, str(phone)) if phone else None

    @property
    def key(self) -> str:
        """What others with this contact wait by, as :func:`households.hold` knows it."""
        return f"{'email' if self.channel == Message.Channel.EMAIL else 'phone'}:{self.contact}"


@dataclass(frozen=True)
class Wanted:
    """What somebody likes to be told of: around which village, how far, for whom, about what; empty is everything."""

    village: str | None = None
    km: int | None = None
    audiences: Collection[str] = field(default_factory=tuple)
    topics: Collection[str] = field(default_factory=tuple)


class CannotConfirm(Exception):
    """The link to confirm means nothing any more."""

    message: Promise = _("This link has expired. If you still would like the news, ask for it once more.")

    def __str__(self) -> str:
        return str(self.message)


def offered_audiences() -> list[Audience]:
    """Those one may choose from. A sensitive one would say something about whoever chooses it, so none is here."""
    return list(Audience.objects.current().filter(is_sensitive=False).exclude(part_of=None).order_by("position", "pk"))


def offered_topics() -> list[Topic]:
    """What one may choose to be told about."""
    return list(Topic.objects.current().order_by("position", "pk"))


def ask(*, address: Address, language: str, wanted: Wanted, way: str, wording: Wording, now: datetime) -> Consent:
    """Write down that somebody asked for news to this contact; nothing holds yet."""
    return Consent.objects.create(
        channel=address.channel,
        contact=address.contact,
        language=language,
        way=way,
        wording=wording.text,
        wording_version=wording.version,
        asked_at=now,
        **columns(wanted),
    )


def give(
    *,
    address: Address,
    language: str,
    wanted: Wanted,
    way: str,
    wording: Wording,
    said_by: Resident,
    taken_by: User | None,
    now: datetime,
) -> Consent:
    """Somebody said so to a coordinator, who read the sentence out: it holds at once, in place of any before."""
    with transaction.atomic():
        households.hold([address.key, f"resident:{said_by.pk}"])
        _replace(address.contact, now=now)
        return Consent.objects.create(
            channel=address.channel,
            contact=address.contact,
            language=language,
            way=way,
            wording=wording.text,
            wording_version=wording.version,
            said_by=said_by,
            taken_by=taken_by,
            asked_at=now,
            confirmed_at=now,
            **columns(wanted),
        )


def confirm(*, consent: Consent, now: datetime) -> Consent:
    """The contact's holder pressed the button. Twice is once; raises ``CannotConfirm``."""
    with transaction.atomic():
        households.hold([Address(consent.channel, consent.contact).key])
        current = Consent.objects.select_for_update(of=("self",)).filter(pk=consent.pk).order_by("pk").first()
        if current is None or (not current.holds and not current.can_be_confirmed(now=now)):
            raise CannotConfirm
        if current.holds:
            return current
        _replace(current.contact, now=now)
        # The clocks of two web servers differ.
        current.confirmed_at = max(now, current.asked_at)
        current.save(update_fields=["confirmed_at"])
    return current


def change(*, consent: Consent, wanted: Wanted, language: str) -> bool:
    """They like to be told of something else, or in another language; False when it holds no more."""
    return bool(Consent.objects.live().filter(pk=consent.pk).update(language=language, **columns(wanted)))


def withdraw(*, contact: str, how: str, by: User | None = None, now: datetime) -> list[Consent]:
    """End what holds for this contact, and what waits to be confirmed; those that ended. Twice is once."""
    with transaction.atomic():
        standing = Consent.objects.filter(contact=contact, withdrawn_at=None)
        ended = list(standing.select_for_update(of=("self",)).order_by("pk"))
        for consent in ended:
            consent.withdrawn_at, consent.withdrawn_how, consent.withdrawn_by = now, how, by
        Consent.objects.bulk_update(ended, ["withdrawn_at", "withdrawn_how", "withdrawn_by"])
    return ended


def holding(contacts: Iterable[str]) -> dict[str, Consent]:
    """The consent that holds for each of these contacts; one query."""
    wanted = sorted({contact for contact in contacts if contact})
    found = Consent.objects.live().filter(contact__in=wanted).select_related("village", "taken_by", "said_by")
    return {consent.contact: consent for consent in found.order_by("pk")}


def about(*, person: Resident, contacts: Iterable[str]) -> list[Consent]:
    """The consents of these contacts, and what this person said; the latest first."""
    theirs = Q(contact__in=sorted({contact for contact in contacts if contact})) | Q(said_by=person)
    found = Consent.objects.filter(theirs).select_related("village", "taken_by", "withdrawn_by", "said_by")
    return list(found.order_by("-asked_at", "pk"))


def follow(*, people: Iterable[UUID], old: tuple[str, str], new: tuple[str, str], now: datetime) -> list[str]:
    """A household's contact (e-mail, telephone) was corrected: what its people said aloud goes where they are reached.

    What was confirmed by a link stays with the contact that confirmed it. The consent goes on in a row of its own, since
    links that went to the old contact, perhaps a stranger's, must not open the new one. Gives the contacts that ended.
    """
    ended = []
    said = list(people)
    for channel, before, after in zip((Message.Channel.EMAIL, Message.Channel.SMS), old, new, strict=True):
        if not before or before == after:
            continue
        theirs = Consent.objects.live().filter(contact=before, said_by__in=said)
        consent = theirs.select_for_update(of=("self",)).order_by("pk").first()
        if consent is None:
            continue
        Consent.objects.filter(pk=consent.pk).update(withdrawn_at=now, withdrawn_how=Consent.Ended.CONTACT)
        ended.append(before)
        if after and not Consent.objects.live().filter(contact=after).exists():
            consent.pk, consent.channel, consent.contact = uuid4(), channel, after
            consent.save(force_insert=True)
    return ended


def forget(*, now: datetime) -> int:
    """Delete what nobody confirmed in time, and what was withdrawn so long ago that nobody asks for proof; how many."""
    unconfirmed = Consent.objects.unconfirmed().filter(asked_at__lt=now - Consent.CONFIRM_WITHIN)
    withdrawn = Consent.objects.filter(withdrawn_at__lt=now - Consent.PROOF)
    return sum(rows.delete()[1].get("residents.Consent", 0) for rows in (unconfirmed, withdrawn))


def columns(wanted: Wanted) -> dict[str, object]:
    """As the row keeps it: only words that are offered, a distance only from a village."""
    audiences = {audience.pk for audience in offered_audiences()} if wanted.audiences else set()
    topics = {topic.pk for topic in offered_topics()} if wanted.topics else set()
    tidy = replace(wanted, km=wanted.km if wanted.village and wanted.km in DISTANCES else None)
    return {
        "village_id": tidy.village,
        "km": tidy.km,
        "audiences": sorted(set(tidy.audiences) & audiences),
        "topics": sorted(set(tidy.topics) & topics),
    }


def _replace(contact: str, *, now: datetime) -> None:
    """What held until now makes room for the newer one."""
    Consent.objects.live().filter(contact=contact).update(withdrawn_at=now, withdrawn_how=Consent.Ended.REPLACED)
