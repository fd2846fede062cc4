"""Certificates and confirmations as PDF, from what was written down when they were issued.

They are issued in Latvian. For who shows them abroad there is an edition in English: the same paper, the same number.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.documents.press import code, print_paper, short
from courses.domain.certificates import lessons
from courses.domain.lettering import hyphenated
from courses.enums import CertificateKind
from courses.models import Certificate
from ecosystem import dates
from ecosystem.dates import NBSP

EDITIONS = (settings.LANGUAGE_CODE, "en")


def print_certificates(certificates: Sequence[Certificate], *, language: str = settings.LANGUAGE_CODE) -> bytes:
    """One PDF, a certificate a sheet, in one of ``EDITIONS``; raises ``press.Busy``."""
    with translation.override(language):
        sheets = [_sheet(one, language) for one in certificates]
        several = _("Certificates: %(title)s") % {"title": certificates[0].named(language)["title"]}
        title = several if len(sheets) > 1 else f"{sheets[0]['heading']} {certificates[0].number}"
        return print_paper("certificates", {"sheets": sheets}, title=title)


def edition(text: str) -> str:
    """The edition that was asked for; what there is none of is the Latvian."""
    return text if text in EDITIONS else settings.LANGUAGE_CODE


def lesson_words(minutes: int) -> str:
    """ "12 akadēmiskās stundas", "10,7 akadēmiskās stundas"."""
    number = lessons(minutes)
    # Of a part of an hour Latvian speaks as of two.
    plural = int(number) if number == number.to_integral_value() else 2
    words = ngettext("%(n)s academic hour", "%(n)s academic hours", plural).replace("%(n)s ", f"%(n)s{NBSP}")
    return words % {"n": _decimal(number)}


def period_words(certificate: Certificate) -> str:
    """From the first to the last session they were at, in the language in force."""
    return dates.period(certificate.starts_on, certificate.ends_on)


def session_words(certificate: Certificate) -> str:
    """ "4 nodarbības no 5"."""
    words = ngettext("%(attended)s session of %(held)s", "%(attended)s sessions of %(held)s", certificate.attended)
    return words.replace(" ", NBSP) % {"attended": certificate.attended, "held": certificate.held}


def _sheet(one: Certificate, language: str) -> dict[str, Any]:
    names = one.named(language)
    day = {"day": dates.on_date(timezone.localdate(one.issued_at))}
    is_issued = language == settings.LANGUAGE_CODE
    certificate = one.kind == CertificateKind.CERTIFICATE
    address = settings.SITE_URL + reverse("courses:certificate_check", args=[one.number])
    facts = [
        " · ".join([period_words(one), names["place"]]),
        " · ".join([lesson_words(one.minutes), session_words(one)]),
    ]
    return {
        "kind": one.kind,
        "family": one.family,
        "number-words": _("No.") + NBSP,
        "number": one.number,
        "heading": _("Certificate") if certificate else _("Confirmation"),
        "gives": _("%(municipality)s certifies that") % {"municipality": settings.MUNICIPALITY_NAME},
        "name": one.name,
        "what": _("completed the learning activity") if certificate else _("took part in the activity"),
        "title": hyphenated(names["title"]),
        "facts": facts,
        "competences": _competences(names["competences"]),
        "day-heads": [_("Day"), _("Time")],
        "days": [{"day": _day(date.fromisoformat(day)), "hours": hours} for day, hours in one.days],
        "issuer": one.issuer,
        "department": f"{names['department']}, {settings.MUNICIPALITY_NAME}",
        "issued": _("Issued on %(day)s") % day
        if is_issued
        else _("Issued in Latvian on %(day)s. This is the English edition.") % day,
        "check-words": _("To check that it is genuine, point your telephone here or type the number:"),
        "check-address": short(settings.SITE_URL + reverse("courses:certificate_entry")),
        "qr": code(address),
    }


def _competences(names: Sequence[str]) -> str:
    if not names:
        return ""
    words = ngettext("European key competence: %(names)s", "European key competences: %(names)s", len(names))
    return words % {"names": ", ".join(name[:1].lower() + name[1:] for name in names)}


def _day(day: date) -> str:
    """ "4. februāris, ceturtdiena"."""
    return f"{dates.day_month(day)}, {dates.word('day', day.weekday())}"


def _decimal(number: Decimal) -> str:
    return f"{number:f}".replace(".", ",") if dates.is_latvian() else f"{number:f}"
