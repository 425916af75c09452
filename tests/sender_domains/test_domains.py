"""Adding domains, and who may."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from tests.cast import Cast, act, all_of, get, open_conversation
from tests.sender_domains.conftest import DOMAIN, added, admin_of
from witei_app.conversations.reply import send_reply
from witei_app.db import reading, transaction
from witei_app.errors import NotFound, Refused
from witei_app.models import AuditEntry, DkimKey, DomainState, SenderAddress, SenderDomain
from witei_app.secrets import unseal
from witei_app.sender_domains.addresses import make_default, name_address, remove_address
from witei_app.sender_domains.check import check_now
from witei_app.sender_domains.domains import add_address, add_domain, remove_domain, rotate_keys
from witei_app.sender_domains.overview import list_sender_domains, sender_choices, usual_sender


async def do(rule: Callable[..., Any], *arguments: Any) -> Any:
    async with transaction() as db:
        return await rule(db, *arguments)


async def test_a_new_domain_has_two_keys_a_default_address_and_waits_for_its_records(cast: Cast) -> None:
    domain = await get(SenderDomain, await added(cast, " https://www.INMOSOL.example/ "))
    assert (domain.domain, domain.state, domain.return_path) == (DOMAIN, "pending", f"bounces.{DOMAIN}")
    keys = await all_of(DkimKey)
    assert [key.algorithm for key in keys] == ["rsa", "ed25519"]
    assert all(unseal(key.private_key, "dkim").startswith("-----BEGIN PRIVATE KEY") for key in keys)
    assert not any(key.is_active or key.public_value in key.private_key for key in keys)
    [address] = await all_of(SenderAddress)
    assert (address.local_part, address.is_default) == ("info", True)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("gmail.com", "belongs to Google"),
        ("Hotmail.es", "belongs to Microsoft"),
        ("yahoo.co.uk", "belongs to Yahoo"),
        ("ana@icloud.com", "belongs to Apple"),
        ("mail.de", "belongs to a public mail provider"),
        ("com.es", "not a domain that can be registered"),
        ("127.0.0.1", "not a domain that can be registered"),
        ("mail.inmosol.es", "is a part of inmosol.es"),
        ("localhost.test", "is the generic domain"),
        ("  ", "Enter the domain"),
        ("<script>", "not a domain that can be registered"),
    ],
)
async def test_what_cannot_be_the_agencys_own_is_refused_with_the_reason(
    lite_cast: Cast, text: str, reason: str
) -> None:
    with pytest.raises(Refused, match=reason):
        await added(lite_cast, text)
    assert await all_of(SenderDomain) == []


async def test_a_domain_is_added_once(lite_cast: Cast) -> None:
    await added(lite_cast)
    with pytest.raises(Refused, match="here already"):
        await added(lite_cast)


async def test_one_that_another_workspace_has_verified_is_refused(cast: Cast) -> None:
    theirs = await added(cast, by=admin_of(cast.vera))
    async with transaction() as db:
        (await db.get_one(SenderDomain, theirs)).state = DomainState.VERIFIED
    with pytest.raises(Refused, match="Another workspace has verified"):
        await added(cast)


async def test_one_that_another_workspace_only_tries_for_is_not(cast: Cast) -> None:
    await added(cast, by=admin_of(cast.vera))
    assert await added(cast)


async def test_nobody_but_administrators_may_do_any_of_it(lite_cast: Cast) -> None:
    domain_id, ana = await added(lite_cast), lite_cast.ana
    [address] = await all_of(SenderAddress)
    for rule, *arguments in (
        (add_domain, "other.example"),
        (remove_domain, domain_id),
        (rotate_keys, domain_id),
        (add_address, domain_id, "ventas", ""),
        (remove_address, address.id),
        (make_default, address.id),
        (name_address, address.id, "Sol"),
        (list_sender_domains,),
    ):
        with pytest.raises(Refused, match="permission"):
            await do(rule, ana, *arguments)
    with pytest.raises(Refused, match="permission"):
        await check_now(ana, domain_id)


async def test_other_workspaces_do_not_find_it(lite_cast: Cast) -> None:
    domain_id, vera = await added(lite_cast), admin_of(lite_cast.vera)
    [address] = await all_of(SenderAddress)
    for rule, *arguments in (
        (remove_domain, domain_id),
        (rotate_keys, domain_id),
        (add_address, domain_id, "ventas", ""),
        (remove_address, address.id),
        (make_default, address.id),
        (name_address, address.id, "Sol"),
    ):
        with pytest.raises(NotFound):
            await do(rule, vera, *arguments)
    with pytest.raises(NotFound):
        await check_now(vera, domain_id)
    async with reading() as db:
        assert await list_sender_domains(db, vera) == []
        assert await sender_choices(db, vera) == []


async def test_removing_a_domain_takes_its_keys_and_hands_the_default_on(cast: Cast) -> None:
    first, second = await added(cast), await added(cast, "second.example")
    await do(remove_domain, admin_of(cast.ana), first)
    assert {key.sender_domain_id for key in await all_of(DkimKey)} == {second}
    [left] = await all_of(SenderAddress)
    assert left.is_default


async def test_of_several_addresses_one_is_the_default(cast: Cast) -> None:
    ana, domain_id = admin_of(cast.ana), await added(cast)
    ventas = await do(add_address, ana, domain_id, " Ventas@inmosol.example", "  Ventas   Sol ")
    assert (ventas.local_part, ventas.display_name, ventas.is_default) == ("ventas", "Ventas Sol", False)
    await do(make_default, ana, ventas.id)
    assert [address.local_part for address in await all_of(SenderAddress) if address.is_default] == ["ventas"]
    assert (await all_of(AuditEntry))[-1].action == "sender_chosen"
    with pytest.raises(Refused, match="default address"):
        await do(remove_address, ana, ventas.id)


async def test_the_name_of_an_address_can_be_changed_of_the_default_one_too(lite_cast: Cast) -> None:
    ana, _ = admin_of(lite_cast.ana), await added(lite_cast)
    [info] = await all_of(SenderAddress)
    await do(name_address, ana, info.id, "  Inmobiliaria   Sol ")
    assert (await all_of(SenderAddress))[0].display_name == "Inmobiliaria Sol"
    entry = (await all_of(AuditEntry))[-1]
    assert (entry.action, entry.about) == ("sender_named", f"info@{DOMAIN}")
    await do(name_address, ana, info.id, "")
    assert (await all_of(SenderAddress))[0].display_name == ""


async def test_a_conversation_goes_on_from_the_address_that_it_was_last_sent_from(cast: Cast) -> None:
    ana, domain_id = admin_of(cast.ana), await added(cast)
    ventas = await do(add_address, ana, domain_id, "ventas", "")
    async with transaction() as db:
        (await db.get_one(SenderDomain, domain_id)).state = DomainState.VERIFIED
    opened = await open_conversation(cast.marco)
    async with reading() as db:
        choices = await sender_choices(db, ana)
        assert [row.email for row in choices] == [f"info@{DOMAIN}", f"ventas@{DOMAIN}"]
        assert await usual_sender(db, opened, choices) == choices[0].id
    await act(cast.ana, opened, send_reply, "<p>Free</p>", sender_address_id=ventas.id)
    async with reading() as db:
        assert await usual_sender(db, opened, choices) == ventas.id
        assert await usual_sender(db, opened, choices[:1]) == choices[0].id
    await do(remove_address, ana, ventas.id)
    with pytest.raises(Refused, match="was removed"):
        await act(cast.ana, opened, send_reply, "<p>Still</p>", sender_address_id=ventas.id)


@pytest.mark.parametrize("local", ["", "a b", "a\r\nBcc: x", "ñ", ".a", "a..b", '"a"', "a" * 65, "info"])
async def test_what_is_no_address_or_is_here_already_is_refused(lite_cast: Cast, local: str) -> None:
    domain_id = await added(lite_cast)
    with pytest.raises(Refused):
        await do(add_address, admin_of(lite_cast.ana), domain_id, local, "")
    assert len(await all_of(SenderAddress)) == 1


async def test_a_domain_is_shown_as_its_owner_writes_it_and_published_as_name_servers_do(lite_cast: Cast) -> None:
    await added(lite_cast, "casas-españa.es")
    async with reading() as db:
        [row] = await list_sender_domains(db, admin_of(lite_cast.ana))
    assert (row.domain, row.addresses[0].email) == ("casas-españa.es", "info@casas-españa.es")
    assert {record.full_name.rpartition("xn--")[2] for record in row.records} == {"casas-espaa-beb.es"}


async def test_many_who_choose_a_default_at_once_leave_one(cast: Cast) -> None:
    ana, domain = admin_of(cast.ana), await added(cast)
    await do(add_address, ana, domain, "ventas", "")
    await do(add_address, ana, domain, "alquiler", "")
    addresses = await all_of(SenderAddress)
    await asyncio.gather(*(do(make_default, ana, one.id) for one in [*addresses, *reversed(addresses)] * 3))
    assert sum(one.is_default for one in await all_of(SenderAddress)) == 1


async def test_first_domains_that_two_add_at_once_are_both_there_with_one_default(cast: Cast) -> None:
    names = ("inmosol.example", "inmoluna.example", "inmosol.example")
    outcomes = await asyncio.gather(*(added(cast, name) for name in names), return_exceptions=True)
    assert [type(one) for one in outcomes if isinstance(one, Exception)] == [Refused]
    assert {one.domain for one in await all_of(SenderDomain)} == {"inmosol.example", "inmoluna.example"}
    assert sum(one.is_default for one in await all_of(SenderAddress)) == 1
