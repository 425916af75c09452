"""Calendar invitations (RFC 5545, RFC 6047): what, when, where and from whom."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from witei_app.mail.charsets import without_controls
from witei_app.mail.types import Address, Invitation

_LARGEST = 1_000_000
_YEARS = range(1900, 2200)  # in others no clock of the reader's can be counted on: the first and last days overflow


def read_invitation(calendar: str) -> Invitation | None:
    """The first event in `calendar`, None when there is none that can be read."""
    if "BEGIN:VEVENT" not in calendar[:_LARGEST].upper():
        return None
    try:
        from icalendar import Calendar  # it takes 0.1 s to load, and few mails need it

        parsed: Any = Calendar.from_ical(calendar[:_LARGEST])
        return _invitation(parsed, next(iter(parsed.walk("VEVENT"))))
    except Exception:  # the library raises whatever the text leads it to; the .ics is among the files anyway
        return None


def _invitation(calendar: Any, event: Any) -> Invitation:
    starts_at = _moment(event, "DTSTART")
    method = _text(calendar.get("METHOD", "")).upper()
    return Invitation(
        method=method,
        summary=_text(event.get("SUMMARY", "")),
        starts_at=starts_at,
        ends_at=_moment(event, "DTEND") or _in_reason(_after(starts_at, event)),
        place=_text(event.get("LOCATION", "")),
        organiser=_organiser(event.get("ORGANIZER")),
        uid=_text(event.get("UID", "")),
        answer=_answer(event.get("ATTENDEE")) if method == "REPLY" else "",
    )


def _moment(event: Any, name: str) -> datetime | date | None:
    value = getattr(event.get(name), "dt", None)
    found = _in_reason(value if isinstance(value, date) else None)
    return found.astimezone(UTC) if isinstance(found, datetime) and found.tzinfo else found


def _in_reason(moment: datetime | date | None) -> datetime | date | None:
    return moment if moment and moment.year in _YEARS else None


def _after(starts_at: datetime | date | None, event: Any) -> datetime | date | None:
    length = getattr(event.get("DURATION"), "dt", None)
    return starts_at + length if starts_at and isinstance(length, timedelta) else None


def _organiser(value: Any) -> Address:
    if value is None:
        return Address()
    name = _text(getattr(value, "params", {}).get("CN", ""))
    email = _text(value)
    return Address(name, email[7:] if email.lower().startswith("mailto:") else email)


def _answer(attendees: Any) -> str:
    """A reply names the one who gives it alone (RFC 5546, 3.2.3); of several nobody knows whose it is."""
    (one,) = attendees if isinstance(attendees, list) and len(attendees) == 1 else (attendees,)
    return _text(getattr(one, "params", {}).get("PARTSTAT", "")).upper()


def _text(value: Any) -> str:
    return without_controls(str(value)).strip()[:1000]
