"""Who may do what: each kind of post, what it sees, what it works on, and every address of the desk by guessed ids.

The world: Eleja and Vilce; MUZ and JAU; Eleja's youth centre and Vilce's library. Each activity is named by
department, parish, and where it stands. The expectations are literal: a right that changes, changes here.
"""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from coordinators.domain.access import Reach, reach
from courses.domain import rights
from courses.models import Activity, Registration
from ecosystem.models import User
from tests.factories import (
    ActivityFactory,
    CentreFactory,
    DepartmentFactory,
    ParishFactory,
    PartyFactory,
    PostFactory,
    RegistrationFactory,
    UserFactory,
)
from tests.harness.worlds import once

pytestmark = pytest.mark.django_db

ELEJA, VILCE = "0540248", "0540290"
# What there is: the name, the department that leads, the parish, the centre, the status.
ACTIVITIES = {
    "muz-eleja": ("MUZ", ELEJA, "youth", "published"),
    "muz-eleja-draft": ("MUZ", ELEJA, None, "draft"),
    "muz-vilce": ("MUZ", VILCE, None, "published"),
    "muz-vilce-planned": ("MUZ", VILCE, "library", "planned"),
    "jau-eleja": ("JAU", ELEJA, None, "published"),
    "jau-eleja-draft": ("JAU", ELEJA, "youth", "draft"),
    "jau-vilce-cancelled": ("JAU", VILCE, "library", "cancelled"),
}
MUZ = {"muz-eleja", "muz-eleja-draft", "muz-vilce", "muz-vilce-planned"}
JAU = {"jau-eleja", "jau-eleja-draft", "jau-vilce-cancelled"}
EVERYTHING = MUZ | JAU
# Whose post: what it is, what it sees, what it works on.
POSTS: dict[str, tuple[dict[str, Any], set[str], set[str]]] = {
    "coordinator": (
        {"department": "MUZ", "parishes": [ELEJA]},
        EVERYTHING - {"jau-eleja-draft"},
        {"muz-eleja", "muz-eleja-draft"},
    ),
    "coordinator of another parish": (
        {"department": "MUZ", "parishes": [VILCE]},
        EVERYTHING - {"jau-eleja-draft"},
        {"muz-vilce", "muz-vilce-planned"},
    ),
    "coordinator of both parishes": (
        {"department": "MUZ", "parishes": [ELEJA, VILCE]},
        EVERYTHING - {"jau-eleja-draft"},
        MUZ,
    ),
    "coordinator of another department": (
        {"department": "JAU", "parishes": [ELEJA]},
        EVERYTHING - {"muz-eleja-draft"},
        {"jau-eleja", "jau-eleja-draft"},
    ),
    # Whatever happens in the centre, whoever leads it.
    "manager of the youth centre": (
        {"kind": "manager", "department": "JAU", "parishes": [ELEJA], "centre": "youth"},
        EVERYTHING - {"muz-eleja-draft"},
        {"muz-eleja", "jau-eleja-draft"},
    ),
    "manager of the library": (
        {"kind": "manager", "department": "MUZ", "parishes": [VILCE], "centre": "library"},
        EVERYTHING - {"jau-eleja-draft"},
        {"muz-vilce-planned", "jau-vilce-cancelled"},
    ),
    "head": ({"kind": "head", "department": "MUZ", "parishes": []}, EVERYTHING - {"jau-eleja-draft"}, MUZ),
    "head of another department": (
        {"kind": "head", "department": "JAU", "parishes": []},
        EVERYTHING - {"muz-eleja-draft"},
        JAU,
    ),
    "project manager": (
        # A project spans the departments: it sees their drafts as well.
        {"kind": "project_manager", "department": "MUZ", "parishes": [ELEJA]},
        EVERYTHING,
        set(),
    ),
    "administrator": ({"kind": "administrator", "department": "MUZ", "parishes": []}, EVERYTHING, EVERYTHING),
    "coordinator until yesterday": ({"department": "MUZ", "parishes": [ELEJA], "ends_in": -1}, set(), set()),
    "coordinator until today": (
        {"department": "MUZ", "parishes": [ELEJA], "ends_in": 0},
        EVERYTHING - {"jau-eleja-draft"},
        {"muz-eleja", "muz-eleja-draft"},
    ),
    "coordinator from tomorrow": ({"department": "MUZ", "parishes": [ELEJA], "starts_in": 1}, set(), set()),
}


@once
def world() -> dict[str, Activity]:
    """The activities, a month from now."""
    parishes = {ELEJA: ParishFactory(), VILCE: ParishFactory(code=VILCE, name="Vilces pagasts", centre_name="Vilce")}
    DepartmentFactory(code="JAU", name="Jaunatnes nodaļa")
    centres = {
        None: None,
        "youth": CentreFactory(),
        "library": CentreFactory(slug="vilces-biblioteka", name="Vilces bibliotēka", parish=parishes[VILCE]),
    }
    return {
        name: ActivityFactory(
            pk=number,
            title=name,
            lead=DepartmentFactory(code=department),
            parish=parishes[parish],
            centre=centres[centre],
            status=status,
            first=timezone.now() + timedelta(days=30),
        )
        for number, (name, (department, parish, centre, status)) in enumerate(ACTIVITIES.items(), 101)
    }


def hold(post: dict[str, Any], *, email: str = "amata@example.lv") -> User:
    """Somebody who holds this post."""
    today = timezone.localdate()
    rest = dict(post)
    starts_in, ends_in = rest.pop("starts_in", -100), rest.pop("ends_in", None)
    centre = {"youth": "elejas-jauniesu-centrs", "library": "vilces-biblioteka"}.get(rest.pop("centre", ""))
    made = PostFactory(
        holder=UserFactory(email=email),
        department=DepartmentFactory(code=rest.pop("department")),
        parishes=[ParishFactory(code=code) for code in rest.pop("parishes")],
        centre=CentreFactory(slug=centre) if centre else None,
        starts_on=today + timedelta(days=starts_in),
        ends_on=None if ends_in is None else today + timedelta(days=ends_in),
        **rest,
    )
    return made.holder


def reached(user: User) -> Reach:
    return reach(user, on=timezone.localdate())


def titles(found: Any) -> set[str]:
    return set(found.order_by("pk").values_list("title", flat=True))


@pytest.mark.parametrize("name", POSTS)
def test_a_post_sees_and_works_on_what_is_its_own(world: dict[str, Activity], name: str) -> None:
    post, seen, managed = POSTS[name]
    mine = reached(hold(post))
    assert titles(rights.seen_by(mine)) == seen
    assert titles(rights.managed_by(mine)) == managed
    assert {title for title, activity in world.items() if rights.may_manage(mine, activity)} == managed
    assert rights.managed_by(mine).count() == len(managed), "each once"


def test_nobody_s_post_and_an_account_put_away_reach_nothing(world: dict[str, Activity]) -> None:
    PostFactory(holder=None)
    PostFactory(holder=UserFactory(email="prom@example.lv", is_active=False))
    for user in (UserFactory(email="bez@example.lv"), UserFactory(email="prom@example.lv")):
        assert titles(rights.seen_by(reached(user))) == set()
        assert titles(rights.managed_by(reached(user))) == set()
    plain = UserFactory(email="karogs@example.lv", is_staff=True, is_superuser=True)
    assert not reached(plain), "flags give no rights, posts do"


def test_two_posts_add_up(world: dict[str, Activity]) -> None:
    hold({"department": "MUZ", "parishes": [VILCE]})
    user = hold({"department": "JAU", "parishes": [ELEJA]})
    assert titles(rights.managed_by(reached(user))) == {
        *("muz-vilce", "muz-vilce-planned"),
        *("jau-eleja", "jau-eleja-draft"),
    }, "not the one's department in the other's parish"
    assert titles(rights.seen_by(reached(user))) == EVERYTHING


def test_a_partner_department_does_not_change_a_joint_activity(world: dict[str, Activity]) -> None:
    world["jau-eleja"].partners.add(DepartmentFactory())
    assert "jau-eleja" not in titles(rights.managed_by(reached(hold(POSTS["head"][0]))))


# Every address of the desk by guessed ids.

# GET of an address about an activity, POST alone for buttons; {} is the activity's number.
ABOUT_ACTIVITY = {
    "": "GET",
    "izlemt/": "POST",
    "labot/": "GET",
    "labot/saglabat/": "POST",
    "sagatave/": "GET",
    "nodarbibas/": "GET",
    "statuss/": "GET",
    "kopet/": "GET",
    "pieteikt/": "GET",
    "pieteikt/jauns/": "GET",
    "zina/": "GET",
    "zinas/": "GET",
    "jaunumi/": "GET",
    "atsauksmes/": "GET",
    "atcelt/": "GET",
    "izmainas/": "GET",
    "apliecibas/": "GET",
    "kopskaiti/": "GET",
    # A file that is not there until something is issued.
    "apliecibas.pdf": "FILE",
}
# What two departments read; who may is told in test_partners.
BETWEEN = ["kopigi/"]
# Pages of the desk as a whole: whoever holds a post.
WHOLE = [
    *("", "programma/", "programma/kopet/", "sagataves/", "pasniedzeji/", "aktivitates/jauna/"),
    *("fails/", "fails/eksports/", "amati/", "iedzivotaji/", "dubultnieki/"),
    *("parklasanas/", "parklasanas/kalendars/", "parklasanas/merkgrupas/", "parklasanas/funkcijas/"),
    *("noteikumi/", "noteikumi/1/", "projekti/", "iestatijumi/", "iestatijumi/youth/"),
    *("parskati/", "parskati/bazes-vertibas/"),
]
# What a project manager's post is refused: it plans nothing and works with nobody's data.
NOT_FOR_PROJECTS = {"aktivitates/jauna/", "programma/kopet/", "iedzivotaji/", "dubultnieki/"}
# What a look at, and an empty press on, an address about these activities answers.
MANAGED, SEEN, UNSEEN = "managed", "seen only", "not seen"
TABLE = {
    # post, activity: what it is to them.
    ("coordinator", "muz-eleja"): MANAGED,
    ("coordinator", "muz-eleja-draft"): MANAGED,
    ("coordinator", "muz-vilce"): SEEN,
    ("coordinator", "jau-eleja"): SEEN,
    ("coordinator", "jau-eleja-draft"): UNSEEN,
    ("coordinator of another parish", "muz-eleja"): SEEN,
    ("coordinator of another department", "muz-eleja"): SEEN,
    ("coordinator of another department", "muz-eleja-draft"): UNSEEN,
    ("manager of the youth centre", "muz-eleja"): MANAGED,
    ("manager of the youth centre", "muz-vilce"): SEEN,
    ("manager of the library", "muz-eleja"): SEEN,
    ("head", "muz-vilce-planned"): MANAGED,
    ("head", "jau-eleja"): SEEN,
    ("head of another department", "muz-eleja-draft"): UNSEEN,
    ("project manager", "muz-eleja"): SEEN,
    ("project manager", "muz-eleja-draft"): SEEN,
    ("administrator", "jau-eleja-draft"): MANAGED,
}
# To an unpublished or draft activity some work is refused in words (409, 422) or leads elsewhere: still not closed.
OPEN_GET, OPEN_POST = {200, 302, 303, 405, 409, 422}, {200, 302, 303, 400, 405, 409, 422}
CLOSED = {SEEN: 403, UNSEEN: 404}


def ids(pair: tuple[str, str]) -> str:
    return ", ".join(pair)


@pytest.mark.parametrize("pair", TABLE, ids=ids)
@pytest.mark.parametrize("tail", [*ABOUT_ACTIVITY, "nodarbiba", "nodarbiba/paraksti.pdf"])
def test_an_address_of_the_desk_opens_for_who_works_on_it(
    world: dict[str, Activity], client: Client, pair: tuple[str, str], tail: str
) -> None:
    (post, title), what = pair, TABLE[pair]
    activity = world[title]
    path = f"/darbs/aktivitates/{activity.pk}/{tail}"
    if tail.startswith("nodarbiba/") or tail == "nodarbiba":
        session = activity.sessions.order_by("pk").values_list("pk", flat=True)[0]
        path = f"/darbs/nodarbibas/{session}/{tail.removeprefix('nodarbiba').lstrip('/')}"
    client.force_login(hold(POSTS[post][0]))
    look, press = client.get(path).status_code, client.post(path).status_code
    if what == MANAGED:
        only_pressed = ABOUT_ACTIVITY.get(tail) == "POST"
        is_file = ABOUT_ACTIVITY.get(tail) == "FILE"
        assert look in ({405} if only_pressed else {404} if is_file else OPEN_GET)
        # An empty press asks for no step.
        assert press in (OPEN_POST | {404} if tail == "statuss/" else OPEN_POST)
    else:
        # A button may refuse the look before it asks who looks.
        assert look == CLOSED[what] or (ABOUT_ACTIVITY.get(tail) == "POST" and look == 405)
        # A page that is only looked at refuses any press.
        assert press in (CLOSED[what], 405)


@pytest.mark.parametrize(
    "tail",
    [
        *(f"aktivitates/101/{tail}" for tail in [*ABOUT_ACTIVITY, *BETWEEN]),
        "nodarbibas/1/",
        "nodarbibas/1/paraksti.pdf",
        *WHOLE,
    ],
)
@pytest.mark.parametrize("name", ["no post", "coordinator until yesterday", "coordinator from tomorrow"])
def test_without_a_post_today_the_desk_is_closed(
    world: dict[str, Activity], client: Client, tail: str, name: str
) -> None:
    user = UserFactory(email="bez@example.lv") if name == "no post" else hold(POSTS[name][0])
    client.force_login(user)
    button = ABOUT_ACTIVITY.get(tail.removeprefix("aktivitates/101/")) == "POST"
    assert client.get(f"/darbs/{tail}").status_code in ({403, 405} if button else {403})
    assert client.post(f"/darbs/{tail}").status_code in (403, 405)


@pytest.mark.parametrize(
    "tail",
    [
        *(f"aktivitates/101/{tail}" for tail in [*ABOUT_ACTIVITY, *BETWEEN]),
        "nodarbibas/1/",
        "nodarbibas/1/paraksti.pdf",
        *WHOLE,
    ],
)
def test_a_stranger_is_asked_to_sign_in(world: dict[str, Activity], client: Client, tail: str) -> None:
    for answer in (client.get(f"/darbs/{tail}"), client.post(f"/darbs/{tail}")):
        assert (answer.status_code, answer["Location"]) == (302, f"/konts/login/?next=/darbs/{tail}")


@pytest.mark.parametrize("name", [name for name, (_post, seen, _managed) in POSTS.items() if seen])
@pytest.mark.parametrize("tail", WHOLE)
def test_pages_of_the_whole_desk_open_for_each_post(
    world: dict[str, Activity], client: Client, tail: str, name: str
) -> None:
    client.force_login(hold(POSTS[name][0]))
    refused = name == "project manager" and tail in NOT_FOR_PROJECTS
    assert client.get(f"/darbs/{tail}").status_code == (403 if refused else 200)


@pytest.mark.parametrize(
    "tail",
    [
        *(f"aktivitates/9999/{tail}" for tail in [*ABOUT_ACTIVITY, *BETWEEN]),
        "nodarbibas/9999/",
        "nodarbibas/9999/paraksti.pdf",
    ],
)
def test_what_is_not_there_is_not_there(world: dict[str, Activity], client: Client, tail: str) -> None:
    client.force_login(hold(POSTS["administrator"][0]))
    assert 404 in (client.get(f"/darbs/{tail}").status_code, client.post(f"/darbs/{tail}").status_code)


def test_a_closed_button_changes_nothing(world: dict[str, Activity], client: Client) -> None:
    """Places, status and registrations stand as they stood, whatever a guessed form says."""
    activity = world["muz-vilce"]
    one = RegistrationFactory(party=PartyFactory(activity=activity), state="queued", resident=None)
    client.force_login(hold(POSTS["coordinator"][0]))
    form = {"registration": one.pk, "action": "confirm", "capacity": 99, "reason": "Tāpat", "status": "cancelled"}
    for tail in ABOUT_ACTIVITY:
        assert client.post(f"/darbs/aktivitates/{activity.pk}/{tail}", form).status_code in (403, 405)
    after = Activity.objects.get(pk=activity.pk)
    assert (after.capacity, after.status, after.taken) == (12, "published", 0)
    assert list(Registration.objects.values_list("state", flat=True).order_by("pk")) == ["queued"]


def test_the_board_and_the_file_show_no_other_s_drafts(world: dict[str, Activity], client: Client) -> None:
    client.force_login(hold(POSTS["coordinator"][0]))
    board = client.get("/darbs/programma/?pagasts=visi").content.decode()
    assert "muz-eleja-draft" in board
    assert "jau-eleja-draft" not in board
    assert b"jau-eleja-draft" not in client.get("/darbs/fails/eksports/?format=csv").getvalue()
