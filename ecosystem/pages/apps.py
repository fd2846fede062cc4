"""The roof: home, statements, the demonstration."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """The only place that may know every app."""

    name = "ecosystem.pages"
    label = "pages"
