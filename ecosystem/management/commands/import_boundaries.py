"""``import_boundaries FILE.geojson``: the municipality's own polygons for the map."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ecosystem.domain.boundaries import BoundariesRefused, import_boundaries


class Command(BaseCommand):
    """Give parishes their polygons."""

    help = "Takes the municipality's own parish polygons from a GeoJSON file (WGS 84)."

    def add_arguments(self, parser: CommandParser) -> None:
        """One file."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Take the file, or say what is wrong with it."""
        try:
            text = options["file"].read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{options['file']}: {error}")
        try:
            names = import_boundaries(text=text)
        except BoundariesRefused as refusal:
            raise CommandError(str(refusal))
        self.stdout.write(f"{len(names)} parishes: {', '.join(names)}")
