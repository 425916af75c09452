"""The signature: its places checked and filled, its picture below it, in our pages and in the mail."""

import asyncio
from email import message_from_bytes

import pytest

from tests.cast import Cast, act, all_of, get, open_conversation
from tests.http.conftest import Browse, browse, signed_in
from tests.http.test_portraits import SCRIPTED, photo
from witei_app.accounts.actor import Actor
from witei_app.accounts.profile import save_signature
from witei_app.conversations.reply import send_reply
from witei_app.conversations.signature import NewPicture, save_picture, signature_of
from witei_app.db import reading, transaction
from witei_app.errors import Refused
from witei_app.models import Delivery, Message, SignaturePicture, User
from witei_app.outbox.letter import letter_of

__all__ = ["browse"]


async def test_its_places_are_checked_and_filled(lite_cast: Cast) -> None:
    async with transaction() as db:
        for wrong in ("<p>{{user.nmae}}</p>", "<p>{{contact.name}}</p>", "<p>{{user.name</p>"):
            with pytest.raises(Refused):
                await save_signature(db, lite_cast.ana, wrong)
        await save_signature(db, lite_cast.ana, "<p>{{user.name}}, {{workspace.name}}</p>")
    async with reading() as db:
        assert await signature_of(db, lite_cast.ana) == "<p>Ana Ruiz, Inmobiliaria Sol</p>"


async def test_its_picture_is_shown_here_and_travels_with_the_mail(lite_cast: Cast, browse: Browse) -> None:
    conversation = await open_conversation(lite_cast.marco)
    async with browse() as browser:
        await signed_in(browser, lite_cast.ana)
        sent = {"file": ("logo.png", photo((1200, 300), "PNG"))}
        answer = await browser.post("/profile/signature-picture", files=sent, headers=SCRIPTED)
        address = answer.json()["href"]
        await act(lite_cast.ana, conversation, send_reply, "<p>Hola</p>")
        async with transaction() as db:
            await save_picture(db, lite_cast.ana, None)
        assert (await browser.get(address)).headers["content-type"] == "image/png"
        for stranger in (lite_cast.luis, lite_cast.vera):
            await signed_in(browser, stranger)
            assert (await browser.get(address)).status_code == (200 if stranger is lite_cast.luis else 404)
        assert (await browser.get("/signature-pictures/x.png")).status_code == 404
    message = next(one for one in await all_of(Message) if one.direction == "out")
    assert f'<img src="{address}" width="30" height="120"' in message.signature_html  # the camera was held upright
    delivery = (await all_of(Delivery))[0]
    async with reading() as db:
        mail = message_from_bytes((await letter_of(db, delivery.id)).raw)
    parts = {part.get_content_type(): part for part in mail.walk()}
    cid = parts["image/png"]["Content-ID"].strip("<>")
    html = parts["text/html"].get_payload(decode=True)
    assert f'src="cid:{cid}"'.encode() in bytes(html)
    async with reading() as db:
        assert "<img" not in await signature_of(db, lite_cast.ana)


async def test_a_picture_that_colleagues_take_at_the_same_moment_is_one(cast: Cast) -> None:
    async def take(actor: Actor) -> None:
        async with transaction() as db:
            await save_picture(db, actor, NewPicture("5" * 64, 30, 120))

    people = (cast.ana, cast.luis, cast.eva, cast.vera)
    await asyncio.gather(*(take(actor) for actor in people))
    pictures = {one.workspace_id: one.id for one in await all_of(SignaturePicture)}
    for actor in people:
        assert (await get(User, actor.user_id or 0)).signature_picture_id == pictures[actor.workspace_id]
