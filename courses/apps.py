"""The programme and taking part in it."""

from django.apps import AppConfig


class CoursesConfig(AppConfig):
    """The programme and taking part in it."""

    name = "courses"

    def ready(self) -> None:
        """The programme has a history, but for what is counted while people register and what follows from the rest."""
        from courses.models import Activity, Session
        from ecosystem import history
        from ecosystem.models import Journal

        counted = ["taken", "waiting", "changed_at"]
        follows = ["starts_at", "ends_at", "session_count", "published_at", "cancelled_at", "created_at"]
        history.keep(Activity, but=[*counted, *follows, "form_key"], news=(Journal.ACTIVITY_CHANGED, "activity", "id"))
        history.keep(
            Session,
            but=["moved"],
            found_by="activity_id",
            news=(Journal.ACTIVITY_CHANGED, "activity", "activity_id"),
        )
