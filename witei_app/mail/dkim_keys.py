"""DKIM keys: RSA for everybody (RFC 6376), Ed25519 for those who read it (RFC 8463)."""

import base64
import secrets
from dataclasses import dataclass, field
from enum import StrEnum

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

PrivateKey = RSAPrivateKey | Ed25519PrivateKey
SEALED_AS = "dkim"  # what `secrets.seal` is told that they are
RSA_BITS = 2048  # RFC 8301, 3.2: at least 1024, better 2048; more no longer fits a TXT answer without TCP


class Algorithm(StrEnum):
    """As the k= tag names them."""

    RSA = "rsa"
    ED25519 = "ed25519"


@dataclass(frozen=True)
class NewKey:
    """A key just made: `private_pem` is to be encrypted before it is kept, `public_value` goes into p=."""

    selector: str
    algorithm: Algorithm
    private_pem: str = field(repr=False)
    public_value: str


def new_pair() -> tuple[NewKey, NewKey]:
    """One key of each kind. RSA takes about 100 ms: call it in a thread.

    The selectors are new each time, so that old signatures can be checked while new keys are already in use.
    """
    name = "".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(5))
    return (
        _described(f"cv-{name}-rsa", Algorithm.RSA, generate_private_key(65537, RSA_BITS)),
        _described(f"cv-{name}-ed", Algorithm.ED25519, Ed25519PrivateKey.generate()),
    )


def load_private_key(pem: str) -> PrivateKey:
    """The key in a PEM that `new_pair` made."""
    key = load_pem_private_key(pem.encode(), None)
    if not isinstance(key, RSAPrivateKey | Ed25519PrivateKey):
        raise TypeError(f"no DKIM key: {type(key).__name__}")
    return key


def _described(selector: str, algorithm: Algorithm, key: PrivateKey) -> NewKey:
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return NewKey(selector, algorithm, pem, _public_value(key))


def _public_value(key: PrivateKey) -> str:
    if isinstance(key, RSAPrivateKey):
        public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    else:
        public = key.public_key().public_bytes_raw()  # RFC 8463, 4.2: the bare 32 bytes
    return base64.b64encode(public).decode()
