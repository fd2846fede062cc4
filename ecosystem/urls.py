"""All addresses. Latvian is without prefix, English is the same path under /en/."""

from allauth.socialaccount import views as links
from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path

from ecosystem import identity

ACCOUNTS: list[URLPattern | URLResolver] = [
    path("", include("allauth.account.urls")),
    path("2fa/", include("allauth.mfa.urls")),
]
# Signing in from elsewhere has addresses only where the municipality has turned some on.
if settings.OIDC_PROVIDERS:
    ACCOUNTS += [
        path("saites/", links.connections, name="socialaccount_connections"),
        path("saites/jauns/", links.signup, name="socialaccount_signup"),
        path("oidc/<slug:provider_id>/login/", identity.login, name="openid_connect_login"),
        path("oidc/<slug:provider_id>/login/callback/", identity.callback, name="openid_connect_callback"),
    ]

urlpatterns = [
    path("", include("ecosystem.pages.urls_plain")),
    *i18n_patterns(
        path("", include("ecosystem.pages.urls")),
        path("", include("courses.urls")),
        path("darbs/", include("reporting.urls_desk")),
        path("raditaji/", include("reporting.urls")),
        path("konts/", include(ACCOUNTS)),
        prefix_default_language=False,
    ),
]
