"""Posts, and who may act where; the network's growth."""

from django.apps import AppConfig


class CoordinatorsConfig(AppConfig):
    """Posts, and who may act where; the network's growth."""

    name = "coordinators"

    def ready(self) -> None:
        """Posts and educators have a history, and so have projects with what belongs to them."""
        from coordinators.models import (
            DisseminationEvent,
            Educator,
            Mobility,
            Objective,
            Post,
            Practice,
            Project,
            Publication,
        )
        from ecosystem import history

        for model in (Post, Educator, Project, Practice):
            history.keep(model)
        for part in (Objective, Mobility, DisseminationEvent, Publication):
            history.keep(part, found_by="project_id")
