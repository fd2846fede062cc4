"""Public addresses of the figures: the page for everyone, and its tables as open data."""

from django.urls import path

from reporting.views import public

app_name = "figures"
urlpatterns = [
    path("", public.page, name="public"),
    path("dati/<slug:name>.<slug:kind>", public.file, name="public_file"),
]
