"""What people are told: one function a kind of news, each making a notice in the language in force.

The kinds: confirmed, queued, awaiting_approval (the answers to a form), already_in, offer, offer_lapsed,
place_confirmed, queue_moved, cancelled, contact_changed, confirmation, reminder, feedback, lost_links, certificate; those of a
changed plan stand in ``plan_notices``; a bulletin is written by a coordinator.
"""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.domain import links
from courses.domain.letters import Facts, Notice, absolute, party_links, titled
from courses.models import Activity, Party, Registration
from ecosystem import dates
from ecosystem.dates import NBSP


def when_it_is_free(*, offers: bool) -> str:
    """What happens to a place in the queue."""
    if offers:
        return _("If a place becomes free, we will write to you.")
    return _("It starts so soon that places which become free now go to whoever comes.")


def place_in_queue(place: int) -> str:
    """ "Jūs rindā esat 3." """
    return _("You are number %(place)s in the queue.") % {"place": place}


def answer(
    party: Party,
    facts: Facts,
    *,
    confirmed: Sequence[str],
    queued: Sequence[tuple[str, int]],
    awaiting: Sequence[str],
    already: Sequence[tuple[str, Registration]],
    clashes: Sequence[str],
    offers: bool,
) -> Notice:
    """The answer to a form: who has a place, who waits and as which; then what only the contact may know."""
    several = len(confirmed) + len(queued) + len(awaiting) + len(already) > 1
    lines = []
    if confirmed and not queued:
        kind, subject = "confirmed", _("You have a place")
        fact = places(len(confirmed))
    elif queued:
        kind, subject = "queued", _("You are in the queue")
        fact = (
            ngettext(
                "%(count)s of you has a place, the others are in the queue.",
                "%(count)s of you have places, the others are in the queue.",
                len(confirmed),
            )
            % {"count": len(confirmed)}
            if confirmed
            else place_in_queue(queued[0][1])
        )
        lines.append(when_it_is_free(offers=offers))
    elif awaiting:
        kind, subject = "awaiting_approval", _("Awaiting approval")
        fact = _("Awaiting approval. We will write to you when it is decided.")
    else:
        kind, subject = "already_in", _("This registration has already been received")
        fact = _("This registration has already been received. Nothing has changed.")
    if confirmed:
        lines.append(_("Who comes: %(names)s.") % {"names": ", ".join(confirmed)})
    if queued and several:
        named = ", ".join(f"{name} ({place}.)" for name, place in queued)
        lines.append(_("In the queue: %(names)s.") % {"names": named})
    if awaiting:
        lines.append(_("Who would come: %(names)s.") % {"names": ", ".join(awaiting)})
    if already:
        known = ", ".join(f"{name} ({dates.uncapital(live.get_state_display())})" for name, live in already)
        lines.append(_("Already registered before: %(names)s.") % {"names": known})
    if fee := facts.fee():
        lines.append(fee)
    lines += clashes
    # With nothing new, what there is to open is the registration they already have.
    opens = already[0][1].party if kind == "already_in" else party
    return Notice(
        kind=kind,
        subject=titled(subject, facts),
        fact=fact,
        lines=lines,
        button=open_registration(opens),
        cannot=cannot_come(opens),
        has_calendar=bool(confirmed),
        links=party_links(opens, calendar=bool(confirmed)),
        number=opens.number,
    )


def clash(name: str, other: Activity | None, starts_at: datetime, ends_at: datetime) -> str:
    """A session that meets another of the same person; an activity for a sensitive audience (None) is not named."""
    return _("%(name)s is also registered for «%(title)s», %(day)s, %(hours)s: the times overlap.") % {
        "name": name,
        "title": other.title if other else _("another activity"),
        "day": dates.uncapital(dates.on_day(dates.local_day(starts_at))),
        "hours": dates.hours(starts_at, ends_at),
    }


def offer(party: Party, facts: Facts, offered: Sequence[Registration]) -> Notice:
    """A place is free for them until a deadline; it takes a press on the page, never the link alone."""
    until = offered[0].offered_until
    assert until is not None  # noqa: S101 (the database says so)
    url = absolute("courses:offer", links.offer_token(offered[0]))
    return Notice(
        kind="offer",
        subject=titled(_("You have a place, confirm it"), facts),
        fact=f"{places(len(offered))} {confirm_by(until)}",
        lines=[
            *([_("Who comes: %(names)s.") % {"names": _names(offered)}] if _names(offered) else []),
            _("If you do not, the place goes to the next in the queue."),
        ],
        button=(_("Confirm or decline"), url),
        links=[{"rel": "offer", "url": url}],
        also_by_sms=True,
    )


def offer_lapsed(party: Party, facts: Facts) -> Notice:
    """Nobody answered in time; no blame, and the way back."""
    activity = facts.activity
    url = absolute("courses:activity", str(activity.pk), activity.slug)
    return Notice(
        kind="offer_lapsed",
        subject=titled(_("The time to confirm has passed"), facts),
        fact=lapsed(),
        button=(_("Join the queue again"), url),
        links=[{"rel": "activity", "url": url}],
    )


def place_confirmed(party: Party, facts: Facts, accepted: Sequence[Registration]) -> Notice:
    """An offer was accepted."""
    names = _names(accepted)
    return Notice(
        kind="place_confirmed",
        subject=titled(_("Your place is confirmed"), facts),
        fact=_("Your place is confirmed."),
        lines=[
            *([_("Who comes: %(names)s.") % {"names": names}] if names else []),
            *([facts.fee()] if facts.fee() else []),
        ],
        button=open_registration(party),
        cannot=cannot_come(party),
        has_calendar=True,
        links=party_links(party, calendar=True),
    )


def cancelled(party: Party, facts: Facts, given_up: Sequence[Registration], *, remain: bool) -> Notice:
    """They cannot come, and have said so."""
    names = _names(given_up)
    return Notice(
        kind="cancelled",
        subject=titled(_("Your registration is cancelled"), facts),
        fact=_("Your registration is cancelled. Thank you for letting us know."),
        lines=[_("Who will not come: %(names)s.") % {"names": names}] if names else [],
        button=open_registration(party) if remain else None,
        links=party_links(party, calendar=False) if remain else [],
    )


def queue_moved(party: Party, facts: Facts, *, place: int, offers: bool) -> Notice:
    """Their number in the queue is another than they were told."""
    return Notice(
        kind="queue_moved",
        subject=titled(_("Your place in the queue has changed"), facts),
        fact=place_in_queue(place),
        lines=[when_it_is_free(offers=offers)],
        button=open_registration(party),
        cannot=cannot_come(party),
        links=party_links(party, calendar=False),
    )


def confirmation(party: Party, facts: Facts, asked: Sequence[Registration]) -> Notice:
    """A week before the first session: will you come? Yes is a press on the page, never the link alone."""
    names = _names(asked)
    return Notice(
        kind="confirmation",
        subject=titled(_("Will you come?"), facts),
        fact=_("It begins soon. Please tell us whether you will come."),
        lines=[
            *([_("Who has a place: %(names)s.") % {"names": names}] if names else []),
            _("The place is yours until the beginning, even if you do not answer."),
        ],
        button=answer_whether(party),
        cannot=cannot_come(party),
        links=[{"rel": "attend", "url": answer_whether(party)[1]}, *party_links(party, calendar=False)],
    )


def reminder(party: Party, facts: Facts, coming: Sequence[Registration]) -> Notice:
    """Two days before the first session: when, where, and how to say "I cannot come".

    Who was asked whether they will come and has not said is asked once more, instead of being told what they know.
    """
    names = _names(coming)
    silent = any(one.attendance_asked_at and not one.attendance_confirmed_at for one in coming)
    return Notice(
        kind="reminder",
        subject=titled(_("Soon: will you come?") if silent else _("Soon"), facts),
        fact=_("A reminder: you have a place, and we do not know yet whether you will come. Please tell us.")
        if silent
        else _("A reminder: you have a place. If you cannot come, tell us, and the place goes to somebody else."),
        lines=[_("Who comes: %(names)s.") % {"names": names}] if names else [],
        button=answer_whether(party) if silent else open_registration(party),
        cannot=cannot_come(party),
        has_calendar=True,
        links=party_links(party, calendar=True),
    )


def feedback(party: Party, facts: Facts, *, url: str, people: int, has_child: bool) -> Notice:
    """After the last session: how was it? The link names nobody and answers once for each of them."""
    lines = [_("Nobody will know who answered what: not even we.")]
    if people > 1:
        times = ngettext(
            "The link answers %(count)s time, once for each of you.",
            "The link answers %(count)s times, once for each of you.",
            people,
        )
        lines.append(times % {"count": people})
    if has_child:
        lines.append(_("For a child, answer together."))
    return Notice(
        kind="feedback",
        subject=titled(_("How was it?"), facts),
        fact=_("Thank you for coming. How was it? Three questions, a minute of your time."),
        lines=lines,
        button=(_("Answer"), url),
        shows_when=False,
        shows_number=False,
        links=[{"rel": "feedback", "url": url}],
    )


def contact_changed(party: Party, facts: Facts) -> Notice:
    """From now on, messages of this registration come here."""
    return Notice(
        kind="contact_changed",
        subject=titled(_("We will write to you here"), facts),
        fact=_("From now on, we will write to you here about this registration."),
        button=open_registration(party),
        cannot=cannot_come(party),
        links=party_links(party, calendar=False),
    )


def certificates(party: Party, facts: Facts, names: Sequence[str]) -> Notice:
    """Their papers are ready, to open and print."""
    url = absolute("courses:certificates", links.certificates_token(party))
    until = _("The link opens for %(days)s days. Print the paper or keep the file.")
    return Notice(
        kind="certificate",
        subject=titled(_("Your certificate is ready"), facts),
        fact=_("Your certificate is ready."),
        lines=[
            _("For whom: %(names)s.") % {"names": ", ".join(names)},
            until % {"days": settings.CERTIFICATE_LINK_DAYS},
        ],
        button=(_("Open the certificate"), url),
        shows_when=False,
        links=[{"rel": "certificates", "url": url}],
    )


def places(count: int) -> str:
    """ "Jums ir vieta.", "Jums ir 2 vietas."."""
    if count == 1:
        return _("You have a place.")
    return ngettext("You have %(count)s place.", "You have %(count)s places.", count).replace(
        "%(count)s ", f"%(count)s{NBSP}"
    ) % {"count": count}


def confirm_by(until: datetime) -> str:
    """ "Apstipriniet līdz piektdienai, 15. janvārim, plkst. 18:00."."""
    return _("Confirm by %(day)s, %(time)s.") % {
        "day": dates.until_day(dates.local_day(until)),
        "time": dates.clock(until),
    }


def lapsed() -> str:
    """What somebody reads who comes after the deadline."""
    return _("The time to confirm has passed, and the place was offered to the next. You can join the queue again.")


def _names(registrations: Sequence[Registration]) -> str:
    return ", ".join(str(r.resident) for r in registrations if r.resident is not None)


def open_registration(party: Party) -> tuple[str, str]:
    """The button that opens a registration."""
    return _("See or change the registration"), absolute("courses:party", links.party_token(party))


def answer_whether(party: Party) -> tuple[str, str]:
    """The button that answers whether they will come."""
    return _("Answer whether you will come"), absolute("courses:attend", links.party_token(party))


def cannot_come(party: Party) -> tuple[str, str]:
    """The link to say "I cannot come"."""
    return _("I cannot come"), f"{absolute('courses:party', links.party_token(party))}?atteikties=visi"
