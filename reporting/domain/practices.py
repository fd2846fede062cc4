"""Practices in use: which activities introduced a method brought home from abroad.

Whoever keeps projects says so of any activity, whoever manages an activity of theirs: that is how a colleague adopts it.
"""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet, Value
from django.utils.translation import gettext_lazy as _

from coordinators.domain import keeping
from coordinators.domain.access import Reach
from coordinators.models import Practice
from courses.domain import rights
from courses.models import Activity
from ecosystem.models.functions import Fold
from ecosystem.text import clean
from reporting.models import PracticeUse

MOST_FOUND = 20


def may_say(reach: Reach, activity: Activity) -> bool:
    """Whether one may say that this activity uses a practice."""
    return keeping.may_keep(reach) or rights.may_manage(reach, activity)


def adopt(*, practice: Practice, activity: Activity, reach: Reach) -> PracticeUse:
    """The activity uses the practice; said twice it is said once."""
    _refuse_stranger(reach, activity)
    use, _made = PracticeUse.objects.get_or_create(practice=practice, activity=activity)
    return use


def drop(*, use: PracticeUse, reach: Reach) -> None:
    """It does not, after all."""
    _refuse_stranger(reach, use.activity)
    use.delete()


def candidates(*, practice: Practice, text: str, reach: Reach) -> QuerySet[Activity]:
    """Activities that one sees whose title has these words, newest first; those that use the practice are left out."""
    found = rights.seen_by(reach).exclude(practice_uses__practice=practice)
    if not (keeping.may_keep(reach) or reach.is_administrator):
        found = found.filter(pk__in=rights.managed_by(reach).order_by().values("pk"))
    for place, word in enumerate(clean(text)[:120].split()[:6]):
        found = found.alias(**{f"folded_{place}": Fold("title_lv")}).filter(
            **{f"folded_{place}__contains": Fold(Value(word))}
        )
    return found.select_related("lead", "parish").order_by("-starts_at", "-pk")[:MOST_FOUND]


def _refuse_stranger(reach: Reach, activity: Activity) -> None:
    if not may_say(reach, activity):
        raise PermissionDenied(_("Whoever manages the activity, or keeps projects, says that it uses a practice."))
