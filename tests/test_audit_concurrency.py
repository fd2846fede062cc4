"""Posts, looks and history with real connections: what several do at once is done once, and told."""

from typing import Any

import pytest
from django.utils import timezone

from coordinators.domain import looks, posts
from coordinators.domain.access import reach
from coordinators.domain.posts import PostSpec, Refused
from coordinators.models import Post
from courses.domain import programme
from courses.models import Activity
from ecosystem import history, tasks
from ecosystem.models import Look, Message, User
from tests import factories as f
from tests.factories import NOW
from tests.test_concurrency import at_once
from tests.test_posts import hold

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch: Any) -> None:
    """The messages stay rows."""
    monkeypatch.setattr(tasks.send, "apply_async", lambda *args, **options: None)


def reached(user: User) -> Any:
    return reach(user, on=timezone.localdate())


def test_two_heads_hand_the_same_vacant_post_at_once() -> None:
    post = f.PostFactory(holder=None)
    heads = [hold(kind, email=f"{kind}@example.lv").holder for kind in ("head", "administrator")]
    by = [reached(user) for user in heads]

    def hand(number: int) -> Any:
        return posts.hand_over(
            post=post,
            email=f"jauna{number}@example.lv",
            name=f"Jaunā {number}",
            seen=None,
            reach=by[number % 2],
            now=timezone.now(),
        )

    results = at_once(*(lambda n=n: hand(n) for n in range(6)))
    won = [result for result in results if isinstance(result, Post)]
    assert len(won) == 1
    assert {type(result) for result in results} == {Post, Refused}
    post.refresh_from_db()
    assert post.holder == won[0].holder
    assert all(post.holder.name in str(result) for result in results if isinstance(result, Refused))
    assert Message.objects.filter(kind="post_given").count() == 1
    assert history.rows_of(Post).filter(id=post.pk, holder__isnull=False).count() == 1


def test_two_administrators_leave_at_once_and_one_stays() -> None:
    both = [hold("administrator", email=f"{name}@example.lv") for name in ("a", "b")]
    by = [reached(post.holder) for post in both]
    results = at_once(
        *(
            lambda n=n: posts.vacate(post=both[n], seen=both[n].holder_id, reach=by[n], now=timezone.now())
            for n in range(2)
        )
    )
    assert sorted(type(result).__name__ for result in results) == ["Post", "Refused"]
    assert Post.objects.exclude(holder=None).count() == 1


def test_the_same_post_opened_twice_at_once_is_one() -> None:
    by = reached(hold("head", email="h@example.lv").holder)
    spec = PostSpec(
        kind="coordinator",
        department=f.DepartmentFactory(),
        parishes=[f.ParishFactory()],
        starts_on=timezone.localdate(),
    )
    results = at_once(*[lambda: posts.open_post(spec=spec, reach=by, now=timezone.now())] * 4)
    assert sorted(type(result).__name__ for result in results) == ["Post", "Refused", "Refused", "Refused"]


def test_two_posts_name_each_other_at_once_and_no_circle_stands() -> None:
    by = reached(hold("administrator", email="adm@example.lv").holder)
    one = f.PostFactory(holder__email="one@example.lv")
    other = f.PostFactory(kind="project_manager", holder__email="other@example.lv", parishes=[])
    results = at_once(
        lambda: posts.name_stand_in(post=one, stands_in=other, reach=by, now=timezone.now()),
        lambda: posts.name_stand_in(post=other, stands_in=one, reach=by, now=timezone.now()),
    )
    assert sorted(type(result).__name__ for result in results) == ["Post", "Refused"]


def test_one_page_opened_ten_times_at_once_is_one_look() -> None:
    activity, user = f.ActivityFactory(), f.UserFactory()
    nobody = [lambda: looks.note(kind="list", by=None, about=activity, now=NOW)] * 5
    results = at_once(*[lambda: looks.note(kind="list", by=user, about=activity, now=NOW)] * 10, *nobody)
    assert results == [None] * 15
    assert list(Look.objects.order_by("by").values_list("by", flat=True)) == [user.pk, None]


def test_changes_at_once_are_each_told_from_the_one_before() -> None:
    activity = f.ActivityFactory(capacity=10)

    def raise_to(number: int) -> Any:
        spec = programme.spec_of(Activity.objects.get(pk=activity.pk))
        changed = type(spec)(**{**vars(spec), "capacity": number})
        return programme.update_activity(activity=activity, spec=changed, now=timezone.now())

    results = at_once(*(lambda n=n: raise_to(n) for n in range(11, 17)))
    assert [result for result in results if not isinstance(result, Activity)] == []
    rows = list(history.rows_of(Activity).filter(id=activity.pk).order_by("history_id"))
    assert [row.history_type for row in rows] == ["+", *["~"] * 6]
    assert sorted(row.capacity for row in rows) == [10, *range(11, 17)]
    activity.refresh_from_db()
    assert activity.capacity == rows[-1].capacity
