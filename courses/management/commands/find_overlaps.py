"""Find what overlaps in the programme, or in a programme file."""

import json
from argparse import ArgumentTypeError
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from courses import imports
from courses.domain.overlaps import filing, looking, world
from ecosystem.domain import vocabulary
from ecosystem.models import Department, Parish


class Command(BaseCommand):
    """``find_overlaps [--from --until --department] [--file FILE [--alone]] [--format json|table]``."""

    help = "Tells duplicates, clashes and crowding of the programme, of a file with it, or of a file alone."

    def add_arguments(self, parser: CommandParser) -> None:
        """What may be asked of it."""
        parser.add_argument("--from", dest="since", type=_day, help="from this day on (otherwise: what is not over)")
        parser.add_argument("--until", type=_day, help="up to this day")
        parser.add_argument("--department", default="", help="its overlaps alone, its drafts with them")
        parser.add_argument("--file", type=Path, help="a programme file, judged with the programme")
        parser.add_argument("--alone", action="store_true", help="the file by itself")
        parser.add_argument("--format", choices=["json", "table"], default="json")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, judge, tell: the document to stdout, what could not be read to stderr."""
        now = timezone.now()
        since, until, file = options["since"], options["until"], options["file"]
        if options["alone"] and file is None:
            raise CommandError(_("--alone needs a file: --file FILE --alone."))
        if since and until and until < since:
            raise CommandError(_("The period ends before it begins."))
        if not Parish.objects.exists():
            vocabulary.load(now=now)
        department = self._department(options["department"])
        ground = world.ground(on=timezone.localdate(now))
        told: list[filing.Told] = []
        if file is not None:
            told = looking.within(self._file(file, ground, now), since=since, until=until)
        if not options["alone"]:
            begins = datetime.combine(since, time(0), tzinfo=timezone.get_default_timezone()) if since else now
            there = looking.planned(since=begins, until=until, department=department, ground=ground)
            # What the file would change is judged as the file says it.
            changed = {(one.profile.department, one.ref) for one in told}
            told += [one for one in there if (one.profile.department, one.ref) not in changed]
        found = looking.look(told=told, ground=ground, department=department)
        if options["format"] == "json":
            self.stdout.write(json.dumps(_document(found, ground), ensure_ascii=False, indent=1))
        else:
            self._table(found, ground)

    def _department(self, code: str) -> str:
        if code and not Department.objects.filter(pk=code).exists():
            known = ", ".join(Department.objects.order_by("position", "pk").values_list("pk", flat=True))
            raise CommandError(
                _("There is no department «%(code)s». Known: %(known)s.") % {"code": code, "known": known}
            )
        return code

    def _file(self, path: Path, ground: world.Ground, now: datetime) -> list[filing.Told]:
        sheet = imports.read(path)
        read = filing.read(rows=sheet.rows, columns=sheet.columns, groups=ground.groups, now=now)
        language = _language()
        for each in (*sheet.refused, *read.unread):
            where = f"{each.line}: {each.column}" if each.line else str(path.name)
            self.stderr.write(f"{where}: {each.lv if language == 'lv' else each.en}")
        if sheet.refused and not sheet.rows:
            raise SystemExit(2)
        return read.rows

    def _table(self, found: looking.Found, ground: world.Ground) -> None:
        language = _language()
        version = {"version": ground.world.rules.version, "day": f"{ground.world.rules.in_force_from:%d.%m.%Y}"}
        self.stdout.write(_("Rules: version %(version)s, in force from %(day)s.") % version)
        kinds = {"duplicate": _("Duplicate"), "clash": _("Clash")}
        for finding, first, second in found.findings:
            self.stdout.write(f"\n{kinds[finding.kind]}")
            for one in (first, second):
                self.stdout.write(f"  {one.ref}  {one.profile.department}  {one.profile.title}")
            for reason in finding.reasons:
                self.stdout.write(f"    {reason.lv if language == 'lv' else reason.en}")
        for crowded, refs in found.crowded:
            self.stdout.write(f"\n{crowded.lv if language == 'lv' else crowded.en}\n  {', '.join(refs)}")
        for one, wanting in found.unjudged:
            self.stdout.write(
                "\n" + _("Could not be judged: %(ref)s (%(missing)s)") % {"ref": one.ref, "missing": ", ".join(wanting)}
            )


def _document(found: looking.Found, ground: world.Ground) -> dict[str, Any]:
    rules = ground.world.rules
    return {
        "rule_set": {"version": rules.version, "in_force_from": rules.in_force_from.isoformat()},
        "findings": [
            {
                "kind": finding.kind,
                "first": first.as_dict(),
                "second": second.as_dict(),
                "reasons": [{"rule": each.rule, "lv": each.lv, "en": each.en} for each in finding.reasons],
            }
            for finding, first, second in found.findings
        ],
        "crowding": [
            {
                "parish": one.parish,
                "audience": one.audience,
                "month": one.month,
                "refs": refs,
                "lv": one.lv,
                "en": one.en,
            }
            for one, refs in found.crowded
        ],
        "unjudged": [{"ref": one.ref, "missing": wanting} for one, wanting in found.unjudged],
    }


def _language() -> str:
    return "lv" if (translation.get_language() or "lv").startswith("lv") else "en"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"not a day (YYYY-MM-DD): {text}") from None
