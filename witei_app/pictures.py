"""Pictures that are drawn as text."""

import segno


def qr_code(text: str) -> str:
    """The text as a QR code in SVG, to stand inside a page; dark on light, as cameras want it."""
    return segno.make(text, error="m", micro=False).svg_inline(
        scale=4, border=3, dark="#111", light="#fff", omitsize=True
    )
