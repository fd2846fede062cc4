"""The shared rules in words, for the desk and for anyone: questions with their sentences, versions, answers, a rehearsal."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from coordinators.domain.access import Reach
from courses.domain.overlaps.rehearsing import Tried
from courses.domain.overlaps.rule_sets import State, Version
from courses.forms.rule_sets import ProposalForm
from courses.models import Activity, Overlap
from courses.views import board, cards
from ecosystem import dates
from ecosystem.models import Department
from ecosystem.overlap import rules, say
from ecosystem.overlap.finding import Finding

# The thresholds by the question they belong to: its name, the question, and the thresholds in their order.
QUESTIONS: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("people", gettext_lazy("The same people?"), ("people_percent",)),
    ("place", gettext_lazy("The same place?"), ("near_km", "near_km_neighbours", "near_km_travels_less")),
    ("time", gettext_lazy("The same weeks, the same hours?"), ("days_apart", "colliding_minutes", "drop_in_percent")),
    ("topic", gettext_lazy("The same thing?"), ("words_percent", "words_percent_other_topic")),
    ("own", gettext_lazy("Activities of one department"), ("own_words_percent_more", "own_days_apart")),
    ("crowding", gettext_lazy("Too much for some, nothing for others"), ("crowding_times", "crowding_least")),
)
TONES = {State.IN_FORCE: "leaf", State.COMING: "mist", State.OPEN: "gold"}
# So many findings of a rehearsal are told one by one.
SHOWN = 20


def language() -> str:
    """The language of the rules' own sentences: Latvian, or English for everybody else."""
    return "lv" if dates.is_latvian() else "en"


def sections(some: rules.RuleSet) -> list[dict[str, Any]]:
    """The rules by question, as sentences."""
    return [
        {"name": name, "title": title, "sentences": [rules.say(one, getattr(some, one), language()) for one in names]}
        for name, title, names in QUESTIONS
    ]


def questions(some: rules.RuleSet) -> list[dict[str, Any]]:
    """The four questions for anyone: what each asks, then its rules."""
    asked = {
        "people": _(
            "Two activities are for the same people when most of those whom the one is for could come to the other as well."
            " The portal counts by age and by whom each is meant for, never by who has registered."
        ),
        "place": _(
            "A place is the same when the same people can get to both. Children, seniors and people with disabilities"
            " travel less, so for them the distance is shorter. What is online is near everyone."
        ),
        "time": _(
            "The weeks are the same when both take place at the same time or soon after one another. The hours are the"
            " same when nobody could be at both."
        ),
        "topic": _(
            "The portal reads the titles: other endings, other words for the same thing and other languages do not mislead"
            " it. Beginners and those who go on are offered different things."
        ),
    }
    return [{**one, "asks": asked[one["name"]]} for one in sections(some) if one["name"] in asked]


def fields(form: ProposalForm) -> list[dict[str, Any]]:
    """The fields of a proposal by question."""
    return [{"name": name, "title": title, "fields": [form[one] for one in names]} for name, title, names in QUESTIONS]


def version_row(one: Version) -> dict[str, Any]:
    """A version in a list: how far it has come, since when, who proposed it and why."""
    row = one.row
    return {
        "number": row.version,
        "name": _("Version %(version)s") % {"version": row.version},
        "state": _state(one),
        "tone": TONES.get(one.state, "plain"),
        "by": row.proposed_by.name if row.proposed_by else "",
        "proposer": str(row.proposer) if row.proposer else "",
        "on": dates.local_day(row.proposed_at) if row.proposed_by else None,
        "why": row.why,
    }


def _state(one: Version) -> str:
    days = {
        "since": f"{one.row.in_force_from:%d.%m.%Y}",
        "until": f"{one.until:%d.%m.%Y}" if one.until else "",
        "ended": f"{dates.local_day(one.row.ended_at):%d.%m.%Y}" if one.row.ended_at else "",
    }
    words = {
        State.IN_FORCE: _("In force since %(since)s"),
        State.COMING: _("Agreed, in force from %(since)s"),
        State.PAST: _("In force from %(since)s to %(until)s"),
        State.REPLACED: _("Agreed, but the next version took its place before it began"),
        State.OPEN: _("Proposed, to be in force from %(since)s"),
        State.DECLINED: _("Declined on %(ended)s"),
        State.WITHDRAWN: _("Withdrawn on %(ended)s"),
    }
    return words[one.state] % days


def changes(one: Version) -> list[dict[str, str]]:
    """What a version changes: the sentence as it is to be, and the number before it."""
    if one.before is None:
        return []
    return [
        {
            "sentence": rules.say(name, getattr(one.rules, name), language()),
            "before": _("Until now: %(number)s.") % {"number": getattr(one.before, name)}
            if one.state is State.OPEN
            else _("Before: %(number)s.") % {"number": getattr(one.before, name)},
        }
        for name in rules.changed(one.before, one.rules)
    ]


def answers(one: Version, waiting: Iterable[Department]) -> list[dict[str, Any]]:
    """What each department answered, then those that are waited for."""
    given = [
        {
            "department": answer.department.name,
            "tone": "leaf" if answer.agrees else "brick",
            "words": _("Agrees") if answer.agrees else _("Declines"),
            "by": str(answer.by) if answer.by else "",
            "on": dates.local_day(answer.at),
            "note": answer.note,
        }
        for answer in one.answers
    ]
    return [
        *given,
        *(
            {
                "department": each.name,
                "tone": "gold",
                "words": _("Has not answered yet"),
                "by": "",
                "on": None,
                "note": "",
            }
            for each in waiting
        ),
    ]


def agreed_words(one: Version) -> str:
    """Which departments agreed, without the names of people: for anyone."""
    names = [answer.department.name for answer in one.answers if answer.agrees]
    if not names:
        return _("The portal came with these rules.")
    return _("Agreed by: %(names)s.") % {"names": dates.joined(names, _("and"))}


def rehearsal(tried: Tried, *, reach: Reach) -> dict[str, Any]:
    """What other rules would change: first how much, then finding by finding."""
    found = tried.rehearsal
    names = {activity.lead_id: activity.lead.name for activity in tried.activities.values()}
    kinds = dict(Overlap.Kind.choices)

    def told(some: list[Finding]) -> dict[str, Any]:
        rows = [_finding(one, tried.activities, reach) for one in some[:SHOWN]]
        return {"rows": rows, "more": _more(len(some) - SHOWN)}

    def crowded(some: list[Any]) -> dict[str, Any]:
        return {"rows": [getattr(one, language()) for one in some[:SHOWN]], "more": _more(len(some) - SHOWN)}

    other = [
        {**_finding(then, tried.activities, reach), "before": kinds[now.kind]} for now, then in found.other[:SHOWN]
    ]
    return {
        "judged": ngettext("%(n)s activity was compared.", "%(n)s activities were compared.", found.judged)
        % {"n": found.judged},
        "left_out": tried.left_out
        and ngettext("%(n)s later activity was left out.", "%(n)s later activities were left out.", tried.left_out)
        % {"n": tried.left_out},
        "unjudged": found.unjudged
        and ngettext(
            "%(n)s activity could not be judged: its audience, sessions, place or title is missing.",
            "%(n)s activities could not be judged: their audience, sessions, place or title is missing.",
            found.unjudged,
        )
        % {"n": found.unjudged},
        "come_words": ngettext("%(n)s overlap would come", "%(n)s overlaps would come", len(found.come))
        % {"n": len(found.come)},
        "go_words": ngettext("%(n)s overlap would go", "%(n)s overlaps would go", len(found.go)) % {"n": len(found.go)},
        "other_words": ngettext("%(n)s would be of another kind", "%(n)s would be of another kind", len(found.other))
        % {"n": len(found.other)},
        "same": ngettext("%(n)s overlap would stay as it is.", "%(n)s overlaps would stay as they are.", found.same)
        % {"n": found.same},
        "is_empty": found.is_empty,
        "come": told(found.come),
        "go": told(found.go),
        "other": {"rows": other, "more": _more(len(found.other) - SHOWN)},
        "crowded": crowded(found.crowded),
        "no_more_crowded": crowded(found.no_more_crowded),
        "counts": [
            {
                "kind": kinds[one.kind],
                "departments": " – ".join(names.get(code, code) for code in one.departments),
                "now": one.now,
                "come": one.come,
                "go": one.go,
                "then": one.then,
            }
            for one in found.counts
            if one.come or one.go
        ],
    }


def _more(number: int) -> str:
    return ngettext("And %(n)s more.", "And %(n)s more.", number) % {"n": number} if number > 0 else ""


def _finding(finding: Finding, activities: dict[str, Activity], reach: Reach) -> dict[str, Any]:
    sides = [activities[one.ref] for one in (finding.first, finding.second)]
    return {
        "kind": Overlap.Kind(finding.kind).label,
        # The kind it is now, where that would change.
        "before": "",
        "tone": "brick" if finding.kind == Overlap.Kind.DUPLICATE else "gold",
        "why": say.summary(finding, language()),
        "sides": [
            {
                "title": activity.title,
                "url": board.address(reach, activity),
                "department": activity.lead.name,
                "where": cards.place_words(activity),
            }
            for activity in sides
        ],
    }
