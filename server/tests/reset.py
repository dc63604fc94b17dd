"""A connection that is reset when it is closed, as by a system that fails."""

from __future__ import annotations

import socket
import struct
import sys


def linger_for_no_time(connection: socket.socket) -> None:
    """Has the system tell the other side nothing but that the connection is gone."""
    kind = "hh" if sys.platform == "win32" else "ii"
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack(kind, 1, 0))
