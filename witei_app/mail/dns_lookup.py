"""Asking the DNS, without ever holding the event loop."""

import ipaddress
import socket
from dataclasses import dataclass
from functools import cache

import dns.asyncresolver
import dns.exception
import dns.message
import dns.name
import dns.rdatatype
import dns.resolver

from witei_app.setting_checks import host_and_port
from witei_app.settings import settings

LIFETIME = 4.0  # seconds for one question, all servers and tries together


class NoAnswer(Exception):
    """The name servers did not answer, or not usefully: nothing is known, which is not the same as nothing there."""


@dataclass(frozen=True)
class Answer:
    """What is published: TXT values with their strings joined, host names without the dot at the end.

    `wait` is for how many seconds resolvers may go on saying the same, be it something or nothing.
    """

    values: tuple[str, ...] = ()
    wait: int = 0


async def look_up(name: str, record_type: str) -> Answer:
    """The records of a name, from WITEI_DNS_SERVER or the system's resolvers. `NoAnswer` when they cannot tell."""
    try:
        found = await _resolver().resolve(name, record_type, search=False, raise_on_no_answer=False)
    except dns.resolver.NXDOMAIN as nothing:
        response = next(iter(nothing.responses().values()), None)
        return Answer(wait=_negative_ttl(response))
    except (dns.exception.DNSException, OSError, UnicodeError) as fault:
        raise NoAnswer(type(fault).__name__) from fault
    if found.rrset is None:
        return Answer(wait=_negative_ttl(found.response))
    return Answer(tuple(_text(record) for record in found.rrset), found.rrset.ttl)


def blocking_resolver() -> dns.resolver.Resolver:
    """The same name servers for libraries that wait for their answers: use it in a thread."""
    ours, resolver = _resolver(), dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = ours.nameservers, ours.port
    resolver.lifetime, resolver.timeout = ours.lifetime, ours.timeout
    resolver.use_edns(0, 0, 1232)
    return resolver


def _text(record: object) -> str:
    if isinstance(strings := getattr(record, "strings", None), tuple):
        return b"".join(strings).decode("utf-8", "replace")
    target = getattr(record, "target", None) or getattr(record, "exchange", None)
    return str(target).rstrip(".").lower() if target is not None else str(record)


def _negative_ttl(response: dns.message.Message | None) -> int:
    """For how long "there is nothing" is remembered (RFC 2308, 5)."""
    for rrset in response.authority if response else ():
        if rrset.rdtype == dns.rdatatype.SOA:
            return int(min(rrset.ttl, rrset[0].minimum))
    return 0


def _resolver() -> dns.asyncresolver.Resolver:
    return _resolver_at(settings().dns_server)


@cache
def _resolver_at(server: str) -> dns.asyncresolver.Resolver:
    resolver = dns.asyncresolver.Resolver(configure=not server)
    if server:
        host, resolver.port = host_and_port(server)
        resolver.nameservers = [_address(host)]
    resolver.lifetime = LIFETIME
    resolver.timeout = LIFETIME / 2
    resolver.use_edns(0, 0, 1232)  # RFC 9715: no fragments; what is longer comes by TCP
    return resolver


def _address(host: str) -> str:
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return str(socket.getaddrinfo(host, None, type=socket.SOCK_DGRAM)[0][4][0])
