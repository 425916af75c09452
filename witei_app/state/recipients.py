"""The chips of To, Cc and Bcc, the same above an answer and in a new conversation."""

from typing import TYPE_CHECKING, Any

import reflex as rx

from witei_app.accounts.actor import Actor
from witei_app.conversations.recipients import KINDS, Recipients, add_typed
from witei_app.conversations.rows import RecipientRow
from witei_app.conversations.write_first import people_to_write_to
from witei_app.db import Session
from witei_app.errors import Refused
from witei_app.mail.types import Address
from witei_app.sender_domains.rows import SenderAddressRow
from witei_app.state.signed_in import SignedInState, as_id, as_text

Base: Any = SignedInState if TYPE_CHECKING else rx.State
MOST_TYPED = 20_000


class RecipientsMixin(Base, mixin=True):
    """Whom it goes to, and from which of our addresses. `unclear` is what was typed in the field `unclear_kind` and is
    no address: sending waits for it.

    A class that has this says where they are kept, in `_recipients_changed` and `_keep_sender`.
    """

    to: list[RecipientRow] = []
    cc: list[RecipientRow] = []
    bcc: list[RecipientRow] = []
    has_copies: bool = False
    people: list[RecipientRow] = []
    unclear: str = ""
    unclear_kind: str = ""
    unclear_turn: int = 0
    senders: list[SenderAddressRow] = []
    sender_id: int = 0

    @rx.event
    async def send_from(self, address_id: str):
        """From another of the agency's addresses; the draft knows it after a reload, too."""
        chosen = next((sender for sender in self.senders if sender.id == as_id(address_id)), None)
        if chosen is None:
            return
        async with self._acting() as (db, actor):
            await self._keep_sender(db, actor, chosen.email)
            self.sender_id = chosen.id

    @rx.event
    async def add_recipients(self, kind: str, typed: str):
        """One or several addresses, typed or pasted. What is none stays in the field."""
        if kind not in list(KINDS):
            return
        found: Recipients | None = None
        self.people, self.unclear, self.unclear_kind = [], "", kind
        async with self._looking() as (db, actor):
            found = await add_typed(db, actor, self._recipients(), kind, as_text(typed, MOST_TYPED))
        if found is None:
            self.unclear, self.unclear_turn = as_text(typed, 320), self.unclear_turn + 1
            return
        self.notice = ""
        await self._change_recipients(found)

    @rx.event
    async def remove_recipient(self, address: str):
        """Not to this one."""
        await self._change_recipients(self._recipients().without(as_text(address, 320)))

    @rx.event
    async def remove_last_recipient(self, kind: str):
        """Backspace in an empty field."""
        last = self._recipients().of(kind)[-1:] if kind in list(KINDS) else ()
        for address in last:
            await self._change_recipients(self._recipients().without(address.email))

    @rx.event
    async def find_people(self, typed: str):
        """Contacts that match what is being typed; what was unclear is being mended."""
        if self.unclear:
            self.unclear = self.notice = ""
        search = as_text(typed, 320).strip()
        if not search:
            self.people = []
            return
        async with self._looking() as (db, actor):
            found = await people_to_write_to(db, actor, search)
            self.people = [RecipientRow(email, name) for email, name in found]

    @rx.event
    async def show_copies(self):
        """The fields of Cc and Bcc."""
        self.has_copies = True

    def _recipients(self) -> Recipients:
        lists = (self.to, self.cc, self.bcc)
        return Recipients(*(tuple(Address(row.name, row.address) for row in rows) for rows in lists))

    def _show_recipients(self, recipients: Recipients) -> None:
        """Other chips of the same message: what is being typed beside them stays, and so do its fields."""
        has_copies = self.has_copies or bool(recipients.cc or recipients.bcc)
        rows = {kind.value: [RecipientRow(one.email, one.name) for one in recipients.of(kind)] for kind in KINDS}
        self._put(**rows, has_copies=has_copies)

    def _begin_recipients(self, recipients: Recipients) -> None:
        """Those of another message."""
        self._put(has_copies=bool(recipients.cc or recipients.bcc), people=[], unclear="")
        self._show_recipients(recipients)

    def _check_clear(self) -> None:
        """Refuse to send while a field holds what is no address."""
        if self.unclear:
            raise Refused("{email} is not an e-mail address.", email=self.unclear[:80])

    async def _change_recipients(self, recipients: Recipients) -> None:
        if recipients != self._recipients() and await self._recipients_changed(recipients):
            self._show_recipients(recipients)

    async def _recipients_changed(self, recipients: Recipients) -> bool:
        """Keep them; False when that was refused."""
        raise NotImplementedError

    async def _keep_sender(self, db: Session, actor: Actor, email: str) -> None:
        """Keep the address of ours that was chosen."""
        raise NotImplementedError
