"""Take a programme file into the portal."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone, translation
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses import imports
from courses.domain import importing
from ecosystem.text import clean


class Command(BaseCommand):
    """``import_programme FILE [--dry-run] [--partial] [--format json]``; exit 0 all taken, 2 some refused."""

    help = "Reads a programme file (CSV or XLSX); tells every refusal with line, column and reason."

    def add_arguments(self, parser: CommandParser) -> None:
        """What may be asked of it."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="judge the file, take nothing")
        parser.add_argument("--partial", action="store_true", help="take the good rows although others are refused")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, take, tell."""
        sheet = imports.read(options["file"])
        outcome = importing.import_rows(
            rows=sheet.rows,
            columns=sheet.columns,
            refused=sheet.refused,
            now=timezone.now(),
            partial=options["partial"],
            dry_run=options["dry_run"],
        )
        if options["format"] == "json":
            told: dict[str, Any] = {
                "accepted": outcome.accepted,
                "refused": [each.as_dict() for each in outcome.refused],
            }
            if outcome.held:
                told["held"] = [each.as_dict() for each in outcome.held]
            if outcome.begun:
                told["begun"] = [each.as_dict() for each in outcome.begun]
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=1))
        else:
            self._tell(outcome, dry_run=options["dry_run"])
        if outcome.refused:
            raise SystemExit(2)

    def _tell(self, outcome: importing.Outcome, *, dry_run: bool) -> None:
        language = translation.get_language() or "lv"
        for each in (*outcome.refused, *outcome.held, *outcome.begun):
            reason = each.lv if language.startswith("lv") else each.en
            where = _("line %(line)s") % {"line": each.line} if each.line else _("the file")
            value = Truncator(clean(each.value)).chars(60)
            named = " ".join(part for part in (each.column, f"«{value}»" if value else "") if part)
            self.stdout.write(f"{where}: {named}: {reason}" if named else f"{where}: {reason}")
        taken = ngettext("%(count)s row taken.", "%(count)s rows taken.", outcome.accepted)
        self.stdout.write(taken % {"count": outcome.accepted})
        if dry_run:
            self.stdout.write(_("Nothing was changed: this was a trial."))
        elif outcome.refused and not outcome.accepted:
            self.stdout.write(_("Nothing was taken. With --partial the good rows would be."))
