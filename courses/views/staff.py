"""The door of the desk: every staff page starts from what the reader's posts reach."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, overload
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from coordinators.domain import looks
from coordinators.domain.access import Reach, reach
from courses.domain import rights
from courses.models import Activity

View = Callable[..., HttpResponse]
# Spare codes alone are no second factor: they are made for the day the telephone is lost.
SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


@overload
def staff_page(view: View) -> View: ...
@overload
def staff_page(*, shows: str) -> Callable[[View], View]: ...
def staff_page(view: View | None = None, *, shows: str = "") -> View | Callable[[View], View]:
    """Only for who holds a post today; the view gets ``reach`` after the request. Nothing of it is kept by browsers.

    Where the portal asks staff for a second factor, who has none is led to where it is set up. A page that shows
    residents' data says which kind of look that is, ``@staff_page(shows=Look.Kind.LIST)``, and calls :func:`shown`
    where it shows them; ``tests/test_looks.py`` holds every address to it.
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
        if settings.STAFF_SECOND_FACTOR and not is_mfa_enabled(request.user, SECOND_FACTORS):
            return to_second_factor(request)
        # The navigation need not ask again (ecosystem.context).
        request.holds_post = True  # type: ignore[attr-defined]
        request.reach, request.shows = reached, shows  # type: ignore[attr-defined]
        response = view(request, reached, *args, **kwargs)
        add_never_cache_headers(response)
        return response

    guarded.shows = shows  # type: ignore[attr-defined]
    return guarded


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
