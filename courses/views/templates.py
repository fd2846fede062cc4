"""Templates: the list of one's departments, another name, away and back; an activity kept as one."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from coordinators.domain.access import Reach
from courses.domain import programme
from courses.forms.templates import TemplateForm, content_of, usual_hours
from courses.models import Template
from courses.views.staff import managed_activity, staff_page
from ecosystem import dates

METHODS = ["GET", "HEAD", "POST"]


@require_safe
@staff_page
def listing(request: HttpRequest, reach: Reach) -> HttpResponse:
    """The templates of one's departments, by name; those put away last."""
    rows = [_row(each, reach) for each in programme.templates_of(reach)]
    context = {
        "page_title": _("Templates"),
        "rows": [row for row in rows if not row["is_retired"]],
        "retired": [row for row in rows if row["is_retired"]],
        "has_departments": len({row["department"] for row in rows}) > 1,
        "may_plan": bool(programme.planned_departments(reach)) or reach.is_administrator,
    }
    return render(request, "courses/templates/list.html", context)


@staff_page
@require_http_methods(METHODS)
def template(request: HttpRequest, reach: Reach, pk: int) -> HttpResponse:
    """One template: another name, away, back."""
    found = programme.templates_of(reach).filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such template."))
    if not programme.keeps_templates(reach, found.department_id):
        raise PermissionDenied(
            _("This template belongs to %(department)s. Who plans for it changes it.")
            % {"department": found.department.name}
        )
    now = timezone.now()
    form = TemplateForm(request.POST if request.POST.get("do") == "rename" else None, initial={"name": found.name})
    if request.method == "POST":
        do = request.POST.get("do", "")
        if do not in ("rename", "retire", "restore"):
            raise Http404(_("There is no such step."))
        try:
            if do == "retire":
                programme.retire_template(template=found, now=now)
                messages.success(request, _("The template «%(name)s» is put away.") % {"name": found.name})
                return redirect("courses:desk_templates")
            if do == "restore":
                programme.restore_template(template=found, now=now)
                messages.success(request, _("The template «%(name)s» is back.") % {"name": found.name})
                return redirect("courses:desk_templates")
            if form.is_valid():
                renamed = programme.rename_template(template=found, name=form.cleaned_data["name"], now=now)
                messages.success(request, _("The template is called «%(name)s» now.") % {"name": renamed.name})
                return redirect("courses:desk_templates")
        except programme.Refused as refused:
            if not form.is_bound:
                form = TemplateForm({"name": found.name})
            form.refuse(refused)
        found.refresh_from_db()
    wrong = bool(form.errors)
    context = {
        "template": found,
        "form": form,
        "row": _row(found, reach),
        "page_title": _("Error: %(title)s") % {"title": found.name} if wrong else found.name,
    }
    return render(request, "courses/templates/template.html", context, status=422 if wrong else 200)


@staff_page
@require_http_methods(METHODS)
def keep(request: HttpRequest, reach: Reach, pk: int) -> HttpResponse:
    """An activity kept as a template of the department that leads it, if one plans for it, otherwise of one's own."""
    activity = managed_activity(reach, pk)
    offer = programme.offer(reach=reach, activity=activity)
    # What happens in one's centre may be another department's; the template is one's own then.
    department = next(
        (each for each in (activity.lead, *offer.departments) if programme.keeps_templates(reach, each.pk)), None
    )
    if department is None:
        raise PermissionDenied(_("Your post plans no activities."))
    form = TemplateForm(
        request.POST if request.method == "POST" else None,
        initial={"name": programme.spec_of(activity).titles["lv"][:80]},
    )
    is_taken = False
    if request.method == "POST" and form.is_valid():
        content = content_of(programme.spec_of(activity), offer=offer)
        try:
            made = programme.save_template(
                department=department,
                name=form.cleaned_data["name"],
                content=content,
                now=timezone.now(),
                replacing=form.cleaned_data["replacing"],
            )
        except programme.Refused as refused:
            form.refuse(refused)
            is_taken = "name" in form.errors
        else:
            messages.success(request, _("The template «%(name)s» is saved.") % {"name": made.name})
            return redirect("courses:desk_templates")
    wrong = form.is_bound and bool(form.errors)
    title = _("Save as a template")
    context = {
        "activity": activity,
        "department": department,
        "form": form,
        "is_taken": is_taken,
        "page_title": _("Error: %(title)s") % {"title": title} if wrong else title,
    }
    return render(request, "courses/templates/keep.html", context, status=422 if wrong else 200)


def _row(each: Template, reach: Reach) -> dict[str, Any]:
    """One template as the list shows it."""
    return {
        "pk": each.pk,
        "name": each.name,
        "title": each.fields.get("title_lv", ""),
        "department": each.department.name,
        "when": _when_words(each),
        "is_retired": each.retired_at is not None,
        "may_change": programme.keeps_templates(reach, each.department_id),
        "begin": f"{reverse('courses:desk_create')}?sagatave={each.pk}",
    }


def _when_words(each: Template) -> str:
    """ "Otrdienās, ceturtdienās 17:30–19:00, 10 nodarbības"."""
    hours = usual_hours(each)
    if not hours:
        return ""
    days = dates.joined([dates.word("every_day", int(day)) for day in hours["weekdays"]], _("and"))
    times = ngettext("%(count)s session", "%(count)s sessions", hours["count"]) % {"count": hours["count"]}
    return f"{dates.capital(days)} {hours['starts']:%H:%M}–{hours['ends']:%H:%M}, {times}"
