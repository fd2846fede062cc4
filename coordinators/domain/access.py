"""Who may act where. Rights come from posts in force on the day, never from flags on an account.

A coordinator works on their department's activities in their parishes, a centre manager on what happens in their
centre, a head on all of the department's, an administrator on everything. Everyone with a post sees the plans of all;
a project manager, whose project spans the departments, sees their drafts as well, and changes none.

While a coordinator's or a centre manager's post is vacant, whoever stands in for it works on what is its: calls go to
them, and a call that one may only listen to helps nobody. The rights of heads and administrators are lent to nobody:
such a post is handed over.
"""

from dataclasses import dataclass, field
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from coordinators.models import Post
from ecosystem.models import User

# What standing in gives: the work of these, while their post is vacant.
LENT = (Post.Kind.COORDINATOR, Post.Kind.MANAGER)


@dataclass(frozen=True)
class Reach:
    """What somebody's posts let them act on; empty for who holds none."""

    user: User | None = None
    posts: tuple[Post, ...] = ()
    # Vacant posts that one of these stands in for.
    standing_in: tuple[Post, ...] = ()
    # (department code, parish code) a coordinator answers for.
    parishes: frozenset[tuple[str, str]] = frozenset()
    # Centres a manager answers for.
    centres: frozenset[int] = frozenset()
    # Departments that somebody heads.
    headed: frozenset[str] = frozenset()
    # Departments of any of the posts: their drafts are seen.
    departments: frozenset[str] = field(default_factory=frozenset)
    is_administrator: bool = False
    # Sees the drafts of all departments.
    sees_drafts: bool = False

    def __bool__(self) -> bool:
        return bool(self.posts)

    @property
    def acting(self) -> tuple[Post, ...]:
        """The posts somebody works for: those held, and those they stand in for."""
        return self.posts + self.standing_in

    @property
    def reads_trail(self) -> bool:
        """Whether one reads who changed what and who looked at whom."""
        return bool(self.headed) or self.is_administrator

    @property
    def sets_limits(self) -> bool:
        """Whether one sets the dated limits that figures are counted by."""
        return bool(self.headed) or self.is_administrator

    @property
    def parish_codes(self) -> frozenset[str]:
        """The parishes of any of the posts."""
        return frozenset(code for _department, code in self.parishes)


def reach(user: User | AnonymousUser, *, on: date) -> Reach:
    """What this person's posts let them act on that day; two queries."""
    if not isinstance(user, User) or not user.is_active:
        return Reach()
    found = list(
        Post.objects.in_force(on=on)
        .filter(Q(holder=user) | Q(holder=None, stands_in__holder=user, kind__in=LENT))
        .select_related("department", "centre__parish")
        .prefetch_related("parishes")
        .order_by("pk")
    )
    posts = tuple(post for post in found if post.holder_id is not None)
    held = {post.pk for post in posts}
    standing_in = tuple(post for post in found if post.holder_id is None and post.stands_in_id in held)
    acting = posts + standing_in
    kinds = {post.kind for post in posts}
    return Reach(
        user=user,
        posts=posts,
        standing_in=standing_in,
        parishes=frozenset(
            (post.department_id, parish.pk)
            for post in acting
            if post.kind == Post.Kind.COORDINATOR
            for parish in post.parishes.all()
        ),
        centres=frozenset(p.centre_id for p in acting if p.kind == Post.Kind.MANAGER and p.centre_id is not None),
        headed=frozenset(post.department_id for post in posts if post.kind == Post.Kind.HEAD),
        departments=frozenset(post.department_id for post in acting),
        is_administrator=Post.Kind.ADMINISTRATOR in kinds,
        sees_drafts=bool(kinds & {Post.Kind.ADMINISTRATOR, Post.Kind.PROJECT_MANAGER}),
    )
