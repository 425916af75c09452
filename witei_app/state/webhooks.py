"""The webhooks of a workspace, and what they were told."""

import reflex as rx

from witei_app.accounts.actor import Actor
from witei_app.accounts.handed import ticket_for
from witei_app.db import Session
from witei_app.outbox.webhooks.tell import Happening
from witei_app.state.following import Following
from witei_app.state.signed_in import SignedInState, as_field, as_id
from witei_app.webhooks.manage import (
    LONGEST_URL,
    add_webhook,
    change_webhook,
    check_address,
    deliveries_of,
    find_webhook,
    list_webhooks,
    remove_webhook,
    renew_secret,
    send_again,
    switch_webhook,
    try_webhook,
)
from witei_app.webhooks.rows import HookDeliveryRow, WebhookRow, delivery_row, webhook_row


class WebhooksState(Following, SignedInState):
    """`editing` is the id of the webhook in the dialog, -1 for a new one, 0 for none; `watched` the one whose
    deliveries are shown. `made` is the ticket of a secret that was just made, shown until the page is left.
    """

    webhooks: list[WebhookRow] = []
    is_loaded: bool = False
    editing: int = 0
    url: str = ""
    events: list[str] = []
    form_number: int = 0
    is_checking: bool = False
    made: str = ""
    watched: int = 0
    watched_host: str = ""
    deliveries: list[HookDeliveryRow] = []
    next_before: int = 0

    @rx.event
    async def arrive(self):
        """Read what there is."""
        self.editing, self.watched, self.made, self.deliveries = 0, 0, "", []
        await self._enter_page()
        await self._load()

    @rx.event
    async def begin(self):
        """Add one."""
        self._open(-1, "", [])

    @rx.event
    async def edit(self, webhook_id: int):
        """Change one."""
        async with self._acting() as (db, actor):
            webhook = await find_webhook(db, actor, as_id(webhook_id))
            self._open(webhook.id, webhook.url, list(webhook.events))

    @rx.event
    async def close(self):
        """Leave it as it was."""
        self.editing, self.notice = 0, ""

    @rx.event
    async def save(self, form: dict[str, str]):
        """Look at the address, and keep it."""
        typed, checked = as_field(form, "url", LONGEST_URL + 1), ""
        events = [event.value for event in Happening if as_field(form, event.value, 5)]
        self.is_checking, self.notice = True, ""
        yield
        async with self._looking() as (db, actor):
            await db.close()  # nothing is held while name servers take their time
            checked = await check_address(actor, typed)
        self.is_checking = False
        if checked:
            await self._keep(checked, events)
            await self._load()

    @rx.event
    async def switch(self, webhook_id: int, is_on: bool):
        """Tell it, or leave it alone."""
        async with self._acting() as (db, actor):
            await switch_webhook(db, actor, as_id(webhook_id), is_on is True)
        await self._catch_up()  # what waits is said otherwise now

    @rx.event
    async def renew(self, webhook_id: int):
        """A new secret, shown this once."""
        async with self._acting() as (db, actor):
            self.made = ticket_for(actor, await renew_secret(db, actor, as_id(webhook_id)))
            self.notice = ""

    @rx.event
    async def put_away(self):
        """It was copied."""
        self.made = ""

    @rx.event
    async def remove(self, webhook_id: int):
        """Forget it."""
        async with self._acting() as (db, actor):
            await remove_webhook(db, actor, as_id(webhook_id))
            self._say_done("The webhook was removed.")
            self.watched = 0
        await self._load()

    @rx.event
    async def try_it(self, webhook_id: int):
        """Tell it something that did not happen."""
        async with self._acting() as (db, actor):
            await try_webhook(db, actor, as_id(webhook_id))
            self._say_done("A test is on its way. What came back is shown under Deliveries.")
        await self._watch(as_id(webhook_id))

    @rx.event
    async def watch(self, webhook_id: int):
        """Show what it was told."""
        await self._watch(as_id(webhook_id))

    @rx.event
    async def unwatch(self):
        """Put it away."""
        self.watched, self.deliveries = 0, []

    @rx.event
    async def more(self):
        """Older ones."""
        async with self._looking() as (db, actor):
            self.deliveries = [*self.deliveries, *await self._page(db, actor, self.next_before)]

    @rx.event
    async def again(self, delivery_id: int):
        """Tell it once more."""
        async with self._acting() as (db, actor):
            await send_again(db, actor, as_id(delivery_id))
            self._say_done("It is sent again.")
        await self._watch(self.watched)

    def _open(self, webhook_id: int, url: str, events: list[str]) -> None:
        self.editing, self.url, self.events = webhook_id, url, events
        self.notice = self.made = ""
        self.form_number += 1

    async def _keep(self, url: str, events: list[str]) -> None:
        async with self._acting() as (db, actor):
            if self.editing > 0:
                await change_webhook(db, actor, self.editing, url, events)
                self._say_done("Saved")
            else:
                _, secret = await add_webhook(db, actor, url, events)
                self.made = ticket_for(actor, secret)
            self.editing, self.notice = 0, ""

    async def _watch(self, webhook_id: int) -> None:
        await self._load()
        self.watched, self.deliveries = webhook_id, []
        self.watched_host = next((row.host for row in self.webhooks if row.id == webhook_id), "")
        async with self._looking() as (db, actor):
            self.deliveries = await self._page(db, actor, 0)

    def _is_shown(self) -> bool:
        return self.is_loaded

    async def _catch_up(self) -> None:
        """The newest deliveries as they are now, above the older ones that were asked for."""
        await self._load()
        if not self.watched:
            return
        async with self._looking() as (db, actor):
            before = self.next_before
            newest = await self._page(db, actor, 0)
            older = [row for row in self.deliveries if newest and row.id < newest[-1].id]
            self.deliveries = [*newest, *older]
            if older:
                self.next_before = before

    async def _page(self, db: Session, actor: Actor, before: int) -> list[HookDeliveryRow]:
        found, self.next_before = await deliveries_of(db, actor, self.watched, before)
        webhook = next((row for row in self.webhooks if row.id == self.watched), None)
        return [delivery_row(one, actor, webhook) for one in found] if webhook else []

    async def _load(self) -> None:
        self.webhooks = []  # whoever is refused below sees nothing, whatever this tab showed before
        async with self._looking() as (db, actor):
            self.webhooks = [webhook_row(one, actor) for one in await list_webhooks(db, actor)]
            self.is_loaded = True
