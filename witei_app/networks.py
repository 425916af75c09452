"""Addresses of clients, as far as they are counted by them."""

import ipaddress


def is_here(address: str) -> bool:
    """This machine: a proxy that WITEI_TRUSTED_PROXY_HOPS does not know of, so everybody at once. Not to be counted."""
    try:
        return _read(address).is_loopback
    except ValueError:
        return False


def network(address: str) -> str:
    """What one subscriber has: an IPv4 address, or the /64 of an IPv6 one."""
    try:
        ip = _read(address)
    except ValueError:
        return address
    return str(ip) if ip.version == 4 else str(ipaddress.ip_network((int(ip), 64), strict=False))


def network_of(address: str) -> str:
    """The `network` of an address; "" for a proxy's on this machine, which is everybody's, and where there is none."""
    return "" if not address or is_here(address) else network(address)


def _read(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """The address; of an IPv4 one in an IPv6 one's clothes, what it is."""
    ip = ipaddress.ip_address(address)
    return ip.ipv4_mapped or ip if isinstance(ip, ipaddress.IPv6Address) else ip
