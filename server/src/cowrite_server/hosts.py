"""What can stand for a machine in an address: its name, or numbers. Without I/O."""

from __future__ import annotations

import ipaddress
import re

_NAME = re.compile(r"(?!-)[\w-]+(\.[\w-]+)*\.?")
_LONGEST = 253
"""Characters of a name (RFC 1035, 2.3.4, without the lengths of the labels)."""


def is_host(host: str) -> bool:
    """Whether a link can lead to such a machine.

    Args:
        host: a name, or an address; one of IPv6 without brackets.
    """
    if ":" in host:
        try:
            ipaddress.IPv6Address(host)
        except ValueError:
            return False
        return True
    return len(host) <= _LONGEST and _NAME.fullmatch(host) is not None


def is_loopback(host: str) -> bool:
    """Whether a name or address is reached from the same machine only."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def overlap(host: str, other: str) -> bool:
    """Whether one port cannot be had on both addresses, because they are one, or one is for all of its kind."""
    if host == other:
        return True
    try:
        first, second = ipaddress.ip_address(host), ipaddress.ip_address(other)
    except ValueError:  # a name, which may stand for addresses of both kinds
        return not {"0.0.0.0", "::"}.isdisjoint({host, other})
    return first.version == second.version and (first.is_unspecified or second.is_unspecified)
