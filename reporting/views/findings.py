"""What a figure shows, as a sentence: written from the numbers, so that a title never says what the data do not."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from ecosystem.numbers import said
from ecosystem.templatetags.chart_bars import Bar, Pair
from ecosystem.templatetags.chart_months import Series
from reporting.domain import indicators
from reporting.domain.dashboard import Answer, Panel
from reporting.domain.figures import NOT_KNOWN, Figure, Row, Unit
from reporting.views import words


@dataclass(frozen=True)
class Finding:
    """The title, and a sentence for who does not see the drawing."""

    title: str
    sentence: str
    # There is nothing to draw.
    is_empty: bool = False


def nothing() -> Finding:
    """There is nothing to tell of."""
    return Finding(_("Nothing has been counted here yet"), _("There are no numbers."), is_empty=True)


def of_bars(figure: Figure, bars: Sequence[Bar]) -> Finding:
    """Which is the longest, and which the shortest."""
    known = [bar for bar in bars if bar.number is not None and not bar.is_unknown]
    told = [bar for bar in known if bar.number]
    mark = words.unit_mark(figure.unit)
    unit = f"\u00a0{mark}" if mark else ""
    if not told:
        # Years ago it was counted, and is not kept like this.
        is_kept = bool(figure.rows) or not figure.note
        return nothing() if is_kept else Finding(_("Not told of this period"), figure.note, is_empty=True)
    first, last = known[0], known[-1]
    if len(known) == 1 or first.number == last.number:
        title = _("%(name)s: %(number)s") % {"name": first.label, "number": f"{first.words}{unit}"}
        if len(known) > 1:
            title = _("The same everywhere: %(number)s") % {"number": f"{first.words}{unit}"}
        return Finding(title, title)
    title = (
        _("Farthest: %(first)s; nearest: %(last)s") if figure.unit is Unit.KM else _("Most: %(first)s; least: %(last)s")
    )
    return Finding(
        title % {"first": first.label, "last": last.label},
        _("From %(high)s (%(first)s) to %(low)s (%(last)s); %(count)s rows.")
        % {
            "high": f"{first.words}{unit}",
            "low": f"{last.words}{unit}",
            "first": first.label,
            "last": last.label,
            "count": len(bars),
        },
    )


def of_growth(answer: Answer, names: Mapping[str, str], is_hidden: Callable[[Figure, Row], bool]) -> str:
    """Which has grown most beside the year before, of what is younger beside the period before; else nothing."""
    for then, beside in (
        (answer.a_year_before, "%(told)s"),
        (answer.before, _("%(told)s, beside the period before")),
    ):
        if answer.now is not None and then is not None and then.rows:
            told = _grown(answer.now, then, names, is_hidden)
            return beside % {"told": told} if told else ""
    return ""


def _grown(now: Figure, then: Figure, names: Mapping[str, str], is_hidden: Callable[[Figure, Row], bool]) -> str:
    dimension = now.asked.by[0]
    before = then.by_key(dimension)
    changes = []
    for row in now.rows:
        code = row.keys[dimension]
        other = before.get(code, Row({}, 0.0, 0))
        if code == NOT_KNOWN or is_hidden(now, row) or is_hidden(then, other):
            continue
        change = words.difference(row, other, sees_few=True)
        if change:
            changes.append((change, names.get(code, code)))
    if not changes:
        return ""
    most, least = max(changes), min(changes)
    if most[0] > 0 and least[0] < 0:
        return _("Grown most: %(first)s (%(more)s); fallen most: %(last)s (%(less)s)") % {
            "first": most[1],
            "more": said(most[0], signed=True),
            "last": least[1],
            "less": said(least[0], signed=True),
        }
    if most[0] > 0:
        return _("Grown most: %(first)s (%(more)s)") % {"first": most[1], "more": said(most[0], signed=True)}
    return _("Fallen most: %(last)s (%(less)s)") % {"last": least[1], "less": said(least[0], signed=True)}


def of_months(series: Sequence[Series], months: Sequence[str]) -> Finding:
    """Where each stands at the end, and when there were most."""
    known = [
        (value, months[place], one.label)
        for one in series
        for place, value in enumerate(one.numbers)
        if value is not None
    ]
    if not known or not max(known)[0]:
        return nothing()
    highest = max(known)
    month = words.month(highest[1])
    title = _("Most in %(month)s: %(number)s") % {"month": month, "number": said(highest[0])}
    if len(series) > 1:
        title = _("Most: %(name)s, %(month)s, %(number)s") % {
            "name": highest[2],
            "month": month,
            "number": said(highest[0]),
        }
    ends = "; ".join(
        _("%(name)s from %(first)s to %(last)s")
        % {"name": one.label, "first": said(one.numbers[0]), "last": said(one.numbers[-1])}
        for one in series
    )
    return Finding(title, f"{ends}.")


def of_pyramid(pairs: Sequence[Pair]) -> Finding:
    """The share of women, and the largest band."""
    women = sum(pair.left.number or 0 for pair in pairs)
    men = sum(pair.right.number or 0 for pair in pairs)
    if not women + men:
        return nothing()
    share = said(100 * women / (women + men), decimals=0)
    bands = [pair for pair in pairs if not pair.is_unknown]
    largest = max(bands, key=lambda pair: (pair.left.number or 0) + (pair.right.number or 0))
    return Finding(
        _("%(share)s %% are women; most are aged %(band)s") % {"share": share, "band": largest.label},
        _("Women %(women)s, men %(men)s of those whose sex is known; the largest band is %(band)s.")
        % {"women": said(women), "men": said(men), "band": largest.label},
    )


def of_nearness(own: float, near: float) -> Finding:
    """How much of it is near."""
    return Finding(
        _("%(near)s %% in one's own or a neighbouring parish") % {"near": said(near, decimals=0)},
        _("In one's own parish %(own)s %%, in a neighbouring one %(next)s %%, farther %(far)s %%.")
        % {
            "own": said(own, decimals=0),
            "next": said(near - own, decimals=0),
            "far": said(100 - near, decimals=0),
        },
    )


def short_name(panel: Panel) -> str:
    """What a large figure is called."""
    named = {
        "DAL-01": _("Participants"),
        "TUV-03": _("Near home"),
        "SAD-03": _("Joint activities"),
        "DAL-06": _("Did not come"),
        "DAL-07": _("Places filled"),
        "DAL-08": _("Left in the queue"),
        "DAL-09": _("Came for the first time"),
        "DAL-05": _("Completed the course"),
        "REZ-01": _("Worth it"),
        "REZ-02": _("Skills gained"),
        "SAD-01": _("In a duplicate"),
        "SAD-02": _("Duplicates decided"),
        "SAD-04": _("Came to two departments"),
        "SAD-05": _("Parishes with a coordinator"),
        "galvas": _("Only counted"),
        "dienas": _("Time to decide"),
        "aiznemti-amati": _("Posts filled"),
    }
    return named.get(panel.key) or named.get(panel.code) or indicators.get(panel.code).described.name


def explained(panel: Panel) -> str:
    """What a large figure counts, in a few words."""
    said_ = {
        "DAL-01": _("each person counted once"),
        "TUV-03": _("attendances in one's own or a neighbouring parish"),
        "SAD-03": _("of the activities held"),
        "DAL-06": _("of confirmed registrations"),
        "DAL-07": _("of the places"),
        "DAL-08": _("people who still waited when it began"),
        "DAL-09": _("of participants"),
        "DAL-05": _("came to enough of the sessions"),
        "REZ-01": _("mean of 1 to 5"),
        "REZ-02": _("points of 5, after less before"),
        "SAD-01": _("of what was planned"),
        "SAD-02": _("of those found"),
        "SAD-04": _("of participants"),
        "SAD-05": _("active in the last 60 days"),
        "IEK-07": _("by the age that the law sets"),
        "IEK-08": _("55 years and older"),
        "galvas": _("heads without names, not among the participants"),
        "dienas": _("median, from found to decided"),
        "aiznemti-amati": _("coordinators' and centre managers' posts on the last day"),
    }
    return said_.get(panel.key) or said_.get(panel.code, "")


def short_department(name: str) -> str:
    """ "Jaunatnes lietu" of "Jaunatnes lietu nodaļa": a line's end has little room."""
    return name.rsplit(" ", 1)[0]
