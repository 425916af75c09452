"""From what is published to what a domain may do: pending, verified, failing, and new keys without a gap."""

import asyncio
from datetime import timedelta

import pytest

from tests.cast import Cast, Configure, all_of, get
from tests.mail_server import Server
from tests.name_server import NameServer
from tests.sender_domains.conftest import DOMAIN, added, admin_of, checked, publish, wanted_records
from tests.servers import free_port
from witei_app.clock import now
from witei_app.db import reading, transaction
from witei_app.errors import Refused
from witei_app.models import Delivery, DemoMail, DkimKey, SenderDomain, User
from witei_app.outbox.deliver import deliver_next
from witei_app.outbox.notices import tell_of_domain
from witei_app.outbox.transport import DemoMailbox, transport_for
from witei_app.sender_domains.check import check_next_due
from witei_app.sender_domains.domains import rotate_keys
from witei_app.sender_domains.overview import list_sender_domains


@pytest.fixture(autouse=True)
def _ask_it(name_server: NameServer, configure: Configure) -> None:
    name_server.publish()
    configure(DNS_SERVER=name_server.address)


async def test_it_is_verified_once_all_records_are_there(cast: Cast, name_server: NameServer) -> None:
    domain_id = await added(cast)
    assert (await checked(cast, domain_id)).state == "pending"
    publish(name_server, await wanted_records(domain_id))
    domain = await checked(cast, domain_id)
    assert (domain.state, domain.is_told) == ("verified", True)
    assert all(key.is_active for key in await all_of(DkimKey))
    assert domain.check_at > now() + timedelta(hours=23)


async def test_without_dmarc_it_is_verified_too(lite_cast: Cast, name_server: NameServer) -> None:
    domain_id = await added(lite_cast)
    publish(name_server, [record for record in await wanted_records(domain_id) if record.kind != "dmarc"])
    assert (await checked(lite_cast, domain_id)).state == "verified"


@pytest.mark.parametrize("broken", ["dkim_rsa", "dkim_ed25519", "spf", "return_path"])
async def test_it_fails_when_a_record_breaks_and_is_verified_when_it_is_mended(
    lite_cast: Cast, name_server: NameServer, broken: str
) -> None:
    domain_id = await added(lite_cast)
    records = await wanted_records(domain_id)
    publish(name_server, records)
    await checked(lite_cast, domain_id)
    publish(name_server, [record for record in records if record.kind != broken])
    domain = await checked(lite_cast, domain_id)
    assert (domain.state, domain.is_told) == ("failing", False)
    publish(name_server, records)
    assert (await checked(lite_cast, domain_id)).state == "verified"


async def test_name_servers_that_are_away_change_nothing(
    lite_cast: Cast, name_server: NameServer, configure: Configure
) -> None:
    domain_id = await added(lite_cast)
    publish(name_server, await wanted_records(domain_id))
    await checked(lite_cast, domain_id)
    configure(DNS_SERVER=f"127.0.0.1:{free_port()}")
    assert (await checked(lite_cast, domain_id)).state == "verified"


async def test_of_two_workspaces_the_first_to_publish_has_it(cast: Cast, name_server: NameServer) -> None:
    ours, theirs = await added(cast), await added(cast, by=admin_of(cast.vera))
    publish(name_server, [*await wanted_records(ours), *(await wanted_records(theirs))[:2]])
    assert (await checked(cast, ours)).state == "verified"
    assert (await checked(cast, theirs, by=admin_of(cast.vera))).state == "pending"


async def test_new_keys_sign_only_when_their_records_are_seen(cast: Cast, name_server: NameServer) -> None:
    domain_id = await added(cast)
    publish(name_server, await wanted_records(domain_id))
    await checked(cast, domain_id)
    async with transaction() as db:
        await rotate_keys(db, admin_of(cast.ana), domain_id)
    assert (await checked(cast, domain_id)).state == "verified"  # what waits breaks nothing
    old, new = (await all_of(DkimKey))[:2], (await all_of(DkimKey))[2:]
    assert all(key.is_active for key in old)
    assert (await get(SenderDomain, domain_id)).check_at < now() + timedelta(hours=2)  # somebody is at it
    with pytest.raises(Refused, match="waiting"):
        async with transaction() as db:
            await rotate_keys(db, admin_of(cast.ana), domain_id)
    publish(name_server, await wanted_records(domain_id))
    assert (await checked(cast, domain_id)).state == "verified"
    assert all([(await get(DkimKey, key.id)).is_active for key in new])
    assert (await get(SenderDomain, domain_id)).check_at > now() + timedelta(hours=23)
    assert all([(await get(DkimKey, key.id)).retired_at for key in old])
    async with reading() as db:
        [row] = await list_sender_domains(db, admin_of(cast.ana))
    assert old[0].selector in row.old_records


async def test_retired_keys_are_forgotten_after_two_weeks(lite_cast: Cast, name_server: NameServer) -> None:
    domain_id = await added(lite_cast)
    publish(name_server, await wanted_records(domain_id))
    async with transaction() as db:
        for key in await all_of(DkimKey):
            (await db.get_one(DkimKey, key.id)).retired_at = now() - timedelta(days=15)
    await checked(lite_cast, domain_id)
    assert await all_of(DkimKey) == []


async def test_each_domain_is_looked_at_again_every_day_and_by_one_worker(cast: Cast, name_server: NameServer) -> None:
    domain_id = await added(cast)
    publish(name_server, await wanted_records(domain_id))
    assert [await check_next_due(), await check_next_due()] == [True, False]
    assert (await get(SenderDomain, domain_id)).state == "verified"
    async with transaction() as db:
        (await db.get_one(SenderDomain, domain_id)).check_at = now()
    name_server.publish()
    assert await check_next_due()
    assert (await get(SenderDomain, domain_id)).state == "failing"


async def test_administrators_are_written_to_once_when_it_fails(cast: Cast, name_server: NameServer) -> None:
    domain_id = await added(cast)
    publish(name_server, await wanted_records(domain_id))
    await checked(cast, domain_id)
    assert not await tell_of_domain()
    async with transaction() as db:
        (await db.get_one(User, cast.ana.user_id)).role = "admin"
    name_server.publish()
    await checked(cast, domain_id)
    assert [await tell_of_domain(), await tell_of_domain()] == [True, False]
    assert await deliver_next(DemoMailbox())
    [told] = await all_of(DemoMail)
    assert (told.recipient, told.sender, told.workspace_id) == ("ana@sol.test", "", cast.sol)
    assert DOMAIN in told.subject


async def test_whose_server_puts_the_notice_off_has_nobody_told_twice(
    lite_cast: Cast, name_server: NameServer, server: Server
) -> None:
    domain_id = await added(lite_cast)
    publish(name_server, await wanted_records(domain_id))
    await checked(lite_cast, domain_id)
    async with transaction() as db:
        (await db.get_one(User, lite_cast.ana.user_id)).role = "admin"
    name_server.publish()
    await checked(lite_cast, domain_id)
    server.rcpt = "452 4.2.2 Over quota"
    transport = transport_for(server.url)
    assert [await tell_of_domain(), await deliver_next(transport), await tell_of_domain()] == [True, True, False]
    await transport.close()
    [delivery] = await all_of(Delivery)
    assert (delivery.state, delivery.attempts) == ("deferred", 1)


async def test_two_workspaces_that_are_checked_at_once_do_not_both_have_it(cast: Cast, name_server: NameServer) -> None:
    ours, theirs = await added(cast), await added(cast, by=admin_of(cast.vera))
    publish(name_server, [*await wanted_records(ours), *(await wanted_records(theirs))[:2]])
    await asyncio.gather(checked(cast, ours), checked(cast, theirs, by=admin_of(cast.vera)))
    assert sorted([domain.state for domain in await all_of(SenderDomain)]) == ["pending", "verified"]
