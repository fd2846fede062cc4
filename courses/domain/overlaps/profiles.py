"""An activity as the shared rules see it: made of the programme's rows, or of what somebody is still writing."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from courses.domain.programme.spec import LANGUAGES, ActivitySpec
from courses.models import Activity
from ecosystem.overlap.profile import Group, Profile

# What is written down but not saved yet.
TYPED = "typed"


def ref(activity: Activity | int) -> str:
    """What a profile of this activity is called: its number, so that pairs come in one order."""
    return f"{activity if isinstance(activity, int) else activity.pk:012d}"


def number(reference: str) -> int:
    """The activity's number, of :func:`ref`."""
    return int(reference)


def with_all(activities: QuerySet[Activity]) -> QuerySet[Activity]:
    """Activities with all that a profile needs; five queries, however many."""
    return activities.select_related("parish", "centre").prefetch_related("audiences", "partners", "sessions")


def of_activities(activities: Iterable[Activity], *, groups: Mapping[str, Group]) -> list[Profile]:
    """Their profiles, in their order; read them by :func:`with_all`."""
    return [of_activity(activity, groups=groups) for activity in activities]


def of_activity(activity: Activity, *, groups: Mapping[str, Group]) -> Profile:
    """One activity's profile: its sessions are those not called off, in local time."""
    return Profile(
        ref=ref(activity),
        department=activity.lead_id,
        partners=frozenset(one.pk for one in activity.partners.all()),
        titles=_texts(activity, "title"),
        summaries=_texts(activity, "summary"),
        topic=activity.topic_id,
        groups=_groups((one.pk for one in activity.audiences.all()), groups),
        sessions=tuple(
            (_local(meeting.starts_at), _local(meeting.ends_at))
            for meeting in activity.sessions.all()
            if meeting.cancelled_at is None
        ),
        parish=activity.parish_id,
        parish_name=activity.parish.name,
        point=activity.point,
        age_min=activity.age_min,
        age_max=activity.age_max,
        level=activity.level,
        language=activity.language,
        format=activity.format,
        drop_in=activity.is_drop_in,
    )


def of_spec(spec: ActivitySpec, *, groups: Mapping[str, Group], reference: str = TYPED) -> Profile:
    """The same of an activity as it should be: typed in the editor, or read from a file."""
    return Profile(
        ref=reference,
        department=spec.lead.pk,
        partners=frozenset(one.pk for one in spec.partners),
        titles={language: text for language, text in spec.titles.items() if text},
        summaries={language: text for language, text in spec.summaries.items() if text},
        topic=spec.topic.pk,
        groups=_groups((one.pk for one in spec.audiences), groups),
        sessions=tuple((_local(meeting.starts_at), _local(meeting.ends_at)) for meeting in spec.sessions),
        parish=spec.parish.pk,
        parish_name=spec.parish.name,
        point=spec.centre.point if spec.centre else spec.parish.point,
        age_min=spec.age_min,
        age_max=spec.age_max,
        level=spec.level,
        language=spec.language,
        format=spec.format,
        drop_in=spec.is_drop_in,
    )


def _groups(codes: Iterable[str], groups: Mapping[str, Group]) -> tuple[Group, ...]:
    return tuple(groups[code] for code in sorted(codes) if code in groups)


def _local(moment: datetime) -> datetime:
    """The clock on the wall: the rules compare hours of the day, across the change of the clock as well."""
    return timezone.localtime(moment).replace(tzinfo=None)


def _texts(activity: Activity, name: str) -> dict[str, str]:
    return {language: text for language in LANGUAGES if (text := getattr(activity, f"{name}_{language}"))}
