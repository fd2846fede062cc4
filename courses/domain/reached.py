"""How many contacts get news of what is where an activity is held, for those whom it is for.

A measure for the coordinator, not a promise: what the ages of households add is left out, and who was told already is
counted too. Contacts that like the same are counted by the database, and judged together.
"""

from django.db.models import Count

from courses.domain.news import EVERYONE
from courses.models import Activity
from ecosystem.geo import distance_km
from ecosystem.models import Audience, Village
from residents.models import Consent


def count(*, activity: Activity) -> int:
    """How many contacts whose consent holds would be told of this activity."""
    alike = Consent.objects.live().order_by().values_list("village", "km", "audiences", "topics")
    villages = {village.pk: village.point for village in Village.objects.all()}
    codes = _wider(activity)
    found = 0
    for village, km, audiences, topics, number in alike.annotate(number=Count("pk")):
        if topics and activity.topic_id not in topics:
            continue
        if audiences and not codes.intersection((*audiences, EVERYONE)):
            continue
        far = village is not None and km is not None and distance_km(villages[village], activity.point) > km
        if far and activity.format != "online":
            continue
        found += number
    return found


def _wider(activity: Activity) -> set[str]:
    """The activity's audiences, and those that they are part of: whoever likes the wider is told of the narrower."""
    above = dict(Audience.objects.order_by().values_list("pk", "part_of"))
    codes = set(activity.audiences.order_by().values_list("pk", flat=True))
    found = set(codes)
    for code in codes:
        wider = above.get(code)
        while wider is not None and above.get(wider) is not None:
            found.add(wider)
            wider = above.get(wider)
    return found
