"""Contacts from files as offices have them: read right, doubled never, what is refused told with its row."""

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import Cast, all_of, get
from witei_app.accounts.actor import Actor
from witei_app.accounts.permissions import READ_ONLY
from witei_app.crm import edit
from witei_app.crm.csv_files import Reader, Shape, rows_of, shape_of
from witei_app.crm.export import exported_contacts
from witei_app.crm.import_columns import guess
from witei_app.crm.import_worded import import_row
from witei_app.crm.importing import (
    ROWS_A_STEP,
    begin_import,
    look_at,
    prepare_import,
    reshape_import,
    set_column,
    set_headings,
    set_responsible,
)
from witei_app.db import reading, transaction
from witei_app.errors import NotFound, Refused
from witei_app.files import keep
from witei_app.jobs.kinds import KINDS
from witei_app.jobs.queue import find_job, refusals
from witei_app.jobs.run import work_next
from witei_app.models import Contact, ContactAddress, ContactNote, Job, Workspace
from witei_app.reports.sheet import csv_line

SPANISH = "Nombre;Apellidos;Correo electrónico;Teléfono móvil;Idioma;Agente;Observaciones\r\n"


async def prepare(actor: Actor, text: str | bytes) -> int:
    data = text.encode() if isinstance(text, str) else text
    sha256 = await keep(data)
    look = await look_at(sha256)
    async with transaction() as db:
        return (await prepare_import(db, actor, "contacts.csv", sha256, look)).id


async def run(actor: Actor, job_id: int) -> Job:
    async with transaction() as db:
        await begin_import(db, actor, job_id)
    while await work_next(KINDS):
        pass
    job: Job = await get(Job, job_id)
    return job


async def brought_in(actor: Actor, text: str | bytes) -> Job:
    return await run(actor, await prepare(actor, text))


async def told(job: Job) -> list[tuple[int, str]]:
    async with reading() as db:
        return [(one.place, one.reason.format(**one.words)) for one in await refusals(db, job)]


async def test_a_spanish_office_brings_its_contacts(cast: Cast) -> None:
    rows = "José;Peña Núñez;JOSE@x.test;612 345 678;castellano;luis soto;Vive lejos\r\nIda;;ida@x.test;;;;\r\n"
    job = await brought_in(cast.ana, (SPANISH + rows).encode("cp1252"))
    _, jose, ida = await all_of(Contact)
    assert (jose.name, jose.surnames, jose.email, jose.phone) == (
        "José",
        "Peña Núñez",
        "jose@x.test",
        "+34 612 34 56 78",
    )
    assert (jose.language, jose.responsible_id, ida.responsible_id) == ("es", cast.luis.user_id, cast.ana.user_id)
    assert [note.body for note in await all_of(ContactNote)] == ["Vive lejos"]
    assert {"jose@x.test", "ida@x.test"} < {row.address for row in await all_of(ContactAddress)}
    assert (job.state, job.words["added"], job.refused, job.total) == ("done", 2, 0, 2)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_letters_and_separators_are_recognised(tmp_path: Path, encoding: str, separator: str) -> None:
    path = tmp_path / "file.csv"
    rows = [["Nombre", "Teléfono", "Notas"], ["Begoña", "1", 'a, b; "c"\nd'], ["", "", ""], ["Ñaki", "2", ""]]
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    shape = shape_of(path)
    assert list(rows_of(path, shape)) == rows
    assert shape.separator == separator


def test_an_accent_far_down_is_not_lost(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(b"name,phone\n" + b"Ana,1\n" * 60_000 + "Begoña,2\n".encode("cp1252"))
    assert list(rows_of(path, shape_of(path)))[-1] == ["Begoña", "2"]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_sixteen_bits_are_recognised_without_their_mark(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes("Nombre\tCorreo\r\nBegoña €\tb@x.test\r\n".encode(encoding))
    assert list(rows_of(path, shape_of(path))) == [["Nombre", "Correo"], ["Begoña €", "b@x.test"]]


async def test_a_workbook_and_a_quotation_that_never_ends_are_told_from_rows(lite_cast: Cast) -> None:
    with pytest.raises(Refused, match="workbook"):
        await prepare(lite_cast.ana, b"PK\x03\x04 and so on")
    with pytest.raises(Refused, match="quotation mark in row 3") as told:
        await prepare(lite_cast.ana, 'Nombre;Correo\r\n"A ""B""\nC";a@x.test\r\n"Ana;b@x.test\r\nIda;c@x.test\r\n')
    assert told.value.values == {"row": 3}
    with pytest.raises(Refused, match="quotation mark in row 2") as told:
        await prepare(lite_cast.ana, 'Nombre;Correo\r\n"Ana;b@x.test\r\n' + "Ida;c@x.test\r\n" * 20_000)
    assert told.value.values == {"row": 2}


async def test_a_file_of_headings_alone_is_not_begun(lite_cast: Cast) -> None:
    with pytest.raises(Refused, match="no rows"):
        await brought_in(lite_cast.ana, "Nombre;Correo\r\n")


async def test_several_addresses_in_one_cell_and_none_called_so(lite_cast: Cast) -> None:
    await brought_in(lite_cast.ana, "Name,E-mail\r\nAna,a@x.test ::: b@x.test;c@x.test\r\n")
    assert (await all_of(Contact))[-1].email == "a@x.test"
    assert {"a@x.test", "b@x.test", "c@x.test"} <= {row.address for row in await all_of(ContactAddress)}
    job = await brought_in(lite_cast.ana, "d@x.test\r\ne@x.test\r\n")
    assert (job.words["added"], job.refused) == (2, 0)


def test_what_excel_says_first_is_believed(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(b"sep=|\r\nname|phone\r\nAna, Ida|1\r\n")
    assert list(rows_of(path, shape_of(path))) == [["name", "phone"], ["Ana, Ida", "1"]]


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reading(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("csv") / "file.csv"
    path.write_bytes(data)
    try:
        for row in rows_of(path, shape_of(path)):
            assert "\0" not in "".join(row)
    except (Refused, UnicodeError):
        pass


@given(st.lists(st.integers(1, 7), max_size=8), st.integers(0, 30))
def test_a_reader_goes_on_from_anywhere(tmp_path_factory: pytest.TempPathFactory, takes: list[int], start: int) -> None:
    path = tmp_path_factory.mktemp("csv") / "file.csv"
    path.write_text("".join(f"{number},x\n" for number in range(40)))
    reader = Reader(path, Shape("utf-8-sig", ","))
    for most in takes:
        assert [row[0] for row in reader.take(start, most)] == [str(one) for one in range(start, min(40, start + most))]
        start = (start + most) % 35


@pytest.mark.parametrize(
    ("headings", "fields"),
    [
        ("First Name,Last Name,E-mail Address,Mobile Phone", "name surnames email phone"),
        (
            "NOMBRE,1er Apellido,Apellido 1,Apellido 2,Correo,Tlf.,Procedencia",
            "name  surnames surnames email phone origin",
        ),
        ("Contacto,Email,E-mail 2,Teléfono,Móvil,Comentarios", "name email also phone  note"),
        ("id,price,city", "  "),
    ],
)
def test_columns_are_guessed_from_their_headings(headings: str, fields: str) -> None:
    assert guess(headings.split(",")) == fields.split(" ")


async def test_doubles_are_refused_naming_who_has_the_address(cast: Cast) -> None:
    text = (
        "name,email,phone\nX,Marco@contact.test,\nLena,lena@x.test,612345678\nLena B,LENA@x.test,\nC,,+34 612 345 678\n"
    )
    job = await brought_in(cast.ana, text)
    assert await told(job) == [
        (2, "marco@contact.test belongs to Marco Peña."),
        (4, "lena@x.test belongs to Lena. Ana Ruiz looks after them."),
        (5, "+34 612 34 56 78 belongs to Lena. Ana Ruiz looks after them."),
    ]
    assert [contact.name for contact in await all_of(Contact)] == ["Marco Peña", "Lena"]


async def test_doubles_are_taken_where_the_workspace_allows_them(cast: Cast) -> None:
    async with transaction() as db:
        (await db.get_one(Workspace, cast.sol)).allows_duplicates = True
    job = await brought_in(cast.ana, "name,email\nMarco II,marco@contact.test\nMarco III,marco@contact.test\n")
    assert (job.refused, len(await all_of(Contact))) == (0, 3)
    (address,) = await all_of(ContactAddress, ContactAddress.address == "marco@contact.test")
    assert address.contact_id == cast.marco.id  # mail still goes to the first


async def test_every_fault_is_told_with_its_row_and_the_rest_is_added(lite_cast: Cast) -> None:
    faulty = "A,no address,,,\nB,,12,,\n\nC,,,klingon,\nD,,,,Nobody\n,,,,\n"
    text = f"name,email,phone,language,agent\n{faulty}E,e@x.test,,fr,\n"
    job = await brought_in(lite_cast.ana, text)
    assert [place for place, _ in await told(job)] == [2, 3, 5, 6]
    assert "klingon" in (await told(job))[2][1]
    assert [contact.name for contact in await all_of(Contact)] == ["Marco Peña", "E"]
    assert (job.words["added"], job.refused) == (1, 4)


async def test_a_killed_import_goes_on_where_it_was_and_doubles_nobody(cast: Cast) -> None:
    rows = "".join(f"Contact {number},c{number}@x.test\n" for number in range(ROWS_A_STEP * 3 + 5))
    job_id = await prepare(cast.ana, "name,email\n" + rows)
    async with transaction() as db:
        await begin_import(db, cast.ana, job_id)
    await work_next(KINDS)

    class Killed(BaseException):
        """As a process ends: nothing catches it."""

    async def mortal(*arguments: object) -> bool:
        await KINDS["contacts_import"](*arguments)  # type: ignore[arg-type]
        raise Killed

    with pytest.raises(Killed):
        await work_next({"contacts_import": mortal})
    while await work_next(KINDS):
        pass
    job = await get(Job, job_id)
    assert (job.done, job.refused, len(await all_of(Contact))) == (ROWS_A_STEP * 3 + 5, 0, ROWS_A_STEP * 3 + 6)


async def test_what_is_chosen_on_the_page_counts(lite_cast: Cast) -> None:
    job_id = await prepare(lite_cast.ana, "Ana García;ana@x.test\nIda;ida@x.test\n")
    with pytest.raises(Refused, match="which column"):
        await run(lite_cast.ana, job_id)
    async with transaction() as db:
        for column, field in enumerate(("name", "email")):
            await set_column(db, lite_cast.ana, job_id, column, field)
        await set_responsible(db, lite_cast.ana, job_id, lite_cast.luis.user_id or 0)
    async with reading() as db:
        page = await import_row(db, lite_cast.ana, await find_job(db, lite_cast.ana, job_id))
    assert [(row.place, row.name, row.email) for row in page.preview] == [
        (1, "Ana García", "ana@x.test"),
        (2, "Ida", "ida@x.test"),
    ]
    assert page.columns[0].samples == "Ana García · Ida"
    async with transaction() as db:
        await set_headings(db, lite_cast.ana, job_id, True)
    job = await run(lite_cast.ana, job_id)
    assert (job.total, (await all_of(Contact))[-1].responsible_id) == (1, lite_cast.luis.user_id)
    with pytest.raises(Refused, match="begun"):
        async with transaction() as db:
            await set_headings(db, lite_cast.ana, job_id, False)


async def test_the_preview_says_what_would_be_refused_and_adds_nobody(lite_cast: Cast) -> None:
    job_id = await prepare(lite_cast.ana, "name,email\nM,marco@contact.test\nL,l@x.test\nL2,l@x.test\n")
    async with reading() as db:
        page = await import_row(db, lite_cast.ana, await find_job(db, lite_cast.ana, job_id))
    assert [row.fault for row in page.preview] == [
        "marco@contact.test belongs to Marco Peña.",
        "",
        "l@x.test belongs to L. Ana Ruiz looks after them.",
    ]
    assert len(await all_of(Contact)) == 1


async def test_reading_the_file_another_way_guesses_anew(lite_cast: Cast) -> None:
    job_id = await prepare(lite_cast.ana, "name,email\nBegoña,b@x.test\n".encode("cp1252"))
    sha256 = (await get(Job, job_id)).sha256
    async with transaction() as db:
        await reshape_import(db, lite_cast.ana, job_id, await look_at(sha256, Shape("cp1252", ";")))
    assert (await get(Job, job_id)).request["columns"] == [""]


@pytest.mark.parametrize("data", [b"", b"\n\n", b";;\n", b'"' + b"x" * 200_000])
async def test_what_is_no_table_is_refused(lite_cast: Cast, data: bytes) -> None:
    with pytest.raises(Refused):
        await prepare(lite_cast.ana, data)


async def test_who_only_reads_imports_nothing_and_nobody_begins_anothers(cast: Cast) -> None:
    with pytest.raises(Refused):
        await prepare(replace(cast.ana, levels=READ_ONLY), "name\nX\n")
    job_id = await prepare(cast.ana, "name\nX\n")
    for actor in (cast.luis, cast.vera):
        with pytest.raises(NotFound):
            await run(actor, job_id)


async def test_what_is_exported_can_be_imported_again(cast: Cast) -> None:
    await brought_in(cast.ana, "name,email,phone,language,origin\n=cmd|' /C calc'!A0,a@x.test,612345678,es,+web\n")
    rows = [row async for row in exported_contacts(cast.ana)]
    assert len(rows) == 3
    text = "".join(csv_line(row) for row in rows)
    cells = next(csv.reader(io.StringIO(text.splitlines()[2])))
    assert [cell[:2] for cell in cells if cell[1:2] in {"=", "+"}] == ["'=", "'+", "'+"]
    async with transaction() as db:
        for contact in await all_of(Contact, Contact.workspace_id == cast.sol):
            await db.delete(contact)
    job = await brought_in(cast.luis, text.replace("Ana Ruiz", "Luis Soto"))
    assert (job.refused, [contact.name for contact in await all_of(Contact)]) == (
        0,
        ["Marco Peña", "=cmd|' /C calc'!A0"],
    )
    assert (await all_of(Contact))[-1].phone == "+34 612 34 56 78"


async def test_an_export_holds_what_its_reader_sees_and_the_search_finds(cast: Cast) -> None:
    await brought_in(cast.ana, "name,email\nLena,lena@x.test\n")
    assert [row[0] async for row in exported_contacts(cast.ana, "LENA")] == ["Name", "Lena"]
    for actor in (cast.eva, cast.vera):
        assert [row[0] async for row in exported_contacts(actor)] == ["Name"]


async def test_a_long_import_reads_the_time_zones_once_at_most(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def zones() -> set[str]:
        read.append("from the disk")
        return {"Europe/Madrid"}

    edit._zones.cache_clear()
    monkeypatch.setattr(edit, "available_timezones", zones)
    rows = "".join(f"Contact {number},c{number}@x.test\n" for number in range(30))
    assert (await brought_in(cast.ana, "Name,E-mail\n" + rows)).refused == 0
    edit._zones.cache_clear()
    assert len(read) <= 1
