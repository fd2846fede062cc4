"""News and a person at the desk: what they agreed to and when; written down when they say so, stopped when they ask."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coordinators.domain.access import Reach
from courses.domain import subscriptions
from courses.domain.refusals import Refusal
from courses.forms.news import SaidForm
from courses.views.news import answers, contact_words, words_of
from courses.views.people import onward, opened, standing_words
from courses.views.staff import staff_page
from ecosystem.models import Look
from residents.domain import consents, wording
from residents.models import Consent, Resident


@staff_page(shows=Look.Kind.PERSON)
@require_http_methods(["GET", "HEAD", "POST"])
def news(request: HttpRequest, reach: Reach, pk: UUID) -> HttpResponse:
    """What somebody agreed to; a yes or a no that was said aloud is written down."""
    now = timezone.now()
    found = opened(request, reach, pk)
    if found is None:
        return onward(reach, pk)
    theirs = consents_of(found)
    if request.method == "POST" and "stop" in request.POST:
        consent = next((one for one in theirs if str(one.pk) == request.POST["stop"]), None)
        if consent is None:
            raise Http404(_("There is no such consent of this person."))
        ended = subscriptions.stop(contact=consent.contact, how=Consent.Ended.DESK, by=reach.user, now=now)
        said = _("No more news will be sent to %(contact)s.") % {"contact": contact_words(consent)}
        messages.success(request, said if ended else _("Nothing has changed: it was stopped already."))
        return redirect("courses:desk_person_news", pk=pk)
    sentence = _sentence(found)
    form = _form(found, theirs, sentence, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data
        try:
            subscriptions.write_down(resident=found, channel=typed["channel"], way=typed["way"], by=reach.user, now=now)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Written down. We have told them, with a link to change or stop it."))
            return redirect("courses:desk_person_news", pk=pk)
    title = _("News")
    names = words_of(one for one in theirs if one.holds)
    context = {
        "page_title": _("Error: %(title)s") % {"title": title} if form.is_bound else title,
        "heading": title,
        "person": found,
        "consents": [_line(one, names) for one in theirs],
        "form": form,
        "may_agree": bool(form.fields["channel"].choices),  # type: ignore[attr-defined]
        "has_contact": bool(found.household.email or found.household.phone),
        "sentence": sentence.text,
        "language": found.household.language,
    }
    return render(request, "courses/people/news.html", context, status=422 if form.is_bound else 200)


def consents_of(person: Resident) -> list[Consent]:
    """What this person, or whoever has their household's contact, agreed to; the latest first."""
    home = person.household
    return consents.about(person=person, contacts=[home.email, str(home.phone or "")])


def _sentence(person: Resident) -> wording.Wording:
    """What is read out to them, in their language."""
    with translation.override(person.household.language):
        return wording.current()


def _form(person: Resident, theirs: list[Consent], sentence: wording.Wording, posted: Any) -> SaidForm:
    """For the contacts that no consent holds for yet."""
    holding = {one.contact for one in theirs if one.holds}
    home = person.household
    email, phone = home.email, str(home.phone or "")
    return SaidForm(
        posted,
        email="" if email in holding else email,
        phone="" if phone in holding else phone,
        version=sentence.version,
    )


def _line(consent: Consent, names: Mapping[str, str]) -> dict[str, Any]:
    by = ", ".join(str(one) for one in (consent.said_by, consent.taken_by) if one is not None)
    return {
        "pk": consent.pk,
        "contact": contact_words(consent),
        "standing": standing_words(consent),
        "way": f"{consent.get_way_display()} ({by})" if by else consent.get_way_display(),
        "wording": consent.wording,
        "version": consent.wording_version,
        "answers": answers(consent, names)[:-1] if consent.holds else [],
        "may_stop": consent.withdrawn_at is None,
    }
