"""A new conversation that is being written."""

import pytest

from tests.cast import Cast, all_of, get, open_conversation
from witei_app.accounts.actor import Actor
from witei_app.conversations.doubts import doubts_about_first, doubts_about_reply
from witei_app.conversations.draft import from_json
from witei_app.conversations.files import NEW, NewFile, attach, waiting_files
from witei_app.conversations.first_draft import (
    address_first_draft,
    drop_first_draft,
    find_first_draft,
    keep_first_draft,
    readdress_first_draft,
)
from witei_app.conversations.recipients import Recipients
from witei_app.conversations.visible import find_conversation
from witei_app.conversations.write_first import write_first
from witei_app.db import reading, transaction
from witei_app.errors import Refused
from witei_app.mail.types import Address
from witei_app.models import Attachment, Channel, Contact, Message, Upload

LENA = Recipients(to=(Address("Lena", "lena@b.test"),), bcc=(Address("", "boss@c.test"),))


async def begun(actor: Actor) -> tuple[str, str, Recipients]:
    async with reading() as db:
        draft = await find_first_draft(db, actor)
    return draft.subject, draft.html, from_json(draft.recipients)


async def test_each_part_is_kept_by_itself_and_for_its_author_alone(cast: Cast) -> None:
    async with transaction() as db:
        await keep_first_draft(db, cast.ana, subject="Viewing")
        await keep_first_draft(db, cast.ana, html="<p>Hello<script>x()</script></p>")
        await keep_first_draft(db, cast.ana, recipients=LENA)
    assert await begun(cast.ana) == ("Viewing", "<p>Hello</p>", LENA)
    assert await begun(cast.luis) == ("", "", Recipients())
    async with transaction() as db:
        await drop_first_draft(db, cast.ana)
    assert await begun(cast.ana) == ("", "", Recipients())


async def test_it_is_addressed_to_a_contact_unless_it_was_meant_for_others(cast: Cast) -> None:
    marco = await get(Contact, cast.marco.id)
    to_marco = Recipients(to=(Address(marco.full_name, marco.email),))
    async with transaction() as db:
        await keep_first_draft(db, cast.ana, recipients=LENA)  # nothing is written yet
        await address_first_draft(db, cast.ana, marco)
    assert await begun(cast.ana) == ("", "", to_marco)
    async with transaction() as db:
        await keep_first_draft(db, cast.ana, html="<p>Dear Lena</p>", recipients=LENA)
    with pytest.raises(Refused, match="You had begun to write this"):
        async with transaction() as db:
            await address_first_draft(db, cast.ana, marco)
    assert await begun(cast.ana) == ("", "<p>Dear Lena</p>", LENA)


@pytest.mark.parametrize(("html", "stays"), [("", False), ("<p></p>", False), ("<p>Dear Lena</p>", True)])
async def test_the_next_one_is_to_somebody_else_unless_something_was_written(
    lite_cast: Cast, html: str, stays: bool
) -> None:
    async with transaction() as db:
        await keep_first_draft(db, lite_cast.ana, html=html, recipients=LENA)
        await readdress_first_draft(db, lite_cast.ana)
    assert (await begun(lite_cast.ana))[2] == (LENA if stays else Recipients())


async def test_nobody_writes_to_a_contact_without_an_address(cast: Cast) -> None:
    marco = await get(Contact, cast.marco.id)
    marco.email = None
    with pytest.raises(Refused, match="has no e-mail address"):
        async with transaction() as db:
            await address_first_draft(db, cast.ana, marco)


async def test_its_files_go_along_and_wait_no_more(cast: Cast) -> None:
    async with transaction() as db:
        await attach(db, cast.ana, NEW, NewFile("a" * 64, "plan.pdf", "application/pdf", 9))
        assert await waiting_files(db, cast.luis, NEW) == []
        files = await waiting_files(db, cast.ana, NEW)
        await write_first(db, cast.ana, LENA, "", "<p>Here</p>", files=files, with_signature=False)
    (message,), (file,) = await all_of(Message), await all_of(Attachment)
    assert (file.message_id, file.name, message.signature_html, message.subject) == (message.id, "plan.pdf", "", "")
    assert await all_of(Upload) == []


@pytest.mark.parametrize(
    ("subject", "html", "said"),
    [
        ("Viewing", "<p>Hello</p>", []),
        ("  ", "<p>Hello</p>", ["There is no subject."]),
        ("Viewing", "<p>See the <b>attached</b> plan</p>", ["You mention a file, but none is attached."]),
        ("Viewing", "<p>Le adjunto el plano</p>", ["You mention a file, but none is attached."]),
        ("Viewing", "<p>An attaché and an adjunction</p>", []),
    ],
)
async def test_what_people_forget_is_asked_about(lite_cast: Cast, subject: str, html: str, said: list[str]) -> None:
    assert doubts_about_first(lite_cast.ana, subject, html, []) == said


async def test_a_place_left_empty_is_no_matter_of_doubt(lite_cast: Cast) -> None:
    with pytest.raises(Refused, match="Fill in or remove"):
        doubts_about_first(lite_cast.ana, "x", "Hello {{contact.first_name}}", [])


async def test_who_is_not_in_the_thread_is_asked_about(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    known = Recipients(to=(Address("", "marco@contact.test"),))
    async with reading() as db:
        conversation = await find_conversation(db, cast.ana, opened)
        assert await doubts_about_reply(db, cast.ana, conversation, "Hi", recipients=known, files=[]) == []
        (doubt,) = await doubts_about_reply(db, cast.ana, conversation, "Hi", recipients=LENA, files=[])
    assert doubt == "Not in this conversation until now: lena@b.test, boss@c.test"


async def test_a_chat_has_nobody_else(lite_cast: Cast) -> None:
    opened = await open_conversation(lite_cast.marco, channel=Channel.WEB_CHAT)
    async with reading() as db:
        conversation = await find_conversation(db, lite_cast.ana, opened)
        assert await doubts_about_reply(db, lite_cast.ana, conversation, "Hi", recipients=LENA, files=[]) == []
