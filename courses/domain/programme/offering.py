"""What somebody may plan: the departments, parishes and centres their posts reach, and the words to choose from."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import cast

from django.db.models import Q

from centres.models import Centre
from coordinators.domain.access import Reach
from coordinators.models import Educator, Post
from courses.domain import rights
from courses.models import Activity, Session
from ecosystem.models import Audience, Competence, Department, Parish, Topic
from ecosystem.text import sort_key


@dataclass(frozen=True)
class Offer:
    """What a planner may choose, in the order in which it is shown."""

    reach: Reach
    departments: list[Department]
    parishes: list[Parish]
    centres: list[Centre]
    all_departments: list[Department]
    topics: list[Topic]
    audiences: list[Audience]
    competences: list[Competence]
    contacts: list[Post]
    # Of one's own departments first; all may lead anywhere.
    educators: list[Educator]

    def __bool__(self) -> bool:
        """Whether there is anything this person may plan."""
        return bool(self.departments and (self.parishes or self.centres))


def may_plan(*, reach: Reach, lead: str, parish: str, centre: int | None) -> bool:
    """Whether an activity of this department at this place is this person's to write: the rule of ``rights``."""
    return rights.may_manage(reach, Activity(lead_id=lead, parish_id=parish, centre_id=centre))


def planned_departments(reach: Reach) -> set[str]:
    """The departments one plans for; an administrator, for whichever."""
    leads = {code for code, _parish in reach.parishes} | reach.headed
    return leads | {post.department_id for post in reach.acting if post.kind == Post.Kind.MANAGER}


def offer(*, reach: Reach, activity: Activity | None = None) -> Offer:
    """What the reader may choose; an activity's own present choices are among them."""
    everywhere = reach.is_administrator or bool(reach.headed)
    leads = planned_departments(reach)
    parishes = Q(pk__in=reach.parish_codes)
    centres = Q(parish__in=reach.parish_codes) | Q(pk__in=reach.centres)
    if activity is not None:
        leads |= {activity.lead_id}
        parishes |= Q(pk=activity.parish_id)
        centres |= Q(pk=activity.centre_id)
    all_departments = cast(list[Department], list(Department.objects.current()))
    there = {
        name: set(getattr(activity, name).values_list("pk", flat=True)) if activity is not None else set()
        for name in ("audiences", "competences")
    }
    topic = activity.topic_id if activity is not None else ""
    return Offer(
        reach=reach,
        departments=[d for d in all_departments if reach.is_administrator or d.pk in leads],
        parishes=cast(list[Parish], list(Parish.objects.current().filter(Q() if everywhere else parishes))),
        centres=list(
            Centre.objects.filter(Q() if everywhere else centres, Q(retired_at=None))
            .select_related("parish")
            .prefetch_related("rooms")
            .order_by("parish__position", "parish_id", "name", "pk")
        ),
        all_departments=all_departments,
        topics=cast(list[Topic], list(Topic.objects.filter(Q(retired_at=None) | Q(pk=topic)))),
        audiences=cast(
            list[Audience], list(Audience.objects.filter(Q(retired_at=None) | Q(pk__in=there["audiences"])))
        ),
        competences=cast(
            list[Competence], list(Competence.objects.filter(Q(retired_at=None) | Q(pk__in=there["competences"])))
        ),
        contacts=list(
            Post.objects.filter(department__in=[d for d in all_departments if reach.is_administrator or d.pk in leads])
            .exclude(kind=Post.Kind.ADMINISTRATOR)
            .select_related("holder")
            .prefetch_related("parishes")
            .order_by("department_id", "kind", "pk")
        ),
        educators=educators(first=leads, activity=activity),
    )


def educators(*, first: Collection[str], activity: Activity | None = None) -> list[Educator]:
    """Who may lead, by department, these departments first; whoever leads the activity already is among them."""
    there = Q(retired_at=None)
    if activity is not None:
        # By keys: joined, every activity and session that anybody leads would be read.
        regular = Educator.objects.filter(activities=activity).order_by()
        instead = Session.objects.filter(activity=activity, led_by__isnull=False).order_by()
        there |= Q(pk__in=regular.values("pk")) | Q(pk__in=instead.values("led_by"))
    found = Educator.objects.filter(there).select_related("department").prefetch_related("topics")
    return sorted(
        found.order_by("pk"),
        key=lambda each: (each.department_id not in first, each.department.position, sort_key(each.name), each.pk),
    )
