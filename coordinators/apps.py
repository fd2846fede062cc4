"""Posts, and who may act where; the network's growth."""

from django.apps import AppConfig


class CoordinatorsConfig(AppConfig):
    """Posts, and who may act where; the network's growth."""

    name = "coordinators"

    def ready(self) -> None:
        """Posts and educators have a history."""
        from coordinators.models import Educator, Post
        from ecosystem import history

        history.keep(Post)
        history.keep(Educator)
