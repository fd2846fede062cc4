"""The sections of a report: what a final report of a KA122 project asks about, and the figures that stand under each.

A report of a year or a quarter has the same sections but those that only a project has. Whoever wants another figure under
a section adds a line here; what it is, how it is counted and what it can be broken down by, the indicator says.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reporting.models import Report, ReportText

S = ReportText.Section


@dataclass(frozen=True)
class Under:
    """A figure under a section: which indicator, broken down by what; drawn as bars where ``chart``."""

    code: str
    by: tuple[str, ...] = ()
    chart: bool = False


@dataclass(frozen=True)
class Section:
    """One section: what it is called, what is to be told in it, and its figures in their order."""

    code: str
    asks: Promise
    figures: tuple[Under, ...] = ()
    # Only a project has it.
    of_project: bool = False
    # What was before is compared here.
    compares: bool = False

    @property
    def title(self) -> Promise:
        """What it is called."""
        return S(self.code).label


def _whole(*codes: str) -> tuple[Under, ...]:
    return tuple(Under(code) for code in codes)


SECTIONS: tuple[Section, ...] = (
    Section(
        S.SUMMARY,
        _("What was done, with whom and what came of it, in a few sentences that stand alone."),
        (*_whole("DAL-01", "DAL-03", "DAL-04", "PIE-01", "TUV-01", "MOB-01"), Under("DAL-03", ("month",), chart=True)),
    ),
    Section(
        S.OBJECTIVES,
        _("Each objective: how far it was reached, and why where it was not."),
        _whole("REZ-06"),
        of_project=True,
    ),
    Section(
        S.ACTIVITIES,
        _("What was done beside what was planned, and what was changed on the way."),
        (
            Under("PIE-01", ("department",), chart=True),
            Under("PIE-01", ("parish",), chart=True),
            Under("PIE-02", ("kind",)),
            *_whole("PIE-03", "PIE-09"),
            Under("PIE-04", ("field",)),
            Under("PIE-05", ("competence",), chart=True),
            Under("MOB-01", ("type", "stage")),
            Under("MOB-02", ("type",)),
            Under("MOB-05", ("aspect",)),
            *_whole("MOB-08"),
        ),
    ),
    Section(
        S.PARTICIPANTS,
        _("Who took part, how they were chosen, and what support they were given."),
        (
            Under("DAL-01", ("department",)),
            Under("DAL-01", ("audience",), chart=True),
            Under("DAL-01", ("residence",), chart=True),
            Under("IEK-03", ("sex",)),
            Under("IEK-04", ("age",), chart=True),
            Under("DAL-02", ("channel",)),
            *_whole("DAL-09", "IEK-07"),
            Under("IEK-08", ("aspect",)),
            Under("IEK-11", ("support",)),
            Under("MOB-09", ("role",)),
        ),
    ),
    Section(
        S.OPPORTUNITIES,
        _("How people with fewer opportunities were reached. Totals alone: nobody is described one by one."),
        (
            *_whole("IEK-01"),
            Under("IEK-02", ("barrier",)),
            Under("IEK-05", ("labour",)),
            Under("IEK-06", ("education",)),
            *_whole("IEK-09", "IEK-10", "IEK-12", "PIE-07"),
        ),
    ),
    Section(
        S.OUTCOMES,
        _("What people learned, and how it was recognised: certificates, learning agreements."),
        (
            *_whole("DAL-05", "REZ-03"),
            Under("REZ-02", ("competence",), chart=True),
            *_whole("MOB-06", "MOB-07"),
        ),
    ),
    Section(
        S.PRACTICE,
        _("Green travel and topics, digital tools and skills, access for everybody."),
        _whole("MOB-03", "MOB-04", "HOR-01", "HOR-02", "HOR-03", "PIE-06", "IEK-10"),
    ),
    Section(
        S.IMPACT,
        _("What has changed for people, in the departments and in the parishes. Compared with the time before."),
        (
            *_whole("TUV-02", "TUV-03", "TUV-04"),
            Under("TUV-06", ("aspect",)),
            Under("TUV-05", ("residence",), chart=True),
            *_whole("DAL-10", "SAD-01", "SAD-02", "SAD-03", "SAD-04", "REZ-01", "REZ-04"),
            Under("REZ-05", ("aspect",)),
        ),
        compares=True,
    ),
    Section(
        S.SHARING,
        _("With whom the results were shared, where, and how many were reached."),
        (
            *_whole("DIS-01", "DIS-03"),
            Under("DIS-01", ("level",)),
            Under("DIS-02", ("aspect",)),
            Under("DIS-03", ("medium",)),
            Under("DIS-03", ("visible",)),
        ),
    ),
    Section(
        S.MANAGEMENT,
        _("How the work was led, how its quality was watched, and what was put right."),
        _whole("SAD-05", "DAL-06", "DAL-07", "DAL-08", "SAD-06", "DAT-01", "DAT-02", "DAT-03"),
    ),
    Section(
        S.BUDGET,
        _("What the grant was spent on, and why where it departs from the agreement."),
        (Under("MOB-08", ("aspect",)),),
        of_project=True,
    ),
)


def of(kind: str) -> tuple[Section, ...]:
    """The sections of a report of this kind."""
    return tuple(section for section in SECTIONS if kind == Report.Kind.PROJECT or not section.of_project)


def has(kind: str, section: str) -> bool:
    """Whether a report of this kind has this section."""
    return any(one.code == section for one in of(kind))
