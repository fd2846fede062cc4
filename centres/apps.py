"""Places: centres and their rooms."""

from django.apps import AppConfig


class CentresConfig(AppConfig):
    """Places: centres and their rooms."""

    name = "centres"
