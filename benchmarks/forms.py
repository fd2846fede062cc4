"""Filling in the portal's forms as a browser without scripts would."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode


@dataclass
class Form:
    """One form of a page: where it is sent, and what it holds."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)

    def job(self, **typed: str) -> dict[str, Any]:
        """The request that sends it, with what was typed."""
        return {"path": self.action, "body": urlencode(self.fields | typed)}


class _Reader(HTMLParser):
    def __init__(self, wanted: str) -> None:
        super().__init__()
        self.wanted = wanted
        self.form: Form | None = None
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form" and found.get("method") == "post" and self.wanted in found.get("action", ""):
            self.form, self.inside = Form(found["action"]), True
        elif tag == "input" and self.inside and self.form and found.get("name"):
            if found.get("type") in ("checkbox", "radio") and "checked" not in found:
                return
            self.form.fields[found["name"]] = found.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False


def read(page: str, wanted: str) -> Form:
    """The form of a page that is sent to an address with these letters in it."""
    reader = _Reader(wanted)
    reader.feed(page)
    if reader.form is None:
        raise SystemExit(f"there is no form to «{wanted}» in the page: {page[:1500]}")
    return reader.form
