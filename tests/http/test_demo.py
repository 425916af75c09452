"""/demo/mailbox: a made-up workspace's for everybody, a real one's for its administrators, nobody's with a relay."""

from collections.abc import AsyncIterator

import pytest

from tests.cast import Cast, Configure, act, give, open_conversation
from tests.http.conftest import Browse, signed_in
from witei_app.conversations.reply import send_reply
from witei_app.db import transaction
from witei_app.models import Role, User
from witei_app.outbox.deliver import deliver_next
from witei_app.outbox.transport import DemoMailbox

HERE = {"Origin": "http://app.test"}
TEXT = "Kanarienvogel"


@pytest.fixture
async def letter(lite_cast: Cast, configure: Configure) -> Cast:
    """Ana's letter to Marco was sent."""
    configure(UNDO_SECONDS="0")
    conversation_id = await open_conversation(lite_cast.marco, "Is it free?", subject=TEXT)
    await give(lite_cast.ana, conversation_id, lite_cast.ana)
    await act(lite_cast.ana, conversation_id, send_reply, TEXT)
    assert await deliver_next(DemoMailbox())
    async with transaction() as db:
        (await db.get_one(User, lite_cast.ana.user_id)).role = Role.ADMIN
    return lite_cast


async def test_the_letters_of_a_real_workspace_are_for_administrators(letter: Cast, browse: Browse) -> None:
    seen = {}
    for actor in (letter.ana, letter.luis, letter.eva, letter.vera, None):
        async with browse() as browser:
            if actor:
                await signed_in(browser, actor)
            pages = [(await browser.get(path)).text for path in ("/demo/mailbox", "/demo/mailbox/1")]
            seen[actor.name if actor else ""] = [TEXT in page for page in pages]
    assert seen.pop("Ana Ruiz") == [True, True]
    assert set(map(tuple, seen.values())) == {(False, False)}


async def test_with_a_relay_nobody_writes_as_somebody(letter: Cast, browse: Browse, configure: Configure) -> None:
    configure(SMTP_RELAY_URL="smtp://relay.test:25")
    form = {"name": "Iria", "email": "iria@contact.test", "to": "sol@localhost.test", "text": "Hello", "mail": "1"}
    async with browse() as browser:
        await signed_in(browser, letter.ana)
        for path in ("/demo/mailbox", "/demo/mailbox/new"):
            assert (await browser.post(path, data=form, headers=HERE)).status_code == 404


@pytest.mark.parametrize("path", ["/demo/mailbox", "/demo/mailbox/new"])
async def test_a_form_too_large_is_not_read(lite_cast: Cast, browse: Browse, path: str) -> None:
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        for _ in range(1000):
            read += 10_000
            yield b"text=" + b"x" * 9_995

    headers = HERE | {"Content-Type": "application/x-www-form-urlencoded"}
    async with browse() as browser:
        assert (await browser.post(path, content=endless(), headers=headers)).status_code == 403
    assert read < 500_000


@pytest.mark.parametrize("mail_id", ["9" * 5000, "-1", "x", "٣"])
async def test_a_strange_number_is_no_mail(lite_cast: Cast, browse: Browse, mail_id: str) -> None:
    async with browse() as browser:
        assert (await browser.get("/demo/mailbox", params={"mail": mail_id})).status_code == 200
        answer = await browser.post("/demo/mailbox", data={"mail": mail_id, "text": "x"}, headers=HERE)
        assert answer.status_code == 303
