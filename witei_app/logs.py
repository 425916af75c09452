"""Logging: one line an event, with ids and no contents."""

import logging
import sys

import structlog
from structlog.tracebacks import ExceptionDictTransformer

from witei_app.settings import settings


def set_up_logs() -> None:
    """Write events to standard error, readable or as JSON (WITEI_LOG_FORMAT)."""
    is_json = settings().log_format == "json"
    # Without the values of local variables: they are what people wrote, and their cookies.
    trace = [structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False))] if is_json else []
    words = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    render = structlog.processors.JSONRenderer() if is_json else words
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *trace,
            render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd tells every command
    logging.getLogger("httpx").setLevel(logging.WARNING)  # tells every address, and what of it is secret
    # Reflex would write down whatever somebody sent that is not of a handler's type, all of it.
    logging.getLogger("reflex_base.event.processor.base_state_processor").setLevel(logging.ERROR)
