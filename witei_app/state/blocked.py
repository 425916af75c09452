"""Who finds no chat: visitors and addresses that were blocked."""

import reflex as rx

from witei_app.errors import Refused
from witei_app.state.signed_in import SignedInState, as_text
from witei_app.webchat.blocked import block_address, list_blocked, unblock
from witei_app.webchat.rows import BlockedRow


class BlockedState(SignedInState):
    """What stands below the widgets. `number` makes the field of an address anew, `fault` says what is wrong in it."""

    blocked: list[BlockedRow] = []
    address: str = ""
    fault: str = ""
    number: int = 0

    @rx.event
    async def arrive(self):
        """Read who is."""
        async with self._looking() as (db, actor):
            self.blocked = await list_blocked(db, actor)

    @rx.event
    async def write(self, address: str):
        """An address, as it is typed."""
        self.address = as_text(address, 100)

    @rx.event
    async def block(self):
        """Nobody writes from there."""
        self.fault = ""
        async with self._acting() as (db, actor):
            await block_address(db, actor, self.address)
            await db.flush()
            self.blocked = await list_blocked(db, actor)
            self.address = ""
            self.number += 1
            self._say_done("The address is blocked.")

    def _say(self, refusal: Refused) -> None:
        super()._say(refusal)
        self.fault, self.notice = self.notice, ""

    @rx.event
    async def unblock(self, row_id: str):
        """They may write again."""
        async with self._acting() as (db, actor):
            await unblock(db, actor, as_text(row_id, 40))
            await db.flush()
            self.blocked = await list_blocked(db, actor)
            self._say_done("Unblocked.")
