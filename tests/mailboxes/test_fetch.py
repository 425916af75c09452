"""Fetching from a real Dovecot: at once, all of it, once, whatever happens to the server."""

import time
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.cast import Cast, Configure, act, all_of, eventually, get, open_conversation
from tests.mailboxes.conftest import Box, admin_of, letter, texts_once
from witei_app.clock import now
from witei_app.conversations.reply import send_reply
from witei_app.conversations.unreadable import retry
from witei_app.db import transaction
from witei_app.errors import Refused
from witei_app.files import load
from witei_app.mailboxes import health, session
from witei_app.mailboxes.accounts import add_sent_folder, change_mailbox, remove_mailbox, switch_mailbox
from witei_app.mailboxes.cursor import ask_backfill
from witei_app.mailboxes.overview import list_mailboxes
from witei_app.mailboxes.trial import find_sent_folder
from witei_app.models import Attachment, Contact, Conversation, ImapAccount, InboundMail, InboundState, Message


async def test_what_comes_is_here_at_once_and_what_was_there_stays_there(watching: Cast, box: Box) -> None:
    box.deliver("Old")
    await box.add(watching.ana)
    await box.until_watched()
    box.deliver("Is it free?", From="Núria Vidal <Nuria@contact.test>")
    assert await texts_once(1) == ["Is it free?"]  # the server says so (IDLE): nobody would ask for minutes
    (message,) = await all_of(Message)
    conversation = await get(Conversation, message.conversation_id)
    contact = await get(Contact, conversation.contact_id)
    (mail,) = await all_of(InboundMail)
    assert (contact.full_name, contact.email) == ("Núria Vidal", "nuria@contact.test")
    assert (mail.envelope_from, mail.envelope_to) == ("marco@contact.test", "info@agency.test")
    assert b"Is it free?" in await load(mail.sha256)
    assert box.dovecot.flags(box.user) == ["", ""]
    assert (await box.account()).last_mail_at is not None


async def test_it_marks_as_read_what_it_fetched_where_that_is_wanted(watching: Cast, box: Box) -> None:
    box.deliver("Old")
    await box.add(watching.ana, marks_read=True)
    await box.until_watched()
    box.deliver("New")
    await texts_once(1)

    async def marked() -> bool:
        return box.dovecot.flags(box.user) == ["", "S"]

    assert await eventually(marked)


@pytest.mark.parametrize(("security", "port"), [("starttls", "port"), ("none", "port"), ("tls", "tls_port")])
async def test_each_kind_of_encryption(watching: Cast, box: Box, security: str, port: str) -> None:
    await box.add(watching.ana, security=security, port=getattr(box.dovecot, port))
    await box.until_watched()
    box.deliver("Hello")
    assert await texts_once(1) == ["Hello"]


async def test_a_server_without_idle_is_asked_again_and_again(
    watching: Cast, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "POLL_SECONDS", 0.5)
    monkeypatch.setattr("witei_app.mail.imap_wire.Client.has_capability", lambda _, name: name != "IDLE")
    await box.add(watching.ana)
    await box.until_watched()
    box.deliver("One", "Two")
    assert await texts_once(2) == ["One", "Two"]


async def test_after_the_server_died_it_goes_on_where_it_was(
    watching: Cast, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "PAUSES", [timedelta(seconds=1)])
    await box.add(watching.ana)
    await box.until_watched()
    box.deliver("Before")
    await texts_once(1)
    box.dovecot.kill()
    try:
        failing = await box.until(lambda account: account.state == "failing")
        assert "localhost" in failing.fault.format(**failing.fault_values)
        assert failing.next_try_at > (failing.failed_at or now())
        box.deliver("While it was away")
    finally:
        box.dovecot.start()
    assert await texts_once(2) == ["Before", "While it was away"]
    account = await box.until(lambda account: account.state == "connected" and account.failures == 0)
    assert account.fault == ""


async def test_mails_that_were_numbered_anew_are_not_doubled_and_none_is_missed(watching: Cast, box: Box) -> None:
    box.deliver("Long ago", at=time.time() - 40 * 86400, Date="Wed, 14 Oct 2026 10:00:00 +0000")
    await box.add(watching.ana)
    before = await box.until_watched()
    box.deliver("One", "Two")
    await texts_once(2)
    await _switch(box, watching, is_on=False)
    box.dovecot.renumber(box.user)
    box.deliver("Three")
    await _switch(box, watching, is_on=True)
    assert await texts_once(3) == ["One", "Two", "Three"]
    account = await box.until(lambda account: account.backfilled_at is not None)
    assert account.uid_validity not in {0, before.uid_validity}
    box.deliver("Four")
    assert await texts_once(4) == ["One", "Two", "Three", "Four"]
    assert [mail.is_history for mail in await all_of(InboundMail)] == [False] * 4


async def _switch(box: Box, cast: Cast, *, is_on: bool) -> None:
    async with transaction() as db:
        await switch_mailbox(db, admin_of(cast.ana), box.account_id, is_on)
    if not is_on:
        await box.until(lambda account: not account.leased_by)


async def test_what_is_switched_off_or_removed_is_left_alone(watching: Cast, box: Box) -> None:
    await box.add(watching.ana)
    await box.until_watched()
    await _switch(box, watching, is_on=False)
    box.deliver("While off")
    await _switch(box, watching, is_on=True)
    assert await texts_once(1) == ["While off"]
    async with transaction() as db:
        await remove_mailbox(db, admin_of(watching.ana), box.account_id)
    assert await all_of(ImapAccount) == []
    assert (await all_of(InboundMail))[0].imap_account_id is None


async def test_a_wrong_password_is_said_in_plain_words_and_a_right_one_helps_at_once(watching: Cast, box: Box) -> None:
    await box.add(watching.ana, password="wrong")
    account = await box.until(lambda account: account.state == "failing")
    said = account.fault.format(**account.fault_values)
    assert said.startswith("localhost refused the user name or the password")
    assert account.next_try_at > now()
    async with transaction() as db:
        await change_mailbox(db, admin_of(watching.ana), box.account_id, box.wanted)
    await box.until(lambda account: account.state == "connected")


async def test_a_certificate_that_cannot_be_trusted_ends_it_before_the_password_is_said(
    watching: Cast, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    for security, port in (("tls", box.dovecot.tls_port), ("starttls", box.dovecot.port)):
        await box.add(watching.ana, security=security, port=port, folder=f"INBOX.{security}")
        account = await box.until(lambda account: account.state == "failing")
        assert account.fault.startswith("The certificate of {host} is not one that can be trusted")
    log = (box.dovecot.folder / "dovecot.log").read_text()
    assert f"user=<{box.user}>" not in log


async def test_a_certificate_of_another_name_is_none(watching: Cast, box: Box) -> None:
    await box.add(watching.ana, host="127.0.0.1")
    account = await box.until(lambda account: account.state == "failing")
    assert "certificate" in account.fault
    assert "127.0.0.1" in account.fault.format(**account.fault_values)


async def test_a_folder_that_is_not_there(watching: Cast, box: Box) -> None:
    await box.add(watching.ana, folder="Clientes ñ")
    account = await box.until(lambda account: account.state == "failing")
    assert "The folder Clientes ñ cannot be opened" in account.fault.format(**account.fault_values)
    box.dovecot.deliver(box.user, letter("In a folder"), folder="Clientes &APE-")  # as RFC 3501, 5.1.3 writes it
    async with transaction() as db:
        await change_mailbox(db, admin_of(watching.ana), box.account_id, replace(box.wanted, folder="Clientes ñ"))
    await box.until_watched()


async def test_too_large_a_mail_is_listed_and_the_next_ones_go_on(
    watching: Cast, box: Box, configure: Configure
) -> None:
    await box.add(watching.ana)
    await box.until_watched()
    box.deliver("x" * 70 + ("\r\n" + "y" * 70) * 20_000, Subject="The plans")
    box.deliver("A proper mail")
    assert await texts_once(1) == ["A proper mail"]
    (large,) = await all_of(InboundMail, InboundMail.state == InboundState.UNREADABLE)
    assert large.fault.startswith("It is larger (1.4 MB) than the limit of 1 MB.")
    assert b"The plans" in await load(large.sha256)
    assert large.envelope_from == "marco@contact.test"
    configure(MAX_MESSAGE_MB="2")
    async with transaction() as db:
        await retry(db, admin_of(watching.ana), large.id)
    assert (await texts_once(2))[-1].startswith("x" * 70 + "\n" + "y" * 70)
    (whole,) = await all_of(Attachment)  # a thread shows its beginning
    assert len(await load(whole.sha256)) > 1_000_000
    assert [mail.state for mail in await all_of(InboundMail)] == ["done", "done"]


async def test_what_is_tried_again_and_has_gone_says_so(watching: Cast, box: Box) -> None:
    await box.add(watching.ana)
    await box.until_watched()
    box.deliver("x" * 70 + ("\r\n" + "y" * 70) * 20_000)
    box.deliver("The next")
    await texts_once(1)
    (large,) = await all_of(InboundMail, InboundMail.state == InboundState.UNREADABLE)
    box.dovecot.empty(box.user)
    async with transaction() as db:
        await retry(db, admin_of(watching.ana), large.id)

    async def said() -> bool:
        return (await get(InboundMail, large.id)).fault == "It is not in the mailbox info@agency.test any more."

    assert await eventually(said)


async def test_an_answer_joins_what_it_answers_and_our_own_mail_is_nobodys(watching: Cast, box: Box) -> None:
    await box.add(watching.ana)
    await box.until_watched()
    opened = await open_conversation(watching.marco, rfc_message_id="first@contact.test")
    ours = await act(watching.ana, opened, send_reply, "Yes, it is")
    box.deliver("Our copy", From="Sol <sol@localhost.test>", Message_ID=f"<{ours.rfc_message_id}>")
    box.deliver("From the mail program", From="Info <Info@Agency.test>", Message_ID="<elsewhere@agency.test>")
    box.deliver("Good", In_Reply_To=f"<{ours.rfc_message_id}>", Message_ID="<second@contact.test>")
    assert (await texts_once(3))[-1] == "Good"
    assert {message.conversation_id for message in await all_of(Message)} == {opened}
    assert len(await all_of(InboundMail)) == 3


async def test_the_folder_of_sent_mail_shows_what_the_team_writes_with_other_programs(watching: Cast, box: Box) -> None:
    await box.add(watching.ana)
    await box.until_watched()
    opened = await open_conversation(watching.marco, rfc_message_id="first@contact.test")
    with pytest.raises(Refused, match="names no folder of sent mail"):
        await find_sent_folder(admin_of(watching.ana), box.account_id)
    box.dovecot.deliver(box.user, letter("Long ago"), folder="Enviados")
    folder = await find_sent_folder(admin_of(watching.ana), box.account_id)
    async with transaction() as db:
        box.account_id = (await add_sent_folder(db, admin_of(watching.ana), box.account_id, folder)).id
        rows = await list_mailboxes(db, admin_of(watching.ana))
    assert (folder, [row.can_add_sent for row in rows]) == ("Enviados", [False, False])
    await box.until_watched()
    answer = letter(
        "Yes", From="Ana Ruiz <info@agency.test>", To="marco@contact.test", References="<first@contact.test>"
    )
    box.dovecot.deliver(box.user, answer, folder=folder)
    assert (await texts_once(2))[-1] == "Yes"
    message = (await all_of(Message))[-1]
    assert (message.conversation_id, message.direction, message.user_id) == (opened, "out", watching.ana.user_id)


async def test_a_form_that_writes_in_the_agencys_name_is_its_visitors(watching: Cast, box: Box) -> None:
    await box.add(watching.ana)
    await box.until_watched()
    box.deliver("I want to sell", From="Web <info@agency.test>", Reply_To="Pau Ros <pau@contact.test>")
    await texts_once(1)
    (contact,) = await all_of(Contact, Contact.email == "pau@contact.test")
    assert contact.full_name == "Pau Ros"


async def test_a_thousand_old_mails_come_quietly_with_their_own_times(watching: Cast, box: Box) -> None:
    begin = time.time() - 20 * 86400
    for number in range(1000):
        sender = f"Contact {number % 50} <c{number % 50}@contact.test>"
        headers = {"From": sender, "Message_ID": f"<{number}@contact.test>"}
        box.deliver(f"Old {number}", at=begin + number, **headers)
    box.dovecot.deliver(box.user, letter("Too old"), at=begin - 20 * 86400)
    await box.add(watching.ana)
    await box.until_watched()
    async with transaction() as db:
        await ask_backfill(db, admin_of(watching.ana), box.account_id, 30)
    box.deliver("News in between")
    account = await box.until(lambda account: account.backfilled_at is not None, within=60)
    assert (account.backfill_done, account.backfill_total) == (1000, 1000)
    texts = await texts_once(1001, within=60)
    assert sorted(texts) == sorted([f"Old {number}" for number in range(1000)] + ["News in between"])
    oldest = next(message for message in await all_of(Message) if message.text == "Old 0")
    assert abs(oldest.created_at.timestamp() - begin) < 2
    async with transaction() as db:
        await ask_backfill(db, admin_of(watching.ana), box.account_id, 30)  # twice is once
    await box.until(lambda account: account.backfilled_at is not None and account.backfill_done > 0, within=60)
    assert len(await all_of(Message)) == 1001
