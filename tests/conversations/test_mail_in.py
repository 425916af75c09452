"""Reading several mails in one transaction: as if each were alone."""

import asyncio
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from tests.cast import Cast, all_of, open_conversation
from witei_app.conversations import mail_in, take_in
from witei_app.conversations.arrival import MOST_SHOWN
from witei_app.conversations.mail_in import is_long_work, read_waiting_mail
from witei_app.conversations.why import reason_words
from witei_app.db import Session
from witei_app.files import load
from witei_app.live.events import Event, MessageAdded
from witei_app.mail.intake import store_mail
from witei_app.mail.tame import MOST_SHOWN as MOST_OF_HTML
from witei_app.models import Attachment, Contact, Conversation, InboundMail, InboundState, Message, MessageRecipient


def mail(text: str, sender: str = "Marco <marco@contact.test>", **headers: str) -> bytes:
    head = {"From": sender, "Subject": "Flat"} | {name.replace("_", "-"): value for name, value in headers.items()}
    return "\r\n".join([*(f"{name}: {value}" for name, value in head.items()), "", text, ""]).encode()


async def store(cast: Cast, *raws: bytes) -> None:
    for raw in raws:
        await store_mail(raw, "marco@contact.test", [(cast.sol, "sol@localhost.test")], "192.0.2.1", "mx.contact.test")


async def test_mails_stored_at_once_are_all_there_before_anybody_is_told(cast: Cast) -> None:
    await asyncio.gather(*(store(cast, mail(f"Number {n}")) for n in range(20)))
    stored = await all_of(InboundMail)
    assert (len(stored), stored[0].helo, stored[0].peer) == (20, "mx.contact.test", "192.0.2.1")


@pytest.mark.parametrize(("subject", "shown"), [("Fotos del piso", "Fotos del piso"), ("", "")])
async def test_what_a_telephone_adds_is_no_preview(lite_cast: Cast, subject: str, shown: str) -> None:
    await store(lite_cast, mail("Enviado desde mi iPhone", Subject=subject))
    await read_waiting_mail()
    (conversation,) = await all_of(Conversation)
    assert conversation.preview == shown


async def test_one_that_cannot_be_stored_is_refused_and_the_next_are_not(cast: Cast) -> None:
    with pytest.raises(IntegrityError):
        await store_mail(mail("x"), "", [(999_999, "nobody@localhost.test")])
    await store(cast, mail("Fine"))
    assert len(await all_of(InboundMail)) == 1


async def test_what_is_read_lies_in_the_file_store_and_no_longer_in_its_row(cast: Cast) -> None:
    await store(cast, mail("Fine"), b"")
    await read_waiting_mail()
    stored = await all_of(InboundMail)
    assert [(one.state, one.raw) for one in stored] == [(InboundState.DONE, None), (InboundState.UNREADABLE, None)]
    assert [await load(one.sha256) for one in stored] == [mail("Fine"), b""]


@pytest.mark.parametrize(
    ("letters", "is_whole"), [(MOST_SHOWN, True), (MOST_SHOWN + 1, False), (MOST_OF_HTML // 4, False)]
)
async def test_what_no_thread_can_show_is_a_file_too(cast: Cast, letters: int, is_whole: bool) -> None:
    text = "&" * letters
    await store(cast, mail(text))
    await read_waiting_mail()
    (message,), files = await all_of(Message), await all_of(Attachment)
    assert [file.name for file in files] == ([] if is_whole else ["message.txt"])
    assert message.has_files is not is_whole
    assert message.text == "&" * MOST_SHOWN + ("" if is_whole else "\n\n[… message.txt]")
    for file in files:
        assert (await load(file.sha256)).decode() == text


@pytest.mark.parametrize(("letters", "is_whole"), [(MOST_OF_HTML, True), (MOST_OF_HTML + 1, False)])
async def test_html_that_no_thread_can_show_is_a_file_too(cast: Cast, letters: int, is_whole: bool) -> None:
    words = "<h1>Visit</h1><p>" + "and so on " * (letters // 10)
    html = words[: letters - 9] + "<p>The €."
    head = mail("", Content_Type="text/html; charset=utf-8").rstrip() + b"\r\n\r\n"
    await store(cast, head + html.encode())
    await read_waiting_mail()
    (message,), files = await all_of(Message), await all_of(Attachment)
    whole = [file for file in files if file.name == "message.html"]
    assert len(whole) == (not is_whole)
    assert message.is_rich
    assert message.text.startswith("Visit\n\nand so on")
    assert message.text.endswith("[… message.txt]" if is_whole else "[… message.html]")
    for file in whole:
        assert (await load(file.sha256)).decode("utf-8-sig") == html


def with_plan(plan: str, trace: str = "") -> bytes:
    head = f"{trace}From: marco@contact.test\r\nSubject: Plan\r\nMessage-ID: <1@contact.test>\r\n"
    part = "--B\r\nContent-Type: {}\r\n\r\n{}\r\n"
    parts = part.format("text/plain", "Here it is") + part.format("application/pdf; name=plan.pdf", plan)
    return f"{head}Content-Type: multipart/mixed; boundary=B\r\n\r\n{parts}--B--\r\n".encode()


async def test_mails_with_one_id_and_other_files_are_all_kept(cast: Cast) -> None:
    await store(cast, with_plan("first"), with_plan("first", "Received: by another way\r\n"), with_plan("second"))
    await read_waiting_mail()
    assert len(await all_of(Message)) == 2


async def test_an_answer_in_the_same_batch_joins_what_it_answers(cast: Cast) -> None:
    await store(
        cast,
        mail("First", Message_ID="<one@contact.test>"),
        mail("Second", Message_ID="<two@contact.test>", In_Reply_To="<one@contact.test>"),
        mail("Third", References="<one@contact.test> <two@contact.test>"),
        mail("Apart"),
    )
    assert await read_waiting_mail() == 4
    messages = await all_of(Message)
    assert [(message.text, message.number) for message in messages] == [
        ("First", 1),
        ("Second", 2),
        ("Third", 3),
        ("Apart", 1),
    ]
    assert len({message.conversation_id for message in messages}) == 2
    assert len(await all_of(Contact, Contact.email == "marco@contact.test")) == 1


async def test_one_fault_harms_no_other_mail_of_its_transaction(
    cast: Cast, announced: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = take_in.receive_messages

    async def falters(db: Session, *more: Any) -> list[Message]:
        messages = await real(db, *more)
        if any(message.text == "poison" for message in messages):
            raise RuntimeError("a fault of ours")
        return messages

    monkeypatch.setattr(take_in, "receive_messages", falters)
    await store(cast, mail("One"), mail("poison", "Eve <eve@contact.test>"), mail("Two"))
    announced.clear()
    assert await read_waiting_mail() == 3
    assert [message.text for message in await all_of(Message)] == ["One", "Two"]
    assert len([event for event in announced if isinstance(event, MessageAdded)]) == 2
    (bad,) = await all_of(InboundMail, InboundMail.state == InboundState.UNREADABLE)
    assert bad.fault == "RuntimeError: a fault of ours"
    assert await all_of(Contact, Contact.email == "eve@contact.test") == []


async def test_large_mails_are_read_a_few_at_a_time(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_in, "MOST_BYTES", 250)
    await store(cast, *(mail(f"{n} " + "x" * 200) for n in range(3)))
    assert [await read_waiting_mail() for _ in range(4)] == [1, 1, 1, 0]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_a_small_mail_of_many_parts_holds_up_nobody(end: bytes) -> None:
    raw = end.join(
        [b"From: a@example.com", b"Content-Type: multipart/mixed; boundary=b", b"", *[b"--b", b"", b"x"] * 999]
    )
    assert (len(raw) < mail_in.LARGE, is_long_work(raw)) == (True, True)
    assert not is_long_work(mail("-- \r\nMarco"))


async def test_a_strangers_answer_points_at_the_conversation_and_says_so(cast: Cast) -> None:
    opened = await open_conversation(cast.marco, rfc_message_id="first@contact.test")
    await store(cast, mail("I am his wife", "Laura <laura@elsewhere.test>", In_Reply_To="<first@contact.test>"))
    await read_waiting_mail()
    message = (await all_of(Message))[-1]
    assert (message.points_to_id, message.conversation_id == opened) == (opened, False)
    assert "no participa" in reason_words(message.routed_by, "es")
    assert "first@contact.test" in reason_words(message.routed_by, "en")


async def test_whom_a_mail_names_takes_part_and_joins_the_thread(cast: Cast) -> None:
    copies = {"To": "sol@localhost.test, Notary <Notary@b.test>", "Cc": "Laura <laura@elsewhere.test>"}
    await store(cast, mail("We both come", Message_ID="<first@contact.test>", **copies))
    await read_waiting_mail()
    named = await all_of(MessageRecipient)
    assert [(one.kind, one.name, one.address) for one in named] == [
        ("to", "Notary", "notary@b.test"),
        ("cc", "Laura", "laura@elsewhere.test"),
    ]
    await store(cast, mail("I do", "Laura <LAURA@elsewhere.test>", In_Reply_To="<first@contact.test>"))
    await read_waiting_mail()
    first, hers = await all_of(Message)
    assert (hers.conversation_id, hers.author_name) == (first.conversation_id, "Laura")


async def test_where_answers_are_wanted_is_kept(cast: Cast) -> None:
    await store(cast, mail("A lead", "Portal <no-reply@portal.test>", Reply_To="Nuria <nuria@contact.test>"))
    await read_waiting_mail()
    (named,) = await all_of(MessageRecipient)
    assert (named.kind, named.address) == ("reply_to", "nuria@contact.test")


async def test_our_own_mail_that_comes_back_waits_for_no_answer(cast: Cast) -> None:
    await store(cast, mail("Round and round", "Sol <sol+c1.x@localhost.test>"))
    await read_waiting_mail()
    (message,) = await all_of(Message)
    assert message.is_automatic
    assert not (await all_of(Conversation))[0].needs_reply


@pytest.mark.parametrize(
    ("name", "subject", "shown"),
    [
        ("Marco \u202egnp.exe\u202c", "\u202e0001 €", ("Marco gnp.exe", "0001 €")),
        ("\u200b\u200d\u2060", "\u200b\u2066\u2069", ("marco@contact.test", "")),
        ("مارکو می\u200cخواهد", "👨\u200d👩\u200d👧", ("مارکو می\u200cخواهد", "👨\u200d👩\u200d👧")),
    ],
)
async def test_names_and_subjects_read_as_they_stand(
    cast: Cast, name: str, subject: str, shown: tuple[str, str]
) -> None:
    await store(cast, mail("Hello", f"{name} <marco@contact.test>", Subject=subject))
    await read_waiting_mail()
    (message,), (conversation,) = await all_of(Message), await all_of(Conversation)
    assert (message.author_name, message.subject) == shown
    assert conversation.subject == shown[1]
