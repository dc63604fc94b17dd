"""From which address a client comes, and which addresses count as one. Without I/O."""

from __future__ import annotations

import re
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_WITH_PORT = re.compile(r"(?:\[([^]]+)\]|([0-9.]+))(?::\d+)?")


def client_address(peer: str, forwarded: Sequence[str], proxies: Sequence[str]) -> str:
    """The address from which a client comes; of IPv6 addresses the network, as one household has 2**64 of them.

    Args:
        peer: where its TCP connection comes from.
        forwarded: the addresses that proxies say the request came from, the last one by the last proxy.
        proxies: addresses, and networks such as 10.89.0.0/16, that are believed when they say for whom they ask.
    """
    address = peer
    for said in reversed(forwarded):
        if not _is_among(address, proxies):
            break
        address = said
    return network_of(address) or peer


def network_of(address: str) -> str | None:
    """The address, of IPv6 addresses the network; None where it is none."""
    try:
        parsed = _parsed(address)
    except ValueError:
        return None
    if isinstance(parsed, IPv6Address):
        return str(ip_network((parsed, 64), strict=False))
    return str(parsed)


def without_port(text: str) -> str:
    """An address as some proxies give it, 192.0.2.1:4711 or [2001:db8::1]:4711, without what is no part of it."""
    match = _WITH_PORT.fullmatch(text)
    return text if match is None else match[1] or match[2]


def _parsed(address: str) -> IPv4Address | IPv6Address:
    """An address; one of IPv4 that stands in one of IPv6, as a socket for both gives it, as the former.

    Raises:
        ValueError: it is none.
    """
    parsed = ip_address(address.partition("%")[0])
    return (isinstance(parsed, IPv6Address) and parsed.ipv4_mapped) or parsed


def _is_among(address: str, proxies: Sequence[str]) -> bool:
    try:
        parsed = _parsed(address)
        return any(parsed in ip_network(proxy, strict=False) for proxy in proxies)
    except ValueError:
        return False
