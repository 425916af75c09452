"""What libraries and browsers report, as lines of ours: from where, and by which error. Their words stay out of it.

They quote what they were sent: Reflex the whole event that it knows no handler for, its cookie included, at the word of
whoever opens a socket. The place in the library tells what it had to say.
"""

import logging
import re
import time
import traceback
from collections import Counter

import structlog

from witei_app.outage import is_outage

# Their words are fixed texts, and an operator needs them: an address that is in use, say.
_WORDED = ("uvicorn",)
# These have handlers of their own, which would write it all once more.
_WITH_HANDLERS = ("reflex", "uvicorn", "engineio", "engineio.server", "socketio", "socketio.server")
_WORDS = 200
_MOST_FRAMES = 8
# From one place; what clients can set off must not fill a disk.
_MOST_A_MINUTE = 20

log = structlog.get_logger()


def tell_of_libraries() -> None:
    """Have every library's warnings and errors told so, and in no other way."""
    outline = _Outline()
    for name in ("", *_WITH_HANDLERS):
        logger = logging.getLogger(name)
        for handler in list(logger.handlers):
            if name or isinstance(handler, _Outline):  # whoever listens at the root may go on
                logger.removeHandler(handler)
        logger.addHandler(outline)
        logger.propagate = False


def tell_of_browser(fault: str) -> None:
    """A page's script failed, says a browser; anybody can say so, and anything. What kind of error is enough."""
    kind = re.search(r"\b[A-Z][A-Za-z]{2,30}Error\b", fault[:2000])
    if (more := _browsers.told("browser")) is not None:
        log.warning("browser.fault", kind=kind[0] if kind else "", size=len(fault), **more)


class _Brake:
    """So many lines a minute from one place."""

    def __init__(self) -> None:
        self._minute, self._told = 0, Counter[str]()

    def told(self, place: str) -> dict[str, str] | None:
        """One more from there: what to add to it, or None if enough was told."""
        minute = int(time.monotonic()) // 60
        if minute != self._minute:
            self._minute, self._told = minute, Counter()
        self._told[place] += 1
        if self._told[place] > _MOST_A_MINUTE:
            return None
        return {"is_silent_for": "the rest of a minute"} if self._told[place] == _MOST_A_MINUTE else {}


_browsers = _Brake()


class _Outline(logging.Handler):
    """Tells each record through structlog, unless enough was told from its place."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._brake = _Brake()

    def emit(self, record: logging.LogRecord) -> None:
        """Tell it."""
        try:
            if record.exc_info and record.exc_info[1] and is_outage(record.exc_info[1]):
                return  # said once, by `live/away.py`
            place = f"{record.filename}:{record.lineno}"
            if (more := self._brake.told(place)) is not None:
                told = {"logger": record.name, "place": place} | _said(record) | _fault(record) | more
                log.log(record.levelno, "library", **told)
        except Exception:  # the log is gone, and what logging says then quotes the record
            return


def _said(record: logging.LogRecord) -> dict[str, str]:
    return {"words": str(record.msg).strip()[:_WORDS]} if record.name.startswith(_WORDED) else {}


def _fault(record: logging.LogRecord) -> dict[str, str]:
    """The error's kind and the way to it; what it says may be what somebody sent."""
    fault = record.exc_info[1] if record.exc_info else None
    if fault is None:
        return {}
    frames = traceback.extract_tb(fault.__traceback__)[-_MOST_FRAMES:]
    way = " > ".join(f"{'/'.join(frame.filename.split('/')[-2:])}:{frame.lineno} {frame.name}" for frame in frames)
    return {"fault": type(fault).__name__, "way": way}
