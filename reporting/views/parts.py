"""What belongs to a project, each on a form of its own: objectives, mobilities, practices, events, publications.

One shape for all: a page to write one down, a page to change or delete it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Model, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from coordinators.domain import keeping, mobilities, projects, sharing
from coordinators.domain.access import Reach
from coordinators.models import DisseminationEvent, Mobility, Objective, Post, Practice, Project, Publication
from courses.views.staff import staff_page
from ecosystem.models import Audience, Department, Parish
from reporting.domain.indicators import objectives
from reporting.forms.mobilities import MobilityForm
from reporting.forms.projects import EventForm, ObjectiveForm, PracticeForm, PublicationForm
from reporting.views import network_words as words
from reporting.views.projects import METHODS, form_context, project_of, refuse_reader


@dataclass(frozen=True)
class Part:
    """One kind of what belongs to a project: its form, and what the domain does with it."""

    name: str
    new: str | Promise
    one: str | Promise
    template: str
    # Its form: of what was sent, for this project, of a row that is there.
    form: Callable[[Any, Project, Any], Any]
    find: Callable[[Project, int], Any]
    add: Callable[[Project, Any, Reach, date], Model]
    change: Callable[[Any, Any, str, Reach, date], Model]
    remove: Callable[[Any, Reach], None]


def create(part: Part) -> Any:
    """The page that writes one down."""

    @staff_page
    @require_http_methods(METHODS)
    def view(request: HttpRequest, reach: Reach, project: int) -> HttpResponse:
        refuse_reader(reach)
        of = project_of(project)
        form = part.form(request.POST if request.method == "POST" else None, of, None)
        if form.is_bound and form.is_valid():
            try:
                part.add(of, form.spec(), reach, timezone.localdate())
            except keeping.Refused as refused:
                form.refuse(refused)
            else:
                messages.success(request, _("Saved."))
                return redirect(_back(of, part))
        return _page(request, part, of, form, heading=str(part.new))

    return view


def edit(part: Part) -> Any:
    """The page that changes one, or takes it away."""

    @staff_page
    @require_http_methods(METHODS)
    def view(request: HttpRequest, reach: Reach, project: int, pk: int) -> HttpResponse:
        refuse_reader(reach)
        of = project_of(project)
        row = part.find(of, pk)
        if row is None:
            raise Http404(_("There is nothing like that in this project."))
        if request.method == "POST" and request.POST.get("action_taken") == "delete":
            try:
                part.remove(row, reach)
            except keeping.Refused as refused:
                told = " ".join(refused.messages)
                return _page(request, part, of, part.form(None, of, row), heading=str(part.one), row=row, refused=told)
            messages.success(request, _("Deleted."))
            return redirect(_back(of, part))
        form = part.form(request.POST if request.method == "POST" else None, of, row)
        is_stale = False
        if form.is_bound and form.is_valid():
            try:
                part.change(row, form.spec(), request.POST.get("seen", ""), reach, timezone.localdate())
            except keeping.Refused as refused:
                form.refuse(refused)
            except keeping.ChangedMeanwhile:
                is_stale = True
            else:
                messages.success(request, _("Saved."))
                return redirect(_back(of, part))
        return _page(request, part, of, form, heading=str(part.one), row=row, is_stale=is_stale)

    return view


def _page(
    request: HttpRequest,
    part: Part,
    project: Project,
    form: Any,
    *,
    heading: str,
    row: Any = None,
    is_stale: bool = False,
    refused: str = "",
) -> HttpResponse:
    back = reverse("reporting:desk_project", args=[project.pk])
    context, status = form_context(
        request,
        form,
        heading=heading,
        back=back,
        back_words=project.name,
        row=row,
        is_stale=is_stale,
        refused=refused,
    )
    return render(request, part.template, {**context, "project": project}, status=status)


def _back(project: Project, part: Part) -> str:
    """Where on the project's page it stands."""
    return f"{reverse('reporting:desk_project', args=[project.pk])}#{part.name}"


def _objective_form(data: Any, project: Project, row: Objective | None) -> ObjectiveForm:
    initial = ObjectiveForm.initial_of(row) if row else None
    terms = {
        "department": Department.objects.current(),
        "parish": Parish.objects.current(),
        "audience": Audience.objects.current().filter(is_sensitive=False),
    }
    return ObjectiveForm(
        data,
        indicators=objectives.measurable(),
        terms={name: [(each.pk, each.name) for each in rows] for name, rows in terms.items()},
        kept_filters=row.filters if row else None,
        initial=initial,
    )


def _mobility_form(data: Any, project: Project, row: Mobility | None) -> MobilityForm:
    """Posts that exist during the project, or whose it is."""
    during = Q(starts_on__lte=project.ends_on) & (Q(ends_on=None) | Q(ends_on__gte=project.starts_on))
    if row is not None and row.post_id is not None:
        during |= Q(pk=row.post_id)
    found = (
        Post.objects.filter(during)
        .exclude(kind=Post.Kind.ADMINISTRATOR)
        .select_related("department", "centre")
        .prefetch_related("parishes")
        .order_by("department__position", "department_id", "kind", "pk")
    )
    initial = (
        MobilityForm.initial_of(row)
        if row
        else {"state": "planned", "in_grant": True, "participants": 1, "report": "not_requested"}
    )
    return MobilityForm(data, posts=[(post, words.post_words(post)) for post in found], initial=initial)


def _practice_form(data: Any, project: Project, row: Practice | None) -> PracticeForm:
    """Of mobilities that are done."""
    done = project.mobilities.filter(state="done")
    return PracticeForm(data, mobilities=done, initial=PracticeForm.initial_of(row) if row else None)


def _event_form(data: Any, project: Project, row: DisseminationEvent | None) -> EventForm:
    parishes = Parish.objects.filter(Q(retired_at=None) | Q(events=row)) if row else Parish.objects.current()
    initial = EventForm.initial_of(row) if row else None
    return EventForm(data, parishes=parishes.distinct().order_by("position", "pk"), initial=initial)


def _publication_form(data: Any, project: Project, row: Publication | None) -> PublicationForm:
    return PublicationForm(data, initial=PublicationForm.initial_of(row) if row else {"language": "lv"})


OBJECTIVE = Part(
    name="objective",
    new=gettext_lazy("New objective"),
    one=gettext_lazy("Objective"),
    template="reporting/projects/objective.html",
    form=_objective_form,
    find=lambda project, pk: project.objectives.filter(pk=pk).first(),
    add=lambda project, spec, reach, today: projects.add_objective(project=project, spec=spec, reach=reach),
    change=lambda row, spec, seen, reach, today: projects.change_objective(
        objective=row, spec=spec, seen=seen, reach=reach
    ),
    remove=lambda row, reach: projects.remove_objective(objective=row, reach=reach),
)
MOBILITY = Part(
    name="mobility",
    new=gettext_lazy("New mobility"),
    one=gettext_lazy("Mobility"),
    template="reporting/projects/mobility.html",
    form=_mobility_form,
    find=lambda project, pk: project.mobilities.filter(pk=pk).first(),
    add=lambda project, spec, reach, today: mobilities.add(project=project, spec=spec, reach=reach, today=today),
    change=lambda row, spec, seen, reach, today: mobilities.change(
        mobility=row, spec=spec, seen=seen, reach=reach, today=today
    ),
    remove=lambda row, reach: mobilities.remove(mobility=row, reach=reach),
)
PRACTICE = Part(
    name="practice",
    new=gettext_lazy("New practice"),
    one=gettext_lazy("Practice"),
    template="reporting/projects/practice_form.html",
    form=_practice_form,
    find=lambda project, pk: Practice.objects.filter(mobility__project=project, pk=pk).first(),
    add=lambda project, spec, reach, today: sharing.add_practice(spec=spec, reach=reach),
    change=lambda row, spec, seen, reach, today: sharing.change_practice(
        practice=row, spec=spec, seen=seen, reach=reach
    ),
    remove=lambda row, reach: sharing.remove(row=row, reach=reach),
)
EVENT = Part(
    name="event",
    new=gettext_lazy("New event"),
    one=gettext_lazy("Event"),
    template="reporting/projects/event.html",
    form=_event_form,
    find=lambda project, pk: project.events.filter(pk=pk).first(),
    add=lambda project, spec, reach, today: sharing.add_event(project=project, spec=spec, reach=reach, today=today),
    change=lambda row, spec, seen, reach, today: sharing.change_event(
        event=row, spec=spec, seen=seen, reach=reach, today=today
    ),
    remove=lambda row, reach: sharing.remove(row=row, reach=reach),
)
PUBLICATION = Part(
    name="publication",
    new=gettext_lazy("New publication"),
    one=gettext_lazy("Publication"),
    template="reporting/projects/publication.html",
    form=_publication_form,
    find=lambda project, pk: project.publications.filter(pk=pk).first(),
    add=lambda project, spec, reach, today: sharing.add_publication(
        project=project, spec=spec, reach=reach, today=today
    ),
    change=lambda row, spec, seen, reach, today: sharing.change_publication(
        publication=row, spec=spec, seen=seen, reach=reach, today=today
    ),
    remove=lambda row, reach: sharing.remove(row=row, reach=reach),
)
