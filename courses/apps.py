"""The programme and taking part in it."""

from django.apps import AppConfig


class CoursesConfig(AppConfig):
    """The programme and taking part in it."""

    name = "courses"
