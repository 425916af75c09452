"""A mail that only the holder of a key can read says so, wherever its words are shown."""

import email
import email.policy
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cast import Cast, act, all_of
from tests.conversations.test_mail_in import mail, store
from witei_app.conversations.inbox import conversation_row, inbox_page
from witei_app.conversations.mail_in import read_waiting_mail
from witei_app.conversations.reply import send_reply
from witei_app.conversations.search import found_row, search_messages
from witei_app.conversations.thread import thread_page
from witei_app.conversations.view import View
from witei_app.conversations.worded import message_rows
from witei_app.db import reading, transaction
from witei_app.models import Attachment, Conversation, Delivery, Message, Workspace
from witei_app.outbox.letter import letter_of

CORPUS = Path(__file__).parents[1] / "mail" / "corpus"
SAID = "Este mensaje está cifrado y no se puede leer aquí."
SAID_IN_ENGLISH = "This message is encrypted and cannot be read here."


async def received(cast: Cast, raw: bytes) -> Message:
    await store(cast, raw)
    await read_waiting_mail()
    (message,) = await all_of(Message)
    return message


def of_corpus(name: str) -> bytes:
    return (CORPUS / f"{name}.eml").read_bytes()


@pytest.mark.parametrize(
    "name", ["encrypted_with_pgp", "encrypted_with_pgp_taken_apart_by_exchange", "encrypted_with_smime"]
)
async def test_it_says_so_in_the_thread_and_in_the_list_and_keeps_its_files(lite_cast: Cast, name: str) -> None:
    message = await received(lite_cast, of_corpus(name))
    (conversation,) = await all_of(Conversation)
    assert (message.text, message.is_rich, conversation.preview) == (SAID, False, SAID)
    assert await all_of(Attachment)


async def test_what_can_be_read_around_it_is_and_the_block_is_one_click_away(cast: Cast) -> None:
    message = await received(cast, of_corpus("encrypted_with_pgp_in_the_text"))
    assert message.text == f"Hola, te mando la cuenta cifrada:\n\n{SAID}\n\nSaludos, Marta"
    assert message.rest_text.startswith("-----BEGIN PGP MESSAGE-----\nVersion: GnuPG v2")
    assert message.rest_text.endswith("-----END PGP MESSAGE-----")


async def test_it_is_said_in_the_workspaces_language(cast: Cast) -> None:
    async with transaction() as db:
        (await db.get_one(Workspace, cast.sol)).language = "en"
    assert (await received(cast, of_corpus("encrypted_with_smime"))).text == SAID_IN_ENGLISH


async def test_a_reader_of_another_language_reads_it_in_theirs(lite_cast: Cast) -> None:
    await received(lite_cast, of_corpus("encrypted_with_pgp"))
    (conversation,) = await all_of(Conversation)
    ana = replace(lite_cast.ana, language="en")
    async with reading() as db:
        (row,) = message_rows((await thread_page(db, conversation))[0], conversation, ana)
        (line,) = (await inbox_page(db, ana, View()))[0]
        (found,) = (await search_messages(db, ana, "cifrado")).found
    assert SAID_IN_ENGLISH in row.html
    assert "".join(piece.text for piece in found_row(found, "cifrado", ana).excerpt) == SAID_IN_ENGLISH
    assert conversation_row(line, ana, View()).preview == SAID_IN_ENGLISH


async def test_it_is_found_and_quoted_by_these_words(cast: Cast) -> None:
    message = await received(cast, of_corpus("encrypted_with_pgp"))
    async with reading() as db:
        assert [one.id for one in (await search_messages(db, cast.ana, "cifrado")).found] == [message.id]
    await act(cast.ana, message.conversation_id, send_reply, "Please send it again")
    (delivery,) = await all_of(Delivery)
    async with reading() as db:
        sent = email.message_from_bytes((await letter_of(db, delivery.id)).raw, policy=email.policy.default)
    body = sent.get_body(("plain",))
    assert body is not None
    assert f"> {SAID}" in body.get_content()


async def test_an_answer_that_quotes_an_encrypted_mail_is_read_as_ever(lite_cast: Cast) -> None:
    quoted = "On Mon, 23 Nov 2026 at 10:00, Ana <sol@localhost.test> wrote:\r\n> -----BEGIN PGP MESSAGE-----\r\n> abc"
    assert (await received(lite_cast, mail(f"I cannot read this\r\n\r\n{quoted}"))).text == "I cannot read this"
