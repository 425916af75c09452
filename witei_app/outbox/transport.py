"""The last step of a mail: a relay, or without one the demo mailbox."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import unquote, urlsplit

from aiosmtplib import SMTP
from aiosmtplib.errors import SMTPException, SMTPResponseException

from witei_app.db import transaction
from witei_app.files import keep
from witei_app.mail.bounce_cause import cause_of, explain
from witei_app.mail.bounce_text import STATUS
from witei_app.models import DeliveryState, DemoMail

CONNECT_SECONDS = 30
DATA_SECONDS = 600  # RFC 5321 4.5.3.2.6: the answer to the end of DATA may take ten minutes
MAILS_PER_CONNECTION = 100
UNREACHABLE = "The mail server cannot be reached."
TOO_OLD = "The mail server cannot write to an address that has letters such as ñ before the @."

Handover = Callable[[], Awaitable[bool]]


@dataclass(frozen=True)
class Letter:
    """A composed mail with its envelope. Notices to users have no delivery."""

    workspace_id: int
    delivery_id: int | None
    envelope_from: str
    recipient: str
    subject: str
    raw: bytes


@dataclass(frozen=True)
class Outcome:
    """What became of it: SENT, DEFERRED (worth another try), FAILED (not), UNKNOWN; `reason` is in plain words."""

    state: DeliveryState
    reason: str = ""
    response: str = ""


class Transport(Protocol):
    """Takes a letter away. `handover` is awaited just before the text goes; when it says False, nothing is sent."""

    async def send(self, letter: Letter, handover: Handover) -> Outcome: ...

    async def close(self) -> None: ...


class DemoMailbox:
    """Without a relay: what would go out is kept, to be read at /demo/mailbox."""

    async def send(self, letter: Letter, handover: Handover) -> Outcome:
        """Put it in the mailbox."""
        sha256 = await keep(letter.raw)
        if not await handover():
            return Outcome(DeliveryState.DEFERRED, "Another worker has taken it over.")
        async with transaction() as db:
            db.add(
                DemoMail(
                    workspace_id=letter.workspace_id,
                    delivery_id=letter.delivery_id,
                    sha256=sha256,
                    sender=letter.envelope_from,
                    recipient=letter.recipient,
                    subject=letter.subject,
                )
            )
        return Outcome(DeliveryState.SENT)

    async def close(self) -> None:
        """Nothing is open."""


class Relay:
    """A mail server that takes our mail, with one connection that is kept and used again."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host = parts.hostname or "localhost"
        self._is_tls = parts.scheme == "smtps"
        self._starttls = parts.scheme == "smtp+starttls"
        self._port = parts.port or (465 if self._is_tls else 587 if self._starttls else 25)
        self._user = unquote(parts.username or "")
        self._password = unquote(parts.password or "")
        self._smtp: SMTP | None = None
        self._sent = 0

    async def send(self, letter: Letter, handover: Handover) -> Outcome:
        """Hand it to the relay. Before DATA a lost connection costs another try; after it, nobody knows."""
        is_kept = self._sent > 0
        outcome = await self._try(letter, handover)
        if is_kept and outcome.reason == UNREACHABLE:  # the server had closed the kept connection: a new one may do
            outcome = await self._try(letter, handover)
        return outcome

    async def _try(self, letter: Letter, handover: Handover) -> Outcome:
        try:
            smtp = await self._connection()
        except (SMTPException, OSError) as fault:
            await self.close()
            return _unreachable(fault)  # a wrong password too: the operator mends it, no mail is given up for it
        if _is_international(letter) and not smtp.supports_extension("smtputf8"):
            return Outcome(DeliveryState.FAILED, TOO_OLD)
        is_handed = False
        try:
            await _envelope(smtp, letter)
            if not await handover():
                await self.close()
                return Outcome(DeliveryState.DEFERRED, "Another worker has taken it over.")
            is_handed = True
            code, text = await smtp.data(letter.raw, timeout=DATA_SECONDS)
            self._sent += 1
            return Outcome(DeliveryState.SENT, response=f"{code} {text}")
        except SMTPResponseException as refusal:
            await self._after_refusal()
            return _refused(refusal.code, str(refusal.message))
        except (SMTPException, OSError) as fault:
            await self.close()
            return _lost(fault) if is_handed else _unreachable(fault)

    async def close(self) -> None:
        """Say goodbye if anybody listens."""
        smtp, self._smtp, self._sent = self._smtp, None, 0
        if smtp is not None:
            try:
                await smtp.quit(timeout=2)
            except (SMTPException, OSError):
                smtp.close()

    async def _connection(self) -> SMTP:
        if self._smtp is not None and self._smtp.is_connected and self._sent < MAILS_PER_CONNECTION:
            return self._smtp
        await self.close()
        smtp = SMTP(
            hostname=self._host,
            port=self._port,
            use_tls=self._is_tls,
            start_tls=self._starttls,
            username=self._user or None,
            password=self._password or None,
            timeout=CONNECT_SECONDS,
        )
        await smtp.connect()
        self._smtp = smtp
        if smtp.is_ehlo_or_helo_needed:  # it has said it already to sign in
            await smtp.ehlo()
        return smtp

    async def _after_refusal(self) -> None:
        """The connection is fine after a refusal, once the half-done mail is forgotten."""
        try:
            if self._smtp is not None:
                await self._smtp.rset(timeout=10)
        except (SMTPException, OSError):
            await self.close()


def transport_for(relay_url: str) -> Transport:
    """The relay at this address, or the demo mailbox when there is none."""
    return Relay(relay_url) if relay_url else DemoMailbox()


async def _envelope(smtp: SMTP, letter: Letter) -> None:
    """MAIL and RCPT, with 8BITMIME (RFC 6152) and SMTPUTF8 (RFC 6531) where they are needed and offered."""
    is_international = _is_international(letter)
    encoding = "utf-8" if is_international else "ascii"
    options = ["SMTPUTF8"] if is_international else []
    if not letter.raw.isascii() and smtp.supports_extension("8bitmime"):
        options.append("BODY=8BITMIME")
    await smtp.mail(letter.envelope_from, options=options, encoding=encoding)
    await smtp.rcpt(letter.recipient, encoding=encoding)


def _is_international(letter: Letter) -> bool:
    return not (letter.recipient + letter.envelope_from).isascii()


def _refused(code: int, text: str) -> Outcome:
    response = f"{code} {text}"[:2000]
    if 400 <= code < 500:
        return Outcome(DeliveryState.DEFERRED, "The mail server cannot take it now.", response)
    return Outcome(DeliveryState.FAILED, _plain_reason(code, text), response)


def _plain_reason(code: int, text: str) -> str:
    """In plain words. Of a 550 alone nobody knows more than that it was refused: most servers say why behind it."""
    if code in {530, 535}:
        return "The mail server did not accept our sign-in. Tell your administrator."
    words = " ".join(text.split())
    status = STATUS.search(words)
    cause = cause_of(status[1] if status else "", words)
    if cause in _OF_OUR_MAIL:
        return _OF_OUR_MAIL[cause]
    return explain(cause) if cause in _SAID_AT_ONCE else _BY_CODE.get(code, "The mail server refused the message.")


_NO_ADDRESS = "The address does not exist or does not take our mail."
_OF_OUR_MAIL = {
    "unknown_address": _NO_ADDRESS,
    "refused": "The mail server refuses our mail for reasons of policy.",
}
_SAID_AT_ONCE = {
    "unknown_domain",
    "mailbox_full",
    "mailbox_disabled",
    "too_large",
    "unauthenticated",
    "loop",
    "content",
}
_BY_CODE = {550: _NO_ADDRESS, 552: "The mailbox is full, or the message is too large for it."}


def _lost(fault: Exception) -> Outcome:
    reason = "The connection was lost while it was being handed over. It may have arrived."
    return Outcome(DeliveryState.UNKNOWN, reason, f"{type(fault).__name__}: {fault}"[:2000])


def _unreachable(fault: Exception) -> Outcome:
    return Outcome(DeliveryState.DEFERRED, UNREACHABLE, f"{type(fault).__name__}: {fault}"[:2000])
