"""Who holds what together in the demonstration: asked when it was planned and accepted a day later; one still waits."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from coordinators.models import Post
from courses.demo.files import generator, themes
from courses.demo.keys import seeded
from courses.domain.programme import partnering
from courses.enums import ActivityStatus
from courses.models import Activity
from ecosystem.models import Department, User

# Whom the demonstration signs in as: the question that waits is theirs to answer.
ASKED, PARISHES = "MUZ", ("Elejas pagasts", "Vilces pagasts")
QUESTION = "Mums ir vadītājs un materiāli. Vai varam likt to jūsu programmā un dalīt vietas?"
ANSWER = "Labprāt. Pastāstīsim arī savējiem."


def load(*, activities: Sequence[Activity], seed: int, today: date, now: datetime) -> None:
    """Ask and accept, through the domain's own door."""
    heads = {post.department_id: post.holder for post in Post.objects.filter(kind=Post.Kind.HEAD).order_by("pk")}
    departments = {department.pk: department for department in Department.objects.order_by("pk")}
    wanted = {(theme.cells["department"], theme.cells["title_lv"]): theme.cells["partners"] for theme in themes()}
    with seeded(generator(seed, today, "partners")):
        for activity in activities:
            for code in filter(None, wanted.get((activity.lead_id, activity.title), "").split(";")):
                if activity.status != ActivityStatus.CANCELLED:
                    _hold_together(activity, departments[code], heads)
        _ask_one(activities, departments[ASKED], heads, now=now)


def _hold_together(activity: Activity, department: Department, heads: dict[str, User | None]) -> None:
    asked_at = activity.created_at + timedelta(hours=9)
    request = partnering.ask(activity=activity, department=department, by=heads.get(activity.lead_id), now=asked_at)
    if request is not None:
        answered_at = asked_at + timedelta(days=1)
        partnering.answer(request=request, accept=True, note=ANSWER, by=heads.get(department.pk), now=answered_at)


def _ask_one(
    activities: Sequence[Activity], department: Department, heads: dict[str, User | None], *, now: datetime
) -> None:
    """The first of another department that is to come in the coordinator's parishes, and not joint yet."""
    for activity in activities:
        if (
            activity.lead_id != department.pk
            and activity.parish.name in PARISHES
            and activity.status in (ActivityStatus.PLANNED, ActivityStatus.PUBLISHED)
            and activity.starts_at is not None
            and activity.starts_at > now + timedelta(days=2)
            and not activity.partners.exists()
        ):
            by = heads.get(activity.lead_id)
            partnering.ask(
                activity=activity, department=department, note=QUESTION, by=by, now=now - timedelta(hours=18)
            )
            return
