"""Two agents and a contact act on one conversation at once: nothing is lost, nothing doubled."""

import asyncio

from tests.cast import Cast, act, all_of, get, give, open_conversation, write_in
from tests.conversations.test_counts import counters_equal_a_recount, numbers_have_no_gap, the_log_replays
from witei_app.conversations.archive import archive, reopen
from witei_app.conversations.read import mark_read, mark_unread
from witei_app.conversations.reply import send_reply, write_note
from witei_app.crm.contacts import contact_of_address
from witei_app.db import transaction
from witei_app.models import Contact, Conversation, Message


async def test_everybody_writes_at_once_and_every_line_is_there(cast: Cast) -> None:
    opened = await open_conversation(cast.marco, "0")
    await asyncio.gather(
        *(act(cast.ana, opened, send_reply, f"ana {n}") for n in range(12)),
        *(act(cast.luis, opened, write_note, f"luis {n}") for n in range(12)),
        *(write_in(opened, f"marco {n}") for n in range(12)),
    )
    texts = {message.text for message in await all_of(Message)}
    assert texts == {"0", *(f"{who} {n}" for who in ("ana", "luis", "marco") for n in range(12))}
    await numbers_have_no_gap(await get(Conversation, opened))


async def test_everybody_pulls_at_it_at_once_and_the_books_are_right(cast: Cast) -> None:
    opened = [await open_conversation(cast.marco) for _ in range(3)]
    await asyncio.gather(
        *(give(cast.luis, one, to) for one in opened for to in (cast.ana, cast.eva, None, cast.luis)),
        *(act(cast.ana, one, rule) for one in opened for rule in (archive, reopen, archive)),
        *(write_in(one) for one in opened),
        *(act(who, one, rule) for who in (cast.ana, cast.luis) for one in opened for rule in (mark_read, mark_unread)),
    )
    await counters_equal_a_recount()
    for conversation in await all_of(Conversation):
        await numbers_have_no_gap(conversation)
        await the_log_replays(conversation)


async def test_a_new_sender_who_writes_several_times_at_once_is_one_contact(cast: Cast) -> None:
    async def appear() -> int:
        async with transaction() as db:
            return (await contact_of_address(db, cast.sol, "new@contact.test", "Nuria", "E-mail")).id

    found = await asyncio.gather(*(appear() for _ in range(8)))
    assert len(set(found)) == 1
    assert len(await all_of(Contact, Contact.email == "new@contact.test")) == 1
