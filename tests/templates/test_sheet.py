"""Templates as a file, out and in."""

import dataclasses

import pytest

from tests.cast import Cast, open_conversation
from witei_app.accounts.actor import Actor
from witei_app.conversations.signature import signature_of
from witei_app.db import reading, transaction
from witei_app.errors import Refused
from witei_app.models import Channel, Contact, MessageTemplate, User
from witei_app.templates.library import (
    delete_template,
    filled_templates,
    list_templates,
    note_use,
    preview_for_address,
    save_template,
)
from witei_app.templates.sheet import import_templates, templates_csv

WELCOME = {"title": "Welcome; you", "html": "<p>Hola, {{contact.first_name|cliente}}</p>", "is_shared": True}


def admin(actor: Actor) -> Actor:
    return dataclasses.replace(actor, is_admin=True)


async def listed(actor: Actor) -> list[MessageTemplate]:
    async with reading() as db:
        return await list_templates(db, actor)


async def write(actor: Actor, **fields: object) -> int:
    async with transaction() as db:
        return (await save_template(db, actor, 0, **(WELCOME | fields))).id


async def test_what_goes_out_comes_in_the_same_elsewhere(cast: Cast) -> None:
    await write(admin(cast.ana), folder="Visits", subject="-Visit", language="es", channel="email")
    await write(cast.ana, title="=Mine", is_shared=False)
    await write(cast.ana, title="'=Mine", html="- 5 % for {{contact.first_name|}} 😀", is_shared=False)
    async with transaction() as db:
        content = await templates_csv(db, admin(cast.ana))
        assert await import_templates(db, admin(cast.vera), ("\ufeff" + content).encode()) == 3
    fields = ("title", "folder", "subject", "html", "language", "channel")
    theirs = [tuple(getattr(one, name) for name in fields) for one in await listed(cast.vera)]
    assert theirs == [tuple(getattr(one, name) for name in fields) for one in await listed(cast.ana)]


async def test_text_semicolons_and_old_letters_are_understood(lite_cast: Cast) -> None:
    data = "Title;Text;Shared\r\nAdiós;Hasta <luego>\r\n".encode("cp1252")
    async with transaction() as db:
        await import_templates(db, lite_cast.ana, data)
    (one,) = await listed(lite_cast.ana)
    assert (one.title, one.html, one.user_id) == ("Adiós", "<p>Hasta &lt;luego&gt;</p>", lite_cast.ana.user_id)


async def test_a_spanish_offices_file_is_understood_as_excel_writes_it(lite_cast: Cast) -> None:
    data = 'sep=;\r\nTítulo;Carpeta;Texto\r\nAdiós;Visitas;"Hasta, luego\r\nMañana"\r\n'.encode("utf-16")
    async with transaction() as db:
        await import_templates(db, lite_cast.ana, data)
    (one,) = await listed(lite_cast.ana)
    assert (one.title, one.folder) == ("Adiós", "Visitas")
    assert "Hasta, luego" in one.html
    assert "Mañana" in one.html


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"a,b\n1,2\n", "columns title"),
        (b"title,html\nOne,<p>x</p>\nTwo,{{contact.shoe_size}}\n", "Row 3: There is nothing to fill"),
        (b"title,html,shared\nOne,x,yes\n", "Row 2: You do not have the permission"),
        (b"\xff\xfe\x00", "columns title"),
        (b"title,html\n" + b"a,b\n" * 501, "500 templates"),
        (b"PK\x03\x04" + b"title,html\na,b\n", "This is a workbook"),
        (b'title,html\nOne,a\nTwo,"b\nThree,c\n', "in row 3 is never closed"),
        (b"", "columns title"),
    ],
)
async def test_a_wrong_file_adds_nothing(lite_cast: Cast, data: bytes, why: str) -> None:
    with pytest.raises(Refused, match=why):
        async with transaction() as db:
            await import_templates(db, lite_cast.ana, data)
    assert await listed(lite_cast.ana) == []


async def test_only_who_may_export_or_keeps_them_takes_them_out(lite_cast: Cast) -> None:
    async with reading() as db:
        with pytest.raises(Refused):
            await templates_csv(db, lite_cast.ana)


async def test_uses_are_counted_for_those_who_see_it(cast: Cast) -> None:
    number = await write(admin(cast.ana))
    for actor in (cast.luis, cast.ana, cast.vera):
        async with transaction() as db:
            await note_use(db, actor, number)
    (one,) = await listed(cast.ana)
    assert one.used == 2
    assert one.used_at is not None


async def test_only_those_for_the_channel_are_offered_the_contacts_language_first(cast: Cast) -> None:
    async with transaction() as db:
        (await db.get_one(Contact, cast.marco.id)).language = "es"
    for title, fields in {"A": {"language": "en"}, "B": {"language": "es"}, "C": {"channel": "web_chat"}}.items():
        await write(cast.ana, title=title, is_shared=False, **fields)
    opened = await open_conversation(cast.marco, channel=Channel.EMAIL)
    async with reading() as db:
        assert [one.title for one in await filled_templates(db, cast.ana, opened)] == ["B", "A"]


async def test_a_preview_is_what_the_contact_reads(cast: Cast) -> None:
    number = await write(admin(cast.ana), subject="For {{contact.name|you}}")
    async with reading() as db:
        for_marco = await preview_for_address(db, cast.ana, number, "marco@contact.test")
        for_nobody = await preview_for_address(db, cast.ana, number, "nobody@x.test")
        for_eva = await preview_for_address(db, cast.eva, number, "marco@contact.test")
        with pytest.raises(Refused):
            await preview_for_address(db, cast.vera, number, "marco@contact.test")
    assert (for_marco.html, for_marco.subject) == ("<p>Hola, Marco</p>", "For Marco Peña")
    assert (for_nobody.html, for_nobody.subject) == ("<p>Hola, cliente</p>", "For you")
    assert for_eva.html == "<p>Hola, cliente</p>"


async def test_a_deleted_one_is_not_counted(lite_cast: Cast) -> None:
    number = await write(admin(lite_cast.ana))
    async with transaction() as db:
        await delete_template(db, admin(lite_cast.ana), number)
    async with transaction() as db:
        assert await note_use(db, lite_cast.ana, number) is None


@pytest.mark.parametrize("html", ["{{contact.name", "contact.name}}", "{{contact.name|a}b}}", "{{}}"])
async def test_a_place_without_an_end_is_refused(lite_cast: Cast, html: str) -> None:
    with pytest.raises(Refused):
        await write(lite_cast.ana, html=html, is_shared=False)


async def test_a_signature_names_its_user_and_agency(lite_cast: Cast) -> None:
    async with transaction() as db:
        (await db.get_one(User, lite_cast.ana.user_id)).signature_html = "<p>{{user.name}} · {{workspace.name}}</p>"
    async with reading() as db:
        assert await signature_of(db, lite_cast.ana) == "<p>Ana Ruiz · Inmobiliaria Sol</p>"
