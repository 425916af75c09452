"""In whose name an answer goes out: the agency's while its domain is right, else the generic one."""

from email import message_from_bytes
from email.message import EmailMessage as Mail
from email.policy import default

import dkim
import pytest

from tests.cast import Cast, Configure, act, all_of, open_conversation
from tests.name_server import NameServer
from tests.sender_domains.conftest import DOMAIN, added, admin_of, checked, publish, wanted_records
from witei_app.conversations.reply import send_reply
from witei_app.db import reading, transaction
from witei_app.errors import NotFound
from witei_app.mail.intake import workspace_of_recipient
from witei_app.models import Conversation, Delivery, SenderDomain, User
from witei_app.outbox.letter import letter_of
from witei_app.outbox.system_mail import queue_system_mail
from witei_app.outbox.transport import Letter
from witei_app.sender_domains.domains import add_address, remove_domain
from witei_app.sender_domains.overview import sender_choices, usual_sender


@pytest.fixture(autouse=True)
def _ask_it(name_server: NameServer, configure: Configure) -> None:
    name_server.publish()
    configure(DNS_SERVER=name_server.address)


async def verified(cast: Cast, name_server: NameServer) -> int:
    domain_id = await added(cast)
    publish(name_server, await wanted_records(domain_id))
    assert (await checked(cast, domain_id)).state == "verified"
    return domain_id


async def answered(cast: Cast, **how: int) -> tuple[Letter, Mail]:
    """Ana's answer as it goes out."""
    await act(cast.ana, await open_conversation(cast.marco), send_reply, "<p>Yes, it is.</p>", **how)
    async with reading() as db:
        letter = await letter_of(db, (await all_of(Delivery))[-1].id)
    return letter, message_from_bytes(letter.raw, Mail, policy=default)


async def test_without_a_domain_it_is_the_generic_one_unsigned(cast: Cast) -> None:
    letter, mail = await answered(cast)
    assert mail["From"] == "Ana Ruiz · Inmobiliaria Sol <sol@localhost.test>"
    assert "DKIM-Signature" not in mail
    assert letter.envelope_from.endswith("@localhost.test")


async def test_a_pending_domain_changes_nothing(lite_cast: Cast) -> None:
    await added(lite_cast)
    _, mail = await answered(lite_cast)
    assert mail["From"].addresses[0].domain == "localhost.test"


async def test_a_verified_domain_signs_and_everything_is_aligned(cast: Cast, name_server: NameServer) -> None:
    domain_id = await verified(cast, name_server)
    letter, mail = await answered(cast)
    assert mail["From"] == f"Ana Ruiz · Inmobiliaria Sol <info@{DOMAIN}>"
    assert [f"d={DOMAIN};" in signature for signature in mail.get_all("DKIM-Signature", [])] == [True, True]
    assert mail["Message-ID"].endswith(f"@{DOMAIN}>")
    assert letter.envelope_from.endswith(f"@bounces.{DOMAIN}")
    assert mail["Reply-To"].addresses[0].domain == "localhost.test"  # answers do not hang on the agency's records
    published = {record.name: record.value for record in await wanted_records(domain_id)}
    believes = dkim.DKIM(letter.raw).verify(0, dnsfunc=lambda n, timeout=5: published[n.decode().rstrip(".")].encode())
    assert believes


async def test_what_bounces_comes_back_to_us(cast: Cast, name_server: NameServer) -> None:
    await verified(cast, name_server)
    letter, _ = await answered(cast)
    assert await workspace_of_recipient(letter.envelope_from) == cast.sol
    assert await workspace_of_recipient(f"norte@bounces.{DOMAIN}") is None
    assert await workspace_of_recipient(f"info@{DOMAIN}") is None


async def test_a_failing_domain_gives_way_to_the_generic_one(cast: Cast, name_server: NameServer) -> None:
    domain_id = await verified(cast, name_server)
    name_server.publish()
    assert (await checked(cast, domain_id)).state == "failing"
    letter, mail = await answered(cast)
    assert mail["From"].addresses[0].addr_spec == "sol@localhost.test"
    assert mail["Reply-To"] == f"Inmobiliaria Sol <info@{DOMAIN}>"
    assert letter.envelope_from.endswith("@localhost.test")
    assert "DKIM-Signature" not in mail


async def test_while_the_default_address_waits_for_its_records_another_does_its_work(
    cast: Cast, name_server: NameServer
) -> None:
    await added(cast, "casasnuevas.example")  # the first one is the default, and nobody has published its records
    domain_id = await verified(cast, name_server)
    _, mail = await answered(cast)
    assert mail["From"] == f"Ana Ruiz · Inmobiliaria Sol <info@{DOMAIN}>"
    assert mail["Message-ID"].endswith(f"@{DOMAIN}>")
    name_server.publish()
    assert (await checked(cast, domain_id)).state == "failing"
    _, mail = await answered(cast)
    assert mail["Reply-To"] == f"Inmobiliaria Sol <info@{DOMAIN}>"
    assert mail["Message-ID"].endswith("@localhost.test>")


async def test_another_address_can_be_chosen_with_its_name(cast: Cast, name_server: NameServer) -> None:
    domain_id = await verified(cast, name_server)
    async with transaction() as db:
        ventas = await add_address(db, admin_of(cast.ana), domain_id, "ventas", "Ventas Sol")
    _, mail = await answered(cast, sender_address_id=ventas.id)
    assert mail["From"] == f"Ventas Sol <ventas@{DOMAIN}>"


async def test_while_its_domain_fails_answers_go_to_the_chosen_address(cast: Cast, name_server: NameServer) -> None:
    domain_id = await verified(cast, name_server)
    async with transaction() as db:
        ventas = await add_address(db, admin_of(cast.ana), domain_id, "ventas", "Ventas Sol")
    await answered(cast, sender_address_id=ventas.id)
    name_server.publish()
    assert (await checked(cast, domain_id)).state == "failing"
    async with reading() as db:
        choices = await sender_choices(db, cast.ana)
        usual = await usual_sender(db, (await all_of(Conversation))[-1].id, choices)
        said = await usual_sender(db, 0, choices, f"ventas@{DOMAIN}")
    assert [(one.email, one.is_failing) for one in choices] == [(f"info@{DOMAIN}", True), (f"ventas@{DOMAIN}", True)]
    assert usual == said == ventas.id
    letter, mail = await answered(cast, sender_address_id=usual)
    assert mail["From"].addresses[0].addr_spec == "sol@localhost.test"
    assert mail["Reply-To"] == f"Ventas Sol <ventas@{DOMAIN}>"
    assert await workspace_of_recipient(letter.envelope_from) == cast.sol  # bounces are still ours


async def test_an_address_of_another_workspace_cannot(lite_cast: Cast) -> None:
    await added(lite_cast, by=admin_of(lite_cast.vera))
    with pytest.raises(NotFound):
        await answered(lite_cast, sender_address_id=1)


async def test_what_was_queued_for_a_domain_that_is_removed_still_goes_out(cast: Cast, name_server: NameServer) -> None:
    domain_id = await verified(cast, name_server)
    await answered(cast)
    async with transaction() as db:
        await remove_domain(db, admin_of(cast.ana), domain_id)
    async with reading() as db:
        letter = await letter_of(db, (await all_of(Delivery))[-1].id)
    assert letter.envelope_from.endswith("@localhost.test")
    assert await all_of(SenderDomain) == []


async def test_keys_that_cannot_be_opened_any_more_sign_nothing(
    lite_cast: Cast, name_server: NameServer, configure: Configure
) -> None:
    await verified(lite_cast, name_server)
    configure(SECRET_KEY="lost the old one")
    _, mail = await answered(lite_cast)
    assert mail["From"].addresses[0].domain == "localhost.test"


async def written_by_the_program(cast: Cast) -> Mail:
    """An invitation, say, as it goes out to Ana."""
    async with transaction() as db:
        await queue_system_mail(db, await db.get_one(User, cast.ana.user_id), "Welcome", ["Hello"], "http://a.test/")
    async with reading() as db:
        letter = await letter_of(db, (await all_of(Delivery))[-1].id)
    assert letter.envelope_from == ""
    return message_from_bytes(letter.raw, Mail, policy=default)


async def test_mail_of_the_program_is_signed_once_there_is_a_verified_domain(
    cast: Cast, name_server: NameServer
) -> None:
    before = await written_by_the_program(cast)
    assert (before["From"], "DKIM-Signature" in before) == ("Inmobiliaria Sol <sol@localhost.test>", False)
    domain_id = await verified(cast, name_server)
    after = await written_by_the_program(cast)
    assert after["From"] == f"Inmobiliaria Sol <info@{DOMAIN}>"
    assert after["Message-ID"].endswith(f"@{DOMAIN}>")
    assert [f"d={DOMAIN};" in signature for signature in after.get_all("DKIM-Signature", [])] == [True, True]
    name_server.publish()
    assert (await checked(cast, domain_id)).state == "failing"
    assert "DKIM-Signature" not in await written_by_the_program(cast)
