"""Which servers we connect to when somebody enters a host: those on the internet, and what the operator allows."""

import asyncio
import ipaddress
import socket
from collections.abc import Sequence
from concurrent.futures import Executor

from witei_app.errors import Refused
from witei_app.setting_checks import Network
from witei_app.settings import settings

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052
_UNICAST = ipaddress.ip_network("2000::/3")  # all that was ever given out of IPv6's internet (RFC 4291, 2.4)
# Held back since Python's list was written: protocols' own, documents' own.
_HELD_BACK = [ipaddress.ip_network(one) for one in ("192.0.0.0/24", "192.88.99.0/24", "3fff::/20")]


async def addresses_of(host: str, port: int, threads: Executor, allowed: Sequence[Network] | None = None) -> list[str]:
    """The addresses of `host` that we may connect to. Refuses when it has none, or only such as lead into a house.

    `allowed` are the private networks that the operator allows; without them those of mailboxes.

    To connect to one of these, and not to look the name up again, is what keeps a name server from changing its mind
    in between.
    """
    loop = asyncio.get_running_loop()
    try:
        found = await loop.run_in_executor(threads, _look_up, host, port)
    except (OSError, UnicodeError) as fault:
        raise Refused("There is no server named {host}.", host=host) from fault
    reachable = [address for address in found if may_reach(address, allowed)]
    if not reachable:
        raise Refused(
            "{host} is in a private network, which the operator of this installation has not allowed ({setting}).",
            host=host,
            setting="WITEI_IMAP_LOCAL_NETWORKS" if allowed is None else "WITEI_WEBHOOK_LOCAL_NETWORKS",
        )
    return reachable


def may_reach(text: str, allowed: Sequence[Network] | None = None) -> bool:
    """Whether a connection to this address is one to the internet, or one that the operator allows."""
    address = ipaddress.ip_address(text)
    return is_local(text, allowed) or all(map(_is_internet, (address, *_inner(address))))


def is_local(text: str, allowed: Sequence[Network] | None = None) -> bool:
    """Whether the operator has named this address as one of the house (WITEI_IMAP_LOCAL_NETWORKS, or `allowed`)."""
    address = ipaddress.ip_address(text)
    return any(address in network for network in (settings().local_networks if allowed is None else allowed))


def _look_up(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found))


def _is_internet(address: Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address) and not (address in _UNICAST or address in _NAT64):
        return False
    return address.is_global and not address.is_multicast and not any(address in network for network in _HELD_BACK)


def _inner(address: Address) -> list[Address]:
    """The IPv4 address that a gateway would take out of this one and connect to."""
    if isinstance(address, ipaddress.IPv4Address):
        return []
    inner: list[Address] = [one for one in (address.ipv4_mapped, address.sixtofour) if one is not None]
    if address in _NAT64:
        inner.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return inner
