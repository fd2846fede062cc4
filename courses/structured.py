"""An activity for search engines: schema.org in JSON-LD."""

import json
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from courses.enums import ActivityKind
from courses.models import Activity, Session

_SAFE = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def event_data(activity: Activity, sessions: list[Session], *, site: str) -> SafeString:
    """A ``Course`` with instances or an ``Event`` with sub-events, place and offer, as the text of a script element."""
    live = [session for session in sessions if session.cancelled_at is None or activity.is_cancelled]
    url = f"{site}{activity.get_absolute_url()}"
    place = _place(activity, url)
    offer = {
        "@type": "Offer",
        "price": f"{activity.fee_eur:.2f}",
        "priceCurrency": "EUR",
        "url": url,
        "category": "Free" if not activity.fee_eur else "Paid",
        "availability": "https://schema.org/SoldOut" if activity.places_left == 0 else "https://schema.org/InStock",
    }
    mode = {"online": "Online", "hybrid": "Mixed"}.get(activity.format, "Offline")
    status = "https://schema.org/EventCancelled" if activity.is_cancelled else "https://schema.org/EventScheduled"
    event: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "EducationEvent" if activity.kind == ActivityKind.EDUCATIONAL else "Event",
        "@id": url,
        "name": activity.title,
        "description": activity.summary or activity.title,
        "url": url,
        "inLanguage": activity.language,
        "isAccessibleForFree": not activity.fee_eur,
        "eventStatus": status,
        "eventAttendanceMode": f"https://schema.org/{mode}EventAttendanceMode",
        "location": place,
        "organizer": {"@type": "GovernmentOrganization", "name": str(activity.lead.name), "url": site},
        "offers": offer,
    }
    if live:
        event["startDate"] = timezone.localtime(live[0].starts_at).isoformat()
        event["endDate"] = timezone.localtime(live[-1].ends_at).isoformat()
    if activity.capacity is not None:
        event["maximumAttendeeCapacity"] = activity.capacity
        event["remainingAttendeeCapacity"] = activity.places_left
    if activity.age_min is not None or activity.age_max is not None:
        low = "" if activity.age_min is None else activity.age_min
        high = "" if activity.age_max is None else activity.age_max
        event["typicalAgeRange"] = f"{low}-{high}"
    if len(live) > 1:
        event["subEvent"] = [
            {
                "@type": event["@type"],
                "name": activity.title,
                "startDate": timezone.localtime(session.starts_at).isoformat(),
                "endDate": timezone.localtime(session.ends_at).isoformat(),
                "eventStatus": status,
                "location": place,
            }
            for session in live
        ]
    # Reviewed: every character that could end the script element is escaped.
    return mark_safe(json.dumps(event, ensure_ascii=False).translate(_SAFE))


def _place(activity: Activity, url: str) -> dict[str, Any]:
    if activity.format == "online":
        return {"@type": "VirtualLocation", "url": url}
    centre, parish = activity.centre, activity.parish
    return {
        "@type": "Place",
        "name": str(centre.name) if centre else parish.centre_name,
        "address": {
            "@type": "PostalAddress",
            "streetAddress": centre.address if centre else "",
            "addressLocality": parish.name,
            "addressCountry": "LV",
        },
        "geo": {"@type": "GeoCoordinates", "latitude": activity.point.lat, "longitude": activity.point.lon},
    }
