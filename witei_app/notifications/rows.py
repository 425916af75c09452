"""What the bell shows of a notification."""

from dataclasses import dataclass


@dataclass(frozen=True)
class NoticeRow:
    """`title` says what happened, `text` begins what was written; `at` is for machines, `when` for people."""

    id: int = 0
    conversation_id: int = 0
    kind: str = ""
    title: str = ""
    text: str = ""
    initials: str = ""
    tint: int = 1
    when: str = ""
    at: str = ""
    is_unread: bool = False
