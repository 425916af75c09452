"""What the composer wrote, to look in any mail program as it did there.

Each program has spaces of its own: between paragraphs as much as a whole line, between the items of a list too, and for
a line that was left empty none at all. Outlook sets what names no letters in Times.
"""

import re

_BLOCK = "margin:0 0 8px"
_LOOKS = {
    "<p>": f'<p style="{_BLOCK}">',
    "<ul>": f'<ul style="{_BLOCK};padding-left:22px">',
    "<ol>": f'<ol style="{_BLOCK};padding-left:22px">',
    "<blockquote>": f'<blockquote style="{_BLOCK};padding:2px 0 2px 12px;border-left:2px solid #c4c9d0">',
}
_BARE = re.compile(r"(?P<item><li>)<p>|(?P<empty><p></p>)|<(?:p|ul|ol|blockquote)>")
# `dir`: a text in Arabic or Hebrew begins at the right.
_LETTERS = '<div dir="auto" style="font-family:Arial,Helvetica,sans-serif;font-size:14px;line-height:1.5">'


def as_written(html: str) -> str:
    """`html`, as the sanitizer writes it, with the looks that the composer gives it."""
    return f"{_LETTERS}{_BARE.sub(_with_looks, html)}</div>"


def _with_looks(found: re.Match[str]) -> str:
    if found["item"]:
        return '<li><p style="margin:0">'
    return f"{_LOOKS['<p>']}<br></p>" if found["empty"] else _LOOKS[found[0]]
