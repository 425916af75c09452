"""Which column of a file is what of a contact: guessed from its heading, in English and Spanish."""

from collections.abc import Sequence
from dataclasses import dataclass

from witei_app.crm.contacts import fold
from witei_app.crm.csv_files import Row
from witei_app.crm.edit import LANGUAGES, ContactInput
from witei_app.errors import Refused
from witei_app.reports.sheet import unguarded
from witei_app.texts.people import language_name

LEFT_OUT = ""
# What a column can be, with its English name.
FIELDS = {
    LEFT_OUT: "Left out",
    "name": "Name",
    "surnames": "Surnames",
    "email": "E-mail",
    "also": "Also written from",
    "phone": "Phone",
    "language": "Language",
    "origin": "Origin",
    "responsible": "Responsible",
    "note": "Note",
}
# Of these a contact has several, or they are put together; the others come from one column.
_SEVERAL = {LEFT_OUT, "name", "surnames", "also", "note"}
_HEADINGS = {
    "name": "name firstname givenname forename fullname contact contactname client customer nombre nombrecompleto "
    "nombredepila contacto cliente nombrecontacto nombrecliente nombreyapellidos",
    "surnames": "surname surnames lastname lastnames familyname secondname apellido apellidos primerapellido "
    "segundoapellido apellido1 apellido2 1apellido 2apellido",
    "email": "email emailaddress mail correo correoelectronico emailprincipal direcciondecorreo "
    "direcciondecorreoelectronico email1 email1value correo1 eml",
    "also": "email2 correo2 otheremail secondaryemail email2value emailsecundario otrocorreo otroemail alsowrittenfrom "
    "escribetambiendesde otrasdirecciones",
    "phone": "phone phonenumber telephone tel mobile mobilephone cell cellphone telefono telefonomovil movil celular "
    "tlf tfno telf telefono1 phone1 phone1value telefonofijo",
    "language": "language lang preferredlanguage idioma lengua idiomapreferido",
    "origin": "origin source leadsource channel origen procedencia fuente canal medio",
    "responsible": "responsible agent owner assignee assignedto salesperson responsable agente comercial asesor "
    "asignado asignadoa captador",
    "note": "note notes comment comments remarks nota notas comentario comentarios observaciones descripcion",
}
_FIELD_OF = {heading: field for field, headings in _HEADINGS.items() for heading in headings.split()}


@dataclass(frozen=True)
class ReadRow:
    """A row as a contact, not yet checked; `responsible` is a name or an address, `also` are more addresses."""

    typed: ContactInput
    responsible: str = ""
    also: tuple[str, ...] = ()
    note: str = ""


def guess(headings: Sequence[str]) -> list[str]:
    """A field for each column, LEFT_OUT where the heading says nothing that we know."""
    guessed: list[str] = []
    for heading in headings:
        field = _FIELD_OF.get("".join(letter for letter in fold(heading) if letter.isalnum()), LEFT_OUT)
        if field == "email" and field in guessed:
            field = "also"
        guessed.append(LEFT_OUT if field in guessed and field not in _SEVERAL else field)
    return guessed


def guess_bare(row: Row) -> list[str]:
    """The same for a file without headings: addresses alone are addresses, of more than that we know nothing."""
    return ["email"] if len(row) == 1 and "@" in row[0] else []


def has_headings(row: Row) -> bool:
    """Whether a first row looks like headings: some are known, and none is an address."""
    return any(guess(row)) and not any("@" in cell for cell in row)


def check_columns(columns: Sequence[str]) -> None:
    """Refuse what makes no contact."""
    chosen = [field for field in columns if field != LEFT_OUT]
    if any(field not in FIELDS for field in chosen):
        raise Refused("A contact has no such field.")
    if not {"name", "surnames", "email", "phone"} & set(chosen):
        raise Refused("Choose which column has the name, the e-mail address or the phone.")
    if any(chosen.count(field) > 1 for field in chosen if field not in _SEVERAL):
        raise Refused("Two columns cannot become the same, except names, notes and further addresses.")


def read_row(row: Row, columns: Sequence[str]) -> ReadRow | None:
    """A row as a contact, None when nothing stands in it. Refuses a language that nobody knows."""
    cells: dict[str, list[str]] = {field: [] for field in FIELDS}
    for cell, field in zip(row, columns, strict=False):
        if text := unguarded(cell):
            cells[field].append(text)
    del cells[LEFT_OUT]
    if not any(cells.values()):
        return None
    # Google writes several into one cell, "a@x.test ::: b@x.test"; others with a semicolon.
    email, *more = _addresses("".join(cells["email"]))
    typed = ContactInput(
        name=" ".join(cells["name"]),
        surnames=" ".join(cells["surnames"]),
        email=email,
        phone="".join(cells["phone"]),
        language=_language("".join(cells["language"])),
        origin="".join(cells["origin"]),
    )
    also = (*more, *(part for cell in cells["also"] for part in _parts(cell)))
    return ReadRow(typed, "".join(cells["responsible"]), also, "\n".join(cells["note"]))


def _addresses(cell: str) -> list[str]:
    parts = _parts(cell)
    return parts if parts and all("@" in part for part in parts) else [cell]


def _parts(cell: str) -> list[str]:
    return cell.replace(",", " ").replace(";", " ").replace(":::", " ").split()


def _language(said: str) -> str:
    if not said:
        return ""
    code = _LANGUAGE_OF.get(fold(said)) or _LANGUAGE_OF.get(fold(said)[:2] if said[2:3] in {"-", "_"} else "")
    if code is None:
        raise Refused("{word} is not a language that contacts can have here.", word=said[:40])
    return code


def _names_of_languages() -> dict[str, str]:
    """ "spanish", "español", "espagnol"? The code, and its names in English, Spanish and itself."""
    names = {"castellano": "es"}
    for code in filter(None, LANGUAGES):
        names |= {fold(name): code for name in (code, *(language_name(code, said) for said in ("en", "es", code)))}
    return names


_LANGUAGE_OF = _names_of_languages()
