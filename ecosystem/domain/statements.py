"""Statements: the public texts that the municipality edits itself, kept to what a text may be made of."""

from collections.abc import Mapping
from datetime import date

import nh3
from django.db import transaction
from django.utils.safestring import SafeString, mark_safe

from ecosystem import history
from ecosystem.models import Statement

TAGS = {
    *("h2", "h3", "h4", "p", "ul", "ol", "li", "a", "strong", "em", "b", "i", "br", "blockquote"),
    *("table", "caption", "thead", "tbody", "tr", "th", "td"),
}
SCHEMES = {"https", "http", "mailto", "tel"}
LANGUAGES = ("lv", "en")


def cleaned(html: str) -> SafeString:
    """The text without anything that could act: no scripts, no styles, no frames."""
    return mark_safe(nh3.clean(html, tags=TAGS, url_schemes=SCHEMES))


@history.one_change()
def edit(*, statement: Statement, texts: Mapping[str, str], on: date) -> Statement:
    """Keep the new wording: ``texts`` has ``title_lv``, ``body_lv``, ``title_en`` and ``body_en``."""
    with transaction.atomic():
        kept = Statement.objects.select_for_update().get(pk=statement.pk)
        for language in LANGUAGES:
            setattr(kept, f"title_{language}", texts[f"title_{language}"])
            setattr(kept, f"body_{language}", str(cleaned(texts[f"body_{language}"])))
        kept.updated_on = on
        kept.save()
    return kept
