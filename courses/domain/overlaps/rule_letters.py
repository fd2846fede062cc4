"""What departments tell each other about the shared rules: plain letters to those who answer for them.

Proposed: the heads of the departments whose answer is waited for; for a department without a head the administrators.
What became of it: all heads, the administrators for who has none, and who proposed it. Nobody is told what they did
themselves.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from coordinators.models import Post
from ecosystem import dates
from ecosystem.domain import messages
from ecosystem.models import Department, Message, RuleSet, RuleSetAnswer, User
from ecosystem.overlap import rules
from ecosystem.phones import spaced

# Subject, first line, more lines, what the button says: in the language in force.
Words = Callable[[], tuple[str, str, list[str], str]]
# What the frame of messages asks for and these do not say.
_BARE: dict[str, object] = {"entries": [], "title": "", "when": [], "where": "", "cannot": None, "number": ""}


def proposed(
    row: RuleSet, *, before: rules.RuleSet, after: rules.RuleSet, waiting: Iterable[Department], now: datetime
) -> None:
    """Other rules are proposed: what would change, and why."""

    def words() -> tuple[str, str, list[str], str]:
        language = "lv" if dates.is_latvian() else "en"
        lines = [_("They would hold from %(day)s.") % {"day": _day(row)}, f"«{row.why}»"]
        for name in rules.changed(before, after):
            said = rules.say(name, getattr(after, name), language)
            lines.append(_("%(rule)s Until now: %(number)s.") % {"rule": said, "number": getattr(before, name)})
        return (
            _("Other overlap rules are proposed: please answer"),
            _("%(department)s proposes other rules of overlap.") % {"department": row.proposed_by},
            [*_by(_("Proposed by: %(name)s."), row.proposer), *lines],
            _("Look and answer"),
        )

    _tell("rules_proposed", row, _answering([one.pk for one in waiting], now=now), row.proposer, words, now=now)


def agreed(row: RuleSet, *, late: bool, by: User | None, now: datetime) -> None:
    """All have agreed: since when it holds."""

    def words() -> tuple[str, str, list[str], str]:
        lines = [_("They hold from %(day)s.") % {"day": _day(row)}]
        if late:
            lines.append(_("The day that was proposed had passed when the last department agreed."))
        return (
            _("Agreed: other overlap rules from %(day)s") % {"day": _day(row)},
            _("All departments have agreed to version %(version)s of the rules.") % {"version": row.version},
            lines,
            _("Look at the rules"),
        )

    _tell("rules_agreed", row, _everybody(row, now=now), by, words, now=now)


def declined(row: RuleSet, answer: RuleSetAnswer, *, now: datetime) -> None:
    """One department does not agree, and why; the rules stay as they are."""

    def words() -> tuple[str, str, list[str], str]:
        return (
            _("Declined: the overlap rules stay as they are"),
            _("%(department)s does not agree to version %(version)s of the rules.")
            % {"department": answer.department, "version": row.version},
            [*_by(_("Answered by: %(name)s."), answer.by), f"«{answer.note}»", _("The rules stay as they are.")],
            _("Look at it"),
        )

    _tell("rules_declined", row, _everybody(row, now=now), answer.by, words, now=now)


def withdrawn(row: RuleSet, *, by: User | None, now: datetime) -> None:
    """The department that proposed it takes it back."""

    def words() -> tuple[str, str, list[str], str]:
        return (
            _("Withdrawn: the overlap rules stay as they are"),
            _("%(department)s has withdrawn version %(version)s of the rules. You need not answer.")
            % {"department": row.proposed_by, "version": row.version},
            [*_by(_("Decided by: %(name)s."), by), _("The rules stay as they are.")],
            _("Look at it"),
        )

    _tell("rules_withdrawn", row, _everybody(row, now=now), by, words, now=now)


def _everybody(row: RuleSet, *, now: datetime) -> list[User]:
    codes = Department.objects.current().order_by("position", "pk").values_list("pk", flat=True)
    people = _answering(list(codes), now=now)
    if row.proposer is not None and row.proposer.is_active:
        people.append(row.proposer)
    return list({user.pk: user for user in people}.values())


def _answering(departments: list[str], *, now: datetime) -> list[User]:
    """The heads of these departments; where one has none, the administrators as well."""
    posts = Post.objects.in_force(on=timezone.localdate(now)).filter(holder__is_active=True)
    posts = posts.filter(kind__in=(Post.Kind.HEAD, Post.Kind.ADMINISTRATOR)).select_related("holder").order_by("pk")
    found = list(posts)
    heads = [post for post in found if post.kind == Post.Kind.HEAD and post.department_id in departments]
    if {post.department_id for post in heads} != set(departments):
        heads += [post for post in found if post.kind == Post.Kind.ADMINISTRATOR]
    return list({post.holder_id: post.holder for post in heads if post.holder is not None}.values())


def _by(words: str, by: User | None) -> list[str]:
    return [words % {"name": by}] if by is not None else []


def _day(row: RuleSet) -> str:
    return f"{row.in_force_from:%d.%m.%Y}"


def _tell(kind: str, row: RuleSet, people: Iterable[User], but: User | None, words: Words, *, now: datetime) -> None:
    """One letter to each, in their language."""
    rows = []
    for user in people:
        if but is None or user.pk != but.pk:
            with translation.override(user.language):
                rows.append(_letter(kind, row, user, words, now=now))
    messages.post(rows)


def _letter(kind: str, row: RuleSet, user: User, words: Words, *, now: datetime) -> Message:
    subject, fact, lines, verb = words()
    url = settings.SITE_URL + reverse("courses:desk_rule_set", args=[row.version])
    frame = {
        "subject": subject,
        "fact": fact,
        "lines": lines,
        "button": (verb, url),
        "phone": spaced(settings.CONTACT_PHONE),
        "portal": settings.PORTAL_NAME,
        "municipality": settings.MUNICIPALITY_NAME,
        "site": settings.SITE_URL,
        "language": user.language,
    }
    parts = [fact, *lines, f"{verb}:\n{url}", f"{settings.PORTAL_NAME}, {settings.MUNICIPALITY_NAME}"]
    return messages.draft(
        kind=kind,
        to=user.email,
        channel=Message.Channel.EMAIL,
        language=user.language,
        subject=subject,
        text="\n\n".join(parts) + "\n",
        html=render_to_string("messages/frame.html", frame | _BARE),
        links=[{"rel": "rules", "url": url}],
        reference=f"rules:{row.version}",
        now=now,
    )
