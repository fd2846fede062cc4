"""Keeps the Latvian catalogue complete, in pure Python: a newcomer's machine has no gettext tools.

English is the text in the code itself. ``--update`` brings the catalogue up to what the code says, ``--take`` fills in
Latvian that engineers left in files, ``--check`` refuses what is missing, ``--compile`` makes what Django reads.
"""

import csv
import json
import re
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation.template import templatize

PACKAGES = ("ecosystem", "centres", "coordinators", "residents", "courses", "reporting")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
HEADER = """\
# Latvian texts of the portal. English stands in the code itself.
# Kept by `manage.py translations --update`; write the Latvian here, nothing else.
msgid ""
msgstr ""
"Language: lv\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && (n%100<10 || n%100>=20) ? 1 : 2);\\n"

"""
FORMS = 3
# In files of `--take`, what parts the singular from the plural and, as in compiled catalogues, the context from both.
PLURAL_MARK = "|||"
CONTEXT_MARK = "\x04"
LATVIAN = re.compile("[āčēģīķļņšūž]", re.IGNORECASE)
# Names are not translated, so they may stand in English texts; those of places are read from the vocabulary.
PROPER_NAMES = ("Tuvāk mājām", "Latviešu", "Līga", "Bērziņa", "Jānis", "Bērziņš", "Mūžizglītības")
PLACEHOLDER = re.compile(r"%\((\w+)\)[sdf]|%[sd]|(?<!\{)\{(\w+)\}")

Key = tuple[str | None, str]


def catalogue_path(language: str = "lv") -> Path:
    """Where the catalogue of a language stands."""
    return Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / "django.po"


def sources() -> Iterator[Path]:
    """The files that texts are taken from, in order."""
    base = Path(settings.BASE_DIR)
    for package in PACKAGES:
        yield from (path for path in sorted((base / package).rglob("*.py")) if "migrations" not in path.parts)
    yield from sorted((base / "templates").rglob("*.html"))
    yield from sorted((base / "templates").rglob("*.txt"))


def texts_of(path: Path) -> Iterator[tuple[str | tuple[str, ...], str | None]]:
    """The texts of one file, each with its context."""
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # In brackets, the template's own indentation is none to Python.
        source = f"({templatize(source, origin=str(path))}\n)"
    found = extract("python", BytesIO(source.encode()), KEYWORDS, (), {"encoding": "utf-8"})
    for _line, text, _comments, context in found:
        yield text, context


def key(message: Message) -> Key:
    """What a text is known by: its context and its (singular) English."""
    return message.context, message.id[0] if message.pluralizable else str(message.id)


def extracted() -> Catalog:
    """Everything that the code and the templates say."""
    catalogue = Catalog(locale="lv", charset="utf-8")
    base = Path(settings.BASE_DIR)
    for path in sources():
        try:
            texts = list(texts_of(path))
        except (SyntaxError, ValueError) as error:
            raise CommandError(f"{path.relative_to(base)} cannot be read: {error}") from error
        for text, context in texts:
            catalogue.add(text, context=context, locations=[(path.relative_to(base).as_posix(), 0)])
    return catalogue


def kept() -> Catalog:
    """The catalogue as it stands, empty where there is none."""
    path = catalogue_path()
    if not path.exists():
        return Catalog(locale="lv", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale="lv", charset="utf-8")


def entries(catalogue: Catalog) -> dict[Key, Message]:
    """The texts of a catalogue without its header."""
    return {key(message): message for message in catalogue if message.id}


def forms(message: Message) -> list[str]:
    """The Latvian of a text: one form, or three."""
    if not message.pluralizable:
        return [str(message.string or "")]
    strings = message.string if isinstance(message.string, tuple | list) else [message.string]
    return [str(string or "") for string in strings] + [""] * (FORMS - len(strings))


def is_translated(message: Message) -> bool:
    """Whether all its forms are written."""
    return all(forms(message))


def written(catalogue: Catalog) -> str:
    """The catalogue as a file: sorted, files named without lines, nothing that changes by the clock."""
    body = BytesIO()
    write_po(body, catalogue, width=100, omit_header=True, sort_output=True, include_lineno=False)
    return f"{HEADER}{body.getvalue().decode().strip()}\n"


def updated() -> tuple[Catalog, list[str], list[str]]:
    """The catalogue brought up to the code, with what came and what went."""
    old, new = entries(kept()), extracted()
    come = []
    for name, message in entries(new).items():
        before = old.get(name)
        if before is None:
            come.append(name[1])
        elif before.pluralizable == message.pluralizable:
            message.string = tuple(forms(before)) if message.pluralizable else before.string
        if message.pluralizable and not any(forms(message)):
            message.string = ("",) * FORMS
    gone = [name[1] for name in old if name not in entries(new)]
    return new, come, gone


def take(catalogue: Catalog, folder: Path) -> tuple[int, list[str]]:
    """Fill empty entries with the Latvian of a folder's ``*.json``; how many, and what could not be used."""
    found, filled, useless = entries(catalogue), 0, []
    for path in sorted(folder.glob("*.json")):
        try:
            texts = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            useless.append(f"{path.name} is not JSON: {error}")
            continue
        for english, latvian in texts.items():
            context, mark, text = english.rpartition(CONTEXT_MARK)
            message = found.get((context if mark else None, text.split(PLURAL_MARK)[0]))
            if message is None:
                useless.append(f"{path.name}: “{english}” is not (any more) in the code")
                continue
            wanted = list(latvian) if isinstance(latvian, list) else [latvian]
            if len(wanted) != (FORMS if message.pluralizable else 1) or not all(
                isinstance(form, str) and form for form in wanted
            ):
                useless.append(f"{path.name}: “{english}” needs {FORMS if message.pluralizable else 1} form(s)")
            elif not is_translated(message):
                message.string = tuple(wanted) if message.pluralizable else wanted[0]
                filled += 1
            elif forms(message) != wanted:
                useless.append(f"{path.name}: “{english}” is already “{forms(message)[0]}”, left as it is")
    return filled, useless


def placeholders(text: str) -> set[str]:
    """``%(n)s``, ``%s``, ``{n}`` in a text."""
    return {match[0] for match in PLACEHOLDER.finditer(text.replace("%%", ""))}


def place_names() -> list[str]:
    """Names of parishes and villages, as the vocabulary's files spell them."""
    names: set[str] = set()
    for file in ("parishes.csv", "villages.csv"):
        path = Path(settings.BASE_DIR) / "ecosystem" / "data" / file
        if path.exists():
            with path.open(encoding="utf-8", newline="") as rows:
                names.update(row["name"] for row in csv.DictReader(rows) if row.get("name"))
    return sorted(names, key=len, reverse=True)


def not_english(text: str, names: Iterable[str]) -> bool:
    """Whether a text that should be English has Latvian letters outside of names."""
    for name in names:
        text = text.replace(name, "")
    return bool(LATVIAN.search(text))


def faults() -> list[str]:
    """All that is wrong with the catalogue, one sentence each."""
    new, old_catalogue = entries(extracted()), kept()
    old, names = entries(old_catalogue), [*PROPER_NAMES, *place_names()]
    found = [f"missing: “{name[1]}”" for name in new if name not in old]
    found += [f"obsolete: “{name[1]}”" for name in old if name not in new]
    found += [f"obsolete: “{message.id}”" for message in old_catalogue.obsolete.values()]
    for name, message in new.items():
        if any(not_english(part, names) for part in _english(message)):
            found.append(f"not English: “{name[1]}”")
    for name, message in old.items():
        found += _faults_of(name, message, new)
    if (
        catalogue_path().exists()
        and not found
        and catalogue_path().read_text(encoding="utf-8") != written(updated()[0])
    ):
        found.append("the file is not as `translations --update` writes it")
    return sorted(found)


def _english(message: Message) -> list[str]:
    return list(message.id) if message.pluralizable else [str(message.id)]


def _faults_of(name: Key, message: Message, new: dict[Key, Message]) -> Iterator[str]:
    if "fuzzy" in message.flags:
        yield f"fuzzy: “{name[1]}”"
    if not is_translated(message):
        yield f"untranslated: “{name[1]}”"
        return
    if name in new and _english(new[name]) != _english(message):
        yield f"the plural changed: “{name[1]}”"
    # Latvian says "21 vieta": its first form is not "one", so it carries the number as the others do.
    wanted = set().union(*(placeholders(part) for part in _english(message)))
    for form in forms(message):
        if placeholders(form) != wanted:
            yield f"placeholders differ: “{name[1]}” has {sorted(wanted)}, “{form}” {sorted(placeholders(form))}"


def compile_catalogues() -> list[Path]:
    """Write the ``.mo`` files that are older than their ``.po``; which ones."""
    made = []
    for source in sorted(Path(settings.LOCALE_PATHS[0]).glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parent.parent.name, charset="utf-8")
        # Written aside and put in place: another process may be reading.
        aside = target.with_suffix(".mo.new")
        with aside.open("wb") as file:
            write_mo(file, catalogue)
        aside.replace(target)
        made.append(target)
    return made


class Command(BaseCommand):
    """Update, fill, check and compile the Latvian catalogue."""

    help = "Keep the Latvian catalogue complete, and compile it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do; several may be asked at once and are done in this order."""
        parser.add_argument("--update", action="store_true", help="take new texts from the code, drop old ones")
        parser.add_argument("--take", type=Path, metavar="DIR", help="fill empty ones from DIR/*.json")
        parser.add_argument("--check", action="store_true", help="exit 1 when anything is missing or wrong")
        parser.add_argument("--compile", action="store_true", help="write .mo files that are out of date")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what was asked."""
        if not any(options[name] for name in ("update", "take", "check", "compile")):
            raise CommandError("Say what to do: --update, --take DIR, --check, --compile.")
        if options["update"] or options["take"]:
            self.update(options["take"])
        if options["check"]:
            self.check_all()
        if options["compile"]:
            for path in compile_catalogues():
                self.stdout.write(f"compiled {path.relative_to(settings.BASE_DIR).as_posix()}")

    def update(self, folder: Path | None) -> None:
        """Bring the catalogue up to the code and fill it in."""
        catalogue, come, gone = updated()
        filled = 0
        if folder is not None:
            if not folder.is_dir():
                raise CommandError(f"{folder} is not a folder.")
            filled, useless = take(catalogue, folder)
            for line in useless:
                self.stderr.write(line)
        path = catalogue_path()
        path.parent.mkdir(parents=True, exist_ok=True)
        text = written(catalogue)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
        empty = sum(not is_translated(message) for message in entries(catalogue).values())
        told = f"{len(come)} new, {len(gone)} gone, {filled} filled in"
        self.stdout.write(f"{len(entries(catalogue))} texts: {told}, {empty} without Latvian")

    def check_all(self) -> None:
        """Refuse what is missing or wrong."""
        found = faults()
        for line in found:
            self.stderr.write(line)
        if found:
            raise CommandError(f"The Latvian catalogue has {len(found)} faults.", returncode=1)
        self.stdout.write("The Latvian catalogue is complete.")
