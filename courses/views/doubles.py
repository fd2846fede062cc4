"""Possible doubles at the desk: the list, two side by side, what joining would do, joining, undoing."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from coordinators.domain.access import Reach
from courses.domain import folding, merging, people, unmerging
from courses.domain.folding import PARTS, Plan
from courses.domain.refusals import Refusal
from courses.forms.people import choices
from courses.models import Merge, Registration
from courses.views import merge_words as words
from courses.views.people import moment, until, who
from courses.views.staff import shown, staff_page
from ecosystem.models import Look
from residents.domain import doubles
from residents.models import PossibleDouble, Resident

PAGE = 20
TONES = {3: "is-gold", 2: "is-mist", 1: ""}


@staff_page(shows=Look.Kind.DOUBLES)
@require_safe
def pairs(request: HttpRequest, reach: Reach) -> HttpResponse:
    """Who may have been written down twice, the likeliest first; and what can still be undone."""
    _refuse_others(reach)
    found = people.pairs(reach).select_related("first__village", "second__village")
    page = Paginator(found, PAGE).get_page(request.GET.get("lapa"))
    joined = list(people.merges(reach).select_related("by")[:PAGE])
    names = {
        person.pk: str(person) for person in Resident.objects.filter(pk__in=[one.kept for one in joined]).order_by("pk")
    }
    now = timezone.now()
    listed = {pk for pair in page for pk in (pair.first_id, pair.second_id)} | set(names)
    if listed:
        shown(request, people=listed)
    context = {
        "page_title": _("Possible doubles"),
        "rows": [
            {
                "pk": pair.pk,
                "first": {"name": str(pair.first), "who": who(pair.first)},
                "second": {"name": str(pair.second), "who": who(pair.second)},
                "strength": pair.get_strength_display(),
                "tone": TONES[pair.strength],
                "reasons": words.reasons(pair),
            }
            for pair in page
        ],
        "total": page.paginator.count,
        "pages": [
            {"number": number, "url": f"?lapa={number}", "current": number == page.number}
            for number in page.paginator.page_range
        ]
        if page.paginator.num_pages > 1
        else [],
        "joined": [
            {
                "pk": one.pk,
                "name": names[one.kept],
                "at": moment(one.at),
                "by": str(one.by) if one.by else "",
                "until": until(merging.undoable_until(one)),
            }
            for one in joined
            if one.kept in names and now <= merging.undoable_until(one)
        ],
    }
    return render(request, "courses/people/doubles.html", context)


@staff_page(shows=Look.Kind.MERGE)
@require_http_methods(["GET", "HEAD", "POST"])
def compare(request: HttpRequest, reach: Reach, pk: int) -> HttpResponse:
    """Two side by side; what joining would do; then it, or that they are two people."""
    _refuse_others(reach)
    pair = people.pairs(reach).filter(pk=pk).first()
    if pair is None:
        raise Http404(_("There is no such pair: it has been decided, or is not for you to see."))
    by_pk = Resident.objects.select_related("household", "village__parish").in_bulk([pair.first_id, pair.second_id])
    if len(by_pk) != 2:
        raise Http404(_("There is no such pair: it has been decided, or is not for you to see."))
    shown(request, people=by_pk)
    kept, gone = folding.in_order(by_pk[pair.first_id], by_pk[pair.second_id])
    now = timezone.now()
    step = request.POST.get("step", "")
    if step == "not_same":
        doubles.not_same(pair=pair, by=reach.user, now=now)
        messages.success(request, _("Kept: these are two people. You will not be asked again."))
        return redirect("courses:desk_doubles")
    chosen = choices(request.POST)
    plan = folding.plan(kept=kept, gone=gone, chosen=chosen)
    if step == "merge":
        try:
            merged = merging.merge(
                kept=kept, gone=gone, chosen=chosen, seen=request.POST.get("seen", ""), by=reach.user, now=now
            )
        except Refusal as refusal:
            return _preview(request, reach, pair, plan, chosen, refusal=refusal)
        undo_url = reverse("courses:desk_merge", args=[merged.pk])
        said = _("Joined: %(name)s is one person now.") % {"name": words.name_after(plan)}
        messages.success(request, format_html('{} <a href="{}">{}</a>', said, undo_url, _("Undo")))
        return redirect("courses:desk_person", pk=kept.pk)
    if step == "preview":
        return _preview(request, reach, pair, plan, chosen)
    counts = dict(
        Registration.objects.filter(resident__in=[kept.pk, gone.pk])
        .order_by()
        .values("resident")
        .annotate(number=Count("pk"))
        .values_list("resident", "number")
    )
    context = {
        "page_title": _("Compare"),
        "pair": pair,
        "strength": pair.get_strength_display(),
        "tone": TONES[pair.strength],
        "reasons": words.reasons(pair),
        "people": [words.entry(person, counts) for person in (kept, gone)],
        **words.parts(kept, gone, chosen),
    }
    return render(request, "courses/people/compare.html", context)


@staff_page(shows=Look.Kind.MERGE)
@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: HttpRequest, reach: Reach, pk: int) -> HttpResponse:
    """What undoing would give back; do it by a press."""
    _refuse_others(reach)
    merged = Merge.objects.filter(pk=pk).select_related("by").first()
    # Undone, or joined on: whoever may see who is there now is told what has become of it.
    if merged is None or not _sees(reach, merged):
        raise Http404(_("There is no such merge, or it is not for you to see."))
    shown(request, people=[merged.kept, merged.gone])
    now = timezone.now()
    refusal: Refusal | None = None
    outlook = None
    try:
        outlook = unmerging.outlook(merged=merged, now=now)
        if request.method == "POST" and "confirm" in request.POST:
            back = unmerging.unmerge(merged=merged, by=reach.user, now=now)
            said = _("Undone: %(name)s is there again as before.") % {"name": back}
            messages.success(request, said)
            return redirect("courses:desk_doubles")
    except Refusal as refused:
        refusal = refused
    context: dict[str, Any] = {
        "page_title": _("Undo joining"),
        "merged": merged,
        "at": moment(merged.at),
        "by": str(merged.by) if merged.by else "",
        "until": until(merging.undoable_until(merged)),
        "refusal": refusal,
    }
    if outlook is not None:
        rows = [*outlook.moved, *(one.registration for one in outlook.returns)]
        hidden = people.unnamed(activities=[row.activity for row in rows], reach=reach)
        folded = {one.registration.pk for one in outlook.returns}
        context |= {
            "kept": str(outlook.kept),
            "gone": str(outlook.gone),
            "moved": [words.moved(row, hidden) for row in outlook.moved if row.pk not in folded],
            "returns": [words.returned(one, hidden) for one in outlook.returns],
            "corrected": [str(words.part_words()[part]) for part in outlook.corrected],
        }
    status = 409 if refusal is not None and request.method == "POST" else 200
    return render(request, "courses/people/undo.html", context, status=status)


def _preview(
    request: HttpRequest,
    reach: Reach,
    pair: PossibleDouble,
    plan: Plan,
    chosen: dict[str, str],
    *,
    refusal: Refusal | None = None,
) -> HttpResponse:
    """Exactly what would be done, and the button that does it."""
    rows = [*plan.moved, *(fold.stands for fold in plan.folds)]
    hidden = people.unnamed(activities=[row.activity for row in rows], reach=reach)
    folded = {fold.ends.activity_id for fold in plan.folds}
    title = _("Check before joining")
    context = {
        "page_title": _("Error: %(title)s") % {"title": title} if refusal else title,
        "heading": title,
        "pair": pair,
        "refusal": refusal,
        "chosen": {part: chosen.get(part) or folding.fuller(part, plan.kept, plan.gone) for part in PARTS},
        "seen": plan.fingerprint,
        "becomes": words.becomes(plan),
        "moved": [words.moved(row, hidden) for row in plan.moved if row.activity_id not in folded],
        "folds": [words.fold(fold, hidden) for fold in plan.folds],
        "marks": [words.mark(mark, hidden) for mark in plan.marks if mark.differ],
        "marks_joined": sum(1 for mark in plan.marks if not mark.differ),
        "household": words.household(plan),
    }
    return render(request, "courses/people/merge_check.html", context, status=409 if refusal else 200)


def _refuse_others(reach: Reach) -> None:
    if not people.works_with_people(reach):
        raise PermissionDenied(_("People's data is for coordinators, centre managers and heads."))


def _sees(reach: Reach, merged: Merge) -> bool:
    """Whether the one person, or either of the two again, is the reader's to see."""
    return any(people.is_seen(reach=reach, pk=pk) for pk in _onward(merged))


def _onward(merged: Merge) -> Iterable[UUID]:
    yield merged.kept
    for later in Merge.objects.filter(gone=merged.kept, undone_at=None)[:1]:
        yield later.kept
