"""Posts, and who may act where."""

from django.apps import AppConfig


class CoordinatorsConfig(AppConfig):
    """Posts, and who may act where."""

    name = "coordinators"

    def ready(self) -> None:
        """Posts and educators have a history."""
        from coordinators.models import Educator, Post
        from ecosystem import history

        history.keep(Post)
        history.keep(Educator)
