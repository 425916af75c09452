"""Setting up mailboxes: who may, what is refused, what is kept and how."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.cast import Cast, Configure, all_of, get
from tests.mailboxes.conftest import Box, admin_of
from witei_app.db import reading, transaction
from witei_app.errors import Refused
from witei_app.mail.hosts import may_reach
from witei_app.mailboxes.accounts import (
    Wanted,
    access_of,
    add_mailbox,
    change_mailbox,
    find_mailbox,
    remove_mailbox,
    switch_mailbox,
    try_again,
)
from witei_app.mailboxes.cursor import ask_backfill
from witei_app.mailboxes.overview import list_mailboxes
from witei_app.mailboxes.trial import try_mailbox
from witei_app.models import ImapAccount
from witei_app.reseal import reseal

WANTED = Wanted("info@agency.test", "IMAP.Agency.test", password="s€cret")


async def added(cast: Cast, wanted: Wanted = WANTED) -> int:
    """A mailbox that Ana, the administrator here, has added; gives its id."""
    async with transaction() as db:
        return (await add_mailbox(db, admin_of(cast.ana), wanted)).id


async def test_the_password_lies_sealed_and_opens_for_the_connection_alone(lite_cast: Cast) -> None:
    account: ImapAccount = await get(ImapAccount, await added(lite_cast))
    assert (account.host, account.username, account.port) == ("imap.agency.test", "info@agency.test", 993)
    assert "s€cret" not in account.password
    assert "s€cret" not in repr(access_of(account))
    assert access_of(account).password == "s€cret"


async def test_one_that_is_added_in_two_tabs_at_once_is_added_once(cast: Cast) -> None:
    outcomes = await asyncio.gather(*(added(cast) for _ in range(4)), return_exceptions=True)
    refusals = [str(one) for one in outcomes if isinstance(one, Refused)]
    assert (len(refusals), len(await all_of(ImapAccount))) == (3, 1)


async def test_passwords_are_sealed_anew_with_all_other_secrets(lite_cast: Cast, configure: Configure) -> None:
    account_id = await added(lite_cast)
    configure(SECRET_KEY="a new secret key", PREVIOUS_SECRET_KEYS="a secret of the tests")
    async with transaction() as db:
        assert await reseal(db) == 1
    configure(PREVIOUS_SECRET_KEYS="")
    assert access_of(await get(ImapAccount, account_id)).password == "s€cret"


@pytest.mark.parametrize(
    "wrong",
    [
        {"address": "info"},
        {"host": "imap agency"},
        {"host": "-"},
        {"host": "imap.agency.test/x"},
        {"port": 0},
        {"port": 70_000},
        {"security": "perhaps"},
        {"username": "a\r\nA1 LOGOUT"},
        {"password": "a\nb"},
        {"folder": "INBOX\r\n"},
        {"password": ""},
    ],
)
async def test_what_cannot_be_right_is_refused(lite_cast: Cast, wrong: dict[str, Any]) -> None:
    async with transaction() as db:
        if wrong == {"folder": "INBOX\r\n"}:
            wrong = {"folder": "IN\r\nBOX"}
        with pytest.raises(Refused):
            await add_mailbox(db, admin_of(lite_cast.ana), replace(WANTED, **wrong))
    assert await all_of(ImapAccount) == []


async def test_a_folder_is_fetched_once(lite_cast: Cast) -> None:
    await added(lite_cast)
    with pytest.raises(Refused, match="here already"):
        await added(lite_cast, replace(WANTED, host="imap.agency.test"))
    await added(lite_cast, replace(WANTED, folder="INBOX.Web"))


async def test_a_kept_password_goes_to_no_other_server(lite_cast: Cast) -> None:
    account_id, ana = await added(lite_cast), admin_of(lite_cast.ana)
    for other in ({"host": "evil.test"}, {"port": 143}, {"security": "starttls"}, {"username": "ana"}):
        wanted = replace(WANTED, password="", **other)
        with pytest.raises(Refused, match="Enter the password again"):
            async with transaction() as db:
                await change_mailbox(db, ana, account_id, wanted)
        with pytest.raises(Refused, match="Enter the password again"):
            await try_mailbox(ana, wanted, account_id)
    async with transaction() as db:
        await change_mailbox(db, ana, account_id, replace(WANTED, password="", marks_read=True))
    assert access_of(await get(ImapAccount, account_id)).password == "s€cret"


RULES: list[Callable[..., Awaitable[Any]]] = [
    lambda db, actor, account: add_mailbox(db, actor, WANTED),
    lambda db, actor, account: change_mailbox(db, actor, account, WANTED),
    lambda db, actor, account: find_mailbox(db, actor, account),
    lambda db, actor, account: switch_mailbox(db, actor, account, False),
    lambda db, actor, account: remove_mailbox(db, actor, account),
    lambda db, actor, account: try_again(db, actor, account),
    lambda db, actor, account: ask_backfill(db, actor, account, 30),
    lambda db, actor, account: try_mailbox(actor, WANTED, account),
    lambda db, actor, account: list_mailboxes(db, actor),
]


@pytest.mark.parametrize("rule", RULES)
async def test_none_but_administrators_touch_mailboxes(lite_cast: Cast, rule: Callable[..., Awaitable[Any]]) -> None:
    account_id = await added(lite_cast)
    before = await get(ImapAccount, account_id)
    for user in (lite_cast.ana, lite_cast.eva):
        async with reading() as db:
            with pytest.raises(Refused):
                await rule(db, user, account_id)
    assert await all_of(ImapAccount) == [before]


@pytest.mark.parametrize("rule", RULES[1:8])
async def test_an_administrator_elsewhere_finds_none_of_them(
    lite_cast: Cast, rule: Callable[..., Awaitable[Any]]
) -> None:
    account_id = await added(lite_cast)
    before, vera = await get(ImapAccount, account_id), admin_of(lite_cast.vera)
    async with reading() as db:
        assert await list_mailboxes(db, vera) == []
        with pytest.raises(Refused, match="not here"):
            await rule(db, vera, account_id)
    assert await all_of(ImapAccount) == [before]


async def test_the_trial_says_what_is_wrong_and_nothing_when_all_is_well(
    lite_cast: Cast, trusted: None, box: Box
) -> None:
    ana = admin_of(lite_cast.ana)
    await try_mailbox(ana, box.wanted)
    wrongs = {
        "refused the user name or the password": replace(box.wanted, password="wrong"),
        "The folder Nowhere cannot be opened": replace(box.wanted, folder="Nowhere"),
        "does not speak TLS on port": replace(box.wanted, port=box.dovecot.port),
        "There is no server named": replace(box.wanted, host="nowhere.invalid"),
        "Nobody answers on port 1 ": replace(box.wanted, port=1),
    }
    for said, wanted in wrongs.items():
        with pytest.raises(Refused, match=said):
            await try_mailbox(ana, wanted)
    assert await all_of(ImapAccount) == []


HOUSES = """127.0.0.1 10.1.2.3 172.16.0.1 192.168.1.1 169.254.169.254 0.0.0.0 100.64.0.1 224.0.0.1 ::1 fd00::1 fe80::1
::ffff:10.0.0.1 ::ffff:169.254.169.254 2002:a00:1:: 64:ff9b::a00:1 ff02::1 64:ff9b:1::a00:1 fec0::1 ::a00:1
::ffff:0:a00:1 5f00::1 3fff::1 192.0.0.8 192.88.99.1"""


@pytest.mark.parametrize("address", HOUSES.split())
def test_no_address_inside_a_house_is_connected_to(configure: Configure, address: str) -> None:
    assert not may_reach(address)
    configure(IMAP_LOCAL_NETWORKS=f"{address}/128" if ":" in address else f"{address}/32")
    assert may_reach(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822"])
def test_the_internet_is_open(configure: Configure, address: str) -> None:
    assert may_reach(address)


async def test_a_private_host_is_refused_unless_the_operator_allows_it(
    lite_cast: Cast, trusted: None, box: Box, configure: Configure
) -> None:
    configure(IMAP_LOCAL_NETWORKS="")
    with pytest.raises(Refused, match="is in a private network"):
        await try_mailbox(admin_of(lite_cast.ana), box.wanted)
    log = (box.dovecot.folder / "dovecot.log").read_text()
    assert f"user=<{box.user}>" not in log
