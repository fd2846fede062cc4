"""Who is told when a time or a place changes: said on the page before it happens, and after."""

from django.utils.translation import ngettext

from courses.domain import moving
from courses.models import Activity


def and_told(said: str, people: int) -> str:
    """What was done, and how many people it was told to: "Nodarbība pārcelta. Par to uzrakstīts 3 cilvēkiem."."""
    if not people:
        return said
    told = ngettext("%(n)s person is told of it.", "%(n)s people are told of it.", people)
    return f"{said} {told % {'n': people}}"


def will_be_told(activity: Activity) -> dict[str, str]:
    """Whom a change of time or place would reach, and who must be rung; empty where nobody has a place."""
    reached = moving.who_is_told(activity=activity)
    if not reached.people and not reached.without_contact:
        return {}
    words = ngettext(
        "%(n)s person with a place is told of a change by itself.",
        "%(n)s people with a place are told of a change by themselves.",
        reached.people,
    )
    return {
        "words": words % {"n": reached.people} if reached.people else "",
        "ring": ", ".join(reached.without_contact),
    }
