"""The words that settings and states are made of: a row with another one would break the pages that read it."""

from collections.abc import Callable, Collection, Iterable
from enum import StrEnum
from typing import Any, cast

from witei_app.accounts.office_hours import DAYS, holidays_text, parse_holidays, parse_spans, zone_of
from witei_app.archive.values import Damaged
from witei_app.errors import Refused
from witei_app.models import (
    AuditAction,
    AuditTopic,
    Channel,
    EventKind,
    NoticeKind,
    TicketEntryKind,
    Workspace,
)
from witei_app.reports.by_mail import MONTHLY, WEEKLY
from witei_app.texts import LANGUAGES
from witei_app.webchat.files import FILE_KINDS
from witei_app.webchat.form import FIELDS, OPTIONAL, REQUIRED, check_privacy_url
from witei_app.webchat.look import LANGUAGES as CHAT_LANGUAGES
from witei_app.webchat.look import OWN_TEXTS
from witei_app.webchat.nudge import parse_nudge
from witei_app.webchat.typed import check_colour, parse_sites

Check = Callable[[Any], None]
_SHOWN = 60


class _Unknown(Exception):
    """This word."""


def check_words(table: str, row: dict[str, Any]) -> None:
    """Raises Damaged, by name, for a word that this program does not know."""
    for name in row.keys() & _CHECKS.get(table, {}).keys():
        try:
            _CHECKS[table][name](row[name])
        except _Unknown as fault:
            word = repr(fault.args[0])[:_SHOWN]
            raise Damaged(f"{table}.{name} says {word}, which this program does not know") from None
        except (Refused, AttributeError, TypeError, ValueError, KeyError) as fault:
            why = f": {fault}" if isinstance(fault, Refused) else ""
            raise Damaged(f"{table}.{name} cannot be read{why}") from None


def _one_of(words: Iterable[str]) -> Check:
    known = {str(word) for word in words}

    def check(value: Any) -> None:
        if value not in known:
            raise _Unknown(value)

    return check


def _is_zone(name: Any) -> None:
    if zone_of(name) is None:
        raise _Unknown(name)


def _is_week(document: Any) -> None:
    """Office hours: an empty document is none."""
    _only(document, {"is_on", "days", "holidays", "follows", "time_zone"})
    days = document.get("days", [])
    if len(days) not in {0, DAYS}:
        raise ValueError
    for text in days:
        parse_spans(text)
    parse_holidays(holidays_text(document.get("holidays", [])))
    if document.get("time_zone"):
        _is_zone(document["time_zone"])


def _is_form(document: Any) -> None:
    _only(document, {*FIELDS, "consent", "privacy_url"})
    for field in FIELDS:
        _one_of(("", OPTIONAL, REQUIRED))(document.get(field, ""))
    check_privacy_url(document.get("privacy_url", ""))


def _is_nudge(document: Any) -> None:
    _only(document, {"is_on", "seconds", "pages"})
    parse_nudge(is_on=True, seconds=str(document.get("seconds", "")), pages="\n".join(document.get("pages", [])))


def _is_texts(document: Any) -> None:
    _only(document, CHAT_LANGUAGES)
    for own in document.values():
        _only(own, OWN_TEXTS)
        if not all(isinstance(text, str) for text in own.values()):
            raise ValueError


def _is_sites(sites: Any) -> None:
    if parse_sites("\n".join(sites)) != sites:
        raise ValueError


def _is_colour(colour: Any) -> None:
    if check_colour(colour) != colour:
        raise ValueError


def _only(document: Any, names: Collection[str]) -> None:
    for name in document.keys():  # noqa: SIM118  (a list has none: it is refused)
        if name not in names:
            raise _Unknown(name)


def _enumerations() -> dict[str, dict[str, Check]]:
    """Columns whose default is a word of an enumeration hold no other."""
    found: dict[str, dict[str, Check]] = {}
    for mapper in Workspace._sa_registry.mappers:
        for name, field in cast(Any, mapper.class_).model_fields.items():
            if isinstance(field.default, StrEnum):
                found.setdefault(str(mapper.local_table), {})[name] = _one_of(type(field.default))
    return found


# What has no such default, and the documents.
_MORE: dict[str, dict[str, Check]] = {
    "workspace": {"language": _one_of(LANGUAGES), "time_zone": _is_zone, "office_hours": _is_week},
    "user": {"language": _one_of(("", *LANGUAGES)), "time_zone": _is_zone},
    "conversation_event": {"kind": _one_of(EventKind)},
    "notification": {"kind": _one_of(NoticeKind)},
    "notification_choice": {"kind": _one_of(NoticeKind)},
    "ticket_entry": {"kind": _one_of(TicketEntryKind)},
    "audit_entry": {"topic": _one_of(AuditTopic), "action": _one_of(AuditAction)},
    "message_template": {"channel": _one_of(("", *Channel))},
    "report_mail": {"every": _one_of((WEEKLY, MONTHLY))},
    "widget": {
        "position": _one_of(("left", "right")),
        "file_kinds": _one_of(FILE_KINDS),
        "language": _one_of(("", *CHAT_LANGUAGES)),
        "colour": _is_colour,
        "sites": _is_sites,
        "texts": _is_texts,
        "form": _is_form,
        "hours": _is_week,
        "nudge": _is_nudge,
    },
}
_FIRST = _enumerations()
_CHECKS = {table: {**_FIRST.get(table, {}), **_MORE.get(table, {})} for table in {*_FIRST, *_MORE}}
