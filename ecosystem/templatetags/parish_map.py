"""The map of the municipality, drawn from points: no borders are invented.

Kilometres in, SVG out: ``x`` grows eastward and ``y`` southward (``project`` makes them from degrees), so rings of
straight distance are true. A point carries ``name``, ``x``, ``y``, ``href``, and may carry ``count`` (how many
activities), ``count_text`` (the same in words), ``chosen`` and ``label_anchor`` (``start``, ``end``, ``above``,
``below``); without an anchor the label goes where it covers least. The points of a figure's map also carry ``number`` (what
is written beside the name), ``step`` (1 to 5, how dark; 0 hollow) and ``size`` (the radius of the dot, 5 to 10).
"""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from math import cos, radians
from typing import Any

from django.utils.safestring import SafeString, mark_safe

WIDTH = 400.0  # units of the drawing, about a pixel each where the map is shown
MARGIN = 26.0
LETTER = 7.7  # mean width of a letter at 14 px, semibold
KM_PER_DEGREE = 111.2

Box = tuple[float, float, float, float]


def project(lat: float, lon: float, *, at: float = 56.6) -> tuple[float, float]:
    """Kilometres east and south of a far corner, flat: over one municipality the error is below a percent."""
    return (lon - 20) * KM_PER_DEGREE * cos(radians(at)), (60 - lat) * KM_PER_DEGREE


def draw(
    points: Sequence[Mapping[str, Any]],
    *,
    label: str,
    edges: Iterable[tuple[str, str]] = (),
    rings: Iterable[float] = (),
    areas: Iterable[str] = (),
    hollow: Mapping[str, Any] | None = None,
    caption: str = "",
    counts: bool = False,
) -> SafeString:
    """The figure with its SVG; points are links in the order of north to south, so tabbing follows the eye."""
    if not points:
        return mark_safe("")
    ordered = sorted(points, key=lambda point: (point["y"], point["x"]))
    chosen = next((point for point in ordered if point.get("chosen")), None)
    rings = sorted((float(km) for km in rings), reverse=True) if chosen else []
    xs, ys = [float(p["x"]) for p in ordered], [float(p["y"]) for p in ordered]
    if chosen:
        reach = rings[0] if rings else 0.0
        ys += [chosen["y"] + reach, chosen["y"] - reach]
        xs += [chosen["x"] + reach, chosen["x"] - reach]
    left, top = min(xs), min(ys)
    spread = max(max(xs) - left, (max(ys) - top) * 0.62, 1.0)
    longest = max(len(str(point["name"])) for point in ordered) * LETTER
    side = MARGIN + longest * 0.2
    scale = (WIDTH - 2 * side) / spread
    height = (max(ys) - top) * scale + 2 * MARGIN

    def place(x: float, y: float) -> tuple[float, float]:
        return round((x - left) * scale + side, 1), round((y - top) * scale + MARGIN, 1)

    spots = {str(point["name"]): place(point["x"], point["y"]) for point in ordered}
    parts = [
        f'<figure class="map"><svg viewBox="0 0 {WIDTH:g} {height:.0f}" role="group" aria-label="{escape(label)}">'
    ]
    parts += [
        f'<path class="map-area" d="{escape(area)}" transform="translate({side - left * scale:.2f} '
        f'{MARGIN - top * scale:.2f}) scale({scale:.4f})" vector-effect="non-scaling-stroke"/>'
        for area in areas
    ]
    if chosen:
        x, y = spots[str(chosen["name"])]
        parts += [f'<circle class="map-ring" cx="{x}" cy="{y}" r="{km * scale:.1f}"/>' for km in rings]
    lines = [
        f"M{spots[a][0]:g} {spots[a][1]:g}L{spots[b][0]:g} {spots[b][1]:g}"
        for a, b in edges
        if a in spots and b in spots
    ]
    if lines:
        parts.append(f'<path class="map-edge" d="{"".join(lines)}"/>')
    taken: list[Box] = [(x - 8, y - 8, x + 8, y + 8) for x, y in spots.values()]
    if hollow:
        x, y = place(hollow["x"], hollow["y"])
        name = escape(str(hollow["name"]))
        parts.append(
            f'<g class="map-hollow"><circle cx="{x}" cy="{y}" r="11"/>'
            f'<text x="{x}" y="{y + 25:g}" text-anchor="middle">{name}</text></g>'
        )
        taken += [(x - 12, y - 12, x + 12, y + 12), (x - 24, y + 13, x + 24, y + 29)]
    where = _labels(ordered, spots, taken, counts)
    parts += [_point(point, spots[str(point["name"])], where[str(point["name"])], counts) for point in ordered]
    parts.append("</svg>")
    if caption:
        parts.append(f'<figcaption class="map-caption">{escape(caption)}</figcaption>')
    parts.append("</figure>")
    return mark_safe("".join(parts))


def _words(point: Mapping[str, Any], counts: bool) -> str:
    return f"{point['name']} {point.get('number', point.get('count', 0))}" if counts else str(point["name"])


def _labels(
    ordered: Sequence[Mapping[str, Any]], spots: Mapping[str, tuple[float, float]], taken: list[Box], counts: bool
) -> dict[str, tuple[float, float, str]]:
    """Where each label stands: the side asked for, else the one that covers least; crowded points choose first."""

    def crowd(point: Mapping[str, Any]) -> int:
        x, y = spots[str(point["name"])]
        return sum(abs(x - a) < 90 and abs(y - b) < 24 for a, b in spots.values())

    found = {}
    boxes = list(taken)
    for point in sorted(ordered, key=lambda one: (-bool(one.get("chosen")), -crowd(one))):
        x, y = spots[str(point["name"])]
        far = 18 if point.get("chosen") else 11
        width = len(_words(point, counts)) * LETTER * (1.15 if point.get("chosen") else 1)
        sides = {
            "start": (x + far, y + 5, "start", (x + far, y - 9, x + far + width, y + 9)),
            "end": (x - far, y + 5, "end", (x - far - width, y - 9, x - far, y + 9)),
            "above": (x, y - far, "middle", (x - width / 2, y - far - 13, x + width / 2, y - far + 4)),
            "below": (x, y + far + 10, "middle", (x - width / 2, y + far - 3, x + width / 2, y + far + 14)),
        }
        asked = str(point.get("label_anchor") or "")
        best = asked if asked in sides else min(sides, key=lambda side: _covered(sides[side][3], boxes))
        at = sides[best]
        boxes.append(at[3])
        found[str(point["name"])] = (at[0], at[1], at[2])
    return found


def _covered(box: Box, boxes: Iterable[Box]) -> float:
    """How much of others a label would cover; leaving the drawing counts double."""
    a, b, c, d = box
    lost = max(0.0, -a) + max(0.0, c - WIDTH)
    return lost * 40 + sum(
        max(0.0, min(c, right) - max(a, left)) * max(0.0, min(d, bottom) - max(b, top))
        for left, top, right, bottom in boxes
    )


def _point(point: Mapping[str, Any], spot: tuple[float, float], label: tuple[float, float, str], counts: bool) -> str:
    """One parish: a link with a target of 28, its dot, its name; the title says the number in words."""
    x, y = spot
    name = str(point["name"])
    count = point.get("count")
    states = "map-point" + (" is-chosen" if point.get("chosen") else "") + (" is-empty" if count == 0 else "")
    words = str(point.get("count_text") or ("" if count is None else count))
    title = f"{name}: {words}" if words else name
    if point.get("chosen"):
        mark = (
            f'<circle class="map-home" cx="{x}" cy="{y}" r="13"/>'
            f'<path class="map-home-mark" d="M{x:g} {y - 6.5:g}l-6.5 5.5h1.5v5.5h10v-5.5h1.5z"/>'
        )
    else:
        step = point.get("step")
        look = "map-dot" if step is None else f"map-dot is-step-{step}"
        mark = f'<circle class="{look}" cx="{x}" cy="{y}" r="{point.get("size", 6.5):g}"/>'
    shown = point.get("number", count)
    number = f' <tspan class="map-count">{escape(str(shown))}</tspan>' if counts and shown is not None else ""
    return (
        f'<a class="{states}" href="{escape(str(point["href"]))}"><title>{escape(title)}</title>'
        f'<circle class="map-hit" cx="{x}" cy="{y}" r="14"/>{mark}'
        f'<text x="{label[0]:g}" y="{label[1]:g}" text-anchor="{label[2]}">{escape(name)}{number}</text></a>'
    )
