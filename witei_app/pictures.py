"""Pictures: those drawn as text, and those that people give."""

from io import BytesIO

import segno
from PIL import Image, ImageOps, UnidentifiedImageError

PORTRAIT_SIDE = 192  # pixels: sharp at twice the largest size that is shown
MOST_PIXELS = 50_000_000  # what a phone's camera takes; a small file can claim to be far larger
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")


class NotAPicture(ValueError):
    """The bytes are no picture, or a larger one than anybody needs."""


def qr_code(text: str) -> str:
    """The text as a QR code in SVG, to stand inside a page; dark on light, as cameras want it."""
    return segno.make(text, error="m", micro=False).svg_inline(
        scale=4, border=3, dark="#111", light="#fff", omitsize=True
    )


def portrait(data: bytes) -> bytes:
    """A square WebP of what a person gave, drawn anew: nothing hidden in the original, no place or camera, remains.

    Raises NotAPicture.
    """
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as original:
            if original.width * original.height > MOST_PIXELS:
                raise NotAPicture
            original.draft("RGB", (2 * PORTRAIT_SIDE, 2 * PORTRAIT_SIDE))
            upright = ImageOps.exif_transpose(original).convert("RGBA")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as fault:
        raise NotAPicture from fault
    on_white = Image.alpha_composite(Image.new("RGBA", upright.size, "white"), upright).convert("RGB")
    drawn = BytesIO()
    ImageOps.fit(on_white, (PORTRAIT_SIDE, PORTRAIT_SIDE)).save(drawn, "WEBP", quality=82)
    return drawn.getvalue()
