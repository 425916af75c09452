"""format=flowed text (RFC 3676): soft line breaks joined, quote depth kept as "> "."""

import re

_QUOTES = re.compile(r">*")


def unflow(text: str, delete_space: bool) -> str:
    """`text` with each paragraph on one line. `delete_space` is the DelSp parameter (RFC 3676, 4.1)."""
    lines: list[list[str]] = []
    open_depth = -1  # the quote depth of a paragraph whose last line was flowed, -1 when there is none
    for line in text.split("\n"):
        depth = _QUOTES.match(line).end()  # type: ignore[union-attr]
        content = line[depth:].removeprefix(" ")  # space-stuffing, 4.4
        is_flowed = content.endswith(" ") and content != "-- "
        piece = content[:-1] if is_flowed and delete_space else content
        if depth == open_depth and content != "-- ":
            lines[-1].append(piece)
        else:
            lines.append(["> " * depth, piece])
        open_depth = depth if is_flowed else -1
    return "\n".join(map("".join, lines))
