"""Write the programme as a programme file."""

from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from courses import programme_file
from courses.domain.known import Known
from courses.enums import ActivityStatus
from courses.models import Activity


class Command(BaseCommand):
    """``export_programme [--department --parish --from --until --status] --format csv|xlsx [--output FILE]``."""

    help = "Writes the programme with the columns that import_programme takes; taken back, it changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        """What may be asked of it."""
        parser.add_argument("--department", action="append", default=[], help="its code; may be repeated")
        parser.add_argument("--parish", action="append", default=[], help="a name or a code; may be repeated")
        parser.add_argument("--from", dest="since", type=_day, help="only with a session on this day or later")
        parser.add_argument("--until", type=_day, help="only with a session on this day or before")
        parser.add_argument(
            "--status",
            action="append",
            choices=ActivityStatus.values,
            default=[],
            help="draft, planned and published, unless something else is asked for",
        )
        parser.add_argument("--format", choices=sorted(programme_file.FILES), default="csv")
        parser.add_argument("--output", type=Path, help="a file to write; by default the standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        """Choose, write."""
        known = Known.load()
        try:
            departments = [known.department(text).pk for text in options["department"]]
            parishes = [known.parish(text).pk for text in options["parish"]]
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        found = programme_file.chosen(
            Activity.objects.all(),
            departments=departments,
            parishes=parishes,
            since=options["since"],
            until=options["until"],
            statuses=options["status"],
        )
        content = programme_file.FILES[options["format"]](programme_file.rows(found))
        if options["output"]:
            options["output"].write_bytes(content)
        else:
            stream = getattr(self.stdout, "_out", None)
            binary = getattr(stream, "buffer", None)
            if binary is not None:
                binary.write(content)
            elif options["format"] == "csv":
                self.stdout.write(content.decode("utf-8-sig"), ending="")
            else:
                raise CommandError(_("A workbook needs a file: add --output FILE."))


def _day(text: str) -> date:
    return date.fromisoformat(text)
