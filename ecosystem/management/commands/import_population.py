"""Take the municipality's own count of residents."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone, translation
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ecosystem.domain import population_file
from ecosystem.text import clean


class Command(BaseCommand):
    """``import_population FILE [--dry-run] [--format json]``; exit 0 taken, 2 refused, and then nothing was taken."""

    help = "Takes residents by parish, age and sex of one day (CSV or XLSX: date, parish, age, sex, count, source)."

    def add_arguments(self, parser: CommandParser) -> None:
        """What may be asked of it."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="judge the file, take nothing")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, take, tell."""
        outcome = population_file.import_file(
            path=options["file"], today=timezone.localdate(), dry_run=options["dry_run"]
        )
        if options["format"] == "json":
            told = {"accepted": outcome.accepted, "refused": [each.as_dict() for each in outcome.refused]}
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=1))
        else:
            self._tell(outcome, dry_run=options["dry_run"])
        if outcome.refused:
            raise SystemExit(2)

    def _tell(self, outcome: population_file.Outcome, *, dry_run: bool) -> None:
        is_latvian = (translation.get_language() or "lv").startswith("lv")
        for each in outcome.refused:
            reason = each.lv if is_latvian else each.en
            where = _("line %(line)s") % {"line": each.line} if each.line else _("the file")
            value = Truncator(clean(each.value)).chars(60)
            named = " ".join(part for part in (each.column, f"«{value}»" if value else "") if part)
            self.stdout.write(f"{where}: {named}: {reason}" if named else f"{where}: {reason}")
        if outcome.refused:
            self.stdout.write(_("Nothing was taken: half of a count would give wrong rates."))
            return
        taken = ngettext("%(count)s row taken.", "%(count)s rows taken.", outcome.accepted)
        self.stdout.write(taken % {"count": outcome.accepted})
        if dry_run:
            self.stdout.write(_("Nothing was changed: this was a trial."))
        elif not outcome.changed:
            self.stdout.write(_("It was known already: nothing has changed."))
