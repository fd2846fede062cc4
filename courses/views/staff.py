"""The door of the desk: every staff page starts from what the reader's posts reach."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, overload
from uuid import UUID

from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from coordinators.domain import looks
from coordinators.domain.access import Reach, reach
from courses.domain import rights
from courses.models import Activity
from ecosystem import second_factor, sessions

View = Callable[..., HttpResponse]


@overload
def staff_page(view: View) -> View: ...
@overload
def staff_page(*, shows: str) -> Callable[[View], View]: ...
def staff_page(view: View | None = None, *, shows: str = "") -> View | Callable[[View], View]:
    """Only for who holds a post today; the view gets ``reach`` after the request. Nothing of it is kept by browsers.

    Where the portal asks staff for a second factor, who has none is led to where it is set up, and who has not used it
    in this session is asked to. A session that has lasted a working day, or was left alone, is signed out.
    A page that shows residents' data says which kind of look that is, ``@staff_page(shows=Look.Kind.LIST)``, and calls
    :func:`shown` where it shows them; ``tests/test_looks.py`` holds every address to it.
    """
    if view is None:
        return lambda view: _guard(view, shows)
    return _guard(view, "")


def _guard(view: View, shows: str) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        reached = reach(request.user, on=timezone.localdate())
        if not reached:
            raise PermissionDenied(
                _("This page is for coordinators, centre managers and heads. Your account holds no post today.")
            )
        now = timezone.now()
        if sessions.has_ended(request, now=now):
            return to_sign_in(request)
        if settings.STAFF_SECOND_FACTOR:
            if reached.user is None or not second_factor.is_set_up(reached.user):
                return to_second_factor(request)
            if not second_factor.was_taken(request):
                raise ReauthenticationRequired
        sessions.note(request, now=now)
        # The navigation need not ask again (ecosystem.context).
        request.holds_post = True  # type: ignore[attr-defined]
        request.reach, request.shows = reached, shows  # type: ignore[attr-defined]
        response = view(request, reached, *args, **kwargs)
        add_never_cache_headers(response)
        return response

    guarded.shows = shows  # type: ignore[attr-defined]
    return guarded


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Signed out, with the way back to where one was."""
    logout(request)
    messages.info(request, _("You were signed out after a while, so that nobody else works in your name."))
    # What was being sent is not sent again by signing in.
    back = request.get_full_path() if request.method in ("GET", "HEAD") else reverse("courses:desk")
    response = redirect_to_login(back)
    add_never_cache_headers(response)
    return response


def shown(
    request: HttpRequest,
    about: Model | None = None,
    *,
    people: Iterable[UUID] = (),
    count: int | None = None,
    detail: str = "",
    reason: str = "",
) -> None:
    """This page shows people's data: write the look down. ``about`` is whose list, ``people`` those shown one by one."""
    kind: str = request.shows  # type: ignore[attr-defined]
    if not kind:
        raise ValueError("The page shows people: declare it by @staff_page(shows=…).")
    reached: Reach = request.reach  # type: ignore[attr-defined]
    looks.note(
        kind=kind,
        by=reached.user,
        about=about,
        people=people,
        count=count,
        detail=detail,
        reason=reason,
        now=timezone.now(),
    )


def to_second_factor(request: HttpRequest) -> HttpResponse:
    """The page where a second factor is set up, saying why."""
    messages.info(request, _("The desk shows other people's data. Set up the second step of signing in, then return."))
    response = redirect("mfa_index")
    add_never_cache_headers(response)
    return response


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
