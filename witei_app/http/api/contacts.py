"""Contacts: list, search, one, create, change."""

from datetime import datetime

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from witei_app.accounts.actor import Actor
from witei_app.crm.edit import ContactInput, create_contact, save_contact
from witei_app.crm.lists import find_contacts
from witei_app.crm.visible import find_contact, see_contact
from witei_app.db import Session
from witei_app.http.api.call import Key, Made, ReadContacts, WriteContacts
from witei_app.http.api.shapes import Cursor, Id, Input, Language, Limit, Page, RowId, Search, Text, id_in, page_by_id
from witei_app.models import Contact

router = APIRouter(prefix="/contacts", tags=["Contacts"])


class ContactOut(BaseModel):
    """Somebody outside."""

    id: int
    name: str
    surnames: str
    email: str
    phone: str = Field(description="In international form, such as +34 600 11 22 33.")
    language: str
    origin: str
    responsible_id: int | None
    created_at: datetime


class NewContact(Input):
    """A contact needs a name, an e-mail address or a phone. Without `responsible_id` it is the token's user."""

    name: Text = Field("", max_length=255)
    surnames: Text = Field("", max_length=255)
    email: Text = Field("", max_length=320)
    phone: Text = Field("", max_length=40, description="Without a country code: of the workspace's country.")
    language: Language = Field("", max_length=8, description="Such as es or en; empty is not known.")
    origin: Text = Field("", max_length=64, description="Where the contact comes from, such as the name of a portal.")
    responsible_id: Id | None = None


class ContactChange(Input):
    """Only what is sent is changed. An empty text empties a field, null leaves it."""

    name: Text | None = Field(None, max_length=255)
    surnames: Text | None = Field(None, max_length=255)
    email: Text | None = Field(None, max_length=320)
    phone: Text | None = Field(None, max_length=40)
    language: Language | None = Field(None, max_length=8)
    origin: Text | None = Field(None, max_length=64)
    responsible_id: Id | None = Field(None, description="null is nobody.")


@router.get("", summary="List and search contacts", response_model=Page[ContactOut])
async def list_contacts(
    call: ReadContacts,
    request: Request,
    response: Response,
    search: Search = "",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> dict[str, object]:
    """The newest first. `search` finds names, addresses and phones, without case and accents."""
    before = id_in(cursor)
    async with call.looking() as (db, actor):
        found, following = await find_contacts(db, actor, search, before, limit)
    return page_by_id(request, response, [_contact(contact) for contact, _ in found], following)


@router.post("", status_code=201, summary="Create a contact", response_model=ContactOut)
async def create(call: WriteContacts, wanted: NewContact, key: Key = None) -> Response:
    """Refuses an address or a number that another contact has, unless the workspace allows duplicates."""

    async def work(db: Session, actor: Actor) -> Made:
        typed = ContactInput(**{**wanted.model_dump(), "responsible_id": wanted.responsible_id or 0})
        contact = await create_contact(db, actor, typed)
        return Made(_contact(contact), f"/api/v1/contacts/{contact.id}")

    return await call.once(key, work)


@router.get("/{contact_id}", summary="Get one contact", response_model=ContactOut)
async def get_contact(call: ReadContacts, contact_id: RowId) -> ContactOut:
    """One contact that the token's user sees."""
    async with call.looking() as (db, actor):
        return _contact(await see_contact(db, actor, contact_id))


@router.patch("/{contact_id}", summary="Change a contact", response_model=ContactOut)
async def change(call: WriteContacts, contact_id: RowId, wanted: ContactChange) -> ContactOut:
    """Change what is sent. A name follows in all conversations."""
    async with call.acting() as (db, actor):
        contact = await find_contact(db, actor, contact_id)
        before = {name: getattr(contact, name) for name in ContactChange.model_fields}
        sent = wanted.model_dump(exclude_unset=True)
        after = before | {name: value for name, value in sent.items() if value is not None or name == "responsible_id"}
        typed = ContactInput(**{**after, "responsible_id": after["responsible_id"] or 0})
        return _contact(await save_contact(db, actor, contact_id, typed))


def _contact(contact: Contact) -> ContactOut:
    return ContactOut(**{name: getattr(contact, name) for name in ContactOut.model_fields})
