"""Ratings: asked for when an answered chat is closed, once each time; seen by the team, counted by the report."""

from datetime import timedelta

from sqlmodel import col, select

from tests.webchat.conftest import Agency, Visit, Visitor, conversations
from witei_app.accounts.actor import Actor
from witei_app.clock import now
from witei_app.conversations.archive import archive
from witei_app.conversations.bin import delete_for_good
from witei_app.conversations.delete import delete
from witei_app.conversations.reply import send_reply
from witei_app.conversations.thread import thread_page
from witei_app.conversations.visible import find_conversation
from witei_app.conversations.worded import message_rows
from witei_app.db import reading, transaction
from witei_app.models import ConversationEvent, EventKind
from witei_app.reports.asked import Asked
from witei_app.reports.behind import evidence
from witei_app.reports.figures import figures_of


async def act(sol: Agency, *rules: object) -> None:
    """Ana does this to the newest conversation."""
    newest = (await conversations())[-1]
    async with transaction() as db:
        conversation = await find_conversation(db, sol.ana, newest.id)
        for rule in rules:
            await rule(db, sol.ana, conversation)  # type: ignore[operator]


async def answer(db: object, actor: object, conversation: object) -> None:
    await send_reply(db, actor, conversation, "<p>Yes</p>")  # type: ignore[arg-type]


async def answered(sol: Agency, visit: Visit) -> Visitor:
    marco: Visitor = await visit(sol.key)
    await marco.hello()
    await marco.say("Is it free?")
    await act(sol, answer)
    return marco


async def stars() -> list[int | None]:
    async with reading() as db:
        query = select(ConversationEvent.stars).where(ConversationEvent.kind == EventKind.RATED)
        return list((await db.exec(query.order_by(col(ConversationEvent.id)))).all())


async def test_a_closed_chat_is_rated_once_and_shown_in_thread_and_report(sol: Agency, visit: Visit) -> None:
    marco = await answered(sol, visit)
    assert "rate" not in await marco.hello_again(visit, sol)
    await act(sol, archive)
    assert (await marco.hear("rate", where=lambda frame: frame["asked"]))["asked"]
    assert (await marco.hello_again(visit, sol))["rate"] is True

    for _ in range(2):  # the second one is too many
        await marco.send({"t": "rate", "stars": 4, "text": "Quick <b>and</b> kind"})
        await marco.hear("rate", where=lambda frame: not frame["asked"])
    assert await stars() == [4]
    assert "rate" not in await marco.hello_again(visit, sol)

    [conversation] = await conversations()
    assert conversation.is_archived
    async with reading() as db:
        entries, _ = await thread_page(db, conversation)
        last = message_rows(entries, conversation, sol.ana)[-1]
        asked = Asked(sol.workspace.id, now() - timedelta(hours=1), now() + timedelta(hours=1))
        figures = await figures_of(db, asked)
        behind = await evidence(db, sol.ana, asked, "rated")
    assert last.text == "Rated 4 of 5: “Quick <b>and</b> kind”"
    assert (figures.ratings.quantity, figures.ratings.mean) == (1, 4.0)
    assert [one.stars for one in behind] == [4]


async def test_closed_again_it_is_rated_again(lite_sol: Agency, visit: Visit) -> None:
    marco = await answered(lite_sol, visit)
    for given in (5, 1):
        await act(lite_sol, archive)
        await marco.send({"t": "rate", "stars": given})
        await marco.hear("rate", where=lambda frame: not frame["asked"])
        await marco.say("One more thing")
    assert await stars() == [5, 1]


async def test_what_nobody_answered_or_is_open_is_not_rated(lite_sol: Agency, visit: Visit) -> None:
    marco = await visit(lite_sol.key)
    await marco.hello()
    await marco.send({"t": "rate", "stars": 1})
    await marco.hear("rate")
    await marco.say("Is it free?")
    await marco.send({"t": "rate", "stars": 1})
    await marco.hear("rate")
    await act(lite_sol, archive)
    await marco.send({"t": "rate", "stars": 1})
    await marco.hear("rate")
    assert await stars() == []


async def test_the_sentence_goes_with_the_conversation_and_the_stars_stay(lite_sol: Agency, visit: Visit) -> None:
    marco = await answered(lite_sol, visit)
    await act(lite_sol, archive)
    await marco.send({"t": "rate", "stars": 2, "text": "My name is Marco"})
    await marco.hear("rate", where=lambda frame: not frame["asked"])
    await act(lite_sol, delete)
    [gone] = await conversations()
    async with transaction() as db:
        await delete_for_good(db, Actor.system(gone.workspace_id), await db.merge(gone))
    async with reading() as db:
        [event] = (await db.exec(select(ConversationEvent).where(ConversationEvent.kind == EventKind.RATED))).all()
    assert (event.stars, event.data) == (2, {})
