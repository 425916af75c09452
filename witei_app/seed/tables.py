"""Rows as tuples: which columns the seed fills itself, and what the others get."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from pydantic_core import PydanticUndefined
from sqlmodel import SQLModel

from witei_app.models import (
    Contact,
    ContactAddress,
    ContactNote,
    Conversation,
    ConversationCount,
    ConversationEvent,
    Delivery,
    Message,
    Quote,
    QuoteLine,
    ReadCursor,
    Ticket,
    TicketEntry,
)

Row = tuple[Any, ...]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# What the seed says of each row. A column that is not named here gets its model's default.
COLUMNS: dict[type[SQLModel], tuple[str, ...]] = {
    Contact: _words("id workspace_id name surnames email phone language origin responsible_id search_text created_at"),
    ContactAddress: _words("id workspace_id contact_id address created_at"),
    ContactNote: _words("id workspace_id contact_id author_id body created_at"),
    Ticket: _words("id workspace_id number contact_id assignee_id title state priority created_at"),
    TicketEntry: _words("id workspace_id ticket_id user_id kind before after at"),
    Quote: _words(
        "id workspace_id number contact_id author_id title total state valid_until created_at sent_at read_at "
        "answered_at answered_by"
    ),
    QuoteLine: _words("id workspace_id quote_id position description quantity price vat"),
    Conversation: _words(
        "id workspace_id contact_id assignee_id channel status subject contact_name preview last_number "
        "last_inbound_id last_message_at needs_reply has_failed waiting_since opened_at first_replied_at "
        "archived_at origin widget_id"
    ),
    Message: _words(
        "id workspace_id conversation_id number direction user_id author_name address subject text html "
        "signature_html rfc_message_id in_reply_to created_at"
    ),
    ConversationEvent: _words(
        "id workspace_id conversation_id kind user_id after_number data channel origin assignee_id previous_id "
        "is_automatic seconds stars backlog opened_at at"
    ),
    Delivery: _words(
        "id workspace_id message_id recipient state attempts due_at claimed_at handed_at sent_at reason "
        "response created_at"
    ),
    ReadCursor: _words("user_id conversation_id workspace_id message_id"),
    ConversationCount: _words("workspace_id assignee_id status channel quantity"),
}


@dataclass(frozen=True)
class Layout:
    """A table's columns in the order of the rows, and the values that every row ends with."""

    table: str
    columns: tuple[str, ...]
    rest: Row


def layout(model: type[SQLModel], moment: Any) -> Layout:
    """How rows of this model are stored; `moment` fills times that have no value of their own.

    Rows of a model that COLUMNS does not hold are whole.
    """
    named = COLUMNS.get(model, tuple(model.model_fields))
    others = [name for name in model.model_fields if name not in named]
    return Layout(str(model.__tablename__), (*named, *others), tuple(_default(model, name, moment) for name in others))


def _default(model: type[SQLModel], name: str, moment: Any) -> Any:
    field = model.model_fields[name]
    if field.default is not PydanticUndefined:
        # An enum's word, as the column holds it: the rows go through a pipe that knows plain values alone.
        return field.default.value if isinstance(field.default, Enum) else field.default
    made = field.default_factory() if field.default_factory else None  # type: ignore[call-arg]
    return moment if isinstance(made, datetime) else made


@dataclass(frozen=True)
class Style:
    """How moments (UTC seconds), documents, amounts and days are written: as Python objects for the ORM, as what the
    driver takes for bulk loading."""

    moment: Callable[[int], Any]
    document: Callable[[dict[str, Any]], Any]
    amount: Callable[[Decimal], Any]
    day: Callable[[date], Any]
