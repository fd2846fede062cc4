"""What those who registered are told when two activities become one: each contact once, in its language.

The kinds: carried_over (of the one that is given up: their registration goes along), made_joint (of the one that stays:
only who holds it has changed, or their number in the queue); where a place is offered by it, the offer says so as well.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from courses.domain import letters, notices, queue
from courses.domain.letters import Facts, Notice
from courses.domain.overlaps.carrying import Line, Plan
from courses.enums import PLACE_STATES, RegistrationState
from courses.models import Party, Registration

S = RegistrationState


def tell(done: Plan, *, now: datetime) -> int:
    """Tell everybody of both, once the plan is done; how many contacts."""
    facts = Facts.of(done.kept.pk, now=now)
    was = Facts.of(done.gone.pk, now=now)
    departments = ", ".join(str(one.name) for one in (facts.activity.lead, *facts.activity.partners.order_by("pk")))
    offers = queue.deadline(activity=done.kept, now=now) is not None
    own, carried = _by_party(done.own), _by_party(done.carried)
    told = []
    for lines in own.values():
        party = lines[0].registration.party
        with translation.override(party.language):
            told.append((party, facts, _stays(party, facts, was, lines, departments=departments, offers=offers)))
    for lines in carried.values():
        party = lines[0].registration.party
        with translation.override(party.language):
            told.append((party, facts, _carried(party, facts, was, lines, departments=departments, offers=offers)))
    for party, rows in _folded_alone(done, carried).items():
        with translation.override(party.language):
            told.append((party, facts, _folded(party, facts, was, rows)))
    letters.tell(told, now=now)
    return len(told)


def _by_party(lines: Iterable[Line]) -> dict[object, list[Line]]:
    found: dict[object, list[Line]] = {}
    for line in lines:
        found.setdefault(line.registration.party_id, []).append(line)
    return found


def _folded_alone(done: Plan, carried: Iterable[object]) -> dict[Party, list[Registration]]:
    """Those of whom all were in both, by a contact that is not told already by the registration that stands."""
    there = set(carried)
    found: dict[Party, list[Registration]] = {}
    for fold in done.folds:
        party, other = fold.ends.party, fold.stands.party
        same = bool(party.email and party.email == other.email) or bool(
            not party.email and party.phone and party.phone == other.phone
        )
        if party.pk not in there and not same:
            found.setdefault(party, []).append(fold.ends)
    return found


def _carried(
    party: Party, facts: Facts, was: Facts, lines: Sequence[Line], *, departments: str, offers: bool
) -> Notice:
    said = _about(facts, was, departments)
    said.append(_("The times and the place are those below; look whether they suit you."))
    notice = _stand(party, facts, lines, said, offers=offers)
    if notice is not None:
        return notice
    has_place = any(line.becomes == S.CONFIRMED for line in lines)
    if has_place and (fee := facts.fee()):
        said.append(fee)
    subject, fact = _lost(lines) or (
        _("Your registration goes along to a joint activity"),
        _("Two activities are now one, and your registration goes along."),
    )
    return Notice(
        kind="carried_over",
        subject=letters.titled(subject, facts),
        fact=fact,
        lines=[*_states(lines, offers=offers), *said],
        button=notices.open_registration(party),
        cannot=notices.cannot_come(party),
        has_calendar=has_place,
        links=letters.party_links(party, calendar=has_place),
    )


def _stays(party: Party, facts: Facts, was: Facts, lines: Sequence[Line], *, departments: str, offers: bool) -> Notice:
    said = _about(facts, was, departments)
    notice = _stand(party, facts, lines, said, offers=offers)
    if notice is not None:
        return notice
    subject, fact = _lost(lines) or (
        _("Now a joint activity"),
        _("Another activity has been joined to yours. The time and the place stay as they were."),
    )
    return Notice(
        kind="made_joint",
        subject=letters.titled(subject, facts),
        fact=fact,
        lines=[*_states(lines, offers=offers), *said],
        button=notices.open_registration(party),
        cannot=notices.cannot_come(party),
        links=letters.party_links(party, calendar=False),
    )


def _lost(lines: Sequence[Line]) -> tuple[str, str] | None:
    """Where somebody had a place and waits now, that is the news: subject and first line; None where nobody does."""
    if not any(line.becomes == S.QUEUED and line.had in PLACE_STATES for line in lines):
        return None
    if any(line.becomes in PLACE_STATES for line in lines):
        return (
            _("Not all of you have a place in a joint activity"),
            _("Two activities are now one. There are not places enough for all, so not all of you have one."),
        )
    return (
        _("You are in the queue of a joint activity"),
        _(
            "Two activities are now one. There are not places enough for all, so you are in the queue, by when you asked."
        ),
    )


def _folded(party: Party, facts: Facts, was: Facts, rows: Sequence[Registration]) -> Notice:
    """They are in the other already, by somebody else's registration: that one stands, and its contact hears the rest."""
    names = ", ".join(str(row.resident) for row in rows if row.resident is not None)
    return Notice(
        kind="carried_over",
        subject=letters.titled(_("Your registration goes along to a joint activity"), facts),
        fact=_("Two activities are now one. %(names)s has been registered for both, and stays registered once.")
        % {"names": names},
        lines=[] if facts.is_sensitive or was.is_sensitive else [_names_both(facts, was)],
        button=notices.open_registration(party),
        links=letters.party_links(party, calendar=False),
    )


def _stand(party: Party, facts: Facts, lines: Sequence[Line], said: Sequence[str], *, offers: bool) -> Notice | None:
    """Where they are offered a place by it: the offer, which runs out and goes both ways, with the news in it."""
    offered = [line.registration for line in lines if line.gets_offer]
    if not offered:
        return None
    notice = notices.offer(party, facts, offered)
    others = [line for line in lines if line.registration not in offered]
    if len(offered) > 1 and not party.all_or_none:
        # Each has an offer of their own: they stand together on the page of the registration.
        notice.button = notices.open_registration(party)
    notice.lines = [*notice.lines, *_states(others, offers=offers), *said]
    return notice


def _about(facts: Facts, was: Facts, departments: str) -> list[str]:
    """Which two, and who holds it; an activity for a sensitive audience is not named beside another."""
    if facts.is_sensitive or was.is_sensitive:
        return []
    return [_names_both(facts, was), _("It is held by: %(departments)s.") % {"departments": departments}]


def _names_both(facts: Facts, was: Facts) -> str:
    words = {"gone": was.activity.title, "kept": facts.activity.title}
    return _("«%(gone)s» and «%(kept)s» are held together from now on.") % words


def _states(lines: Sequence[Line], *, offers: bool) -> list[str]:
    """Where each of them stands."""
    said = []
    with_place = [line for line in lines if line.becomes in (S.CONFIRMED, S.OFFERED)]
    if with_place:
        said.append(notices.places(len(with_place)))
    queued = [line for line in lines if line.becomes == S.QUEUED and line.place is not None]
    if len(lines) == 1 and queued and queued[0].place is not None:
        said.append(notices.place_in_queue(queued[0].place))
    elif queued:
        named = ", ".join(f"{line.registration.resident or _('Unnamed place')} ({line.place}.)" for line in queued)
        said.append(_("In the queue: %(names)s.") % {"names": named})
    if queued:
        said.append(notices.when_it_is_free(offers=offers))
    if any(line.becomes == S.AWAITING_APPROVAL for line in lines):
        said.append(_("Awaiting approval. We will write to you when it is decided."))
    return said
