"""Pictures of users: drawn anew, put on avatars by a stylesheet of the workspace, and nothing else shown by name."""

from io import BytesIO

import pytest
from PIL import Image
from PIL.ExifTags import Base

from tests.cast import Cast
from tests.http.conftest import Browse, signed_in
from witei_app.files import keep
from witei_app.pictures import PORTRAIT_SIDE, NotAPicture, portrait

SCRIPTED = {"X-Requested-With": "witei", "Origin": "http://app.test"}


def photo(size: tuple[int, int] = (640, 480), kind: str = "JPEG", colour: str = "teal") -> bytes:
    exif = Image.Exif()
    exif[Base.Make] = "A camera that tells where it was"
    exif[Base.Orientation] = 6
    bytes_ = BytesIO()
    Image.new("RGB", size, colour).save(bytes_, kind, exif=exif)
    return bytes_.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_picture_is_drawn_anew_as_a_square_without_what_the_camera_wrote(kind: str) -> None:
    drawn = portrait(photo(kind=kind))
    with Image.open(BytesIO(drawn)) as picture:
        assert (picture.format, picture.size) == ("WEBP", (PORTRAIT_SIDE, PORTRAIT_SIDE))
        assert not picture.getexif()
    assert b"camera" not in drawn


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"GIF89a<script>alert(1)</script>",
        photo()[:300],
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\1\0\0\0\1\0\0\x08\x06\0\0\0" + bytes(40),
    ],
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(NotAPicture):
        portrait(data)


@pytest.mark.parametrize("size", [(9000, 9000), (6000, 5000), (30_000, 1), (1, 30_000)])
def test_a_small_file_that_unpacks_to_a_giant_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(NotAPicture):
        portrait(photo(size, "PNG"))


def test_a_phones_largest_photo_is_taken() -> None:
    assert portrait(photo((8000, 6000)))


async def test_it_is_taken_shown_on_avatars_and_to_visitors(lite_cast: Cast, browse: Browse) -> None:
    async with browse() as browser:
        await signed_in(browser, lite_cast.ana)
        answer = await browser.post("/profile/portrait", files={"file": ("me.jpg", photo())}, headers=SCRIPTED)
        address = answer.json()["href"]
        await signed_in(browser, lite_cast.luis)
        rules = (await browser.get("/portraits.css")).text
        assert f'data-person="{lite_cast.ana.user_id}"' in rules
        assert address in rules
        await signed_in(browser, lite_cast.vera)
        assert (await browser.get("/portraits.css")).text == ""
    async with browse() as visitor:
        shown = await visitor.get(address)
        assert (shown.status_code, shown.headers["content-type"]) == (200, "image/webp")
        assert shown.headers["x-content-type-options"] == "nosniff"
        assert (await visitor.get("/portraits.css")).text == ""


async def test_no_other_file_is_shown_by_its_name(lite_cast: Cast, browse: Browse) -> None:
    secret = await keep(b"a file of a contact")
    async with browse() as visitor:
        for name in (secret, "0" * 64, "..", "x" * 64):
            assert (await visitor.get(f"/portraits/{name}.webp")).status_code == 404


async def test_nobody_else_sends_one(lite_cast: Cast, browse: Browse) -> None:
    async with browse() as browser:
        file = {"file": ("me.jpg", photo())}
        assert (await browser.post("/profile/portrait", files=file, headers=SCRIPTED)).status_code == 401
        await signed_in(browser, lite_cast.ana)
        assert (await browser.post("/profile/portrait", files=file)).status_code == 403
        text = {"file": ("me.jpg", b"no picture")}
        refused = await browser.post("/profile/portrait", files=text, headers=SCRIPTED)
        assert refused.status_code == 422
        assert "cannot be shown" in refused.json()["error"]
        assert (await browser.get("/portraits.css")).text == ""
