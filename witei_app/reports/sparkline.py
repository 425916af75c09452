"""A small line: the course of a figure in as much room as a word."""

from collections.abc import Sequence

WIDTH, HEIGHT = 100, 24
_MARGIN = 2


def sparkline(values: Sequence[float | None]) -> str:
    """The path of an SVG, WIDTH by HEIGHT, from 0 at the bottom; a part without a value is passed over."""
    known = [(number, value) for number, value in enumerate(values) if value is not None]
    if len(known) < 2 or not any(value for _, value in known):
        return ""
    most, step = max(value for _, value in known), WIDTH / (len(values) - 1)
    heights = (HEIGHT - _MARGIN - (HEIGHT - 2 * _MARGIN) * value / most for _, value in known)
    points = [f"{number * step:.1f} {height:.1f}" for (number, _), height in zip(known, heights, strict=True)]
    return "M" + "L".join(points)
