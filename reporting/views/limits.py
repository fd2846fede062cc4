"""The dated limits that figures are counted by: what holds, what comes, what was; another value, a day confirmed."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from coordinators.domain.access import Reach
from courses.views.staff import staff_page
from ecosystem.domain import dated_limits
from ecosystem.domain.dated_limits import Entry, Kind, Refused, State, Unit
from ecosystem.models import Limit
from reporting.forms.totals import ConfirmForm, LimitForm


@require_safe
@staff_page
def listing(request: HttpRequest, reach: Reach) -> HttpResponse:
    """All limits with what holds today, and what comes."""
    book = dated_limits.book(on=timezone.localdate())
    context = {
        "page_title": _("Limits of the figures"),
        "may_change": reach.sets_limits,
        "rows": [_row(kind, book[code]) for code, kind in dated_limits.KINDS.items()],
    }
    return render(request, "reporting/limits.html", context)


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, reach: Reach, code: str) -> HttpResponse:
    """One limit: all its values; who may enters another, withdraws one to come, confirms a day."""
    kind = dated_limits.KINDS.get(code)
    if kind is None:
        raise Http404(_("There is no such limit."))
    now = timezone.now()
    today = timezone.localdate(now)
    if request.method == "POST" and not reach.sets_limits:
        raise PermissionDenied(_("Heads of department and administrators set the limits; you can read them."))
    step = request.POST.get("step", "") if request.method == "POST" else ""
    if request.method == "POST" and step not in ("enter", "withdraw", "confirm"):
        raise Http404(_("There is no such step."))
    holding = dated_limits.limit(code, on=today)
    entries = dated_limits.book(on=today)[code]
    guess = next(
        (entry.row for entry in entries if entry.row.is_to_be_confirmed and entry.state is not State.WITHDRAWN), None
    )
    form = LimitForm(request.POST if step == "enter" else None, kind=kind, holding=holding)
    confirming = ConfirmForm(request.POST if step == "confirm" else None, row=guess) if guess else None
    refused_on_top: list[str] = []
    acting = form if step == "enter" else confirming if step == "confirm" else None
    if step == "confirm" and confirming is None:
        refused_on_top = [_("Its day has been confirmed already.")]
    elif step == "withdraw" or (acting is not None and acting.is_valid()):
        try:
            said = _act(step, kind, acting.cleaned_data if acting else {}, request, reach, guess, now=now)
        except Refused as refused:
            if acting is None:
                refused_on_top = refused.messages
            else:
                acting.refuse(refused)
        else:
            messages.success(request, said)
            return redirect("reporting:desk_limit", code)
    is_wrong = bool(refused_on_top) or bool(acting is not None and acting.errors)
    title = str(kind.name)
    context = {
        "page_title": _("Error: %(title)s") % {"title": title} if is_wrong else title,
        "heading": title,
        "kind": kind,
        "now": words(kind, holding.lower, holding.upper),
        "entries": [_entry(kind, entry) for entry in entries],
        "may_change": reach.sets_limits,
        "form": form,
        "confirming": confirming,
        "guess": guess,
        "refusals": refused_on_top,
    }
    return render(request, "reporting/limit.html", context, status=422 if is_wrong else 200)


def _act(
    step: str,
    kind: Kind,
    typed: dict[str, Any],
    request: HttpRequest,
    reach: Reach,
    guess: Limit | None,
    *,
    now: Any,
) -> str:
    """Do it, and say what has happened; raises ``Refused``."""
    if step == "withdraw":
        row = dated_limits.withdraw(pk=_number(request.POST.get("entry", "")), by=reach.user, now=now)
        return _("Withdrawn: the value from %(day)s will not hold.") % {"day": f"{row.in_force_from:%d.%m.%Y}"}
    if step == "confirm" and guess is not None:
        row = dated_limits.confirm(pk=guess.pk, by=reach.user, now=now, **typed)
        return _("Confirmed: it holds from %(day)s.") % {"day": f"{row.in_force_from:%d.%m.%Y}"}
    row = dated_limits.enter(code=kind.code, by=reach.user, now=now, **typed)
    return _("Set: from %(day)s it is %(value)s.") % {
        "day": f"{row.in_force_from:%d.%m.%Y}",
        "value": words(kind, row.lower, row.upper),
    }


def words(kind: Kind, lower: int, upper: int | None) -> str:
    """A value as people say it."""
    if kind.unit is Unit.AGES:
        return _("%(from)s–%(to)s years") % {"from": lower, "to": upper}
    if kind.unit is Unit.AGE:
        return _("%(age)s and older") % {"age": lower}
    if kind.unit is Unit.PERCENT:
        return f"{lower} %"
    if kind.unit is Unit.MONTHS:
        return ngettext("%(n)s month", "%(n)s months", lower) % {"n": lower}
    if kind.unit is Unit.DAYS:
        return ngettext("%(n)s day", "%(n)s days", lower) % {"n": lower}
    return f"1–{lower}" if lower > 1 else "1"


def _row(kind: Kind, entries: list[Entry]) -> dict[str, Any]:
    """A limit in the list."""
    now = next((entry for entry in entries if entry.state is State.NOW), None)
    coming = [entry for entry in reversed(entries) if entry.state is State.COMING]
    return {
        "code": kind.code,
        "name": kind.name,
        "what": kind.what,
        "now": words(kind, now.row.lower, now.row.upper) if now else "–",
        "since": now.row.in_force_from if now else None,
        "is_guess": bool(now and now.row.is_to_be_confirmed),
        "coming": [(entry.row.in_force_from, words(kind, entry.row.lower, entry.row.upper)) for entry in coming],
    }


def _entry(kind: Kind, entry: Entry) -> dict[str, Any]:
    """A value in a limit's history."""
    row = entry.row
    state = {
        State.NOW: _("In force"),
        State.COMING: _("Coming"),
        State.PAST: _("Past"),
        State.WITHDRAWN: _("Withdrawn"),
    }[entry.state]
    return {
        "pk": row.pk,
        "value": words(kind, row.lower, row.upper),
        "from": row.in_force_from,
        "state": state,
        "is_guess": row.is_to_be_confirmed and row.withdrawn_at is None,
        "is_coming": entry.state is State.COMING,
        "why": row.why,
        "by": str(row.entered_by) if row.entered_by else _("came with the portal"),
        "on": timezone.localdate(row.entered_at),
        "withdrawn": timezone.localdate(row.withdrawn_at) if row.withdrawn_at else None,
        "withdrawn_by": str(row.withdrawn_by) if row.withdrawn_by else "",
    }


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 0
