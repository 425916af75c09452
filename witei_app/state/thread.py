"""The open conversation: its head, its messages, what one does with it."""

from dataclasses import replace

import reflex as rx

from witei_app.accounts.actor import Actor
from witei_app.conversations import archive as archiving
from witei_app.conversations import assign as assigning
from witei_app.conversations.bin import look_at
from witei_app.conversations.details import contact_details
from witei_app.conversations.head import head_of
from witei_app.conversations.read import mark_read, mark_unread
from witei_app.conversations.recipients import Answered
from witei_app.conversations.rows import DetailsRow, HeaderRow, MessageRow, PersonRow
from witei_app.conversations.send_again import send_again
from witei_app.conversations.thread import (
    PAGE,
    Entry,
    entries_of,
    entries_since,
    newest_mail,
    reaching,
    thread_page,
)
from witei_app.conversations.visible import find_conversation
from witei_app.conversations.worded import message_rows
from witei_app.db import Session
from witei_app.errors import NotFound
from witei_app.live import lookers, tabs
from witei_app.live.tabs import News
from witei_app.models import Conversation, Direction
from witei_app.state import log_page
from witei_app.state.list_page import plain
from witei_app.state.log_page import LogPage
from witei_app.state.signed_in import SignedInState, as_id
from witei_app.state.thread_head import lookers_row, thread_head

PIECES = [f"recent_{number}" for number in range(log_page.PIECES)]


class ThreadState(SignedInState):
    """One conversation, the newest page of it with what came since in pieces, and the contact beside it."""

    conversation_id: int = 0
    header: HeaderRow = HeaderRow()
    messages: list[MessageRow] = []
    recent_0: list[MessageRow] = []
    recent_1: list[MessageRow] = []
    recent_2: list[MessageRow] = []
    recent_3: list[MessageRow] = []
    recent_4: list[MessageRow] = []
    recent_5: list[MessageRow] = []
    recent_6: list[MessageRow] = []
    recent_7: list[MessageRow] = []
    recent_8: list[MessageRow] = []
    recent_9: list[MessageRow] = []
    recent_10: list[MessageRow] = []
    recent_11: list[MessageRow] = []
    turn: int = 0
    withdrawn: list[int] = []
    details: DetailsRow = DetailsRow()
    has_older: bool = False
    is_loading: bool = False
    is_missing: bool = False
    lookers: list[PersonRow] = []
    writing: dict[int, int] = {}
    typing_signal: int = 0
    target: int = 0
    target_signal: int = 0
    last_number: int = 0
    _last_event_id: int = 0
    _is_seen: bool = True
    _has_news: bool = False

    @rx.event
    async def open(self, conversation_id: int):
        """Show a conversation and count it as read."""
        await self._open(as_id(conversation_id))

    @rx.event
    async def close(self):
        """Show none."""
        await self._leave()

    @rx.event
    async def older(self):
        """The page before the oldest message that is shown."""
        if not self.has_older:
            return
        first = next((row.number for row in log_page.strung(self._page()) if row.kind != "event"), 0)
        async with self._looking() as (db, actor):
            conversation = await look_at(db, actor, self.conversation_id)
            entries, self.has_older = await thread_page(db, conversation, before=first)
            self.messages = _joined(message_rows(entries, conversation, actor), plain(self.messages))

    @rx.event
    async def assign(self, user_id: int):
        """Give it to a user; 0 is nobody."""
        async with self._acting() as (db, actor):
            conversation = await find_conversation(db, actor, self.conversation_id)
            await assigning.assign(db, actor, conversation, as_id(user_id) or None)

    @rx.event
    async def archive(self):
        """Close it."""
        async with self._acting() as (db, actor):
            await archiving.archive(db, actor, await find_conversation(db, actor, self.conversation_id))

    @rx.event
    async def reopen(self):
        """Open it again."""
        async with self._acting() as (db, actor):
            await archiving.reopen(db, actor, await find_conversation(db, actor, self.conversation_id))

    @rx.event
    async def send_again(self, message_id: int):
        """Try once more what did not arrive for certain."""
        async with self._acting() as (db, actor):
            await send_again(db, actor, as_id(message_id))

    @rx.event
    async def mark_unread(self):
        """Leave it for later."""
        async with self._acting() as (db, actor):
            await mark_unread(db, actor, await find_conversation(db, actor, self.conversation_id))

    @rx.event
    async def look(self, is_visible: bool):
        """The tab came to the front or went behind: only what is looked at counts as read."""
        self._is_seen = is_visible is True
        if self._is_seen and self.conversation_id:
            await self._mark_read()

    async def _open(self, conversation_id: int, number: int = 0) -> None:
        await self._leave()
        async with self._looking() as (db, actor):
            await self._show_conversation(db, actor, conversation_id, number)
        await self._mark_news_read()

    async def _show_conversation(
        self, db: Session, actor: Actor, conversation_id: int, number: int
    ) -> tuple[Conversation, Answered | None, bool]:
        """Show it after `_leave`, at the message with that number. What is news in it is marked read afterwards.

        Gives the conversation, its newest mail if that is on the page, and whether the actor has begun to answer.
        """
        await self._enter(actor)
        try:
            conversation = await look_at(db, actor, conversation_id)
        except NotFound:
            self.is_missing = True
            raise
        self.conversation_id = conversation.id
        await self._look_at(conversation.id)  # before the read: what comes meanwhile is told afterwards
        self.lookers = lookers_row(lookers.of(conversation.id, actor.workspace_id, besides=actor.user_id))
        head = await head_of(db, actor, conversation)
        self.header = await thread_head(db, actor, conversation, head)
        self.last_number, self._last_event_id = conversation.last_number, head.last_event_id
        entries, self.has_older = await thread_page(db, conversation, limit=reaching(conversation, number))
        self._show(log_page.whole(message_rows(entries, conversation, actor)))
        self.target, self.target_signal = number, self.target_signal + (number > 0)
        self.details = await contact_details(db, actor, conversation, head)
        self._has_news = head.is_news and conversation.deleted_at is None
        return conversation, newest_mail(entries), head.is_begun

    async def _mark_news_read(self) -> None:
        if self.conversation_id and self._has_news:
            await self._mark_read()
        self._has_news = False

    async def _look_at(self, conversation_id: int) -> None:
        tab = tabs.tab_of(self.router.session.client_token)
        if tab is not None:
            await lookers.look_at(tab, conversation_id)

    async def _leave(self) -> None:
        await self._look_at(0)
        self.lookers, self.writing = [], {}
        self.conversation_id = self.last_number = self._last_event_id = 0
        self.header, self.details = HeaderRow(), DetailsRow()
        self._show(log_page.whole([]))
        self.typing_signal = self.target = 0
        self.has_older = self.is_missing = False

    def _note_last(self, entries: list[Entry]) -> None:
        numbers = [entry.message.number for entry in entries if entry.message is not None]
        events = [entry.event.id for entry in entries if entry.event is not None]
        self.last_number = max([self.last_number, *numbers])
        self._last_event_id = max([self._last_event_id, *events])

    async def _mark_read(self) -> None:
        if self.header.in_bin_until:
            return
        async with self._acting() as (db, actor):
            conversation = await find_conversation(db, actor, self.conversation_id)
            await mark_read(db, actor, conversation)

    async def _apply(self, news: News) -> None:
        """Add what came to the open conversation, and mend what changed in it."""
        seen = news.binned if self.header.in_bin_until else set()  # it was opened there meanwhile
        if self.conversation_id in news.gone - seen:
            await self._leave()
            self.is_missing = True
        elif self.conversation_id and (news.has_thread_news or news.message_ids or self._is_history_news(news)):
            await self._catch_up(news)
        elif self.conversation_id and news.typing:
            self.typing_signal += 1

    def _is_history_news(self, news: News) -> bool:
        """Whether another conversation with the contact is new, or another one than the details show."""
        shown = {card.id for card in plain(self.details).history}
        others = {line.id for line in news.lines.values() if line.contact_id == self.details.contact_id}
        return bool((others | shown & (news.lines.keys() | news.gone)) - {self.conversation_id})

    async def _compare(self) -> None:
        """Events were missed: look at all that is shown, and at what came since. The reader keeps their place."""
        shown = {row.id for row in log_page.strung(self._page()) if row.kind != "event"}
        await self._apply(News(has_thread_news=True, message_ids=shown, is_too_much=True))

    async def _catch_up(self, news: News) -> None:
        is_all = True
        async with self._looking() as (db, actor):
            try:
                conversation = await look_at(db, actor, self.conversation_id)
            except NotFound:
                await self._leave()
                self.is_missing = True
                return
            is_all = await self._add_news(db, actor, conversation, news)
        if not is_all:
            await self._open(self.conversation_id)

    async def _add_news(self, db: Session, actor: Actor, conversation: Conversation, news: News) -> bool:
        """Gives whether that was all. A flood goes on with the newest page, as when one comes to the conversation."""
        head = await head_of(db, actor, conversation)
        header = await thread_head(db, actor, conversation, head)
        if header != plain(self.header):
            self.header = header
        entries = await entries_since(db, conversation.id, self.last_number, self._last_event_id)
        messages = {entry.message.id: entry.message for entry in entries if entry.message is not None}
        self._has_news |= self._is_seen and any(one.direction == Direction.IN for one in messages.values())
        if len(messages) >= PAGE or log_page.has_moved(self._page(), {one.id: one.number for one in messages.values()}):
            return False
        self._note_last(entries)
        if messages and self.writing:
            self.writing = {}
        if news.is_too_much or self._is_history_news(news) or not (messages or news.message_ids):
            details = await contact_details(db, actor, conversation, head)  # perhaps that is what changed
            if details != plain(self.details):
                self.details = details
        asked = news.message_ids - messages.keys()
        changed = await entries_of(db, conversation.id, asked)
        gone = asked - {e.message.id for e in changed if e.message}
        self._show(self._changed(entries, changed, gone, conversation, actor))
        return True

    def _changed(
        self, new: list[Entry], changed: list[Entry], gone: set[int], conversation: Conversation, actor: Actor
    ) -> LogPage:
        page = self._page()
        shown = {row.id for row in log_page.strung(page)}
        rows = message_rows(new, conversation, actor, log_page.strung(page))
        rows += [row for row in message_rows(changed, conversation, actor) if row.id in shown]
        for row in rows:
            page = log_page.put(page, row)
        for message_id in gone:
            page = log_page.take(page, message_id)
        return page

    def _page(self) -> LogPage:
        pieces = tuple(plain(getattr(self, name)) for name in PIECES)
        return LogPage(plain(self.messages), pieces, self.turn, tuple(self.withdrawn))

    def _show(self, page: LogPage) -> None:
        """Set what changed, so that nothing else is sent."""
        parts = {"messages": page.messages, "withdrawn": list(page.gone), "turn": page.turn}
        for name, part in {**parts, **dict(zip(PIECES, page.pieces, strict=True))}.items():
            if plain(getattr(self, name)) != part:
                setattr(self, name, part)
        if page.is_cut:
            self.has_older = True


def _joined(before: list[MessageRow], after: list[MessageRow]) -> list[MessageRow]:
    """One list; the day is said once where the two meet."""
    if before and after and before[-1].day == after[0].day:
        after = [replace(after[0], starts_day=False), *after[1:]]
    return [*before, *after]
