"""The door of the desk: every staff page starts from what the reader's posts reach."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from coordinators.domain.access import Reach, reach
from courses.domain import rights
from courses.models import Activity

View = Callable[..., HttpResponse]


def staff_page(view: View) -> View:
    """Only for who holds a post today; the view gets ``reach`` after the request. Nothing of it is kept by browsers."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        reached = reach(request.user, on=timezone.localdate())
        if not reached:
            raise PermissionDenied(
                _("This page is for coordinators, centre managers and heads. Your account holds no post today.")
            )
        response = view(request, reached, *args, **kwargs)
        add_never_cache_headers(response)
        return response

    return guarded


def managed_activity(reached: Reach, pk: int) -> Activity:
    """An activity the reader may change. One they only see is refused as such; one they do not is not there."""
    found = rights.seen_by(reached).select_related("lead", "parish", "centre", "topic", "contact").filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such activity."))
    if not rights.may_manage(reached, found):
        raise PermissionDenied(
            _("This activity belongs to %(department)s. You see it, and its coordinator changes it.")
            % {"department": found.lead.name}
        )
    return found
