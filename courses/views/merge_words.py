"""Joining two entries in words: why it seems one person, what differs, what moves, folds and comes back.

An activity with a closed list that is not the reader's is never named (``hidden``).
"""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from courses.domain import folding
from courses.domain.folding import PARTS, Fold, Marks, Plan
from courses.domain.unmerging import Return
from courses.enums import Presence, RegistrationState
from courses.models import Registration
from courses.views import cards
from courses.views.people import birth, contact_words, day, home
from ecosystem import dates
from residents.domain.likeness import Reason
from residents.models import Household, PossibleDouble, Resident


def reasons(pair: PossibleDouble) -> str:
    """Why it seems so, in words."""
    words = {
        Reason.EMAIL: _("the same e-mail address"),
        Reason.PHONE: _("the same telephone"),
        Reason.SAME_NAME: _("the same name"),
        Reason.SWAPPED_NAME: _("given name and family name exchanged"),
        Reason.LIKE_NAME: _("names a letter apart"),
        Reason.SHORTER_NAME: _("one name is a part of the other"),
        Reason.OTHER_FAMILY_NAME: _("the same given name, another family name"),
        Reason.BIRTH_DATE: _("the same birth date"),
        Reason.BIRTH_YEAR: _("the same year of birth"),
        Reason.LIKE_BIRTH: _("birth dates a digit apart"),
        Reason.VILLAGE: _("the same village"),
    }
    said = ", ".join(words[Reason(code)] for code in pair.reasons if code in set(Reason))
    return dates.capital(said)


def part_words() -> dict[str, str]:
    """What each part is called."""
    return {
        "name": _("Name and family name"),
        "birth": _("Date of birth"),
        "home": _("Lives in"),
        "sex": _("Sex"),
        "guardian": _("Answers for the child"),
        "household": _("Contact"),
    }


def _value(part: str, person: Resident) -> str:
    said = {
        "name": str(person),
        "birth": birth(person),
        "home": home(person),
        "sex": person.get_sex_display() if person.sex else "",
        "guardian": person.guardian_name,
        "household": contact_words(person.household),
    }[part]
    return said or _("not known")


def parts(kept: Resident, gone: Resident, chosen: dict[str, str]) -> dict[str, Any]:
    """What differs, to choose from; what is the same in both, as far as it is known."""
    differ, same = [], []
    for part, label in part_words().items():
        if part == "household":
            alike = kept.household_id == gone.household_id
        else:
            alike = all(getattr(kept, column) == getattr(gone, column) for column in PARTS[part])
        if alike:
            same += [(label, _value(part, kept))] if _is_known(part, kept) else []
        else:
            pick = chosen.get(part) or folding.fuller(part, kept, gone)
            options = [
                {"value": value, "label": _value(part, person), "checked": pick == value, "number": number}
                for number, (value, person) in enumerate((("kept", kept), ("gone", gone)), 1)
            ]
            differ.append({"name": part, "label": label, "options": options})
    return {"differ": differ, "same": same}


def entry(person: Resident, counts: dict[UUID, int]) -> dict[str, Any]:
    """An entry as a whole: what is not a matter of choosing."""
    others = Resident.objects.filter(household=person.household_id).exclude(pk=person.pk).order_by("birth_year", "pk")
    lines = (
        (_("Registrations"), str(counts.get(person.pk, 0))),
        (_("Written down"), day(person.created_at)),
        (_("Others of the household"), ", ".join(map(str, others))),
    )
    return {"name": str(person), "pk": person.pk, "lines": [(label, value) for label, value in lines if value]}


def _is_known(part: str, person: Resident) -> bool:
    if part == "household":
        return bool(person.household.email or person.household.phone)
    return any(getattr(person, column) for column in PARTS[part])


def name_after(plan: Plan) -> str:
    """What the one person will be called."""
    return f"{plan.values['given_name']} {plan.values['family_name']}".strip()


def becomes(plan: Plan) -> list[tuple[str, str]]:
    """The one person as they will be."""
    picked = {
        part: plan.kept if all(plan.values[c] == getattr(plan.kept, c) for c in columns) else plan.gone
        for part, columns in PARTS.items()
    }
    said = [
        (label, _value(part, picked[part]))
        for part, label in part_words().items()
        if part != "household" and _is_known(part, picked[part])
    ]
    stays = picked["household"].household
    contact = contact_words(Household(**{"email": stays.email, "phone": stays.phone, **plan.contact}))
    return [*said, (_("Contact"), contact or _("not known"))]


def _title(row: Registration, hidden: frozenset[int]) -> str:
    """The activity's title; with a closed list that is not the reader's, none."""
    return _("An activity with a closed list") if row.activity_id in hidden else row.activity.title


def moved(row: Registration, hidden: frozenset[int]) -> dict[str, str]:
    """A registration that changes hands."""
    closed = row.activity_id in hidden
    starts = "" if closed or row.activity.starts_at is None else day(row.activity.starts_at)
    return {
        "title": _title(row, hidden),
        "about": "" if closed else ", ".join(filter(None, (cards.place_words(row.activity), starts))),
        "state": row.get_state_display(),
    }


def fold(folded: Fold, hidden: frozenset[int]) -> dict[str, str]:
    """Two registrations for one activity, and what becomes of them."""
    said = _("«%(stands)s» stays, «%(ends)s» is folded into it.") % {
        "stands": folded.stands.get_state_display(),
        "ends": folded.ends.get_state_display(),
    }
    party = folded.stands.party
    contact = contact_words(Household(email=party.email, phone=party.phone))
    if contact and folded.activity.pk not in hidden:
        said += " " + _("Letters about it go to %(contact)s.") % {"contact": contact}
    if folded.frees:
        said += " " + _("A place becomes free and goes to the next in the queue.")
    return {"title": _title(folded.stands, hidden), "sentence": said}


def mark(marks: Marks, hidden: frozenset[int]) -> dict[str, str]:
    """Two marks at one session that differ, and which stays."""
    said = {row.get_presence_display().lower() for row in (marks.stays, *marks.go)}
    starts = "" if marks.stands.activity_id in hidden else f", {day(marks.stays.session.starts_at)}"
    return {
        "title": f"{_title(marks.stands, hidden)}{starts}",
        "sentence": _("Marked both %(marks)s. What stays: %(stays)s.")
        % {"marks": " / ".join(sorted(said)), "stays": str(Presence(marks.best.presence).label).lower()},
    }


def household(plan: Plan) -> list[str]:
    """What becomes of the household that is left."""
    if plan.left is None:
        return []
    contact = contact_words(plan.left) or _("no contact")
    if plan.left_behind:
        names = ", ".join(map(str, plan.left_behind))
        return [
            _("The household of %(names)s (%(contact)s) stays, without this person.")
            % {"names": names, "contact": contact}
        ]
    if plan.left.account_id is not None:
        return [_("The household of %(contact)s stays empty: somebody signs in with it.") % {"contact": contact}]
    said = [_("The household of %(contact)s ends: nobody else is in it.") % {"contact": contact}]
    if plan.contact:
        said.append(
            _("The other household learns its contact: %(contact)s.")
            % {"contact": contact_words(Household(**plan.contact))}
        )
    return said


def returned(one: Return, hidden: frozenset[int]) -> dict[str, str]:
    """What a folded registration will be once parted."""
    was = str(RegistrationState(one.before["state"]).label)
    if one.is_whole:
        said = _("«%(state)s» again.") % {"state": was}
    elif one.state == RegistrationState.QUEUED:
        said = _("The place was given on, so it comes back first in the queue.")
    elif one.state == RegistrationState.EXPIRED:
        said = _("The time to accept the offered place is over.")
    else:
        said = _("It stays ended: meanwhile there is another registration, or the activity was called off or is over.")
    return {"title": _title(one.registration, hidden), "sentence": said}
