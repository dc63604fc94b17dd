"""Under which names and addresses other computers reach this one.

The standard library has no list of network interfaces, so several incomplete sources are put together: the system's
routing, its tables where they can be read, and the resolver.
"""

from __future__ import annotations

import re
import socket
import struct
import sys
from collections.abc import Iterable
from contextlib import suppress
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from pathlib import Path

_PROBES = (  # nothing is sent: a datagram socket that is "connected" tells from which address it would send
    (socket.AF_INET, "192.0.2.1"),
    (socket.AF_INET, "192.168.255.1"),
    (socket.AF_INET, "10.255.255.1"),
    (socket.AF_INET, "172.31.255.1"),
    (socket.AF_INET, "100.100.100.100"),
    (socket.AF_INET6, "2001:db8::1"),
    (socket.AF_INET6, "fd00::1"),
)
_LAN = tuple(map(IPv4Network, ("192.168.0.0/16", "10.0.0.0/8", "172.16.0.0/12")))
_OVERLAY = IPv4Network("100.64.0.0/10")  # Tailscale and the like
_UNIQUE_LOCAL = IPv6Network("fc00::/7")
_VIRTUAL = re.compile(r"(docker|br-|veth|virbr|vmnet|vboxnet|lxc|cni|podman)")  # lead to this computer's own guests
_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_INET6_TABLE = Path("/proc/net/if_inet6")
_AVAHI = Path("/run/avahi-daemon/socket")
_SIOCGIFADDR = 0x8915  # linux/sockios.h: an interface's IPv4 address
_IFA_UNFIT = 0x01 | 0x08 | 0x20 | 0x40  # linux/if_addr.h: temporary, failed, deprecated, tentative


def reachable_hosts() -> tuple[str, ...]:
    """Names and addresses for a link to this computer, the best first; asks the resolver, so not in an event loop."""
    announced = sys.platform in ("darwin", "win32") or _AVAHI.exists()
    return ordered([*_probed(), *(_of_interfaces() or _resolved())], socket.gethostname() if announced else None)


def ordered(addresses: Iterable[str], hostname: str | None) -> tuple[str, ...]:
    """Addresses that others can use, each once: the local network first, then the name, then the wide world.

    Args:
        addresses: what was found; of equal rank the first found goes first.
        hostname: this computer's name, where it is announced in the local network as NAME.local.
    """
    ranked: dict[str, int] = {}
    for text in addresses:
        address = ip_address(text)
        rank = _rank(address)
        if rank is not None:
            ranked.setdefault(str(address), rank)
    label = hostname.split(".")[0] if hostname else ""
    if _LABEL.fullmatch(label):
        ranked[f"{label.lower()}.local"] = 1
    return tuple(sorted(ranked, key=lambda host: ranked[host]))


def _rank(address: IPv4Address | IPv6Address) -> int | None:
    if address.is_loopback or address.is_link_local or address.is_multicast or address.is_unspecified:
        return None
    if isinstance(address, IPv4Address):
        if any(address in network for network in _LAN):
            return 0
        return 2 if address in _OVERLAY else 3
    return 4 if address in _UNIQUE_LOCAL else 5


def _probed() -> list[str]:
    found = []
    for family, target in _PROBES:
        with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((target, 9))
            found.append(probe.getsockname()[0])
    return found


def _of_interfaces() -> list[str]:
    """What Linux's tables say; nothing elsewhere."""
    if sys.platform != "linux":
        return []
    import fcntl

    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        for _, name in socket.if_nameindex():
            if not _VIRTUAL.match(name):
                with suppress(OSError):  # an interface without an IPv4 address
                    answer = fcntl.ioctl(control.fileno(), _SIOCGIFADDR, struct.pack("256s", name.encode()[:15]))
                    found.append(socket.inet_ntoa(answer[20:24]))
    with suppress(OSError):
        for line in _INET6_TABLE.read_text(encoding="ascii").splitlines():
            digits, _, _, _, flags, name = line.split()
            if not int(flags, 16) & _IFA_UNFIT and not _VIRTUAL.match(name):
                found.append(str(IPv6Address(int(digits, 16))))
    return found


def _resolved() -> list[str]:
    """What the resolver says of this computer's own name; on Linux often only 127.0.1.1."""
    with suppress(OSError):
        # A scope such as %en0 holds on this computer only; the address is a link-local one and falls away later.
        return [str(info[4][0]).partition("%")[0] for info in socket.getaddrinfo(socket.gethostname(), None)]
    return []
