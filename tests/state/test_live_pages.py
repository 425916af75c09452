"""What an open page shows while things happen: numbers that are right, lists that are read again."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from tests.cast import Cast, act, all_of, eventually, give, open_conversation
from tests.state.conftest import Running, Tab, cookie_of
from tests.state.test_every_handler import handlers
from witei_app.accounts.actor import Actor
from witei_app.accounts.profile import be_away
from witei_app.clock import now
from witei_app.conversations.archive import archive
from witei_app.conversations.delete import delete
from witei_app.conversations.draft import keep_draft_kind
from witei_app.conversations.start import start_conversation
from witei_app.crm.edit import ContactInput, create_contact
from witei_app.crm.notes import add_note
from witei_app.db import transaction
from witei_app.live import bus, tabs
from witei_app.live.events import MailUnreadable, Notified, VisitorHere
from witei_app.models import Channel, Conversation, InboundMail, InboundState, Role, SignInSession, Status, User
from witei_app.state import record_list


def handler(name: str) -> str:
    """Its full name: "bell_state.arrive"."""
    return next(full for full, _ in handlers() if full.endswith(name))


async def arrive(tab: Tab, state: str, path: str) -> None:
    await tab.send(handler(f"{state}.arrive"), {}, path=path)
    await tab.hear_out()


def shows(tab: Tab, name: str, value: object) -> Callable[[], Awaitable[bool]]:
    async def looked() -> bool:
        return bool((await tab.shown())[name] == value)

    return looked


async def test_what_is_told_while_the_bell_is_being_read_counts_once(running: Running) -> None:
    ana = running.cast.ana
    async with running.tab(await cookie_of(ana)) as tab:
        await arrive(tab, "conversations_page_state", "/conversations")
        opened = await open_conversation(running.cast.marco)
        await arrive(tab, "bell_state", "/conversations")
        assert await eventually(shows(tab, "bell_state.count", 1))
        # Through Redis, and on a busy machine, it comes to be heard only now.
        late = Notified(ana.workspace_id, opened, "unassigned", "", ((ana.user_id or 0, 1),))
        await bus.publish(late, Notified(ana.workspace_id, 0, "unassigned", "", ((ana.user_id or 0, 1),)))
        assert await eventually(shows(tab, "live_state.alert_number", 2))
        assert await shows(tab, "bell_state.count", 1)()


async def test_who_works_in_a_page_all_day_uses_the_session(running: Running) -> None:
    cookie = await cookie_of(running.cast.ana)
    async with transaction() as db:
        session = (await db.exec(select(SignInSession))).one()
        session.last_used_at = now() - timedelta(hours=9)
    async with running.tab(cookie) as tab:
        await tab.send(handler("bell_state.here"), {})
        await tab.hear_out()
    (session,) = await all_of(SignInSession)
    assert session.last_used_at > now() - timedelta(minutes=1)


async def test_a_mail_that_cannot_be_read_is_listed_at_once(running: Running) -> None:
    admin = await administrator(running.cast)
    async with running.tab(await cookie_of(admin)) as tab:
        await arrive(tab, "unreadable_state", "/settings/unreadable")
        assert (await tab.shown())["unreadable_state.mails"] == []
        async with transaction() as db:
            mail = InboundMail(workspace_id=admin.workspace_id, sha256="0" * 64, size=1, received_at=now())
            mail.state, mail.fault = InboundState.UNREADABLE, "Broken"
            db.add(mail)
        await bus.publish(MailUnreadable(admin.workspace_id))

        async def is_listed() -> bool:
            return [mail["reason"] for mail in (await tab.shown())["unreadable_state.mails"]] == ["Broken"]

        assert await eventually(is_listed)


async def test_who_opens_the_chat_is_seen_by_the_workspace_alone(running: Running) -> None:
    cast = running.cast
    async with running.tab(await cookie_of(cast.ana)) as tab, running.tab(await cookie_of(cast.vera)) as stranger:
        for one in (tab, stranger):
            await arrive(one, "visitors_state", "/visitors")
        page = ("https://sol.example/", "Flats", "")
        here = VisitorHere(cast.sol, "f" * 64, "key", *page, "en", "", "Firefox", "ES", False)
        await bus.publish(here)

        async def is_listed() -> bool:
            return [one["page"] for one in (await tab.shown())["visitors_state.visitors"]] == ["Flats"]

        assert await eventually(is_listed)
        assert (await stranger.shown())["visitors_state.visitors"] == []


async def test_a_new_contact_stands_in_its_workspaces_open_lists(running: Running) -> None:
    cast = running.cast
    async with running.tab(await cookie_of(cast.ana)) as tab, running.tab(await cookie_of(cast.vera)) as stranger:
        for one in (tab, stranger):
            await arrive(one, "contacts_state", "/contacts")
        before = (await stranger.shown())["contacts_state.rows"]
        async with transaction() as db:
            await create_contact(db, cast.luis, ContactInput(name="Nora"))

        async def is_listed() -> bool:
            return "Nora" in [row["name"] for row in (await tab.shown())["contacts_state.rows"]]

        assert await eventually(is_listed)
        assert (await stranger.shown())["contacts_state.rows"] == before


async def test_a_list_that_was_unfolded_far_down_shows_what_is_new(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record_list, "MOST_FOLLOWED", 50)
    cast = running.cast
    async with transaction() as db:
        for number in range(150):
            await create_contact(db, cast.ana, ContactInput(f"Nobody {number}"))
    async with running.tab(await cookie_of(cast.ana)) as tab:
        await arrive(tab, "contacts_state", "/contacts")
        for _ in range(2):
            await tab.send(handler("contacts_state.more"), {}, path="/contacts")
            await tab.hear_out()
        before = (await tab.shown())["contacts_state.rows"]
        async with transaction() as db:
            await create_contact(db, cast.ana, ContactInput("Nora"))

        async def is_above() -> bool:
            rows = (await tab.shown())["contacts_state.rows"]
            return rows[0]["name"] == "Nora" and [row["id"] for row in rows[1:]] == [row["id"] for row in before]

        assert await eventually(is_above)


async def test_a_list_unfolded_far_down_is_compared_whole_and_sent_where_it_differs(running: Running) -> None:
    cast, system = running.cast, Actor.system(running.cast.sol)
    async with transaction() as db:
        begun = [await start_conversation(db, system, cast.marco, Channel.EMAIL, at=now()) for _ in range(320)]
    opened = [one.id for one in begun]
    async with running.tab(await cookie_of(cast.ana)) as tab:
        await arrive(tab, "conversations_page_state", "/conversations")
        for _ in range(6):
            await tab.send(handler("inbox_state.more"), {})
        before = await tab.shown()
        assert [row["id"] for row in before["inbox_state.rows"]] == opened[::-1]
        async with transaction() as db:  # nobody is told
            await db.exec(
                update(Conversation).where(col(Conversation.id) == opened[3]).values(assignee_id=cast.luis.user_id)
            )
            await db.exec(update(Conversation).where(col(Conversation.id) == opened[5]).values(status=Status.ARCHIVED))
        tabs.note_behind(next(tabs.all_tabs()).token)
        begin = len(tab.frames)
        await tab.send(handler("live_state.refresh"), {})
        assert await eventually(shows(tab, "inbox_state.gone", [opened[5]]))
        (changed,) = (await tab.shown())["inbox_state.changed_0"]
        assert (changed["id"], changed["assignee_name"]) == (opened[3], "Luis Soto")
        assert [row["id"] for row in (await tab.shown())["inbox_state.rows"]] == opened[::-1]
        pushed = [frame for frame in tab.frames[begin:] if "changed_0" in frame and "is_hydrated" not in frame]
        assert [len(frame) < 3000 for frame in pushed] == [True]


async def test_the_page_of_a_contact_is_read_again(running: Running) -> None:
    cast = running.cast
    async with running.tab(await cookie_of(cast.ana)) as tab:
        await arrive(tab, "contacts____contact_state", f"/contacts/{cast.marco.id}")
        async with transaction() as db:
            await add_note(db, cast.luis, cast.marco.id, "Comes by train")

        async def is_noted() -> bool:
            return [note["body"] for note in (await tab.shown())["contact_state.notes"]] == ["Comes by train"]

        assert await eventually(is_noted)
        assert (await tab.shown())["contact_state.asked_id"] == cast.marco.id


async def test_who_is_away_is_seen_where_colleagues_choose(running: Running) -> None:
    cast = running.cast
    async with running.tab(await cookie_of(cast.ana)) as tab:
        await arrive(tab, "conversations_page_state", "/conversations")
        async with transaction() as db:
            await be_away(db, cast.luis, True)

        async def is_away() -> bool:
            return [one["name"] for one in (await tab.shown())["inbox_state.people"] if one["is_away"]] == ["Luis Soto"]

        assert await eventually(is_away)


async def test_another_tab_goes_on_with_a_note_and_knows_whom_it_may_call(running: Running) -> None:
    cast = running.cast
    opened = await open_conversation(cast.marco)
    await act(cast.ana, opened, keep_draft_kind, is_note=True)
    async with running.tab(await cookie_of(cast.ana)) as tab:
        await arrive(tab, "conversations_page_state", f"/conversations/{opened}")

        async def called() -> list[str]:
            return [one["name"] for one in (await tab.shown())["composer_state.colleagues"]]

        assert await called() == ["Luis Soto"]
        await give(cast.luis, opened, cast.eva)  # who sees only her own

        async def are_both() -> bool:
            return await called() == ["Eva Gil", "Luis Soto"]

        assert await eventually(are_both)


async def test_what_happens_in_the_contacts_other_conversations_stands_in_the_history(running: Running) -> None:
    cast = running.cast
    opened = await open_conversation(cast.marco)
    async with running.tab(await cookie_of(cast.ana)) as tab:
        await arrive(tab, "conversations_page_state", f"/conversations/{opened}")
        other = await open_conversation(cast.marco, subject="Another flat")

        def has_history(*words: str) -> Callable[[], Awaitable[bool]]:
            async def looked() -> bool:
                history = (await tab.shown())["thread_state.details"]["history"]
                return [f"{card['title']} {card['detail']}".split(" · ")[0] for card in history] == list(words)

            return looked

        assert await eventually(has_history("Another flat open"))
        await act(cast.luis, other, archive)
        assert await eventually(has_history("Another flat archived"))
        await act(cast.luis, other, delete)
        assert await eventually(has_history())


async def test_what_was_told_of_the_list_takes_nothing_out_of_the_bin(running: Running) -> None:
    admin = await administrator(running.cast)
    opened = await open_conversation(running.cast.marco)
    async with transaction() as db:
        await delete(db, admin, await db.get_one(Conversation, opened))
    async with running.tab(await cookie_of(admin)) as tab:
        await arrive(tab, "conversations_page_state", "/conversations")
        await tab.send(handler("inbox_state.show_status"), {"status": "bin"})
        await tab.hear_out()
        (one,) = tabs.all_tabs()
        one.add_gone(opened, is_binned=True)  # as noted before the bin was looked at
        await tab.send(handler("live_state.refresh"), {})
        held = await tab.shown()
        assert ([row["id"] for row in held["inbox_state.rows"]], held["inbox_state.gone"]) == ([opened], [])


async def administrator(cast: Cast) -> Actor:
    """Ana, with everything allowed."""
    async with transaction() as db:
        user = await db.get_one(User, cast.ana.user_id)
        user.role = Role.ADMIN
    return Actor.of(user)
