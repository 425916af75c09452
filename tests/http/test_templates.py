"""Message templates over HTTP: as CSV out and in, and the files that go with one."""

import pytest
from sqlmodel import select

from tests.cast import Cast, Configure, all_of, open_conversation
from tests.http.conftest import Browse, signed_in
from witei_app.accounts.actor import Actor
from witei_app.accounts.permissions import READ_ONLY, SENIOR, Permissions
from witei_app.conversations.files import waiting_files
from witei_app.db import reading, transaction
from witei_app.errors import Refused
from witei_app.models import MessageTemplate, TemplateFile, UnusedFile, User
from witei_app.templates.files import attach_files, remove_file
from witei_app.templates.library import delete_template, save_template

HERE = {"Origin": "http://app.test", "X-Requested-With": "witei"}
CSV = b"title,text,folder\nWelcome,Hello {{contact.first_name|there}},First\n"


async def allow(actor: Actor, levels: Permissions) -> None:
    async with transaction() as db:
        levels.give_to(await db.get_one(User, actor.user_id))


async def template_of(actor: Actor, *, is_shared: bool = False) -> MessageTemplate:
    async with transaction() as db:
        return await save_template(db, actor, 0, title="Offer", html="<p>Look</p>", is_shared=is_shared)


async def test_they_come_in_and_go_out_as_csv(lite_cast: Cast, browse: Browse) -> None:
    await allow(lite_cast.ana, SENIOR)
    async with browse() as browser:
        await signed_in(browser, lite_cast.ana)
        answer = await browser.post("/templates/file", files={"file": ("t.csv", CSV)}, headers=HERE)
        assert (answer.status_code, answer.json()) == (201, {"href": "/settings/templates"})
        out = await browser.get("/templates.csv")
    assert out.headers["content-disposition"] == 'attachment; filename="templates.csv"'
    assert out.headers["cache-control"] == "no-store"
    assert "Hello {{contact.first_name|there}}" in out.text
    assert [one.folder for one in await all_of(MessageTemplate)] == ["First"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"nothing",
        b"title,text\nx,{{nobody.name}}\n",
        b"title\nx\n",
        b"\xff\xfe\x00",
        b"title,text\n,\n",
        b"\0" * 99,
    ],
)
async def test_a_file_that_is_none_is_refused_in_words_and_adds_nothing(
    lite_cast: Cast, browse: Browse, data: bytes
) -> None:
    async with browse() as browser:
        await signed_in(browser, lite_cast.ana)
        answer = await browser.post("/templates/file", files={"file": ("t.csv", data)}, headers=HERE)
    assert answer.status_code in {400, 422}
    assert answer.json()["error"]
    assert await all_of(MessageTemplate) == []


async def test_only_who_may_export_or_manage_has_the_file(lite_cast: Cast, browse: Browse) -> None:
    await allow(lite_cast.luis, READ_ONLY)
    async with browse() as browser:
        assert (await browser.get("/templates.csv", headers={"Accept": "*/*"})).status_code == 404
        assert (await browser.post("/templates/file", files={"file": ("t.csv", CSV)}, headers=HERE)).status_code == 401
        await signed_in(browser, lite_cast.luis)
        assert (await browser.get("/templates.csv")).status_code == 404
        assert (await browser.post("/templates/file", files={"file": ("t.csv", CSV)})).status_code == 403


async def post_file(browse: Browse, actor: Actor, template_id: object, name: str = "plan.pdf") -> int:
    async with browse() as browser:
        await signed_in(browser, actor)
        sent = {"file": (name, b"a plan")}
        fields = {"template": str(template_id)}
        answer = await browser.post("/templates/attachment", files=sent, data=fields, headers=HERE)
    return answer.status_code


async def test_a_file_goes_with_a_template_into_the_draft(lite_cast: Cast, browse: Browse) -> None:
    ana, template = lite_cast.ana, await template_of(lite_cast.ana)
    conversation = await open_conversation(lite_cast.marco)
    assert await post_file(browse, ana, template.id) == 201
    async with transaction() as db:
        assert await attach_files(db, ana, template, conversation) == 1
    async with reading() as db:
        assert [one.name for one in await waiting_files(db, ana, conversation)] == ["plan.pdf"]
    async with transaction() as db:
        await delete_template(db, ana, template.id)
    assert await all_of(TemplateFile) == []
    assert len(await all_of(UnusedFile)) == 1


async def test_only_who_may_change_the_template_changes_its_files(lite_cast: Cast, browse: Browse) -> None:
    await allow(lite_cast.ana, SENIOR)
    async with transaction() as db:
        senior = Actor.of(await db.get_one(User, lite_cast.ana.user_id))
    template = await template_of(senior, is_shared=True)
    for stranger in (lite_cast.luis, lite_cast.vera):
        assert await post_file(browse, stranger, template.id) == 422
    for wrong in ("x", "", -1, 10**30):
        assert await post_file(browse, lite_cast.ana, wrong) in {400, 422}
    assert await post_file(browse, lite_cast.ana, template.id, "run.exe") == 422
    assert await post_file(browse, lite_cast.ana, template.id) == 201
    async with reading() as db:
        file = (await db.exec(select(TemplateFile))).one()
    for stranger in (lite_cast.luis, lite_cast.vera):
        with pytest.raises(Refused):
            async with transaction() as db:
                await remove_file(db, stranger, file.id)
    async with transaction() as db:
        await remove_file(db, senior, file.id)
    assert await all_of(TemplateFile) == []


async def test_its_files_are_no_more_than_a_message_takes(
    lite_cast: Cast, browse: Browse, configure: Configure
) -> None:
    configure(MAX_UPLOAD_MB="1")
    template = await template_of(lite_cast.ana)
    async with transaction() as db:
        size = 1024 * 1024
        full = TemplateFile(workspace_id=lite_cast.sol, template_id=template.id, sha256="0" * 64, name="x", size=size)
        db.add(full)
    assert await post_file(browse, lite_cast.ana, template.id) == 422
