"""Colleagues who are called in notes."""

from html.parser import HTMLParser

import pytest
from sqlmodel import select

from tests.cast import Cast, act, all_of, give, open_conversation
from witei_app.conversations.draft import find_draft, keep_draft
from witei_app.conversations.mentions import MOST, html_with_mentions, people_to_mention
from witei_app.conversations.reply import send_reply, write_note
from witei_app.db import reading
from witei_app.errors import Refused
from witei_app.models import Delivery, Message, MessageMention, NoticeKind, Notification


def call(user_id: int | None, name: str = "Luis") -> str:
    return f'<p>Ask <span class="x" data-mention="{user_id}">@{name}</span>, please</p>'


async def test_a_note_calls_a_colleague_by_id_and_shows_the_real_name(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    note = await act(cast.ana, opened, write_note, call(cast.luis.user_id, "somebody else"))
    assert note.html == f'<p>Ask <span class="mention" data-mention="{cast.luis.user_id}">@Luis Soto</span>, please</p>'
    (mention,) = await all_of_mentions()
    assert (mention.message_id, mention.user_id) == (note.id, cast.luis.user_id)
    (notice,) = await all_of(Notification, Notification.kind == NoticeKind.MENTIONED)
    assert notice.user_id == cast.luis.user_id
    assert await all_of(Delivery) == []


async def all_of_mentions() -> list[MessageMention]:
    async with reading() as db:
        return list((await db.exec(select(MessageMention))).all())


async def test_who_may_not_see_the_conversation_is_not_called(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    with pytest.raises(Refused, match="Eva Gil may not see"):
        await act(cast.ana, opened, write_note, call(cast.eva.user_id))
    assert len(await all_of(Message)) == 1
    await give(cast.ana, opened, cast.eva)
    await act(cast.ana, opened, write_note, call(cast.eva.user_id))
    assert len(await all_of_mentions()) == 1


async def test_who_is_not_of_the_workspace_is_plain_text(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    note = await act(cast.ana, opened, write_note, call(cast.vera.user_id, "Vera") + call(10**14))
    assert note.html == "<p>Ask @Vera, please</p><p>Ask @Luis, please</p>"
    assert await all_of_mentions() == []


async def test_only_those_who_see_the_conversation_are_offered(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    assert [one.name for one in await act(cast.ana, opened, people_to_mention)] == ["Luis Soto"]
    await give(cast.ana, opened, cast.eva)
    assert [one.name for one in await act(cast.ana, opened, people_to_mention)] == ["Eva Gil", "Luis Soto"]


async def test_an_answer_to_the_contact_calls_nobody(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    message = await act(cast.ana, opened, send_reply, call(cast.luis.user_id))
    assert message.html == "<p>Ask @Luis, please</p>"
    assert await all_of_mentions() == []


async def test_a_draft_keeps_them(lite_cast: Cast) -> None:
    opened = await open_conversation(lite_cast.marco)
    await act(lite_cast.ana, opened, keep_draft, call(lite_cast.luis.user_id))
    async with reading() as db:
        kept = await find_draft(db, lite_cast.ana, opened)
    assert f'<span class="mention" data-mention="{lite_cast.luis.user_id}">@Luis</span>' in kept


async def test_not_everybody_at_once(lite_cast: Cast) -> None:
    opened = await open_conversation(lite_cast.marco)
    with pytest.raises(Refused, match="at most"):
        await act(lite_cast.ana, opened, write_note, "".join(call(number) for number in range(1, MOST + 2)))


HOSTILE = [
    '<a href=\'https://x.test/<span data-mention="1">" onclick="x()</span>\'>link</a>',
    '<span data-mention="1" onclick="x()">@A</span>',
    '<span data-mention="1<script>">@A</span><script>x()</script>',
    '<span data-mention="1"><img src=x onerror=x()></span>',
    "\ue1001\ue101<b onclick=x()>\ue102",
    '<span data-mention="1"><span data-mention="1">@A</span></span><span style="x">y</span>',
]


@pytest.mark.parametrize("html", HOSTILE)
def test_what_a_browser_sends_as_a_mention_is_made_safe(html: str) -> None:
    for names in (None, {1: 'A" onclick="x()'}):
        seen: list[tuple[str, str]] = []
        parser = HTMLParser()
        parser.handle_starttag = lambda tag, attrs, seen=seen: seen.extend((tag, name) for name, _ in attrs)  # type: ignore
        parser.feed(html_with_mentions(html, names))
        allowed = {("span", "class"), ("span", "data-mention"), ("a", "href"), ("a", "target"), ("a", "rel")}
        assert set(seen) <= allowed, html_with_mentions(html, names)
