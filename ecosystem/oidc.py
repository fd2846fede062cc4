"""Which ways of signing in from elsewhere a municipality has turned on: the setting ``OIDC_PROVIDERS``, read.

None, unless it is set: then there are no buttons and no addresses for them. docs/signing-in.md says how.
"""

import json
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

LOCAL = ("localhost", "127.0.0.1")
_SAID = "OIDC_PROVIDERS: a JSON list of objects with id, name, client_id, secret, server_url"


@dataclass(frozen=True)
class Provider:
    """One of them, as ``OIDC_PROVIDERS`` tells it."""

    id: str
    name: str
    client_id: str
    secret: str
    # Where ``/.well-known/openid-configuration`` stands.
    server_url: str
    scope: tuple[str, ...] = ("openid", "profile", "email")
    # Other hosts that signing in passes through.
    origins: tuple[str, ...] = ()


def read(text: str) -> tuple[Provider, ...]:
    """The setting's text; nothing for an empty one, and one sentence for what cannot be used."""
    if not text.strip():
        return ()
    try:
        found = tuple(_provider(one) for one in json.loads(text))
    except (AttributeError, TypeError, ValueError) as error:
        raise ImproperlyConfigured(f"{_SAID}. {error}") from error
    if len({one.id for one in found}) < len(found):
        raise ImproperlyConfigured("OIDC_PROVIDERS: two have the same id.")
    return found


def _provider(row: dict[str, object]) -> Provider:
    texts = {name: str(row.get(name) or "") for name in ("id", "name", "client_id", "secret", "server_url")}
    if missing := [name for name, value in texts.items() if not value]:
        raise ValueError(f"Missing: {', '.join(missing)}.")
    if not re.fullmatch(r"[a-z0-9-]{1,30}", texts["id"]):
        raise ValueError("An id has small letters, digits and dashes: it is part of an address.")
    lists = {name: row[name] for name in ("scope", "origins") if name in row}
    if any(not isinstance(value, list) for value in lists.values()):
        raise ValueError("scope and origins are lists.")
    made = Provider(**texts, **{name: tuple(map(str, value)) for name, value in lists.items()})  # type: ignore[call-overload,arg-type]
    for url in (made.server_url, *made.origins):
        if not _is_safe(url):
            raise ValueError(f"{url} does not begin with https://.")
    return made


def _is_safe(url: str) -> bool:
    """Encrypted, or this machine's own."""
    parts = urlsplit(url)
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOCAL))


def origins(providers: tuple[Provider, ...]) -> list[str]:
    """Where the form of the sign-in page may lead, for the Content-Security-Policy."""
    found = []
    for provider in providers:
        for url in (provider.server_url, *provider.origins):
            parts = urlsplit(url)
            found.append(f"{parts.scheme}://{parts.netloc}")
    return list(dict.fromkeys(found))
