"""How soon an agency answers."""

from datetime import timedelta

import pytest

from tests.webchat.conftest import Agency
from witei_app.clock import now
from witei_app.db import reading, transaction
from witei_app.models import Channel, Contact, Conversation
from witei_app.webchat import pace
from witei_app.webchat.look import Look
from witei_app.webchat.page import chat_page


@pytest.mark.parametrize(
    ("minutes", "promised"),
    [([1, 2, 3], None), ([1, 1, 4, 60, 90], 5), ([6] * 5, 10), ([0] * 9, 1), ([100] * 5, 120), ([900] * 5, None)],
)
def test_half_of_the_chats_are_the_promise(minutes: list[int], promised: int | None) -> None:
    found = pace.rounded([timedelta(minutes=one) for one in minutes])
    assert found == (timedelta(minutes=promised) if promised else None)


async def add_chats(agency: Agency, days_ago: int, minutes: int, channel: Channel) -> None:
    """Five conversations that were answered so soon."""
    opened = now() - timedelta(days=days_ago)
    answered = opened + timedelta(minutes=minutes)
    async with transaction() as db:
        contact = Contact(workspace_id=agency.workspace.id, name="Marco")
        db.add(contact)
        await db.flush()
        for _ in range(5):
            chat = Conversation(workspace_id=agency.workspace.id, contact_id=contact.id, channel=channel)
            chat.opened_at, chat.first_replied_at, chat.last_message_at = opened, answered, answered
            db.add(chat)


async def test_only_chats_of_the_last_two_weeks_count(sol: Agency) -> None:
    pace._known.clear()
    await add_chats(sol, 20, 1, Channel.WEB_CHAT)
    await add_chats(sol, 2, 1, Channel.EMAIL)
    await add_chats(sol, 2, 8, Channel.WEB_CHAT)
    async with reading() as db:
        assert await pace.usual_pace(db, sol.workspace.id) == timedelta(minutes=10)
    pace._known.clear()


def test_the_chat_says_it_in_its_language() -> None:
    look = Look("sol", "Sol", "#1d5fe0", {}, pace=timedelta(hours=2))
    assert "Usually answers within 2 hours" in chat_page(look, "en", "h").html
    assert "Suele contestar en 2 horas" in chat_page(look, "es", "h").html
    assert '<p id="usual"></p>' in chat_page(Look("sol", "Sol", "#1d5fe0", {}), "en", "h").html
