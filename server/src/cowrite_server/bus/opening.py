"""Makes the bus that an address names."""

from __future__ import annotations

from cowrite_server.bus.bus import Bus, NoBus
from cowrite_server.errors import ExtraMissing


def make_bus(address: str | None) -> Bus:
    """Makes a bus; it connects when it is started, and again whenever it must.

    Args:
        address: `redis://…` (`rediss://…` with TLS), or None for a node that is alone.

    Raises:
        BadBusAddress: the address names no bus.
        ExtraMissing: what it needs is not installed.
    """
    if address is None:
        return NoBus()
    try:
        from cowrite_server.bus.redis import RedisBus
    except ImportError as error:
        raise ExtraMissing("--bus redis://…", "redis") from error
    return RedisBus(address)
