"""Every address of the portal and who may open it, against one literal list, in both languages.

A new address fails here until somebody has written down who may open it.
"""

from collections.abc import Iterator
from datetime import timedelta
from enum import Enum
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone, translation

from courses.domain import merging
from courses.models import Merge
from reporting.models import Report
from residents.models import PossibleDouble
from tests.factories import (
    ActivityFactory,
    BaselineFactory,
    DepartmentFactory,
    DisseminationEventFactory,
    EducatorFactory,
    MobilityFactory,
    ObjectiveFactory,
    OverlapFactory,
    PostFactory,
    PracticeFactory,
    ProjectFactory,
    PublicationFactory,
    ReportFactory,
    ReportVersionFactory,
    ResidentFactory,
    SessionFactory,
    StatementFactory,
    TemplateFactory,
    UserFactory,
)
from tests.harness.worlds import once


class Access(Enum):
    """Who may open an address."""

    PUBLIC = "anybody"
    LINK = "whoever holds the link: a wrong one is a page that says so"
    STAFF = "whoever holds a post; others are refused, strangers are asked to sign in"
    STAFF_FILE = "whoever holds a post, if there is such a file"
    STAFF_POST = "whoever holds a post, by a press of a button"
    HEAD = "whoever holds a head's or an administrator's post"
    PROJECTS = "whoever holds a post that keeps projects"
    SIGNED_IN = "whoever signed in"
    DEMO = "anybody, in the demonstration alone; elsewhere there is no such address"
    DEMO_POST = "the same, by a press of a button"
    MACHINE = "programs: no language, no page"


class Address(NamedTuple):
    """One address: its pattern, its name, who may open it, and where a look at it leads."""

    pattern: str
    name: str
    access: Access
    arguments: dict[str, Any]
    status: int


ACTIVITY = {"pk": 1_000_007, "slug": "adisana"}
PK = {"pk": 1_000_007}
CENTRE = {"slug": "elejas-jauniesu-centrs"}
SESSION = {"pk": 1_000_011}
OVERLAP = {"pk": 1_000_017}
POST = {"pk": 1_000_013}
TEMPLATE = {"pk": 1_000_013}
OF_PROJECT = {"project": 1_000_007}
SEALED = PK | {"number": 1}
PERSON = {"pk": "00000000-0000-4000-8000-000000000007"}
PAIR = {"pk": 1_000_013}
MERGE = {"pk": 1_000_017}
FIGURE = {"code": "DAL-01"}
WRONG = {"token": "nepareizs"}
SLUG = "<int:pk>-<slug:slug>"

PLAIN = [
    Address("livez", "livez", Access.MACHINE, {}, 200),
    Address("readyz", "readyz", Access.MACHINE, {}, 200),
    # Only posted to, with a secret.
    Address("zinas/sms/<slug:provider>/", "sms_receipt", Access.MACHINE, {"provider": "console"}, 405),
]
OURS = [
    Address("", "pages:home", Access.PUBLIC, {}, 200),
    Address("pieklustamiba/", "pages:accessibility", Access.PUBLIC, {}, 200),
    Address("privatums/", "pages:privacy", Access.PUBLIC, {}, 200),
    Address("pa-talruni/", "pages:by_telephone", Access.PUBLIC, {}, 200),
    Address("sazina/", "pages:contact", Access.PUBLIC, {}, 200),
    Address("demo/", "pages:demo", Access.DEMO, {}, 200),
    Address("demo/ieiet/<slug:role>/", "pages:demo_sign_in", Access.DEMO_POST, {"role": "coordinator"}, 302),
    Address("demo/zinas/", "pages:demo_messages", Access.DEMO, {}, 200),
    Address("demo/komponenti/", "pages:gallery", Access.DEMO, {}, 200),
    Address("aktivitates/", "courses:catalogue", Access.PUBLIC, {}, 200),
    Address("aktivitates/kalendars.ics", "courses:catalogue_feed", Access.PUBLIC, {}, 200),
    Address(f"aktivitates/{SLUG}/", "courses:activity", Access.PUBLIC, ACTIVITY, 200),
    Address(f"aktivitates/{SLUG}/kalendars.ics", "courses:activity_feed", Access.PUBLIC, ACTIVITY, 200),
    Address(f"aktivitates/{SLUG}/pieteikties/", "courses:register", Access.PUBLIC, ACTIVITY, 200),
    # Without a form that was sent, back to the form.
    Address(f"aktivitates/{SLUG}/pieteikties/parbaudit/", "courses:register_check", Access.PUBLIC, ACTIVITY, 302),
    Address(f"aktivitates/{SLUG}/afisa.pdf", "courses:activity_poster", Access.PUBLIC, ACTIVITY, 200),
    # The short address on posters leads to the activity.
    Address("a/<int:pk>/", "courses:activity_short", Access.PUBLIC, PK, 302),
    # Remembers the village and goes to the catalogue.
    Address("vieta/", "courses:remember_place", Access.PUBLIC, {}, 302),
    Address("pagasti/<slug:slug>/", "courses:parish", Access.PUBLIC, {"slug": "elejas-pagasts"}, 200),
    Address("pagasti/<slug:slug>/afisa.pdf", "courses:parish_poster", Access.PUBLIC, {"slug": "elejas-pagasts"}, 200),
    Address("pagasti/<slug:slug>/lapa.pdf", "courses:parish_leaflet", Access.PUBLIC, {"slug": "elejas-pagasts"}, 200),
    Address("centri/", "courses:centres", Access.PUBLIC, {}, 200),
    Address("centri/<slug:slug>/", "courses:centre", Access.PUBLIC, {"slug": "elejas-jauniesu-centrs"}, 200),
    Address("centri/<slug:slug>/afisa.pdf", "courses:centre_poster", Access.PUBLIC, CENTRE, 200),
    Address("centri/<slug:slug>/lapa.pdf", "courses:centre_leaflet", Access.PUBLIC, CENTRE, 200),
    Address("nodalas/<slug:code>/", "courses:department", Access.PUBLIC, {"code": "MUZ"}, 200),
    Address("parklasanas-noteikumi/", "courses:rules", Access.PUBLIC, {}, 200),
    Address("pieteikumi/atrast/", "courses:find_registration", Access.PUBLIC, {}, 200),
    Address("pieteikumi/<str:token>/sanemts/", "courses:received", Access.LINK, WRONG, 404),
    Address("pieteikumi/<str:token>/kalendars.ics", "courses:party_calendar", Access.LINK, WRONG, 404),
    Address("pieteikumi/<str:token>/", "courses:party", Access.LINK, WRONG, 404),
    Address("pieteikumi/<str:token>/naksu/", "courses:attend", Access.LINK, WRONG, 404),
    Address("atsauksme/<str:token>/", "courses:feedback", Access.LINK, WRONG, 404),
    Address("piedavajumi/<str:token>/", "courses:offer", Access.LINK, WRONG, 404),
    # The short address on certificates leads to the form.
    Address("apliecibas/", "courses:certificate_entry", Access.PUBLIC, {}, 302),
    Address("apliecibas/parbaudit/", "courses:certificate_form", Access.PUBLIC, {}, 200),
    Address("apliecibas/sanemt/<str:token>/", "courses:certificates", Access.LINK, WRONG, 404),
    Address(
        "apliecibas/sanemt/<str:token>/<str:number>.pdf",
        "courses:certificates_file",
        Access.LINK,
        {**WRONG, "number": "TM-2027-0001-K7M3QX"},
        404,
    ),
    # An unknown number is a page that says so.
    Address("apliecibas/<str:number>/", "courses:certificate_check", Access.PUBLIC, {"number": "TM-1"}, 404),
    Address("jaunumi/", "courses:news", Access.PUBLIC, {}, 200),
    Address("jaunumi/apstiprinat/<str:token>/", "courses:news_confirm", Access.LINK, WRONG, 404),
    Address("jaunumi/atteikties/<str:token>/", "courses:news_stop", Access.LINK, WRONG, 404),
    Address("jaunumi/<str:token>/", "courses:news_own", Access.LINK, WRONG, 404),
    Address("mani/jaunumi/", "courses:mine_news", Access.SIGNED_IN, {}, 405),
    # Whoever is not signed in is told the two ways to their registrations.
    Address("mani/", "courses:mine", Access.PUBLIC, {}, 200),
    # A calendar program cannot sign in.
    Address("mani/<str:token>/kalendars.ics", "courses:mine_calendar", Access.LINK, WRONG, 404),
    Address("pasniedzejs/<str:token>/", "courses:educator", Access.LINK, WRONG, 404),
    Address("pasniedzejs/<str:token>/nodarbibas/<int:pk>/", "courses:educator_sheet", Access.LINK, WRONG | PK, 404),
    Address("pasniedzejs/<str:token>/kalendars.ics", "courses:educator_calendar", Access.LINK, WRONG, 404),
    Address("darbs/", "courses:desk", Access.STAFF, {}, 403),
    Address("darbs/programma/", "courses:desk_programme", Access.STAFF, {}, 403),
    Address("darbs/programma/kopet/", "courses:desk_season", Access.STAFF, {}, 403),
    Address("darbs/sagataves/", "courses:desk_templates", Access.STAFF, {}, 403),
    Address("darbs/sagataves/<int:pk>/", "courses:desk_template", Access.STAFF, TEMPLATE, 403),
    Address("darbs/fails/", "courses:desk_upload", Access.STAFF, {}, 403),
    Address("darbs/fails/eksports/", "courses:desk_export", Access.STAFF, {}, 403),
    Address("darbs/aktivitates/jauna/", "courses:desk_create", Access.STAFF, {}, 403),
    Address("darbs/aktivitates/jauna/saglabat/", "courses:desk_begin", Access.STAFF_POST, {}, 403),
    Address("darbs/aktivitates/<int:pk>/", "courses:desk_activity", Access.STAFF, PK, 403),
    Address("darbs/aktivitates/<int:pk>/izlemt/", "courses:desk_decide", Access.STAFF_POST, PK, 403),
    Address("darbs/aktivitates/<int:pk>/labot/", "courses:desk_edit", Access.STAFF, PK, 403),
    Address("darbs/aktivitates/<int:pk>/labot/saglabat/", "courses:desk_keep", Access.STAFF_POST, PK, 403),
    Address("darbs/aktivitates/<int:pk>/sagatave/", "courses:desk_keep_template", Access.STAFF, PK, 403),
    Address("darbs/aktivitates/<int:pk>/nodarbibas/", "courses:desk_sessions", Access.STAFF, PK, 403),
    Address("darbs/aktivitates/<int:pk>/statuss/", "courses:desk_status", Access.STAFF, PK, 403),
    Address("darbs/aktivitates/<int:pk>/kopigi/", "courses:desk_partners", Access.STAFF, PK, 403),
    Address("darbs/aktivitates/<int:pk>/kopet/", "courses:desk_clone", Access.STAFF, PK, 403),
    Address("darbs/aktivitates/<int:pk>/pieteikt/", "courses:desk_search", Access.STAFF, PK, 403),
    Address("darbs/aktivitates/<int:pk>/pieteikt/jauns/", "courses:desk_register", Access.STAFF, PK, 403),
    Address("darbs/aktivitates/<int:pk>/zina/", "courses:desk_message", Access.STAFF, PK, 403),
    Address("darbs/aktivitates/<int:pk>/jaunumi/", "courses:desk_invite", Access.STAFF, PK, 403),
    Address("darbs/aktivitates/<int:pk>/zinas/", "courses:desk_messages", Access.STAFF, PK, 403),
    Address("darbs/aktivitates/<int:pk>/atsauksmes/", "courses:desk_feedback", Access.STAFF, PK, 403),
    Address("darbs/aktivitates/<int:pk>/atcelt/", "courses:desk_cancel", Access.STAFF, PK, 403),
    # Two departments' activities: who manages neither reads, and decides nothing.
    Address("darbs/parklasanas/<int:pk>/", "courses:desk_overlap", Access.STAFF, OVERLAP, 403),
    Address("darbs/parklasanas/<int:pk>/kopigi/", "courses:desk_overlap_joint", Access.STAFF, OVERLAP, 403),
    Address("darbs/parklasanas/<int:pk>/parcelt/", "courses:desk_overlap_move", Access.STAFF, OVERLAP, 403),
    Address("darbs/parklasanas/<int:pk>/merkgrupa/", "courses:desk_overlap_audience", Access.STAFF, OVERLAP, 403),
    Address("darbs/projekti/", "reporting:desk_projects", Access.STAFF, {}, 403),
    Address("darbs/projekti/jauns/", "reporting:desk_project_new", Access.PROJECTS, {}, 403),
    Address("darbs/projekti/<int:pk>/", "reporting:desk_project", Access.STAFF, PK, 403),
    Address("darbs/projekti/<int:pk>/labot/", "reporting:desk_project_edit", Access.PROJECTS, PK, 403),
    Address(
        "darbs/projekti/<int:project>/merki/jauns/",
        "reporting:desk_project_objective_new",
        Access.PROJECTS,
        OF_PROJECT,
        403,
    ),
    Address(
        "darbs/projekti/<int:project>/merki/<int:pk>/",
        "reporting:desk_project_objective",
        Access.PROJECTS,
        OF_PROJECT | PK,
        403,
    ),
    Address(
        "darbs/projekti/<int:project>/mobilitates/jauna/",
        "reporting:desk_project_mobility_new",
        Access.PROJECTS,
        OF_PROJECT,
        403,
    ),
    Address(
        "darbs/projekti/<int:project>/mobilitates/fails/",
        "reporting:desk_project_mobility_file",
        Access.PROJECTS,
        OF_PROJECT,
        403,
    ),
    Address(
        "darbs/projekti/<int:project>/mobilitates/eksports/",
        "reporting:desk_project_mobility_export",
        Access.STAFF,
        OF_PROJECT,
        403,
    ),
    Address(
        "darbs/projekti/<int:project>/mobilitates/<int:pk>/",
        "reporting:desk_project_mobility",
        Access.PROJECTS,
        OF_PROJECT | PK,
        403,
    ),
    Address(
        "darbs/projekti/<int:project>/prakses/jauna/",
        "reporting:desk_project_practice_new",
        Access.PROJECTS,
        OF_PROJECT,
        403,
    ),
    Address(
        "darbs/projekti/<int:project>/prakses/<int:pk>/labot/",
        "reporting:desk_project_practice_edit",
        Access.PROJECTS,
        OF_PROJECT | PK,
        403,
    ),
    Address(
        "darbs/projekti/<int:project>/pasakumi/jauns/",
        "reporting:desk_project_event_new",
        Access.PROJECTS,
        OF_PROJECT,
        403,
    ),
    Address(
        "darbs/projekti/<int:project>/pasakumi/<int:pk>/",
        "reporting:desk_project_event",
        Access.PROJECTS,
        OF_PROJECT | PK,
        403,
    ),
    Address(
        "darbs/projekti/<int:project>/publikacijas/jauna/",
        "reporting:desk_project_publication_new",
        Access.PROJECTS,
        OF_PROJECT,
        403,
    ),
    Address(
        "darbs/projekti/<int:project>/publikacijas/<int:pk>/",
        "reporting:desk_project_publication",
        Access.PROJECTS,
        OF_PROJECT | PK,
        403,
    ),
    Address("darbs/prakses/<int:pk>/", "reporting:desk_project_practice", Access.STAFF, PK, 403),
    Address("darbs/pasniedzeji/", "courses:desk_educators", Access.STAFF, {}, 403),
    Address("darbs/pasniedzeji/jauns/", "courses:desk_educator_new", Access.STAFF, {}, 403),
    Address("darbs/pasniedzeji/<int:pk>/", "courses:desk_educator", Access.STAFF, PK, 403),
    Address("darbs/pasniedzeji/<int:pk>/labot/", "courses:desk_educator_edit", Access.STAFF, PK, 403),
    Address("darbs/aktivitates/<int:pk>/izmainas/", "courses:desk_changes", Access.STAFF, PK, 403),
    Address("darbs/amati/", "courses:desk_posts", Access.STAFF, {}, 403),
    Address("darbs/amati/jauns/", "courses:desk_post_new", Access.HEAD, {}, 403),
    Address("darbs/amati/<int:pk>/", "courses:desk_post", Access.HEAD, POST, 403),
    Address("darbs/amati/<int:pk>/labot/", "courses:desk_post_edit", Access.HEAD, POST, 403),
    Address("darbs/noteikumi/", "courses:desk_rules", Access.STAFF, {}, 403),
    Address("darbs/noteikumi/jauni/", "courses:desk_rules_new", Access.HEAD, {}, 403),
    # Version 1 is there whatever the database holds.
    Address("darbs/noteikumi/<int:version>/", "courses:desk_rule_set", Access.STAFF, {"version": 1}, 403),
    Address("darbs/zurnals/", "courses:desk_trail", Access.HEAD, {}, 403),
    Address("darbs/aktivitates/<int:pk>/kopskaiti/", "reporting:desk_totals", Access.STAFF, PK, 403),
    Address("darbs/parskati/", "reporting:desk_reports", Access.STAFF, {}, 403),
    Address("darbs/parskati/jauns/", "reporting:desk_report_new", Access.PROJECTS, {}, 403),
    Address("darbs/parskati/bazes-vertibas/", "reporting:desk_baselines", Access.STAFF, {}, 403),
    Address("darbs/parskati/bazes-vertibas/jaunas/", "reporting:desk_baseline_new", Access.PROJECTS, {}, 403),
    Address("darbs/parskati/bazes-vertibas/<int:pk>/", "reporting:desk_baseline", Access.STAFF, PK, 403),
    Address("darbs/parskati/bazes-vertibas/<int:pk>/labot/", "reporting:desk_baseline_edit", Access.PROJECTS, PK, 403),
    Address("darbs/parskati/bazes-vertibas/<int:pk>/fails/", "reporting:desk_baseline_file", Access.PROJECTS, PK, 403),
    Address("darbs/parskati/<int:pk>/", "reporting:desk_report", Access.STAFF, PK, 403),
    Address("darbs/parskati/<int:pk>/saglabat/", "reporting:desk_report_keep", Access.STAFF_POST, PK, 403),
    Address("darbs/parskati/<int:pk>/labot/", "reporting:desk_report_edit", Access.PROJECTS, PK, 403),
    Address("darbs/parskati/<int:pk>/truksts/", "reporting:desk_report_check", Access.STAFF, PK, 403),
    Address("darbs/parskati/<int:pk>/noslegt/", "reporting:desk_report_seal", Access.PROJECTS, PK, 403),
    Address("darbs/parskati/<int:pk>/nakama/", "reporting:desk_report_next", Access.STAFF_POST, PK, 403),
    Address(
        "darbs/parskati/<int:pk>/parskats.<slug:kind>",
        "reporting:desk_report_file",
        Access.STAFF,
        PK | {"kind": "xlsx"},
        403,
    ),
    Address(
        "darbs/parskati/<int:pk>/versijas/<int:number>/", "reporting:desk_report_version", Access.STAFF, SEALED, 403
    ),
    Address(
        "darbs/parskati/<int:pk>/versijas/<int:number>/atskiribas/",
        "reporting:desk_report_differences",
        Access.STAFF,
        SEALED,
        403,
    ),
    Address(
        "darbs/parskati/<int:pk>/versijas/<int:number>/parskats.<slug:kind>",
        "reporting:desk_report_version_file",
        Access.STAFF,
        SEALED | {"kind": "docx"},
        403,
    ),
    Address("darbs/iestatijumi/", "reporting:desk_limits", Access.STAFF, {}, 403),
    Address("darbs/iestatijumi/<slug:code>/", "reporting:desk_limit", Access.STAFF, {"code": "youth"}, 403),
    Address("darbs/aktivitates/<int:pk>/apliecibas/", "courses:desk_certificates", Access.STAFF, PK, 403),
    Address("darbs/parklasanas/", "courses:desk_overlaps", Access.STAFF, {}, 403),
    Address("darbs/parklasanas/kalendars/", "courses:desk_overlap_calendar", Access.STAFF, {}, 403),
    Address("darbs/parklasanas/merkgrupas/", "courses:desk_who_serves", Access.STAFF, {}, 403),
    Address("darbs/parklasanas/funkcijas/", "courses:desk_who_does", Access.STAFF, {}, 403),
    Address("darbs/iedzivotaji/", "courses:desk_people", Access.STAFF, {}, 403),
    Address("darbs/iedzivotaji/<uuid:pk>/", "courses:desk_person", Access.STAFF, PERSON, 403),
    Address("darbs/iedzivotaji/<uuid:pk>/labot/", "courses:desk_person_correct", Access.STAFF, PERSON, 403),
    Address("darbs/iedzivotaji/<uuid:pk>/dati/", "courses:desk_person_data", Access.STAFF, PERSON, 403),
    Address("darbs/iedzivotaji/<uuid:pk>/dzest/", "courses:desk_person_erase", Access.STAFF, PERSON, 403),
    Address("darbs/iedzivotaji/<uuid:pk>/jaunumi/", "courses:desk_person_news", Access.STAFF, PERSON, 403),
    Address("darbs/dubultnieki/", "courses:desk_doubles", Access.STAFF, {}, 403),
    Address("darbs/dubultnieki/<int:pk>/", "courses:desk_double", Access.STAFF, PAIR, 403),
    Address("darbs/dubultnieki/apvienoti/<int:pk>/", "courses:desk_merge", Access.STAFF, MERGE, 403),
    Address("darbs/nodarbibas/<int:pk>/", "courses:desk_attendance", Access.STAFF, SESSION, 403),
    Address("darbs/nodarbibas/<int:pk>/paraksti.pdf", "courses:desk_sign_in", Access.STAFF, SESSION, 403),
    # Nothing to print where nothing was issued.
    Address("darbs/aktivitates/<int:pk>/apliecibas.pdf", "courses:desk_certificates_file", Access.STAFF_FILE, PK, 403),
    Address("darbs/raditaji/", "reporting:desk_figures", Access.STAFF, {}, 403),
    Address("darbs/raditaji/<slug:code>/", "reporting:desk_figure", Access.STAFF, FIGURE, 403),
    Address("darbs/raditaji/<slug:code>/cilveki/", "reporting:desk_figure_people", Access.STAFF, FIGURE, 403),
    Address("raditaji/", "figures:public", Access.PUBLIC, {}, 200),
    Address(
        "raditaji/dati/<slug:name>.<slug:kind>",
        "figures:public_file",
        Access.PUBLIC,
        {"name": "dalibnieki", "kind": "json"},
        200,
    ),
    Address("darbs/teksti/<slug:key>/", "pages:edit_statement", Access.HEAD, {"key": "privatums"}, 403),
]
# allauth's: signing in and second factors. Not ours to change, but ours to know: a version that adds one fails.
ALLAUTH_PUBLIC = {
    "account_confirm_login_code": "konts/login/code/confirm/",
    "account_email_verification_sent": "konts/confirm-email/",
    "account_inactive": "konts/inactive/",
    "account_login": "konts/login/",
    "account_logout": "konts/logout/",
    "account_request_login_code": "konts/login/code/",
    "account_reset_password": "konts/password/reset/",
    "account_reset_password_done": "konts/password/reset/done/",
    "account_reset_password_from_key": "konts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
    "account_reset_password_from_key_done": "konts/password/reset/key/done/",
    "account_signup": "konts/signup/",
    "mfa_authenticate": "konts/2fa/authenticate/",
    "mfa_login_webauthn": "konts/2fa/webauthn/login/",
}
ALLAUTH_SIGNED_IN = {
    "account_change_password": "konts/password/change/",
    "account_email": "konts/email/",
    "account_reauthenticate": "konts/reauthenticate/",
    "account_set_password": "konts/password/set/",
    "mfa_activate_totp": "konts/2fa/totp/activate/",
    "mfa_add_webauthn": "konts/2fa/webauthn/add/",
    "mfa_deactivate_totp": "konts/2fa/totp/deactivate/",
    "mfa_edit_webauthn": "konts/2fa/webauthn/keys/<int:pk>/edit/",
    "mfa_download_recovery_codes": "konts/2fa/recovery-codes/download/",
    "mfa_generate_recovery_codes": "konts/2fa/recovery-codes/generate/",
    "mfa_index": "konts/2fa/",
    "mfa_list_webauthn": "konts/2fa/webauthn/",
    "mfa_reauthenticate": "konts/2fa/reauthenticate/",
    "mfa_reauthenticate_webauthn": "konts/2fa/webauthn/reauthenticate/",
    "mfa_remove_webauthn": "konts/2fa/webauthn/keys/<int:pk>/remove/",
    "mfa_view_recovery_codes": "konts/2fa/recovery-codes/",
}
# What takes a form without Django's token: registering needs no cookie, and a signed link is its own proof.
# Nothing here may act by the sender's session.
WITHOUT_CSRF_TOKEN = {
    "courses:educator_sheet",
    "courses:attend",
    "courses:feedback",
    "courses:certificate_check",
    "courses:find_registration",
    "courses:news",
    "courses:news_confirm",
    "courses:news_own",
    "courses:news_stop",
    "courses:offer",
    "courses:party",
    "courses:register",
    "courses:register_check",
    # A machine's, which proves itself by a secret.
    "sms_receipt",
}
LANGUAGES = {"lv": "/", "en": "/en/"}


def walk(
    patterns: list[URLPattern | URLResolver], before: str = "", names: tuple[str, ...] = ()
) -> Iterator[tuple[str, str, Any]]:
    """Every address: its whole pattern, its whole name, its view."""
    for entry in patterns:
        if isinstance(entry, URLPattern):
            yield before + str(entry.pattern), ":".join((*names, entry.name or "")), entry.callback
        else:
            inside = (*names, entry.namespace) if entry.namespace else names
            yield from walk(entry.url_patterns, before + str(entry.pattern), inside)


def addresses(language: str) -> dict[str, str]:
    """Names and patterns of all addresses as they are in a language."""
    with translation.override(language):
        return {name: pattern for pattern, name, _view in walk(get_resolver().url_patterns)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_address_is_in_the_list(language: str) -> None:
    prefix = LANGUAGES[language].lstrip("/")
    listed = {address.name: address.pattern for address in PLAIN}
    listed |= {address.name: prefix + address.pattern for address in OURS}
    listed |= {name: prefix + pattern for name, pattern in (ALLAUTH_PUBLIC | ALLAUTH_SIGNED_IN).items()}
    assert addresses(language) == listed


def test_no_two_addresses_share_a_name() -> None:
    names = [name for _pattern, name, _view in walk(get_resolver().url_patterns)]
    assert sorted(names) == sorted(set(names))
    assert "" not in names


def test_views_without_csrf_token_are_in_the_list() -> None:
    exempt = {name for _p, name, view in walk(get_resolver().url_patterns) if getattr(view, "csrf_exempt", False)}
    assert exempt == WITHOUT_CSRF_TOKEN


@once
def world() -> None:
    """An activity in Eleja's youth centre a month from now, and the parish's coordinator."""
    shown = ActivityFactory(pk=ACTIVITY["pk"], title="Adīšana", first=timezone.now() + timedelta(days=30))
    SessionFactory(pk=SESSION["pk"], activity=shown, starts_at=timezone.now() + timedelta(days=90))
    PostFactory(pk=POST["pk"], holder__email="coordinator@example.lv")
    other = ActivityFactory(title="Tamborēšana", lead=DepartmentFactory(code="JAU"), first=shown.starts_at)
    OverlapFactory(pk=OVERLAP["pk"], one=shown, other=other)
    EducatorFactory(pk=PK["pk"])
    project = ProjectFactory(pk=OF_PROJECT["project"])
    stay = MobilityFactory(pk=PK["pk"], project=project, post=None)
    PracticeFactory(pk=PK["pk"], mobility=stay)
    for row in (ObjectiveFactory, DisseminationEventFactory, PublicationFactory):
        row(pk=PK["pk"], project=project)
    TemplateFactory(pk=TEMPLATE["pk"])
    shown_person = ResidentFactory(pk=UUID(PERSON["pk"]))
    again = ResidentFactory(household=shown_person.household, given_name="Liga")
    first, second = sorted([shown_person.pk, again.pk])
    PossibleDouble.objects.create(pk=PAIR["pk"], first_id=first, second_id=second, strength=3, found_at=timezone.now())
    merged = merging.merge(kept=shown_person, gone=ResidentFactory(), by=None, now=timezone.now())
    Merge.objects.filter(pk=merged.pk).update(id=MERGE["pk"])
    # Version 1 is sealed, version 2 is being written.
    report = ReportFactory(pk=PK["pk"], baseline=BaselineFactory(pk=PK["pk"]))
    ReportVersionFactory(report=report)
    Report.objects.filter(pk=report.pk).update(version=2)
    for key in ("pieklustamiba", "privatums", "pa-talruni", "sazina"):
        StatementFactory(key=key)


def path_of(address: Address, language: str) -> str:
    """The address with its arguments."""
    path = address.pattern
    for name, value in address.arguments.items():
        for kind in ("int", "slug", "str", "uuid"):
            path = path.replace(f"<{kind}:{name}>", str(value))
    assert "<" not in path, f"give arguments for {address.name}"
    return ("/" if address in PLAIN else LANGUAGES[language]) + path


def asks_to_sign_in(response: Any) -> bool:
    """Whether the answer is the way to the sign-in page, and back afterwards."""
    return response.status_code == 302 and "/konts/login/?next=" in response["Location"]


def of(*kinds: Access) -> list[Any]:
    """The addresses of these kinds, named by their names."""
    return [pytest.param(a, id=a.name) for a in (*PLAIN, *OURS) if a.access in kinds]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("address", of(Access.PUBLIC, Access.LINK, Access.DEMO, Access.MACHINE))
def test_open_address_opens_for_a_stranger(world: None, client: Client, address: Address, language: str) -> None:
    response, expected = client.get(path_of(address, language)), address.status
    assert not asks_to_sign_in(response)
    assert response.status_code == expected
    assert "sessionid" not in response.cookies, "a stranger who looks gets no session"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "address", of(Access.STAFF, Access.STAFF_FILE, Access.STAFF_POST, Access.HEAD, Access.PROJECTS, Access.SIGNED_IN)
)
def test_closed_address_asks_a_stranger_to_sign_in(
    world: None, client: Client, address: Address, language: str
) -> None:
    path = path_of(address, language)
    for response in (client.get(path), client.post(path)):
        assert asks_to_sign_in(response)
        assert response["Location"] == f"{LANGUAGES[language]}konts/login/?next={path}"


@pytest.mark.parametrize("address", of(Access.STAFF))
def test_staff_address_needs_a_post(world: None, client: Client, address: Address) -> None:
    client.force_login(UserFactory(email="resident@example.lv"))
    assert client.get(path_of(address, "lv")).status_code == address.status
    client.force_login(UserFactory(email="coordinator@example.lv"))
    assert client.get(path_of(address, "lv")).status_code == 200


@pytest.mark.parametrize("address", of(Access.STAFF_FILE))
def test_staff_file_needs_a_post(world: None, client: Client, address: Address) -> None:
    client.force_login(UserFactory(email="resident@example.lv"))
    assert client.get(path_of(address, "lv")).status_code == address.status
    client.force_login(UserFactory(email="coordinator@example.lv"))
    assert client.get(path_of(address, "lv")).status_code == 404


@pytest.mark.parametrize("address", of(Access.STAFF_POST))
def test_staff_button_needs_a_post(world: None, client: Client, address: Address) -> None:
    client.force_login(UserFactory(email="resident@example.lv"))
    assert client.post(path_of(address, "lv")).status_code == address.status
    client.force_login(UserFactory(email="coordinator@example.lv"))
    assert client.get(path_of(address, "lv")).status_code == 405


@pytest.mark.parametrize("address", of(Access.HEAD))
def test_head_s_address_refuses_other_posts(world: None, client: Client, address: Address) -> None:
    client.force_login(UserFactory(email="coordinator@example.lv"))
    assert client.get(path_of(address, "lv")).status_code == address.status
    client.force_login(PostFactory(kind="head", holder=UserFactory(email="head@example.lv")).holder)
    assert client.get(path_of(address, "lv")).status_code == 200


@pytest.mark.parametrize("address", of(Access.PROJECTS))
def test_project_s_address_refuses_who_only_reads_projects(world: None, client: Client, address: Address) -> None:
    client.force_login(UserFactory(email="coordinator@example.lv"))
    assert client.get(path_of(address, "lv")).status_code == address.status
    client.force_login(PostFactory(kind="project_manager", holder=UserFactory(email="projects@example.lv")).holder)
    assert client.get(path_of(address, "lv")).status_code == 200


@pytest.mark.parametrize("address", of(Access.DEMO, Access.DEMO_POST))
def test_demo_address_is_not_there_outside_the_demonstration(
    world: None, client: Client, settings: Any, address: Address
) -> None:
    settings.DEMO = False
    path = path_of(address, "lv")
    assert client.get(path).status_code == 404
    assert client.post(path).status_code == 404
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("address", of(Access.DEMO_POST))
def test_demo_button_is_pressed_not_followed(world: None, client: Client, address: Address) -> None:
    path = path_of(address, "lv")
    assert client.get(path).status_code == 405
    assert "_auth_user_id" not in client.session
    response = client.post(path)
    assert response.status_code == address.status
    assert not asks_to_sign_in(response)
    assert "_auth_user_id" in client.session


@pytest.mark.parametrize("address", of(Access.MACHINE))
def test_machine_address_answers_in_plain_text(db: None, client: Client, address: Address) -> None:
    response = client.get(path_of(address, "lv"))
    assert response["Content-Type"].startswith("text/plain")
    assert not response.cookies


@pytest.mark.parametrize("name", ALLAUTH_SIGNED_IN)
def test_closed_allauth_address_asks_a_stranger_to_sign_in(db: None, client: Client, name: str) -> None:
    path = "/" + ALLAUTH_SIGNED_IN[name].replace("<int:pk>", "1")
    assert asks_to_sign_in(client.get(path))


@pytest.mark.parametrize("name", ALLAUTH_PUBLIC)
def test_open_allauth_address_asks_nobody_in_a_circle(db: None, client: Client, name: str) -> None:
    path = "/konts/password/reset/key/1-x/" if "^" in ALLAUTH_PUBLIC[name] else "/" + ALLAUTH_PUBLIC[name]
    response = client.get(path)
    assert not asks_to_sign_in(response)
    assert response.status_code in (200, 302, 404)
