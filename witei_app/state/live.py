"""What the relay starts in a tab when something happened: one small handler that takes the news and shows them."""

import reflex as rx

from witei_app.accounts.actor import Actor
from witei_app.db import reading
from witei_app.live import tabs
from witei_app.live.tabs import News
from witei_app.state.inbox import InboxState
from witei_app.state.signed_in import SignedInState
from witei_app.state.thread import ThreadState


class LiveState(SignedInState):
    """Has nothing to show of its own."""

    @rx.event
    async def refresh(self):
        """Show what waits for this tab. Called by anybody else, there is nothing waiting, and nothing happens."""
        token = self.router.session.client_token
        tab = tabs.tab_of(token)
        if tab is None:
            return
        news = tabs.take_news(token)
        if news.is_access_changed:
            tab.actor = await self._checked_actor()
        inbox = await self.get_state(InboxState)
        thread = await self.get_state(ThreadState)
        if news.is_too_much or news.is_access_changed:
            await inbox._load()
            if thread.conversation_id:
                await thread._open(thread.conversation_id)
        else:
            await _show(inbox, thread, news, tab.actor)

    async def _checked_actor(self) -> Actor:
        async with reading() as db:
            return await self._actor(db)


async def _show(inbox: InboxState, thread: ThreadState, news: News, actor: Actor) -> None:
    inbox._apply(news, actor)
    await thread._apply(news)
