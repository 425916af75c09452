"""The domains that the agency sends from."""

import asyncio

import reflex as rx

from witei_app.sender_domains.addresses import make_default, name_address, remove_address
from witei_app.sender_domains.check import check_now
from witei_app.sender_domains.domains import add_address, add_domain, remove_domain, rotate_keys
from witei_app.sender_domains.overview import list_sender_domains
from witei_app.sender_domains.rows import SenderDomainRow
from witei_app.sender_domains.trial import send_test
from witei_app.state.signed_in import SignedInState, as_id, as_text

TEST_LOOKS = 6  # seconds for which the page itself waits for the test mail


class SenderDomainsState(SignedInState):
    """What /settings/sender-domains shows. `form_number` changes when a form was taken in, and is shown empty then;
    `naming` is the address whose name is being changed, 0 for none.
    """

    domains: list[SenderDomainRow] = []
    is_loaded: bool = False
    checking: int = 0
    form_number: int = 0
    naming: int = 0

    @rx.event
    async def arrive(self):
        """Read what there is."""
        self.naming = 0
        await self._enter_page()
        await self._load()

    @rx.event
    async def add(self, form: dict[str, str]):
        """Add a domain."""
        async with self._acting() as (db, actor):
            domain = _field(form, "domain", 300)
            await add_domain(db, actor, domain, _field(form, "local_part", 64) or "info")
            self._taken_in()
        await self._load()

    @rx.event
    async def remove(self, domain_id: int):
        """Forget a domain."""
        async with self._acting() as (db, actor):
            await remove_domain(db, actor, as_id(domain_id))
        await self._load()

    @rx.event
    async def rotate(self, domain_id: int):
        """Make new keys."""
        async with self._acting() as (db, actor):
            await rotate_keys(db, actor, as_id(domain_id))
        await self._load()

    @rx.event
    async def check(self, domain_id: int):
        """Look at the records now. It asks other people's name servers, so it may take some seconds."""
        self.checking = as_id(domain_id)
        yield
        async with self._looking() as (db, actor):
            await db.close()  # nothing is held while the name servers take their time
            await check_now(actor, as_id(domain_id))
        self.checking = 0
        await self._load()

    @rx.event
    async def test(self, domain_id: int):
        """Send a test mail to oneself, and show how it was judged when it comes back soon."""
        address = ""
        async with self._looking() as (db, actor):
            await db.close()  # nothing is held while the relay takes its time
            address = await send_test(actor, as_id(domain_id))
        if not address:
            return
        self._say_done("It was sent to {address}.", address=address)
        for _ in range(TEST_LOOKS):
            await self._load()
            yield
            if any(row.id == as_id(domain_id) and row.is_test_back for row in self.domains):
                break
            await asyncio.sleep(1)

    @rx.event
    async def add_address(self, form: dict[str, str]):
        """Add an address to a domain."""
        async with self._acting() as (db, actor):
            domain_id = as_id(_field(form, "domain_id", 20))
            local, name = _field(form, "local_part", 320), _field(form, "display_name", 300)
            await add_address(db, actor, domain_id, local, name)
            self._taken_in()
        await self._load()

    @rx.event
    async def remove_address(self, address_id: int):
        """Forget an address."""
        async with self._acting() as (db, actor):
            await remove_address(db, actor, as_id(address_id))
        await self._load()

    @rx.event
    async def begin_naming(self, address_id: int):
        """Change the name of an address."""
        self.naming, self.notice = as_id(address_id), ""

    @rx.event
    async def end_naming(self):
        """Leave the name as it was."""
        self.naming = 0

    @rx.event
    async def name_address(self, form: dict[str, str]):
        """Keep the name."""
        async with self._acting() as (db, actor):
            await name_address(db, actor, self.naming, _field(form, "display_name", 300))
            self.naming = 0
            self._taken_in()
        await self._load()

    @rx.event
    async def choose_default(self, address_id: int):
        """Send from this address by default."""
        async with self._acting() as (db, actor):
            await make_default(db, actor, as_id(address_id))
        await self._load()

    async def _load(self) -> None:
        self.domains = []  # whoever is refused below sees nothing, whatever this tab showed before
        async with self._looking() as (db, actor):
            self.domains = await list_sender_domains(db, actor)
            self.is_loaded = True

    def _taken_in(self) -> None:
        self.form_number += 1
        self.notice = ""


def _field(form: object, name: str, most: int) -> str:
    return as_text(form.get(name), most) if isinstance(form, dict) else ""
