"""Two conversations become one: nothing is lost, and what led to the other leads to the one that is left."""

import asyncio

import pytest
from sqlmodel import update

from tests.cast import Cast, act, all_of, get, open_conversation, write_in
from witei_app.accounts.actor import Actor
from witei_app.clock import now
from witei_app.conversations.archive import archive
from witei_app.conversations.bin import erase
from witei_app.conversations.draft import draft_of, keep_draft
from witei_app.conversations.mail_in import read_waiting_mail
from witei_app.conversations.merge import merge, merged_into
from witei_app.conversations.read import count_unread, mark_read
from witei_app.conversations.reply import send_reply
from witei_app.conversations.snooze import snooze
from witei_app.conversations.thread import thread_page
from witei_app.crm.tickets import TicketInput, open_ticket
from witei_app.db import reading, transaction
from witei_app.errors import NotFound, Refused
from witei_app.live.events import ConversationChanged, Event, MessageAdded
from witei_app.mail.addresses import reply_address
from witei_app.mail.intake import store_mail
from witei_app.models import Channel, Conversation, Delivery, DeliveryState, Message, Status, Ticket
from witei_app.settings import settings

MAIL = "From: Marco <marco@contact.test>\r\nSubject: Flat\r\n\r\nTo number {}.\r\n"
BOUNCE = "Your message could not be delivered.\r\n\r\n<marco@contact.test>: unknown user\r\n"


async def unite(actor: Actor, one: int, other: int) -> int:
    async with transaction() as db:
        return await merge(db, actor, one, other)


async def answer(actor: Actor, conversation_id: int, text: str) -> None:
    """One that has left."""
    await act(actor, conversation_id, send_reply, f"<p>{text}</p>")
    async with transaction() as db:
        await db.exec(update(Delivery).values(state=DeliveryState.SENT))


async def told(conversation_id: int) -> list[str]:
    """The thread, as a reader sees it: texts and kinds of lines."""
    async with reading() as db:
        entries, _ = await thread_page(db, await db.get_one(Conversation, conversation_id))
    words = [one.message.text if one.message else one.event and str(one.event.kind) for one in entries]
    return [word for word in words if word]


async def two(cast: Cast) -> tuple[int, int]:
    """Marco writes twice about one thing, and is answered in between."""
    first = await open_conversation(cast.marco, "one")
    second = await open_conversation(cast.marco, "two", subject="The same flat")
    await answer(cast.ana, first, "three")
    await write_in(second, "four")
    return first, second


async def test_the_messages_of_both_are_in_their_order_whichever_is_merged(cast: Cast, announced: list[Event]) -> None:
    first, second = await two(cast)
    announced.clear()
    assert await unite(cast.luis, second, first) == first
    assert await told(first) == ["one", "two", "three", "four", "merged"]
    kept = await get(Conversation, first)
    assert (kept.preview, kept.needs_reply, kept.status) == ("four", True, Status.OPEN)
    numbers = sorted(one.number for one in await all_of(Message, Message.conversation_id == first))
    assert numbers == list(range(1, kept.last_number + 1))
    added = [one.number for one in announced if isinstance(one, MessageAdded)]
    assert added == [kept.last_number - 2, kept.last_number - 1, kept.last_number]
    assert {one.conversation_id for one in announced if isinstance(one, ConversationChanged)} == {first, second}


async def test_what_led_to_the_other_leads_to_the_one_that_is_left(cast: Cast) -> None:
    first, second = await two(cast)
    third = await open_conversation(cast.marco, "five")
    await unite(cast.ana, second, third)
    await unite(cast.ana, first, second)
    async with reading() as db:
        assert [await merged_into(db, cast.ana, one) for one in (first, second, third)] == [0, first, first]
        assert await merged_into(db, cast.vera, second) == 0
    for one in (second, third):
        to = reply_address(one, "sol@localhost.test", settings().secret())
        await store_mail(
            MAIL.format(one).encode(), "marco@contact.test", [(cast.sol, to)], "192.0.2.1", "mx.contact.test"
        )
        await read_waiting_mail()
    assert (await told(first))[-2:] == [f"To number {second}.", f"To number {third}."]


async def test_a_mail_that_comes_at_that_moment_is_in_the_one_that_is_left(cast: Cast) -> None:
    for number in range(5):
        first, second = await two(cast)
        to = reply_address(second, "sol@localhost.test", settings().secret())
        raw = MAIL.format(number).encode()
        await store_mail(raw, "marco@contact.test", [(cast.sol, to)], "192.0.2.1", "mx.contact.test")
        await asyncio.gather(unite(cast.ana, first, second), read_waiting_mail())
        assert f"To number {number}." in await told(first)


async def test_a_bounce_is_known_by_the_address_that_it_comes_to(cast: Cast) -> None:
    first, second = await two(cast)
    await answer(cast.ana, second, "five")
    await unite(cast.ana, first, second)
    to = reply_address(second, "sol@localhost.test", settings().secret())
    raw = "From: MAILER-DAEMON@contact.test\r\nSubject: Undelivered Mail Returned to Sender\r\n\r\n" + BOUNCE
    await store_mail(raw.encode(), "", [(cast.sol, to)], "192.0.2.1", "mx.contact.test")
    await read_waiting_mail()
    states = {one.state for one in await all_of(Delivery)}
    assert DeliveryState.BOUNCED in states


async def test_of_what_is_deleted_for_good_nothing_leads_to_it(cast: Cast) -> None:
    first, second = await two(cast)
    await unite(cast.ana, first, second)
    async with transaction() as db:
        await erase(db, Actor.system(cast.sol), await db.get_one(Conversation, first))
    assert (await get(Conversation, second)).merged_into_id is None


async def test_tickets_texts_and_lines_go_along(cast: Cast) -> None:
    first, second = await two(cast)
    await act(cast.ana, second, keep_draft, "<p>Dear Marco</p>")
    async with transaction() as db:
        ticket = await open_ticket(db, cast.ana, TicketInput("Keys"), conversation_id=second)
    await unite(cast.luis, first, second)
    async with reading() as db:
        draft = await draft_of(db, cast.ana, first)
    assert draft is not None
    assert draft.html == "<p>Dear Marco</p>"
    assert (await get(Ticket, ticket.id)).conversation_id == first
    assert (await told(first))[-3:] == ["four", "ticket_opened", "merged"]


async def test_it_is_unread_for_whoever_has_not_read_both(cast: Cast) -> None:
    first, second = await two(cast)
    for actor, seen in ((cast.ana, (first, second)), (cast.luis, (second,))):
        for one in seen:
            await act(actor, one, mark_read)
    await unite(cast.ana, first, second)
    async with reading() as db:
        assert [await count_unread(db, actor) for actor in (cast.ana, cast.luis)] == [0, 1]


async def test_it_is_open_if_either_was_and_whoevers_had_one(cast: Cast) -> None:
    first, second = await two(cast)
    await act(cast.ana, first, archive)
    async with transaction() as db:
        (await db.get_one(Conversation, second)).assignee_id = cast.eva.user_id
    await unite(cast.ana, first, second)
    kept = await get(Conversation, first)
    assert (kept.status, kept.assignee_id, kept.needs_reply) == (Status.OPEN, cast.eva.user_id, True)


async def test_a_snoozed_one_wakes_for_an_open_one_alone(cast: Cast) -> None:
    first, second = await two(cast)
    third = await open_conversation(cast.marco, "five")
    await act(cast.ana, first, snooze, now().replace(year=now().year + 1, day=1, month=1))
    await act(cast.ana, second, archive)
    await unite(cast.ana, first, second)
    assert (await get(Conversation, first)).status == Status.SNOOZED
    await unite(cast.ana, first, third)
    assert (await get(Conversation, first)).status == Status.OPEN


async def test_an_answer_that_is_about_to_leave_is_waited_for(cast: Cast) -> None:
    first, second = await two(cast)
    await act(cast.ana, second, send_reply, "<p>Yes</p>")
    with pytest.raises(Refused, match="about to leave"):
        await unite(cast.ana, first, second)
    assert await told(second) == ["two", "four", "Yes"]


async def test_nobodys_text_is_lost_where_two_were_begun(cast: Cast) -> None:
    first, second = await two(cast)
    for one in (first, second):
        await act(cast.luis, one, keep_draft, "<p>Dear Marco</p>")
    with pytest.raises(Refused, match="begun an answer in both"):
        await unite(cast.ana, first, second)


async def test_chats_itself_and_what_one_does_not_see_are_refused(cast: Cast) -> None:
    first, second = await two(cast)
    chat = await open_conversation(cast.marco, channel=Channel.WEB_CHAT)
    for actor, other, refusal in (
        (cast.ana, chat, Refused),
        (cast.ana, first, Refused),
        (cast.eva, second, NotFound),
        (cast.vera, second, NotFound),
    ):
        with pytest.raises(refusal):
            await unite(actor, first, other)
    assert await told(first) == ["one", "three"]
