"""Projects at the desk: which there are, one with all that belongs to it, written down and changed."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from coordinators.domain import keeping, projects
from coordinators.domain.access import Reach
from coordinators.models import Practice, Project
from courses.views.staff import staff_page
from reporting.domain.data import sources
from reporting.domain.indicators import objectives
from reporting.forms.projects import ProjectForm
from reporting.views import network_words as words

METHODS = ["GET", "HEAD", "POST"]


@staff_page
@require_safe
def listing(request: HttpRequest, reach: Reach) -> HttpResponse:
    """The projects, newest first, planned beside done."""
    found = list(Project.objects.prefetch_related("mobilities"))
    context = {
        "page_title": _("Projects"),
        "rows": [words.project_row(project, project.mobilities.all()) for project in found],
        "may_keep": keeping.may_keep(reach),
    }
    return render(request, "reporting/projects/list.html", context)


@staff_page
@require_safe
def one(request: HttpRequest, reach: Reach, pk: int) -> HttpResponse:
    """A project: its objectives, mobilities, practices, events and publications."""
    project = project_of(pk)
    rows = list(project.mobilities.with_posts())
    row = words.project_row(project, rows)
    source, today = sources.current(), timezone.localdate()
    practices = Practice.objects.filter(mobility__project=project).prefetch_related("uses")
    stays = {each.pk: each for each in rows}
    context = {
        "page_title": project.name,
        "project": project,
        "row": row,
        "may_keep": keeping.may_keep(reach),
        "remarks": projects.remarks(project),
        "objectives": [
            words.objective_row(each, objectives.reached(each, source=source, today=today))
            for each in project.objectives.select_related("project")
        ],
        "mobilities": [words.mobility_row(each) for each in rows],
        "practices": [
            {"practice": each, "uses": len(each.uses.all()), "from": words.mobility_row(stays[each.mobility_id])}
            for each in practices
        ],
        "events": [words.event_row(each) for each in project.events.select_related("parish")],
        "publications": [words.publication_row(each) for each in project.publications.all()],
        "average": words.number_words(round(row["counted"].average_days or 0, 1)),
    }
    return render(request, "reporting/projects/one.html", context)


@staff_page
@require_http_methods(METHODS)
def create(request: HttpRequest, reach: Reach) -> HttpResponse:
    """A new project."""
    refuse_reader(reach)
    form = ProjectForm(request.POST if request.method == "POST" else None, initial={"action": "KA122"})
    if form.is_bound and form.is_valid():
        try:
            made = projects.add(spec=form.spec(), reach=reach)
        except keeping.Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The project is written down."))
            return redirect("reporting:desk_project", made.pk)
    return _form_page(request, form, heading=_("New project"), back=reverse("reporting:desk_projects"))


@staff_page
@require_http_methods(METHODS)
def edit(request: HttpRequest, reach: Reach, pk: int) -> HttpResponse:
    """What the agreement says now; or the project is taken away, when nothing belongs to it."""
    refuse_reader(reach)
    project = project_of(pk)
    back = reverse("reporting:desk_project", args=[pk])
    if request.method == "POST" and request.POST.get("action_taken") == "delete":
        try:
            projects.remove(project=project, reach=reach)
        except keeping.Refused as refused:
            form = ProjectForm(initial=ProjectForm.initial_of(project))
            return _form_page(
                request, form, heading=project.name, back=back, row=project, refused=" ".join(refused.messages)
            )
        messages.success(request, _("Deleted."))
        return redirect("reporting:desk_projects")
    form = ProjectForm(request.POST if request.method == "POST" else None, initial=ProjectForm.initial_of(project))
    is_stale = False
    if form.is_bound and form.is_valid():
        try:
            projects.change(project=project, spec=form.spec(), seen=request.POST.get("seen", ""), reach=reach)
        except keeping.Refused as refused:
            form.refuse(refused)
        except keeping.ChangedMeanwhile:
            is_stale = True
        else:
            messages.success(request, _("Saved."))
            return redirect(back)
    return _form_page(request, form, heading=project.name, back=back, row=project, is_stale=is_stale)


def project_of(pk: int) -> Project:
    """The project, or the page that says there is none."""
    found = Project.objects.filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such project."))
    return found


def refuse_reader(reach: Reach) -> None:
    """Whoever only reads projects is told who writes them."""
    if not keeping.may_keep(reach):
        raise PermissionDenied(_("Projects are kept by project managers, heads of departments and administrators."))


def form_context(
    request: HttpRequest,
    form: Any,
    *,
    heading: str,
    back: str,
    back_words: str,
    row: Any,
    is_stale: bool,
    refused: str,
) -> tuple[dict[str, Any], int]:
    """What every form of a project shows, and its status; what was typed stays, the stamp too until it is stale."""
    wrong = form.is_bound and bool(form.errors)
    stamp = keeping.stamp(row) if row is not None else ""
    if form.is_bound and not is_stale:
        stamp = request.POST.get("seen", "")[:64]
    return {
        "form": form,
        "heading": heading,
        "back": back,
        "back_words": back_words,
        "row": row,
        "stamp": stamp,
        "is_stale": is_stale,
        "refused": refused,
        "page_title": _("Error: %(title)s") % {"title": heading} if wrong or is_stale or refused else heading,
    }, 409 if is_stale or refused else 422 if wrong else 200


def _form_page(
    request: HttpRequest,
    form: ProjectForm,
    *,
    heading: str,
    back: str,
    row: Project | None = None,
    is_stale: bool = False,
    refused: str = "",
) -> HttpResponse:
    back_words = row.name if row is not None else _("Projects")
    context, status = form_context(
        request,
        form,
        heading=heading,
        back=back,
        back_words=back_words,
        row=row,
        is_stale=is_stale,
        refused=refused,
    )
    return render(request, "reporting/projects/form.html", context, status=status)
