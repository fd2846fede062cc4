"""Give somebody a post from the command line: the first administrator of a new portal, who gives all others."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext as _

from coordinators.domain import posts
from coordinators.domain.access import Reach
from coordinators.domain.posts import PostSpec, Refused
from coordinators.models import Post
from ecosystem import history
from ecosystem.models import Department, Parish
from ecosystem.text import clean


class Command(BaseCommand):
    """``grant_post EMAIL --kind administrator --department CODE [--name NAME] [--parish NAME …]``; again changes nothing."""

    help = "Gives a post to whoever signs in by this e-mail address; the account is made where there is none."

    def add_arguments(self, parser: CommandParser) -> None:
        """What may be asked of it."""
        parser.add_argument("email")
        parser.add_argument("--kind", choices=Post.Kind.values, default=Post.Kind.ADMINISTRATOR.value)
        parser.add_argument("--department", required=True, help="the code of the department, for example MUZ")
        parser.add_argument("--name", default="", help="given name and family name, for somebody new")
        parser.add_argument("--parish", action="append", default=[], help="a name or a code; for coordinators, several")

    def handle(self, *args: Any, **options: Any) -> None:
        """Open the post and hand it over, or say in one sentence why not."""
        email = clean(options["email"]).lower()
        try:
            validate_email(email)
        except ValidationError:
            raise CommandError(_("This is no e-mail address: %(email)s.") % {"email": email}) from None
        department = Department.objects.current().filter(pk=options["department"]).first()
        if department is None:
            codes = ", ".join(Department.objects.current().values_list("pk", flat=True))
            raise CommandError(_("There is no such department. Known: %(codes)s.") % {"codes": codes or "–"})
        parishes = [_parish(name) for name in options["parish"]]
        now = timezone.now()
        today = timezone.localdate(now)
        there = Post.objects.in_force(on=today).filter(
            kind=options["kind"], department=department, holder__email__iexact=email
        )
        if there.exists():
            self.stdout.write(_("%(email)s holds this post already.") % {"email": email})
            return
        everything = Reach(is_administrator=True)
        spec = PostSpec(kind=options["kind"], department=department, parishes=parishes, starts_on=today)
        try:
            with history.change(reason=history.COMMAND, at=now):
                post = posts.open_post(spec=spec, reach=everything, now=now)
                posts.hand_over(
                    post=post, email=email, name=clean(options["name"]) or email, seen=None, reach=everything, now=now
                )
        except Refused as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(
            _("%(email)s holds the post now and was written how to sign in: a code comes by e-mail.") % {"email": email}
        )


def _parish(name: str) -> Parish:
    found = Parish.objects.filter(pk=name).first() or Parish.objects.filter(name=name).first()
    if found is None:
        raise CommandError(_("There is no such parish: %(name)s.") % {"name": name})
    return found
