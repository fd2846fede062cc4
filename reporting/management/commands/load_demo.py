"""Load the demonstration."""

from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.demo import load
from reporting import demo


class Command(BaseCommand):
    """``load_demo [--seed N] [--today YYYY-MM-DD] [--if-empty]``: the same seed and day give the same data."""

    help = "Makes a believable year around today: centres, posts, some 150 activities, 800 invented residents."

    def add_arguments(self, parser: CommandParser) -> None:
        """What may be asked of it."""
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--today", type=_day, default=None, help="the day it is made around; today by default")
        parser.add_argument("--if-empty", action="store_true", help="do nothing where there is a programme already")
        parser.add_argument("--residents", type=int, default=load.RESIDENTS, help="how many people to invent")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load it, or say in one sentence why not."""
        if not settings.DEMO:
            raise CommandError(_("The demonstration is loaded in demo mode only (DEMO=1), never beside real people."))
        today = options["today"] or timezone.localdate()
        loaded = load.load(
            seed=options["seed"],
            today=today,
            if_empty=options["if_empty"],
            residents=options["residents"],
        )
        if loaded is None:
            self.stdout.write(_("There is a programme already: nothing was loaded."))
            return
        demo.load(seed=options["seed"], today=today)
        told = _(
            "Demonstration loaded. Activities: %(activities)s, residents: %(residents)s, registrations: %(registrations)s."
        )
        self.stdout.write(told % vars(loaded))


def _day(text: str) -> date:
    return date.fromisoformat(text)
