"""The calendar invitation of a message: kept with it, and worded for its reader."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from witei_app.accounts.actor import Actor
from witei_app.conversations.rows import InvitationRow
from witei_app.mail.types import Invitation
from witei_app.texts import later, translate
from witei_app.texts.when import date_label, local_day, moment_label, time_label

_KINDS = {
    "CANCEL": later("Cancelled appointment"),
    "REPLY": later("Answer to an invitation"),
    "COUNTER": later("Another time is proposed"),
}
_ANSWERS = {
    "ACCEPTED": later("Invitation accepted"),
    "DECLINED": later("Invitation declined"),
    "TENTATIVE": later("Invitation accepted for now"),
}
_INVITATION = later("Invitation")


def kept_invitation(invitation: Invitation | None) -> dict[str, Any]:
    """As it is stored; {} for none."""
    if invitation is None:
        return {}
    return {
        "method": invitation.method,
        "title": invitation.summary,
        "starts": _written(invitation.starts_at),
        "ends": _written(invitation.ends_at),
        "place": invitation.place,
        "organiser": str(invitation.organiser),
        "answer": invitation.answer,
    }


def invitation_row(kept: dict[str, Any], actor: Actor) -> InvitationRow:
    """In the reader's language and time zone."""
    answer = _ANSWERS.get(kept.get("answer", ""))  # one that was kept before has none
    return InvitationRow(
        kind=translate(answer or _KINDS.get(kept["method"], _INVITATION), actor.language),
        title=kept["title"],
        when=_when(_read(kept["starts"]), _read(kept["ends"]), actor),
        place=kept["place"],
        organiser=kept["organiser"],
    )


def _written(moment: datetime | date | None) -> str:
    return moment.isoformat() if moment else ""


def _read(written: str) -> datetime | date | None:
    if not written:
        return None
    return datetime.fromisoformat(written) if "T" in written else date.fromisoformat(written)


def _when(starts: datetime | date | None, ends: datetime | date | None, actor: Actor) -> str:
    if starts is None:
        return ""
    if not isinstance(starts, datetime):
        last = ends - timedelta(days=1) if ends and not isinstance(ends, datetime) else starts  # RFC 5545, 3.6.1
        days = [starts, *([last] if last > starts else [])]
        return " – ".join(date_label(day, actor.language) for day in days)
    zone = actor.time_zone if starts.tzinfo else "UTC"
    label = moment_label(_placed(starts), zone, actor.language)
    if not isinstance(ends, datetime) or (ends.tzinfo is None) != (starts.tzinfo is None) or ends <= starts:
        return label
    if local_day(_placed(ends), zone) == local_day(_placed(starts), zone):
        return f"{label}–{time_label(_placed(ends), zone, actor.language)}"
    return f"{label} – {moment_label(_placed(ends), zone, actor.language)}"


def _placed(moment: datetime) -> datetime:
    """An hour on the spot is said as it is (RFC 5545, 3.3.5: "floating")."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
