"""Bring in the shared vocabulary: departments, parishes, villages, audiences, topics, competences, public texts."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from ecosystem.domain import vocabulary


class Command(BaseCommand):
    """``load_vocabulary [--dry-run]``: idempotent, prints what changed."""

    help = "Brings the vocabulary in line with the files in ecosystem/data and prints what changed."

    def add_arguments(self, parser: CommandParser) -> None:
        """What may be asked of it."""
        parser.add_argument("--dry-run", action="store_true", help="tell what would change, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and print one line for each change."""
        try:
            changes = vocabulary.load(now=timezone.now(), dry_run=options["dry_run"])
        except vocabulary.VocabularyError as refusal:
            raise CommandError(str(refusal)) from None
        for change in changes:
            self.stdout.write(str(change))
        if not changes:
            self.stdout.write(_("The vocabulary is up to date."))
        elif options["dry_run"]:
            self.stdout.write(_("Nothing was changed: this was a trial."))
