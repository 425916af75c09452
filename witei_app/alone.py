"""SQLite has one process that does the worker's jobs: a second one would take what the first is sending for lost."""

import fcntl
import os
import sys
from typing import Final

from sqlalchemy.engine import make_url

from witei_app.settings import Settings

_held: Final[list[int]] = []  # open as long as the process lives; the system lets go of it, however that ends


def refuse_a_second_worker(settings: Settings) -> None:
    """End with one line where another process works on the same SQLite database. Expects its folder to be there."""
    if not settings.is_sqlite:
        return
    path = f"{make_url(settings.database).database}.lock"
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit(f"{path}: another Conversations runs on this database. Stop it first, or set another WITEI_DATA_DIR.")
    _held.append(lock)
