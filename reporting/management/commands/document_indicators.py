"""The page about indicators, made of what the functions say of themselves."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from reporting.domain import documenting

PAGE = settings.BASE_DIR / "docs" / "indicators.md"


class Command(BaseCommand):
    """``document_indicators [--check]``: writes docs/indicators.md, or says that it is not what the functions say."""

    help = "Writes docs/indicators.md from the indicators' functions."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What may be asked of it."""
        parser.add_argument("--check", action="store_true", help="write nothing; fail where the page is out of date")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it, or compare."""
        with translation.override("en"):
            text = documenting.page()
        if options["check"]:
            if not PAGE.exists() or PAGE.read_text(encoding="utf-8") != text:
                raise CommandError("docs/indicators.md is out of date: manage.py document_indicators")
            return
        PAGE.write_text(text, encoding="utf-8")
        self.stdout.write(f"{PAGE.name}: {len(text.splitlines())} lines")
