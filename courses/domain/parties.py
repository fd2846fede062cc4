"""What becomes of a registration: cancelled by those who registered or with its activity, its contact changed, its link
sent once more.

Who cannot come says so, whole or one by one, and the place goes to the next. Nobody has to give a reason.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.domain import admission, letters, links, notices, places, plan_notices, programme, queue
from courses.domain.admission import Contact
from courses.domain.letters import Facts
from courses.domain.refusals import Refusal, Refusals
from courses.enums import PLACE_STATES, ActivityStatus, RegistrationState
from courses.models import Activity, Party, Registration
from ecosystem import dates
from ecosystem.domain import messages
from ecosystem.models import Audience, Message
from ecosystem.phones import spaced
from ecosystem.text import clean
from residents.domain import households

# Asked for twice in a row, the same links are sent once.
LINKS_AGAIN_AFTER = timedelta(minutes=5)


def cancel(*, party: Party, registrations: Iterable[Registration] | None = None, now: datetime) -> list[Registration]:
    """They (all of the party, or these) will not come; their places go to the next. Twice is once: nobody is left."""
    wanted = None if registrations is None else [registration.pk for registration in registrations]
    with transaction.atomic():
        activity = places.lock_or_fail(party.activity_id)
        live = list(party.registrations.live().select_related("resident").order_by("pk"))
        ending = [r for r in live if wanted is None or r.pk in wanted]
        if not ending:
            return []
        if activity.ends_at and activity.ends_at <= now:
            raise Refusal("over", _("This activity is over; there is nothing left to cancel."))
        end(activity, ending, now=now)
        queue.fill_locked(activity, now=now)
        facts = Facts.of(activity, now=now)
        with translation.override(party.language):
            notice = notices.cancelled(party, facts, ending, remain=len(ending) < len(live))
        letters.tell([(party, facts, notice)], now=now)
    return ending


def cancel_all(*, activity: Activity, reason: str, now: datetime, instead: Sequence[Activity] = ()) -> int:
    """Call the activity off and tell everyone who has a place or a turn; how many people. Twice is once.

    ``instead`` is what is near and has places: they are told of it.
    """
    reason = clean(reason)[:200]
    with transaction.atomic():
        locked = places.lock_or_fail(activity)
        if locked.status != ActivityStatus.CANCELLED:
            programme.call_off(activity=locked, reason=reason, now=now)
        live = list(locked.registrations.live().select_related("party", "resident").order_by("pk"))
        facts = Facts.of(locked, now=now)
        end(locked, live, now=now)
        told = []
        for party in {registration.party_id: registration.party for registration in live}.values():
            with translation.override(party.language):
                told.append(
                    (party, facts, plan_notices.activity_cancelled(party, facts, reason=reason, instead=instead))
                )
        letters.tell(told, now=now)
    return len(live)


def change_contact(*, party: Party, contact: Contact, now: datetime) -> Party:
    """Write to them elsewhere from now on; raises ``Refusals``. The new contact is told, and gets the link.

    Whoever holds the link has proved the old contact, so the household follows where it was its own.
    """
    _people, contact = admission.cleaned([], contact)
    contact = replace(contact, guardian_name="")
    if refusals := admission.contact_refusals(contact, channel=party.channel):
        raise Refusals(refusals)
    with transaction.atomic():
        current = Party.objects.select_for_update(of=("self",), no_key=True).get(pk=party.pk)
        old = (current.email, str(current.phone or ""))
        current.email, current.phone, current.language = contact.email, contact.phone, contact.language
        current.save(update_fields=["email", "phone", "language"])
        if old == (contact.email, contact.phone):
            return current
        residents = current.registrations.exclude(resident=None).order_by("pk").values_list("resident", flat=True)
        households.move(
            residents=[pk for pk in residents if pk is not None], old=old, new=(contact.email, contact.phone)
        )
        facts = Facts.of(current.activity_id, now=now)
        with translation.override(current.language):
            notice = notices.contact_changed(current, facts)
        letters.tell([(current, facts, notice)], now=now)
    return current


def resend_links(*, contact: Contact, now: datetime) -> None:
    """Send the links of all their registrations once more, in one message to each address given.

    Says nothing to whoever asks, whether there are any or not. An address with none gets no message: otherwise anybody
    could have us write to anybody.
    """
    _people, contact = admission.cleaned([], contact)
    for channel, address in ((Message.Channel.EMAIL, contact.email), (Message.Channel.SMS, contact.phone)):
        if address:
            _resend(channel, address, language=contact.language, now=now)


def _resend(channel: str, address: str, *, language: str, now: datetime) -> None:
    field = "email" if channel == Message.Channel.EMAIL else "phone"
    with transaction.atomic():
        households.hold([f"{field}:{address}"])
        live = Registration.objects.live()
        parties = list(
            Party.objects.filter(**{field: address}, activity__ends_at__gt=now, registrations__in=live)
            .select_related("activity")
            .distinct()
            .order_by("activity__starts_at", "number")
        )
        again = Message.objects.filter(
            kind="lost_links", to=address, created_at__gt=now - LINKS_AGAIN_AFTER, created_at__lte=now
        )
        if not parties or again.exists():
            return
        unnamed = set(
            Audience.objects.filter(
                is_sensitive=True, activities__in=[party.activity_id for party in parties]
            ).values_list("activities", flat=True)
        )
        with translation.override(language):
            entries = [(_line(party, party.activity_id in unnamed), _address(party)) for party in parties]
            messages.post([_lost_links(channel, address, entries, language=language, now=now)])


def _lost_links(
    channel: str, address: str, entries: Sequence[tuple[str, str]], *, language: str, now: datetime
) -> Message:
    fact = gettext("Here are the links of your registrations.")
    phone = spaced(settings.CONTACT_PHONE)
    context = {
        "subject": gettext("Your registrations"),
        "fact": fact,
        "entries": entries,
        **dict.fromkeys(("lines", "when"), ()),
        **dict.fromkeys(("title", "where", "button", "cannot", "number"), ""),
        "phone": phone,
        "portal": settings.PORTAL_NAME,
        "municipality": settings.MUNICIPALITY_NAME,
        "site": settings.SITE_URL,
        "language": language,
    }
    by_mail = channel == Message.Channel.EMAIL
    lines = [f"{label}:\n{url}" if by_mail else url for label, url in entries]
    ending = gettext("Questions? Ring %(phone)s.") % {"phone": phone}
    return messages.draft(
        kind="lost_links",
        to=address,
        channel=channel,
        language=language,
        subject=context["subject"] if by_mail else "",
        text="\n\n".join([fact, *lines, ending]) + "\n" if by_mail else " ".join([fact, *lines]),
        html=render_to_string("messages/frame.html", context) if by_mail else "",
        links=[{"rel": "party", "url": url} for _label, url in entries],
        now=now,
    )


def _line(party: Party, unnamed: bool) -> str:
    starts_at = party.activity.starts_at
    day = f", {dates.uncapital(dates.on_day(dates.local_day(starts_at)))}" if starts_at else ""
    return f"{party.number if unnamed else party.activity.title}{day}"


def _address(party: Party) -> str:
    return letters.absolute("courses:party", links.party_token(party))


def end(activity: Activity, registrations: Sequence[Registration], *, now: datetime) -> None:
    """Cancel these registrations of a locked activity and move its counters."""
    held = sum(registration.state in PLACE_STATES for registration in registrations)
    queued = sum(registration.state == RegistrationState.QUEUED for registration in registrations)
    Registration.objects.filter(pk__in=[registration.pk for registration in registrations]).update(
        state=RegistrationState.CANCELLED, offered_until=None, ended_at=now
    )
    for registration in registrations:
        registration.state, registration.offered_until = RegistrationState.CANCELLED, None
        registration.ended_at = now
    places.change(activity, now=now, taken=-held, waiting=-queued)
