"""How it was, for the coordinator: from five answers on, marks with their number, words without names."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from coordinators.domain.access import Reach
from courses.domain import feedback
from courses.domain.feedback import Results, Scale
from courses.domain.refusals import Refusal
from courses.forms.feedback import HideForm
from courses.models import Feedback
from courses.models.feedback import HIGHEST, LOWEST
from courses.views.filling import head
from courses.views.staff import managed_activity, staff_page
from ecosystem import dates

# The drawing: rows of bars, in units of the picture.
ROW, BAR, LEFT, WIDEST = 34, 22, 84, 190


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def results(request: HttpRequest, reach: Reach, pk: int) -> HttpResponse:
    """The results; a press hides an insult, or shows it again."""
    found = managed_activity(reach, pk)
    now = timezone.now()
    refusal, typed = None, {"paper": "", "reason": ""}
    if request.method == "POST" and reach.user:
        form = HideForm(request.POST)
        typed = {"paper": str(form["paper"].value() or ""), "reason": str(form["reason"].value() or "")}
        try:
            if not form.is_valid():
                raise Refusal("form", next(str(error) for errors in form.errors.values() for error in errors))
            paper = form.cleaned_data["paper"]
            if "show" in request.POST:
                feedback.show_again(activity=found, paper=paper)
                messages.success(request, _("The answer is shown again."))
            else:
                reason = form.cleaned_data["reason"]
                feedback.hide(activity=found, paper=paper, reason=reason, by=reach.user, now=now)
                messages.success(request, _("The answer is hidden."))
            return redirect("courses:desk_feedback", pk=pk)
        except Refusal as refused:
            refusal = refused
    said = feedback.results(activity=found)
    title = _("How it was")
    context = {
        **head(found, now),
        "heading": title,
        "page_title": _("Error: %(title)s") % {"title": title} if refusal else title,
        "refusal": refusal,
        "typed": typed,
        "asked": said.round,
        "answered_words": _answered(said),
        "closes": dates.day_month(said.round.closes_on, until=True) if said.round else "",
        "is_open": bool(said.round and said.round.closes_on >= timezone.localdate(now)),
        "n": said.totals.n,
        "five": feedback.FIVE,
        "aside": said.aside,
        **(_shown(said) if said.totals.n else {}),
        "words": [_word(each) for each in said.words],
    }
    return render(request, "courses/telling/results.html", context, status=422 if refusal else 200)


def _answered(said: Results) -> str:
    people = said.round.people if said.round else 0
    return ngettext("%(n)s of %(all)s has answered.", "%(n)s of %(all)s have answered.", said.answered) % {
        "n": said.answered,
        "all": people,
    }


def _number(value: float | None) -> str:
    return formats.number_format(value or 0, decimal_pos=1)


def _shown(said: Results) -> dict[str, Any]:
    """The figures: each title says what the marks say."""
    totals = said.totals
    words = {"mean": _number(totals.worth.mean), "n": totals.n, "gained": totals.gained}
    grew = ngettext(
        "%(gained)s of %(n)s can do it better than before",
        "%(gained)s of %(n)s can do it better than before",
        totals.gained,
    )
    means = [(_("Before"), totals.before.mean), (_("After"), totals.after.mean)]
    return {
        "worth_title": _("Worth the time: %(mean)s of 5 on average") % words,
        "worth_bars": _bars(totals.worth),
        "worth_height": ROW * HIGHEST,
        "worth_alternative": ", ".join(f"{mark}: {count}" for mark, count in _by_mark(totals.worth)),
        "skill_title": grew % words if totals.gained else _("Nobody says that they can do it better than before"),
        "skill_bars": [
            {
                "label": label,
                "number": _number(mean),
                "y": ROW * place,
                "width": round(WIDEST * (mean or 0) / HIGHEST),
            }
            for place, (label, mean) in enumerate(means)
        ],
        "skill_height": ROW * 2,
        "skill_alternative": ", ".join(f"{label}: {_number(mean)}" for label, mean in means),
        "skill_rows": list(zip(_marks(), reversed(totals.before.counts), reversed(totals.after.counts), strict=True)),
        "worth_rows": _by_mark(totals.worth),
        "left": LEFT,
        "bar": BAR,
    }


def _marks() -> list[int]:
    return list(range(HIGHEST, LOWEST - 1, -1))


def _by_mark(scale: Scale) -> list[tuple[int, int]]:
    """The highest mark first."""
    return list(zip(_marks(), reversed(scale.counts), strict=True))


def _bars(scale: Scale) -> list[dict[str, Any]]:
    most = max(scale.counts) or 1
    ends = {HIGHEST: _("very much"), LOWEST: _("not")}
    return [
        {
            "label": f"{mark} {ends.get(mark, '')}".strip(),
            "number": str(count),
            "y": ROW * place,
            "width": round(WIDEST * count / most),
        }
        for place, (mark, count) in enumerate(_by_mark(scale))
    ]


def _word(paper: Feedback) -> dict[str, Any]:
    by = paper.hidden_by
    return {
        "pk": paper.pk,
        "key": str(paper.pk),
        "text": paper.word,
        "language": paper.language,
        "hidden": paper.hidden_because,
        "by": str(by.name or by.email) if by else "",
    }
