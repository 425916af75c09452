"""The link in a mail that opens a visitor's chat again."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from itsdangerous import URLSafeSerializer
from sqlmodel import col, select

from tests.cast import Configure, configure
from tests.webchat.conftest import Agency, Visit, Visitor, conversations, open_agency
from witei_app.clock import now
from witei_app.db import transaction
from witei_app.mail.chat_link import LIFE, chat_link
from witei_app.models import Visitor as VisitorRow
from witei_app.models import VisitorToken
from witei_app.settings import settings
from witei_app.webchat.visitors import MOST_BROWSERS

__all__ = ["configure"]


@pytest.fixture(autouse=True)
def _own_secret(configure: Configure) -> None:
    """Links are signed with it."""


async def row(number: int = 0) -> VisitorRow:
    async with transaction() as db:
        return (await db.exec(select(VisitorRow).order_by(col(VisitorRow.id)))).all()[number]


async def link_of(visitor: VisitorRow, ago: timedelta = timedelta()) -> str:
    """What stands behind #back= in a mail of that time."""
    return urlsplit(chat_link("sol", visitor, now() - ago)).fragment.removeprefix("back=")


async def marco(visit: Visit) -> Visitor:
    """A visitor who wrote something."""
    visitor: Visitor = await visit("sol")
    await visitor.hello()
    await visitor.say("Soy Marco")
    return visitor


async def test_it_opens_the_same_chat_and_gives_that_browser_a_token_of_its_own(sol: Agency, visit: Visit) -> None:
    first = await marco(visit)
    other = await visit("sol")
    welcome = await other.hello(back=await link_of(await row()))
    assert [one["text"] for one in welcome["messages"]] == ["Soy Marco"]
    assert welcome["token"] != first.token
    again = await (await visit("sol", token=other.token)).hello()
    assert [one["text"] for one in again["messages"]] == ["Soy Marco"]
    assert "token" not in await (await visit("sol", token=other.token)).hello(back=await link_of(await row()))
    async with transaction() as db:
        assert len((await db.exec(select(VisitorToken))).all()) == 1


async def test_a_mail_programs_bracket_behind_the_link_does_no_harm(sol: Agency, visit: Visit) -> None:
    await marco(visit)
    welcome = await (await visit("sol")).hello(back=await link_of(await row()) + ")")
    assert [one["text"] for one in welcome["messages"]] == ["Soy Marco"]


async def test_a_visitors_words_from_both_browsers_are_one_conversation(sol: Agency, visit: Visit) -> None:
    first = await marco(visit)
    other = await visit("sol")
    await other.hello(back=await link_of(await row()))
    assert (await other.say("Desde el móvil"))["n"] == 2
    assert (await first.hear("message", where=lambda frame: frame["n"] == 2))["text"] == "Desde el móvil"
    await other.send({"t": "read", "n": 2})
    await other.send({"t": "about", "about": {"email": "marco@contact.test"}})
    await other.hear("known")
    assert ((await row()).read_number, (await row()).email) == (2, "marco@contact.test")
    assert len(await conversations()) == 1


async def test_hostile_links_open_nothing(sol: Agency, visit: Visit) -> None:
    await marco(visit)
    await open_agency("Casas Norte", "norte")
    visitor = await row()
    good = await link_of(visitor)
    until = int(now().timestamp()) + 1000
    forged = URLSafeSerializer("another secret", salt="link to a web chat").dumps([visitor.id, "x", until])
    elsewhere = URLSafeSerializer(settings().secret(), salt="link to a quote").dumps(visitor.id)
    unmarked = URLSafeSerializer(settings().secret(), salt="link to a web chat").dumps([visitor.id, "", until])
    old = await link_of(visitor, LIFE + timedelta(minutes=1))
    for link in (forged, elsewhere, unmarked, old, good[:-2], good.swapcase(), "ñ", "\ud83d\ude00", "a" * 400):
        welcome = await (await visit("sol")).hello(back=link)
        assert (welcome["messages"], welcome["dead_link"]) == ([], True), link
    welcome = await (await visit("norte")).hello(back=good)
    assert (welcome["messages"], welcome["dead_link"]) == ([], True)


async def test_it_opens_one_visitors_chat_and_no_others(sol: Agency, visit: Visit) -> None:
    await marco(visit)
    other = await visit("sol")
    await other.hello()
    await other.say("Soy otra")
    welcome = await (await visit("sol", token=other.token)).hello(back=await link_of(await row(0)))
    assert [one["text"] for one in welcome["messages"]] == ["Soy Marco"]
    assert welcome["token"] != other.token
    assert [one["text"] for one in (await other.hello_again(visit, sol))["messages"]] == ["Soy otra"]


async def test_only_so_many_browsers_are_kept(lite_sol: Agency, visit: Visit) -> None:
    await marco(visit)
    link = await link_of(await row())
    for _ in range(MOST_BROWSERS + 2):
        await (await visit("sol")).hello(back=link)
    async with transaction() as db:
        assert len((await db.exec(select(VisitorToken))).all()) == MOST_BROWSERS
