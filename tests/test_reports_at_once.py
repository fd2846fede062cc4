"""Reports on real connections at one moment: sealed once, never sealed over words that came in between."""

from typing import Any

import pytest

from reporting.domain import report_sealing, reports
from reporting.domain.figures import Asked, Figure
from reporting.domain.report_sealing import AlreadySealed, LookedAtSomethingElse
from reporting.domain.reports import AlreadyThere, ChangedMeanwhile, Sealed
from reporting.models import Report, ReportText, ReportVersion
from tests.factories import MobilityFactory, ProjectFactory
from tests.report_source import Hand
from tests.test_concurrency import at_once
from tests.test_reports import TABLE, People, begin, seal, section_of, write

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people(transactional_db: Any) -> People:
    return People()


def test_of_three_who_seal_at_once_one_does_and_the_others_are_told_who(people: People) -> None:
    report = begin(people.ilze)
    write(report, people.ilze)
    saw = report_sealing.stamp(report, reports.texts_of(report))
    results = at_once(
        *[
            lambda by=by: seal(Report.objects.get(), by, seen=saw)
            for by in (people.ilze, people.martins, people.peteris)
        ]
    )
    version = ReportVersion.objects.get()
    told = [result for result in results if isinstance(result, AlreadySealed)]
    assert sorted(type(result).__name__ for result in results) == ["AlreadySealed", "AlreadySealed", "ReportVersion"]
    assert [one.version.sealed_by for one in told] == [version.sealed_by] * 2
    assert report_sealing.is_whole(version)


def test_words_and_the_seal_at_once_end_one_way(people: People) -> None:
    report = begin(people.ilze)
    write(report, people.ilze)
    saw = report_sealing.stamp(report, reports.texts_of(report))
    written, sealed = at_once(
        lambda: write(report, people.martins, seen=1, lv="Pēdējā brīdī."),
        lambda: seal(Report.objects.get(), people.ilze, seen=saw),
    )
    if isinstance(written, ReportText):
        assert isinstance(sealed, LookedAtSomethingElse) and not ReportVersion.objects.exists()
    else:
        assert isinstance(written, Sealed) and isinstance(sealed, ReportVersion)
        said = section_of(report_sealing.content_of(sealed), "summary")["words"]["lv"]
        assert said == ReportText.objects.get().lv == "Gads izdevies."


def test_what_is_sealed_is_as_of_one_moment(people: People) -> None:
    """While the figures are drawn a colleague writes a mobility down: the version says what was true before."""
    project = ProjectFactory()
    report = begin(people.ilze, kind="project", project=project, first_on=project.starts_on, last_on=project.ends_on)

    class Slow(Hand):
        def figure(self, code: str, asked: Asked) -> Figure:
            if not self.asked:
                at_once(lambda: MobilityFactory(project=project, post=None))
            return super().figure(code, asked)

    version = seal(report, people.ilze, source=Slow(TABLE))
    assert project.mobilities.count() == 1
    assert report_sealing.content_of(version)["project"]["mobilities"] == []


def test_words_saved_while_figures_are_drawn_are_not_left_out(people: People) -> None:
    report = begin(people.ilze)
    write(report, people.ilze)

    class Slow(Hand):
        def figure(self, code: str, asked: Asked) -> Figure:
            if not self.asked:
                at_once(lambda: write(report, people.martins, seen=1, lv="Pēdējā brīdī."))
            return super().figure(code, asked)

    with pytest.raises(LookedAtSomethingElse):
        seal(report, people.ilze, source=Slow(TABLE))
    assert ReportText.objects.get().lv == "Pēdējā brīdī."
    assert not ReportVersion.objects.exists()


def test_two_who_save_one_section_at_once_lose_nothing(people: People) -> None:
    report = begin(people.ilze)
    results = at_once(
        lambda: write(report, people.ilze, lv="Viens."), lambda: write(report, people.martins, lv="Otrs.")
    )
    text = ReportText.objects.get()
    [other] = [result for result in results if isinstance(result, ChangedMeanwhile)]
    assert other.current == text and text.version == 1


def test_two_who_begin_the_same_report_at_once_share_it(people: People) -> None:
    results = at_once(lambda: begin(people.ilze), lambda: begin(people.martins))
    report = Report.objects.get()
    assert sorted(type(result).__name__ for result in results) == ["AlreadyThere", "Report"]
    assert [result.report for result in results if isinstance(result, AlreadyThere)] == [report]
