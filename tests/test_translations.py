"""The Latvian catalogue is kept complete by a command, and the command sees what is missing."""

import gettext
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from ecosystem.management.commands import translations

CODE = """
from django.utils.translation import gettext as _, ngettext, pgettext
a = _("Village")
b = ngettext("%(n)s place", "%(n)s places", 2)
c = pgettext("of an egg", "Shell")
d = _("one " "and two")
"""
PAGE = """
{% load i18n %}
    {# A comment with "quotes" and it's own apostrophe. #}
  <h1>{% translate "Find" %}</h1>
{% card title=_("Map") %}<p title="{{ x|default:_("Nothing") }}">100 % it's "fine"</p>
{% blocktranslate trimmed with name=x %}
    Near
    {{ name }}
{% endblocktranslate %}
{% blocktranslate count n=n %}{{ n }} page{% plural %}{{ n }} pages{% endblocktranslate %}
"""
LATVIAN: dict[str, str | list[str]] = {
    "Village": "Ciems",
    "%(n)s place|||%(n)s places": ["%(n)s vieta", "%(n)s vietas", "%(n)s vietu"],
    "of an egg\x04Shell": "Čaumala",
    "one and two": "viens un divi",
    "Find": "Meklēt",
    "Map": "Karte",
    "Nothing": "Nekas",
    "Near %(name)s": "Netālu no %(name)s",
    "%(n)s page|||%(n)s pages": ["%(n)s lapa", "%(n)s lapas", "%(n)s lapu"],
}


@pytest.fixture
def house(tmp_path: Path, settings: Any) -> Path:
    """A small house with one module, one template and its own catalogue."""
    settings.BASE_DIR, settings.LOCALE_PATHS = tmp_path, [tmp_path / "locale"]
    for path, text in {"courses/a.py": CODE, "templates/a.html": PAGE}.items():
        (tmp_path / path).parent.mkdir()
        (tmp_path / path).write_text(text, encoding="utf-8")
    (tmp_path / "lv").mkdir()
    give(tmp_path, LATVIAN)
    return tmp_path


def give(house: Path, latvian: dict[str, Any]) -> None:
    """Leave Latvian where the command takes it from."""
    (house / "lv" / "a.json").write_text(json.dumps(latvian), encoding="utf-8")


def run(*arguments: Any) -> str:
    """What the command says."""
    out = StringIO()
    call_command("translations", *arguments, stdout=out, stderr=out)
    return out.getvalue()


def complete(house: Path) -> str:
    """The catalogue, complete."""
    run("--update", "--take", house / "lv")
    return translations.catalogue_path().read_text(encoding="utf-8")


def test_everything_said_is_found(house: Path) -> None:
    found = translations.entries(translations.extracted())
    assert {f"{context}\x04{text}" if context else text for context, text in found} == {
        english.split("|||")[0] for english in LATVIAN
    }


def test_complete_catalogue_passes(house: Path) -> None:
    complete(house)
    assert run("--check") == "The Latvian catalogue is complete.\n"


def test_update_changes_nothing_twice(house: Path) -> None:
    text = complete(house)
    assert text == complete(house)
    assert "courses/a.py\n" in text
    assert "POT-Creation-Date" not in text


def test_taking_leaves_what_is_written(house: Path) -> None:
    text = complete(house)
    give(house, {"Village": "Sādža", "Nobody says this": "x", "Map": ["x", "y"]})
    told = run("--update", "--take", house / "lv")
    assert "already “Ciems”, left as it is" in told
    assert "“Nobody says this” is not (any more) in the code" in told
    assert "“Map” needs 1 form(s)" in told
    assert translations.catalogue_path().read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        ("courses/a.py", '"Village"', '"Hamlet"', "missing: “Hamlet”"),
        ("courses/a.py", '"Village"', '"Hamlet"', "obsolete: “Village”"),
        ("courses/a.py", '"Village"', '"Ciems šķirts"', "not English: “Ciems šķirts”"),
        ("courses/a.py", "%(n)s places", "%(n)s seats", "the plural changed: “%(n)s place”"),
        ("locale/lv/LC_MESSAGES/django.po", '"Ciems"', '""', "untranslated: “Village”"),
        ("locale/lv/LC_MESSAGES/django.po", '"%(n)s vietu"', '""', "untranslated: “%(n)s place”"),
        ("locale/lv/LC_MESSAGES/django.po", 'msgid "Village"', '#, fuzzy\nmsgid "Village"', "fuzzy: “Village”"),
        ("locale/lv/LC_MESSAGES/django.po", "no %(name)s", "no %(nams)s", "placeholders differ: “Near %(name)s”"),
        ("locale/lv/LC_MESSAGES/django.po", '"%(n)s vieta"', '"Viena vieta"', "placeholders differ: “%(n)s place”"),
        ("locale/lv/LC_MESSAGES/django.po", "# Latvian", "# Kept by hand. Latvian", "the file is not as"),
    ],
)
def test_faulty_catalogue_fails(house: Path, file: str, old: str, new: str, fault: str) -> None:
    complete(house)
    path = house / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    assert any(line.startswith(fault) for line in translations.faults())
    with pytest.raises(CommandError) as error:
        run("--check")
    assert error.value.returncode == 1


def test_names_of_places_may_stand_in_english(house: Path) -> None:
    assert translations.not_english("Near Mežciems", ["Mežciems"]) is False
    assert translations.not_english("Near Mežciems", []) is True


def test_compiled_catalogue_speaks_latvian_and_is_made_when_out_of_date(house: Path) -> None:
    complete(house)
    assert len(translations.compile_catalogues()) == 1
    assert translations.compile_catalogues() == []
    with (translations.catalogue_path().with_suffix(".mo")).open("rb") as file:
        catalogue = gettext.GNUTranslations(file)
    assert catalogue.gettext("Village") == "Ciems"
    assert catalogue.pgettext("of an egg", "Shell") == "Čaumala"
    said = [catalogue.ngettext("%(n)s place", "%(n)s places", n) % {"n": n} for n in (0, 1, 2, 11, 21)]
    assert said == ["0 vietu", "1 vieta", "2 vietas", "11 vietu", "21 vieta"]
