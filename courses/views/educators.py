"""Educators at the desk: who there is and who is free, what is known of one, their link, the end of their work."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from coordinators.domain import educators as people
from coordinators.domain.access import Reach
from coordinators.models import Educator
from courses.domain import educators, rights
from courses.domain.links import EDUCATOR_LINK
from courses.domain.programme import leading
from courses.domain.programme.travel import Slot
from courses.domain.refusals import Refusal
from courses.enums import ActivityLanguage
from courses.forms.educators import EducatorForm, FilterForm, educator_initial
from courses.views.educator_page import line
from courses.views.staff import staff_page
from ecosystem import dates
from ecosystem.models import Department, Message, Topic

METHODS = ["GET", "HEAD", "POST"]
PAGE_SIZE = 50


@staff_page
@require_safe
def listing(request: HttpRequest, reach: Reach) -> HttpResponse:
    """Who leads sessions, of one's own departments first asked; all see names and what is taught."""
    now = timezone.now()
    departments = list(Department.objects.filter(retired_at=None).order_by("position", "pk"))
    topics = list(Topic.objects.filter(retired_at=None).order_by("position", "pk"))
    own = sorted(each.name for each in departments if each.pk in reach.departments)
    form = FilterForm(request.GET, departments=departments, topics=topics, mine=", ".join(own) or _("All departments"))
    form.is_valid()
    asked = form.cleaned_data
    chosen = {asked["nodala"]} if asked.get("nodala") else reach.departments
    rows = people.found(
        departments=None if form.ALL in chosen else chosen,
        text=asked.get("q", ""),
        topic=asked.get("tema", ""),
        language=asked.get("valoda", ""),
        kind=asked.get("veids", ""),
        retired=asked.get("arhivs", False),
    )
    if form.free:
        slot = Slot(*form.free, place=None, department="")
        busy = leading.busy(educators=list(rows.values_list("pk", flat=True)), slot=slot, now=now)
        rows = rows.exclude(pk__in=busy)
    pages = Paginator(rows, PAGE_SIZE)
    page = pages.get_page(request.GET.get("lapa"))
    kept = [(name, value) for name, value in request.GET.items() if name in form.fields and value]
    context = {
        "form": form,
        "rows": [_row(educator, reach) for educator in page.object_list],
        "count": pages.count,
        "pages": [
            {
                "number": number if isinstance(number, int) else None,
                "url": f"?{urlencode([*kept, ('lapa', number)])}",
                "current": number == page.number,
            }
            for number in (pages.get_elided_page_range(page.number) if pages.num_pages > 1 else [])
        ],
        "may_add": reach.is_administrator or bool(people.kept_by(reach)),
        "page_title": _("Educators"),
    }
    return render(request, "courses/educators/list.html", context)


@staff_page
@require_http_methods(METHODS)
def create(request: HttpRequest, reach: Reach) -> HttpResponse:
    """Somebody new, of a department whose educators one keeps."""
    departments = list(people.keepable(reach))
    if not departments:
        raise PermissionDenied(_("Educators are kept by their own department's coordinators, managers and head."))
    topics = list(Topic.objects.filter(retired_at=None).order_by("position", "pk"))
    if request.method == "POST":
        form = EducatorForm(request.POST, departments=departments, topics=topics)
        if form.is_valid():
            try:
                made = people.add(details=form.details(), reach=reach, is_another=form.cleaned_data["is_another"])
            except people.Refused as refused:
                form.refuse(refused)
            else:
                messages.success(request, _("%(name)s is written down.") % {"name": made.name})
                return redirect("courses:desk_educator", made.pk)
    else:
        initial = {"department": departments[0].pk, "kind": Educator.Kind.HIRED, "languages": ["lv"]}
        form = EducatorForm(departments=departments, topics=topics, initial=initial)
    return _form_page(request, form, heading=_("New educator"), back=reverse("courses:desk_educators"))


@staff_page
@require_http_methods(METHODS)
def one(request: HttpRequest, reach: Reach, pk: int) -> HttpResponse:
    """What is known of one: to all what they teach, to their department how to reach them, to its keepers the link."""
    educator = _educator(pk)
    may_keep = people.may_keep(reach, educator.department_id)
    refused = ""
    if request.method == "POST":
        act = _ACTIONS.get(request.POST.get("action", ""))
        if act is None:
            raise Http404(_("There is no such step."))
        if not may_keep:
            raise _not_ours(educator)
        try:
            messages.success(request, act(educator, reach))
            return redirect("courses:desk_educator", pk)
        except Refusal as refusal:
            refused = str(refusal)
            educator = _educator(pk)
    now = timezone.now()
    may_reach = people.may_reach(reach, educator)
    work = educators.work(educator=educator, now=now, drafts=True)
    shown = [session for session in work.to_come if _may_see(session, reach)]
    link = educators.link(educator, now=now) if may_keep else ""
    until = educator.link_issued_at + EDUCATOR_LINK if educator.link_issued_at else None
    context = {
        "educator": educator,
        "row": _row(educator, reach),
        "may_keep": may_keep,
        "may_reach": may_reach,
        "to_come": [
            # Another's activity is seen in the programme, its list is not opened.
            {**line(session, now=now), "is_mine": rights.may_manage(reach, session.activity)}
            for session in shown
        ],
        "more": work.total - len(work.to_come),
        "link": link,
        "link_until": dates.day_month(dates.local_day(until), until=True) if until else "",
        "link_year": dates.local_day(until).year if until else "",
        "refused": refused,
        "page_title": _("Error: %(title)s") % {"title": educator.name} if refused else educator.name,
    }
    return render(request, "courses/educators/one.html", context, status=409 if refused else 200)


@staff_page
@require_http_methods(METHODS)
def edit(request: HttpRequest, reach: Reach, pk: int) -> HttpResponse:
    """What is known of one, to change."""
    educator = _educator(pk)
    if not people.may_keep(reach, educator.department_id):
        raise _not_ours(educator)
    departments = list(people.keepable(reach))
    details = people.details_of(educator)
    current = Topic.objects.filter(retired_at=None) | Topic.objects.filter(educators=educator)
    topics = list(current.distinct().order_by("position", "pk"))
    stamp, is_stale = people.fingerprint(details), False
    if request.method == "POST":
        form = EducatorForm(request.POST, departments=departments, topics=topics)
        if form.is_valid():
            try:
                people.change(
                    educator=educator,
                    details=form.details(),
                    seen=request.POST.get("seen", ""),
                    reach=reach,
                    is_another=form.cleaned_data["is_another"],
                )
            except people.Refused as refused:
                form.refuse(refused)
            except people.ChangedMeanwhile:
                is_stale = True
            else:
                messages.success(request, _("Saved."))
                return redirect("courses:desk_educator", pk)
        if not is_stale:
            stamp = request.POST.get("seen", "")[:64]
    else:
        form = EducatorForm(departments=departments, topics=topics, initial=educator_initial(details))
    back = reverse("courses:desk_educator", args=[pk])
    return _form_page(request, form, heading=educator.name, back=back, stamp=stamp, is_stale=is_stale)


def _form_page(
    request: HttpRequest, form: EducatorForm, *, heading: str, back: str, stamp: str = "", is_stale: bool = False
) -> HttpResponse:
    wrong = form.is_bound and bool(form.errors)
    context = {
        "form": form,
        "heading": heading,
        "back": back,
        "stamp": stamp,
        "is_stale": is_stale,
        "page_title": _("Error: %(title)s") % {"title": heading} if wrong or is_stale else heading,
    }
    return render(request, "courses/educators/form.html", context, status=409 if is_stale else 422 if wrong else 200)


def _educator(pk: int) -> Educator:
    found = Educator.objects.select_related("department").prefetch_related("topics").filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such educator."))
    return found


def _not_ours(educator: Educator) -> PermissionDenied:
    return PermissionDenied(
        _("%(name)s belongs to %(department)s, whose coordinators, managers and head change what is known of them.")
        % {"name": educator.name, "department": educator.department.name}
    )


def _may_see(session: Any, reach: Reach) -> bool:
    """Another department's draft is not told; ``rights.seen_by`` for a session already read."""
    activity = session.activity
    return activity.status != "draft" or reach.is_administrator or activity.lead_id in reach.departments


def _row(educator: Educator, reach: Reach) -> dict[str, Any]:
    """One educator as all see them, and for their own department how to reach them."""
    languages = dict(ActivityLanguage.choices)
    return {
        "educator": educator,
        "kind": educator.get_kind_display(),
        "topics": ", ".join(str(topic.name) for topic in educator.topics.all()),
        "languages": ", ".join(dates.uncapital(str(languages[code])) for code in educator.languages),
        "is_ours": educator.department_id in reach.departments,
        "reach": people.may_reach(reach, educator),
    }


def _send(channel: str) -> Callable[[Educator, Reach], str]:
    def act(educator: Educator, reach: Reach) -> str:
        phone = next((post.phone for post in reach.posts if post.phone), "")
        sent = educators.send_link(educator=educator, channel=channel, phone=phone, now=timezone.now())
        if sent is None:
            return _("The link was sent a moment ago.")
        return _("The link is on its way to %(to)s.") % {"to": sent.to}

    return act


def _make(educator: Educator, _reach: Reach) -> str:
    educators.issue(educator=educator, now=timezone.now())
    return _("The link is made. Copy it below.")


def _revoke(educator: Educator, _reach: Reach) -> str:
    educators.revoke(educator=educator)
    return _("The link opens nothing any more.")


def _retire(educator: Educator, _reach: Reach) -> str:
    educators.retire(educator=educator, now=timezone.now())
    return _("%(name)s no longer teaches here. What they led stays.") % {"name": educator.name}


def _bring_back(educator: Educator, _reach: Reach) -> str:
    educators.bring_back(educator=educator)
    return _("%(name)s teaches here again.") % {"name": educator.name}


_ACTIONS: dict[str, Callable[[Educator, Reach], str]] = {
    "email": _send(Message.Channel.EMAIL),
    "sms": _send(Message.Channel.SMS),
    "link": _make,
    "revoke": _revoke,
    "retire": _retire,
    "back": _bring_back,
}
