"""What went wrong with a mailbox, in words that an administrator can act upon."""

import imaplib
import socket
import ssl
from typing import Any

from imapclient.exceptions import CapabilityError, LoginError

from witei_app.errors import Refused
from witei_app.mail.imap_wire import TooMuch
from witei_app.texts import later

LONGEST_ANSWER = 200
_END_OF_LINE = "socket error: EOF"


class NoFolder(Exception):
    """The folder cannot be opened."""


def in_words(fault: Exception, host: str, port: int, folder: str) -> Refused:
    """The fault as a sentence, to be said or to be kept."""
    if isinstance(fault, Refused):
        return fault
    text = _sentence(fault)
    values: dict[str, Any] = {"host": host, "port": port, "folder": folder, "answer": _answer(fault)}
    return Refused(text, **{name: value for name, value in values.items() if f"{{{name}}}" in text})


def _sentence(fault: Exception) -> str:
    match fault:
        case ssl.SSLCertVerificationError():
            return later("The certificate of {host} is not one that can be trusted: {answer}")
        case ssl.SSLError():
            return later("{host} does not speak TLS on port {port}. Check the port and the kind of encryption.")
        case TimeoutError() | socket.timeout():
            return later("{host} did not answer in time on port {port}.")
        case ConnectionRefusedError():
            return later("Nobody answers on port {port} of {host}.")
        case LoginError():
            return later("{host} refused the user name or the password: {answer}")
        case CapabilityError():
            return later("{host} offers no STARTTLS on port {port}.")
        case NoFolder():
            return later("The folder {folder} cannot be opened: {answer}")
        case TooMuch():
            return later("{host} sent more than a mail server may, and was cut off.")
        case imaplib.IMAP4.abort() if _END_OF_LINE in str(fault):
            return later("{host} hung up.")
        case imaplib.IMAP4.abort() | ConnectionError():
            return later("{host} ended the connection: {answer}")
        case imaplib.IMAP4.error():
            return later("{host} could not do what was asked: {answer}")
        case OSError():
            return later("{host} cannot be reached: {answer}")
        case _:
            return later("{host} on port {port} does not answer as a mail server does.")


def _answer(fault: Exception) -> str:
    """What the server or the system said; servers' words come as the text of bytes."""
    if isinstance(fault, ssl.SSLCertVerificationError):
        return str(fault.verify_message)
    text = fault.strerror if isinstance(fault, OSError) and fault.strerror else str(fault)
    text = text.removeprefix("b'").removesuffix("'")
    return "".join(letter for letter in text if letter.isprintable())[:LONGEST_ANSWER]
