"""Telling people: a message to a chosen group, and calling off an activity or a session. Both show first, then ask."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from coordinators.domain.access import Reach
from courses.domain import bulletins, calling_off, joining, letters
from courses.domain.refusals import Refusal, Refusals
from courses.forms.filling import BulletinForm, CallOffForm
from courses.models import Activity, Session
from courses.views import cards
from courses.views.filling import head
from courses.views.staff import managed_activity, shown, staff_page
from ecosystem import dates
from ecosystem.models import Look, Message


@staff_page(shows=Look.Kind.MESSAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def compose(request: HttpRequest, reach: Reach, pk: int) -> HttpResponse:
    """Write a message, see it as it will be read and by how many, send it."""
    found = managed_activity(reach, pk)
    now = timezone.now()
    groups = _groups(found)
    if request.method != "POST":
        asked = request.GET.get("kam", "")
        initial = {"group": asked} if asked in dict(groups) else {}
        if other := _other_group(request.GET.get("cita", "")):
            initial["subject"], initial["text"] = joining.suggestion(activity=found, other=other, now=now)
        return _compose_page(request, found, BulletinForm(groups=groups, initial=initial))
    form = BulletinForm(request.POST, groups=groups)
    if not form.is_valid() or "change" in request.POST:
        return _compose_page(request, found, form, status=200 if "change" in request.POST else 422)
    typed = form.cleaned_data
    told = {"code": typed["group"], "subject": typed["subject"], "text": typed["text"]}
    try:
        if "send" in request.POST:
            sent = bulletins.send(activity=found, by=reach.user, now=now, key=typed["form_key"], **told)
            messages.success(request, _sent(sent.people))
            return redirect("courses:desk_activity", pk=pk)
        reached, examples = bulletins.preview(activity=found, now=now, **told)
    except Refusals as refusals:
        form.refuse(refusals.refusals)
        return _compose_page(request, found, form, status=422)
    shown(request, found, count=reached.people + len(reached.without_contact))
    context = {
        **head(found, now),
        "heading": _("Check the message"),
        "page_title": _("Check the message"),
        "form": form,
        "group_words": dict(groups)[typed["group"]],
        "reached": reached,
        "count_words": _reached_words(reached),
        "examples": [_example(message) for message in examples],
        "send_words": _send_words(len(reached.parties)),
    }
    return render(request, "courses/filling/message_check.html", context)


@staff_page(shows=Look.Kind.MESSAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, reach: Reach, pk: int) -> HttpResponse:
    """Choose what will not take place and why; see who will be told; do it."""
    found = managed_activity(reach, pk)
    now = timezone.now()
    sessions = [(each, _session_words(each)) for each in found.sessions.to_come(now=now).order_by("starts_at")]
    if request.method != "POST":
        asked = request.GET.get("nodarbiba", "")
        only = {str(session.pk) for session, _words in sessions}
        form = CallOffForm(sessions=sessions, initial={"what": asked} if asked in only else None)
        return _cancel_page(request, found, form)
    form = CallOffForm(request.POST, sessions=sessions)
    if not form.is_valid() or "change" in request.POST:
        return _cancel_page(request, found, form, status=200 if "change" in request.POST else 422)
    session, reason = form.session, form.cleaned_data["reason"]
    if "confirm" not in request.POST:
        return _cancel_check(request, found, form, session)
    try:
        if session is None:
            people = calling_off.activity(activity=found, reason=reason, by=reach.user, now=now)
        else:
            people = calling_off.session(session=session, reason=reason, by=reach.user, now=now)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _cancel_page(request, found, form, status=422)
    told = ngettext("It concerned %(n)s person.", "It concerned %(n)s people.", people) % {"n": people}
    done = _("The activity is called off.") if session is None else _("The session is called off.")
    messages.success(request, f"{done} {told}")
    return redirect("courses:desk_activity", pk=pk)


def _compose_page(request: HttpRequest, found: Activity, form: BulletinForm, *, status: int = 200) -> HttpResponse:
    title = _("Write to those who registered")
    context = {
        **head(found, timezone.now()),
        "heading": title,
        "page_title": _("Error: %(title)s") % {"title": title} if status == 422 else title,
        "form": form,
        "is_sensitive": letters.Facts.of(found.pk, now=timezone.now()).is_sensitive,
    }
    return render(request, "courses/filling/message.html", context, status=status)


def _cancel_page(request: HttpRequest, found: Activity, form: CallOffForm, *, status: int = 200) -> HttpResponse:
    title = _("Call off")
    context = {
        **head(found, timezone.now()),
        "heading": title,
        "page_title": _("Error: %(title)s") % {"title": title} if status == 422 else title,
        "form": form,
    }
    return render(request, "courses/filling/cancel.html", context, status=status)


def _cancel_check(request: HttpRequest, found: Activity, form: CallOffForm, session: Session | None) -> HttpResponse:
    now = timezone.now()
    outlook = calling_off.outlook(activity=found, session=session, now=now)
    shown(request, found, count=outlook.told.people + len(outlook.told.without_contact))
    context = {
        **head(found, now),
        "heading": _("Check before calling off"),
        "page_title": _("Check before calling off"),
        "form": form,
        "what_words": _("The whole activity") if session is None else _session_words(session),
        "reached": outlook.told,
        "count_words": _reached_words(outlook.told),
        "whole": session is None,
        "instead": [
            {"title": other.title, "place": cards.place_words(other), "places": cards.places_words(other)[0]}
            for other in outlook.instead
        ],
    }
    return render(request, "courses/filling/cancel_check.html", context)


def _other_group(text: str) -> Activity | None:
    """Another group that the message is begun with, from what everybody sees."""
    if not text.isascii() or not text.isdecimal() or len(text) > 15:
        return None
    return Activity.objects.published().filter(pk=int(text)).first()


def _groups(found: Activity) -> list[tuple[str, str]]:
    return [
        ("everyone", _("Everyone: with a place, in the queue, awaiting approval")),
        ("confirmed", _("Those who have a place or are offered one")),
        ("queue", _("The queue")),
        ("awaiting", _("Those awaiting approval")),
        *([(bulletins.UNANSWERED, _("Who has not said whether they will come"))] if found.asks_confirmation else []),
        *_groups_by_session(found),
    ]


def _groups_by_session(found: Activity) -> Iterator[tuple[str, str]]:
    """Of a session that was marked who came and who did not, of one that was not its list."""
    for session in bulletins.sessions(activity=found):
        day = {"day": dates.day_month(dates.local_day(session.starts_at), at=True)}
        if session.came:  # type: ignore[attr-defined]
            yield f"{bulletins.CAME}{session.pk}", _("Who came on %(day)s") % day
        if session.absent:  # type: ignore[attr-defined]
            yield f"{bulletins.ABSENT}{session.pk}", _("Who was absent on %(day)s") % day
        if not session.came and not session.absent:  # type: ignore[attr-defined]
            yield f"{bulletins.LISTED}{session.pk}", _("The list of the session on %(day)s") % day


def _session_words(session: Session) -> str:
    day = dates.on_day(dates.local_day(session.starts_at))
    return f"{day}, {dates.hours_on_page(session.starts_at, session.ends_at)}"


def _reached_words(reached: bulletins.Group) -> str:
    said = [ngettext("%(n)s person", "%(n)s people", reached.people) % {"n": reached.people}]
    if reached.emails:
        said.append(ngettext("%(n)s e-mail", "%(n)s e-mails", reached.emails) % {"n": reached.emails})
    if reached.texts:
        said.append(ngettext("%(n)s SMS", "%(n)s SMS", reached.texts) % {"n": reached.texts})
    return ", ".join(said)


def _send_words(count: int) -> str:
    return ngettext("Send %(n)s message", "Send %(n)s messages", count) % {"n": count}


def _sent(count: int) -> str:
    return ngettext("%(n)s message is on its way.", "%(n)s messages are on their way.", count) % {"n": count}


def _example(message: Message) -> dict[str, Any]:
    # The link opens somebody's registration: it is theirs, and not shown here.
    text = message.text
    for link in message.links:
        text = text.replace(link["url"], _("(their own link)"))
    return {
        "is_email": message.channel == Message.Channel.EMAIL,
        "subject": message.subject,
        "text": text,
        "length": len(message.text),
    }
