"""How the picture of a signature stands in HTML: from our pages while we read, inside the mail for who receives it."""

import re
from html import escape

from witei_app.files import load
from witei_app.mail.types import OutgoingFile

PICTURE = re.compile(r'<img src="/signature-pictures/([0-9a-f]{64})\.png" width="(\d+)" height="(\d+)" alt="([^"]*)">')


def picture_html(sha256: str, width: int, height: int, alt: str) -> str:
    """The element as our pages show it; sizes in CSS pixels."""
    size = f'width="{width}" height="{height}"'
    return f'<img src="/signature-pictures/{sha256}.png" {size} alt="{escape(alt, quote=True)}">'


def by_cid(html: str) -> str:
    """The same HTML with the pictures that travel with the mail."""
    return PICTURE.sub(
        lambda found: f'<img src="cid:{_cid(found[1])}" width="{found[2]}" height="{found[3]}" alt="{found[4]}">', html
    )


async def pictures_in(html: str) -> tuple[OutgoingFile, ...]:
    """The pictures that `by_cid` speaks of."""
    hashes = sorted({found[1] for found in PICTURE.finditer(html)})
    return tuple([OutgoingFile("signature.png", "image/png", await load(one), _cid(one)) for one in hashes])


def _cid(sha256: str) -> str:
    return f"signature-{sha256[:16]}"
