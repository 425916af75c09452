"""An administrator, and domains whose records are published on a real name server."""

from collections.abc import Sequence
from dataclasses import replace

from tests.cast import Cast, announced, cast, configure, get, lite_cast
from tests.mail_server import server
from tests.name_server import NameServer, name_server, zone_line
from witei_app.accounts.actor import Actor
from witei_app.db import reading, transaction
from witei_app.mail.dns_records import Record
from witei_app.models import SenderDomain
from witei_app.sender_domains.check import check_now, expected_records
from witei_app.sender_domains.domains import add_domain

__all__ = ["announced", "cast", "configure", "lite_cast", "name_server", "server"]
DOMAIN = "inmosol.example"


def admin_of(user: Actor) -> Actor:
    """The same user as an administrator."""
    return replace(user, is_admin=True)


async def added(cast: Cast, domain: str = DOMAIN, *, by: Actor | None = None) -> int:
    """A domain that Ana, the administrator here, has added; gives its id."""
    async with transaction() as db:
        return (await add_domain(db, by or admin_of(cast.ana), domain)).id


async def wanted_records(domain_id: int) -> list[Record]:
    """What has to be published for it."""
    async with reading() as db:
        return await expected_records(db, await db.get_one(SenderDomain, domain_id))


def publish(name_server: NameServer, records: Sequence[Record]) -> None:
    """Serve these, and the SPF record of our own domain."""
    lines = [zone_line(record.name, record.record_type, record.value) for record in records]
    name_server.publish('localhost.test. TXT "v=spf1 ip4:127.0.0.1 -all"', *lines)


async def checked(cast: Cast, domain_id: int, *, by: Actor | None = None) -> SenderDomain:
    """The domain after an administrator had it checked."""
    await check_now(by or admin_of(cast.ana), domain_id)
    return await get(SenderDomain, domain_id)
