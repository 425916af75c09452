"""What stands in where the real thing would hide what is looked at."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Pushes:
    """In place of Reflex's tabs: whose handler was started, and which tabs are closed."""

    started: list[str] = field(default_factory=list)
    closed: set[str] = field(default_factory=set)

    shown: dict[str, str] = field(default_factory=dict)
    hung_up: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    takes_nothing: bool = False

    async def start(self, token: str, _handler: Any, has_run: Callable[[], None] = lambda: None) -> None:
        """Note it."""
        self.started.append(token)
        if self.takes_nothing:
            has_run()

    async def show(self, token: str, _state: Any, _name: str, value: str) -> None:
        """What the tab shows of it now."""
        self.shown[token] = value

    async def hang_up(self, token: str) -> None:
        """Note it."""
        self.hung_up.append(token)

    def drop_state(self, token: str) -> None:
        """Note it."""
        self.dropped.append(token)

    def is_connected(self, token: str) -> bool:
        """Whether the tab is open."""
        return token not in self.closed
