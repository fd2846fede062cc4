"""How news reads: the digest as a letter and as an SMS, and the letters about agreeing to it.

The digest's subject says how much there is and names nothing; then by weeks, nearest first, each activity with when,
where, for whom, what it costs and whose it is. Every one says why it came and has the link that stops it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.domain import letters, links
from courses.domain.news import Choice, Pick
from courses.domain.phrases import Times, count_words, place_words, price_words, whom_words
from courses.models import Activity, Invitation
from ecosystem import dates
from ecosystem.dates import NBSP
from ecosystem.domain import messages
from ecosystem.models import Message
from ecosystem.phones import spaced
from ecosystem.places import around
from residents.domain.wording import often
from residents.models import Consent

DIGEST, CONFIRM, GIVEN = "digest", "news_confirm", "news_given"


def reference(consent: Consent) -> str:
    """What a message about news is known by."""
    return f"consent:{consent.pk}"


@dataclass
class Told:
    """An activity as news tells it, with all that its words are made of; said once a language."""

    activity: Activity
    times: Times
    invitation: Invitation | None = None
    _said: dict[str, dict[str, Any]] = field(default_factory=dict)

    def said(self) -> dict[str, Any]:
        """Its words in the language in force, all but the distance."""
        language = translation.get_language() or settings.LANGUAGE_CODE
        if language not in self._said:
            activity = self.activity
            starts_at, ends_at = self.times[0]
            when = f"{dates.on_day(dates.local_day(starts_at))}, {dates.hours(starts_at, ends_at)}"
            departments = [str(activity.lead.name), *(str(partner.name) for partner in activity.partners.all())]
            self._said[language] = {
                "title": activity.title,
                "when": f"{when}, {count_words(len(self.times))}" if len(self.times) > 1 else when,
                "place": place_words(activity),
                "whom": f"{whom_words(activity)}. {price_words(activity.fee_eur)}.",
                "whose": dates.joined(departments, _("and")),
                "sentence": (self.invitation.sentence or "") if self.invitation else "",
                "url": letters.absolute("courses:activity", str(activity.pk), activity.slug),
            }
        return self._said[language]


def digest(consent: Consent, choice: Choice, known: Mapping[int, Told], *, now: datetime, send_at: datetime) -> Message:
    """The news for one contact, in its language."""
    with translation.override(consent.language):
        if consent.channel == Message.Channel.SMS:
            return _by_sms(consent, choice, known, now=now, send_at=send_at)
        return _by_email(consent, choice, known, now=now, send_at=send_at)


def _by_email(
    consent: Consent, choice: Choice, known: Mapping[int, Told], *, now: datetime, send_at: datetime
) -> Message:
    stop = letters.absolute("courses:news_stop", links.news_token(consent))
    context: dict[str, Any] = {
        **_frame(consent, subject=_subject(choice), fact=_fact(consent)),
        "groups": [
            (heading, [_item(pick, known) for pick in picks]) for heading, picks in _by_week(choice.picks, known, now)
        ],
        "rest": (_rest_words(choice.more), rest_address(consent)) if choice.more > 0 else None,
        "because": _because(consent),
        "ways": [(_("Change what we tell you of"), _own_page(consent)), (_("Stop the news"), stop)],
    }
    return messages.draft(
        kind=DIGEST,
        to=consent.contact,
        channel=consent.channel,
        language=consent.language,
        subject=context["subject"],
        text=_plain(context),
        html=render_to_string("messages/news.html", context),
        links=[{"rel": "unsubscribe", "url": stop}, {"rel": "news", "url": _own_page(consent)}],
        reference=reference(consent),
        now=now,
        send_at=send_at,
    )


def _plain(context: Mapping[str, Any]) -> str:
    """The same as text."""
    parts = [context["fact"]]
    for heading, items in context["groups"]:
        parts.append(str(heading).upper())
        for item in items:
            said = [item["title"], *item["lines"]]
            said += [f"«{item['sentence']}»"] if item["sentence"] else []
            parts.append("\n".join([*said, item["whose"], item["url"]]))
    if context["rest"]:
        parts.append("{}:\n{}".format(*context["rest"]))
    parts.append(context["because"])
    parts += [f"{label}:\n{url}" for label, url in context["ways"]]
    parts.append(_ending(context))
    return "\n\n".join(parts) + "\n"


def _by_sms(
    consent: Consent, choice: Choice, known: Mapping[int, Told], *, now: datetime, send_at: datetime
) -> Message:
    """How much there is, the first of it, and the one link: to the whole list, and to stop."""
    page = _own_page(consent)
    first = known[choice.picks[0].activity]
    starts = timezone.localtime(first.times[0][0])
    about = f"{starts.day}.{starts.month}. {dates.clock(starts)}, {first.said()['place']}."
    return messages.draft(
        kind=DIGEST,
        to=consent.contact,
        channel=consent.channel,
        language=consent.language,
        subject="",
        text=letters.short(
            [f"{_subject(choice)}."],
            title=first.said()["title"],
            about=[about],
            url=" ".join([_("All of it, and to stop:"), page]),
        ),
        links=[{"rel": "news", "url": page}],
        reference=reference(consent),
        now=now,
        send_at=send_at,
    )


def confirm(consent: Consent, *, now: datetime) -> Message:
    """Somebody asked for news to this contact: was it you? Only a press behind the link is a yes."""
    url = letters.absolute("courses:news_confirm", links.confirm_token(consent))
    return _letter(
        CONFIRM,
        consent,
        subject=_("Please confirm that you would like news"),
        fact=_("Please confirm that you would like news from us."),
        lines=[
            f"«{consent.wording}»",
            _("If it was not you who asked, do nothing: no news will come."),
        ],
        button=(_("Look and confirm"), url),
        links=[{"rel": "confirm", "url": url}],
        now=now,
    )


def given(consent: Consent, *, now: datetime) -> Message:
    """What was said by telephone or at the desk was written down; how to take it back."""
    page = _own_page(consent)
    stop = letters.absolute("courses:news_stop", links.news_token(consent))
    return _letter(
        GIVEN,
        consent,
        subject=_("You will get news from us"),
        fact=_("You told us that you would like news from us."),
        lines=[f"«{consent.wording}»"],
        button=(_("See or change it"), page),
        cannot=(_("Stop the news"), stop),
        links=[{"rel": "unsubscribe", "url": stop}, {"rel": "news", "url": page}],
        now=now,
    )


def _letter(
    kind: str,
    consent: Consent,
    *,
    subject: str,
    fact: str,
    lines: Sequence[str],
    button: tuple[str, str],
    links: list[dict[str, str]],
    cannot: tuple[str, str] | None = None,
    now: datetime,
) -> Message:
    """One of the short letters, or the SMS in its place; call within the contact's language."""
    by_mail = consent.channel == Message.Channel.EMAIL
    context = {**_frame(consent, subject=subject, fact=fact), "lines": lines, "button": button, "cannot": cannot}
    pressed = [f"{label}:\n{url}" for label, url in filter(None, (button, cannot))]
    return messages.draft(
        kind=kind,
        to=consent.contact,
        channel=consent.channel,
        language=consent.language,
        subject=subject if by_mail else "",
        text="\n\n".join([fact, *lines, *pressed, _ending(context)]) + "\n"
        if by_mail
        else letters.short([fact], title="", about=[], url=button[1]),
        html=render_to_string("messages/frame.html", context) if by_mail else "",
        links=links,
        reference=reference(consent),
        now=now,
    )


def _frame(consent: Consent, *, subject: str, fact: str) -> dict[str, Any]:
    """What every letter's frame asks for."""
    return {
        "subject": subject,
        "fact": fact,
        **dict.fromkeys(("lines", "when", "entries"), ()),
        **dict.fromkeys(("title", "where", "button", "cannot", "number"), ""),
        "phone": spaced(settings.CONTACT_PHONE),
        "portal": settings.PORTAL_NAME,
        "municipality": settings.MUNICIPALITY_NAME,
        "site": settings.SITE_URL,
        "language": consent.language,
    }


def _ending(context: Mapping[str, Any]) -> str:
    return "\n".join(
        [
            _("Questions? Ring %(phone)s.") % {"phone": context["phone"]},
            f"{context['portal']}, {context['municipality']}",
        ]
    )


def _subject(choice: Choice) -> str:
    count = len(choice.picks) + max(choice.more, 0)
    return ngettext("News near you: %(n)s activity", "News near you: %(n)s activities", count) % {"n": count}


def _fact(consent: Consent) -> str:
    if consent.village is None:
        return _("What is new")
    return _("What is new %(around)s") % {"around": around(consent.village)}


def _by_week(picks: Sequence[Pick], known: Mapping[int, Told], now: datetime) -> list[tuple[str, list[Pick]]]:
    """This week, the next, later; in each the nearest first, of one place the soonest."""
    monday = _monday(dates.local_day(now))
    groups: dict[int, list[Pick]] = {}
    for pick in picks:
        starts = dates.local_day(known[pick.activity].times[0][0])
        groups.setdefault(min((_monday(starts) - monday).days // 7, 2), []).append(pick)
    names = (_("This week"), _("Next week"), _("Later"))
    return [(names[max(week, 0)], sorted(groups[week], key=lambda one: _order(one, known))) for week in sorted(groups)]


def _order(pick: Pick, known: Mapping[int, Told]) -> tuple[Any, ...]:
    """The nearest kilometre first; what is online after what is near."""
    return round(pick.km) if pick.km is not None else 1000, known[pick.activity].times[0][0], pick.activity


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _item(pick: Pick, known: Mapping[int, Told]) -> dict[str, Any]:
    said = known[pick.activity].said()
    where = said["place"]
    if pick.km is not None:
        where = f"{where}, {_distance(pick.km)}"
    lines = [said["when"], where, said["whom"]]
    return {**said, "lines": lines, "sentence": said["sentence"] if pick.invited else ""}


def _distance(km: float) -> str:
    if km < 1:
        return _("less than 1 km").replace(" ", NBSP)
    return _("about %(km)s km").replace(" ", NBSP) % {"km": round(km)}


def _rest_words(more: int) -> str:
    return ngettext("And %(n)s more activity", "And %(n)s more activities", more) % {"n": more}


def rest_address(consent: Consent) -> str:
    """The catalogue as this contact would ask it."""
    asked = []
    if consent.village is not None:
        asked = [("vieta", consent.village.slug), ("km", str(consent.km or "visi"))]
    asked += [("merkgrupa", code) for code in consent.audiences] + [("tema", code) for code in consent.topics]
    address = letters.absolute("courses:catalogue")
    return f"{address}?{urlencode(asked)}" if asked else address


def _because(consent: Consent) -> str:
    return _("You get this because you agreed to it %(day)s: at most %(often)s.") % {
        "day": dates.on_date(dates.local_day(consent.asked_at)),
        "often": often(settings.DIGEST_DAYS),
    }


def _own_page(consent: Consent) -> str:
    return letters.absolute("courses:news_own", links.news_token(consent))
