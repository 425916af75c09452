"""One POST to an address that somebody entered: signed, to nowhere inside, and never for long."""

import asyncio
import base64
import hashlib
import hmac
import ssl
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache

import httpx

from witei_app.errors import Refused
from witei_app.mail.hosts import addresses_of, is_local
from witei_app.settings import settings
from witei_app.texts import later

SECONDS = 10.0
# Names are looked up in threads of their own: a name server that is away holds each for many seconds, and files,
# mails and figures have six together on a small machine.
threads = ThreadPoolExecutor(max_workers=64, thread_name_prefix="webhook")
SECRET_PREFIX = "whsec_"  # noqa: S105 (how secrets begin, Standard Webhooks 1.0)
_PLAIN = later("Without TLS only addresses in networks that the operator allows are told.")
_REDIRECT = later("It answered with a redirect, which is not followed.")
_SLOW = later("It did not answer within ten seconds.")
_AWAY = later("The connection failed.")
_NO_TLS = later("Its certificate is not valid.")


@dataclass(frozen=True)
class Answer:
    """What came back: the HTTP status (0 for none), and in English why that is no success ({host} is whom we told)."""

    status: int
    reason: str = ""

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300

    @property
    def is_gone(self) -> bool:
        """It says that it is there no more (RFC 9110, 15.5.11): then it is not told again."""
        return self.status == 410


async def post(url: str, body: str, event_id: str, secrets: Sequence[str], timestamp: int) -> Answer:
    """Tell it. Whatever goes wrong comes back as an answer: what has none would be tried for ever."""
    try:
        async with asyncio.timeout(SECONDS):
            return await _post(url, body, event_id, secrets, timestamp)
    except Refused as refusal:
        return Answer(0, refusal.text)
    except (TimeoutError, httpx.TimeoutException):
        return Answer(0, _SLOW)
    except Exception as fault:  # the libraries raise whatever an address leads them to
        return Answer(0, _NO_TLS if _is_about_tls(fault) else _AWAY)


async def _post(url: str, body: str, event_id: str, secrets: Sequence[str], timestamp: int) -> Answer:
    target = httpx.URL(url)
    port = target.port or (443 if target.scheme == "https" else 80)
    allowed = settings().webhook_networks
    # Resolved here and connected to as a number: a name server cannot say something else in between.
    address = (await addresses_of(target.host, port, threads, allowed))[0]
    if target.scheme != "https" and not is_local(address, allowed):
        return Answer(0, _PLAIN)
    content = body.encode()
    headers = {
        "Host": target.netloc.decode(),
        "Content-Type": "application/json",
        "User-Agent": "Conversations-Webhook/1",
        "Connection": "close",
        **signed(event_id, timestamp, content, secrets),
    }
    # No proxy and no redirect: both could lead inside. The certificate is checked against the name that was entered.
    async with (
        httpx.AsyncClient(trust_env=False, follow_redirects=False, verify=_tls(), timeout=SECONDS) as client,
        client.stream(
            "POST",
            target.copy_with(host=address, userinfo=b""),
            content=content,
            headers=headers,
            extensions={"sni_hostname": target.host},
        ) as response,  # what it says beyond its status is not read
    ):
        return _answer(response.status_code)


def signed(event_id: str, timestamp: int, content: bytes, secrets: Sequence[str]) -> dict[str, str]:
    """The headers of Standard Webhooks 1.0: whoever has one of the secrets can check that we said it, and when."""
    said = f"{event_id}.{timestamp}.".encode() + content
    sums = [hmac.new(_key(secret), said, hashlib.sha256).digest() for secret in secrets]
    signatures = " ".join(f"v1,{base64.b64encode(one).decode()}" for one in sums)
    return {"webhook-id": event_id, "webhook-timestamp": str(timestamp), "webhook-signature": signatures}


def _key(secret: str) -> bytes:
    return base64.b64decode(secret.removeprefix(SECRET_PREFIX))


def _answer(status: int) -> Answer:
    if 200 <= status < 300:
        return Answer(status)
    return Answer(status, _REDIRECT if 300 <= status < 400 else "")


def _is_about_tls(fault: BaseException) -> bool:
    cause: BaseException | None = fault
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return True
        cause = cause.__cause__ or cause.__context__
    return False


@cache
def _tls() -> ssl.SSLContext:
    return httpx.create_ssl_context()
