"""A small line: the course of a figure in as much room as a word."""

from collections.abc import Sequence

WIDTH, HEIGHT = 100, 24
_MARGIN = 2


def sparkline(values: Sequence[float | None]) -> str:
    """The path of an SVG, WIDTH by HEIGHT, from 0 at the bottom; where there is no value the line is broken."""
    known = [value for value in values if value is not None]
    if len(known) < 2 or not any(known):
        return ""
    most, step = max(known), WIDTH / (len(values) - 1)
    path, is_down = [], False
    for number, value in enumerate(values):
        if value is not None:
            height = HEIGHT - _MARGIN - (HEIGHT - 2 * _MARGIN) * value / most
            point = f"{number * step:.1f} {height:.1f}"
            path.append(f"L{point}" if is_down else f"M{point}h0")  # a value between two missing ones is a dot
        is_down = value is not None
    return "".join(path)
