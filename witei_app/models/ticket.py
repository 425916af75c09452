"""What is to be done about contacts."""

from sqlalchemy import Index, PrimaryKeyConstraint, UniqueConstraint

from witei_app.models.base import SQLModel, StrEnum, datetime, id_field, link, moment, prose, word, workspace_link


class TicketState(StrEnum):
    OPEN = "open"
    WAITING = "waiting"
    CLOSED = "closed"


class TicketPriority(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Ticket(SQLModel, table=True):
    """An incident or request of a contact; `number` counts up in its workspace."""

    __table_args__ = (
        UniqueConstraint("workspace_id", "number"),
        Index("ix_ticket_contact", "contact_id", "workspace_id", "id"),
        Index("ix_ticket_list", "workspace_id", "id"),
        Index("ix_ticket_conversation", "conversation_id"),
    )

    id: int = id_field()
    workspace_id: int = workspace_link()
    number: int
    contact_id: int = link("contact.id", ondelete="CASCADE")
    conversation_id: int | None = link("conversation.id", optional=True, ondelete="SET NULL")
    assignee_id: int | None = link("user.id", optional=True, ondelete="SET NULL")
    title: str = word()
    state: str = word(TicketState.OPEN, 16)
    priority: str = word(TicketPriority.MEDIUM, 16)
    created_at: datetime = moment()


class TicketConversation(SQLModel, table=True):
    """A conversation that a ticket is linked with, besides the one that it was opened from."""

    __tablename__ = "ticket_conversation"
    __table_args__ = (
        PrimaryKeyConstraint("ticket_id", "conversation_id"),
        Index("ix_ticket_conversation_conversation", "conversation_id"),
    )

    ticket_id: int = link("ticket.id", ondelete="CASCADE")
    conversation_id: int = link("conversation.id", ondelete="CASCADE")
    workspace_id: int = workspace_link()


class TicketEntryKind(StrEnum):
    OPENED = "opened"
    TITLE = "title"
    STATE = "state"
    PRIORITY = "priority"
    ASSIGNEE = "assignee"
    LINKED = "linked"
    UNLINKED = "unlinked"
    COMMENT = "comment"


class TicketEntry(SQLModel, table=True):
    """A line of a ticket's history: what was changed from what to what, or a comment (`body`, for the team alone)."""

    __tablename__ = "ticket_entry"
    __table_args__ = (Index("ix_ticket_entry_ticket", "ticket_id", "id"),)

    id: int = id_field()
    workspace_id: int = workspace_link()
    ticket_id: int = link("ticket.id", ondelete="CASCADE")
    user_id: int | None = link("user.id", optional=True, ondelete="SET NULL")
    kind: str = word(length=16)
    before: str = word()
    after: str = word()
    body: str = prose()
    at: datetime = moment()
