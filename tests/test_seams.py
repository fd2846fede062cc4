"""Where parts meet: erasing and certificates, merging and answers, calling off and partners, moving and confirmations.

Each part is proved in a file of its own; here is what one of them must remember of another.
"""

import ast
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.test import Client
from django.utils import timezone, translation

from coordinators.domain import looks
from courses.domain import (
    calling_off,
    certificate_book,
    certificates,
    erasing,
    forgetting,
    merging,
    moving,
    programme,
    unmerging,
)
from courses.domain.programme import partnering
from courses.domain.refusals import Refusal
from courses.models import Attendance, Merge, PartnerRequest, Registration
from courses.views import fates
from ecosystem.models import Look, Message, User
from ecosystem.privacy import Term
from reporting.domain import report_names
from residents.models import PossibleDouble, Resident
from tests import factories as f
from tests.factories import NOW, at
from tests.test_certificates import AFTER, course, limit_of, person
from tests.test_planning import typed
from tests.test_privacy import our_models

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
LATEST = AFTER + timedelta(hours=1)


def look_at(resident: Resident) -> None:
    looks.note(kind=Look.Kind.PERSON, by=f.UserFactory(), people=[resident.pk], now=AFTER)


# Erasing and forgetting.


def test_who_asks_to_be_forgotten_is_at_once_no_name_on_a_certificate_nor_in_a_look() -> None:
    activity = course()
    row = person(activity, "Bērziņa", was_at=4)
    [certificate] = certificates.issue(activity=activity, kind="certificate", by=f.UserFactory(), now=AFTER)
    assert row.resident is not None
    look_at(row.resident)
    erasing.erase(resident=row.resident, by=None, now=AFTER + timedelta(hours=1))
    certificate.refresh_from_db()
    assert (certificate.name, certificate.days, certificate.is_valid) == ("", [], True)
    assert certificate_book.is_holder(certificate, typed="liga berzina")
    assert not certificate_book.is_holder(certificate, typed="Anna Ozola")
    assert list(Look.objects.values_list("people", flat=True)) == [[]]


@pytest.mark.parametrize("how", ["erased", "forgotten"])
def test_an_entry_that_was_joined_is_forgotten_in_the_looks_with_the_person(how: str) -> None:
    kept, gone, other = (
        f.ResidentFactory(household=f.HouseholdFactory(email=f"{n}@example.lv"), created_at=NOW + timedelta(minutes=n))
        for n in range(3)
    )
    for one in (kept, gone, other):
        look_at(one)
    merging.merge(kept=kept, gone=gone, by=None, now=NOW)
    f.RegistrationFactory(
        party=f.PartyFactory(activity=f.ActivityFactory(first=at("2030-01-10 10:00"))), resident=other
    )
    if how == "erased":
        erasing.erase(resident=Resident.objects.get(pk=kept.pk), by=None, now=LATER)
    else:
        forgetting.forget(now=at("2030-01-12 12:00"))
    assert sorted(Look.objects.values_list("people", flat=True)) == [[], [], [other.pk]]


def test_looks_at_who_was_parted_again_stay() -> None:
    kept, gone = (f.ResidentFactory(household=f.HouseholdFactory(email=f"{n}@example.lv")) for n in range(2))
    Merge.objects.create(kept=kept.pk, gone=gone.pk, at=NOW, undone_at=NOW, snapshot={})
    look_at(gone)
    erasing.erase(resident=kept, by=None, now=LATER)
    assert list(Look.objects.values_list("people", flat=True)) == [[gone.pk]]


def test_every_name_kept_while_somebody_works_is_taken_when_they_stop() -> None:
    """A field that says "while the person does this work" is one that ``forgetting`` empties."""
    declared = {
        (model, name)
        for model in our_models()
        for name, entry in model.personal.items()
        if entry.term is Term.DUTY
        and isinstance(field := model._meta.get_field(name), models.ForeignKey)
        and field.related_model is User
        and model._meta.label != "coordinators.Post"
        and not hasattr(model, "instance_type")
    }
    assert declared == {*forgetting.DUTIES, *report_names.DUTIES}


def test_who_stopped_working_is_named_on_no_certificate_merge_or_pair() -> None:
    leaves = f.UserFactory(email="iet@example.lv")
    f.PostFactory(holder=leaves, ends_on=AFTER.date())
    activity = course()
    person(activity, "Bērziņa", was_at=4)
    [certificate] = certificates.issue(activity=activity, kind="certificate", by=leaves, now=AFTER)
    certificates.revoke(certificate=certificate, reason="Kļūda", by=leaves, now=AFTER)
    first, second = sorted((f.ResidentFactory(), f.ResidentFactory()), key=lambda one: one.pk)
    pair = PossibleDouble.objects.create(
        first=first,
        second=second,
        reasons=["name"],
        strength=2,
        state="not_same",
        found_at=NOW,
        decided_at=NOW,
        decided_by=leaves,
    )
    merge = Merge.objects.create(kept=first.pk, gone="00000000-0000-4000-8000-000000000001", by=leaves, at=NOW)
    merge.undone_by, merge.undone_at = leaves, NOW
    merge.save()
    for days, kept in ((0, True), (1, False)):
        forgetting.forget_duties(now=AFTER + timedelta(days=days))
        for row in (certificate, pair, merge):
            row.refresh_from_db()
        names = (certificate.issued_by, certificate.revoked_by, pair.decided_by, merge.by, merge.undone_by)
        assert names == ((leaves,) * 5 if kept else (None,) * 5)


# Calling off and partners.


@pytest.mark.parametrize(("agreed", "words"), [(True, "šo kopīgo aktivitāti"), (False, "nav jāatbild")])
def test_a_department_that_holds_it_together_or_was_asked_is_told_that_it_is_called_off(
    agreed: bool, words: str
) -> None:
    youth = f.DepartmentFactory(code="JAU", name="Jaunatnes lietu nodaļa")
    head = f.UserFactory(email="vaditaja@example.lv")
    f.PostFactory(holder=head, kind="head", department=youth, parishes=[])
    by = f.UserFactory(email="ilze@example.lv", name="Ilze Ozola")
    f.PostFactory(holder=by)
    activity = f.ActivityFactory()
    request = partnering.ask(activity=activity, department=youth, by=by, now=NOW)
    assert request is not None
    if agreed:
        partnering.answer(request=request, accept=True, by=head, now=NOW)
    for _twice in range(2):
        calling_off.activity(activity=activity, reason="Slims pasniedzējs", by=by, now=LATER)
    letter = Message.objects.get(kind="partner_called_off")
    assert (letter.to, letter.reference) == ("vaditaja@example.lv", f"partner:{request.pk}")
    assert letter.subject == f"Atcelta: {activity.title}"
    for said in (words, "«Slims pasniedzējs»", "Ilze Ozola"):
        assert said in letter.text


def test_a_partner_since_before_departments_were_asked_is_told_too_and_a_declined_one_is_not() -> None:
    youth, welfare = (
        f.DepartmentFactory(code="JAU", name="Jaunatne"),
        f.DepartmentFactory(code="LAB", name="Labklājība"),
    )
    for department in (youth, welfare):
        holder = f.UserFactory(email=f"{department.pk}@example.lv")
        f.PostFactory(holder=holder, kind="head", department=department, parishes=[])
    activity = f.ActivityFactory(partners=[youth])
    request = partnering.ask(activity=activity, department=welfare, by=None, now=NOW)
    assert request is not None
    partnering.answer(request=request, accept=False, by=None, now=NOW)
    calling_off.activity(activity=activity, reason="Slims", by=None, now=LATER)
    assert list(Message.objects.filter(kind="partner_called_off").values_list("to", flat=True)) == ["JAU@example.lv"]


# Moving and "will you come?".


@pytest.mark.parametrize(("place", "asked_anew"), [(0, True), (2, False)])
def test_who_said_yes_to_another_beginning_is_asked_anew(place: int, asked_anew: bool) -> None:
    activity = f.ActivityFactory(asks_confirmation=True)
    row = f.RegistrationFactory(
        party=f.PartyFactory(activity=activity), attendance_asked_at=NOW, attendance_confirmed_at=NOW
    )
    session = activity.sessions.order_by("starts_at")[place]
    hours = timedelta(hours=5)
    moving.session(
        session=session,
        starts_at=session.starts_at + hours,
        ends_at=session.ends_at + hours,
        room=None,
        by=None,
        now=NOW,
    )
    row.refresh_from_db()
    assert (row.attendance_asked_at is None, row.attendance_confirmed_at is None) == (asked_anew, asked_anew)


# The log of messages.


def kinds_of_notices() -> set[str]:
    """Every kind that a message about a registration may have, as the code writes it."""
    found = {"session_moved", "session_added", "room_changed", "place_changed", "plan_changed"}
    found |= {"queued", "awaiting_approval", "already_in"}
    for name in (
        "notices",
        "plan_notices",
        "overlaps/notices",
        "bulletins",
        "reminders",
        "confirmations",
        "feedback",
        "certificates",
        "queue",
    ):
        tree = ast.parse(Path(settings.BASE_DIR, "courses/domain", f"{name}.py").read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.keyword) and node.arg == "kind" and isinstance(node.value, ast.Constant):
                found.add(str(node.value.value))
            # ``kind, subject = "queued", …``
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple):
                names = [getattr(one, "id", "") for one in node.targets[0].elts]
                if "kind" in names and isinstance(node.value, ast.Tuple):
                    value = node.value.elts[names.index("kind")]
                    found |= {str(value.value)} if isinstance(value, ast.Constant) else set()
    return found


def test_the_log_has_words_for_every_kind_of_message() -> None:
    assert set(fates.KINDS) == kinds_of_notices()
    for kind in fates.KINDS:
        with translation.override("lv"):
            assert fates.kind_words(kind) != kind


# Joining two entries that both have papers, or answers.


def joined(first: Registration, second: Registration) -> Merge:
    kept, gone = sorted((first.resident, second.resident), key=lambda one: (one.created_at, one.pk))
    return merging.merge(kept=kept, gone=gone, by=None, now=AFTER)


def test_a_paper_of_the_folded_registration_is_still_that_person_s_and_is_not_issued_twice() -> None:
    limit_of(70, since=date(2000, 1, 1))
    activity = course(taken=2)
    whole, partly = person(activity, "Bērziņa", was_at=4), person(activity, "Berzina", was_at=3)
    issuer = f.UserFactory()
    [paper] = certificates.issue(activity=activity, kind="certificate", by=issuer, now=AFTER, registration=partly)
    merge = joined(whole, partly)
    [standing] = certificates.standings(activity=activity, now=AFTER)
    assert standing.certificates == [paper]
    assert certificates.issue(activity=activity, kind="certificate", by=issuer, now=AFTER) == []
    fresh = certificates.reissue(certificate=paper, by=issuer, now=LATEST)
    assert (fresh.name, fresh.attended) == (str(Resident.objects.get(pk=merge.kept)), 4)


def test_two_papers_of_one_person_are_both_seen_and_one_can_be_taken_back() -> None:
    limit_of(70, since=date(2000, 1, 1))
    activity = course(taken=2)
    rows = person(activity, "Bērziņa", was_at=4), person(activity, "Berzina", was_at=3)
    issuer = f.UserFactory()
    assert len(certificates.issue(activity=activity, kind="certificate", by=issuer, now=AFTER)) == 2
    joined(*rows)
    [standing] = certificates.standings(activity=activity, now=AFTER)
    stays, goes = standing.certificates
    with pytest.raises(Refusal) as refused:
        certificates.reissue(certificate=goes, by=issuer, now=LATEST)
    assert refused.value.code == "another"
    certificates.revoke(certificate=goes, reason="Divas vienai", by=issuer, now=LATEST)
    [standing] = certificates.standings(activity=activity, now=AFTER)
    assert standing.valid("certificate") == stays


def test_who_said_by_one_of_two_registrations_that_they_come_has_said_it() -> None:
    activity = f.ActivityFactory(taken=2, asks_confirmation=True)
    silent, said = (
        f.RegistrationFactory(
            party=f.PartyFactory(activity=activity, email=f"{n}@example.lv"),
            resident=f.ResidentFactory(household=f.HouseholdFactory(email=f"{n}@example.lv"), created_at=NOW),
            registered_at=NOW + timedelta(minutes=n),
            attendance_asked_at=NOW,
            attendance_confirmed_at=LATER if n else None,
        )
        for n in range(2)
    )
    merge = merging.merge(kept=silent.resident, gone=said.resident, by=None, now=LATER)
    silent.refresh_from_db()
    assert (silent.state, silent.attendance_confirmed_at) == ("confirmed", LATER)
    unmerging.unmerge(merged=merge, by=None, now=LATER + timedelta(hours=1))
    for row in (silent, said):
        row.refresh_from_db()
    assert [row.attendance_confirmed_at for row in (silent, said)] == [None, LATER]
    assert [row.state for row in (silent, said)] == ["confirmed", "confirmed"]


# A post that ended yesterday.


def test_a_post_that_ended_yesterday_answers_nothing_and_is_forgotten_in_the_night() -> None:
    today = timezone.localdate()
    stands_in = f.PostFactory(holder=f.UserFactory(email="paliek@example.lv"))
    over = f.PostFactory(ends_on=today - timedelta(days=1), stands_in=stands_in)
    last = f.PostFactory(ends_on=today, holder=f.UserFactory(email="pedeja@example.lv"))
    assert (over.answering, last.answering) == (stands_in, last)
    assert forgetting.forget_posts(now=timezone.now()) == 1
    for post in (over, last, stands_in):
        post.refresh_from_db()
    assert (over.holder, over.phone, over.email) == (None, "", "")
    assert None not in (last.holder, stands_in.holder)
    assert forgetting.forget_posts(now=timezone.now()) == 0


def test_marks_of_an_educator_and_of_a_coordinator_become_one_and_are_parted_again() -> None:
    activity = course(taken=2)
    session = activity.sessions.order_by("starts_at").first()
    coordinator, educator = f.UserFactory(), f.EducatorFactory()
    rows = [
        f.RegistrationFactory(
            party=f.PartyFactory(activity=activity, email=f"{n}@example.lv"),
            resident=f.ResidentFactory(household=f.HouseholdFactory(email=f"{n}@example.lv"), created_at=NOW),
            registered_at=NOW + timedelta(minutes=n),
        )
        for n in range(2)
    ]
    f.AttendanceFactory(registration=rows[0], session=session, presence="absent", marked_by_educator=educator)
    f.AttendanceFactory(registration=rows[1], session=session, presence="present", marked_by=coordinator)
    merge = merging.merge(kept=rows[0].resident, gone=rows[1].resident, by=None, now=AFTER)
    hands = Attendance.objects.order_by("registration").values_list("presence", "marked_by", "marked_by_educator")
    assert list(hands.all()) == [("present", coordinator.pk, None)]
    unmerging.unmerge(merged=merge, by=None, now=LATEST)
    assert list(hands.all()) == [("absent", None, educator.pk), ("present", coordinator.pk, None)]


# Saved as one goes, copied, stood in for.


@pytest.fixture
def desk(client: Client) -> Client:
    """The coordinator of Elejas pagasts, signed in."""
    client.force_login(f.PostFactory().holder)
    f.DepartmentFactory(code="JAU", name="Jaunatnes lietu nodaļa")
    f.TopicFactory()
    f.AudienceFactory()
    f.CentreFactory()
    return client


def test_a_department_is_not_asked_while_one_still_writes(desk: Client) -> None:
    draft = f.ActivityFactory(status="draft", sessions=[])
    mark = programme.fingerprint(programme.spec_of(draft))
    answer = desk.post(
        f"/darbs/aktivitates/{draft.pk}/labot/saglabat/", typed(partners=["JAU"], title_lv="Cits", changed_at=mark)
    )
    draft.refresh_from_db()
    assert (answer.json()["saved"], draft.title) == (True, "Cits")
    begun = desk.post("/darbs/aktivitates/jauna/saglabat/", typed(partners=["JAU"], form_key=str(uuid4())))
    assert begun.json()["saved"]
    assert (PartnerRequest.objects.count(), Message.objects.count()) == (0, 0)
    pressed = desk.post(
        f"/darbs/aktivitates/{draft.pk}/labot/",
        typed(partners=["JAU"], changed_at=programme.fingerprint(programme.spec_of(draft))),
    )
    assert pressed.status_code == 302
    assert PartnerRequest.objects.get().activity == draft


def test_an_educator_who_is_elsewhere_holds_up_nothing_else_that_is_saved_as_one_goes(desk: Client) -> None:
    anna = f.EducatorFactory()
    soon = timezone.now() + timedelta(days=30)
    f.ActivityFactory(title="Cita", first=soon, educators=[anna])
    draft = f.ActivityFactory(status="draft", first=soon, centre=None)
    mark = programme.fingerprint(programme.spec_of(draft))
    answer = desk.post(
        f"/darbs/aktivitates/{draft.pk}/labot/saglabat/",
        typed(educators=[anna.pk], title_lv="Cits", changed_at=mark),
    ).json()
    draft.refresh_from_db()
    assert (answer["saved"], draft.title, draft.educators.count()) == (True, "Cits", 0)
    assert "Anna Kalniņa" in answer["errors"]["id_educators"]


def test_a_copy_asks_the_partner_and_the_people_anew() -> None:
    youth = f.DepartmentFactory(code="JAU", name="Jaunatnes lietu nodaļa")
    joint = f.ActivityFactory(partners=[youth], asks_confirmation=True, taken=1)
    f.RegistrationFactory(party=f.PartyFactory(activity=joint), attendance_asked_at=NOW, attendance_confirmed_at=NOW)
    copy = programme.clone(activity=joint, first_on=at("2027-09-02 10:00").date(), now=NOW)
    assert (copy.asks_confirmation, copy.taken, copy.registrations.count()) == (True, 0, 0)
    assert (list(copy.partners.all()), copy.partner_requests.get().department) == ([], youth)


def test_whoever_stands_in_finds_the_vacant_post_s_day_on_theirs(client: Client) -> None:
    vilce = f.ParishFactory(code="0540290", name="Vilces pagasts", centre_name="Vilce")
    holder = f.UserFactory()
    post = f.PostFactory(holder=holder)
    f.PostFactory(holder=None, parishes=[vilce], stands_in=post)
    activity = f.ActivityFactory(
        title="Vilces rokdarbi", parish=vilce, centre=None, weeks=1, first=timezone.now() + timedelta(days=1)
    )
    client.force_login(holder)
    assert "Vilces rokdarbi" in client.get("/darbs/").content.decode()
    assert client.get(f"/darbs/aktivitates/{activity.pk}/").status_code == 200
    post.ends_on = timezone.localdate() - timedelta(days=1)
    post.save()
    assert client.get("/darbs/").status_code == 403


def test_a_file_of_column_names_alone_says_so(desk: Client) -> None:
    file = SimpleUploadedFile("tuksa.csv", b"department,parish,title,topic,audiences,sessions\n")
    answer = desk.post("/en/darbs/fails/", {"file": file})
    assert answer.status_code == 422
    assert "no rows beneath" in answer.content.decode()
