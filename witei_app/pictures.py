"""Pictures: those drawn as text, and those that people give."""

from io import BytesIO

import segno
from PIL import Image, ImageOps, UnidentifiedImageError

PORTRAIT_SIDE = 192  # pixels: sharp at twice the largest size that is shown
LOGO_BOX = (720, 240)  # pixels: a logo is fitted into it, sharp on paper too
MOST_PIXELS = 50_000_000  # what a phone's camera takes; a small file can claim to be far larger
MOST_UNPACKED = 25_000_000  # each is four bytes here; a JPEG of the size above is read at an eighth of it
LONGEST_SIDE = 20_000  # a panorama has as many; Pillow takes a lot of memory for a picture that is one long line
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
    upright = _opened(data, (2 * PORTRAIT_SIDE, 2 * PORTRAIT_SIDE))
    on_white = Image.alpha_composite(Image.new("RGBA", upright.size, "white"), upright).convert("RGB")
    drawn = BytesIO()
    ImageOps.fit(on_white, (PORTRAIT_SIDE, PORTRAIT_SIDE)).save(drawn, "WEBP", quality=82)
    return drawn.getvalue()


def logo(data: bytes) -> bytes:
    """A PNG of an agency's logo, drawn anew, in its own shape, what is transparent stays so. Raises NotAPicture."""
    upright = _opened(data, (2 * LOGO_BOX[0], 2 * LOGO_BOX[0]))
    upright.thumbnail(LOGO_BOX)
    drawn = BytesIO()
    upright.save(drawn, "PNG", optimize=True)
    return drawn.getvalue()


def fitted(data: bytes, largest: tuple[int, int]) -> tuple[bytes, tuple[int, int]]:
    """A PNG drawn anew that fits into `largest` CSS pixels, twice as sharp; with the size to show it. NotAPicture."""
    upright = _opened(data, (2 * largest[0], 2 * largest[0]))
    upright.thumbnail((2 * largest[0], 2 * largest[1]))
    drawn = BytesIO()
    upright.save(drawn, "PNG", optimize=True)
    scale = min(1.0, largest[0] / upright.width, largest[1] / upright.height)
    return drawn.getvalue(), (max(1, round(upright.width * scale)), max(1, round(upright.height * scale)))


def _opened(data: bytes, wanted: tuple[int, int]) -> Image.Image:
    """The picture, upright, made small as early as can be, but no smaller than the `wanted` size."""
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as original:
            if original.width * original.height > MOST_PIXELS or max(original.size) > LONGEST_SIDE:
                raise NotAPicture
            original.draft("RGB", wanted)
            if original.width * original.height > MOST_UNPACKED:
                raise NotAPicture
            return ImageOps.exif_transpose(_reduced(original.convert("RGBA"), wanted))
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as fault:
        raise NotAPicture from fault


def _reduced(picture: Image.Image, wanted: tuple[int, int]) -> Image.Image:
    """By a whole number, which is quick."""
    times = min(picture.width // wanted[0], picture.height // wanted[1])
    return picture.reduce(times) if times > 1 else picture
