"""What pages show of long work."""

from dataclasses import dataclass


@dataclass(frozen=True)
class JobRow:
    """Long work as its user sees it, worded."""

    id: int = 0
    label: str = ""
    detail: str = ""
    href: str = ""
    percent: int = 0
    state: str = ""
    is_open: bool = False
    refused: int = 0
    can_take_back: bool = False
