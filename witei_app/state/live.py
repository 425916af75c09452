"""What the relay starts in a tab when something happened: one small handler that takes the news and shows them."""

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import reflex as rx
from reflex.state import OnLoadInternalState

from witei_app.accounts.actor import Actor
from witei_app.conversations.bin import look_at
from witei_app.conversations.inbox import Line
from witei_app.errors import NotFound
from witei_app.live import away, tabs
from witei_app.live.tabs import News, Tab
from witei_app.mail.encrypted import in_readers_words
from witei_app.models import NoticeKind
from witei_app.notifications.bell import newest_notice, title_of
from witei_app.notifications.rows import NoticeRow
from witei_app.state.bell import BellState
from witei_app.state.composer import ComposerState
from witei_app.state.contacts import ContactsState, ContactState
from witei_app.state.contacts_import import ContactsImportState
from witei_app.state.conversations_page import ConversationsPageState
from witei_app.state.dashboard import DashboardState
from witei_app.state.details import DetailsState
from witei_app.state.found import FoundState
from witei_app.state.inbox import InboxState
from witei_app.state.jobs import JobsState
from witei_app.state.list_page import plain
from witei_app.state.mailboxes import MailboxesState
from witei_app.state.new_conversation import NewConversationState
from witei_app.state.quotes import QuotePageState, QuotesState
from witei_app.state.report import ReportState
from witei_app.state.signed_in import NotAsked, SignedInState, as_id, is_pushed
from witei_app.state.thread import ThreadState
from witei_app.state.thread_head import lookers_row
from witei_app.state.tickets import TicketsState, TicketState
from witei_app.state.unreadable import UnreadableState
from witei_app.state.visitors import VisitorsState
from witei_app.state.webhooks import WebhooksState
from witei_app.state.workspace import WorkspaceState

FOLLOWERS: dict[str, Any] = {
    "": DashboardState,
    "/reports/conversations": ReportState,
    "/settings/mailboxes": MailboxesState,
    "/settings/unreadable": UnreadableState,
    "/settings/webhooks": WebhooksState,
    "/visitors": VisitorsState,
    "/contacts": ContactsState,
    "/quotes": QuotesState,
    "/tickets": TicketsState,
    "/contacts/[id]": ContactState,
    "/quotes/[id]": QuotePageState,
    "/tickets/[id]": TicketState,
}
GO_ON = ("", "/reports/conversations")  # whatever happens in the workspace may be in their figures


class LiveState(SignedInState):
    """What is said of a new message where the inbox is not looked at."""

    alert_number: int = 0
    alert_title: str = ""
    alert_text: str = ""
    alert_href: str = ""
    alert_ways: str = ""

    @rx.var(cache=False)
    def trouble(self) -> str:
        """What is away at the moment: "database", "redis" or nothing."""
        return away.trouble()

    @rx.event
    async def refresh(self):
        """Show what waits for this tab. Called by anybody else, there is nothing waiting, and nothing happens."""
        is_pushed.set(True)
        token = self.router.session.client_token
        tab = tabs.tab_of(token)
        if tab is None:
            return
        news = tabs.take_news(token)
        try:
            async for following in self._bring(news, tab):
                yield following
        except NotAsked:  # the tab is told again when the database answers
            tab.news.is_access_changed |= news.is_access_changed
            tab.news.must_arrive |= news.must_arrive

    @rx.event
    async def come_back(self):
        """The line was lost and is there again, and all that the tab has shown is still here."""
        return [rx.State.hydrate, LiveState.catch_up]

    @rx.event
    async def catch_up(self):
        """Watch again, and add what came meanwhile: what is open stays open, what is half written stays as it is."""
        async with self._looking() as (_, actor):
            await self._enter(actor)
        tab = tabs.tab_of(self.router.session.client_token)
        thread = await self.get_state(ThreadState)
        if tab is None or await self._is_elsewhere(thread):
            yield OnLoadInternalState.on_load_internal
            return
        await thread._look_at(thread.conversation_id)
        async for following in self._bring(News(is_too_much=True), tab):
            yield following
        self.is_hydrated = True

    async def _is_elsewhere(self, thread: ThreadState) -> bool:
        """Whether the inbox shows something else than its address says, or nothing yet."""
        path = self.router.url.path.rstrip("/")
        if not path.startswith("/conversations"):
            return False
        is_other = self._asked_id() != thread.conversation_id and not thread.is_missing
        return is_other or (await self.get_state(InboxState)).is_loading

    def _asked_id(self) -> int:
        """The conversation in the address; 0 on other pages."""
        folder, _, number = self.router.url.path.rstrip("/").rpartition("/")
        return as_id(number) if folder == "/conversations" else 0

    async def _is_back(self, thread: ThreadState) -> int:
        """What was not here may be by now: it came out of the bin, or its reader may see it again."""
        asked, found = self._asked_id(), 0
        if not thread.is_missing or not asked:
            return 0
        async with self._looking() as (db, actor):
            with suppress(NotFound):
                found = (await look_at(db, actor, asked)).id
        return found

    async def _way(self, thread: ThreadState, news: News) -> Any:
        """Where the tab goes by itself: to what it asked for, once that is back, or to what that became part of."""
        asked = self._asked_id()
        if asked in news.lines and (back := await self._is_back(thread)):
            return ConversationsPageState.open(back)
        return await (await self.get_state(ConversationsPageState))._way_on(asked) if asked in news.gone else None

    async def _bring(self, news: News, tab: Tab) -> AsyncIterator[Any]:
        if news.is_access_changed:
            async with self._looking() as (_, tab.actor):
                pass
        thread = await self.get_state(ThreadState)
        assignee = plain(thread.header).assignee
        if news.is_access_changed:
            await (await self.get_state(InboxState))._load()
            if thread.conversation_id:
                await thread._open(thread.conversation_id)
            yield FoundState.read_anew
            if back := await self._is_back(thread):
                yield ConversationsPageState.open(back)
        elif news.is_too_much:
            self._say_back()
            await (await self.get_state(InboxState))._compare()
            await thread._compare()
            (await self.get_state(ComposerState)).ask_signal += 1
            yield
            await self._follow_thread(thread)
        else:
            if (way := await self._way(thread, news)) is not None:
                yield way
            is_news = await self._show_thread(thread, news)
            await self._show_list(news, tab.actor, thread)
            if is_news:
                yield  # where people wait for each other, before anything else is looked at
                await self._follow_thread(thread)
            await self._follow_draft(thread, news)
        await self._follow_people(thread, news, plain(thread.header).assignee != assignee)
        if news.has_job_news or news.is_too_much:
            await (await self.get_state(JobsState))._load()
        if news.is_first_draft_changed or news.is_too_much:
            await (await self.get_state(NewConversationState))._follow()
        bell = await self.get_state(BellState)
        looked_at = thread.conversation_id if thread._is_seen else 0
        await bell._apply(news, looked_at)
        await self._alert(news, tab.actor, bell, looked_at)
        yield self._next(news)

    def _next(self, news: News) -> Any:
        """What the page itself has to read anew."""
        path = self.router.url.path.rstrip("/")
        if news.must_arrive or (news.is_access_changed and not path.startswith("/conversations")):
            return OnLoadInternalState.on_load_internal  # what could not be read; what its reader may see now
        if news.has_job_news and path.startswith("/contacts/import"):
            return ContactsImportState.follow
        if news.has_job_news and path.startswith("/settings/workspace"):
            return WorkspaceState.look_for_exports
        follower = FOLLOWERS.get(_route(path))
        if follower is not None and (path in news.pages or path in GO_ON or news.is_too_much):
            return follower.follow
        return None

    async def _alert(self, news: News, actor: Actor, bell: BellState, looked_at: int) -> None:
        """Say the last of what is new, in the ways that the reader chose, unless the reader is looking at just that."""
        for (conversation_id, kind), (_, by) in reversed(news.notices.items()):
            ways = bell._ways_of(kind)
            if conversation_id == looked_at or not set(ways) - {"by_mail"}:
                continue
            title, text = await self._words(actor, kind, by, conversation_id, news.lines.get(conversation_id))
            if title:
                self.alert_title, self.alert_text, self.alert_ways = title, text, " ".join(ways)
                self.alert_href = f"/conversations/{conversation_id}"
                self.alert_number += 1
            return

    async def _words(
        self, actor: Actor, kind: str, by: str, conversation_id: int, line: Line | None
    ) -> tuple[str, str]:
        """The line, where it came along, says it all without a query; what a note says is not in it."""
        if line is not None and kind != NoticeKind.MENTIONED:
            text = in_readers_words(line.preview, actor.language)
            return title_of(kind, line.contact_name, by, actor.language), text
        row = NoticeRow()
        async with self._looking() as (db, checked):
            row = await newest_notice(db, checked, kind, conversation_id)
        return row.title, row.text

    async def _show_thread(self, thread: ThreadState, news: News) -> bool:
        """Bring the open conversation up to date. Gives whether a message came into it."""
        last = thread.last_number
        if news.lookers is not None:
            thread.lookers = lookers_row(news.lookers)
        if news.writers:
            thread.writing = {**thread.writing, **{one: thread.writing.get(one, 0) + 1 for one in news.writers}}
        before = plain(thread.details)
        await thread._apply(news)
        if plain(thread.details) is not before:
            await (await self.get_state(DetailsState))._follow()
        return thread.last_number > last

    async def _follow_thread(self, thread: ThreadState) -> None:
        """What a new message brings with it: it is read, and an answer may go to others now."""
        await thread._mark_news_read()
        composer = await self.get_state(ComposerState)
        await composer._follow_thread(thread.conversation_id)

    async def _follow_draft(self, thread: ThreadState, news: News) -> None:
        composer = await self.get_state(ComposerState)
        if thread.conversation_id not in (0, composer.draft_of) and not thread.header.in_bin_until:
            await composer._prepare(thread.conversation_id)  # it came out of the bin, where nobody answers
            return
        if composer.draft_of in news.lines:
            await composer._follow_draft()

    async def _follow_people(self, thread: ThreadState, news: News, is_given: bool) -> None:
        """Whom to choose from, and whom a note may call: who may see the conversation."""
        if news.are_people_changed:
            await (await self.get_state(InboxState))._follow_people()
        composer = await self.get_state(ComposerState)
        may_differ = is_given or news.are_people_changed or news.is_access_changed or news.is_too_much
        if may_differ and thread.conversation_id == composer.draft_of:
            await composer._follow_colleagues()

    async def _show_list(self, news: News, actor: Actor, thread: ThreadState) -> None:
        line = news.lines.get(thread.conversation_id)
        if line is not None and thread._has_news:  # it is marked as read as soon as it is shown
            news.lines[line.id] = replace(line, is_unread=False)
        inbox = await self.get_state(InboxState)
        inbox._apply(news, actor, await inbox._newly_found(news))
        (await self.get_state(FoundState))._drop(news.gone)


def _route(path: str) -> str:
    """The page of a path: that of each contact is one, say."""
    folder, _, name = path.rpartition("/")
    return f"{folder}/[id]" if name.isdigit() else path
