"""Registering for somebody who rang: search first, then choose or write down somebody new."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from coordinators.domain.access import Reach
from courses.domain import assisted
from courses.domain import people as known_people
from courses.domain.assisted import Result
from courses.domain.refusals import Refusal, Refusals
from courses.enums import RegistrationState
from courses.forms.filling import MOST_NEW, AssistedForm, GroupForm, HeardPersonForm, uuids
from courses.forms.person import Homes
from courses.models import Activity
from courses.views.filling import head, name_of
from courses.views.staff import managed_activity, shown, staff_page
from ecosystem import dates
from ecosystem.models import Look
from ecosystem.text import clean
from residents.domain import doubles
from residents.models import Resident


@staff_page(shows=Look.Kind.SEARCH)
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: HttpRequest, reach: Reach, pk: int) -> HttpResponse:
    """Look for who rang before writing them down. What is typed travels in no address: it is somebody's name."""
    found = managed_activity(reach, pk)
    now = timezone.now()
    text = clean(request.POST.get("q", ""))[:100]
    result = assisted.find(reach=reach, text=text)
    people = [person for family in result.families for person in family.members]
    if text:
        shown(request, found, people=[person.pk for person in people], count=len(people), detail=assisted.kinds(text))
    there = assisted.inside(activity=found, residents=people) if people else {}
    day = found.first_day() or dates.local_day(now)
    families = [
        {
            "phone": str(family.members[0].household.phone or ""),
            "email": family.members[0].household.email,
            "people": [
                {
                    **_person(person, day),
                    "is_match": person.pk in family.found,
                    "already": there[person.pk].get_state_display() if person.pk in there else "",
                }
                for person in family.members
            ],
        }
        for family in result.families
    ]
    title = _("Register somebody")
    context = {
        **head(found, now),
        "heading": title,
        "page_title": title,
        "q": text,
        "searched": bool(text),
        "families": families,
        "is_cut": result.is_cut,
        "left_words": assisted.left_words(found),
    }
    return render(request, "courses/filling/search.html", context)


@staff_page(shows=Look.Kind.PERSON)
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest, reach: Reach, pk: int) -> HttpResponse:
    """Register those chosen and those new; or keep places for a group."""
    found = managed_activity(reach, pk)
    now = timezone.now()
    page = RegisterPage(request, reach, found, now)
    if request.method == "POST" and "reserve" in request.POST:
        return page.reserve()
    if request.method == "POST" and "register" in request.POST:
        return page.register()
    return page.show()


class RegisterPage:
    """The form as it was sent: the people chosen, the new ones, the contact; and the group's form."""

    def __init__(self, request: HttpRequest, reach: Reach, found: Activity, now: datetime) -> None:
        self.request, self.reach, self.found, self.now = request, reach, found, now
        posted = request.POST
        self.q = clean(posted.get("q", ""))[:100]
        self.chosen: list[Resident] = assisted.chosen(reach=reach, pks=uuids(posted.getlist("resident")), text=self.q)
        asked = clean(posted.get("new", ""))
        self.count = min(MOST_NEW, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 0
        if not self.chosen and not self.count:
            self.count = 1
        if "add" in posted:
            self.count = min(MOST_NEW, self.count + 1)
        # Only what was sent from this page is a form; what comes from the search begins afresh.
        self.sent = "form_key" in posted
        self.homes = Homes.known()
        today = dates.local_day(now)
        self.people = [
            HeardPersonForm(posted if self.sent else None, homes=self.homes, today=today, number=number)
            for number in range(self.count)
        ]
        home = self.chosen[0].household if self.chosen else None
        self.form = AssistedForm(
            posted if self.sent else None,
            initial={
                "seen_left": found.places_left,
                "contact_email": home.email if home else "",
                "contact_phone": str(home.phone or "") if home else "",
                "guardian_name": next((each.guardian_name for each in self.chosen if each.guardian_name), ""),
            },
        )
        self.group = GroupForm(posted if "reserve" in posted else None)
        self.refusals: list[Refusal] = []

    def register(self) -> HttpResponse:
        """Do it; or the page again with what is wrong."""
        typed_people = [form for form in self.people if not (form.is_blank and (self.chosen or form.number))]
        wrong = [form for form in typed_people if not form.is_valid()]
        if not self.form.is_valid() or wrong:
            return self.show(status=422)
        typed = self.form.cleaned_data
        try:
            result = assisted.register(
                activity=self.found,
                people=[form.person() for form in typed_people],
                residents=self.chosen,
                contact=self.form.contact(),
                channel=typed["channel"],
                all_or_none=typed["all_or_none"],
                waived_because=typed["waived_because"],
                by=self.reach.user,
                now=self.now,
                key=typed["form_key"],
            )
        except Refusals as refusals:
            self._refuse(refusals.refusals, typed_people)
            return self.show(status=422)
        return self._done(result, seen_left=typed["seen_left"])

    def reserve(self) -> HttpResponse:
        """Keep places for a group; or the page again with what is wrong."""
        if not self.group.is_valid():
            return self.show(status=422)
        typed = self.group.cleaned_data
        try:
            result = assisted.reserve(
                activity=self.found,
                count=typed["count"],
                name=typed["name"],
                contact=assisted.Contact(email=typed["contact_email"], phone=typed["contact_phone"]),
                by=self.reach.user,
                now=self.now,
                key=typed["form_key"],
            )
        except Refusals as refusals:
            for refusal in refusals.refusals:
                field = refusal.code if refusal.code in self.group.fields else None
                self.group.add_error(field, str(refusal))
            return self.show(status=422)
        return self._done(result, seen_left=None)

    def show(self, *, status: int = 200) -> HttpResponse:
        """The page."""
        if self.chosen:
            shown(self.request, self.found, people=[person.pk for person in self.chosen])
        title = _("Register somebody")
        day = self.found.first_day() or dates.local_day(self.now)
        waivable = any(refusal.code in assisted.WAIVABLE for refusal in self.refusals)
        context = {
            **head(self.found, self.now),
            "heading": title,
            "page_title": _("Error: %(title)s") % {"title": title} if status == 422 else title,
            "chosen": [_person(person, day) for person in self.chosen],
            "people": self.people,
            "count": self.count,
            "may_add": self.count < MOST_NEW,
            "form": self.form,
            "group": self.group,
            "group_open": self.group.is_bound,
            "q": self.q,
            "refusals": [str(refusal) for refusal in self.refusals],
            "waivable": waivable or bool(self.form["waived_because"].value()),
            "left_words": assisted.left_words(self.found),
            "full": self.found.places_left == 0,
        }
        return render(self.request, "courses/filling/register.html", context, status=status)

    def _refuse(self, refusals: list[Refusal], typed_people: list[HeardPersonForm]) -> None:
        """Put what the domain refused beside what it concerns, or above all."""
        names = {"age_unknown": "birth_year", "age_date": "birth_year", "age_future": "birth_year"}
        for refusal in refusals:
            place = refusal.person
            field = names.get(refusal.code, refusal.code)
            if refusal.code == "guardian":
                self.form.add_error("guardian_name", str(refusal))
            elif place is not None and place >= len(self.chosen) and field in PERSON_FIELDS:
                typed_people[place - len(self.chosen)].add_error(field, str(refusal))
            else:
                if place is not None and place < len(self.chosen):
                    said = f"{self.chosen[place]}: {refusal}"
                    refusal = Refusal(refusal.code, said)
                self.refusals.append(refusal)

    def _done(self, result: Result, *, seen_left: int | None) -> HttpResponse:
        """To the list, saying who got what; and when somebody was faster, that."""
        queued = result.in_state(RegistrationState.QUEUED)
        if queued and seen_left:
            words = ngettext(
                "The last place was given to somebody else while you were writing.",
                "The last places were given to somebody else while you were writing.",
                seen_left,
            )
            messages.warning(self.request, words)
        for said in outcome_words(result):
            messages.success(self.request, said)
        self._compare(result)
        return redirect("courses:desk_activity", pk=self.found.pk)

    def _compare(self, result: Result) -> None:
        """Whether somebody just written down may be known already: told at once, while they are on the line."""
        new = [row.resident for row in result.registrations if row.resident and row.resident.doubles_checked_at is None]
        if not new:
            return
        found = doubles.look(residents=[person.pk for person in new], now=self.now)
        seen = list(known_people.pairs(self.reach).filter(pk__in=[pair.pk for pair in found])) if found else []
        if not seen:
            return
        address = reverse("courses:desk_double", args=[seen[0].pk])
        if len(seen) > 1:
            address = reverse("courses:desk_doubles")
        said = _("Possibly already known under another entry.")
        messages.warning(self.request, format_html('{} <a href="{}">{}</a>', said, address, _("Compare")))


PERSON_FIELDS = frozenset({"given_name", "family_name", "birth_year", "village"})


def outcome_words(result: Result) -> list[str]:
    """Who has a place, who waits as which, who awaits approval."""
    said = []
    confirmed = result.in_state(RegistrationState.CONFIRMED)
    awaiting = result.in_state(RegistrationState.AWAITING_APPROVAL)
    queued = result.in_state(RegistrationState.QUEUED)
    offered = result.in_state(RegistrationState.OFFERED)
    unnamed = [row for row in result.registrations if row.resident is None]
    if unnamed:
        if confirmed:
            said.append(
                ngettext("%(n)s place is kept.", "%(n)s places are kept.", len(confirmed)) % {"n": len(confirmed)}
            )
        if queued:
            said.append(_("In the queue: %(n)s.") % {"n": len(queued)})
        if awaiting:
            said.append(_("Awaiting approval: %(n)s.") % {"n": len(awaiting)})
        return said
    if confirmed:
        said.append(_("Has a place: %(names)s.") % {"names": ", ".join(map(name_of, confirmed))})
    if queued:
        names = ", ".join(f"{name_of(row)} ({result.numbers[row.pk]}.)" for row in queued)
        said.append(_("In the queue: %(names)s.") % {"names": names})
    if offered:
        said.append(_("A place is offered: %(names)s.") % {"names": ", ".join(map(name_of, offered))})
    if awaiting:
        said.append(_("Awaiting approval: %(names)s.") % {"names": ", ".join(map(name_of, awaiting))})
    return said or [_("Nothing has changed: they are on the list already.")]


def _person(person: Resident, day: Any) -> dict[str, Any]:
    age = person.age(on=day)
    home = str(person.village) if person.village else _("lives elsewhere") if person.lives_elsewhere else ""
    years = ngettext("%(n)s year", "%(n)s years", age) % {"n": age} if age is not None else ""
    return {"pk": str(person.pk), "name": str(person), "who": ", ".join(part for part in (years, home) if part)}
