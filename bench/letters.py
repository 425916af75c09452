"""Mails to send, and sending them as real clients do: over kept connections."""

import asyncio
import time
from collections.abc import Sequence
from email.message import EmailMessage
from uuid import uuid4

from aiosmtplib import SMTP

TO = "sol@localhost.test"
_SENTENCE = "Buenos días, hemos visto el piso de la calle de Alcalá y nos gustaría visitarlo esta semana por la tarde. "


def letter(sender: str, text: str, answers: str = "", message_id: str = "") -> EmailMessage:
    """A short plain mail."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = f"Marco Prueba <{sender}>", TO, "Visita al piso"
    mail["Message-ID"] = message_id or f"<{uuid4()}@contact.test>"
    if answers:
        mail["In-Reply-To"] = mail["References"] = answers
    mail.set_content(text)
    return mail


def full_letter(number: int, senders: int) -> bytes:
    """About 2.4 KB of multipart/alternative, from one of so many senders."""
    sender = f"sender{number % senders}@contact.test"
    mail = letter(sender, _SENTENCE * 8)
    paragraphs = "".join(f"<p>{_SENTENCE}</p>" for _ in range(8))
    mail.add_alternative(f"<html><body>{paragraphs}</body></html>", subtype="html")
    return mail.as_bytes()


async def send_all(port: int, mails: Sequence[bytes], connections: int = 4) -> float:
    """Hand in all mails over so many kept connections; gives the seconds until the last 250."""
    waiting = iter(mails)

    async def send_some() -> None:
        async with SMTP(hostname="127.0.0.1", port=port, timeout=60) as smtp:
            for mail in waiting:
                await smtp.sendmail("sender@contact.test", [TO], mail)

    began = time.perf_counter()
    await asyncio.gather(*(send_some() for _ in range(connections)))
    return time.perf_counter() - began
