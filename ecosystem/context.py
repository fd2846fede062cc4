"""What every page knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def portal(request: HttpRequest) -> dict[str, Any]:
    """Names, navigation and the mode of the portal, for ``base.html``."""
    return {"portal_name": settings.PORTAL_NAME}
