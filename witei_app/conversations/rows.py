"""What the inbox shows: flat, frozen rows, already worded for one reader.

Times are labels in the reader's language and time zone ("10:42", "Yesterday", "14 Nov"); `at` is ISO 8601 in UTC.
"""

from dataclasses import dataclass, field

from witei_app.crm.rows import AddressRow, NoteRow


@dataclass(frozen=True)
class PersonRow:
    """Somebody with an avatar: initials on one of five tints (1 to 5); a colleague may be away."""

    id: int = 0
    name: str = ""
    initials: str = ""
    tint: int = 5
    is_away: bool = False


@dataclass(frozen=True)
class ColleagueRow(PersonRow):
    """Somebody to choose from. `takes_conversations`: may see and answer those that are given to them."""

    takes_conversations: bool = True


@dataclass(frozen=True)
class ConversationRow:
    """One line of the list. `channel` is "email" or "web_chat"; the greater `rank`, the higher it stands.

    With `has_failed` an answer did not arrive, or, with `is_unsure` too, nobody knows whether it did; with `is_ours` it
    is one of us whose words are shown.
    """

    id: int
    contact_name: str
    initials: str
    tint: int
    channel: str
    subject: str
    preview: str
    rank: str
    at: str
    when: str
    assignee_id: int = 0
    assignee_name: str = ""
    assignee_initials: str = ""
    assignee_tint: int = 5
    is_unread: bool = False
    has_failed: bool = False
    is_unsure: bool = False
    has_draft: bool = False
    needs_reply: bool = False
    is_ours: bool = False


@dataclass(frozen=True)
class Piece:
    """A piece of plain text; what was searched for is marked."""

    text: str
    is_found: bool = False


@dataclass(frozen=True)
class FoundRow:
    """A conversation by the newest of its messages (`id`, `number`) that holds what was searched for.

    `author` is empty when the contact wrote it.
    """

    id: int
    conversation_id: int
    number: int
    contact_name: str
    initials: str
    tint: int
    channel: str
    at: str
    when: str
    author: str
    is_note: bool = False
    is_archived: bool = False
    subject: list[Piece] = field(default_factory=list)
    excerpt: list[Piece] = field(default_factory=list)


@dataclass(frozen=True)
class FileRow:
    """A file on a message, or waiting in a draft; `url` is /files/{id}, `size` is worded ("214 KB").

    A quote is a card: its number, title, total and state are worded, `quote_state` is the state itself.
    """

    id: int
    name: str
    size: str
    url: str
    is_image: bool = False
    quote_url: str = ""
    quote_title: str = ""
    quote_total: str = ""
    quote_state: str = ""
    quote_state_label: str = ""


@dataclass(frozen=True)
class RecipientRow:
    """Somebody that a message goes to. `header` is "To", "Cc" or "Bcc"; `state` is that of their own delivery."""

    address: str
    name: str = ""
    header: str = ""
    state: str = ""
    state_label: str = ""
    state_detail: str = ""


@dataclass(frozen=True)
class InvitationRow:
    """What a calendar invitation invites to. `kind` is worded ("Invitation"), `when` too."""

    kind: str = ""
    title: str = ""
    when: str = ""
    place: str = ""
    organiser: str = ""


@dataclass(frozen=True)
class MessageRow:
    """One entry of the thread.

    `recipients` are said where there are several, or others besides us.
    `kind`: "in" from the contact, "out" from a user, "note" internal, "event" a system line (only `text` is set).
    `html` is sanitised to a few inline and list tags and may be shown in place; `frame_url`, when not empty, is the
    address of the sandboxed original, for mails whose layout matters. `rest_html` is the folded quoted history.
    `signs` are some of the words "automatic", "mail" (its source and why it is here can be shown), "vouched" (by its
    sender's domain) and "stray" (it answers another conversation): one word is less to send than a flag for each.
    `warning` is not empty when its sender's domain denies it. `user_id` is of the user who wrote.
    `state`: "", "queued", "sending", "sent", "deferred", "failed", "bounced", "unknown".
    """

    number: int
    id: int
    kind: str
    author: str
    initials: str
    tint: int
    at: str
    time: str
    day: str
    starts_day: bool
    label: str
    user_id: int = 0
    html: str = ""
    text: str = ""
    rest_html: str = ""
    frame_url: str = ""
    subject: str = ""
    state: str = ""
    state_label: str = ""
    state_detail: str = ""
    signs: str = ""
    warning: str = ""
    invitations: list[InvitationRow] = field(default_factory=list)  # one at most; "[]" is less to send than its fields
    files: list[FileRow] = field(default_factory=list)
    recipients: list[RecipientRow] = field(default_factory=list)


@dataclass(frozen=True)
class WhyRow:
    """Why a mail is where it is, and who vouches for its sender.

    `points_to` is the conversation that it seems to belong to.
    """

    message_id: int = 0
    reason: str = ""
    points_to: int = 0
    points_to_title: str = ""
    sender: str = ""
    recipient: str = ""
    verdict: str = ""
    verdict_words: str = ""
    checks: str = ""
    source_url: str = ""
    can_split: bool = False


@dataclass(frozen=True)
class UnreadableRow:
    """A mail that could not be read; `url` gives its raw file."""

    id: int
    sender: str
    received: str
    size: str
    reason: str
    url: str


@dataclass(frozen=True)
class CardRow:
    """A note, an earlier conversation, a ticket or a quote beside the thread."""

    id: int
    title: str
    detail: str
    url: str = ""
    is_mail: bool = False


@dataclass(frozen=True)
class PageRow:
    """A page that the visitor looked at. `url` is a web address or empty."""

    at: str
    title: str
    url: str


@dataclass(frozen=True)
class VisitRow:
    """Beside the thread of a web chat. `page_url` is a web address or empty; all of it was said by the browser.

    `email` and `phone` were typed by the visitor: nobody has checked them. `account` is who the site says that its
    user is; with `is_proven` it has signed that, and the address too if `is_email_proven`. `blocked` says by whom and
    when they were blocked, "" while they are not; `has_address` that it is known where they came from.
    """

    page: str = ""
    page_url: str = ""
    referrer: str = ""
    browser: str = ""
    language: str = ""
    country: str = ""
    local_time: str = ""
    email: str = ""
    phone: str = ""
    account: str = ""
    is_proven: bool = False
    is_email_proven: bool = False
    blocked: str = ""
    has_address: bool = False
    path: list[PageRow] = field(default_factory=list)


@dataclass(frozen=True)
class DetailsRow:
    """The contact beside the thread."""

    contact_id: int = 0
    name: str = ""
    initials: str = ""
    tint: int = 5
    place: str = ""
    responsible: str = ""
    email: str = ""
    phone: str = ""
    language: str = ""
    origin: str = ""
    created: str = ""
    local_time: str = ""
    addresses: list[AddressRow] = field(default_factory=list)
    notes: list[NoteRow] = field(default_factory=list)
    history: list[CardRow] = field(default_factory=list)
    tickets: list[CardRow] = field(default_factory=list)
    quotes: list[CardRow] = field(default_factory=list)
    visit: VisitRow = field(default_factory=VisitRow)


@dataclass(frozen=True)
class HeaderRow:
    """The head of the open thread.

    `snoozed_until` is worded, "" while it is not snoozed; so is `in_bin_until`, and then `holds` says what would go.
    """

    id: int = 0
    contact_name: str = ""
    initials: str = ""
    tint: int = 5
    channel: str = ""
    subject: str = ""
    status: str = ""
    assignee: PersonRow = field(default_factory=PersonRow)
    reply_to: str = ""
    reply_warning: str = ""
    sends_from: str = ""
    snoozed_until: str = ""
    in_bin_until: str = ""
    holds: str = ""
