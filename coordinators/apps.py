"""Posts, and who may act where."""

from django.apps import AppConfig


class CoordinatorsConfig(AppConfig):
    """Posts, and who may act where."""

    name = "coordinators"
