"""How long what was not taken is put off, by how often it was tried. Nothing is put off for longer than the last."""

from collections.abc import Sequence
from datetime import timedelta

MAIL_PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60, 120, 240))
WEBHOOK_PAUSES = tuple(timedelta(seconds=seconds) for seconds in (10, 30, 120, 300, 900, 3_600, 10_800, 21_600))


def pause_after(attempts: int, pauses: Sequence[timedelta]) -> timedelta:
    """Until the next try; the last pause again and again."""
    return pauses[min(attempts, len(pauses)) - 1]
