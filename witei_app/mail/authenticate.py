"""Who really sent a mail: SPF, DKIM and DMARC, found out by ourselves. Results that came with the mail are not read."""

import ipaddress
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Literal

import dns.exception
import dns.resolver
import spf  # type: ignore[import-not-found,import-untyped,unused-ignore]
from authheaders.dmarc_lookup import DMARCException, lookup_receiver_record
from dkim import DKIM

from witei_app.mail.addresses import ascii_domain
from witei_app.mail.came_from import came_from
from witei_app.mail.headers import read_addresses
from witei_app.mail.registrable import registrable_part
from witei_app.mail.tree import read_tree

Verdict = Literal["verified", "failed", "unknown"]

_MOST_SIGNATURES = 5  # a sender could otherwise make us look up and verify without end (RFC 6376, 8.4)
_MOST_AUTHORS = 5
_WORST_FIRST: tuple[Verdict, ...] = ("failed", "unknown", "verified")
_WORDS = {
    "verified": ("It really comes from {domain}.", "Viene de verdad de {domain}."),
    "failed": ("{domain} does not confirm that it sent this mail. Be careful with links, files and bank details.",
               "{domain} no confirma haber enviado este correo. Cuidado con enlaces, archivos y datos bancarios."),
    "unknown": ("{domain} publishes nothing by which this mail could be checked.",
                "{domain} no publica nada con lo que comprobar este correo."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Authentication:
    """What the checks said, each in the words of RFC 8601 (pass, fail, none ...), and what to make of it."""

    domain: str
    spf: str
    dkim: str
    dmarc: str
    verdict: Verdict

    def explain(self, language: str = "en") -> str:
        """The verdict in a sentence for the reader, in English or Spanish."""
        return verdict_sentence(self.verdict, self.domain, language)


def verdict_sentence(verdict: str, domain: str, language: str = "en") -> str:
    """A verdict on a domain as a sentence for the reader, in English or Spanish."""
    english, spanish = _WORDS.get(verdict, _WORDS["unknown"])
    return (spanish if language == "es" else english).format(domain=domain or "?")


def authenticate(
    raw: bytes, peer: str, envelope_from: str, helo: str, resolver: dns.resolver.Resolver
) -> Authentication:
    """Check a mail as it arrived from the address `peer`, "" when it was fetched from a mailbox and nobody knows.

    It asks the DNS and waits: call it in a thread. Without a peer there is no SPF (RFC 7208): a signature can vouch for
    the sender, its absence says nothing. The address of a relay in our own network says nothing either.

    The lifetime of `resolver` bounds each question; there may be some twenty of them.
    """
    domains = _author_domains(raw)
    is_known = _is_of_the_internet(peer)
    spf_result = _spf(peer, envelope_from, helo, resolver) if is_known else "none"
    perhaps = None if not peer else set() if is_known else _perhaps(raw, envelope_from, resolver)
    dkim_result, signers = _dkim(raw, resolver)
    passed = {*signers, *([_domain(envelope_from)] if spf_result == "pass" and envelope_from else [])}
    results = spf_result, dkim_result
    if not 1 <= len(domains) <= _MOST_AUTHORS:
        return Authentication(", ".join(sorted(domains)[:_MOST_AUTHORS]), *results, "permerror", "unknown")
    judged = [_judged(domain, results, set(signers), passed, perhaps, resolver) for domain in sorted(domains)]
    # Whoever reads it sees one of several authors: it is as good as the worst of them (RFC 7489, 6.6.1).
    return min(judged, key=lambda one: _WORST_FIRST.index(one.verdict))


def _judged(
    domain: str,
    results: tuple[str, str],
    signers: set[str],
    passed: set[str],
    perhaps: set[str] | None,
    resolver: dns.resolver.Resolver,
) -> Authentication:
    """What one author's domain says of it; `passed` are the domains that SPF or a signature vouches for, `perhaps`
    those that SPF may have vouched for where nobody can tell (None: any)."""
    try:
        record = _policy(domain, resolver)
    except (DMARCException, dns.exception.DNSException):
        return Authentication(domain, *results, "temperror", "unknown")
    dmarc = _dmarc(domain, record, list(signers), passed - signers) if record else "none"
    if dmarc == "fail" and (perhaps is None or _dmarc(domain, record, [], perhaps) == "pass"):
        dmarc = "permerror"
    return Authentication(domain, *results, dmarc, _verdict(domain, dmarc, results[0], passed))


def _verdict(domain: str, dmarc: str, spf_result: str, passed: set[str]) -> Verdict:
    if dmarc in ("pass", "fail"):
        return "verified" if dmarc == "pass" else "failed"
    if any(_is_aligned(domain, other, "r") for other in passed):
        return "verified"
    return "failed" if spf_result == "fail" else "unknown"


def _author_domains(raw: bytes) -> set[str]:
    authors = [address for value in read_tree(raw).get_all("From", []) for address in read_addresses(value)]
    return {_domain(address.email) for address in authors if "@" in address.email}


def _domain(address: str) -> str:
    return ascii_domain(address.rpartition("@")[2])


# pyspf asks through one function of its module; each check has its own resolver.
_spf_resolver: ContextVar[dns.resolver.Resolver] = ContextVar("spf_resolver")


def _spf_lookup(name: str, qtype: str, *_: object) -> list[Any]:
    try:
        answer = _spf_resolver.get().resolve(name, qtype, search=False)
    except (dns.resolver.NoAnswer, dns.resolver.NXDOMAIN):
        return []
    except dns.exception.DNSException as fault:
        raise spf.TempError(f"DNS {fault}") from fault
    return [((name, qtype), _spf_value(record, qtype)) for record in answer]


spf.DNSLookup = _spf_lookup


def _spf_value(record: Any, qtype: str) -> Any:
    if qtype in ("A", "AAAA"):
        return record.address
    if qtype == "MX":
        return record.preference, record.exchange.to_text(True)
    return record.target.to_text(True) if qtype == "PTR" else record.strings


def _is_of_the_internet(peer: str) -> bool:
    try:
        return ipaddress.ip_address(peer).is_global
    except ValueError:
        return False


def _perhaps(raw: bytes, envelope_from: str, resolver: dns.resolver.Resolver) -> set[str]:
    """What SPF says by the trace of a mail that came through a relay in our own network. A trace may be made up, so
    that it vouches for nobody; but whom it may vouch for is not accused either."""
    hop = came_from(raw)
    if hop is None or not envelope_from:
        return set()
    said = _spf(hop.address, envelope_from, hop.helo, resolver)
    return {_domain(envelope_from)} if said in ("pass", "temperror") else set()


def _spf(peer: str, envelope_from: str, helo: str, resolver: dns.resolver.Resolver) -> str:
    """RFC 7208."""
    token = _spf_resolver.set(resolver)
    try:
        return str(spf.check2(peer, envelope_from, helo, querytime=10)[0])
    except Exception:  # the library raises whatever a broken record leads it to
        return "permerror"
    finally:
        _spf_resolver.reset(token)


def _dkim(raw: bytes, resolver: dns.resolver.Resolver) -> tuple[str, list[str]]:
    """RFC 6376: the result, and the domains whose signatures hold."""
    count = len(read_tree(raw).get_all("DKIM-Signature", []))
    if not count:
        return "none", []
    signers = [_signer(raw, index, resolver) for index in range(min(count, _MOST_SIGNATURES))]
    good = [signer for signer in signers if signer]
    return ("pass" if good else "fail"), good


def _signer(raw: bytes, index: int, resolver: dns.resolver.Resolver) -> str:
    """The domain of one signature that holds, "" of one that does not."""
    message = DKIM(raw, minkey=1024)
    try:
        holds = message.verify(idx=index, dnsfunc=lambda name, timeout=5: _txt(resolver, name.decode("ascii")))
    except Exception:  # the library raises whatever a broken signature or key leads it to
        return ""
    # With "l=" anybody may add text below what was signed (RFC 6376, 8.2).
    if not holds or b"l" in message.signature_fields:
        return ""
    return ascii_domain(message.signature_fields[b"d"].decode("ascii", "replace"))


def _policy(domain: str, resolver: dns.resolver.Resolver) -> dict[str, str]:
    """The DMARC record of the domain, else of the registrable one above it (RFC 7489, 6.6.3)."""

    def ask(name: str) -> str | None:
        return (_txt(resolver, name, b"v=DMARC1") or b"").decode("utf-8", "replace") or None

    parent = registrable_part(domain)
    record = lookup_receiver_record(domain, ask)
    return record or (lookup_receiver_record(parent, ask) if parent and parent != domain else {})


def _dmarc(domain: str, record: dict[str, str], signers: list[str], senders: set[str]) -> str:
    # authheaders' own comparison stops at a hyphen ("my-agency.es" becomes "my"), so it is done here.
    by_dkim = any(_is_aligned(domain, signer, record.get("adkim", "r")) for signer in signers)
    by_spf = any(_is_aligned(domain, sender, record.get("aspf", "r")) for sender in senders)
    return "pass" if by_dkim or by_spf else "fail"


def _is_aligned(domain: str, other: str, mode: str) -> bool:
    """RFC 7489, 3.1: the same domain, or in relaxed mode the same registrable one."""
    if domain == other or mode == "s":
        return domain == other
    return bool(registrable_part(domain)) and registrable_part(domain) == registrable_part(other)


def _txt(resolver: dns.resolver.Resolver, name: str, start: bytes = b"") -> bytes | None:
    """The one TXT value that begins with `start`; None when there is none, or more than one of a policy."""
    try:
        answer = resolver.resolve(name, "TXT", search=False)
    except (dns.resolver.NoAnswer, dns.resolver.NXDOMAIN):
        return None
    values = [b"".join(record.strings) for record in answer]
    found = [value for value in values if value.startswith(start)]
    return found[0] if found and (not start or len(found) == 1) else None
