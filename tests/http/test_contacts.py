"""Files of contacts over HTTP: taken from our own pages, given to those who may have them."""

import json
from io import BytesIO
from zipfile import ZipFile

import pytest

from tests.cast import Cast, Configure, all_of, open_conversation
from tests.http.conftest import Browse, signed_in
from witei_app.accounts.actor import Actor
from witei_app.accounts.permissions import EVERYTHING, READ_ONLY, Permissions
from witei_app.db import transaction
from witei_app.files import keep
from witei_app.jobs.kinds import KINDS
from witei_app.jobs.run import work_next
from witei_app.models import Attachment, AuditEntry, Job, JobState, User

HERE = {"Origin": "http://app.test", "X-Requested-With": "witei"}
FILE = b"nombre;correo\nLena;lena@x.test\n=Marco;marco@contact.test\n"


async def allow(actor: Actor, levels: Permissions) -> None:
    async with transaction() as db:
        levels.give_to(await db.get_one(User, actor.user_id))


async def test_a_file_is_taken_and_its_refused_rows_come_back(lite_cast: Cast, browse: Browse) -> None:
    async with browse() as browser:
        await signed_in(browser, lite_cast.ana)
        answer = await browser.post("/contacts/import/file", files={"file": ("c.csv", FILE)}, headers=HERE)
        (job,) = await all_of(Job)
        assert (answer.status_code, answer.json()) == (201, {"href": f"/contacts/import/{job.id}"})
        async with transaction() as db:
            (await db.get_one(Job, job.id)).state = JobState.WAITING
        while await work_next(KINDS):
            pass
        answer = await browser.get(f"/contacts/import/{job.id}/rejected.csv", headers={"Accept-Language": "es"})
        assert answer.text.lstrip("\ufeff").splitlines() == [
            '"Fila";"Por qué no se añadió";"nombre";"correo"',
            '"3";"marco@contact.test es de Marco Peña.";"\'=Marco";"marco@contact.test"',
        ]
        await signed_in(browser, lite_cast.luis)
        assert (await browser.get(f"/contacts/import/{job.id}/rejected.csv")).status_code == 404


async def test_other_sites_strangers_and_readers_bring_nothing(lite_cast: Cast, browse: Browse) -> None:
    post = {"url": "/contacts/import/file", "files": {"file": ("c.csv", FILE)}}
    async with browse() as browser:
        assert (await browser.post(**post, headers=HERE)).status_code == 401  # type: ignore[arg-type]
        await signed_in(browser, lite_cast.ana)
        for headers in ({}, {**HERE, "Origin": "http://evil.test"}):
            assert (await browser.post(**post, headers=headers)).status_code == 403  # type: ignore[arg-type]
        await allow(lite_cast.ana, READ_ONLY)
        assert (await browser.post(**post, headers=HERE)).status_code == 422  # type: ignore[arg-type]
    assert await all_of(Job) == []


@pytest.mark.parametrize(("data", "status"), [(b"", 422), (b"a,b\n" * 300_000, 413), (b'"' + b"x" * 150_000, 422)])
async def test_what_cannot_be_read_is_said(
    lite_cast: Cast, browse: Browse, configure: Configure, data: bytes, status: int
) -> None:
    configure(MAX_UPLOAD_MB="1")
    async with browse() as browser:
        await signed_in(browser, lite_cast.ana)
        answer = await browser.post("/contacts/import/file", files={"file": ("c.csv", data)}, headers=HERE)
    assert (answer.status_code, bool(answer.json()["error"])) == (status, True)


async def test_contacts_are_exported_by_those_who_may(lite_cast: Cast, browse: Browse) -> None:
    async with browse() as browser:
        assert (await browser.get("/contacts/export.csv", headers={"Accept": "*/*"})).status_code == 404
        await signed_in(browser, lite_cast.ana)
        assert (await browser.get("/contacts/export.csv", headers={"Accept": "*/*"})).status_code == 404
        await allow(lite_cast.ana, EVERYTHING)
        answer = await browser.get("/contacts/export.csv?search=MARCO%00", headers={"Accept": "*/*"})
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.text.splitlines()[1].startswith('"Marco Peña","","marco@contact.test"')


async def test_all_of_one_contact_for_whoever_sees_it_all(lite_cast: Cast, browse: Browse) -> None:
    conversation = await open_conversation(lite_cast.marco, "<script>alert(1)</script>", "Ático, ¿libre?")
    file = Attachment(workspace_id=lite_cast.sol, name="../plano.pdf", sha256=await keep(b"a plan"), message_id=1)
    async with transaction() as db:
        db.add(file)
        (await db.get_one(User, lite_cast.ana.user_id)).can_export = True
        (await db.get_one(User, lite_cast.eva.user_id)).can_export = True
    async with browse() as browser:
        for nobody in (lite_cast.luis, lite_cast.eva, lite_cast.vera):
            await signed_in(browser, nobody)
            assert (await browser.get(f"/contacts/{lite_cast.marco.id}/data.zip")).status_code == 404
        await signed_in(browser, lite_cast.ana)
        answer = await browser.get(f"/contacts/{lite_cast.marco.id}/data.zip")
    with ZipFile(BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        assert json.loads(archive.read("data.json"))["contact"]["email"] == "marco@contact.test"
        page = archive.read(f"conversations/{conversation}.html").decode()
        assert "Ático, ¿libre?" in page
        assert "<script>" not in page
        assert archive.read(f"files/{file.id}-plano.pdf") == b"a plan"
        assert "Marco Peña" in archive.read("index.html").decode()
    assert [one.contact_id for one in await all_of(AuditEntry) if one.action == "contact_exported"] == [1]
