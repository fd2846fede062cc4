"""Who may act where. Rights come from posts in force on the day, never from flags on an account.

A coordinator works on their department's activities in their parishes, a centre manager on what happens in their
centre, a head on all of the department's, an administrator on everything. Everyone with a post sees the plans of all.
"""

from dataclasses import dataclass, field
from datetime import date

from django.contrib.auth.models import AnonymousUser

from coordinators.models import Post
from ecosystem.models import User


@dataclass(frozen=True)
class Reach:
    """What somebody's posts let them act on; empty for who holds none."""

    user: User | None = None
    posts: tuple[Post, ...] = ()
    # (department code, parish code) a coordinator answers for.
    parishes: frozenset[tuple[str, str]] = frozenset()
    # Centres a manager answers for.
    centres: frozenset[int] = frozenset()
    # Departments that somebody heads.
    headed: frozenset[str] = frozenset()
    # Departments of any of the posts: their drafts are seen.
    departments: frozenset[str] = field(default_factory=frozenset)
    is_administrator: bool = False

    def __bool__(self) -> bool:
        return bool(self.posts)

    @property
    def parish_codes(self) -> frozenset[str]:
        """The parishes of any of the posts."""
        return frozenset(code for _department, code in self.parishes)


def reach(user: User | AnonymousUser, *, on: date) -> Reach:
    """What this person's posts let them act on that day; two queries."""
    if not isinstance(user, User) or not user.is_active:
        return Reach()
    posts = tuple(
        Post.objects.in_force(on=on)
        .filter(holder=user)
        .select_related("department", "centre__parish")
        .prefetch_related("parishes")
        .order_by("pk")
    )
    return Reach(
        user=user,
        posts=posts,
        parishes=frozenset(
            (post.department_id, parish.pk)
            for post in posts
            if post.kind == Post.Kind.COORDINATOR
            for parish in post.parishes.all()
        ),
        centres=frozenset(p.centre_id for p in posts if p.kind == Post.Kind.MANAGER and p.centre_id is not None),
        headed=frozenset(post.department_id for post in posts if post.kind == Post.Kind.HEAD),
        departments=frozenset(post.department_id for post in posts),
        is_administrator=any(post.kind == Post.Kind.ADMINISTRATOR for post in posts),
    )
