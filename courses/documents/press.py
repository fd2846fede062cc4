"""The press: data in, PDF out. One paper at a time in a process, so that many at once do not take all of it."""

import json
import threading
from collections.abc import Mapping
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import segno
import typst
from django.conf import settings
from django.utils.translation import get_language

from courses.domain.lettering import shown

_HERE = Path(__file__).parent
_TEMPLATES = _HERE / "typst"
_press = threading.BoundedSemaphore(1)
# Longer than any paper takes a hundred times over: whoever waits longer is told to come back.
_PATIENCE = 10


class Busy(Exception):
    """Too many papers are being made at this moment."""


def print_paper(
    template: str, data: Mapping[str, Any], *, title: str, language: str = "", folder: Path = _TEMPLATES
) -> bytes:
    """The PDF of a template filled with this data (texts, numbers, lists of them); raises ``Busy``.

    Another room's templates lie in their own ``folder`` and import the look by its path from the project's root.
    """
    whole = {
        **_shown(data),
        "title": shown(title),
        "language": (language or get_language() or settings.LANGUAGE_CODE)[:2],
        "publisher": shown(settings.MUNICIPALITY_NAME),
        "portal": shown(settings.PORTAL_NAME),
    }
    if not _press.acquire(timeout=_PATIENCE):
        raise Busy
    try:
        compiler = typst.Compiler(
            str(folder / f"{template}.typ"),
            root=str(_TEMPLATES if folder == _TEMPLATES else settings.BASE_DIR),
            font_paths=_fonts(),
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(whole, ensure_ascii=False)},
        )
        made = compiler.compile(format="pdf", pdf_standards=["ua-1"])
    finally:
        _press.release()
    assert isinstance(made, bytes)  # noqa: S101 (a PDF is one file)
    return made


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(_HERE / "fonts")])


class Drawing(str):
    """A text that is drawn, not read: it goes in as it is."""


def code(url: str) -> Drawing:
    """The QR code of an address as SVG."""
    drawn = BytesIO()
    segno.make(url, error="m", micro=False).save(drawn, kind="svg", xmldecl=False, svgns=True, border=0)
    return Drawing(drawn.getvalue().decode())


def short(url: str) -> str:
    """An address as it is read aloud and typed: no scheme, no slash at the end."""
    return url.partition("://")[2].rstrip("/") or url


def _shown(value: Any) -> Any:
    """The data with each text as the fonts can show it."""
    if isinstance(value, Drawing):
        return str(value)
    if isinstance(value, str):
        return shown(value)
    if isinstance(value, Mapping):
        return {key: _shown(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_shown(inner) for inner in value]
    return value
