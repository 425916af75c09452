"""Mails as they came: as text for those who see the conversation, unreadable ones for administrators alone."""

import httpx
from sqlalchemy import update
from sqlmodel import col

from tests.cast import Cast, all_of, give, open_conversation
from tests.http.conftest import Browse, signed_in
from witei_app.accounts.actor import Actor
from witei_app.db import transaction
from witei_app.files import keep
from witei_app.models import InboundMail, InboundState, Message, Role, User

MAIL = b"From: marco@contact.test\r\nSubject: Plan\r\nContent-Type: text/html\r\n\r\n<script>alert(1)</script>\r\n"


async def stored(cast: Cast, state: InboundState = InboundState.DONE) -> int:
    async with transaction() as db:
        mail = InboundMail(workspace_id=cast.sol, sha256=await keep(MAIL), size=len(MAIL), state=state)
        db.add(mail)
    return mail.id


async def promote(*actors: Actor) -> None:
    async with transaction() as db:
        chosen = col(User.id).in_([actor.user_id for actor in actors])
        await db.exec(update(User).where(chosen).values(role=Role.ADMIN))


async def ask(browse: Browse, path: str, who: Actor | None) -> httpx.Response:
    async with browse() as browser:
        if who:
            await signed_in(browser, who)
        return await browser.get(path, headers={"Accept": "*/*"})


async def test_the_source_is_text_for_those_who_see_the_conversation(cast: Cast, browse: Browse) -> None:
    opened = await open_conversation(cast.marco, inbound_mail_id=await stored(cast))
    await give(cast.ana, opened, cast.luis)
    path = f"/messages/{(await all_of(Message))[-1].id}/source"
    for who, status in ((cast.ana, 200), (cast.luis, 200), (cast.eva, 404), (cast.vera, 404), (None, 404)):
        assert (await ask(browse, path, who)).status_code == status
    answer = await ask(browse, path, cast.luis)
    assert (answer.content, answer.headers["content-type"].partition(";")[0]) == (MAIL, "text/plain")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    head = await ask(browse, f"{path}?part=headers", cast.luis)
    assert head.content.splitlines() == [b"From: marco@contact.test", b"Subject: Plan", b"Content-Type: text/html"]


async def test_an_unreadable_mail_is_a_file_for_administrators_of_its_workspace(cast: Cast, browse: Browse) -> None:
    await promote(cast.ana, cast.vera)
    path = f"/inbound-mails/{await stored(cast, InboundState.UNREADABLE)}/raw"
    for who, status in ((cast.ana, 200), (cast.luis, 404), (cast.vera, 404), (None, 404)):
        assert (await ask(browse, path, who)).status_code == status
    answer = await ask(browse, path, cast.ana)
    assert answer.content == MAIL
    assert answer.headers["content-disposition"].startswith("attachment;")


async def test_what_was_read_is_no_unreadable_mail(cast: Cast, browse: Browse) -> None:
    await promote(cast.ana)
    assert (await ask(browse, f"/inbound-mails/{await stored(cast)}/raw", cast.ana)).status_code == 404
