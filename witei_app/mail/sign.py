"""DKIM signatures: dkimpy puts them together, `cryptography` does the arithmetic.

dkimpy's own RSA is plain Python, 8 ms for each mail during which nothing else runs in the process. It has one place
where a key is asked to sign a digest (the one for Ed25519), and any object that can will do there.
"""

import base64
import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass

import dkim
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from dkim.canonicalization import CanonicalizationPolicy

from witei_app.mail.dkim_keys import PrivateKey

# Signed once more than they occur, so that nobody can add a second one on the way (RFC 6376, 8.15).
_GUARDED = (b"from", b"sender", b"reply-to", b"to", b"cc", b"subject", b"date", b"mime-version", b"content-type")
_SIGNED = {
    *_GUARDED,
    *(b"message-id", b"in-reply-to", b"references", b"content-transfer-encoding", b"auto-submitted"),
    *(b"list-unsubscribe", b"list-unsubscribe-post", b"list-id"),
}
_RELAXED = CanonicalizationPolicy.from_c_value(b"relaxed/relaxed")  # survives refolding and trailing blanks


@dataclass(frozen=True)
class SigningKey:
    """A key that signs for `domain` under `selector`."""

    domain: str
    selector: str
    key: PrivateKey


def sign(raw: bytes, keys: Sequence[SigningKey]) -> bytes:
    """The mail with a DKIM-Signature of each key above it. About 1 ms for a short mail with two keys, more for files.

    `raw` has CRLF line ends and 7-bit text, as `compose` makes it; then no relay has a reason to change it.
    """
    signer = _Signer(raw)
    return b"".join([*(signer.signature(key) for key in keys), raw])


class _Signer(dkim.DKIM):
    """One mail, its body hashed once for all keys."""

    def __init__(self, raw: bytes) -> None:
        # Not the algorithm of the key (that is the a= tag), but the way by which dkimpy asks a key to sign.
        super().__init__(raw, signature_algorithm=b"ed25519-sha256")
        self.hasher = hashlib.sha256
        self._body_hash = base64.b64encode(hashlib.sha256(_RELAXED.canonicalize_body(self.body)).digest())
        present = [name.lower() for name, _ in self.headers if name.lower() in _SIGNED]
        self._names = (*present, *_GUARDED)

    def signature(self, key: SigningKey) -> bytes:
        """The header field, with its line end."""
        fields = [
            (b"v", b"1"),
            (b"a", b"rsa-sha256" if isinstance(key.key, RSAPrivateKey) else b"ed25519-sha256"),
            (b"c", b"relaxed/relaxed"),
            (b"d", key.domain.encode("ascii")),
            (b"s", key.selector.encode("ascii")),
            (b"t", str(int(time.time())).encode("ascii")),
            (b"h", b" : ".join(self._names)),
            (b"bh", self._body_hash),
            (b"b", b"0" * 60),
        ]
        text = self.gen_header(fields, self._names, _RELAXED, b"DKIM-Signature", _Digester(key.key))
        return b"DKIM-Signature: " + text


class _Digester:
    """Signs a SHA-256 digest with either kind of key, in the shape that dkimpy knows from PyNaCl."""

    def __init__(self, key: PrivateKey) -> None:
        self._key = key
        self.signature = b""

    def sign(self, digest: bytes) -> "_Digester":
        if isinstance(self._key, RSAPrivateKey):
            self.signature = self._key.sign(digest, PKCS1v15(), Prehashed(SHA256()))
        else:
            self.signature = self._key.sign(digest)
        return self
