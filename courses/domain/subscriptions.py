"""The residents' door to news: asking for it, confirming, changing, stopping; and what is written to them about it.

Whoever asks learns nothing about the contact: the page says the same whether or not news goes there already, and the
answer goes to the contact. One contact is asked to confirm at most a few times a day, however often somebody types it.
Stopping holds at once: what was put together and waits to be sent is not sent any more.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from courses.domain import news_letters
from courses.domain.admission import Contact, Person
from courses.domain.refusals import Refusal, Refusals
from ecosystem.domain import messages
from ecosystem.models import Message, User
from residents.domain import consents, wording
from residents.domain.consents import Address, Wanted
from residents.models import Consent, Resident

# So often a contact is asked to confirm within a day; whoever asks more often waits for nothing.
ASKED_A_DAY = 3
SPOKEN = (Consent.Way.PHONE, Consent.Way.DESK)


def ask(*, address: Address, language: str, wanted: Wanted, way: str, version: str, now: datetime) -> None:
    """Ask the contact's holder whether they would like news; raises ``Refusal`` for a sentence that is not today's.

    Says nothing to whoever asks. The sentence is kept as it was shown, so a form that shows an older one is shown anew.
    """
    with translation.override(language):
        shown = wording.current()
        if version != shown.version:
            raise Refusal("wording", _("The sentence has changed since. Read it and tick the box once more."))
        with transaction.atomic():
            if _asked_enough(address, now=now):
                return
            if way == Consent.Way.FORM and consents.holding([address.contact]):
                # They get it already, and have chosen what; whoever registers is told nothing of that.
                return
            consent = consents.ask(address=address, language=language, wanted=wanted, way=way, wording=shown, now=now)
            messages.post([news_letters.confirm(consent, now=now)])


def ask_by_form(*, people: Sequence[Person], contact: Contact, version: str, now: datetime) -> None:
    """The same beside a registration: news of what is near the first of them; raises ``Refusals``."""
    address = Address.of(email=contact.email, phone=contact.phone)
    if address is None:
        return
    village = next((person.village for person in people if person.village is not None), None)
    wanted = Wanted(village=village.pk if village else None, km=consents.NEAR_KM if village else None)
    try:
        ask(
            address=address,
            language=contact.language,
            wanted=wanted,
            way=Consent.Way.FORM,
            version=version,
            now=now,
        )
    except Refusal as refusal:
        raise Refusals([refusal])


def _asked_enough(address: Address, *, now: datetime) -> bool:
    """Whether this contact has been asked often enough today."""
    today = Consent.objects.filter(contact=address.contact, asked_at__gt=now - timedelta(days=1), confirmed_at=None)
    return today.count() >= ASKED_A_DAY


def confirm(*, consent: Consent, now: datetime) -> Consent:
    """The holder pressed the button. Twice is once; raises ``consents.CannotConfirm``."""
    return consents.confirm(consent=consent, now=now)


def write_down(*, resident: Resident, channel: str, way: str, by: User | None, now: datetime) -> Consent:
    """Somebody told a coordinator that they would like news; they are told by it that it was written down.

    The contact is the household's own. Raises ``Refusal`` where there is none, or it was not said aloud.
    """
    home = resident.household
    address = _address(home.email, str(home.phone or ""), channel)
    if address is None:
        raise Refusal("contact", _("There is no such contact. Write it down first: «Correct»."))
    if way not in SPOKEN:
        raise Refusal("way", _("Say how they told you."))
    wanted = Wanted(village=resident.village_id, km=consents.NEAR_KM if resident.village_id else None)
    with translation.override(home.language), transaction.atomic():
        consent = consents.give(
            address=address,
            language=home.language,
            wanted=wanted,
            way=way,
            wording=wording.current(),
            said_by=resident,
            taken_by=by,
            now=now,
        )
        messages.post([news_letters.given(consent, now=now)])
    return consent


def _address(email: str, phone: str, channel: str) -> Address | None:
    contact = {Message.Channel.EMAIL.value: email, Message.Channel.SMS.value: phone}.get(channel, "")
    return Address(channel, contact) if contact else None


def change(*, consent: Consent, wanted: Wanted, language: str) -> None:
    """Tell them of something else from now on; raises ``Refusal`` where the news was stopped meanwhile."""
    if not consents.change(consent=consent, wanted=wanted, language=language):
        raise Refusal("stopped", _("The news has been stopped meanwhile. Ask for it anew."))


def stop(*, contact: str, how: str, by: User | None = None, now: datetime) -> int:
    """Send no more news to this contact, not even what waits to be sent; how many consents ended. Twice is once."""
    with transaction.atomic():
        ended = consents.withdraw(contact=contact, how=how, by=by, now=now)
        withhold(contact=contact)
    return len(ended)


def forget(*, contacts: Iterable[tuple[str, str]]) -> int:
    """Forget that these contacts (kind and address) ever agreed to news, and what of it was written to them; how many."""
    theirs = list(Consent.objects.filter(contact__in=[address for _kind, address in contacts]).order_by("pk"))
    Message.objects.filter(reference__in=[news_letters.reference(consent) for consent in theirs]).delete()
    return Consent.objects.filter(pk__in=[consent.pk for consent in theirs]).delete()[1].get("residents.Consent", 0)


def withhold(*, contact: str) -> int:
    """Take away what was written to this contact about news and has not left; how many messages."""
    theirs = Consent.objects.filter(contact=contact).order_by("pk")
    waiting = Message.objects.filter(
        reference__in=[news_letters.reference(consent) for consent in theirs], state=Message.State.WAITING
    )
    return waiting.delete()[0]
