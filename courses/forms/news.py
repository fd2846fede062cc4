"""News: what somebody would like to be told of, where to, and the sentence they agree to."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from courses.forms.contact import FindForm
from courses.forms.fields import LineField, Typed
from courses.forms.person import ELSEWHERE, Homes
from courses.models import Invitation
from ecosystem.models import Message
from ecosystem.phones import spaced
from ecosystem.text import clean
from residents.domain import consents, wording
from residents.domain.consents import Address, Wanted
from residents.models import Consent

EVERYWHERE = "visi"


class TickForm(forms.Form):
    """The box to tick beside another question, never ticked beforehand; ``news_wording`` says which sentence it shows."""

    news = forms.BooleanField(required=False)
    news_wording = Typed(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None = None, *, initial: dict[str, Any] | None = None) -> None:
        self.wording = wording.current()
        super().__init__(data, initial={**(initial or {}), "news_wording": self.wording.version})
        self.fields["news"].label = self.wording.text

    @staticmethod
    def was_ticked(data: Mapping[str, Any]) -> bool:
        """Whether what is shown again had this very sentence ticked."""
        return "news" in data and data.get("news_wording") == wording.current().version

    @property
    def is_ticked(self) -> bool:
        """Whether they agree."""
        return bool(self.is_bound and self.cleaned_data.get("news"))

    def clean(self) -> dict[str, Any]:
        """Only the sentence of today can be agreed to."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("news") and cleaned.get("news_wording") != self.wording.version:
            self.reword(gettext("The sentence has changed since. Read it and tick the box once more."))
        return cleaned

    def reword(self, text: str) -> None:
        """Show today's sentence with an empty box, and why."""
        shown: Any = self.data.copy()  # type: ignore[attr-defined]
        shown.pop("news", None)
        shown["news_wording"] = self.wording.version
        self.data = shown
        self.add_error("news", text)


class WantedForm(forms.Form):
    """What somebody likes to be told of: around which village, how far, for whom, about what; in which language."""

    village = Typed(label=_("Village of residence"), required=False, widget=forms.Select())
    km = forms.ChoiceField(label=_("How far would you go?"), required=False, widget=forms.RadioSelect)
    audiences = forms.MultipleChoiceField(
        label=_("For whom"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick nothing, and we tell you of what fits the ages of your household, or of everything."),
    )
    topics = forms.MultipleChoiceField(
        label=_("About what"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick nothing, and we tell you of everything."),
    )
    language = forms.ChoiceField(
        label=_("In which language"), required=False, choices=settings.LANGUAGES, widget=forms.RadioSelect
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, initial: dict[str, Any] | None = None, homes: Homes
    ) -> None:
        given = {"km": str(consents.NEAR_KM), "language": get_language() or "lv", **(initial or {})}
        super().__init__(data, initial=given)
        self.homes = homes
        self.fields["village"].widget = forms.Select(choices=list(homes.choices()))
        fields: dict[str, Any] = self.fields
        distances = [(str(km), gettext("up to %(km)s km") % {"km": km}) for km in consents.DISTANCES]
        fields["km"].choices = [*distances, (EVERYWHERE, gettext("anywhere in the municipality"))]
        fields["audiences"].choices = [(one.pk, one.name) for one in consents.offered_audiences()]
        fields["topics"].choices = [(one.pk, one.name) for one in consents.offered_topics()]
        wrong = {"invalid_choice": gettext("This is not among the choices. Choose again.")}
        for name in ("km", "audiences", "topics", "language"):
            self.fields[name].error_messages |= wrong

    @staticmethod
    def said(consent: Consent) -> dict[str, Any]:
        """What a consent says, as the form shows it."""
        return {
            "village": consent.village.slug if consent.village else ELSEWHERE,
            "km": str(consent.km or EVERYWHERE),
            "audiences": consent.audiences,
            "topics": consent.topics,
            "language": consent.language,
        }

    def clean_village(self) -> str:
        """A slug from the list, or ``elsewhere``."""
        slug = clean(str(self.cleaned_data["village"]))
        if not slug:
            raise ValidationError(gettext("Choose where you live: we tell you of what is near."), code="required")
        if slug != ELSEWHERE and slug not in self.homes.villages:
            raise ValidationError(
                gettext("«%(place)s» is not in our list. Choose the nearest village, or «Jelgava or another place».")
                % {"place": slug[:40]},
                code="unknown",
            )
        return slug

    def wanted(self) -> Wanted:
        """As the domain takes it."""
        typed = self.cleaned_data
        village = self.homes.villages.get(typed["village"])
        km = typed["km"]
        return Wanted(
            village=village.pk if village else None,
            km=int(km) if km and km != EVERYWHERE else None,
            audiences=tuple(typed["audiences"]),
            topics=tuple(typed["topics"]),
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether anything of the folded part is chosen, or wrong."""
        return any(self[name].value() or self[name].errors for name in ("audiences", "topics"))

    @property
    def chosen_language(self) -> str:
        """The language to write in."""
        return self.cleaned_data["language"] or get_language() or "lv"


class AskForm(WantedForm, FindForm, TickForm):
    """The page of news whole: what, where to, and the sentence, which must be ticked."""

    # A field that people do not see and programs fill in.
    homepage = Typed(required=False)

    def clean(self) -> dict[str, Any]:
        """One contact, and the box ticked."""
        cleaned = super().clean()
        if not cleaned.get("news") and "news" not in self.errors:
            self.add_error("news", gettext("Tick the box if you would like the news; without it we send nothing."))
        return cleaned

    @property
    def is_from_a_program(self) -> bool:
        """Whether the field that nobody sees was filled in."""
        return bool(str(self.cleaned_data.get("homepage", "")).strip())

    def address(self) -> Address:
        """Where the question whether it was they goes: the e-mail address where both are given."""
        typed = self.cleaned_data
        found = Address.of(email=typed["contact_email"], phone=typed["contact_phone"])
        if found is None:  # pragma: no cover (the form has refused)
            raise ValueError
        return found


class SaidForm(forms.Form):
    """What a coordinator heard: by which contact, and how it was said."""

    channel = forms.ChoiceField(label=_("Where the news goes"), widget=forms.RadioSelect)
    way = forms.ChoiceField(
        label=_("How they told you"),
        choices=[(Consent.Way.PHONE, Consent.Way.PHONE.label), (Consent.Way.DESK, Consent.Way.DESK.label)],
        initial=Consent.Way.PHONE,
        widget=forms.RadioSelect,
    )
    heard = forms.BooleanField(label=_("I read it out, and they said yes"), required=False)
    news_wording = Typed(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None = None, *, email: str, phone: str, version: str) -> None:
        contacts = ((Message.Channel.EMAIL.value, email), (Message.Channel.SMS.value, phone))
        choices = [
            (channel, spaced(contact) if channel == Message.Channel.SMS else contact)
            for channel, contact in contacts
            if contact
        ]
        first = choices[0][0] if choices else ""
        super().__init__(data, initial={"channel": first, "news_wording": version})
        self.version = version
        fields: dict[str, Any] = self.fields
        fields["channel"].choices = choices
        fields["channel"].error_messages = {
            "required": gettext("Choose where the news goes."),
            "invalid_choice": gettext("There is no such contact. Write it down first: «Correct»."),
        }
        self.fields["way"].error_messages = {
            "required": gettext("Say how they told you."),
            "invalid_choice": gettext("Say how they told you."),
        }

    def clean(self) -> dict[str, Any]:
        """Nobody agrees to what was not read out to them."""
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("heard"):
            self.add_error("heard", gettext("Read the sentence out and tick the box when they say yes."))
        elif cleaned.get("news_wording") != self.version:
            self.add_error("heard", gettext("The sentence has changed since. Read it and tick the box once more."))
        return cleaned


def sentence_field(label: Any) -> LineField:
    """A sentence in the news, in one language."""
    return LineField(
        label=label,
        longest=Invitation.LONGEST,
        too_long=_("This is too long. Write at most %(count)s letters."),
        required=False,
    )


class InvitationForm(forms.Form):
    """A coordinator's sentence about an activity in the news."""

    sentence_lv = sentence_field(_("A sentence of yours, in Latvian"))
    sentence_en = sentence_field(_("The same in English"))

    def sentences(self) -> dict[str, str]:
        """By language."""
        return {"lv": self.cleaned_data["sentence_lv"], "en": self.cleaned_data["sentence_en"]}
