"""Templates of the demonstration: what each department holds again and again."""

from datetime import datetime

from coordinators.domain.access import Reach
from coordinators.models import Post
from courses.domain import programme
from courses.forms.templates import content_of
from courses.models import Activity, Template
from ecosystem.models import Department

# The series of most sessions, of each department.
A_DEPARTMENT = 2


def load(*, activities: list[Activity], now: datetime) -> None:
    """Keep the longest series of each department as templates; what an earlier load made is replaced."""
    reach = Reach(posts=tuple(Post.objects.order_by("pk")[:1]), is_administrator=True)
    by_length = sorted(activities, key=lambda one: (-one.session_count, one.ref))
    for department in Department.objects.current():
        made: list[str] = []
        for activity in by_length:
            if activity.lead_id != department.pk or len(made) == A_DEPARTMENT:
                continue
            spec = programme.spec_of(activity)
            name = spec.titles["lv"][:80]
            if name in made:
                continue
            content = content_of(spec, offer=programme.offer(reach=reach, activity=activity))
            Template.objects.filter(department=department, name=name).delete()
            programme.save_template(department=activity.lead, name=name, content=content, now=now)
            made.append(name)
