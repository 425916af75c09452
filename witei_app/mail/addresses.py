"""Our own addresses: the inbound one, and the signed one that a reply comes back to."""

import base64
import hashlib
import hmac
import re

import idna

# 80 bits: 16 characters of base32, which survives servers that change the case of local parts.
_SIGNATURE_BYTES = 10
_CHECK_LOCAL = re.compile(r"[^+@]+\+t(\d{1,18})\.([a-z2-7]{16})")
_REPLY_LOCAL = re.compile(r"[^+@]+\+c(\d{1,18})\.([a-z2-7]{16})")


def reply_address(conversation_id: int, inbound_address: str, secret: str | bytes) -> str:
    """The address that answers in this conversation come back to: a signed subaddress (RFC 5233) of the inbound one."""
    local, _, domain = base_address(inbound_address).rpartition("@")
    return f"{local}+c{conversation_id}.{_signature(conversation_id, secret)}@{domain}"


def read_reply_address(address: str, *secrets: str | bytes) -> int | None:
    """The conversation that `address` was made for, None when it is not one of ours or was forged."""
    found = _REPLY_LOCAL.fullmatch(address.strip().lower().rpartition("@")[0])
    if found is None or not found[1].isascii():
        return None
    conversation_id = int(found[1])
    signatures = [_signature(conversation_id, secret) for secret in secrets]
    return conversation_id if any(hmac.compare_digest(found[2], one) for one in signatures) else None


def check_address(domain_id: int, inbound_address: str, secret: str | bytes) -> str:
    """The address that the test mail of a sender domain comes back to."""
    local, _, domain = base_address(inbound_address).rpartition("@")
    return f"{local}+t{domain_id}.{_signature(domain_id, secret, 'test-address')}@{domain}"


def read_check_address(address: str, *secrets: str | bytes) -> int | None:
    """The sender domain whose test mail was sent to `address`, None when it is not one of ours."""
    found = _CHECK_LOCAL.fullmatch(address.strip().lower().rpartition("@")[0])
    if found is None or not found[1].isascii():
        return None
    domain_id = int(found[1])
    signatures = [_signature(domain_id, secret, "test-address") for secret in secrets]
    return domain_id if any(hmac.compare_digest(found[2], one) for one in signatures) else None


def base_address(address: str) -> str:
    """ "sol+anything@example.com" becomes "sol@example.com"."""
    local, at, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}{at}{domain}" if local.partition("+")[0] else address


def normalise_address(email: str) -> str:
    """The form by which addresses are compared: lower case, the domain in ASCII (IDNA 2008), nothing else changed.

    Dots and subaddresses stay: what they mean is the business of the server that owns the domain.
    """
    local, at, domain = email.strip().strip("<>").rpartition("@")
    return f"{local.lower()}{at}{ascii_domain(domain)}"


def ascii_domain(domain: str) -> str:
    """`domain` in lower case and ASCII; as it is where IDNA does not allow it."""
    domain = domain.strip().rstrip(".").lower()
    if domain.isascii():
        return domain
    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return domain


def _signature(row_id: int, secret: str | bytes, purpose: str = "reply-address") -> str:
    key = secret.encode() if isinstance(secret, str) else secret
    digest = hmac.new(key, f"{purpose}:{row_id}".encode(), hashlib.sha256).digest()
    return base64.b32encode(digest[:_SIGNATURE_BYTES]).decode("ascii").lower()
