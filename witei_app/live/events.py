"""What can happen, said in past tense. Rules announce; after the commit the bus carries it to whoever watches."""

from dataclasses import asdict, dataclass
from dataclasses import fields as dataclass_fields
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession


@dataclass(frozen=True)
class Event:
    """Something that happened in a workspace; all fields are ids and small words, so that it can cross processes."""

    workspace_id: int


@dataclass(frozen=True)
class MessageAdded(Event):
    """A message or an internal note was added to a conversation."""

    conversation_id: int
    message_id: int
    number: int
    direction: str


@dataclass(frozen=True)
class ConversationChanged(Event):
    """Assigned, archived, reopened, deleted or renamed. `assignee_before` is who had it, for those who lose sight."""

    conversation_id: int
    assignee_before: int | None = None


@dataclass(frozen=True)
class DeliveryChanged(Event):
    """The state of a message's delivery is another one."""

    conversation_id: int
    message_id: int


@dataclass(frozen=True)
class MessageChanged(Event):
    """What a message shows is another thing now: the state of the quote that went with it."""

    conversation_id: int
    message_id: int


@dataclass(frozen=True)
class DeliveryQueued(Event):
    """There is something for the outbox's worker, at once or `seconds` later."""

    seconds: int = 0


@dataclass(frozen=True)
class MailToVouch(Event):
    """A raw mail waits for who vouches for its sender, before it is read."""


@dataclass(frozen=True)
class WebhookQueued(Event):
    """There is something to tell a webhook."""


@dataclass(frozen=True)
class WebhookAnswered(Event):
    """A webhook was told something; whether it took it is written down."""


@dataclass(frozen=True)
class MailStored(Event):
    """A raw mail waits to be read."""


@dataclass(frozen=True)
class MailUnreadable(Event):
    """A raw mail could not be read, or is to be read once more."""


@dataclass(frozen=True)
class MailboxChanged(Event):
    """A mailbox that we fetch from was changed by a person (`is_edit`), or its health or progress is another."""

    account_id: int
    is_edit: bool = False


@dataclass(frozen=True)
class ConversationRead(Event):
    """A user has read a conversation up to a message (in another tab, perhaps)."""

    conversation_id: int
    user_id: int
    message_id: int


@dataclass(frozen=True)
class DraftKept(Event):
    """A user has written some more of an answer, or has put it away."""

    conversation_id: int
    user_id: int


@dataclass(frozen=True)
class FirstDraftKept(Event):
    """The same of a new conversation that a user has begun to write."""

    user_id: int


@dataclass(frozen=True)
class AccessChanged(Event):
    """A user signed out, was deactivated, or may see other things now."""

    user_id: int


@dataclass(frozen=True)
class Notified(Event):
    """Users are told something of a conversation. `people`: each one's id and how often it is by now, unread; of
    several at once the number of the first."""

    conversation_id: int
    notice: str
    by: str
    people: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class NotificationsChanged(Event):
    """These users have read some of what they were told, or want to be told otherwise."""

    user_ids: tuple[int, ...]


@dataclass(frozen=True)
class VisitorSeen(Event):
    """The visitor of a web chat has read up to a number, or is typing."""

    conversation_id: int
    number: int
    is_typing: bool


@dataclass(frozen=True)
class VisitorHere(Event):
    """A visitor opened a web chat and has not written yet, or left it."""

    visitor_hash: str
    widget_key: str
    page_url: str
    page_title: str
    referrer: str
    language: str
    time_zone: str
    browser: str
    country: str
    is_leaving: bool


@dataclass(frozen=True)
class VisitorsStay(Event):
    """Visitors who were said to be here still are; no screen changes by it."""

    visitor_hashes: tuple[str, ...]


@dataclass(frozen=True)
class VisitorGone(Event):
    """A web chat is its visitor's no more: "forgotten" at their wish, "closed" or "blocked" by the agency."""

    conversation_id: int
    why: str


@dataclass(frozen=True)
class AddressBlocked(Event):
    """No visitor finds a chat from this network any more."""

    network: str


@dataclass(frozen=True)
class WidgetClosed(Event):
    """A chat widget was switched off or deleted."""

    widget_id: int


@dataclass(frozen=True)
class UserLooking(Event):
    """In so many of this process's tabs a user has the conversation open now; 0 is no more in any."""

    conversation_id: int
    user_id: int
    name: str
    process: str
    tabs: int


@dataclass(frozen=True)
class PeopleHere(Event):
    """All who have a tab open in this process, and what they have open there: the same fields as of `UserLooking`.

    Said again and again, so that what was not heard, and the end of a process that was killed, is known soon.
    """

    process: str
    user_ids: tuple[int, ...]
    looking: tuple[tuple[int, int, str, int], ...]


@dataclass(frozen=True)
class ProcessBegun(Event):
    """A process has begun to listen, or could not for a while: who has something to say again says it."""


@dataclass(frozen=True)
class TabMoved(Event):
    """A browser's tab has its line to this process now; what another one still holds of it is out of date."""

    process: str
    token: str


@dataclass(frozen=True)
class EventsMissed(Event):
    """Some events did not come through: whoever keeps something up to date by them reads it anew."""


@dataclass(frozen=True)
class UserTyping(Event):
    """A user is writing an answer in a web chat."""

    conversation_id: int
    user_id: int
    name: str


@dataclass(frozen=True)
class ColleagueWriting(Event):
    """A user is writing in a conversation, an answer or a note: whoever has it open too sees that."""

    conversation_id: int
    user_id: int


@dataclass(frozen=True)
class RecordChanged(Event):
    """A contact, quote or ticket is new, another or gone. `folder`: "contacts", "quotes" or "tickets"; an id of 0 is
    several. It shows on its own page, in the list of its folder, and on the page of its contact."""

    folder: str
    record_id: int = 0
    contact_id: int = 0


@dataclass(frozen=True)
class JobChanged(Event):
    """Long work was asked for, got on, or ended."""

    job_id: int
    user_id: int


KINDS = {kind.__name__: kind for kind in Event.__subclasses__()}


def announce(db: AsyncSession, event: Event) -> None:
    """Publish the event once this transaction is committed; if it is rolled back, nobody hears of it."""
    db.info.setdefault("announced", []).append(event)


def to_fields(event: Event) -> dict[str, Any]:
    """The event as JSON can carry it."""
    return {"kind": type(event).__name__, **asdict(event)}


def from_fields(fields: dict[str, Any]) -> Event:
    """The event that `to_fields` took apart. What a newer version says besides is left out."""
    kind = KINDS[fields["kind"]]
    known = {field.name for field in dataclass_fields(kind)}
    return kind(**{name: _frozen(value) for name, value in fields.items() if name in known})


def _frozen(value: Any) -> Any:
    return tuple(_frozen(part) for part in value) if isinstance(value, list) else value
