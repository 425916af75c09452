"""An agency's logo: taken from administrators by its content, drawn anew, shown to anybody who was sent something."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from tests.cast import Cast
from tests.conversations.test_bin import administrator
from tests.http.conftest import Browse, signed_in
from tests.http.test_portraits import SCRIPTED, photo
from witei_app.accounts.office import own_workspace
from witei_app.accounts.permissions import AGENT
from witei_app.accounts.team import invite
from witei_app.conversations.files import NAMED_BY
from witei_app.db import reading, transaction
from witei_app.files import keep
from witei_app.models import Role, User, metadata
from witei_app.pictures import LOGO_BOX, NotAPicture, logo


def test_a_logo_keeps_its_shape_and_what_is_transparent() -> None:
    ground = BytesIO()
    Image.new("RGBA", (1600, 200), (20, 90, 220, 0)).save(ground, "PNG")
    with Image.open(BytesIO(logo(ground.getvalue()))) as drawn:
        assert (drawn.format, drawn.size, drawn.mode) == ("PNG", (LOGO_BOX[0], 90), "RGBA")


@pytest.mark.parametrize("data", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a<script>"])
def test_what_is_no_picture_is_no_logo(data: bytes) -> None:
    with pytest.raises(NotAPicture):
        logo(data)


async def test_it_is_taken_from_an_administrator_and_shown_to_anybody(lite_cast: Cast, browse: Browse) -> None:
    async with transaction() as db:
        (await db.get_one(User, lite_cast.ana.user_id)).role = Role.ADMIN
    secret = await keep(b"a file of a conversation")
    async with browse() as browser:
        await signed_in(browser, lite_cast.ana)
        sent = {"file": ("logo.png", photo(kind="PNG"))}
        answer = await browser.post("/settings/workspace/logo", files=sent, headers=SCRIPTED)
        address = answer.json()["href"]
        assert f'url("{address}")' in (await browser.get("/portraits.css")).text
        browser.cookies.clear()
        shown = await browser.get(address)
        assert (shown.status_code, shown.headers["content-type"]) == (200, "image/png")
        assert shown.headers["content-security-policy"] == "default-src 'none'"
        assert address in (await browser.get(f"/invite/{await _invite_bea(lite_cast)}")).text
        for other in (secret, "0" * 64, "é" * 64):
            assert (await browser.get(f"/logos/{other}.png")).status_code == 404


async def test_a_user_gives_no_logo(lite_cast: Cast, browse: Browse) -> None:
    async with browse() as browser:
        await signed_in(browser, lite_cast.luis)
        sent = {"file": ("logo.png", photo(kind="PNG"))}
        assert (await browser.post("/settings/workspace/logo", files=sent, headers=SCRIPTED)).status_code == 422
    async with reading() as db:
        assert (await own_workspace(db, administrator(lite_cast.luis))).logo == ""


async def _invite_bea(cast: Cast) -> str:
    async with transaction() as db:
        link = await invite(db, administrator(cast.ana), "bea@sol.test", "Bea", Role.USER, AGENT)
    return link.rpartition("/")[2]


def _plain(column: Any) -> Any:
    return column.property.columns[0]


def test_every_column_that_names_bytes_keeps_them() -> None:
    """Columns of 64 letters by such names: a new one that is forgotten would lose its files."""
    telling = ("sha256", "portrait", "picture", "logo", "file", "image")
    known = {(column.table.name, column.name) for column in map(_plain, NAMED_BY)}
    found = {
        (table.name, column.name)
        for table in metadata.tables.values()
        for column in table.columns
        if getattr(column.type, "length", None) == 64 and any(word in column.name for word in telling)
    }
    assert found - {("unused_file", "sha256")} == known
