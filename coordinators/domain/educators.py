"""Those who lead sessions: written down, changed, seen.

A department's coordinators, centre managers and head keep its educators. Everybody at the desk sees who there is, on
what terms and what they teach; how to reach them and the number of their permit or contract only their department.
"""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet, Value
from django.utils.translation import gettext_lazy as _

from coordinators.domain.access import Reach
from coordinators.models import Educator, Post
from ecosystem.models import Department, Topic
from ecosystem.models.functions import Fold, SortKey
from ecosystem.text import clean

# Posts that keep the educators of their department.
_KEEPERS = (Post.Kind.COORDINATOR, Post.Kind.MANAGER, Post.Kind.HEAD)


class Refused(ValidationError):
    """What was said of an educator cannot stand; the messages say why, by field, and are fit to show."""


class ChangedMeanwhile(Exception):
    """Somebody else saved this educator after the page was opened."""


@dataclass(frozen=True, kw_only=True)
class Details:
    """An educator as they should be written down."""

    name: str
    department: Department
    kind: str = Educator.Kind.HIRED
    topics: Sequence[Topic] = ()
    languages: Sequence[str] = ()
    email: str = ""
    phone: str = ""
    contract_number: str = ""
    note: str = ""


def kept_by(reach: Reach) -> frozenset[str]:
    """The departments whose educators this person keeps; an administrator keeps all (see ``may_keep``)."""
    return frozenset(post.department_id for post in reach.posts if post.kind in _KEEPERS)


def may_keep(reach: Reach, department: str) -> bool:
    """Whether one may write down, change and retire educators of this department."""
    return reach.is_administrator or department in kept_by(reach)


def may_reach(reach: Reach, educator: Educator) -> bool:
    """Whether one sees how to reach them, and the number of the permit or contract."""
    return reach.is_administrator or educator.department_id in reach.departments


def details_of(educator: Educator) -> Details:
    """What is written down now."""
    return Details(
        name=educator.name,
        department=educator.department,
        kind=educator.kind,
        topics=list(educator.topics.all()),
        languages=list(educator.languages),
        email=educator.email,
        phone=str(educator.phone or ""),
        contract_number=educator.contract_number,
        note=educator.note,
    )


def fingerprint(details: Details) -> str:
    """A short mark of what a page showed."""
    said: list[Any] = []
    for each in fields(details):
        value = getattr(details, each.name)
        if each.name == "topics":
            value = sorted(topic.pk for topic in value)
        elif each.name == "languages":
            value = sorted(value)
        elif each.name == "department":
            value = value.pk
        said.append((each.name, value))
    return hashlib.sha256(repr(said).encode()).hexdigest()[:32]


def add(*, details: Details, reach: Reach, is_another: bool = False) -> Educator:
    """Write somebody down. Of one name there is one in a department, unless one says that it is another person."""
    _refuse_strange(details.department.pk, reach)
    with transaction.atomic():
        # Two who write the same person down at once: the second finds the first's.
        Department.objects.select_for_update(no_key=True).get(pk=details.department.pk)
        _refuse_same_name(details, is_another=is_another)
        educator = Educator()
        _put(educator, details)
        return educator


def change(*, educator: Educator, details: Details, seen: str, reach: Reach, is_another: bool = False) -> Educator:
    """Write down what is true now; ``seen`` is the fingerprint of what the page showed."""
    _refuse_strange(educator.department_id, reach)
    _refuse_strange(details.department.pk, reach)
    with transaction.atomic():
        educator = Educator.objects.select_for_update(no_key=True, of=("self",)).get(pk=educator.pk)
        if seen != fingerprint(details_of(educator)):
            raise ChangedMeanwhile
        if (clean(details.name), details.department.pk) != (educator.name, educator.department_id):
            _refuse_same_name(details, is_another=is_another, but=educator.pk)
        _put(educator, details)
        return educator


def found(
    *,
    departments: Collection[str] | None = None,
    text: str = "",
    topic: str = "",
    language: str = "",
    kind: str = "",
    retired: bool = False,
) -> QuerySet[Educator]:
    """Those who fit, by name in the order of the Latvian alphabet; of some departments, or of all."""
    rows = Educator.objects.filter(retired_at__isnull=not retired)
    if departments is not None:
        rows = rows.filter(department__in=departments)
    for place, word in enumerate(clean(text)[:120].split()[:6]):
        # Folded by the database on both sides.
        rows = rows.alias(**{f"folded_{place}": Fold("name")}).filter(
            **{f"folded_{place}__contains": Fold(Value(word))}
        )
    if topic:
        rows = rows.filter(topics=topic)
    if language:
        rows = rows.filter(languages__contains=[language])
    if kind:
        rows = rows.filter(kind=kind)
    return rows.select_related("department").prefetch_related("topics").order_by(SortKey("name"), "pk")


def _refuse_strange(department: str, reach: Reach) -> None:
    if not may_keep(reach, department):
        raise PermissionDenied(_("Educators are kept by their own department's coordinators, managers and head."))


def _refuse_same_name(details: Details, *, is_another: bool, but: int | None = None) -> None:
    if is_another:
        return
    there = Educator.objects.filter(department=details.department)
    if but is not None:
        there = there.exclude(pk=but)
    same = there.alias(folded=Fold("name")).filter(folded=Fold(Value(clean(details.name)))).order_by("pk").first()
    if same is None:
        return
    if same.retired_at is not None:
        message = _("%(name)s is already here, among those who no longer teach. Bring them back instead.")
    else:
        message = _("%(name)s is already here. Tick below if this is another person of the same name.")
    raise Refused({"name": ValidationError(message, code="same_name", params={"name": same.name})})


def _put(educator: Educator, details: Details) -> None:
    """Put the details on the row; raises :class:`Refused` for what the row cannot hold."""
    educator.name = clean(details.name)
    educator.department = details.department
    educator.kind = details.kind
    educator.languages = sorted(set(details.languages))
    educator.email = details.email.strip().lower()
    educator.phone = details.phone
    educator.contract_number = clean(details.contract_number)
    educator.note = clean(details.note)
    if not educator.name:
        raise Refused({"name": _("Type the given name and the family name.")})
    try:
        educator.full_clean()
    except ValidationError as error:
        raise Refused(error.error_dict) from error
    educator.save()
    educator.topics.set(details.topics)


def keepable(reach: Reach) -> QuerySet[Department]:
    """The departments that one may write educators down for."""
    mine = Q() if reach.is_administrator else Q(pk__in=kept_by(reach))
    return Department.objects.filter(mine, retired_at=None).order_by("position", "pk")
