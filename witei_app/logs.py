"""Logging: one line an event, with ids and no contents."""

import logging
import sys
import time
from io import StringIO
from typing import TextIO

import structlog
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict, ExcInfo

from witei_app.library_logs import tell_of_libraries
from witei_app.outage import is_outage
from witei_app.settings import settings

SAY_AGAIN_SECONDS = 60.0
_said: dict[tuple[str, type[BaseException], str], float] = {}


def set_up_logs() -> None:
    """Write events to standard error, readable or as JSON (WITEI_LOG_FORMAT)."""
    _said.clear()
    is_json = settings().log_format == "json"
    # Without the values of local variables: they are what people wrote, and their cookies.
    trace = [structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False))] if is_json else []
    words = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=_indented)
    render = structlog.processors.JSONRenderer() if is_json else words
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            _without_outages,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *trace,
            render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),  # as it is when the line is written
    )
    for name in ("mail.log", "httpx"):  # these tell every command, and every address with what of it is secret
        logging.getLogger(name).setLevel(logging.WARNING)
    # Reflex would write down whatever somebody sent that is not of a handler's type, all of it.
    logging.getLogger("reflex_base.event.processor.base_state_processor").setLevel(logging.ERROR)
    tell_of_libraries()


def _indented(out: TextIO, fault: ExcInfo) -> None:
    """The way to a fault, set in from the margin: what an error quotes cannot pass for a line of the log."""
    plain = StringIO()
    structlog.dev.plain_traceback(plain, fault)
    for line in plain.getvalue().splitlines():
        out.write("\n    " + "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in line))


def _without_outages(_logger: object, _name: str, event: EventDict) -> EventDict:
    """A database that is away is said once, by `live/away.py`: not by each of those who cannot do their work then."""
    fault = event.get("exc_info")
    fault = sys.exc_info()[1] if fault is True else fault
    if isinstance(fault, BaseException) and (is_outage(fault) or _was_just_said(event, fault)):
        raise structlog.DropEvent
    return event


def _was_just_said(event: EventDict, fault: BaseException) -> bool:
    """A full disk, or a bug in a loop, is said once a minute."""
    words, moment = (event["event"], type(fault), str(fault)[:200]), time.monotonic()
    for old in [old for old, at in _said.items() if moment - at > SAY_AGAIN_SECONDS]:
        del _said[old]
    return _said.setdefault(words, moment) != moment
