"""All tables. One file per noun: columns, enums and small properties, no rules."""

from witei_app.models.api import ApiToken, KeptAnswer
from witei_app.models.audit import AuditAction, AuditEntry, AuditTopic
from witei_app.models.base import metadata
from witei_app.models.contact import Contact, ContactAddress, ContactNote
from witei_app.models.conversation import Channel, Conversation, ConversationCount, ReadCursor, Status
from witei_app.models.draft import Draft, FirstDraft
from witei_app.models.event import (
    BESIDES_MESSAGES,
    DIRECTIONS_OF_MESSAGES,
    KINDS_OF_MESSAGES,
    ConversationEvent,
    EventKind,
)
from witei_app.models.file import Attachment, UnusedFile, Upload
from witei_app.models.job import Job, JobRefusal, JobState
from witei_app.models.mail import NOT_ARRIVED, Delivery, DeliveryState, DemoMail, InboundMail, InboundState, SystemMail
from witei_app.models.mailbox import ImapAccount, MailboxSecurity, MailboxState
from witei_app.models.mention import MessageMention
from witei_app.models.message import PASSED_BETWEEN_US, Direction, Message
from witei_app.models.notification import Attention, NoticeKind, Notification, NotificationChoice
from witei_app.models.quote import Quote, QuoteLine, QuoteState
from witei_app.models.recipient import MessageRecipient, RecipientKind
from witei_app.models.report import ReportDay, ReportLate, ReportMail, ReportSource
from witei_app.models.sender import DkimKey, DomainState, SenderAddress, SenderDomain
from witei_app.models.template import MessageTemplate, TemplateFile
from witei_app.models.ticket import (
    Ticket,
    TicketConversation,
    TicketEntry,
    TicketEntryKind,
    TicketPriority,
    TicketState,
)
from witei_app.models.user import (
    ConversationScope,
    LinkKind,
    OneTimeLink,
    Reach,
    RecoveryCode,
    Role,
    SignaturePicture,
    SignInSession,
    TemplateLevel,
    User,
)
from witei_app.models.webchat import BlockedAddress, Visitor, VisitorFile, VisitorToken, Widget
from witei_app.models.webhook import HookState, Webhook, WebhookDelivery
from witei_app.models.workspace import FormerMailbox, NewGoTo, Workspace

__all__ = [
    "BESIDES_MESSAGES",
    "DIRECTIONS_OF_MESSAGES",
    "KINDS_OF_MESSAGES",
    "NOT_ARRIVED",
    "PASSED_BETWEEN_US",
    "ApiToken",
    "Attachment",
    "Attention",
    "AuditAction",
    "AuditEntry",
    "AuditTopic",
    "BlockedAddress",
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
    "FirstDraft",
    "FormerMailbox",
    "HookState",
    "ImapAccount",
    "InboundMail",
    "InboundState",
    "Job",
    "JobRefusal",
    "JobState",
    "KeptAnswer",
    "LinkKind",
    "MailboxSecurity",
    "MailboxState",
    "Message",
    "MessageMention",
    "MessageRecipient",
    "MessageTemplate",
    "NewGoTo",
    "NoticeKind",
    "Notification",
    "NotificationChoice",
    "OneTimeLink",
    "Quote",
    "QuoteLine",
    "QuoteState",
    "Reach",
    "ReadCursor",
    "RecipientKind",
    "RecoveryCode",
    "ReportDay",
    "ReportLate",
    "ReportMail",
    "ReportSource",
    "Role",
    "SenderAddress",
    "SenderDomain",
    "SignInSession",
    "SignaturePicture",
    "Status",
    "SystemMail",
    "TemplateFile",
    "TemplateLevel",
    "Ticket",
    "TicketConversation",
    "TicketEntry",
    "TicketEntryKind",
    "TicketPriority",
    "TicketState",
    "UnusedFile",
    "Upload",
    "User",
    "Visitor",
    "VisitorFile",
    "VisitorToken",
    "Webhook",
    "WebhookDelivery",
    "Widget",
    "Workspace",
    "metadata",
]
