"""Centres, posts, educators and the accounts that one signs in with."""

from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX

from centres.models import Centre, Room
from coordinators.models import Educator, Post
from courses.demo.files import DATA, read
from ecosystem.domain import population_file
from ecosystem.models import Parish, Topic, User

# The day of the invented count of residents.
COUNTED_ON = date(2024, 1, 1)
_FACTS = {"yes": True, "no": False, "": None}


def centres() -> None:
    """The documented venues and invented ones, with what is known about getting in."""
    parishes = _parishes()
    for row in read("demo_centres.csv"):
        facts = {
            name: _FACTS[row[name]] for name in ("step_free", "accessible_toilet", "lift", "hearing_loop", "parking")
        }
        texts = {
            name: row[name]
            for name in (
                *("name_lv", "name_en", "kind", "address", "phone", "stop_name"),
                *("opening_hours_lv", "opening_hours_en", "access_note_lv", "access_note_en"),
            )
        }
        centre, _made = Centre.objects.update_or_create(
            slug=row["slug"],
            defaults={
                **texts,
                **facts,
                "parish": parishes[row["parish"]],
                "department_id": row["department"] or None,
                "lat": float(row["lat"]),
                "lon": float(row["lon"]),
                "stop_distance_m": int(row["stop_distance_m"]) if row["stop_distance_m"] else None,
                "retired_at": None,
            },
        )
        for room in filter(None, row["rooms"].split(";")):
            name, seats = room.split(":")
            Room.objects.update_or_create(centre=centre, name=name, defaults={"seats": int(seats)})


def population(*, today: date) -> None:
    """Residents by parish, age and sex, invented; the parishes' own totals, which are not, stay as they are."""
    population_file.import_file(path=DATA / "demo_population.csv", today=max(today, COUNTED_ON), totals=False)


def posts(*, today: date) -> None:
    """Thirteen parishes have a coordinator, three have one who stands in; heads and centre managers."""
    parishes = _parishes()
    by_email: dict[str, Post] = {}
    for row in read("demo_posts.csv"):
        holder = _account(row["holder_email"], row["holder"]) if row["holder"] else None
        centre = Centre.objects.get(slug=row["centre"]) if row["centre"] else None
        post, _made = Post.objects.update_or_create(
            email=row["email"],
            defaults={
                "kind": row["kind"],
                "department_id": row["department"],
                "centre": centre,
                "holder": holder,
                "phone": row["phone"],
                "stands_in": by_email.get(row["stands_in"]),
                "starts_on": today.replace(month=1, day=1, year=today.year - 2),
                "ends_on": None,
            },
        )
        post.parishes.set([parishes[name] for name in row["parishes"].split(";") if name])
        by_email[post.email] = post


def educators(*, now: datetime) -> None:
    """Those who lead sessions, with what they teach and invented contacts; one has stopped."""
    for row in read("demo_educators.csv"):
        educator, _made = Educator.objects.update_or_create(
            name=row["name"],
            department_id=row["department"],
            defaults={
                **{name: row[name] for name in ("kind", "email", "phone", "contract_number", "note")},
                "languages": row["languages"].split(";"),
                "retired_at": now - timedelta(days=20) if row["retired"] else None,
                "link_version": 1,
                "link_issued_at": None,
            },
        )
        educator.topics.set(Topic.objects.filter(pk__in=row["topics"].split(";")).order_by("pk"))


def _parishes() -> dict[str, Parish]:
    return {parish.name: parish for parish in Parish.objects.all()}


def _account(email: str, name: str) -> User:
    """Without a password: it opens by a code, or in the demonstration by one click."""
    user, _made = User.objects.update_or_create(
        email=email,
        defaults={"name": name, "is_active": True},
        create_defaults={"name": name, "password": f"{UNUSABLE_PASSWORD_PREFIX}demo"},
    )
    return user
