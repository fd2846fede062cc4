"""Every field that may hold something about a person says what it is, why it is asked and how long it is kept.

The privacy page is made of the same entries. A field that nobody has thought about fails here: add it to the model's
``personal``, or to ``IMPERSONAL`` below if it can never tell anything about a person.
"""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import models
from django.utils import translation

from ecosystem.models import User
from ecosystem.privacy import Personal, Term
from residents.models import Household, Resident

APPS = ("ecosystem", "centres", "coordinators", "residents", "courses", "reporting")
# What may hold personal data: texts, moments, numbers of people, and ways to a person. Truth values too, since one of
# them says who lives elsewhere.
TELLING = (
    models.CharField,
    models.TextField,
    models.DateField,
    models.TimeField,
    models.JSONField,
    models.GeneratedField,
    models.BooleanField,
    models.IntegerField,
    models.GenericIPAddressField,
    models.FileField,
    models.BinaryField,
    models.UUIDField,
)
# Where a way leads to a person.
PEOPLE = ("ecosystem.User", "residents.Resident", "residents.Household", "courses.Party", "courses.Registration")

# Fields that tell nothing about any person, each looked at. Translations (``title_en``) follow their original.
IMPERSONAL = {
    "centres.Centre": {
        *("name", "slug", "kind", "address", "phone", "email", "opening_hours", "stop_name", "stop_distance_m"),
        *("access_note", "step_free", "accessible_toilet", "lift", "hearing_loop", "parking", "retired_at"),
    },
    "centres.Room": {"name", "seats"},
    "coordinators.Post": {"kind", "starts_on", "ends_on"},
    "courses.Activity": {
        *("ref", "title", "summary", "kind", "format", "level", "language", "status", "cancellation_reason"),
        *("age_min", "age_max", "capacity", "min_participants", "session_count", "taken", "waiting"),
        *(
            "is_drop_in",
            "needs_approval",
            "asks_confirmation",
            "registration_opens_at",
            "registration_closes_at",
            "starts_at",
            "ends_at",
        ),
        "capacity_reason",
        *("published_at", "cancelled_at", "changed_at", "created_at", "form_key"),
    },
    "courses.Attendance": {"marked_at"},
    "coordinators.Educator": {"retired_at", "link_version", "link_issued_at"},
    # A participant is a post; what was brought home names nobody, which the form says.
    "coordinators.DisseminationEvent": {"held_on", "title", "level", "audience", "attendees"},
    "coordinators.Mobility": {
        *("ref", "kind", "state", "in_grant", "participants", "host", "country", "starts_on", "ends_on"),
        *("green_travel", "is_blended", "has_agreement", "has_certificate", "report", "brought_home"),
    },
    "coordinators.Objective": {"position", "text", "indicator", "filters", "status"},
    "coordinators.Practice": {"name", "description"},
    "coordinators.Project": {"code", "name", "action", "starts_on", "ends_on"},
    "coordinators.Publication": {
        *("published_on", "title", "channel", "language", "link", "reach", "has_emblem", "has_disclaimer"),
    },
    "courses.Certificate": {
        *("number", "kind", "title", "family", "place", "department", "competences", "in_english", "starts_on"),
        *("ends_on", "held", "issued_at", "sent_at", "revoked_at"),
    },
    "courses.CertificateBook": {"year", "last"},
    "courses.Decision": {"what", "people", "key", "at"},
    # Marks of somebody whom nothing names: see courses.models.feedback and tests/test_feedback.py.
    "courses.Feedback": {"id", "worth", "before", "after", "stage"},
    "courses.FeedbackRound": {"people", "asked_on", "closes_on"},
    "courses.FeedbackTicket": {"digest", "left", "last_form"},
    "courses.Footprint": {
        "cell",
        "is_online",
        "is_draft",
        "first_on",
        "last_on",
        "profile",
        "made_at",
        "hours",
        "marks",
        "stamp",
    },
    "courses.JointOffer": {"at", "answer", "answered_at", "unites_audiences"},
    "courses.Invitation": {"sentence", "put_up_at", "taken_down_at"},
    "courses.Merge": {"at", "undone_at"},
    "courses.Overlap": {
        *("kind", "is_own", "reasons", "basis", "version", "found_at", "ended_at", "came_to_both"),
    },
    "courses.OverlapDecision": {"what", "at", "basis", "kind", "reasons", "version", "ended_at"},
    "courses.OverlapNote": {"at", "key"},
    "courses.Party": {
        "id",
        "form_key",
        "all_or_none",
        "channel",
        "outcome",
        "outcome_place",
        "outcome_confirmed",
        "forgotten_at",
        "created_at",
    },
    "courses.PartnerRequest": {"asked_at", "answer", "answered_at", "ended_at"},
    "courses.Registration": {"registered_at", "queued_at", "offered_at", "ended_at"},
    "courses.Session": {"starts_at", "ends_at", "cancelled_at", "cancellation_reason", "head_count", "moved"},
    "courses.Template": {"name", "content", "created_at", "changed_at", "retired_at"},
    "ecosystem.Audience": {
        *("code", "name", "dative", "position", "retired_at", "age_min", "age_max", "is_sensitive"),
    },
    "ecosystem.Competence": {"code", "name", "position", "retired_at"},
    "ecosystem.Department": {"code", "name", "position", "retired_at", "board", "phone", "email"},
    "ecosystem.Journal": {"id", "kind", "created_at", "done_at"},
    "ecosystem.Look": {"kind", "about", "count", "detail", "at", "quarter", "mark"},
    "ecosystem.Limit": {
        *("code", "lower", "upper", "in_force_from", "is_to_be_confirmed", "entered_at", "withdrawn_at"),
    },
    "ecosystem.Message": {
        *("id", "kind", "reference", "channel", "state", "created_at", "send_at", "claimed_at", "sent_at"),
        *("attempts", "error"),
    },
    "ecosystem.Neighbourhood": {"shared_border_m"},
    "ecosystem.Parish": {
        *("code", "name", "position", "retired_at", "slug", "accusative", "locative", "genitive", "centre_name"),
        *("population", "population_date", "population_source", "postcodes", "boundary"),
    },
    "ecosystem.Population": {"counted_on", "age_from", "age_to", "sex", "count", "source"},
    "ecosystem.RuleSet": {"version", "thresholds", "in_force_from", "proposed_at", "agreed_at", "ended_at"},
    "ecosystem.RuleSetAnswer": {"agrees", "at"},
    "ecosystem.Statement": {"key", "title", "body", "updated_on"},
    "ecosystem.Topic": {"code", "name", "position", "retired_at", "isced_f", "family"},
    "ecosystem.User": {"is_staff", "is_active", "is_superuser"},
    "ecosystem.Village": {
        *("code", "name", "position", "retired_at", "slug", "accusative", "locative", "genitive", "is_centre"),
    },
    # How many, of whom nothing is known: see reporting.models.totals and tests/test_totals.py.
    "reporting.ActivityTotal": {"code", "count", "entered_on"},
    "reporting.ActivityTotalEntry": {"code", "count", "entered_on"},
    "reporting.Baseline": {"name", "first_on", "last_on", "source", "created_at", "form_key"},
    "reporting.BaselineValue": {"code", "keys", "note"},
    "reporting.FoldedYear": {"year", "folded_at"},
    "reporting.KeyMark": {"mark"},
    "reporting.KeptFigure": {"code", "first_on", "last_on", "by", "rows"},
    "reporting.Report": {
        *("kind", "title_lv", "title_en", "first_on", "last_on", "version", "sealed_at", "created_at", "form_key"),
    },
    "reporting.ReportText": {"section", "version", "changed_at"},
    "reporting.ReportVersion": {"number", "checksum", "sealed_at"},
    "reporting.Participation": {"unnamed", "channel", "times"},
    "residents.Consent": {"id", "channel", "wording_version"},
    "residents.Household": {"id", "created_at"},
    "residents.PossibleDouble": {"state", "found_at", "decided_at"},
    "residents.Resident": {"id", "created_at", "doubles_checked_at"},
}


def our_models() -> list[type[models.Model]]:
    """Every model of the house, the tables between two of them apart."""
    found = [model for app in APPS for model in apps.get_app_config(app).get_models()]
    return sorted(found, key=lambda model: model._meta.label)


def telling_fields(model: type[models.Model]) -> Iterator[models.Field]:
    """The model's own fields that may hold something about a person."""
    for field in (*model._meta.concrete_fields, *model._meta.many_to_many):
        if hasattr(field, "translated_field"):
            continue  # Follows its original.
        if field.is_relation:
            if field.related_model._meta.label in PEOPLE:
                yield field
        elif isinstance(field, TELLING) and not isinstance(field, models.AutoField):
            yield field


# What a history adds to what it is the history of.
ABOUT_THE_CHANGE = {"id", "history_date", "history_change_reason", "history_type"}


def impersonal_of(model: type[models.Model]) -> set[str]:
    """The model's list; of a history that of what it is the history of, as far as it is kept."""
    original = getattr(model, "instance_type", None)
    if original is None:
        return IMPERSONAL.get(label_of(model), set())
    kept = {field.name for field in model._meta.concrete_fields}
    return (IMPERSONAL.get(label_of(original), set()) | ABOUT_THE_CHANGE) & kept


def label_of(model: type[models.Model]) -> str:
    """``courses.Activity``."""
    return model._meta.label


@pytest.mark.parametrize("model", our_models(), ids=label_of)
def test_every_telling_field_was_thought_about(model: type[models.Model]) -> None:
    personal = getattr(model, "personal", None)
    assert personal is not None, f"{label_of(model)} does not declare `personal` (ecosystem.privacy.Personal)"
    telling = {field.name for field in telling_fields(model)}
    impersonal = impersonal_of(model)
    assert telling - set(personal) - impersonal == set(), "neither personal nor listed as impersonal"
    assert set(personal) & impersonal == set(), "both personal and listed as impersonal"
    assert impersonal - telling == set(), "listed as impersonal, but no such field"


@pytest.mark.parametrize("model", our_models(), ids=label_of)
def test_every_entry_names_a_field_and_says_what_why_and_how_long(model: type[models.Model]) -> None:
    names = {field.name for field in model._meta.get_fields()}
    for name, entry in model.personal.items():
        assert name in names
        assert isinstance(entry, Personal)
        assert isinstance(entry.term, Term)
        for words in (entry.what, entry.why, entry.term.words):
            with translation.override("en"):
                english = str(words)
            with translation.override("lv"):
                latvian = str(words)
            assert english.strip()
            assert latvian.strip()
            assert latvian != english or english == "SMS", f"no Latvian for “{english}”"


def test_list_names_no_model_that_is_gone() -> None:
    assert set(IMPERSONAL) - {label_of(model) for model in our_models()} == set()


def test_people_are_personal() -> None:
    """A look from the other side: what a form asks of a person is declared where it is kept."""
    assert set(Resident.personal) >= {"given_name", "family_name", "birth_year", "sex", "village", "guardian_name"}
    assert set(Household.personal) >= {"email", "phone"}
    assert set(User.personal) >= {"email", "name"}


def test_no_field_is_named_after_what_is_never_collected() -> None:
    """Rule 6: sensitive facts never sit on a person, and the personal code is not collected."""
    never = ("personal_code", "personas_kods", "disability", "health", "ethnic", "origin", "income", "religion")
    for model in our_models():
        for field in model._meta.get_fields():
            assert not any(word in field.name for word in never), f"{label_of(model)}.{field.name}"
