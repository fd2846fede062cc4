"""What a planner types about an activity: all in one page, but its sessions and its standing. Rules are the domain's."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from centres.models import Centre
from coordinators.models import Post
from courses.domain import programme
from courses.enums import ActivityFormat, ActivityKind, ActivityLanguage
from courses.forms.parts import EuroField, Refusable, TextField, moment_field, number_field
from ecosystem.models import Parish

OTHERS = tuple(language for language in programme.LANGUAGES if language != "lv")
LANGUAGE_NAMES = {"en": _("English"), "ru": _("Russian"), "uk": _("Ukrainian")}


class DetailsForm(Refusable):
    """All of an activity but its sessions and its standing."""

    title_lv = TextField(
        label=_("Title"),
        most=160,
        error_messages={"required": _("Type a title.")},
        help_text=_("As a resident would say it: «Knitting for beginners»."),
    )
    summary_lv = TextField(
        label=_("What will happen"),
        several_lines=True,
        required=False,
        help_text=_("Two or three sentences: what we will do, what to bring."),
    )
    topic = forms.ChoiceField(label=_("Topic"), error_messages={"required": _("Choose a topic.")})
    kind = forms.ChoiceField(label=_("Kind"), choices=ActivityKind.choices)
    competences = forms.MultipleChoiceField(
        label=_("Key competences"), required=False, widget=forms.CheckboxSelectMultiple
    )
    audiences = forms.MultipleChoiceField(
        label=_("Audiences"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("A draft may leave this open; to publish, at least one is needed."),
    )
    age_min = number_field(label=_("From the age of"), digits=3)
    age_max = number_field(label=_("To the age of"), digits=3)
    level = TextField(label=_("Level"), most=60, required=False, help_text=_("For example: A1, for beginners, part 1."))
    language = forms.ChoiceField(label=_("Language of the sessions"), choices=ActivityLanguage.choices)
    lead = forms.ChoiceField(label=_("Department"), error_messages={"required": _("Choose the department that leads.")})
    partners = forms.MultipleChoiceField(
        label=_("Together with"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("They are asked when you save. The activity is joint when they accept; nothing waits for that."),
    )
    partner_note = TextField(
        label=_("What you would like of them"),
        most=500,
        required=False,
        help_text=_("They read it with the question."),
    )
    place = forms.ChoiceField(label=_("Where it happens"), error_messages={"required": _("Choose where it happens.")})
    format = forms.ChoiceField(label=_("Form"), choices=ActivityFormat.choices)
    capacity = number_field(label=_("Places"), digits=6, help_text=_("Empty: no limit."))
    min_participants = number_field(
        label=_("Least number of participants"), digits=6, help_text=_("With fewer it would not be held.")
    )
    fee_eur = EuroField(label=_("Fee, euros"), required=False, help_text=_("Empty: free of charge."))
    is_drop_in = forms.BooleanField(label=_("Just come: no registration is taken"), required=False)
    needs_approval = forms.BooleanField(label=_("The coordinator approves each registration"), required=False)
    asks_confirmation = forms.BooleanField(label=_("A week before, ask whether they will come"), required=False)
    registration_opens_at = moment_field(label=_("Registration opens"), help_text=_("Empty: at once."))
    registration_closes_at = moment_field(
        label=_("Registration closes"), help_text=_("Empty: when the last session ends.")
    )
    contact = forms.ChoiceField(label=_("Whom to ring"), required=False)
    educators = forms.MultipleChoiceField(
        label=_("Who leads"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("All the sessions.")
    )
    ref = TextField(
        label=_("Own reference"),
        most=60,
        required=False,
        help_text=_("Your own number or sign, for the programme file."),
    )
    title_en = TextField(label=_("Title"), most=160, required=False)
    summary_en = TextField(label=_("What will happen"), several_lines=True, required=False)
    title_ru = TextField(label=_("Title"), most=160, required=False)
    summary_ru = TextField(label=_("What will happen"), several_lines=True, required=False)
    title_uk = TextField(label=_("Title"), most=160, required=False)
    summary_uk = TextField(label=_("What will happen"), several_lines=True, required=False)

    renamed = {"parish": "place", "centre": "place"}

    def __init__(self, data: Any = None, *, offer: programme.Offer, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.offer = offer
        for language in OTHERS:
            for name in ("title", "summary"):
                self.fields[f"{name}_{language}"].widget.attrs["lang"] = language
        for name, choices in self._choices().items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101
            field.choices = choices

    def _choices(self) -> dict[str, Any]:
        offer = self.offer
        return {
            "topic": [("", gettext("Choose a topic")), *_named(offer.topics)],
            "competences": _named(offer.competences),
            "audiences": _named(offer.audiences),
            "lead": [
                *([("", gettext("Choose a department"))] if len(offer.departments) > 1 else []),
                *_named(offer.departments),
            ],
            "partners": _named(offer.all_departments),
            "place": [("", gettext("Choose a place")), *_places(offer)],
            "educators": _named(offer.educators),
            "contact": [("", gettext("Nobody yet")), *((str(post.pk), _post(post)) for post in offer.contacts)],
        }

    def leaders(self) -> list[tuple[str, list[dict[str, Any]], bool]]:
        """Who may lead, by department; in each, who teaches the topic stands first; open the first and those chosen of."""
        topic, chosen = self["topic"].value(), {str(pk) for pk in self["educators"].value() or ()}
        languages = dict(ActivityLanguage.choices)
        groups: dict[str, list[dict[str, Any]]] = {}
        for each in self.offer.educators:
            topics = list(each.topics.all())
            taught = ", ".join(str(one.name) for one in topics)
            spoken = ", ".join(str(languages[code]).lower() for code in each.languages)
            option = {
                "value": each.pk,
                "name": each.name,
                "hint": " · ".join(part for part in (taught, spoken) if part),
                "checked": str(each.pk) in chosen,
                "teaches": any(one.pk == topic for one in topics),
            }
            groups.setdefault(str(each.department.name), []).append(option)
        return [
            (name, sorted(rows, key=lambda row: not row["teaches"]), not place or any(row["checked"] for row in rows))
            for place, (name, rows) in enumerate(groups.items())
        ]

    def clean(self) -> dict[str, Any]:
        """A department and a place of which each is on offer, but together they are somebody else's."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("lead") and cleaned.get("place"):
            parish, centre = self._place()
            if not programme.may_plan(
                reach=self.offer.reach, lead=cleaned["lead"], parish=parish.pk, centre=centre.pk if centre else None
            ):
                self.add_error("place", gettext("Your post does not plan for this department in this place."))
        return cleaned

    def spec(self) -> programme.ActivitySpec:
        """What was typed, as the domain takes it: a draft without sessions."""
        cleaned, offer = self.cleaned_data, self.offer
        parish, centre = self._place()
        plain = (
            *("kind", "format", "age_min", "age_max", "level", "language", "capacity", "min_participants", "fee_eur"),
            *("is_drop_in", "needs_approval", "registration_opens_at", "registration_closes_at", "ref"),
            "asks_confirmation",
        )
        return programme.ActivitySpec(
            lead=_chosen(offer.departments, cleaned["lead"]),
            parish=parish,
            centre=centre,
            topic=_chosen(offer.topics, cleaned["topic"]),
            titles={language: cleaned[f"title_{language}"] for language in programme.LANGUAGES},
            summaries={language: cleaned[f"summary_{language}"] for language in programme.LANGUAGES},
            audiences=[each for each in offer.audiences if each.pk in cleaned["audiences"]],
            competences=[each for each in offer.competences if each.pk in cleaned["competences"]],
            partners=[each for each in offer.all_departments if each.pk in cleaned["partners"]],
            educators=[each for each in offer.educators if str(each.pk) in cleaned["educators"]],
            contact=next((post for post in offer.contacts if str(post.pk) == cleaned["contact"]), None),
            sessions=[],
            status="draft",
            **{name: cleaned[name] for name in plain},
        )

    def _place(self) -> tuple[Parish, Centre | None]:
        sort, _colon, code = self.cleaned_data["place"].partition(":")
        if sort == "parish":
            return _chosen(self.offer.parishes, code), None
        centre = next(each for each in self.offer.centres if str(each.pk) == code)
        return centre.parish, centre

    def shown(self, name: str, value: Any) -> str:
        """A value of a field as people read it, for comparing."""
        field = self.fields[name]
        if isinstance(field, forms.BooleanField):
            return gettext("yes") if value in (True, "on", "True", "true", "1") else gettext("no")
        if isinstance(field, forms.ChoiceField):
            labels = dict(_flat(list(field.choices)))  # type: ignore[arg-type]
            wanted = value if isinstance(value, list | tuple) else [value]
            return ", ".join(sorted(str(labels.get(str(each), each)) for each in wanted if each not in (None, "")))
        if isinstance(value, datetime):
            return f"{timezone.localtime(value):%d.%m.%Y %H:%M}"
        return "" if value is None else str(value)


def initial_of(spec: programme.ActivitySpec) -> dict[str, Any]:
    """What the form shows of an activity."""
    plain = (
        *("kind", "format", "age_min", "age_max", "level", "language", "capacity", "min_participants"),
        *("is_drop_in", "needs_approval", "registration_opens_at", "registration_closes_at", "ref"),
        "asks_confirmation",
    )
    return {
        **{name: getattr(spec, name) for name in plain},
        **{f"title_{language}": text for language, text in spec.titles.items()},
        **{f"summary_{language}": text for language, text in spec.summaries.items()},
        "fee_eur": str(spec.fee_eur) if spec.fee_eur else "",
        "topic": spec.topic.pk,
        "lead": spec.lead.pk,
        "place": f"centre:{spec.centre.pk}" if spec.centre else f"parish:{spec.parish.pk}",
        "contact": str(spec.contact.pk) if spec.contact else "",
        **{name: [each.pk for each in getattr(spec, name)] for name in ("audiences", "competences", "partners")},
        "educators": [str(each.pk) for each in spec.educators or ()],
    }


def begun(params: QueryDict, offer: programme.Offer) -> dict[str, Any]:
    """What an address asks a new activity to begin with: whom for, about what, in which parish. The unknown is left out."""
    given: dict[str, Any] = {}
    audiences = {one.pk for one in offer.audiences}
    if meant := [code for code in params.getlist("merkgrupa") if code in audiences]:
        given["audiences"] = meant
    if params.get("tema") in {one.pk for one in offer.topics}:
        given["topic"] = params["tema"]
    parish = next((one for one in offer.parishes if one.slug == params.get("pagasts")), None)
    if parish is not None:
        there = [centre for centre in offer.centres if centre.parish_id == parish.pk]
        given["place"] = f"centre:{there[0].pk}" if len(there) == 1 else f"parish:{parish.pk}"
    return given


def begun_on(params: QueryDict) -> date | None:
    """The first day that an address asks a new activity to begin with; none where it makes no sense."""
    try:
        return date.fromisoformat(params.get("no", ""))
    except ValueError:
        return None


@dataclass(frozen=True)
class Difference:
    """One field of which the page and the row say different things."""

    label: str
    theirs: str
    yours: str


def differences(form: DetailsForm, current: programme.ActivitySpec) -> list[Difference]:
    """Where what was typed differs from what somebody else saved meanwhile."""
    theirs, yours = initial_of(current), initial_of(form.spec())
    found = []
    for name, field in form.fields.items():
        their, your = form.shown(name, theirs.get(name)), form.shown(name, yours.get(name))
        if their != your:
            language = LANGUAGE_NAMES.get(name[-2:]) if name[-3:-2] == "_" else None
            label: str | Promise = field.label or name
            found.append(Difference(f"{label} ({language})" if language else str(label), their, your))
    return found


def _named(rows: Iterable[Any]) -> list[tuple[str, str]]:
    return [(str(row.pk), str(row.name)) for row in rows]


def _flat(choices: Iterable[tuple[Any, Any]]) -> Iterable[tuple[str, str]]:
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield str(value), str(label)


def _places(offer: programme.Offer) -> list[tuple[str, list[tuple[str, str]]]]:
    """Centres by parish, each group ending with the parish itself where one may plan for all of it."""
    parishes = {parish.pk: parish for parish in offer.parishes}
    groups: dict[str, tuple[str, list[tuple[str, str]]]] = {pk: (p.name, []) for pk, p in parishes.items()}
    for centre in offer.centres:
        group = groups.setdefault(centre.parish_id, (centre.parish.name, []))
        group[1].append((f"centre:{centre.pk}", centre.name))
    for pk, parish in parishes.items():
        other = gettext("%(parish)s, another place") % {"parish": parish.name}
        groups[pk][1].append((f"parish:{pk}", other))
    return list(groups.values())


def _post(post: Post) -> str:
    where = (
        ", ".join(parish.name for parish in list(post.parishes.all())[:2]) if post.kind == Post.Kind.COORDINATOR else ""
    )
    who = post.holder.name if post.holder and post.holder.name else gettext("vacant")
    return " · ".join(part for part in (str(post.get_kind_display()), where, who, post.phone) if part)


def _chosen(rows: Iterable[Any], pk: str) -> Any:
    return next(row for row in rows if str(row.pk) == pk)
