"""Secrets at rest: AES-256-GCM under a key made from WITEI_SECRET_KEY, so that a stolen database opens nothing.

A sealed text is "1.<name of the key>.<nonce and ciphertext>". The 1 stands for this recipe; another one would be a 2.
"""

import base64
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from witei_app.settings import settings

_RECIPE = "1"
_NONCE = 12


class Unsealable(Exception):
    """It was sealed under a secret that is not set any more, or was changed since."""


def seal(text: str, purpose: str) -> str:
    """Encrypt. `purpose` ("dkim", "imap") must be said again to open it: one secret cannot stand in for another."""
    name, key = _key(settings().secret())
    nonce = os.urandom(_NONCE)
    sealed = nonce + AESGCM(key).encrypt(nonce, text.encode(), purpose.encode())
    return f"{_RECIPE}.{name}.{base64.urlsafe_b64encode(sealed).decode()}"


def unseal(sealed: str, purpose: str) -> str:
    """Decrypt with the secret of today, or with one of WITEI_PREVIOUS_SECRET_KEYS (commas between)."""
    recipe, _, rest = sealed.partition(".")
    name, _, data = rest.partition(".")
    key = dict(_key(secret) for secret in _secrets()).get(name)
    if recipe != _RECIPE or key is None:
        raise Unsealable("It was encrypted with another WITEI_SECRET_KEY.")
    raw = base64.urlsafe_b64decode(data)
    try:
        return AESGCM(key).decrypt(raw[:_NONCE], raw[_NONCE:], purpose.encode()).decode()
    except InvalidTag as fault:
        raise Unsealable("It was changed after it was encrypted.") from fault


def is_current(sealed: str) -> bool:
    """Whether it is sealed under the secret of today."""
    return sealed.startswith(f"{_RECIPE}.{_key(settings().secret())[0]}.")


def openable() -> list[str]:
    """How sealed texts begin that can be opened: under the secret of today, or one of those before it."""
    return [f"{_RECIPE}.{_key(secret)[0]}." for secret in _secrets()]


def _secrets() -> list[str]:
    return [settings().secret(), *settings().previous_secrets()]


@lru_cache(maxsize=16)
def _key(secret: str) -> tuple[str, bytes]:
    """A name for the key that tells nothing about it, and the key (RFC 5869)."""
    made = HKDF(SHA256(), length=36, salt=None, info=b"conversations: secrets at rest").derive(secret.encode())
    return made[:4].hex(), made[4:]
