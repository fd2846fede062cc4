"""What a process keeps in memory between requests is forgotten between tests, and by a world once it is made."""

import sys

from django.core.cache import caches

# Module and function.
HELD = [
    ("courses.domain.catalogue.index", "reset"),
    ("courses.domain.recent", "reset"),
    ("courses.forms.person", "forget"),
    ("ecosystem.domain.dated_limits", "reset"),
]


def forget() -> None:
    """Forget it."""
    for cache in caches.all(initialized_only=True):
        cache.clear()
    for module, function in HELD:
        if module in sys.modules:
            getattr(sys.modules[module], function)()
