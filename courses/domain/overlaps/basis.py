"""What a decision about an overlap rests on, and the reasons that people read when they decided."""

import hashlib
import json
from typing import Any

from ecosystem.overlap import facts
from ecosystem.overlap.finding import Finding


def mark(finding: Finding) -> str:
    """A short mark of the facts behind a finding. As long as it is the same, a decision stands."""
    return hashlib.sha256(json.dumps(facts.of(finding)).encode()).hexdigest()[:32]


def told(finding: Finding) -> list[dict[str, Any]]:
    """The reasons as a row keeps them."""
    return [{"rule": reason.rule, "lv": reason.lv, "en": reason.en} for reason in finding.reasons]
