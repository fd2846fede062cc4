"""The demonstration: sign in as somebody with one press, read every message sent. Only where ``DEMO`` is set."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from ecosystem import sessions
from ecosystem.models import Message, User

# Who can be signed in as: the part of the address, which is also the name in the e-mail; the work; what it shows.
ROLES = {
    "coordinator": (_("Coordinator"), _("Looks after the activities and the people of one or two parishes.")),
    "manager": (_("Centre manager"), _("Looks after one centre: its rooms, its days, its groups.")),
    "head": (_("Head of department"), _("Sees the whole programme of a department.")),
}
MESSAGES_A_PAGE = 20
MESSAGES_AS_JSON = 500


def only_in_demo(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Outside the demonstration these addresses do not exist. Nobody needs to sign in to them, nobody keeps them."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        response = view(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex"
        return response

    return login_not_required(never_cache(guarded))


@only_in_demo
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Whom to sign in as, and what else there is to see."""
    roles = [
        {"code": code, "name": name, "work": work, "email": f"{code}@example.lv"}
        for code, (name, work) in ROLES.items()
    ]
    return render(request, "pages/demo.html", {"roles": roles, "missing": ""})


@only_in_demo
@require_POST
def sign_in(request: HttpRequest, role: str) -> HttpResponse:
    """Sign in as one of the invented members of staff."""
    if role not in ROLES:
        raise Http404
    user = User.objects.filter(email=f"{role}@example.lv", is_active=True).first()
    if user is None:
        roles = [
            {"code": code, "name": name, "work": work, "email": f"{code}@example.lv"}
            for code, (name, work) in ROLES.items()
        ]
        return render(request, "pages/demo.html", {"roles": roles, "missing": ROLES[role][0]}, status=409)
    login(request, user, backend="allauth.account.auth_backends.AuthenticationBackend")
    sessions.begin(request, now=timezone.now())
    return redirect("courses:desk")


@only_in_demo
@require_GET
def messages(request: HttpRequest) -> HttpResponse:
    """Every message, newest first, as a page or as JSON; ``?to=`` shows one person's."""
    to = request.GET.get("to", "").replace("\x00", "").strip()[:254]
    found = Message.objects.order_by("-created_at", "-id")
    if to:
        found = found.filter(to__iexact=to)
    if request.GET.get("format") == "json":
        return JsonResponse([as_json(message) for message in found[:MESSAGES_AS_JSON]], safe=False)
    page = Paginator(found, MESSAGES_A_PAGE).get_page(request.GET.get("lapa"))
    return render(
        request,
        "pages/demo_messages.html",
        {"page": page, "to": to, "query": urlencode({"to": to}) if to else "", "count": page.paginator.count},
    )


def as_json(message: Message) -> dict[str, Any]:
    """One message for machines, by the names of ``docs/interfaces.md``."""
    return {
        "id": str(message.id),
        "kind": message.kind,
        "to": message.to,
        "channel": message.channel,
        "language": message.language,
        "subject": message.subject,
        "text": message.text,
        "links": [link["url"] if isinstance(link, dict) else link for link in message.links],
        "at": timezone.localtime(message.created_at).isoformat(),
    }


@only_in_demo
@require_GET
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component of the look on one page."""
    return render(request, "pages/gallery.html")
