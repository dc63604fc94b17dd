"""How many connections this process can hold: each is an open file to the system, which allows so many."""

from __future__ import annotations

import logging
import sys
from typing import NamedTuple

_logger = logging.getLogger(__name__)

RESERVED = 64
"""Open files for the database, logs, certificates and those who are told that there is no room; half of all where
there are fewer than twice as many."""


class Capacity(NamedTuple):
    """How many connections there is room for; None for any number.

    Attributes:
        most: so many leave enough open files for everything else.
        crowded: so many leave few; whoever comes then is not even told that there is no room.
    """

    most: int | None
    crowded: int | None


def capacity(wanted: int | None = None) -> Capacity:
    """As the system has it for this process; the log is told where that is less than is wanted.

    Args:
        wanted: so many connections and no more; None for as many as there is room for.
    """
    room = _room()
    if wanted is None:
        return room
    if room.most is None or wanted <= room.most:
        return room._replace(most=wanted)
    _logger.warning(
        "The system lets cowrite-server open too few files for %d connections (server_clients), so there is room for "
        "%d; let it open more (ulimit -n, LimitNOFILE).",
        wanted,
        room.most,
    )
    return room


def _room() -> Capacity:
    """What the system allows."""
    if sys.platform == "win32":
        return Capacity(None, None)
    import resource

    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if files == resource.RLIM_INFINITY:
        return Capacity(None, None)
    reserved = min(RESERVED, files // 2)
    return Capacity(files - reserved, files - reserved * 3 // 4)
