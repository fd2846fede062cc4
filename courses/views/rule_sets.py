"""The shared rules: for anyone, what they are; at the desk, what is proposed, what it would change, who agrees."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from coordinators.domain.access import Reach
from courses.domain.overlaps import rehearsing, rule_sets
from courses.domain.overlaps.rule_sets import Book, Refused, Version
from courses.forms.rule_sets import AnswerForm, ProposalForm
from courses.views import rule_words
from courses.views.staff import staff_page
from ecosystem import dates
from ecosystem.models import RuleSet

METHODS = ["GET", "HEAD", "POST"]


@login_not_required
@require_safe
def public(request: HttpRequest) -> HttpResponse:
    """The rules in force, for anyone: what they are for, what they ask, what they find, who agreed. Two queries."""
    book = rule_sets.book(on=timezone.localdate(), agreed_alone=True)
    context = {
        "page_title": _("Overlap rules"),
        "now": {**rule_words.version_row(book.in_force), "agreed": rule_words.agreed_words(book.in_force)},
        "questions": rule_words.questions(book.in_force.rules),
        "sections": rule_words.sections(book.in_force.rules),
        "coming": [{**_changes_row(one), "agreed": rule_words.agreed_words(one)} for one in book.coming],
        "earlier": [_changes_row(one) for one in book.earlier],
    }
    return render(request, "courses/rule_sets/public.html", context)


@require_safe
@staff_page
def listing(request: HttpRequest, reach: Reach) -> HttpResponse:
    """What is in force, what comes, what waits for answers, what has been."""
    book = rule_sets.book(on=timezone.localdate())
    context = {
        "page_title": _("Overlap rules"),
        "now": rule_words.version_row(book.in_force),
        "sections": rule_words.sections(book.in_force.rules),
        "coming": [_changes_row(one) for one in book.coming],
        "proposal": _proposal_row(book.proposal) if book.proposal else None,
        "earlier": [rule_words.version_row(one) for one in book.earlier],
        "may_propose": rule_sets.may_propose(reach) and book.proposal is None,
    }
    return render(request, "courses/rule_sets/rules.html", context)


@staff_page
@require_http_methods(METHODS)
def propose(request: HttpRequest, reach: Reach) -> HttpResponse:
    """Other thresholds, tried over the plans there are before they are proposed."""
    if not rule_sets.may_propose(reach):
        raise PermissionDenied(_("Heads of department and administrators propose rules; you can read them."))
    now = timezone.now()
    book = rule_sets.book(on=timezone.localdate(now))
    departments = rule_sets.proposing_for(reach)
    if not departments:
        raise PermissionDenied(_("Your department is not one of those that plan any more."))
    posted = request.POST if request.method == "POST" else None
    step = posted.get("step", "") if posted is not None else ""
    if posted is not None and step not in ("rehearse", "propose"):
        raise Http404(_("There is no such step."))
    form = ProposalForm(
        posted,
        before=book.latest.rules,
        departments=departments,
        today=timezone.localdate(now),
        proposes=step == "propose",
    )
    tried = None
    if form.is_bound and form.is_valid():
        if step == "rehearse":
            tried = rehearsing.over_plans(before=form.before, after=form.proposed, reach=reach, now=now)
        else:
            try:
                row = rule_sets.propose(
                    department=form.department_chosen,
                    thresholds=form.thresholds,
                    in_force_from=form.cleaned_data["in_force_from"],
                    why=form.cleaned_data["why"],
                    reach=reach,
                    now=now,
                )
            except Refused as refused:
                form.refuse(refused)
            else:
                messages.success(request, _said(row, _("Proposed. The other departments have been told.")))
                return redirect("courses:desk_rule_set", row.version)
    status = 422 if form.is_bound and form.errors else 200
    title = _("Propose other rules")
    context = {
        "page_title": _("Error: %(title)s") % {"title": title} if status == 422 else title,
        "heading": title,
        "form": form,
        "sections": rule_words.fields(form),
        "several": len(departments) > 1,
        "standing": _proposal_row(book.proposal) if book.proposal else None,
        "tried": rule_words.rehearsal(tried, reach=reach) if tried else None,
    }
    return render(request, "courses/rule_sets/propose.html", context, status=status)


@staff_page
@require_http_methods(METHODS)
def version(request: HttpRequest, reach: Reach, version: int) -> HttpResponse:
    """One version: what it changes and why, who has answered; who may answers here, or takes it back."""
    now = timezone.now()
    book = rule_sets.book(on=timezone.localdate(now))
    found = book.version(version)
    if found is None:
        raise Http404(_("There is no such version of the rules."))
    if request.method != "POST":
        return _version_page(request, reach, book, found, now=now)
    step = request.POST.get("step", "")
    if step not in ("agree", "decline", "withdraw"):
        raise Http404(_("There is no such step."))
    mine = rule_sets.answering_for(reach, on=timezone.localdate(now))
    if step == "withdraw":
        if not rule_sets.may_withdraw(reach, found.row, answers_for={one.pk for one in mine}):
            raise PermissionDenied(_("The department that proposed it takes it back."))
    elif not mine:
        raise PermissionDenied(_("The head of the department answers this; an administrator, where it has no head."))
    form = AnswerForm(request.POST, departments=mine, is_withdrawal=step == "withdraw")
    if form.is_valid():
        try:
            said = _act(step, version, form.cleaned_data, reach, now)
        except Refused as refused:
            form.refuse(refused)
            book = rule_sets.book(on=timezone.localdate(now))
            found = book.version(version) or found
        else:
            messages.success(request, said)
            return redirect("courses:desk_rule_set", version)
    return _version_page(request, reach, book, found, form=form, now=now)


def _act(step: str, version: int, answer: Mapping[str, Any], reach: Reach, now: datetime) -> str:
    if step == "withdraw":
        rule_sets.withdraw(version=version, reach=reach, now=now)
        return _("Withdrawn: the rules stay as they are. The other departments have been told.")
    agrees = step == "agree"
    row = rule_sets.answer(
        version=version, department=answer["department"], agrees=agrees, note=answer["note"], reach=reach, now=now
    )
    if not agrees:
        return _("Declined: the rules stay as they are. The other departments have been told.")
    return _said(row, _("Your agreement is written down."))


def _said(row: RuleSet, otherwise: str) -> str:
    """What became of a proposal: agreed, and since when it holds."""
    if row.agreed_at is None:
        return otherwise
    day = {"version": row.version, "day": f"{row.in_force_from:%d.%m.%Y}"}
    return _("All departments have agreed: version %(version)s holds from %(day)s.") % day


def _version_page(
    request: HttpRequest,
    reach: Reach,
    book: Book,
    found: Version,
    *,
    form: AnswerForm | None = None,
    now: datetime,
) -> HttpResponse:
    is_open = found is book.proposal
    waiting = rule_sets.waiting(found.row) if is_open else []
    mine = rule_sets.answering_for(reach, on=timezone.localdate(now)) if is_open else []
    # Where nobody is waited for any more, whoever agreed presses once more.
    owed = [one for one in mine if one in waiting or not waiting]
    tried = None
    if is_open and found.before is not None and request.GET.get("izmeginat") == "1":
        tried = rehearsing.over_plans(before=found.before, after=found.rules, reach=reach, now=now)
    title = _("Version %(version)s of the rules") % {"version": found.row.version}
    is_wrong = form is not None and bool(form.errors)
    context = {
        "page_title": _("Error: %(title)s") % {"title": title} if is_wrong else title,
        "heading": title,
        "version": rule_words.version_row(found),
        "changes": rule_words.changes(found),
        "sections": rule_words.sections(found.rules),
        "answers": rule_words.answers(found, waiting),
        "is_open": is_open,
        "form": form or AnswerForm(departments=owed or mine),
        "may_answer": bool(owed),
        "may_withdraw": is_open and rule_sets.may_withdraw(reach, found.row, answers_for={one.pk for one in mine}),
        "tried": rule_words.rehearsal(tried, reach=reach) if tried else None,
    }
    return render(request, "courses/rule_sets/version.html", context, status=422 if is_wrong else 200)


def _changes_row(one: Version) -> dict[str, Any]:
    return {**rule_words.version_row(one), "changes": rule_words.changes(one)}


def _proposal_row(one: Version) -> dict[str, Any]:
    """A proposal in a list: what it changes, and who is waited for."""
    waiting = rule_sets.waiting(one.row)
    names = dates.joined([department.name for department in waiting], _("and"))
    words = ngettext("Waits for the answer of %(names)s.", "Waits for the answers of %(names)s.", len(waiting))
    return {**_changes_row(one), "waiting": words % {"names": names} if waiting else ""}
