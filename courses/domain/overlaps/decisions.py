"""What people decide about an overlap, kept for ever with who, when and what it rested on; and the thread beside it.

Whoever may change one of the two activities decides for it, and the other department is told. One decision stands at a
time; it falls when what it rested on stands no more (:mod:`judging`). Both departments write in the thread.

A draft is seen by its own department alone, so nothing is agreed about one: it is planned first.
"""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from courses.domain import programme
from courses.domain.overlaps import judging, letters, sides
from courses.enums import ActivityStatus
from courses.models import Activity, Overlap, OverlapDecision, OverlapNote
from ecosystem.models import Department, User
from ecosystem.text import clean

What = OverlapDecision.What
DRAFT = _(
    "Only its own department sees a draft. Put it into the plans first; then the other department sees it and can answer."
)
ENDED = _("The two overlap no more, so there is nothing to decide.")
CHANGED = _(
    "Meanwhile the overlap has changed, or somebody has decided about it. Look once more, and press again if it stands."
)


def locked(overlap: Overlap | int) -> Overlap:
    """The row, locked until the transaction ends. Whoever judges waits, so that neither writes over the other."""
    judging.take_turns()
    pk = overlap if isinstance(overlap, int) else overlap.pk
    return (
        Overlap.objects.select_for_update(of=("self",))
        .select_related("first__lead", "second__lead", "first__parish", "second__parish", "decision")
        .get(pk=pk)
    )


def mark(overlap: Overlap) -> str:
    """The same as long as its page would say the same: why the two overlap, and what was decided."""
    return f"{overlap.basis}.{overlap.decision_id or 0}"


def go_ahead(
    *, overlap: Overlap, activity: Activity, words: str, by: User | None, seen: str | None = None, now: datetime
) -> OverlapDecision:
    """This activity goes ahead beside the other, because …; the other department is told, and may answer.

    The same words again are the same decision. With ``seen`` only about what the page has said (:func:`mark`). Raises
    ``programme.Refused``.
    """
    said = _said(
        words,
        "words",
        most=OverlapDecision.LONGEST,
        missing=_("Write why it goes ahead: the other department reads it."),
    )
    with transaction.atomic():
        current = locked(overlap)
        refuse_draft(current)
        standing = current.decision
        if standing is not None and (standing.what, standing.words) == (What.AHEAD, said) and current.ended_at is None:
            return standing
        if seen is not None and current.ended_at is None and seen != mark(current):
            raise programme.Refused(CHANGED)
        return record(overlap=current, activity=activity, what=What.AHEAD, words=said, by=by, now=now)


def record(
    *, overlap: Overlap, activity: Activity, what: str, words: str = "", by: User | None, now: datetime
) -> OverlapDecision:
    """Write down what was decided for this activity; from now on it stands. The other department is told.

    The caller holds the row (:func:`locked`). Raises ``programme.Refused`` where the two overlap no more.
    """
    if overlap.ended_at is not None:
        raise programme.Refused(ENDED)
    side = sides.of(overlap).by_pk(activity.pk) or activity
    made = OverlapDecision.objects.create(
        overlap=overlap,
        what=what,
        words=words,
        department=side.lead,
        by=by,
        at=now,
        basis=overlap.basis,
        kind=overlap.kind,
        reasons=overlap.reasons,
        version=overlap.version,
    )
    OverlapDecision.objects.filter(overlap=overlap, ended_at=None).exclude(pk=made.pk).update(ended_at=now)
    overlap.decision = made
    overlap.save(update_fields=["decision"])
    # A draft is told to nobody; of what is made one the offer and its answer tell.
    if what != What.JOINT and side.status != ActivityStatus.DRAFT:
        letters.decided(made, side=side, now=now)
    return made


def note(
    *, overlap: Overlap, department: Department, text: str, by: User | None, now: datetime, key: UUID | None = None
) -> OverlapNote:
    """Write in the thread; the other department is told. The same ``key`` again writes nothing. Raises ``Refused``."""
    said = _said(
        text, "text", most=OverlapNote.LONGEST, missing=_("Write what you want to say to the other department.")
    )
    refuse_draft(overlap)
    try:
        with transaction.atomic():
            if key is not None and (there := OverlapNote.objects.filter(key=key).first()):
                return there
            made = OverlapNote.objects.create(overlap=overlap, department=department, by=by, at=now, text=said, key=key)
            letters.noted(made, now=now)
    except IntegrityError:
        # The other of two clicks has written it meanwhile.
        if there := OverlapNote.objects.filter(key=key).first():
            return there
        raise
    return made


def refuse_draft(overlap: Overlap) -> None:
    """Nothing is agreed with another department about what it cannot see. Raises ``programme.Refused``."""
    if not overlap.is_own and any(one.status == ActivityStatus.DRAFT for one in sides.of(overlap).both):
        raise programme.Refused(DRAFT)


def _said(text: str, field: str, *, most: int, missing: object) -> str:
    """The words in one paragraph; refused when there are none or too many."""
    said = clean(text)
    if not said:
        raise programme.Refused({field: missing})
    if len(said) > most:
        raise programme.Refused({field: _("The text is too long. Write at most 1000 letters.")})
    return said
