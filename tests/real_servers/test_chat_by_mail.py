"""A chat goes on by mail: what its visitor did not see goes out, what they answer comes in by the real SMTP listener,
all in one thread; the link in that mail opens the chat on another device."""

import re
from datetime import timedelta

from sqlalchemy import update

from tests.cast import Cast, act, all_of, configure, eventually, get
from tests.real_servers.conftest import Post, letter
from tests.webchat.conftest import Visit, conversations, port, visit
from witei_app.clock import now
from witei_app.conversations.reply import send_reply
from witei_app.db import transaction
from witei_app.files import load
from witei_app.live.events import DeliveryQueued, announce
from witei_app.mail.parse import parse_mail
from witei_app.mail.types import ParsedMail
from witei_app.models import Contact, DemoMail, Visitor, Widget

__all__ = ["configure", "port", "visit"]


async def two_minutes_later(cast: Cast) -> None:
    """What is unread is due, and the worker looks."""
    async with transaction() as db:
        await db.exec(update(Visitor).values(mail_due_at=now() - timedelta(seconds=1)))
        announce(db, DeliveryQueued(cast.sol))


async def mails(quantity: int) -> list[ParsedMail]:
    """What the visitor has in the mailbox, once there are so many."""

    async def sent() -> list[DemoMail]:
        found = await all_of(DemoMail)
        return found if len(found) >= quantity else []

    return [parse_mail(await load(mail.sha256)) for mail in await eventually(sent)]


async def test_a_chat_goes_on_by_mail_both_ways_and_comes_back(cast: Cast, post: Post, visit: Visit) -> None:
    async with transaction() as db:
        db.add(Widget(workspace_id=cast.sol, key="sol", name="Web"))
    visitor = await visit("sol")
    await visitor.hello()
    about = {"name": "Nora", "email": "Nora@Contact.test"}
    await visitor.send({"t": "say", "id": "message-1", "text": "Hola", "about": about})
    await visitor.hear("said")
    [conversation] = await conversations()
    await act(cast.ana, conversation.id, send_reply, "<p>Sí, está libre</p>")
    await two_minutes_later(cast)
    [first] = await mails(1)
    assert "Sí, está libre" in first.text

    to = first.reply_to[0].email
    answered = {
        "From": "Nora <nora@contact.test>",
        "To": to,
        "Subject": "Re: x",
        "In_Reply_To": f"<{first.message_id}>",
    }
    await post.send(letter("Voy el jueves", **answered), "nora@contact.test", to)
    heard = await visitor.hear("message", where=lambda frame: frame["n"] == 3)
    assert heard["text"] == "Voy el jueves"
    await act(cast.ana, conversation.id, send_reply, "<p>Hasta el jueves</p>")
    await two_minutes_later(cast)
    second = (await mails(2))[-1]
    assert "Hasta el jueves" in second.text
    assert first.message_id in second.references
    assert [one.id for one in await conversations()] == [conversation.id]
    assert (await get(Contact, conversation.contact_id)).email == "nora@contact.test"

    found = re.search(r"/embed/chat/sol\?lang=es#back=([\w.-]+)", second.text)
    assert found is not None, second.text
    assert "#back=" in second.html
    elsewhere = await visit("sol")
    welcome = await elsewhere.hello(back=found[1])
    assert [one["text"] for one in welcome["messages"]] == [
        "Hola",
        "Sí, está libre",
        "Voy el jueves",
        "Hasta el jueves",
    ]
    await elsewhere.say("Ya estoy aquí")
    assert (await visitor.hear("message", where=lambda frame: frame["n"] == 5))["text"] == "Ya estoy aquí"
    assert [one.id for one in await conversations()] == [conversation.id]
