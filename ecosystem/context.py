"""What every page knows: names, navigation, languages, the mode of the portal."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse, translate_url
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from ecosystem.models import User


def portal(request: HttpRequest) -> dict[str, Any]:
    """Names, navigation and the mode of the portal, for ``base.html``."""
    path = request.path
    catalogue = reverse("courses:catalogue")
    on_calendar = path == catalogue and request.GET.get("skats") == "kalendars"
    links = [
        (_("Activities"), catalogue, path.startswith(catalogue) and not on_calendar),
        (_("Calendar"), f"{catalogue}?skats=kalendars", on_calendar),
        (_("Centres"), reverse("courses:centres"), path.startswith(reverse("courses:centres"))),
        (_("My registrations"), reverse("courses:mine"), path.startswith(reverse("courses:mine"))),
    ]
    holds_post = _holds_post(request)
    if holds_post:
        desk = reverse("courses:desk")
        links.append((_("Work"), desk, path.startswith(desk)))
    return {
        "portal_name": settings.PORTAL_NAME,
        "municipality_name": settings.MUNICIPALITY_NAME,
        "contact_phone": settings.CONTACT_PHONE,
        "contact_hours": working_days(),
        "demo_mode": settings.DEMO,
        "holds_post": holds_post,
        "nav": [{"label": label, "url": url, "current": current} for label, url, current in links],
        "language_links": SimpleLazyObject(lambda: _languages(request)),
        "footer_links": [
            {"label": _("News near home"), "url": reverse("courses:news")},
            {"label": _("How to register by telephone"), "url": reverse("pages:by_telephone")},
            {"label": _("Accessibility statement"), "url": reverse("pages:accessibility")},
            {"label": _("Your data and privacy"), "url": reverse("pages:privacy")},
            {"label": _("Overlap rules"), "url": reverse("courses:rules")},
            {"label": _("Figures"), "url": reverse("figures:public")},
            {"label": _("Contact"), "url": reverse("pages:contact")},
        ],
    }


def _holds_post(request: HttpRequest) -> bool:
    """Whether the reader holds a post today. Who brings no session is not asked about; staff pages know already."""
    if getattr(request, "holds_post", False):
        return True
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    user = getattr(request, "user", None)
    if not isinstance(user, User) or not user.is_active:
        return False
    return user.posts.in_force(on=timezone.localdate()).exists()


def working_days() -> str:
    """ "Darbdienās 9:00–17:00": when the telephone is answered."""
    return _("On working days %(hours)s") % {"hours": settings.CONTACT_HOURS}


def _languages(request: HttpRequest) -> list[dict[str, Any]]:
    """This page in each language of the portal, the reader's own marked."""
    here = get_language()
    links = []
    for code, name in settings.LANGUAGES:
        with override(here):
            url = translate_url(request.get_full_path(), code)
        links.append({"code": code, "label": name, "url": url, "current": code == here})
    return links
