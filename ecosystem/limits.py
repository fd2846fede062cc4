"""Limits: how often one contact or one address may ask within an hour.

Bots are kept away without puzzles. The contact is counted first and the address last and generously, since a library
or a school is one address. What is counted is kept as a one-way code in the cache, for an hour, never as it was typed.
"""

import ipaddress
from datetime import datetime

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

HOUR = 3600


def client_address(request: HttpRequest) -> str:
    """The address that asks, as the outermost proxy we trust saw it; of IPv6 the network, since homes have many."""
    address = str(request.META.get("REMOTE_ADDR", ""))
    if settings.TRUSTED_PROXIES:
        seen = [part.strip() for part in str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")]
        if len(seen) >= settings.TRUSTED_PROXIES and seen[-settings.TRUSTED_PROXIES]:
            address = seen[-settings.TRUSTED_PROXIES]
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:100]
    if parsed.version == 6:
        return str(ipaddress.ip_network(f"{parsed}/64", strict=False).network_address)
    return str(parsed)


def _key(what: str, who: str, *, now: datetime) -> str:
    """The cache's key of one counter in this hour."""
    code = salted_hmac("ecosystem.limits", who, algorithm="sha256").hexdigest()[:40]
    return f"limit:{what}:{code}:{int(now.timestamp()) // HOUR}"


def reached(what: str, who: str, *, limit: int, now: datetime) -> bool:
    """Whether this one has used up the hour, without counting anything."""
    return bool(who) and int(cache.get(_key(what, who, now=now), 0)) >= limit


def spend(what: str, who: str, *, limit: int, now: datetime) -> bool:
    """Count one more; False when that is more than the hour allows."""
    if not who:
        return True
    key = _key(what, who, now=now)
    cache.add(key, 0, timeout=HOUR)
    try:
        count = cache.incr(key)
    except ValueError:  # Fell out of the cache between the two lines.
        cache.set(key, 1, timeout=HOUR)
        return limit >= 1
    # A counter in a file forgets its term with every step.
    cache.touch(key, timeout=HOUR)
    return count <= limit
