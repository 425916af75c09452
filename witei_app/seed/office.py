"""Where a synthetic workspace's rows go, and which ids they get."""

from collections import Counter
from dataclasses import dataclass, field

from sqlmodel import SQLModel


@dataclass(frozen=True)
class Office:
    """The workspace that the rows go to; chats begin in the widget. `users` and `signatures` are in order."""

    workspace_id: int
    users: tuple[int, ...]
    names: tuple[str, ...]
    signatures: tuple[str, ...]
    mail_domain: str
    widget_id: int


@dataclass
class Numbers:
    """The next id of each table, and the contacts' ids by their number."""

    next_id: Counter[type[SQLModel]]
    contacts: dict[int, int] = field(default_factory=dict)

    def take(self, model: type[SQLModel]) -> int:
        number = self.next_id[model]
        self.next_id[model] = number + 1
        return number
