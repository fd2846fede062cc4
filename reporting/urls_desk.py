"""Addresses of the desk for figures, under /darbs/. Every one of them starts from the reader's posts."""

from django.urls import path

from reporting.views import dashboard, indicator, people

app_name = "reporting"
urlpatterns = [
    path("raditaji/", dashboard.page, name="desk_figures"),
    path("raditaji/<slug:code>/", indicator.page, name="desk_figure"),
    path("raditaji/<slug:code>/cilveki/", people.page, name="desk_figure_people"),
]
