"""What a message was about and what became of it, as the desk says it."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from ecosystem import dates, tasks
from ecosystem.models import Message

KINDS = {
    "confirmed": _lazy("You have a place"),
    "queued": _lazy("You are in the queue"),
    "awaiting_approval": _lazy("Awaiting approval"),
    "already_in": _lazy("This registration has already been received"),
    "offer": _lazy("A place is offered"),
    "offer_lapsed": _lazy("The time to confirm has passed"),
    "place_confirmed": _lazy("Your place is confirmed"),
    "queue_moved": _lazy("Your place in the queue has changed"),
    "cancelled": _lazy("Your registration is cancelled"),
    "contact_changed": _lazy("We will write to you here"),
    "session_cancelled": _lazy("A session will not take place"),
    "confirmation": _lazy("Will you come?"),
    "reminder": _lazy("Reminder"),
    "activity_cancelled": _lazy("The activity will not take place"),
    "feedback": _lazy("How was it?"),
    "bulletin": _lazy("Message to a group"),
}
# What carriers most often say, as people say it; anything else is shown as it came.
REASONS = {
    "expired": _lazy("the telephone was switched off or out of reach too long"),
    "unknown number": _lazy("there is no such number"),
    "rejected": _lazy("the operator refused it"),
    tasks.INTERRUPTED: _lazy("sending was interrupted: it may have arrived or not"),
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
        return _("the address was refused (%(code)s)") % {"code": error}
    return error or _("no reason is known")
