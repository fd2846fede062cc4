"""People and households."""

from django.apps import AppConfig


class ResidentsConfig(AppConfig):
    """People and households."""

    name = "residents"
