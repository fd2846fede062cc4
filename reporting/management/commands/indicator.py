"""An indicator by itself."""

import csv
import json
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from reporting.domain import hiding, indicators
from reporting.domain.data.sources import Postgres
from reporting.domain.figures import Asked, Figure, Period


class Command(BaseCommand):
    """``indicator CODE --from D --to D [--by department,parish,…] --format json|csv``, as things stand this moment.

    Small numbers of people are hidden, as in everything that is exported.
    """

    help = "One indicator for a period, broken down: its rows with value, n, what is not known, what is hidden."

    def add_arguments(self, parser: CommandParser) -> None:
        """What may be asked of it."""
        parser.add_argument("code", help="DAL-01 … DAT-03")
        parser.add_argument("--from", dest="first", required=True, help="YYYY-MM-DD")
        parser.add_argument("--to", dest="last", required=True, help="YYYY-MM-DD")
        parser.add_argument("--by", default="", help="dimensions, joined by commas")
        parser.add_argument("--format", choices=["json", "csv"], default="json")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print it, or say in one sentence why not."""
        try:
            first, last = _day(options["first"]), _day(options["last"])
        except ValueError as error:
            raise CommandError(_("The period cannot be: %(why)s") % {"why": error})
        if last < first:
            raise CommandError(_("The period would end before it begins."))
        period = Period(first, last)
        by = tuple(name.strip() for name in options["by"].split(",") if name.strip())
        code = options["code"].upper()
        try:
            figure = hiding.hide(indicators.figure(code, Asked(period, by=by), source=Postgres()))
        except indicators.Unknown:
            reason = indicators.WITHHELD.get(code)
            known = ", ".join(sorted(indicators.INDICATORS))
            raise CommandError(
                _("%(code)s is not given: %(why)s") % {"code": code, "why": reason}
                if reason
                else _("There is no indicator %(code)s. There are %(known)s.") % {"code": code, "known": known}
            )
        except indicators.Unfit as error:
            said = {"code": code, "name": error.dimension, "able": ", ".join(indicators.get(code).by)}
            raise CommandError(
                _("%(code)s is not broken down by “%(name)s”. It can be by: %(able)s.") % said
                if said["able"]
                else _("%(code)s is not broken down by “%(name)s”: it is told as a whole alone.") % said
            )
        self._write(figure, options["format"])

    def _write(self, figure: Figure, form: str) -> None:
        rows = [
            {**row.keys, "value": row.value, "n": row.n, "not_known": row.not_known, "suppressed": row.suppressed}
            for row in figure.rows
        ]
        if form == "json":
            told = {
                "code": figure.code,
                "unit": figure.unit.value,
                "from": figure.asked.period.first.isoformat(),
                "to": figure.asked.period.last.isoformat(),
                "by": list(figure.asked.by),
                "rows": rows,
                "note": figure.note,
            }
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=1))
            return
        writer = csv.DictWriter(self.stdout, [*figure.asked.by, "value", "n", "not_known", "suppressed"])
        writer.writeheader()
        writer.writerows(rows)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(_("“%(text)s” is no date; write it as 2026-11-23.") % {"text": text})
