"""A test mail to oneself."""

import pytest

from tests.cast import Cast, Configure, all_of, get
from tests.name_server import NameServer
from tests.sender_domains.conftest import DOMAIN, added, admin_of, checked, publish, wanted_records
from witei_app.conversations import vouch
from witei_app.conversations.mail_in import read_waiting_mail
from witei_app.conversations.vouch import check_next_mail
from witei_app.db import reading, transaction
from witei_app.errors import Refused
from witei_app.mail.addresses import check_address, read_check_address, read_reply_address
from witei_app.models import Conversation, DemoMail, InboundMail, SenderDomain
from witei_app.sender_domains.overview import list_sender_domains
from witei_app.sender_domains.trial import send_test


@pytest.fixture(autouse=True)
def _ask_it(name_server: NameServer, configure: Configure, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vouch, "LULL", 0.0)
    name_server.publish()
    configure(DNS_SERVER=name_server.address)


async def verified(cast: Cast, name_server: NameServer) -> int:
    domain_id = await added(cast)
    publish(name_server, await wanted_records(domain_id))
    assert (await checked(cast, domain_id)).state == "verified"
    return domain_id


async def read_and_judge() -> None:
    await read_waiting_mail()
    while await check_next_mail():
        pass


async def said(cast: Cast) -> str:
    async with reading() as db:
        return (await list_sender_domains(db, admin_of(cast.ana)))[0].test


async def test_it_goes_to_oneself_and_what_comes_back_is_judged(cast: Cast, name_server: NameServer) -> None:
    domain_id = await verified(cast, name_server)
    assert await said(cast) == ""
    assert await send_test(admin_of(cast.ana), domain_id) == "ana@sol.test"
    assert (await all_of(DemoMail))[0].recipient == "ana@sol.test"
    assert "not back here yet" in await said(cast)
    await read_and_judge()
    assert "DKIM pass, DMARC pass. It really comes from inmosol.example." in await said(cast)
    assert await all_of(Conversation) == []  # it is nobody's conversation


async def test_a_record_that_broke_since_shows(cast: Cast, name_server: NameServer) -> None:
    domain_id = await verified(cast, name_server)
    await send_test(admin_of(cast.ana), domain_id)
    name_server.publish(f'_dmarc.{DOMAIN}. TXT "v=DMARC1; p=reject"')
    await read_and_judge()
    assert "DMARC fail" in await said(cast)


async def test_it_waits_for_a_verified_domain_and_an_administrator(lite_cast: Cast) -> None:
    domain_id = await added(lite_cast)
    with pytest.raises(Refused, match="once the domain is verified"):
        await send_test(admin_of(lite_cast.ana), domain_id)
    with pytest.raises(Refused):
        await send_test(lite_cast.ana, domain_id)


async def test_a_forged_address_judges_nothing(lite_cast: Cast, name_server: NameServer, configure: Configure) -> None:
    domain_id = await verified(lite_cast, name_server)
    await send_test(admin_of(lite_cast.ana), domain_id)
    async with transaction() as db:
        [mail] = await all_of(InboundMail)
        mail = await db.get_one(InboundMail, mail.id)
        mail.envelope_to = mail.envelope_to.replace(f"+t{domain_id}.", "+t999.")
    await read_and_judge()
    assert (await get(SenderDomain, domain_id)).test_result == {}


def test_the_two_kinds_of_signed_addresses_cannot_stand_for_each_other() -> None:
    address = check_address(7, "sol@localhost.test", "secret")
    assert read_check_address(address, "secret") == 7
    assert read_check_address(address, "another") is None
    assert read_reply_address(address.replace("+t", "+c"), "secret") is None
