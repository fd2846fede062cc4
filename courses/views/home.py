"""The reader's village: chosen once, remembered in a cookie that says nothing else."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from courses.domain.catalogue import Home
from courses.domain.catalogue.vocabulary import Vocabulary

COOKIE = "vieta"
YEAR = 365 * 24 * 3600


def remembered(request: HttpRequest, vocabulary: Vocabulary) -> Home | None:
    """The village chosen earlier on this device, if it still exists."""
    return vocabulary.homes.get(request.COOKIES.get(COOKIE, ""))


def remember(response: HttpResponse, home: Home) -> None:
    """Keep the village on this device for a year."""
    response.set_cookie(COOKIE, home.slug, max_age=YEAR, samesite="Lax", secure=settings.HTTPS, httponly=False)
