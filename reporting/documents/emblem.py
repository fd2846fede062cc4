"""The emblem of the European Union, drawn by its official geometry, and the sentence and disclaimer that go with it.

Twelve gold stars in a circle on a blue field of 3 by 2: the circle's radius is a third of the height, a star's an eighteenth;
each star stands upright, with one point up, at the hours of a clock. What a grant pays for shows it with the sentence beside
it; nothing else shows it.
"""

from math import cos, pi, sin

from django.utils.translation import gettext as _

BLUE, GOLD = "#003399", "#FFCC00"
HEIGHT = 180


def svg() -> str:
    """The emblem as SVG."""
    width, middle = HEIGHT * 3 // 2, HEIGHT / 2
    stars = []
    for hour in range(12):
        angle = hour * pi / 6
        x, y = width / 2 + HEIGHT / 3 * sin(angle), middle - HEIGHT / 3 * cos(angle)
        stars.append(f'<path d="{_star(x, y, HEIGHT / 18)}"/>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {HEIGHT}">'
        f'<rect width="{width}" height="{HEIGHT}" fill="{BLUE}"/><g fill="{GOLD}">{"".join(stars)}</g></svg>'
    )


def _star(x: float, y: float, radius: float) -> str:
    """A five-pointed star; the inner corners lie where its long lines cross."""
    inner = radius * sin(pi / 10) / sin(3 * pi / 10)
    points = []
    for place in range(10):
        angle, length = place * pi / 5, radius if place % 2 == 0 else inner
        points.append(f"{x + length * sin(angle):.3f} {y - length * cos(angle):.3f}")
    return f"M{' L'.join(points)}Z"


def sentence() -> str:
    """What stands beside the emblem."""
    return _("Co-funded by the European Union")


def alternative() -> str:
    """What the emblem is, for who cannot see it."""
    return _("Emblem of the European Union: a circle of twelve gold stars on blue")


def disclaimer() -> str:
    """Whose views the report holds."""
    return _(
        "Co-funded by the European Union. Views and opinions expressed are however those of the author(s) only and do not"
        " necessarily reflect those of the European Union or the granting authority. Neither the European Union nor the"
        " granting authority can be held responsible for them."
    )
