"""Mail that comes by SMTP: stored, read, put where it belongs; nothing is lost and nobody is harmed."""

import asyncio
import smtplib
from email.message import EmailMessage

import aiosmtplib
import pytest

from tests.cast import Cast, act, all_of, eventually, get, open_conversation
from tests.real_servers.conftest import Post, letter
from witei_app.conversations import mail_in
from witei_app.conversations.archive import archive
from witei_app.conversations.reply import send_reply
from witei_app.files import load, path_of
from witei_app.mail import listener
from witei_app.mail.addresses import reply_address
from witei_app.models import Attachment, Contact, Conversation, InboundMail, InboundState, Message, Status
from witei_app.settings import settings


async def read(quantity: int) -> list[Message]:
    """The messages, once so many mails were looked at."""

    async def looked_at() -> bool:
        done = await all_of(InboundMail, InboundMail.state != InboundState.WAITING)
        return len(done) >= quantity

    assert await eventually(looked_at)
    return await all_of(Message)


async def test_a_mail_opens_a_conversation_with_a_new_contact(cast: Cast, post: Post) -> None:
    await post.send(letter("Is it free?", From="Núria Vidal <Nuria@Contact.test>", Subject="=?utf-8?q?=C3=81tico?="))
    (message,) = await read(1)
    conversation = await get(Conversation, message.conversation_id)
    contact = await get(Contact, conversation.contact_id)
    assert (contact.full_name, contact.email) == ("Núria Vidal", "nuria@contact.test")
    assert (conversation.subject, conversation.preview, conversation.workspace_id) == ("Ático", "Is it free?", cast.sol)


async def test_when_the_sender_hears_250_the_mail_is_stored(
    cast: Cast, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_in, "BATCH", 0)  # nobody reads it meanwhile
    await post.send(letter("Übrigens"))
    await post.send(letter("Übrigens\n" * 10_000))
    small, large = await all_of(InboundMail)
    assert (small.state, small.envelope_from, small.peer) == (InboundState.WAITING, "marco@contact.test", "127.0.0.1")
    assert "Übrigens".encode() in (small.raw or b"")
    assert "Übrigens".encode() in await load(large.sha256)


async def test_what_cannot_be_stored_is_not_acknowledged(lite_cast: Cast, lite_post: Post) -> None:
    settings().data_dir.mkdir()
    (settings().data_dir / "files").write_text("no folder")
    with pytest.raises(aiosmtplib.SMTPResponseException) as refusal:
        await lite_post.send(letter("Long\n" * 20_000))
    assert refusal.value.code == 451
    await lite_post.send(letter())  # a small one waits in its row for the file store
    (settings().data_dir / "files").unlink()
    assert len(await read(1)) == 1


@pytest.mark.parametrize("stranger", ["nobody@localhost.test", "sol@elsewhere.test"])
async def test_unknown_recipients_are_refused_at_once(lite_cast: Cast, lite_post: Post, stranger: str) -> None:
    async with aiosmtplib.SMTP(hostname="127.0.0.1", port=lite_post.port, start_tls=False) as smtp:
        await smtp.mail("marco@contact.test")
        with pytest.raises(aiosmtplib.SMTPRecipientRefused) as refusal:
            await smtp.rcpt(stranger)
    assert refusal.value.code == 550


async def test_a_recipient_that_is_no_address_is_refused_and_harms_nothing(lite_cast: Cast, lite_post: Post) -> None:
    async with aiosmtplib.SMTP(hostname="127.0.0.1", port=lite_post.port, start_tls=False) as smtp:
        await smtp.mail("marco@contact.test")
        answer = await smtp.execute_command(b"RCPT", b"TO:<'; DROP TABLE user;--@localhost.test>")
    assert answer.code in {501, 550, 553}


async def test_too_large_a_mail_is_refused_with_552(lite_cast: Cast, lite_post: Post) -> None:
    with pytest.raises(aiosmtplib.SMTPResponseException) as refusal:
        await lite_post.send(letter("x" * 70 + "\n") + ("y" * 70 + "\n") * 20_000)
    assert refusal.value.code == 552
    assert await all_of(InboundMail) == []
    await lite_post.send(letter("The next one"))
    assert len(await read(1)) == 1


async def test_a_mail_with_bare_line_feeds_is_taken_however_long_it_is(lite_cast: Cast, lite_post: Post) -> None:
    mail = letter("A line, and one more.\n" * 20_000).encode()
    assert b"\r\n" not in mail

    def hand_in() -> None:
        with smtplib.SMTP("127.0.0.1", lite_post.port, timeout=10) as smtp:
            smtp.sendmail("marco@contact.test", ["sol@localhost.test"], mail)

    await asyncio.to_thread(hand_in)
    await read(1)
    (whole,) = await all_of(Attachment)  # a thread shows its beginning
    assert (await load(whole.sha256)).count(b"one more") == 20_000


async def test_an_answer_by_the_signed_address_joins_from_anywhere(cast: Cast, post: Post) -> None:
    opened = await open_conversation(cast.marco)
    to = reply_address(opened, "sol@localhost.test", settings().secret())
    await post.send(letter("From my other address", From="other@contact.test"), to=to.upper())
    messages = await read(1)
    assert [m.conversation_id for m in messages] == [opened, opened]


async def test_a_forged_reply_address_opens_its_own_conversation(cast: Cast, post: Post) -> None:
    opened = await open_conversation(cast.marco)
    forged = f"sol+c{opened}.{'a' * 16}@localhost.test"
    theirs = reply_address(opened, "norte@localhost.test", settings().secret())
    await post.send(letter("One", From="x@evil.test"), to=forged)
    await post.send(letter("Two", From="x@evil.test"), to=theirs)  # signed, but of another workspace
    messages = await read(2)
    assert len({m.conversation_id for m in messages}) == 3
    assert messages[-1].workspace_id == cast.norte


@pytest.mark.parametrize("header", ["In-Reply-To", "References"])
async def test_an_answer_joins_by_the_message_ids_that_it_names(cast: Cast, post: Post, header: str) -> None:
    opened = await open_conversation(cast.marco)
    ours = await act(cast.ana, opened, send_reply, "Yes, it is")
    named = f"<other@contact.test> <{ours.rfc_message_id}>" if header == "References" else f"<{ours.rfc_message_id}>"
    await post.send(letter("Good", Subject="Something else", **{header: named}))
    messages = await read(1)
    assert [m.conversation_id for m in messages] == [opened] * 3
    assert "answers the message" in messages[-1].routed_by


async def test_a_stranger_who_quotes_our_message_id_joins_nothing(cast: Cast, post: Post) -> None:
    opened = await open_conversation(cast.marco)
    ours = await act(cast.ana, opened, send_reply, "Yes, it is")
    await post.send(
        letter("Let me in", From="x@evil.test", In_Reply_To=f"<{ours.rfc_message_id}>"), sender="x@evil.test"
    )
    messages = await read(1)
    assert messages[-1].conversation_id != opened
    assert "takes no part" in messages[-1].routed_by


async def test_the_same_subject_joins_nothing(cast: Cast, post: Post) -> None:
    opened = await open_conversation(cast.marco, subject="Flat")
    await post.send(letter(Subject="Re: Flat"))
    assert (await read(1))[-1].conversation_id != opened


async def test_an_answer_reopens_what_was_archived(cast: Cast, post: Post) -> None:
    opened = await open_conversation(cast.marco)
    await act(cast.ana, opened, archive)
    await post.send(letter(), to=reply_address(opened, "sol@localhost.test", settings().secret()))
    await read(1)
    assert (await get(Conversation, opened)).status == Status.OPEN


async def test_the_same_mail_twice_is_one_message_and_another_with_its_id_is_kept(cast: Cast, post: Post) -> None:
    first = letter("One", Message_ID="<same@contact.test>")
    await post.send(first)
    await post.send("Received: from elsewhere\n" + first)
    await post.send(letter("Two", Message_ID="<same@contact.test>"))
    assert [message.text for message in await read(3)] == ["One", "Two"]


async def test_many_mails_at_once_from_one_new_sender_are_one_contact_and_none_is_lost(cast: Cast, post: Post) -> None:
    mails = [letter(f"Mail {n}", From="New <new@contact.test>", Message_ID=f"<{n}@x.test>") for n in range(15)]
    await asyncio.gather(*(post.send(mail) for mail in mails))
    assert {message.text for message in await read(15)} == {f"Mail {n}" for n in range(15)}
    assert len(await all_of(Contact, Contact.email == "new@contact.test")) == 1


async def test_a_mail_that_cannot_be_read_is_set_aside_and_the_next_ones_go_on(
    cast: Cast, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = mail_in.parse_mail

    def falters(raw: bytes, *more: str) -> object:
        if b"poison" in raw:
            raise RecursionError("too deep")
        return real(raw, *more)

    monkeypatch.setattr(mail_in, "parse_mail", falters)
    for text in ("poison", "fine", "poison, too", "fine as well"):
        await post.send(letter(text))
    assert [message.text for message in await read(4)] == ["fine", "fine as well"]
    faults = [mail.fault for mail in await all_of(InboundMail, InboundMail.state == InboundState.UNREADABLE)]
    assert faults == ["RecursionError: too deep"] * 2


async def test_one_mail_to_two_workspaces_is_one_conversation_in_each(cast: Cast, post: Post) -> None:
    await post.send(letter(), to=["sol@localhost.test", "norte@localhost.test"])
    messages = await read(2)
    assert {message.workspace_id for message in messages} == {cast.sol, cast.norte}
    contacts = await all_of(Contact, Contact.email == "marco@contact.test")
    assert {contact.workspace_id for contact in contacts} == {cast.sol, cast.norte}


HOSTILE = {
    "nul everywhere": b"From: Ma\0rco <marco@contact.test>\nSubject: Fl\0at\nMessage-ID: <a\0b@c>\n"
    b"In-Reply-To: <x\0y@z>\nReferences: <\0@z>\n\nHe\0llo\n",
    "surrogates in headers": b"From: =?utf-8?b?7aCA?= <marco@contact.test>\nSubject: =?utf-8?b?7aCA?= \xed\xa0\x80\n"
    b"Message-ID: <\xed\xa0\x80@c>\n\nHello\n",
    "surrogates in the text": b"From: marco@contact.test\nContent-Type: text/plain; charset=utf-8\n\n\xed\xa0\x80\n",
    "encoded nul": b"From: =?utf-8?q?a=00b?= <marco@contact.test>\nSubject: =?utf-8?q?a=00b?=\n"
    b"Content-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n\n<p>He=00llo &#0; &#xD800;</p>\n",
    "a hostile file": b"From: marco@contact.test\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nHello\n--b\n"
    b"Content-Type: a\0b/c; name*=utf-8''..%2F%00%ED%A0%80.pdf\nContent-Disposition: attachment\n"
    b"Content-ID: <\0\xed\xa0\x80>\n\nx\n--b--\n",
    "no sender": b"Subject: Hello\n\nHello\n",
    "a sender without sense": b"From: a\0b@c\xed\xa0\x80\n\nHello\n",
    "very long": b"From: "
    + b"n" * 5000
    + b" <"
    + b"l" * 500
    + b"@contact.test>\nSubject: "
    + b"s" * 5000
    + b"\n\nHello\n",
}


async def test_no_mail_however_hostile_is_lost(cast: Cast, post: Post) -> None:
    for raw in HOSTILE.values():
        await post.send(raw)
    await post.send(letter("The last one"))
    messages = await read(len(HOSTILE) + 1)
    faults = [mail.fault for mail in await all_of(InboundMail, InboundMail.state == InboundState.UNREADABLE)]
    assert faults == []
    assert len(messages) == len(HOSTILE) + 1
    assert messages[-1].text == "The last one"


async def test_a_mail_without_a_word_is_set_aside(lite_cast: Cast, lite_post: Post) -> None:
    await lite_post.send(b"")
    assert await read(1) == []
    (mail,) = await all_of(InboundMail)
    assert (mail.state, mail.fault) == (InboundState.UNREADABLE, "Unreadable: The message is empty.")


async def test_files_are_kept_under_their_hash(cast: Cast, post: Post) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "marco@contact.test", "sol@localhost.test", "Plan"
    mail.set_content("See the plan")
    mail.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="../../plan.pdf")
    await post.send(mail.as_bytes())
    await read(1)
    (file,) = await all_of(Attachment)
    assert path_of(file.sha256).read_bytes() == b"%PDF-1.7"
    assert "/" not in file.name


async def hears(reader: asyncio.StreamReader) -> bytes:
    return await asyncio.wait_for(reader.read(), 30)


async def test_clients_that_stall_or_talk_nonsense_are_dropped_while_others_are_served(
    lite_cast: Cast, lite_post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listener, "SILENCE_SECONDS", 0.5)
    begun = [
        b"",
        b"EHLO x\r\n",
        b"MAIL FROM:<a@b>\r\n",
        b"GET / HTTP/1.1\r\n\r\n" * 30,
        b"\0\xff" * 5000,
        b"A" * 100_000,
    ]
    begun.append(b"EHLO x\r\nMAIL FROM:<a@b>\r\nRCPT TO:<sol@localhost.test>\r\nDATA\r\nSubject: half")
    clients = [await asyncio.open_connection("127.0.0.1", lite_post.port) for _ in begun]
    for (_, writer), words in zip(clients, begun, strict=True):
        writer.write(words)
    await lite_post.send(letter("A proper mail"))
    said = await asyncio.gather(*(hears(reader) for reader, _ in clients), return_exceptions=True)
    assert not any(isinstance(end, TimeoutError) for end in said)
    assert [message.text for message in await read(1)] == ["A proper mail"]


async def test_a_slow_sender_is_no_stalled_one(
    lite_cast: Cast, lite_post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listener, "SILENCE_SECONDS", 2.5)  # less than all of it takes, much more than one line
    reader, writer = await asyncio.open_connection("127.0.0.1", lite_post.port)
    writer.write(b"EHLO x\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<sol@localhost.test>\r\nDATA\r\n")
    for line in (b"From: a@b.test\r\n", b"\r\n", b"slow\r\n", b"but\r\n", b"steady\r\n", b".\r\n", b"QUIT\r\n"):
        writer.write(line)
        await asyncio.sleep(0.4)
    assert b"250 2.0.0 OK, stored" in await hears(reader)
    assert [message.text for message in await read(1)] == ["slow\nbut\nsteady"]


async def test_a_sender_who_trickles_for_ever_is_dropped(
    lite_cast: Cast, lite_post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listener, "MAIL_SECONDS", 0.5)
    reader, writer = await asyncio.open_connection("127.0.0.1", lite_post.port)
    writer.write(b"EHLO x\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<sol@localhost.test>\r\nDATA\r\n")
    listening = asyncio.create_task(hears(reader))
    while not listening.done():
        writer.write(b"drop\r\n")
        await asyncio.sleep(0.1)
    (said,) = await asyncio.gather(listening, return_exceptions=True)
    assert not isinstance(said, TimeoutError)
    assert await all_of(InboundMail) == []


@pytest.mark.parametrize("limit", ["MOST_CONNECTIONS", "MOST_OF_ONE"])
async def test_connections_over_the_limit_of_all_or_of_one_address_are_told_so(
    lite_cast: Cast, lite_post: Post, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    monkeypatch.setattr(listener, limit, 2)
    monkeypatch.setattr(listener, "is_here", lambda address: False)
    first = [await asyncio.open_connection("127.0.0.1", lite_post.port) for _ in range(2)]
    for reader, _ in first:
        assert (await reader.readline()).startswith(b"220")
    over, _ = await asyncio.open_connection("127.0.0.1", lite_post.port)
    assert (await hears(over)).startswith(b"421")
    for reader, writer in first:
        writer.write(b"QUIT\r\n")
        await hears(reader)
        writer.close()
    await lite_post.send(letter())


async def test_mails_on_their_way_in_take_so_much_together(
    lite_cast: Cast, lite_post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listener, "MOST_COMING", 0)
    begin = b"EHLO x\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<sol@localhost.test>\r\nDATA\r\n"
    clients = [await asyncio.open_connection("127.0.0.1", lite_post.port) for _ in range(8)]
    heard = [asyncio.create_task(reader.read()) for reader, _ in clients]
    for _, writer in clients:  # the listener bears four of the largest, which have 1 MB here
        writer.write(begin + (b"x" * 998 + b"\r\n") * 900)
        await asyncio.sleep(0.1)
    assert await eventually(lambda: asyncio.sleep(0, any(one.done() for one in heard)))
    await lite_post.send(letter("A small one"))
    assert sum(not one.done() for one in heard) <= 5
    for _, writer in clients:
        writer.close()
    await asyncio.gather(*heard, return_exceptions=True)
    assert [message.text for message in await read(1)] == ["A small one"]


async def test_who_tries_addresses_is_slowed_down_and_hung_up_on(
    lite_cast: Cast, lite_post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listener, "UNKNOWN_SECONDS", 0.01)
    reader, writer = await asyncio.open_connection("127.0.0.1", lite_post.port)
    tried = b"".join(b"RCPT TO:<who%d@localhost.test>\r\n" % number for number in range(100))
    writer.write(b"EHLO x\r\nMAIL FROM:<a@b.test>\r\n" + tried)
    said = await hears(reader)
    assert said.count(b"550 5.1.1") == 20
    assert b"421 4.7.0" in said


@pytest.mark.parametrize("end", ["\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\r.\r\n", "\r\n.\r", "\r\n\0.\r\n"])
async def test_no_mail_comes_inside_another(lite_cast: Cast, lite_post: Post, end: str) -> None:
    """CVE-2023-51764 and its like: a half end of a mail that another server would not have taken for one."""
    reader, writer = await asyncio.open_connection("127.0.0.1", lite_post.port)
    begin = "EHLO x\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<sol@localhost.test>\r\nDATA\r\n"
    inner = begin.partition("\r\n")[2] + "From: evil@b.test\r\n\r\ninner"
    writer.write(f"{begin}From: a@b.test\r\n\r\nouter{end}{inner}\r\n.\r\nQUIT\r\n".encode())
    assert (await hears(reader)).count(b"250 2.0.0 OK, stored") == 1
    (message,) = await read(1)
    assert message.text.startswith("outer")
