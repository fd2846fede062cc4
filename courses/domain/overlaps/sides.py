"""The two sides of an overlap: whose each is, who decides for it, who reads and writes beside it."""

from dataclasses import dataclass

from coordinators.domain.access import Reach
from courses.domain import rights
from courses.models import Activity, Overlap
from ecosystem.models import Department


@dataclass(frozen=True)
class Sides:
    """An overlap's activities, each with its department and its parish at hand."""

    first: Activity
    second: Activity

    @property
    def both(self) -> tuple[Activity, Activity]:
        """Both, in their order."""
        return self.first, self.second

    def other(self, one: Activity) -> Activity:
        """The other of the two."""
        return self.second if one.pk == self.first.pk else self.first

    def by_pk(self, pk: int) -> Activity | None:
        """The one of this number, or None where it is neither."""
        return next((one for one in self.both if one.pk == pk), None)


def of(overlap: Overlap) -> Sides:
    """The sides of an overlap read with both activities."""
    return Sides(overlap.first, overlap.second)


def read(*, reach: Reach, pk: int) -> Overlap | None:
    """An overlap whose both sides somebody sees; None for others, as for one that is not there."""
    seen = rights.seen_by(reach)
    related = [f"{side}__{what}" for side in ("first", "second") for what in ("lead", "parish", "centre")]
    contacts = [f"{side}__contact__{who}" for side in ("first", "second") for who in ("holder", "stands_in__holder")]
    return (
        Overlap.objects.filter(pk=pk, first__in=seen.values("pk"), second__in=seen.values("pk"))
        .select_related(*related, *contacts, "decision__department")
        .prefetch_related("first__audiences", "second__audiences", "first__partners", "second__partners")
        .first()
    )


def managed(*, reach: Reach, overlap: Overlap) -> list[Activity]:
    """Those of the two that somebody may change: for these they decide. One of their own department's comes first."""
    mine = [one for one in of(overlap).both if rights.may_manage(reach, one)]
    return sorted(mine, key=lambda one: (one.lead_id not in reach.departments, one.pk))


def may_write(*, reach: Reach, overlap: Overlap) -> bool:
    """Whether somebody writes in the thread: whoever holds a post in either department, or may change either."""
    return department(reach=reach, overlap=overlap) is not None


def department(*, reach: Reach, overlap: Overlap) -> Department | None:
    """For which of the two departments somebody speaks."""
    if mine := managed(reach=reach, overlap=overlap):
        return mine[0].lead
    return next((one.lead for one in of(overlap).both if one.lead_id in reach.departments), None)


def answers_for(*, reach: Reach, activity: Activity) -> bool:
    """Whether somebody answers for this side: who may change it, and its department's head and coordinator there."""
    return rights.may_manage(reach, activity) or (
        activity.lead_id in reach.headed or (activity.lead_id, activity.parish_id) in reach.parishes
    )
