"""Facts and figures."""

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    """Facts and figures."""

    name = "reporting"
