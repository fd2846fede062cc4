"""The ground floor: what the departments share."""

from django.apps import AppConfig


class EcosystemConfig(AppConfig):
    """Territory, departments, vocabulary, accounts, messages."""

    name = "ecosystem"

    def ready(self) -> None:
        """Load Celery and the system checks once the apps stand."""
        from ecosystem import celery, checks  # noqa: F401
