"""What stands in where the real thing would hide what is looked at."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Pushes:
    """In place of Reflex's tabs: whose handler was started, and which tabs are closed."""

    started: list[str] = field(default_factory=list)
    closed: set[str] = field(default_factory=set)

    async def start(self, token: str, _handler: Any) -> None:
        """Note it."""
        self.started.append(token)

    def is_connected(self, token: str) -> bool:
        """Whether the tab is open."""
        return token not in self.closed
