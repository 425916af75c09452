"""All tables. One file per noun: columns, enums and small properties, no rules."""

from witei_app.models.base import metadata
from witei_app.models.contact import (
    Contact,
    ContactAddress,
    ContactNote,
    Quote,
    QuoteLine,
    QuoteState,
    Ticket,
    TicketPriority,
    TicketState,
)
from witei_app.models.conversation import (
    Attachment,
    Channel,
    Conversation,
    ConversationCount,
    ConversationEvent,
    Direction,
    Draft,
    EventKind,
    Message,
    MessageTemplate,
    ReadCursor,
    Status,
    Upload,
)
from witei_app.models.mail import Delivery, DeliveryState, DemoMail, InboundMail, InboundState
from witei_app.models.sender import DkimKey, DomainState, SenderAddress, SenderDomain
from witei_app.models.user import ConversationScope, Role, SignInSession, User
from witei_app.models.webchat import Visitor, Widget
from witei_app.models.workspace import Workspace

__all__ = [
    "Attachment",
    "Channel",
    "Contact",
    "ContactAddress",
    "ContactNote",
    "Conversation",
    "ConversationCount",
    "ConversationEvent",
    "ConversationScope",
    "Delivery",
    "DeliveryState",
    "DemoMail",
    "Direction",
    "DkimKey",
    "DomainState",
    "Draft",
    "EventKind",
    "InboundMail",
    "InboundState",
    "Message",
    "MessageTemplate",
    "Quote",
    "QuoteLine",
    "QuoteState",
    "ReadCursor",
    "Role",
    "SenderAddress",
    "SenderDomain",
    "SignInSession",
    "Status",
    "Ticket",
    "TicketPriority",
    "TicketState",
    "Upload",
    "User",
    "Visitor",
    "Widget",
    "Workspace",
    "metadata",
]
