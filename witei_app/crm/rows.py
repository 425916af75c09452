"""What CRM pages and panels show: flat, frozen rows, worded for one reader by `crm.worded`."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class ContactRow:
    """One line of the list of contacts, and the head of a contact's page."""

    id: int = 0
    name: str = ""
    initials: str = ""
    tint: int = 5
    email: str = ""
    phone: str = ""
    responsible: str = ""
    created: str = ""


@dataclass(frozen=True)
class EraseRow:
    """How much goes with a contact that is erased; `mails` are those that came, as they came."""

    id: int = 0
    name: str = ""
    conversations: int = 0
    messages: int = 0
    files: int = 0
    mails: int = 0
    notes: int = 0
    tickets: int = 0
    quotes: int = 0
    visits: int = 0
    ratings: int = 0


@dataclass(frozen=True)
class QuoteRow:
    """A quote in a list; `state` is the state itself, `state_label` says it."""

    id: int = 0
    number: str = ""
    title: str = ""
    total: str = ""
    state: str = ""
    state_label: str = ""
    contact_id: int = 0
    contact: str = ""
    valid_until: str = ""
    created: str = ""


@dataclass(frozen=True)
class QuoteLineRow:
    """A line as it stands in the form."""

    description: str = ""
    quantity: str = "1"
    price: str = ""
    vat: str = "21"
    amount: str = ""


@dataclass(frozen=True)
class TicketRow:
    """A ticket in a list, and on its page."""

    id: int = 0
    number: int = 0
    title: str = ""
    state: str = ""
    state_label: str = ""
    priority: str = ""
    priority_label: str = ""
    contact_id: int = 0
    contact: str = ""
    assignee_id: int = 0
    assignee: str = ""
    conversation_id: int = 0
    created: str = ""


@dataclass(frozen=True)
class TicketEntryRow:
    """A line of a ticket's history; `body` is the comment's. `at` is `when` in full."""

    id: int
    text: str
    body: str
    when: str
    at: str
    initials: str
    tint: int
    is_comment: bool


@dataclass(frozen=True)
class AddressRow:
    """An address that a contact writes from besides the main one; mail to it comes back when it `is_bad`."""

    id: int
    address: str
    is_bad: bool = False


@dataclass(frozen=True)
class NoteRow:
    """A note about a contact; who wrote it may change it."""

    id: int
    body: str
    detail: str
    is_own: bool


@dataclass(frozen=True)
class TotalsRow:
    """The sums below a quote's lines."""

    net: str = ""
    vat: list[str] = field(default_factory=list)
    total: str = ""


@dataclass(frozen=True)
class ColumnRow:
    """A column of a file that is to be imported, and which field of a contact it becomes."""

    index: int
    heading: str
    samples: str
    field: str


@dataclass(frozen=True)
class PreviewRow:
    """A row of the file as the contact that it would become, or `fault`, why it would not."""

    place: int
    name: str = ""
    email: str = ""
    phone: str = ""
    more: str = ""
    fault: str = ""


@dataclass(frozen=True)
class RejectedRow:
    """A row that was not added."""

    place: int
    reason: str
    cells: str


@dataclass(frozen=True)
class ImportRow:
    """The import of a file; while `state` is "prepared" it is being set up."""

    id: int = 0
    file: str = ""
    state: str = ""
    encoding: str = ""
    separator: str = ""
    has_headings: bool = True
    responsible: str = ""
    total: int = 0
    total_label: str = ""
    columns: list[ColumnRow] = field(default_factory=list)
    preview: list[PreviewRow] = field(default_factory=list)
    rejected: list[RejectedRow] = field(default_factory=list)
    rejected_label: str = ""
    more_rejected: bool = False


@dataclass(frozen=True)
class FieldRow:
    """One field on both sides; `is_other` while the other's is chosen. Where they differ, `is_choice`."""

    name: str
    label: str
    kept: str
    other: str
    is_choice: bool
    is_other: bool


@dataclass(frozen=True)
class MergeRow:
    """Both contacts side by side. `moved` says what comes along ("Conversations: 3")."""

    kept_id: int = 0
    other_id: int = 0
    kept: str = ""
    other: str = ""
    fields: list[FieldRow] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
