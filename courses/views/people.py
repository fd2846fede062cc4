"""A person at the desk: found, what is held about them, corrected, given to them as a file, erased.

Everything here passes ``opened``: the one place where somebody's data is opened for somebody.
"""

import json
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from coordinators.domain.access import Reach
from courses.domain import assisted, correcting, erasing, held, merging, people
from courses.domain.refusals import Refusal, Refusals
from courses.exports import person_data
from courses.forms.people import KnownContactForm, KnownPersonForm, refuse
from courses.forms.person import Homes
from courses.models import Merge, Registration
from courses.views import cards
from courses.views.filling import standing_words as registration_words
from courses.views.news import contact_words as contact_words_of
from courses.views.staff import shown, staff_page
from ecosystem import dates
from ecosystem.models import Look
from ecosystem.phones import spaced
from ecosystem.text import clean
from residents.models import Alias, Consent, Household, Resident

MOST_MESSAGES = 20


@staff_page(shows=Look.Kind.SEARCH)
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: HttpRequest, reach: Reach) -> HttpResponse:
    """Find somebody. What is typed travels in no address: it is somebody's name."""
    _refuse_others(reach)
    text = clean(request.POST.get("q", ""))[:100]
    result = assisted.find(reach=reach, text=text)
    found = [person for family in result.families for person in family.members]
    if text:
        shown(request, people=[one.pk for one in found], count=len(found), detail=assisted.kinds(text))
    # Whoever rang with a telephone finds its household; its page opens for who may see the person.
    open_ = set(people.seen_by(reach).filter(pk__in=[p.pk for p in found]).order_by("pk").values_list("pk", flat=True))
    families = [
        {
            "phone": str(family.members[0].household.phone or ""),
            "email": family.members[0].household.email,
            "people": [
                {
                    "pk": person.pk,
                    "name": str(person),
                    "who": who(person),
                    "is_match": person.pk in family.found,
                    "is_open": person.pk in open_,
                }
                for person in family.members
            ],
        }
        for family in result.families
    ]
    context = {
        "page_title": _("People"),
        "q": text,
        "searched": bool(text),
        "families": families,
        "is_cut": result.is_cut,
        "pairs": people.pairs(reach).count(),
    }
    return render(request, "courses/people/search.html", context)


@staff_page(shows=Look.Kind.PERSON)
@require_safe
def person(request: HttpRequest, reach: Reach, pk: UUID) -> HttpResponse:
    """What is held about somebody."""
    now = timezone.now()
    found = opened(request, reach, pk)
    if found is None:
        return onward(reach, pk)
    holding = held.of(resident=found, reach=reach, now=now)
    context = {
        "page_title": str(found),
        "person": found,
        "answers": answers(found)[1:],
        "household": [{"name": str(one), "pk": one.pk, "who": who(one)} for one in holding.household],
        "registrations": [_registration(row, holding) for row in holding.registrations],
        "closed": _closed_words(holding.closed),
        "messages_sent": [
            {
                "at": moment(message.created_at),
                "subject": message.subject or Truncator(message.text).words(9),
                "to": message.to,
                "state": message.get_state_display(),
            }
            for message in holding.messages[:MOST_MESSAGES]
        ],
        "messages_more": len(holding.messages) - MOST_MESSAGES,
        "consents": [
            {"contact": contact_words_of(one), "standing": standing_words(one)}
            for one in holding.consents
            if one.withdrawn_how != Consent.Ended.REPLACED
        ],
        "aliases": _aliases(holding),
        "pairs": holding.doubles,
        "merges": [
            {"pk": one.pk, "at": moment(one.at), "until": until(merging.undoable_until(one))} for one in holding.merges
        ],
    }
    return render(request, "courses/people/person.html", context)


@staff_page(shows=Look.Kind.PERSON)
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, reach: Reach, pk: UUID) -> HttpResponse:
    """Write down what is right."""
    now = timezone.now()
    found = opened(request, reach, pk)
    if found is None:
        return onward(reach, pk)
    posted = request.POST if request.method == "POST" else None
    seen = correcting.fingerprint(found)
    form = KnownPersonForm(posted, resident=found, homes=Homes.known(), today=dates.local_day(now))
    contact = KnownContactForm(posted, resident=found, seen=seen)
    above: list[str] = []
    if posted is not None and form.is_valid() & contact.is_valid():
        try:
            correcting.correct(
                resident=found,
                person=form.person(),
                contact=contact.contact(),
                seen=contact.cleaned_data["seen"],
                by=reach.user,
                now=now,
            )
        except Refusals as refusals:
            above = refuse(form, contact, refusals.refusals)
            if any(refusal.code == "changed" for refusal in refusals.refusals):
                # Whoever has now seen what the other wrote may write over it; nothing typed is lost.
                contact = KnownContactForm({**posted.dict(), "seen": seen}, resident=found, seen=seen)
        else:
            messages.success(request, _("Corrected."))
            return redirect("courses:desk_person", pk=pk)
    others = Resident.objects.filter(household=found.household_id).exclude(pk=pk).order_by("birth_year", "pk")
    title = _("Correct")
    context = {
        "page_title": _("Error: %(title)s") % {"title": title} if posted is not None else title,
        "heading": title,
        "person": found,
        "form": form,
        "contact": contact,
        "refusals": above,
        "held": answers(found) if above else [],
        "others": [str(one) for one in others],
    }
    return render(request, "courses/people/correct.html", context, status=422 if posted is not None else 200)


@staff_page(shows=Look.Kind.EXPORT)
@require_safe
def export(request: HttpRequest, reach: Reach, pk: UUID) -> HttpResponse:
    """All that is held, as a file for the person."""
    found = opened(request, reach, pk)
    if found is None:
        return onward(reach, pk)
    now = timezone.now()
    data = person_data(held.of(resident=found, reach=reach, now=now), now=now)
    body = json.dumps(data, ensure_ascii=False, indent=2)
    response = HttpResponse(body, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="personas-dati.json"'
    return response


@staff_page(shows=Look.Kind.PERSON)
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest, reach: Reach, pk: UUID) -> HttpResponse:
    """Say what erasing does; do it by a press."""
    now = timezone.now()
    found = opened(request, reach, pk)
    if found is None:
        return onward(reach, pk)
    if request.method == "POST" and "confirm" in request.POST:
        try:
            cancelled = erasing.erase(resident=found, by=reach.user, now=now)
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            said = ngettext(
                "Erased. %(n)s registration was cancelled.", "Erased. %(n)s registrations were cancelled.", cancelled
            )
            messages.success(request, said % {"n": cancelled})
        return redirect("courses:desk_people")
    seen = erasing.outlook(resident=found, now=now)
    rows = [*seen.ending, *seen.been]
    hidden = people.unnamed(activities=[row.activity for row in rows], reach=reach)
    context = {
        "page_title": _("Erase"),
        "person": found,
        "answers": answers(found)[1:],
        "ending": [_line(row) for row in seen.ending if row.activity_id not in hidden],
        "closed": _closed_words(sum(row.activity_id in hidden for row in seen.ending)),
        "been": len(seen.been),
        "staying": [str(one) for one in seen.staying],
        "has_account": seen.has_account,
        "email": found.household.email,
    }
    return render(request, "courses/people/erase.html", context)


def opened(request: HttpRequest, reach: Reach, pk: UUID) -> Resident | None:
    """Somebody whom the reader may see; None where there is nobody (any more), or nobody for them.

    Here, and only here, somebody's data is opened at the desk: who looked is logged in this place.
    """
    _refuse_others(reach)
    found = people.seen_by(reach).select_related("household", "village__parish").filter(pk=pk).first()
    if found is not None:
        shown(request, people=[found.pk])
    return found


def _refuse_others(reach: Reach) -> None:
    if not people.works_with_people(reach):
        raise PermissionDenied(_("People's data is for coordinators, centre managers and heads."))


def onward(reach: Reach, pk: UUID) -> HttpResponse:
    """Who was joined with another entry is found there; anybody else is not there."""
    merged = Merge.objects.filter(gone=pk, undone_at=None).first()
    if merged is not None and people.is_seen(reach=reach, pk=merged.kept):
        return redirect("courses:desk_person", pk=merged.kept)
    raise Http404(_("There is no such person, or not in your parishes."))


def birth(person: Any) -> str:
    """The birth as the reader reads it, as far as it is known."""
    if person.birth_year is None:
        return ""
    if person.birth_month is None or person.birth_day is None:
        return str(person.birth_year)
    return date_format(date(person.birth_year, person.birth_month, person.birth_day), "DATE_FORMAT")


def home(person: Resident) -> str:
    """Where they live."""
    if person.village is not None:
        return f"{person.village.name}, {person.village.parish.name}"
    return _("Jelgava or another place") if person.lives_elsewhere else ""


def who(person: Resident) -> str:
    """The year of birth and the village, for a line."""
    year = str(person.birth_year) if person.birth_year else ""
    place = str(person.village) if person.village else _("lives elsewhere") if person.lives_elsewhere else ""
    return ", ".join(filter(None, (year, place)))


def standing_words(consent: Consent) -> str:
    """Whether news comes: since when, or until when it came."""
    if consent.withdrawn_at is not None:
        return _("Stopped %(at)s: %(how)s") % {
            "at": moment(consent.withdrawn_at),
            "how": consent.get_withdrawn_how_display(),
        }
    if consent.confirmed_at is None:
        return _("Asked %(at)s, not confirmed yet: nothing is sent") % {"at": moment(consent.asked_at)}
    return _("Agreed %(at)s") % {"at": moment(consent.asked_at)}


def answers(person: Resident) -> list[tuple[str, str]]:
    """What is held of the person, a line each; what is not known is not listed."""
    household = person.household
    pairs = (
        (_("Name and family name"), str(person)),
        (_("Date of birth"), birth(person)),
        (_("Lives in"), home(person)),
        (_("Sex"), person.get_sex_display() if person.sex else ""),
        (_("Answers for the child"), person.guardian_name),
        (_("E-mail address"), household.email),
        (_("Telephone"), telephone(household)),
        (_("Language"), {"lv": _("Latvian"), "en": _("English")}.get(household.language, household.language)),
        (_("Written down"), day(person.created_at)),
    )
    return [(label, value) for label, value in pairs if value]


def telephone(reached: Household | Alias) -> str:
    """The number in groups, as people read it aloud."""
    return spaced(str(reached.phone)) if reached.phone else ""


def contact_words(reached: Household | Alias) -> str:
    """The e-mail address and the telephone, as far as there are any."""
    return ", ".join(filter(None, (reached.email, telephone(reached))))


def _aliases(holding: held.Held) -> list[str]:
    """What somebody was called and reached by before, where that is not how they are now."""
    own = (str(holding.resident), birth(holding.resident), contact_words(holding.resident.household))
    said = [(str(one), birth(one), contact_words(one)) for one in holding.aliases]
    return [", ".join(filter(None, one)) for one in said if one != own]


def until(at: datetime) -> str:
    """The last day, as it follows "until"."""
    return dates.until_day(dates.local_day(at))


def day(at: datetime) -> str:
    """A day, whole."""
    return date_format(dates.local_day(at), "DATE_FORMAT")


def moment(at: datetime) -> str:
    """A day and an hour, short."""
    local = timezone.localtime(at)
    return f"{local:%d.%m.%Y} {dates.clock(at)}"


def _line(row: Registration) -> str:
    starts = f", {day(row.activity.starts_at)}" if row.activity.starts_at else ""
    return f"{row.activity.title}, {cards.place_words(row.activity)}{starts}: {row.get_state_display().lower()}"


def _registration(row: Registration, holding: held.Held) -> dict[str, Any]:
    counted = holding.presences(row)
    came = _("came %(n)s of %(all)s") % {"n": counted["present"], "all": counted.total()} if counted else ""
    return {
        "activity": row.activity,
        "when": day(row.activity.starts_at) if row.activity.starts_at else "",
        "place": cards.place_words(row.activity),
        "state": registration_words(row),
        "came": came,
        "number": row.party.number,
    }


def _closed_words(number: int) -> str:
    if not number:
        return ""
    return ngettext(
        "And %(n)s registration for an activity with a closed list that is not yours.",
        "And %(n)s registrations for activities with a closed list that are not yours.",
        number,
    ) % {"n": number}
