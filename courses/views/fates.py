"""What a message was about and what became of it, as the desk says it."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ecosystem import dates, tasks
from ecosystem.models import Message

KINDS = {
    "confirmed": _("You have a place"),
    "queued": _("You are in the queue"),
    "awaiting_approval": _("Awaiting approval"),
    "already_in": _("This registration has already been received"),
    "offer": _("A place is offered"),
    "offer_lapsed": _("The time to confirm has passed"),
    "place_confirmed": _("Your place is confirmed"),
    "queue_moved": _("Your place in the queue has changed"),
    "cancelled": _("Your registration is cancelled"),
    "contact_changed": _("We will write to you here"),
    "session_cancelled": _("A session will not take place"),
    "session_moved": _("Another time"),
    "session_added": _("One more session"),
    "room_changed": _("Another room"),
    "place_changed": _("Another place"),
    "plan_changed": _("The sessions have changed"),
    "confirmation": _("Will you come?"),
    "reminder": _("Reminder"),
    "activity_cancelled": _("Will not take place"),
    "carried_over": _("Goes along to a joint activity"),
    "made_joint": _("Now a joint activity"),
    "feedback": _("How was it?"),
    "certificate": _("Certificate"),
    "bulletin": _("Message to a group"),
}
# What carriers most often say, as people say it; anything else is shown as it came.
REASONS = {
    "expired": _("the telephone was switched off or out of reach too long"),
    "unknown number": _("there is no such number"),
    "rejected": _("the operator refused it"),
    tasks.INTERRUPTED: _("sending was interrupted: it may have arrived or not"),
}


def moment_words(moment: datetime) -> str:
    """ "12. janv. 9:00"."""
    local = timezone.localtime(moment)
    return f"{dates.day_month(local.date(), short=True)} {dates.clock(local)}"


def kind_words(kind: str) -> str:
    """What a kind of message says, as the desk calls it."""
    return str(KINDS.get(kind, kind))


def state_words(message: Message) -> tuple[str, str]:
    """What became of a message, and when; its tone."""
    moment = message.delivered_at or message.sent_at or message.created_at
    tone = {Message.State.FAILED: "brick", Message.State.DELIVERED: "leaf"}.get(Message.State(message.state), "soft")
    return f"{dates.uncapital(message.get_state_display())} {moment_words(moment)}", tone


def reason_words(error: str) -> str:
    """Why it failed, in the reader's words where we know them."""
    known = next((words for code, words in REASONS.items() if error.lower().startswith(code)), None)
    if known is not None:
        return str(known)
    if error.startswith(("SMTP", "HTTP")):
        return gettext("the address was refused (%(code)s)") % {"code": error}
    return error or gettext("no reason is known")
