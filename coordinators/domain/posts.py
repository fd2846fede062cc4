"""Posts: opened, handed over, left vacant, ended; and who stands in.

- An administrator looks after all posts. A head looks after their department's coordinators, centre managers and
  project managers, not after heads or administrators. Nobody hands an administrator's post to themselves.
- One post a job: a parish has one coordinator of a department, a centre one manager of it, a department one head. Who
  shares the work has a post of their own elsewhere, or stands in; so whoever rings is answered by one.
- Handing a post to an e-mail address makes the account where there is none, and writes how to sign in. Rights go with
  the post at once: they are read from it each time, so an open page of the former holder does nothing any more.
- A vacant post names a post that stands in: one that is held, in force, and not itself answered for by this one.
- The last administrator stays one, and the only head of a department does not take themselves away: somebody else is
  named first.

Departments' rows are locked first, so two who change posts at once come one after the other; a page carries who held
the post when it was opened, and who comes second is told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from centres.models import Centre
from coordinators.domain.access import Reach
from coordinators.models import Post, PostQuerySet
from ecosystem import dates, history
from ecosystem.accounts import account_for
from ecosystem.domain import messages
from ecosystem.models import Department, Message, Parish, User
from ecosystem.phones import spaced

Kind = Post.Kind
HEADS_OWN = (Kind.COORDINATOR, Kind.MANAGER, Kind.PROJECT_MANAGER)


class Refused(Exception):
    """Why not, fit to show; ``field`` is where it belongs on a form."""

    def __init__(self, message: str | Promise, *, field: str = "") -> None:
        super().__init__(message)
        self.message, self.field = message, field

    def __str__(self) -> str:
        return str(self.message)


@dataclass(frozen=True, kw_only=True)
class PostSpec:
    """A post as it should be."""

    kind: str
    department: Department
    parishes: Sequence[Parish] = ()
    centre: Centre | None = None
    phone: str = ""
    email: str = ""
    starts_on: date
    ends_on: date | None = None


def kinds(reach: Reach) -> list[str]:
    """The kinds of posts that somebody looks after."""
    if reach.is_administrator:
        return list(Kind.values)
    return [kind.value for kind in HEADS_OWN] if reach.headed else []


def managed_by(reach: Reach) -> PostQuerySet:
    """The posts that somebody looks after."""
    if reach.is_administrator:
        return Post.objects.all()
    return Post.objects.filter(department__in=reach.headed, kind__in=HEADS_OWN)


def may_manage(reach: Reach, *, kind: str, department: str) -> bool:
    """The same rule for one post, without a query."""
    return reach.is_administrator or (department in reach.headed and kind in HEADS_OWN)


@history.one_change()
def open_post(*, spec: PostSpec, reach: Reach, now: datetime) -> Post:
    """A new post, vacant until it is handed to somebody. Raises :class:`Refused`."""
    _refuse_stranger(reach, kind=spec.kind, department=spec.department.pk)
    _check(spec)
    with transaction.atomic():
        _lock()
        _refuse_second(spec, but=None)
        post = Post.objects.create(**_plain(spec))
        post.parishes.set(spec.parishes)
    return post


@history.one_change()
def change(*, post: Post, spec: PostSpec, reach: Reach, now: datetime) -> Post:
    """Other parishes, centre, contact or dates; the kind and the department stay. Raises :class:`Refused`."""
    with transaction.atomic():
        post = _locked(post, reach)
        spec = PostSpec(**{**vars(spec), "kind": post.kind, "department": post.department})
        _check(spec)
        _refuse_second(spec, but=post)
        if spec.ends_on != post.ends_on or spec.starts_on != post.starts_on:
            _keep_one(post, by=reach.user, until=spec.ends_on, since=spec.starts_on, now=now)
        for name, value in _plain(spec).items():
            setattr(post, name, value)
        post.save()
        post.parishes.set(spec.parishes)
    return post


@history.one_change()
def hand_over(
    *, post: Post, email: str, name: str = "", seen: int | None, reach: Reach, now: datetime, tell: bool = True
) -> Post:
    """Give the post to whoever signs in by this e-mail. ``seen`` is who held it when the page was opened.

    The account is made where there is none; the newcomer is written how to sign in. Raises :class:`Refused`.
    """
    with transaction.atomic():
        post = _locked(post, reach)
        if post.holder_id != seen:
            raise Refused(_changed_meanwhile(post))
        if post.ends_on is not None and post.ends_on < timezone.localdate(now):
            raise Refused(_("The post has ended. Open a new one instead."))
        holder = account_for(email.strip().lower())
        if holder is None:
            raise Refused(_("The account of this e-mail address is closed. Use another address."), field="email")
        if holder.pk == post.holder_id:
            raise Refused(_("The post is theirs already."), field="email")
        if post.kind == Kind.ADMINISTRATOR and reach.user is not None and holder.pk == reach.user.pk:
            raise Refused(_("Nobody makes themselves an administrator. Ask another administrator."), field="email")
        if post.kind == Kind.ADMINISTRATOR:
            # A letter mistyped would leave nobody who could set it right.
            _keep_one(post, by=reach.user, until=timezone.localdate(now), now=now)
        if not holder.name and not name:
            raise Refused(_("Write the name: colleagues see it in the list of posts."), field="name")
        if not holder.name:
            holder.name = name
            holder.save(update_fields=["name"])
        post.holder = holder
        post.save(update_fields=["holder"])
        if tell:
            _write_to(post, holder, now=now)
    return post


@history.one_change()
def vacate(*, post: Post, seen: int | None, reach: Reach, now: datetime) -> Post:
    """Nobody holds the post from this moment. Raises :class:`Refused`."""
    with transaction.atomic():
        post = _locked(post, reach)
        if post.holder_id is None:
            return post
        if post.holder_id != seen:
            raise Refused(_changed_meanwhile(post))
        _keep_one(post, by=reach.user, until=timezone.localdate(now), now=now)
        post.holder = None
        post.save(update_fields=["holder"])
    return post


@history.one_change()
def end(*, post: Post, on: date, seen: int | None, reach: Reach, now: datetime) -> Post:
    """The post ends on this day, which is its last; today means now, and whoever held it holds it no more.

    Raises :class:`Refused`.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        post = _locked(post, reach)
        if post.holder_id != seen:
            raise Refused(_changed_meanwhile(post))
        if on < today:
            raise Refused(_("That day has passed. Choose today or a day to come."), field="on")
        if on < post.starts_on:
            raise Refused(_("The post would end before it starts."), field="on")
        _keep_one(post, by=reach.user, until=on, now=now)
        post.ends_on = on
        if on == today:
            post.holder = None
        post.save(update_fields=["ends_on", "holder"])
    return post


@history.one_change()
def name_stand_in(*, post: Post, stands_in: Post | None, reach: Reach, now: datetime) -> Post:
    """Who answers, and acts, while the post is vacant; None is nobody. Raises :class:`Refused`."""
    today = timezone.localdate(now)
    with transaction.atomic():
        post = _locked(post, reach)
        if stands_in is not None:
            other = Post.objects.select_related("holder").get(pk=stands_in.pk)
            if other.pk == post.pk:
                raise Refused(_("A post does not stand in for itself."), field="stands_in")
            if other.holder_id is None:
                raise Refused(_("That post is vacant itself. Choose one that somebody holds."), field="stands_in")
            if not other.is_in_force(on=today):
                raise Refused(_("That post is not in force today. Choose another."), field="stands_in")
            if _leads_back(other, post):
                raise Refused(
                    _("This post stands in for that one, so it would go round in a circle."), field="stands_in"
                )
        post.stands_in = stands_in
        post.save(update_fields=["stands_in"])
    return post


def may_stand_in(post: Post, *, on: date) -> list[Post]:
    """The posts that could stand in for this one: held, in force, of the same work; those of the department first."""
    found = (
        Post.objects.in_force(on=on)
        .exclude(pk=post.pk)
        .exclude(kind=Kind.ADMINISTRATOR)
        .filter(holder__isnull=False, holder__is_active=True)
        .select_related("department", "holder", "centre")
        .prefetch_related("parishes")
        .order_by("department__position", "kind", "pk")
    )
    return sorted(found, key=lambda other: other.department_id != post.department_id)


def _refuse_stranger(reach: Reach, *, kind: str, department: str) -> None:
    if kind in (Kind.HEAD, Kind.ADMINISTRATOR) and not reach.is_administrator:
        raise Refused(_("Posts of heads and administrators are looked after by an administrator."), field="kind")
    if not may_manage(reach, kind=kind, department=department):
        raise Refused(_("This department's posts are looked after by its head."), field="department")


def _lock() -> None:
    """One change of posts at a time: who stands in crosses departments, and so does the last administrator."""
    list(Department.objects.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))


def _locked(post: Post, reach: Reach) -> Post:
    _lock()
    post = Post.objects.select_related("holder", "department").get(pk=post.pk)
    _refuse_stranger(reach, kind=post.kind, department=post.department_id)
    return post


def _plain(spec: PostSpec) -> dict[str, object]:
    said = dict(vars(spec))
    del said["parishes"]
    return said


def _check(spec: PostSpec) -> None:
    """What is wrong with a post in itself."""
    if spec.kind == Kind.COORDINATOR and not spec.parishes:
        raise Refused(_("Choose at least one parish."), field="parishes")
    if spec.kind == Kind.MANAGER and spec.centre is None:
        raise Refused(_("Choose the centre."), field="centre")
    if spec.kind != Kind.MANAGER and spec.centre is not None:
        raise Refused(_("Only a centre manager's post has a centre."), field="centre")
    if spec.ends_on is not None and spec.ends_on < spec.starts_on:
        raise Refused(_("The post would end before it starts."), field="ends_on")


def _refuse_second(spec: PostSpec, *, but: Post | None) -> None:
    """Refuse a job that another post has on some of the same days."""
    others = Post.objects.filter(kind=spec.kind, department=spec.department)
    others = others.filter(Q(ends_on=None) | Q(ends_on__gte=spec.starts_on))
    if spec.ends_on is not None:
        others = others.filter(starts_on__lte=spec.ends_on)
    if but is not None:
        others = others.exclude(pk=but.pk)
    if spec.kind == Kind.COORDINATOR:
        there = others.filter(parishes__in=spec.parishes).order_by("pk").first()
        if there is not None:
            shared = there.parishes.filter(pk__in=[parish.pk for parish in spec.parishes]).first()
            message = _("%(parish)s has a coordinator's post of this department already, %(days)s.")
            raise Refused(_filled(message, parish=shared.name if shared else "", days=_days(there)), field="parishes")
    elif spec.kind == Kind.MANAGER:
        there = others.filter(centre=spec.centre).order_by("pk").first()
        if there is not None:
            raise Refused(
                _filled(_("The centre has a manager's post of this department already, %(days)s."), days=_days(there)),
                field="centre",
            )
    elif spec.kind == Kind.HEAD:
        there = others.order_by("pk").first()
        if there is not None:
            raise Refused(
                _filled(_("The department has a head's post already, %(days)s."), days=_days(there)), field="kind"
            )


def _filled(message: str | Promise, **values: str) -> str:
    return str(message) % values


def _days(post: Post) -> str:
    since = _filled(_("since %(day)s"), day=f"{post.starts_on:%d.%m.%Y}")
    until = _filled(_("until %(day)s"), day=f"{post.ends_on:%d.%m.%Y}") if post.ends_on else ""
    return f"{since} {until}".strip()


def _changed_meanwhile(post: Post) -> str:
    if post.holder is None:
        return str(_("Somebody else has left the post vacant meanwhile. Look again before you decide."))
    message = _("Somebody else has given the post to %(name)s meanwhile. Look again before you decide.")
    return _filled(message, name=str(post.holder))


def _keep_one(post: Post, *, by: User | None, until: date | None, since: date | None = None, now: datetime) -> None:
    """Refuse to take away the last administrator, and a department's only head by their own hand."""
    today = timezone.localdate(now)
    if post.holder_id is None or not post.is_in_force(on=today):
        return
    if until is None and (since or post.starts_on) <= today:
        return
    others = Post.objects.in_force(on=today).filter(kind=post.kind, holder__is_active=True).exclude(pk=post.pk)
    if until is not None:
        others = others.filter(Q(ends_on=None) | Q(ends_on__gt=until))
    if post.kind == Kind.ADMINISTRATOR and not others.exists():
        raise Refused(
            _("This is the last administrator. Open another administrator's post and hand it to somebody else first.")
        )
    own = by is not None and by.pk == post.holder_id
    if post.kind == Kind.HEAD and own and not others.filter(department=post.department_id).exists():
        raise Refused(_("You are the only head of this department. Hand the post to somebody else instead."))


def _leads_back(start: Post, target: Post) -> bool:
    """Whether following who stands in from one post comes to another."""
    ways = dict(Post.objects.exclude(stands_in=None).values_list("pk", "stands_in"))
    here: int | None = ways.get(start.pk)
    seen: set[int] = set()
    while here is not None and here not in seen:
        if here == target.pk:
            return True
        seen.add(here)
        here = ways.get(here)
    return False


def _write_to(post: Post, holder: User, *, now: datetime) -> None:
    """Tell the newcomer what they hold now and how to sign in: by a code, no password."""
    with translation.override(holder.language):
        url = f"{settings.SITE_URL}{reverse('courses:desk')}"
        fact = gettext("You hold a post now: %(post)s.") % {"post": str(post.get_kind_display()).lower()}
        ground = post.centre.name if post.centre else ", ".join(parish.name for parish in post.parishes.all())
        lines = [", ".join(filter(None, (post.department.name, ground)))]
        if post.starts_on > timezone.localdate(now):
            lines.append(gettext("It begins on %(day)s.") % {"day": dates.on_day(post.starts_on)})
        lines.append(
            gettext("To sign in, write this e-mail address: %(email)s. We send a code to it; there is no password.")
            % {"email": holder.email}
        )
        button = (gettext("Open the desk"), url)
        frame = {
            "language": holder.language,
            "subject": fact,
            "fact": fact,
            "lines": lines,
            "button": button,
            "site": settings.SITE_URL,
            "portal": settings.PORTAL_NAME,
            "municipality": settings.MUNICIPALITY_NAME,
            "phone": spaced(settings.CONTACT_PHONE),
        }
        messages.write(
            kind="post_given",
            channel=Message.Channel.EMAIL,
            to=holder.email,
            language=holder.language,
            subject=fact,
            text="\n\n".join([fact, *lines, f"{button[0]}: {url}"]),
            html=render_to_string("messages/frame.html", frame | _BARE),
            links=[{"label": button[0], "url": url}],
            reference=f"post:{post.pk}",
            now=now,
        )


# What the frame of messages asks for and this one does not say.
_BARE: dict[str, object] = {"entries": [], "title": "", "when": [], "where": "", "cannot": None, "number": ""}
