"""Facts of taking part: made of marks, outliving people, the same from the journal and from everything."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db.models import F
from django.utils import translation

from courses.domain import attendance, erasing, merging, unmerging
from courses.models import Activity, Session
from ecosystem.models import Journal
from reporting.domain import indicators, past_term
from reporting.domain.data import copy
from reporting.domain.data.exact import Exact
from reporting.domain.data.sources import Postgres, at_one_moment, current
from reporting.domain.facts import making, pseudonyms, reading
from reporting.domain.figures import Asked, Period
from reporting.models import KeptFigure, Participation, Pseudonym
from residents.models import Resident
from tests import factories as f
from tests.factories import at

pytestmark = pytest.mark.django_db
# January 2027, four Mondays from 4 January at 17:00: held by the 26th.
LATER = at("2027-01-26 09:00")
WINTER = Period(date(2027, 1, 1), date(2027, 1, 31))


def course(department: str = "MUZ", *, first: str = "2027-01-04 17:00", **said: Any) -> Activity:
    lead = f.DepartmentFactory(code=department, name=department)
    return f.ActivityFactory(lead=lead, first=at(first), capacity=None, **said)


def session(activity: Activity, place: int = 0) -> Session:
    return activity.sessions.select_related("activity").order_by("starts_at")[place]


def mark(activity: Activity, *people: Resident | None, place: int = 0, presence: str | None = "present") -> None:
    """Through the door that coordinators use."""
    marks = {}
    for person in people:
        registration = activity.registrations.filter(resident=person).first()
        if registration is None:
            registration = f.RegistrationFactory(party=f.PartyFactory(activity=activity), resident=person)
            Activity.objects.filter(pk=activity.pk).update(taken=F("taken") + 1)
        marks[registration.pk] = presence
    attendance.mark(session=session(activity, place), marks=marks, by=f.UserFactory(), now=LATER)


def people(period: Period = WINTER, **filters: tuple[str, ...]) -> float | None:
    return indicators.figure("DAL-01", Asked(period, filters), source=Postgres(now=LATER)).value


def facts() -> list[tuple[Any, ...]]:
    told = Participation.objects.order_by("session__starts_at", "session", "who_id", "unnamed")
    return list(
        told.values_list("session", "age", "band", "sex", "home", "km", "channel", "previous_on", "times", "unnamed")
    )


def test_mark_becomes_a_fact_with_all_that_an_erasure_would_take() -> None:
    sesava = f.ParishFactory(code="0540290", name="Sesavas pagasts", lat=56.38, lon=23.75)
    village = f.VillageFactory(code="sesava", name="Sesava", parish=sesava)
    one = f.ResidentFactory(sex="female", village=village)
    activity = course()
    mark(activity, one)
    mark(activity, one, place=1)
    assert reading.read(now=LATER) == 2
    # From the centre of Sesava parish to the youth centre in Eleja: 5.73 km by the haversine formula.
    row = (66, "65+", "female", "0540290", 5.73, "web")
    assert facts() == [
        (session(activity).pk, *row, None, 1, None),
        (session(activity, 1).pk, *row, date(2027, 1, 4), 1, None),
    ]
    assert [str(one.pk) in str(row) for row in Pseudonym.objects.values_list("digest")] == [False]
    assert reading.read(now=LATER) == 0


def test_erasing_a_person_changes_no_figure_also_before_the_news_was_read() -> None:
    activity, other = course(), course("JAU", first="2027-01-05 17:00")
    read, unread = f.ResidentFactory(), f.ResidentFactory(given_name="Juris", sex="male", birth_year=1990)
    mark(activity, read)
    reading.read(now=LATER)
    mark(activity, unread)
    mark(other, unread, read)
    for person in (read, unread):
        erasing.erase(resident=person, by=None, now=LATER)
    reading.read(now=LATER)
    assert people() == 2
    assert people(department=("JAU",)) == 2
    assert sorted(row[3] for row in facts()) == ["", "", "male", "male"]
    # Nothing of them is there to make anew, and nothing is taken away.
    before = facts()
    assert making.make_all() == 0
    assert facts() == before


def test_a_mark_corrected_after_its_person_was_erased_takes_the_fact_back() -> None:
    activity, one = course(), f.ResidentFactory()
    mark(activity, one)
    mark(activity, one, place=1)
    reading.read(now=LATER)
    place = activity.registrations.get().pk
    erasing.erase(resident=one, by=None, now=LATER)
    first, by = session(activity), f.UserFactory()
    attendance.mark(session=first, marks={place: "absent"}, by=by, now=LATER + timedelta(minutes=1))
    reading.read(now=LATER + timedelta(minutes=1))
    assert [row[0] for row in facts()] == [session(activity, 1).pk]
    attendance.mark(session=first, marks={place: "present"}, by=by, now=LATER + timedelta(minutes=2))
    reading.read(now=LATER + timedelta(minutes=2))
    # The same person, of whom nothing more is known.
    assert (people(), Pseudonym.objects.count()) == (1, 1)
    assert [(row[0], row[2], row[7], row[9]) for row in facts()] == [
        (first.pk, "", None, None),
        (session(activity, 1).pk, "65+", date(2027, 1, 4), None),
    ]


def test_a_corrected_mark_corrects_the_fact_and_what_came_before_it() -> None:
    activity, one = course(), f.ResidentFactory()
    for place in (0, 1, 2):
        mark(activity, one, place=place)
    reading.read(now=LATER)
    mark(activity, one, place=1, presence="absent")
    reading.read(now=LATER)
    assert [row[7] for row in facts()] == [None, date(2027, 1, 4)]
    mark(activity, one, place=0, presence=None)
    reading.read(now=LATER)
    assert [row[7] for row in facts()] == [None]


def test_moving_house_changes_no_fact_and_making_anew_changes_nothing() -> None:
    activity, one = course(), f.ResidentFactory()
    mark(activity, one)
    reading.read(now=LATER)
    before = facts()
    away = f.VillageFactory(code="vilce", name="Vilce", parish=f.ParishFactory(code="0540298", name="Vilces pagasts"))
    Resident.objects.filter(pk=one.pk).update(village=away, sex="female")
    assert making.make_all() == 0
    assert facts() == before
    # From nothing it is made of what is still there.
    Participation.objects.all().delete()
    assert making.make_all() == 1
    assert [row[4] for row in facts()] == ["0540298"]


def test_merging_two_entries_lowers_people_by_one_and_undoing_raises_them_again() -> None:
    activity, other = course(), course("JAU", first="2027-01-05 17:00")
    one, same = f.ResidentFactory(), f.ResidentFactory(given_name="Liga")
    mark(activity, one, same)
    mark(other, same)
    reading.read(now=LATER)
    assert (people(), people(department=("JAU",)), Participation.objects.count()) == (2, 1, 3)
    merged = merging.merge(kept=one, gone=same, by=None, now=LATER)
    reading.read(now=LATER)
    assert (people(), people(department=("JAU",)), Participation.objects.count()) == (1, 1, 2)
    assert making.make_all() == 0
    unmerging.unmerge(merged=merged, by=None, now=LATER)
    reading.read(now=LATER)
    assert (people(), people(department=("JAU",)), Participation.objects.count()) == (2, 1, 3)


def test_who_was_joined_before_the_news_was_read_is_counted_as_who_they_are() -> None:
    activity, other = course(), course("JAU", first="2027-01-05 17:00")
    one, same = f.ResidentFactory(), f.ResidentFactory(given_name="Liga")
    mark(activity, one)
    mark(other, same)
    merging.merge(kept=one, gone=same, by=None, now=LATER)
    reading.read(now=LATER)
    assert (people(), Pseudonym.objects.count(), Participation.objects.count()) == (1, 1, 2)


def test_unnamed_places_are_attendances_and_nobody_in_particular() -> None:
    activity, one = course(), f.ResidentFactory()
    mark(activity, one)
    mark(activity, None)
    attendance.set_head_count(session=session(activity, 1), heads=7, by=f.UserFactory(), now=LATER)
    reading.read(now=LATER)
    source = Postgres(now=LATER)
    figure = indicators.figure("DAL-01", Asked(WINTER), source=source)
    assert (figure.value, figure.rows[0].not_known) == (1, 1)
    assert indicators.figure("DAL-03", Asked(WINTER), source=source).value == 2
    # Two hours are 2⅔ academic ones; the session of which heads were counted was held as well.
    assert indicators.figure("DAL-04", Asked(WINTER), source=source).value == pytest.approx(2 * 120 / 45)
    assert indicators.figure("PIE-02", Asked(WINTER), source=source).n == 2


def test_sensitive_audience_leaves_counts_of_the_wider_one_and_no_facts() -> None:
    wider = f.AudienceFactory(code="youth", name="Jaunieši", part_of=f.AudienceFactory())
    neet = f.AudienceFactory(code="neet", name="NEET", is_sensitive=True, part_of=wider)
    activity, one, two = course(audiences=[neet]), f.ResidentFactory(), f.ResidentFactory(given_name="Juris")
    mark(activity, one, two)
    reading.read(now=LATER)
    assert (Participation.objects.count(), Pseudonym.objects.count()) == (0, 0)
    source = Postgres(now=LATER)
    by_audience = indicators.figure("DAL-03", Asked(WINTER, by=("audience",)), source=source)
    assert {row.keys["audience"]: row.value for row in by_audience.rows} == {"youth": 2}
    assert people() == 0


def test_session_that_has_not_ended_or_is_called_off_is_in_no_figure() -> None:
    activity, one = course(first="2027-01-25 17:00", weeks=1), f.ResidentFactory()
    mark(activity, one)
    reading.read(now=LATER)
    early = at("2027-01-25 17:30")
    figure = indicators.figure("DAL-01", Asked(WINTER), source=Postgres(now=early))
    assert (figure.value, people()) == (0, 1)
    Session.objects.filter(activity=activity).update(cancelled_at=LATER)
    assert people() == 0


def test_session_held_before_its_activity_was_called_off_stays_held() -> None:
    activity, one = course(), f.ResidentFactory()
    mark(activity, one)
    reading.read(now=LATER)
    Activity.objects.filter(pk=activity.pk).update(status="cancelled", cancelled_at=LATER)
    held = session(activity)
    assert attendance.is_held(session=held, now=LATER)
    assert people() == 1


def test_pseudonym_depends_on_the_key_and_on_the_person(settings: Any) -> None:
    one, other = f.ResidentFactory(), f.ResidentFactory()
    first = pseudonyms.digest(one.pk)
    assert first == pseudonyms.digest(one.pk)
    assert len({first, pseudonyms.digest(other.pk), one.pk}) == 3
    making.make_all()
    settings.PSEUDONYM_KEY = "another"
    assert pseudonyms.digest(one.pk) != first
    # With another key everybody would be counted twice.
    with pytest.raises(ImproperlyConfigured, match="PSEUDONYM_KEY"):
        making.make_all()


def test_year_past_its_term_is_counted_and_its_published_figures_stay() -> None:
    long_ago = course(first="2021-01-04 17:00", weeks=2)
    one, other = f.ResidentFactory(), f.ResidentFactory(given_name="Juris", sex="male")
    for place in (0, 1):
        mark(long_ago, one, place=place)
    mark(long_ago, other)
    making.make_all()
    year, quarter = Period(date(2021, 1, 1), date(2021, 12, 31)), Period(date(2021, 1, 1), date(2021, 3, 31))
    source = Postgres(now=LATER)
    asked = [
        *(("DAL-01", Asked(period, by=by)) for period in (year, quarter) for by in ((), ("sex",), ("department",))),
        ("DAL-03", Asked(year, by=("sex",))),
        ("DAL-04", Asked(year)),
        ("TUV-02", Asked(year)),
    ]
    before = [indicators.figure(*one_asked, source=source) for one_asked in asked]
    assert before[0].value == 2
    assert past_term.fold(now=LATER) == 1
    assert Pseudonym.objects.count() == 0
    assert Participation.objects.exclude(who=None, age=None, previous_on=None).count() == 0
    assert [indicators.figure(*one_asked, source=source) for one_asked in asked] == before
    # What people do not add up to is said, not guessed.
    odd = indicators.figure("DAL-01", Asked(Period(date(2021, 1, 1), date(2021, 2, 3))), source=source)
    assert (odd.rows, odd.note != "") == ((), True)
    assert past_term.fold(now=LATER) == 0
    assert making.make_all() == 0
    assert KeptFigure.objects.filter(code="DAL-01", by="").count() == 5


def test_copy_answers_as_the_database_does_for_every_indicator(settings: Any, tmp_path: Any) -> None:
    settings.FIGURES_DIR = tmp_path
    wider = f.AudienceFactory(code="seniors", name="Seniori", age_min=55, part_of=f.AudienceFactory())
    sesava = f.ParishFactory(code="0540290", name="Sesavas pagasts", slug="sesavas", lat=56.38, lon=23.75)
    f.VillageFactory(code="sesava", name="Sesava", parish=sesava)
    courses = [
        course(partners=[f.DepartmentFactory(code="JAU", name="JAU")], audiences=[wider]),
        course("JAU", first="2027-01-05 17:00", weeks=3, parish=sesava, centre=None, format="hybrid"),
        course("LAB", first="2027-01-09 11:00", weeks=1, format="online", fee_eur=5),
    ]
    crowd = [
        f.ResidentFactory(
            given_name=name, sex=sex, birth_year=year, birth_month=None, birth_day=None, village_id=village
        )
        for name, sex, year, village in (
            ("Anna", "female", 1950, "sesava"),
            ("Juris", "male", 1999, None),
            ("Zane", "", None, "sesava"),
        )
    ]
    for activity in courses:
        for place in range(activity.session_count):
            mark(activity, *crowd[: place + 1], place=place)
    mark(courses[0], None)
    reading.read(now=LATER)
    source = Postgres(now=LATER)
    copy.make(now=LATER)
    copied = copy.current()
    assert copied is not None
    differing = []
    for code, indicator in indicators.INDICATORS.items():
        for asked in (
            Asked(WINTER),
            *(Asked(WINTER, by=(name,)) for name in indicator.by),
            *(
                Asked(WINTER, {"department": ("JAU",)}, by)
                for by in ((), indicator.by[:2])
                if "department" in indicator.by
            ),
        ):
            answers = [indicators.figure(code, asked, source=one).rows for one in (source, copied)]
            if answers[0] != answers[1]:
                differing.append((code, asked.by, answers))
    assert differing == []


def test_copy_is_swapped_whole_and_renewed_when_it_is_old(settings: Any, tmp_path: Any) -> None:
    settings.FIGURES_DIR = tmp_path
    assert copy.current() is None
    assert isinstance(current(now=LATER), Postgres)
    assert copy.renew(now=LATER) is True
    first = copy.current()
    assert first is not None
    assert (first.at, current(now=LATER) is first) == (LATER, True)
    assert copy.renew(now=LATER) is False
    # What was asked once is remembered as long as the copy stands, and each gets a list of their own.
    count = "SELECT count(*) FROM came"
    asked = first.rows(count, (), tables=())
    asked.clear()
    assert first.rows(count, (), tables=()) == [(0,)]
    assert copy.renew(now=LATER + timedelta(minutes=6)) is True
    second = copy.current()
    assert second is not None
    assert second.at == LATER + timedelta(minutes=6)
    # One that nobody makes anew is not believed for ever.
    assert isinstance(current(now=LATER + timedelta(hours=1)), Postgres)
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".duckdb", ".duckdb"]


def test_what_is_kept_for_good_is_read_from_a_copy_of_its_own_moment(settings: Any, tmp_path: Any) -> None:
    settings.FIGURES_DIR = tmp_path
    activity = course()

    def told() -> tuple[float | None, int]:
        value = indicators.figure("DAL-01", Asked(WINTER), source=Exact(now=LATER)).value
        return value, len(list(tmp_path.iterdir()))

    # Where no copy stands, PostgreSQL answers.
    assert told() == (0, 0)
    copy.make(now=LATER - timedelta(minutes=5))
    mark(activity, f.ResidentFactory())
    reading.read(now=LATER)
    with at_one_moment():
        assert told() == (1, 2)
    copied = copy.current()
    assert copied is not None
    assert copied.at == LATER


def test_news_is_marked_done_and_the_clock_reads_it(settings: Any, tmp_path: Any) -> None:
    from reporting import schedule

    settings.FIGURES_DIR = tmp_path
    mark(course(), f.ResidentFactory())
    schedule.read_who_came()
    assert Participation.objects.count() == 1
    assert Journal.objects.unread(*reading.KINDS).count() == 0
    assert copy.current() is not None


def test_command_gives_rows_with_small_numbers_hidden(capsys: Any) -> None:
    mark(course(), f.ResidentFactory())
    reading.read(now=LATER)
    call_command("indicator", "PIE-01", "--from", "2027-01-01", "--to", "2027-01-31", "--format", "csv")
    assert capsys.readouterr().out == "value,n,not_known,suppressed\r\n0.0,0,0,False\r\n"


@pytest.mark.parametrize(
    ("code", "by", "told"),
    [
        ("TUV-06", "department", "TUV-06 nevar sadalīt pēc «department». To var sadalīt pēc: aspect."),
        ("TUV-07", "parish,department", "TUV-07 nevar sadalīt pēc «department». To var sadalīt pēc: parish, audience."),
        ("SAD-06", "parish", "SAD-06 nevar sadalīt pēc «parish»: tas ir viens skaitlis kopā."),
    ],
)
def test_command_says_by_what_an_indicator_is_broken_down(code: str, by: str, told: str) -> None:
    with translation.override("lv"), pytest.raises(CommandError) as caught:
        call_command("indicator", code, "--from", "2027-01-01", "--to", "2027-01-31", "--by", by)
    assert str(caught.value) == told


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        ("2027-01-31", "2027-01-01", "Laikposms beigtos, pirms tas sākas."),
        ("2027-01-32", "2027-02-01", "Tāda laikposma nav: «2027-01-32» nav datums; rakstiet tā: 2026-11-23."),
    ],
)
def test_command_refuses_days_that_are_no_period(first: str, last: str, told: str) -> None:
    with translation.override("lv"), pytest.raises(CommandError) as caught:
        call_command("indicator", "DAL-01", "--from", first, "--to", last)
    assert str(caught.value) == told
