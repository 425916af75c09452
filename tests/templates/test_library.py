"""Templates that the team shares, and one's own."""

import dataclasses

import pytest

from tests.cast import Cast
from witei_app.accounts.actor import Actor
from witei_app.db import reading, transaction
from witei_app.errors import NotFound, Refused
from witei_app.models import MessageTemplate
from witei_app.templates.library import MOST, delete_template, find_template, list_templates, save_template


async def written(actor: Actor, title: str = "Welcome", html: str = "<p>Hello</p>", is_shared: bool = False) -> int:
    async with transaction() as db:
        return (await save_template(db, actor, 0, title=title, html=html, is_shared=is_shared)).id


def as_admin(actor: Actor) -> Actor:
    return dataclasses.replace(actor, is_admin=True)


async def titles(actor: Actor) -> list[str]:
    async with reading() as db:
        return [one.title for one in await list_templates(db, actor)]


async def test_the_team_sees_what_is_shared_and_nobody_elses_own(cast: Cast):
    await written(as_admin(cast.ana), "Shared", is_shared=True)
    await written(cast.ana, "Ana's")
    assert await titles(cast.ana) == ["Ana's", "Shared"]
    assert await titles(cast.luis) == ["Shared"]
    assert await titles(cast.vera) == []


async def test_only_administrators_change_what_is_shared(cast: Cast):
    with pytest.raises(Refused, match="permission"):
        await written(cast.luis, is_shared=True)
    shared = await written(as_admin(cast.ana), is_shared=True)
    async with reading() as db:
        for actor in (cast.luis, as_admin(cast.vera)):
            with pytest.raises(NotFound):
                await find_template(db, actor, shared)


async def test_more_than_are_listed_are_refused_and_not_lost_from_sight(lite_cast: Cast) -> None:
    async with transaction() as db:
        for owner in (None, lite_cast.ana.user_id):
            db.add_all(
                MessageTemplate(workspace_id=lite_cast.sol, user_id=owner, title=f"{number}", html="<p>Hello</p>")
                for number in range(MOST)
            )
    assert len(await titles(lite_cast.ana)) == 2 * MOST
    for is_shared in (True, False):
        with pytest.raises(Refused, match="already"):
            await written(as_admin(lite_cast.ana), is_shared=is_shared)
    own = await written(as_admin(lite_cast.luis))
    with pytest.raises(Refused, match="already"):
        async with transaction() as db:
            await save_template(db, as_admin(lite_cast.luis), own, title="Mine", html="<p>Hello</p>", is_shared=True)


async def test_nobody_deletes_anothers(cast: Cast):
    own = await written(cast.ana)
    for actor in (cast.luis, as_admin(cast.luis), cast.vera):
        with pytest.raises(NotFound):
            async with transaction() as db:
                await delete_template(db, actor, own)
    assert await titles(cast.ana) == ["Welcome"]


@pytest.mark.parametrize("html", ["", "<p> </p>", "<script>alert(1)</script>", "{{contact.shoe_size}}"])
async def test_an_empty_text_or_an_unknown_place_is_refused(cast: Cast, html: str):
    with pytest.raises(Refused):
        await written(cast.ana, html=html)
    assert await titles(cast.ana) == []


async def test_what_a_browser_sends_as_a_template_is_made_safe(cast: Cast):
    number = await written(cast.ana, html='<p onclick="x()">Hi<img src=x onerror=y></p>')
    async with reading() as db:
        assert (await find_template(db, cast.ana, number)).html == "<p>Hi</p>"
