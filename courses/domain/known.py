"""What a programme file may name: everything loaded once, found by code or name, spelt with or without diacritics."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils import translation
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz, process

from centres.models import Centre, Room
from coordinators.models import Post
from courses.domain import programme
from courses.enums import ActivityStatus
from ecosystem.models import Audience, Competence, Department, Parish, Topic
from ecosystem.text import clean, sort_key, words

# A message with its own words put in, in whatever language it is read.
_filled = lazy(lambda message, params: str(message) % params, str)


def key(text: str) -> str:
    """The words of a name without case, diacritics and quotation marks, which everybody writes differently."""
    return " ".join(words(text)) or text.strip()


@dataclass
class Names:
    """Things of one kind by the spellings they may be named by."""

    by_key: dict[str, Any] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)

    def add(self, thing: Any, spellings: Iterable[str | None], *, shown: str) -> None:
        """The first that claims a spelling keeps it."""
        for spelling in spellings:
            if spelling and key(spelling):
                self.by_key.setdefault(key(spelling), thing)
                self.shown.setdefault(key(spelling), shown)

    def find(self, text: str, unknown: Any) -> Any:
        """The thing of this name; otherwise a refusal that offers the nearest names."""
        found = self.by_key.get(key(text))
        if found is None:
            params = {"text": clean(text)[:60]}
            near = self.nearest(text)
            if not near:
                raise ValidationError(unknown, params=params)
            raise ValidationError(
                _("%(unknown)s Perhaps: %(names)s."),
                params={"unknown": _filled(unknown, params), "names": ", ".join(near)},
            )
        return found

    def nearest(self, text: str) -> list[str]:
        """Up to three names most like the text; where only a few are known, those."""
        current = [spelling for spelling, thing in self.by_key.items() if getattr(thing, "retired_at", None) is None]
        if len(current) > 6:
            found = process.extract(key(text), current, scorer=fuzz.WRatio, limit=6, score_cutoff=60)
            current = [spelling for spelling, _score, _place in found]
        else:
            current.sort(key=sort_key)
        return list(dict.fromkeys(self.shown[spelling] for spelling in current))[:3]


@dataclass
class Known:
    """All that rows may name, loaded with one query a kind."""

    departments: Names
    parishes: dict[str, Parish]
    parish_names: Names
    topics: Names
    audiences: Names
    competences: Names
    centres: dict[str, Names]
    rooms: dict[int, Names]
    posts: dict[str, Post]
    choices: dict[type[TextChoices], Names] = field(default_factory=dict)

    @classmethod
    def load(cls) -> "Known":
        """What the database knows now."""
        parishes = {parish.pk: parish for parish in Parish.objects.all()}
        parish_names = Names()
        for parish in parishes.values():
            parish_names.add(parish, [parish.name, parish.slug, parish.pk, parish.pk.lstrip("0")], shown=parish.name)
        centres: dict[str, Names] = {}
        for centre in Centre.objects.all():
            names = centres.setdefault(centre.parish_id, Names())
            spellings = [centre.name_lv, centre.name_en, centre.slug]  # type: ignore[attr-defined]
            names.add(centre, spellings, shown=centre.name)
        rooms: dict[int, Names] = {}
        for room in Room.objects.all():
            rooms.setdefault(room.centre_id, Names()).add(room, [room.name], shown=room.name)
        posts: dict[str, Post] = {}
        for post in Post.objects.select_related("holder").order_by("id"):
            for email in (post.email, post.holder.email if post.holder else ""):
                if email:
                    posts.setdefault(email.lower(), post)
        return cls(
            departments=_terms(Department.objects.all()),
            parishes=parishes,
            parish_names=parish_names,
            topics=_terms(Topic.objects.all()),
            audiences=_terms(Audience.objects.all()),
            competences=_terms(Competence.objects.all()),
            centres=centres,
            rooms=rooms,
            posts=posts,
        )

    def department(self, text: str) -> Department:
        """A department by code or name."""
        return _current(self.departments.find(text, _("There is no department «%(text)s».")), text)

    def topic(self, text: str) -> Topic:
        """A topic by code or name."""
        return _current(self.topics.find(text, _("There is no topic «%(text)s».")), text)

    def audience(self, text: str) -> Audience:
        """An audience by code or name."""
        return _current(self.audiences.find(text, _("There is no audience «%(text)s».")), text)

    def competence(self, text: str) -> Competence:
        """A key competence by code or name."""
        return _current(self.competences.find(text, _("There is no competence «%(text)s».")), text)

    def parish(self, text: str) -> Parish:
        """A parish by name or code; spreadsheets lose the leading zero of a code."""
        return _current(self.parish_names.find(text, _("There is no parish «%(text)s».")), text)

    def centre(self, text: str, parish: Parish) -> Centre:
        """A centre by its name within the parish."""
        names = self.centres.get(parish.pk, Names())
        unknown = _("There is no centre «%(text)s» in the parish.")
        return _current(names.find(text, unknown), text)

    def room(self, text: str, centre: Centre | None) -> Room:
        """A room by its name within the centre."""
        if centre is None:
            raise ValidationError(_("A room needs its centre."))
        found: Room = self.rooms.get(centre.pk, Names()).find(text, _("The centre has no room «%(text)s»."))
        return found

    def contact(self, text: str) -> Post:
        """The post behind a coordinator's work e-mail."""
        post = self.posts.get(text.strip().lower())
        if post is None:
            raise ValidationError(
                _("No coordinator has the e-mail address %(text)s."), params={"text": clean(text)[:60]}
            )
        return post

    def choices_of(self, choices: type[TextChoices]) -> dict[str, str]:
        """A few words by their spellings: the code and its name in either language."""
        names = self.choices.get(choices)
        if names is None:
            names = self.choices[choices] = Names()
            for value, label in choices.choices:
                names.add(value, [value], shown=value)
                for language in ("lv", "en"):
                    with translation.override(language):
                        names.add(value, [str(label)], shown=value)
        return names.by_key

    def choice(self, choices: type[TextChoices]) -> Callable[[str], str]:
        """A reader of one of a few words, by code or by its name in either language."""
        known = self.choices_of(choices)

        def read(text: str) -> str:
            value = known.get(key(text.replace("_", " "))) or known.get(key(text))
            if value is None:
                raise ValidationError(
                    _("«%(text)s» is none of these: %(names)s."),
                    params={"text": clean(text)[:60], "names": ", ".join(choices.values)},
                )
            return str(value)

        return read

    def status(self, text: str) -> str:
        """Draft, planned, published, or completed, of what was held; a file calls nothing off."""
        value = self.choice(ActivityStatus)(text)
        if value not in programme.FILED:
            raise ValidationError(
                _("«%(text)s» is none of these: %(names)s."),
                params={"text": clean(text)[:60], "names": ", ".join(programme.FILED)},
            )
        return value


def _terms(terms: Sequence[Any] | Iterable[Any]) -> Names:
    names = Names()
    for term in terms:
        spellings = [term.pk, getattr(term, "name_lv", None), getattr(term, "name_en", None)]
        names.add(term, spellings, shown=f"{term.pk} ({term.name})")
    return names


def _current(thing: Any, text: str) -> Any:
    if thing.retired_at is not None:
        raise ValidationError(
            _("«%(text)s» is no longer in use; old activities keep it, new ones need another."),
            params={"text": clean(text)[:60]},
        )
    return thing
