"""Posts: opened, handed over, left vacant, ended; who stands in and what that gives; and what is refused, in words."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from coordinators.domain import posts
from coordinators.domain.access import Reach, reach
from coordinators.domain.posts import PostSpec, Refused
from coordinators.models import Post
from courses.domain import rights
from courses.domain import today as day
from ecosystem.models import Message, User
from tests.factories import (
    ActivityFactory,
    CentreFactory,
    DepartmentFactory,
    ParishFactory,
    PostFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
VILCE = {"code": "0540290", "name": "Vilces pagasts", "centre_name": "Vilce"}


def hold(kind: str, *, email: str, department: str = "MUZ", **more: Any) -> Post:
    more.setdefault("parishes", [])
    return PostFactory(
        kind=kind, holder__email=email, holder__name=email.split("@")[0], department__code=department, **more
    )


def reached(user: User) -> Reach:
    return reach(user, on=timezone.localdate())


@pytest.fixture
def head() -> Reach:
    return reached(hold("head", email="vaditaja@example.lv").holder)


@pytest.fixture
def admin() -> Reach:
    return reached(hold("administrator", email="admin@example.lv").holder)


def spec(**more: Any) -> PostSpec:
    base = {"kind": "coordinator", "department": DepartmentFactory(), "parishes": [ParishFactory()], "starts_on": TODAY}
    return PostSpec(**{**base, **more})


def now() -> Any:
    return timezone.now()


def hand(post: Post, by: Reach, email: str = "zane@example.lv", name: str = "Zane Kalve", **more: Any) -> Post:
    return posts.hand_over(
        post=post, email=email, name=name, seen=more.get("seen", post.holder_id), reach=by, now=now()
    )


# Opening and handing over.


def test_a_post_is_opened_vacant_and_handed_to_somebody_new(head: Reach) -> None:
    post = posts.open_post(spec=spec(phone="+37163000201"), reach=head, now=now())
    assert (post.holder, [parish.pk for parish in post.parishes.all()]) == (None, ["0540248"])
    hand(post, head, email="Zane@Example.lv")
    zane = User.objects.get(email="zane@example.lv")
    assert (zane.name, zane.has_usable_password()) == ("Zane Kalve", False)
    assert [p.pk for p in reached(zane).posts] == [post.pk]
    letter = Message.objects.get(kind="post_given")
    assert (letter.to, letter.state) == ("zane@example.lv", "waiting")
    assert "zane@example.lv" in letter.text
    assert "/darbs/" in letter.text


def test_somebody_known_keeps_the_account_and_the_name(head: Reach) -> None:
    UserFactory(email="zane@example.lv", name="Zane Pati")
    hand(PostFactory(holder=None), head)
    assert (User.objects.filter(email="zane@example.lv").count(), User.objects.get(email="zane@example.lv").name) == (
        1,
        "Zane Pati",
    )


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"name": ""}, "kolēģi to redz"),
        ({"email": "slegts@example.lv"}, "konts ir slēgts"),
    ],
)
def test_a_hand_over_is_refused_in_words(head: Reach, given: dict[str, Any], words: str) -> None:
    UserFactory(email="slegts@example.lv", is_active=False)
    post = PostFactory(holder=None)
    with pytest.raises(Refused, match=words):
        hand(post, head, **given)
    post.refresh_from_db()
    assert (post.holder, User.objects.filter(email="zane@example.lv").exists()) == (None, False)


def test_who_comes_second_is_told(head: Reach) -> None:
    post = PostFactory(holder=None)
    hand(post, head)
    with pytest.raises(Refused, match="Zane Kalve"):
        hand(post, head, email="berta@example.lv", name="Berta Ozola", seen=None)
    post.refresh_from_db()
    assert post.holder.name == "Zane Kalve"
    assert Message.objects.filter(kind="post_given").count() == 1


# One post a job.


@pytest.mark.parametrize(
    ("there", "asked", "refused"),
    [
        ({}, {}, True),
        ({"department__code": "JAU"}, {}, False),
        ({"kind": "project_manager"}, {}, False),
        ({"ends_on": TODAY - timedelta(days=1)}, {}, False),
        ({"ends_on": TODAY}, {}, True),
        ({"starts_on": TODAY + timedelta(days=10)}, {"ends_on": TODAY + timedelta(days=9)}, False),
        ({"starts_on": TODAY + timedelta(days=10)}, {"ends_on": TODAY + timedelta(days=10)}, True),
    ],
)
def test_a_parish_has_one_coordinator_of_a_department(
    admin: Reach, there: dict[str, Any], asked: dict[str, Any], refused: bool
) -> None:
    PostFactory(holder=None, **there)
    wanted = spec(parishes=[ParishFactory(), ParishFactory(**VILCE)], **asked)
    if not refused:
        assert posts.open_post(spec=wanted, reach=admin, now=now()).pk
        return
    with pytest.raises(Refused, match="Elejas pagasts"):
        posts.open_post(spec=wanted, reach=admin, now=now())


def test_a_department_has_one_head_and_a_centre_one_manager(admin: Reach) -> None:
    hold("head", email="a@example.lv")
    with pytest.raises(Refused, match="vadītāja amats"):
        posts.open_post(spec=spec(kind="head", parishes=[]), reach=admin, now=now())
    centre = CentreFactory()
    managing = spec(kind="manager", parishes=[], centre=centre)
    post = posts.open_post(spec=managing, reach=admin, now=now())
    with pytest.raises(Refused, match="centram"):
        posts.open_post(spec=managing, reach=admin, now=now())
    posts.change(post=post, spec=spec(kind="manager", parishes=[], centre=centre, phone="1"), reach=admin, now=now())
    post.refresh_from_db()
    assert post.phone == "1"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"parishes": []}, "parishes"),
        ({"kind": "manager"}, "centre"),
        ({"ends_on": TODAY - timedelta(days=1)}, "ends_on"),
    ],
)
def test_what_is_wrong_with_a_post_in_itself(admin: Reach, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        posts.open_post(spec=spec(**wrong), reach=admin, now=now())
    assert refused.value.field == field
    assert Post.objects.count() == 1


# Who may.


@pytest.mark.parametrize(
    ("kind", "department", "allowed"),
    [
        ("coordinator", "MUZ", True),
        ("manager", "MUZ", True),
        ("project_manager", "MUZ", True),
        ("head", "MUZ", False),
        ("administrator", "MUZ", False),
        ("coordinator", "JAU", False),
    ],
)
def test_a_head_looks_after_the_own_department_but_not_after_heads(
    head: Reach, admin: Reach, kind: str, department: str, allowed: bool
) -> None:
    DepartmentFactory(code="JAU", name="Jaunatnes nodaļa")
    centre = CentreFactory() if kind == "manager" else None
    wanted = spec(
        kind=kind, department=DepartmentFactory(code=department), parishes=[ParishFactory(**VILCE)], centre=centre
    )
    post = PostFactory(
        kind=kind, department__code=department, holder=None, centre=None, parishes=[ParishFactory()], ends_on=TODAY
    )
    post.ends_on = None

    def zane() -> int | None:
        return User.objects.filter(email="zane@example.lv").values_list("pk", flat=True).first()

    actions: list[Any] = [
        lambda by: posts.open_post(spec=wanted, reach=by, now=now()),
        lambda by: hand(post, by),
        lambda by: posts.vacate(post=post, seen=zane(), reach=by, now=now()),
        lambda by: posts.name_stand_in(post=post, stands_in=None, reach=by, now=now()),
        lambda by: posts.end(post=post, on=TODAY, seen=None, reach=by, now=now()),
    ]
    for act in actions:
        if allowed:
            act(head)
        else:
            with pytest.raises(Refused):
                act(head)
    assert posts.managed_by(head).filter(pk=post.pk).exists() is allowed
    assert posts.managed_by(admin).filter(pk=post.pk).exists()


def test_a_coordinator_looks_after_no_post() -> None:
    mine = reached(PostFactory().holder)
    with pytest.raises(Refused):
        posts.open_post(spec=spec(), reach=mine, now=now())
    assert (list(posts.managed_by(mine)), posts.kinds(mine)) == ([], [])


def test_nobody_makes_themselves_administrator(admin: Reach, head: Reach) -> None:
    other = PostFactory(kind="administrator", holder=None, parishes=[])
    for by in (admin, head):
        with pytest.raises(Refused):
            hand(other, by, email=by.user.email)  # type: ignore[union-attr]
    hand(other, admin)
    assert reached(User.objects.get(email="zane@example.lv")).is_administrator


def test_the_last_administrator_stays(admin: Reach) -> None:
    own = admin.posts[0]
    steps: list[Any] = [
        lambda: posts.vacate(post=own, seen=own.holder_id, reach=admin, now=now()),
        lambda: posts.end(post=own, on=TODAY, seen=own.holder_id, reach=admin, now=now()),
        lambda: posts.end(post=own, on=TODAY + timedelta(days=90), seen=own.holder_id, reach=admin, now=now()),
        lambda: hand(own, admin),
        lambda: posts.change(
            post=own, spec=spec(parishes=[], starts_on=TODAY + timedelta(days=1)), reach=admin, now=now()
        ),
    ]
    for step in steps:
        with pytest.raises(Refused, match="pēdējais administrators"):
            step()
    ending = hold("administrator", email="otrs@example.lv", ends_on=TODAY + timedelta(days=30))
    with pytest.raises(Refused, match="pēdējais administrators"):
        steps[2]()
    Post.objects.filter(pk=ending.pk).update(ends_on=None)
    posts.vacate(post=own, seen=own.holder_id, reach=admin, now=now())
    assert not reached(User.objects.get(email="admin@example.lv"))


def test_the_only_head_does_not_take_themselves_away_but_an_administrator_may(admin: Reach) -> None:
    both = hold("head", email="admin@example.lv")
    with pytest.raises(Refused, match="vienīgais"):
        posts.vacate(post=both, seen=both.holder_id, reach=admin, now=now())
    other = hold("head", email="jau@example.lv", department="JAU")
    posts.vacate(post=other, seen=other.holder_id, reach=admin, now=now())
    other.refresh_from_db()
    assert other.holder is None


# Leaving and ending.


def test_an_open_page_does_nothing_any_more_once_the_post_is_gone(client: Client, head: Reach) -> None:
    post = PostFactory()
    client.force_login(post.holder)
    assert client.get("/darbs/").status_code == 200
    posts.end(post=post, on=TODAY, seen=post.holder_id, reach=head, now=now())
    assert client.get("/darbs/").status_code == 403
    post.refresh_from_db()
    assert (post.holder, post.ends_on) == (None, TODAY)
    assert day.day(reach=head, now=now()).decisions["vacant"].total == 0, "a post that has ended is not to be filled"


def test_a_post_that_ends_later_is_held_until_then(head: Reach) -> None:
    post = PostFactory()
    later = TODAY + timedelta(days=5)
    posts.end(post=post, on=later, seen=post.holder_id, reach=head, now=now())
    post.refresh_from_db()
    assert post.holder is not None
    assert (bool(reach(post.holder, on=later)), bool(reach(post.holder, on=later + timedelta(days=1)))) == (True, False)
    with pytest.raises(Refused, match="pagājusi"):
        posts.end(post=post, on=TODAY - timedelta(days=1), seen=post.holder_id, reach=head, now=now())


# Standing in.


def test_standing_in_gives_the_work_of_a_vacant_post_and_nothing_longer(head: Reach, query_count: Any) -> None:
    vilce = ParishFactory(**VILCE)
    vacant = PostFactory(holder=None, parishes=[vilce])
    mine = PostFactory(holder__email="eleja@example.lv")
    ours, theirs = ActivityFactory(title="Eleja"), ActivityFactory(title="Vilce", parish=vilce, centre=None)
    user = mine.holder

    def works_on() -> set[str]:
        return set(rights.managed_by(reached(user)).values_list("title_lv", flat=True))

    assert works_on() == {"Eleja"}
    posts.name_stand_in(post=vacant, stands_in=mine, reach=head, now=now())
    with query_count(2):
        mine_now = reached(user)
    assert ([p.pk for p in mine_now.posts], [p.pk for p in mine_now.standing_in]) == ([mine.pk], [vacant.pk])
    assert works_on() == {"Eleja", "Vilce"}
    assert (rights.may_manage(mine_now, ours), rights.may_manage(mine_now, theirs)) == (True, True)
    hand(vacant, head)
    assert works_on() == {"Eleja"}, "the post is held again"
    posts.vacate(post=vacant, seen=User.objects.get(email="zane@example.lv").pk, reach=head, now=now())
    assert works_on() == {"Eleja", "Vilce"}
    Post.objects.filter(pk=mine.pk).update(ends_on=TODAY - timedelta(days=1))
    PostFactory(kind="project_manager", holder=user, parishes=[])
    assert works_on() == set(), "what stood in has ended, whatever else they hold"


def test_a_head_s_and_an_administrator_s_rights_are_lent_to_nobody(admin: Reach) -> None:
    mine = PostFactory(holder__email="eleja@example.lv", parishes=[ParishFactory(**VILCE)])
    for kind in ("head", "administrator"):
        PostFactory(kind=kind, holder=None, parishes=[], stands_in=mine)
    found = reached(mine.holder)
    assert (found.headed, found.is_administrator, found.standing_in) == (frozenset(), False, ())


def test_a_manager_s_centre_is_worked_on_by_who_stands_in() -> None:
    mine = PostFactory(holder__email="eleja@example.lv", parishes=[ParishFactory(**VILCE)])
    PostFactory(kind="manager", holder=None, centre=CentreFactory(), parishes=[], stands_in=mine)
    ActivityFactory(lead=DepartmentFactory(code="JAU", name="Jaunatnes nodaļa"), title="Centrā")
    assert [a.title for a in rights.managed_by(reached(mine.holder))] == ["Centrā"]


@pytest.mark.parametrize("who", ["itself", "vacant", "ended", "circle", "long circle"])
def test_who_cannot_stand_in(head: Reach, who: str) -> None:
    post = PostFactory()
    other = PostFactory(holder__email="b@example.lv", parishes=[ParishFactory(**VILCE)])
    third = PostFactory(kind="project_manager", holder__email="c@example.lv", parishes=[])
    if who == "vacant":
        Post.objects.filter(pk=other.pk).update(holder=None)
    if who == "ended":
        Post.objects.filter(pk=other.pk).update(ends_on=TODAY - timedelta(days=1))
    if who == "circle":
        Post.objects.filter(pk=other.pk).update(stands_in=post)
    if who == "long circle":
        Post.objects.filter(pk=other.pk).update(stands_in=third)
        Post.objects.filter(pk=third.pk).update(stands_in=post)
    with pytest.raises(Refused) as refused:
        posts.name_stand_in(post=post, stands_in=post if who == "itself" else other, reach=head, now=now())
    assert refused.value.field == "stands_in"
    post.refresh_from_db()
    assert post.stands_in is None


def test_who_has_left_answers_for_no_other_post() -> None:
    other = PostFactory(holder__email="b@example.lv", parishes=[ParishFactory(**VILCE)])
    post = PostFactory(holder=None, stands_in=other)
    assert post.answering == other
    other.ends_on = TODAY - timedelta(days=1)
    assert post.answering is None


# The pages.


@pytest.fixture
def pages(client: Client, head: Reach) -> Client:
    client.force_login(head.user)  # type: ignore[arg-type]
    return client


def test_everyone_with_a_post_sees_the_list_with_names_and_telephones(client: Client) -> None:
    coordinator = PostFactory(phone="+37163000201")
    vacant = PostFactory(holder=None, parishes=[ParishFactory(**VILCE)], stands_in=coordinator)
    PostFactory(
        department__code="JAU",
        department__name="Jaunatnes nodaļa",
        holder__email="jau@example.lv",
        holder__name="Jānis Ābols",
    )
    client.force_login(coordinator.holder)
    page = client.get("/darbs/amati/").content.decode()
    for said in ("Ilze Ozola", "6300\u00a00201", "Jānis Ābols", "Jaunatnes nodaļa", "Vakants", "aizvieto"):
        assert said in page
    assert f"/darbs/amati/{vacant.pk}/" not in page, "who may not change it gets no link"
    assert "/darbs/amati/jauns/" not in page
    only = client.get("/darbs/amati/?brivi=1").content.decode()
    assert ("Vilces pagasts" in only, "Jānis Ābols" in only) == (True, False)


def test_the_list_asks_a_fixed_number_of_times(pages: Client, same_queries: Any) -> None:
    def add(number: int) -> None:
        PostFactory(
            holder__email=f"k{number}@example.lv",
            parishes=[ParishFactory(code=f"05402{number:02d}", name=f"P{number}", slug=f"p{number}")],
        )

    same_queries(7, add=add, visit=lambda: pages.get("/darbs/amati/"))


def test_the_pages_open_hand_name_and_end(pages: Client) -> None:
    form = {
        "kind": "coordinator",
        "department": "MUZ",
        "parishes": ["0540248"],
        "phone": "6300 0201",
        "email": "eleja.muz@example.lv",
        "starts_on": TODAY.isoformat(),
    }
    ParishFactory()
    answer = pages.post("/darbs/amati/jauns/", form)
    post = Post.objects.get(kind="coordinator")
    path = f"/darbs/amati/{post.pk}/"
    assert (answer.status_code, answer["Location"], post.phone) == (302, path, "+37163000201")
    again = pages.post("/darbs/amati/jauns/", form)
    assert again.status_code == 422
    assert "jau ir koordinatora amats" in again.content.decode()
    given = {"action": "hand", "seen": "", "hand-email": "zane@example.lv", "hand-name": "Zane Kalve"}
    assert pages.post(path, given).status_code == 302
    late = pages.post(path, {**given, "hand-email": "b@example.lv", "hand-name": "Berta"})
    assert late.status_code == 422
    assert "Zane Kalve" in late.content.decode()
    assert "b@example.lv" in late.content.decode(), "what was typed is not lost"
    other = PostFactory(holder__email="c@example.lv", parishes=[ParishFactory(**VILCE)])
    assert pages.post(path, {"action": "stand_in", "instead-stands_in": str(other.pk)}).status_code == 302
    zane = User.objects.get(email="zane@example.lv")
    assert pages.post(path, {"action": "vacate", "seen": str(zane.pk)}).status_code == 302
    post.refresh_from_db()
    assert (post.holder, post.stands_in) == (None, other)
    edited = pages.post(
        f"{path}labot/", {"parishes": ["0540248"], "phone": "6300 0299", "starts_on": TODAY.isoformat()}
    )
    assert edited.status_code == 302
    ended = pages.post(path, {"action": "end", "seen": "", "end-on": TODAY.isoformat()})
    assert ended.status_code == 302
    page = pages.get(path).content.decode()
    assert "Amats ir beidzies" in page
    assert "Zane Kalve" in page, "its history is there"


@pytest.mark.parametrize(
    "form",
    [
        {"action": "hand", "hand-email": "nav adrese"},
        {"action": "hand", "hand-email": "a\x00b@example.lv"},
        {"action": "hand", "hand-email": "a@example.lv", "hand-name": "x" * 500},
        {"action": "end", "end-on": "2027-02-31"},
        {"action": "stand_in", "instead-stands_in": "99999"},
        {"action": "vacate", "seen": "99999999999999999999"},
    ],
)
def test_bad_input_is_answered_in_words(pages: Client, form: dict[str, str]) -> None:
    post = PostFactory()
    assert pages.post(f"/darbs/amati/{post.pk}/", form).status_code == 422
    assert pages.post(f"/darbs/amati/{post.pk}/", {"action": "cits"}).status_code == 404


def test_another_s_post_is_refused_as_such_and_none_is_none(pages: Client, client: Client) -> None:
    jau = PostFactory(department__code="JAU", department__name="Jaunatnes nodaļa", holder__email="jau@example.lv")
    own = Post.objects.get(kind="head")
    for pk, status in ((jau.pk, 403), (own.pk, 403), (99999, 404)):
        for tail in ("", "labot/"):
            assert pages.get(f"/darbs/amati/{pk}/{tail}").status_code == status
            assert pages.post(f"/darbs/amati/{pk}/{tail}", {"action": "vacate", "seen": ""}).status_code == status
    client.force_login(PostFactory(holder__email="k@example.lv").holder)
    assert client.post(f"/darbs/amati/{jau.pk}/", {"action": "vacate"}).status_code == 403
    jau.refresh_from_db()
    assert jau.holder is not None


def test_today_leads_to_the_vacant_post(pages: Client) -> None:
    vacant = PostFactory(holder=None)
    page = pages.get("/darbs/").content.decode()
    assert f'href="/darbs/amati/{vacant.pk}/"' in page


# The command.


def test_the_first_administrator_comes_by_a_command(capsys: Any) -> None:
    DepartmentFactory()
    call_command("grant_post", "Pirma@Example.lv", "--department", "MUZ", "--name", "Pirmā Administratore")
    user = User.objects.get(email="pirma@example.lv")
    assert (user.name, reached(user).is_administrator) == ("Pirmā Administratore", True)
    call_command("grant_post", "pirma@example.lv", "--department", "MUZ")
    assert Post.objects.count() == 1
    call_command(
        *("grant_post", "k@example.lv", "--department", "MUZ", "--kind", "coordinator"),
        *("--parish", ParishFactory().name, "--name", "Kārlis"),
    )
    assert reached(User.objects.get(email="k@example.lv")).parish_codes == {"0540248"}
    for wrong in (["nav"], ["a@example.lv", "--kind", "coordinator"], ["b@example.lv", "--parish", "Nekurienes"]):
        with pytest.raises(CommandError):
            call_command("grant_post", *wrong, "--department", "MUZ")
    with pytest.raises(CommandError, match="MUZ"):
        call_command("grant_post", "a@example.lv", "--department", "NAV")
    assert capsys.readouterr().out.count("\n") == 3
