"""Who really sent a mail is found out after it is shown."""

from datetime import timedelta

import pytest
from sqlmodel import select

from tests.cast import Cast, all_of
from witei_app.clock import now
from witei_app.conversations import vouch
from witei_app.conversations.mail_in import read_waiting_mail
from witei_app.conversations.thread import thread_page
from witei_app.conversations.vouch import check_next_mail
from witei_app.conversations.why import why_here
from witei_app.conversations.worded import message_rows
from witei_app.db import reading, transaction
from witei_app.errors import Refused
from witei_app.live.events import Event, MessageChanged
from witei_app.mail.authenticate import Authentication
from witei_app.mail.intake import store_mail
from witei_app.models import Conversation, InboundMail, Message

RAW = b"From: Bank <info@bank.test>\r\nSubject: Account\r\n\r\nPay here.\r\n"
FAILED = Authentication("bank.test", "fail", "none", "fail", "failed")


@pytest.fixture(autouse=True)
def no_lull(monkeypatch: pytest.MonkeyPatch) -> None:
    """Checked at once."""
    monkeypatch.setattr(vouch, "LULL", 0.0)


async def store(cast: Cast) -> None:
    await store_mail(RAW, "info@bank.test", [(cast.sol, "sol@localhost.test")], "192.0.2.7", "mx.bank.test")


async def test_it_is_checked_with_what_the_listener_saw_and_told_to_whoever_looks(
    cast: Cast, announced: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []

    def judge(*arguments: object) -> Authentication:
        asked.extend(arguments[:4])
        return FAILED

    monkeypatch.setattr(vouch, "authenticate", judge)
    await store(cast)
    assert not await check_next_mail()  # it is read first
    await read_waiting_mail()
    announced.clear()
    assert await check_next_mail()
    assert not await check_next_mail()
    assert asked == [RAW, "192.0.2.7", "info@bank.test", "mx.bank.test"]
    (mail,), (message,) = await all_of(InboundMail), await all_of(Message)
    assert (mail.verdict, mail.checked_domain, mail.checks) == (
        "failed",
        "bank.test",
        "SPF fail, DKIM none, DMARC fail",
    )
    assert announced == [MessageChanged(cast.sol, message.conversation_id, message.id)]


async def test_the_thread_warns_and_the_reasons_are_there_when_asked(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vouch, "authenticate", lambda *_: FAILED)
    await store(cast)
    await read_waiting_mail()
    await check_next_mail()
    (conversation,) = await all_of(Conversation)
    async with reading() as db:
        entries, _ = await thread_page(db, conversation)
        (row,) = message_rows(entries, conversation, cast.ana)
        why = await why_here(db, cast.ana, row.id)
        for outsider in (cast.vera, cast.eva):
            with pytest.raises(Refused):
                await why_here(db, outsider, row.id)
    assert (row.signs, row.warning) == ("mail", why.verdict_words)
    assert "bank.test does not confirm" in row.warning
    assert (why.sender, why.recipient, why.checks) == (
        "info@bank.test",
        "sol@localhost.test",
        "SPF fail, DKIM none, DMARC fail",
    )
    assert why.reason == "It answers no message that we know, so it opened a conversation."


async def test_name_servers_that_did_not_answer_are_asked_again_later(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    silent = Authentication("bank.test", "temperror", "none", "temperror", "unknown")
    monkeypatch.setattr(vouch, "authenticate", lambda *_: silent)
    await store(cast)
    await read_waiting_mail()
    assert await check_next_mail()
    assert not await check_next_mail()  # not at once
    await _ten_minutes_pass()
    monkeypatch.setattr(vouch, "authenticate", lambda *_: FAILED)
    assert await check_next_mail()
    (mail,) = await all_of(InboundMail)
    assert (mail.verdict, mail.recheck_at) == ("failed", None)


async def test_after_three_days_nobody_asks_any_more(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vouch, "GIVE_UP_AFTER", timedelta(0))
    silent = Authentication("bank.test", "temperror", "none", "temperror", "unknown")
    monkeypatch.setattr(vouch, "authenticate", lambda *_: silent)
    await store(cast)
    await read_waiting_mail()
    await check_next_mail()
    (mail,) = await all_of(InboundMail)
    assert (mail.verdict, mail.recheck_at) == ("unknown", None)


async def _ten_minutes_pass() -> None:
    async with transaction() as db:
        (await db.exec(select(InboundMail))).one().recheck_at = now()


async def test_a_check_that_fails_leaves_the_mail_as_it_is(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object) -> Authentication:
        raise RuntimeError("a broken record")

    monkeypatch.setattr(vouch, "authenticate", breaks)
    await store(cast)
    await read_waiting_mail()
    assert await check_next_mail()
    (mail,) = await all_of(InboundMail)
    assert mail.verdict == "unknown"
    assert [message.text for message in await all_of(Message)] == ["Pay here."]
