"""Addresses of the desk for figures, under /darbs/. Every one of them starts from the reader's posts."""

from django.urls import path

from reporting.views import limits, totals

app_name = "reporting"
urlpatterns = [
    path("aktivitates/<int:pk>/kopskaiti/", totals.activity, name="desk_totals"),
    path("iestatijumi/", limits.listing, name="desk_limits"),
    path("iestatijumi/<slug:code>/", limits.one, name="desk_limit"),
]
