"""The page docs/indicators.md: each indicator's definition, formula and breakdowns, as its function says them."""

import inspect
from pathlib import Path

from django.conf import settings

from reporting.domain.indicators.registry import INDICATORS, WITHHELD, catalogue

_HEAD = """# Indicators

Made by `manage.py document_indicators` from the functions in `reporting/domain/indicators`; do not edit. Each is asked by
`manage.py indicator CODE --from D --to D [--by …]`, and every page, report and export shows the same answer.

- **n** is what a value rests on: of a percentage the number below the line, of a mean the answers, of a count the count.
- **Not known** is a row of its own and is never dropped.
- **People** are counted once however often they came, across all departments, by pseudonym; heads that were only counted
  are told apart. A joint activity counts for each of its departments, so their sum may exceed the whole.
- **Age** is in full years on the day; with a year of birth alone, as if born on 1 January.
- **An audience** that is sensitive is told as the wider one that it is part of; such activities tell attendances, not people.
- In what is public or exported, 1 to 4 people are hidden, and others from which they could be worked out.
- A session is **held** when it has ended, was not called off, and presence or a number of heads was written down.
"""


def page() -> str:
    """The page as Markdown."""
    given = len(INDICATORS)
    parts = [_HEAD, f"{given} of the catalogue's {len(catalogue())} are given.\n"]
    group = ""
    for code, described in catalogue().items():
        if code[:3] != group:
            group = code[:3]
            parts.append(f"## {group}\n")
        parts.append(f"### {code} {described.name_en} / {described.name_lv}\n")
        indicator = INDICATORS.get(code)
        if indicator is None:
            reason = WITHHELD.get(code)
            parts.append(f"Not given: {reason}\n" if reason else "Not given.\n")
            continue
        where = Path(inspect.getsourcefile(indicator.formula) or "").relative_to(settings.BASE_DIR)
        parts.append(inspect.cleandoc(indicator.doc) + "\n")
        facts = [
            f"- Defined as: {described.definition}",
            f"- Unit: {indicator.unit.value}",
            f"- Broken down or filtered by: {', '.join(indicator.by) or 'nothing, the whole alone'}",
            *([f"- Filtered alone by: {', '.join(indicator.of)}"] if indicator.of else []),
            f"- Source: {described.source}",
            f"- Function: `{indicator.formula.__name__}` in `{where}`",
        ]
        parts.append("\n".join(facts) + "\n")
    return "\n".join(parts)
