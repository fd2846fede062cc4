"""The public texts: accessibility, privacy, how to register by telephone, contact. Heads and administrators edit them."""

from typing import Any

from django.apps import apps
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from coordinators.domain.access import Reach, reach
from courses.views.staff import staff_page
from ecosystem.domain import statements
from ecosystem.forms import StatementForm
from ecosystem.models import Statement

NAMES = {
    "pieklustamiba": "pages:accessibility",
    "privatums": "pages:privacy",
    "pa-talruni": "pages:by_telephone",
    "sazina": "pages:contact",
}


@login_not_required
@require_safe
def statement(request: HttpRequest, key: str) -> HttpResponse:
    """A public text that its editors wrote; the privacy page adds what the code itself declares."""
    found = get_object_or_404(Statement, pk=key)
    context = {
        "statement": found,
        "body": statements.cleaned(found.body),
        "page_title": found.title,
        "personal": personal_fields() if key == "privatums" else [],
        "may_edit": may_edit(reach(request.user, on=timezone.localdate())),
    }
    return render(request, "pages/statement.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def edit(request: HttpRequest, reached: Reach, key: str) -> HttpResponse:
    """Change a public text, in both languages side by side."""
    if not may_edit(reached):
        raise PermissionDenied(_("Heads of department and administrators change these texts."))
    found = get_object_or_404(Statement, pk=key)
    form = StatementForm(request.POST) if request.method == "POST" else StatementForm.of(found)
    if form.is_bound and form.is_valid():
        statements.edit(statement=found, texts=form.cleaned_data, on=timezone.localdate())
        return redirect(NAMES[key])
    title = _("Change: %(title)s") % {"title": found.title}
    context = {"statement": found, "form": form, "page_title": title, "back_url": NAMES[key]}
    return render(request, "pages/statement_edit.html", context, status=422 if form.is_bound else 200)


def may_edit(reached: Reach) -> bool:
    """Whether the reader heads a department or is an administrator today."""
    return bool(reached.headed) or reached.is_administrator


def personal_fields() -> list[dict[str, Any]]:
    """Every personal field of every model: what it is, why it is asked, how long it is kept; each said once."""
    rows: dict[tuple[str, str, str], None] = {}
    for model in apps.get_models():
        for entry in getattr(model, "personal", {}).values():
            rows[(str(entry.what), str(entry.why), str(entry.term.words))] = None
    return [{"what": what, "why": why, "term": term} for what, why, term in rows]
