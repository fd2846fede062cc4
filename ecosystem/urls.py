"""All addresses. Latvian is without prefix, English is the same path under /en/."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

urlpatterns = [
    path("", include("ecosystem.pages.urls_plain")),
    *i18n_patterns(
        path("", include("ecosystem.pages.urls")),
        path("", include("courses.urls")),
        path("konts/", include("allauth.urls")),
        prefix_default_language=False,
    ),
]
