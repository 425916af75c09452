"""What a calendar invitation says is shown with the message that brings it."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.cast import Cast, all_of
from tests.conversations.test_mail_in import store
from witei_app.conversations.invitation import invitation_row, kept_invitation
from witei_app.conversations.mail_in import read_waiting_mail
from witei_app.conversations.rows import InvitationRow
from witei_app.conversations.thread import thread_page
from witei_app.conversations.worded import message_rows
from witei_app.db import reading
from witei_app.mail.invitation import read_invitation
from witei_app.models import Conversation

CORPUS = Path(__file__).parents[1] / "mail" / "corpus"


async def test_an_invitation_is_said_in_its_readers_time_and_language(cast: Cast) -> None:
    await store(cast, (CORPUS / "invitation_from_outlook.eml").read_bytes())
    await read_waiting_mail()
    (conversation,) = await all_of(Conversation)
    luis = replace(cast.luis, language="es", time_zone="Europe/Madrid")
    async with reading() as db:
        (row,) = message_rows((await thread_page(db, conversation))[0], conversation, luis)
    (invitation,) = row.invitations
    assert invitation == InvitationRow(
        kind="Invitación",
        title="Visita al ático de la calle Verdi, 12",
        when="26 nov 2026, 17:00–17:30",
        place="Carrer de Verdi, 12, Barcelona",
        organiser="Marco Torres <marco@example.com>",
    )


@pytest.mark.parametrize(
    ("lines", "kind", "when"),
    [
        ("DTSTART;VALUE=DATE:20261201\nDTEND;VALUE=DATE:20261202", "Invitation", "1 Dec 2026"),
        ("DTSTART;VALUE=DATE:20261201\nDTEND;VALUE=DATE:20261204", "Invitation", "1 Dec 2026 – 3 Dec 2026"),
        ("DTSTART:20261126T220000Z\nDTEND:20261127T010000Z", "Invitation", "26 Nov 2026, 23:00 – 27 Nov 2026, 02:00"),
        ("DTSTART:20261126T170000\nDTEND:20261126T173000", "Invitation", "26 Nov 2026, 17:00–17:30"),
        ("DTSTART:20261126T170000Z\nDTEND:20261126T173000", "Invitation", "26 Nov 2026, 18:00"),
        ("SUMMARY:Without a time", "Invitation", ""),
    ],
    ids=["a day", "days", "over midnight", "without a zone", "half a zone", "no time"],
)
def test_days_hours_and_hours_on_the_spot_are_told_apart(cast: Cast, lines: str, kind: str, when: str) -> None:
    calendar = f"BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nUID:1\n{lines}\nEND:VEVENT\nEND:VCALENDAR\n"
    ana = replace(cast.ana, language="en", time_zone="Europe/Madrid")
    row = invitation_row(kept_invitation(read_invitation(calendar)), ana)
    assert (row.kind, row.when) == (kind, when)


def test_what_is_called_off_says_so(cast: Cast) -> None:
    calendar = "BEGIN:VCALENDAR\nMETHOD:CANCEL\nBEGIN:VEVENT\nUID:1\nSUMMARY:Visita\nEND:VEVENT\nEND:VCALENDAR\n"
    row = invitation_row(kept_invitation(read_invitation(calendar)), replace(cast.ana, language="en"))
    assert (row.kind, row.title) == ("Cancelled appointment", "Visita")


@pytest.mark.parametrize(
    "lines",
    [
        "DTSTART;VALUE=DATE:00010101\nDTEND;VALUE=DATE:00010101",
        "DTSTART;VALUE=DATE:20261201\nDTEND;VALUE=DATE:00010101",
        "DTSTART:00010101T000000Z",
        "DTSTART:99991231T235959Z",
        "DTSTART:20261201T100000Z\nDURATION:P2900000D",
    ],
)
@pytest.mark.parametrize("zone", ["America/Lima", "Asia/Tokyo"])
def test_the_first_and_last_days_of_all_calendars_hurt_nobody(cast: Cast, lines: str, zone: str) -> None:
    calendar = f"BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nUID:1\n{lines}\nEND:VEVENT\nEND:VCALENDAR\n"
    kept = kept_invitation(read_invitation(calendar))
    assert not any(year in invitation_row(kept, replace(cast.ana, time_zone=zone)).when for year in ("9999", " 1,"))


@pytest.mark.parametrize(
    ("attendees", "kind"),
    [
        ("ATTENDEE;PARTSTAT=ACCEPTED:mailto:sol@localhost.test", "Invitation accepted"),
        ("ATTENDEE;PARTSTAT=declined;CN=Sol:mailto:sol@localhost.test", "Invitation declined"),
        ("ATTENDEE;PARTSTAT=TENTATIVE:mailto:sol@localhost.test", "Invitation accepted for now"),
        ("ATTENDEE;PARTSTAT=X-LATER:mailto:sol@localhost.test", "Answer to an invitation"),
        ("ATTENDEE;PARTSTAT=ACCEPTED:mailto:a@b.test\nATTENDEE:mailto:c@d.test", "Answer to an invitation"),
        ("SUMMARY:Visita", "Answer to an invitation"),
    ],
)
def test_an_answer_says_which(cast: Cast, attendees: str, kind: str) -> None:
    calendar = f"BEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\nUID:1\n{attendees}\nEND:VEVENT\nEND:VCALENDAR\n"
    kept = kept_invitation(read_invitation(calendar))
    assert invitation_row(kept, replace(cast.ana, language="en")).kind == kind


def test_one_that_was_kept_before_answers_were_known_is_shown(cast: Cast) -> None:
    kept = kept_invitation(read_invitation("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nEND:VEVENT\nEND:VCALENDAR\n"))
    del kept["answer"]
    assert invitation_row(kept, replace(cast.ana, language="en")).kind == "Invitation"
