"""The control: the portal without its lock. A test of the last place that this one passes as well proves nothing."""

from typing import Any

from django.db.models import QuerySet

CONSTRAINT = "taken_places_never_exceed_places"


def take_the_lock_out() -> None:
    """Let every SELECT … FOR UPDATE read without waiting; for the control's own server alone."""
    from courses.domain import places

    def unlocked(self: QuerySet, *args: Any, **options: Any) -> QuerySet:
        return self.all()

    QuerySet.select_for_update = unlocked  # type: ignore[method-assign]
    places.LOCK = places.LOCK.removesuffix(places.AND_LOCK)
