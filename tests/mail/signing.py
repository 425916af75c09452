"""Keys and a mail to sign."""

from datetime import UTC, datetime
from functools import cache

from witei_app.mail.compose import compose
from witei_app.mail.dkim_keys import NewKey, load_private_key, new_pair
from witei_app.mail.dns_records import PublicKey, Record, dkim_record
from witei_app.mail.sign import SigningKey
from witei_app.mail.types import Address, OutgoingMail

DOMAIN = "inmosol.example"


@cache
def pair() -> tuple[NewKey, NewKey]:
    """One pair for the whole run: finding primes takes its time."""
    return new_pair()


@cache
def keys() -> tuple[SigningKey, ...]:
    """The pair as a sender has it."""
    return tuple(SigningKey(DOMAIN, key.selector, load_private_key(key.private_pem)) for key in pair())


def dkim_records() -> list[Record]:
    """What has to be published for it."""
    return [dkim_record(DOMAIN, PublicKey(key.selector, key.algorithm, key.public_value)) for key in pair()]


def public_record(name: bytes) -> bytes:
    """The record under a name, as dkimpy asks for it."""
    return next((one.value.encode() for one in dkim_records() if name.decode().startswith(one.name)), b"")


def mail(
    html: str = "<p>El jueves a las 17:00, ¿le viene bien?</p>", subject: str = "Visita al ático, calle Sol 3"
) -> bytes:
    """An answer, composed."""
    return compose(
        OutgoingMail(
            sender=Address("Ana Ruiz · Inmobiliaria Sol", f"info@{DOMAIN}"),
            reply_to=Address("Inmobiliaria Sol", "sol+c1.abcdefgh@localhost.test"),
            to=(Address("Marco Peña", "marco@contact.test"),),
            subject=subject,
            html=html,
            message_id=f"1@{DOMAIN}",
            date=datetime(2026, 11, 23, 10, 0, tzinfo=UTC),
        )
    )
