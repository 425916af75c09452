"""The address at which the workspace's mail comes in."""

import reflex as rx

from witei_app.accounts.inbound_address import change_inbound_address, former_mailboxes, give_up_former
from witei_app.accounts.office import own_workspace
from witei_app.settings import settings
from witei_app.state.signed_in import SignedInState, as_field, as_text


class InboundAddressState(SignedInState):
    """`address` is empty until it was read, and for whoever is no administrator."""

    address: str = ""
    domain: str = ""
    former: list[str] = []

    @rx.event
    async def arrive(self):
        """Read it."""
        await self._load()

    @rx.event
    async def save(self, form: dict[str, str]):
        """Take mail at another address, too, and show that one from now on."""
        is_saved = False
        async with self._acting() as (db, actor):
            await change_inbound_address(db, actor, as_field(form, "mailbox", 400))
            is_saved = True
        if is_saved:
            await self._load()
            self._say_done("Saved.")

    @rx.event
    async def give_up(self, address: str):
        """Have mail to a former address refused."""
        is_done = False
        async with self._acting() as (db, actor):
            await give_up_former(db, actor, as_text(address, 400))
            is_done = True
        await self._load()
        if is_done:
            self._say_done("Mail to {address} is refused from now on.", address=address)

    async def _load(self) -> None:
        self.address = ""  # whoever is refused below sees nothing, whatever this tab showed before
        async with self._looking() as (db, actor):
            workspace = await own_workspace(db, actor)
            former = await former_mailboxes(db, workspace.id)
            self.domain = settings().mail_domain
            self.former = [f"{one.mailbox}@{self.domain}" for one in former]
            self.address = f"{workspace.mailbox}@{self.domain}"
