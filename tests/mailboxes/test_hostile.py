"""A server that means harm, or is broken, harms nobody but its own mailbox; and that only for a time."""

import asyncio
import tracemalloc
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest

from tests.cast import Cast, all_of
from tests.mailboxes.conftest import Box, admin_of, texts_once
from tests.mailboxes.hostile import Say, Script, playing
from witei_app.db import transaction
from witei_app.mail import imap
from witei_app.mailboxes import health
from witei_app.mailboxes.accounts import Wanted, add_mailbox
from witei_app.models import InboundMail, Message

Answer = Callable[[bytes, Say], Awaitable[None]]


async def endless_line(_tag: bytes, say: Say) -> None:
    while True:
        await say(b"x" * 65536)


async def endless_lines(_tag: bytes, say: Say) -> None:
    while True:
        await say(b"* OK and another thing\r\n" * 2000)


async def huge_literal(_tag: bytes, say: Say) -> None:
    await say(b"* 1 FETCH (UID 5 BODY[] {99999999999}\r\n")
    await endless_line(_tag, say)


async def literal_of_a_number_without_end(_tag: bytes, say: Say) -> None:
    await say(b"* 1 FETCH (UID 5 BODY[] {" + b"9" * 100_000 + b"}\r\n")


async def wrong_tags(_tag: bytes, say: Say) -> None:
    await say(b"ZZZ9 OK yours\r\n")


async def nonsense(_tag: bytes, say: Say) -> None:
    await say(b"\0\xff\xfe HTTP/1.1 400\r\n\r\n")


async def deep_brackets(tag: bytes, say: Say) -> None:
    await say(b"* 1 FETCH " + b"(" * 200_000 + b"\r\n" + tag + b" OK done\r\n")


async def broken_fetch(tag: bytes, say: Say) -> None:
    await say(b"* 1 FETCH (UID RFC822.SIZE)\r\n* x FETCH\r\n" + tag + b" OK done\r\n")


async def silence(_tag: bytes, _say: Say) -> None:
    await asyncio.sleep(3600)


async def drip(_tag: bytes, say: Say) -> None:
    while True:
        await say(b"*")
        await asyncio.sleep(0.05)


async def hang_up(_tag: bytes, say: Say) -> None:
    await say(b"* BYE no more\r\n")


CASES: list[tuple[bytes, Answer]] = [
    *((b"LOGIN", one) for one in (endless_line, endless_lines, wrong_tags, nonsense, silence, drip, hang_up)),
    *((b"EXAMINE", one) for one in (endless_lines, nonsense)),
    (b"UID SEARCH", endless_lines),
    *((b"UID FETCH 5 (RFC822", one) for one in (deep_brackets, broken_fetch, endless_line)),
    *((b"UID FETCH 5 (BODY", one) for one in (huge_literal, literal_of_a_number_without_end, endless_lines, drip)),
    *((b"IDLE", one) for one in (endless_lines, nonsense, wrong_tags)),
]


async def test_they_harm_nobody_all_at_once(watching: Cast, box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap, "COMMAND_SECONDS", 3)
    monkeypatch.setattr(health, "PAUSES", [timedelta(minutes=5)])
    await box.add(watching.ana)
    await box.until_watched()
    tracemalloc.start()
    scripts = [Script(command, answer) for command, answer in CASES]
    async with AsyncExitStack() as stack:
        ports = [await stack.enter_async_context(playing(script)) for script in scripts]
        bad = [await bad_box(watching, box, port) for port in ports]
        box.deliver("A proper mail in a proper mailbox")
        assert await texts_once(1, within=60) == ["A proper mail in a proper mailbox"]
        accounts = [await one.until(lambda account: account.state == "failing", within=40) for one in bad]
        taken = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    for account in accounts:
        assert "127.0.0.1" in account.fault.format(**account.fault_values)
    assert [script.connections for script in scripts] == [1] * len(scripts)
    assert taken < 20_000_000 * len(scripts)
    assert len(await all_of(Message)) == 1


async def bad_box(cast: Cast, box: Box, port: int) -> Box:
    """A mailbox on the server at this port."""
    wanted = Wanted("bad@agency.test", "127.0.0.1", f"bad{port}", "password", port, "none")
    async with transaction() as db:
        return Box(box.dovecot, wanted.username, (await add_mailbox(db, admin_of(cast.ana), wanted)).id)


async def test_a_mail_at_which_the_server_always_breaks_is_given_up_and_the_next_ones_come(
    watching: Cast, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "PAUSES", [timedelta(seconds=0)])
    script = Script(b"UID FETCH 5 (BODY", hang_up)
    async with playing(script) as port:
        one = await bad_box(watching, box, port)
        await one.until(lambda account: account.last_uid == 5, within=40)
    (mail,) = await all_of(InboundMail)
    assert mail.state == "unreadable"
    assert mail.fault.startswith("The mail server could not hand it out: it failed 3 times.")


async def test_a_mail_that_the_server_refuses_is_listed_at_once(watching: Cast, box: Box) -> None:
    async def no(tag: bytes, say: Say) -> None:
        await say(tag + b" NO it is damaged\r\n")

    async with playing(Script(b"UID FETCH 5 (BODY", no)) as port:
        one = await bad_box(watching, box, port)
        account = await one.until(lambda account: account.last_uid == 5)
        assert account.state == "connected"
    (mail,) = await all_of(InboundMail)
    assert (mail.state, mail.imap_uid) == ("unreadable", 5)
