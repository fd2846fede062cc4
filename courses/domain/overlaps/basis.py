"""What a decision about an overlap rests on: the kind of it, and the reasons that people read when they decided."""

import hashlib
from typing import Any

from ecosystem.overlap.finding import Finding


def mark(finding: Finding) -> str:
    """A short mark of it. As long as the finding says the same, a decision stands."""
    said = [finding.kind, *(f"{reason.rule}: {reason.lv}" for reason in finding.reasons)]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:32]


def told(finding: Finding) -> list[dict[str, Any]]:
    """The reasons as a row keeps them."""
    return [{"rule": reason.rule, "lv": reason.lv, "en": reason.en} for reason in finding.reasons]
