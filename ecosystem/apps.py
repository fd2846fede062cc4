"""The ground floor: what the departments share."""

from django.apps import AppConfig


class EcosystemConfig(AppConfig):
    """Territory, departments, vocabulary, accounts, messages."""

    name = "ecosystem"

    def ready(self) -> None:
        """Load Celery and the system checks once the apps stand; public texts have a history."""
        from ecosystem import celery, checks, history  # noqa: F401
        from ecosystem.models import Statement

        history.keep(Statement, but=["updated_on"])
