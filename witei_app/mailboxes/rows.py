"""What the page of mailboxes shows."""

from dataclasses import dataclass


@dataclass(frozen=True)
class MailboxRow:
    """A mailbox and how it is. `tone` is the colour of its state, `problem` what is wrong, `facts` what was last.

    `backfill` says how far old mails are fetched, `percent` the same as a number while that goes on, else -1.
    """

    id: int
    address: str
    place: str
    is_on: bool
    state: str
    tone: str
    problem: str = ""
    facts: str = ""
    backfill: str = ""
    percent: int = -1
    can_backfill: bool = False
    can_add_sent: bool = False


@dataclass(frozen=True)
class MailboxForm:
    """What the dialog begins with."""

    address: str = ""
    host: str = ""
    port: str = "993"
    security: str = "tls"
    username: str = ""
    folder: str = "INBOX"
    marks_read: bool = False
