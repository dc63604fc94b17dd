"""What another program can write into a document, byte by byte: also what neither cowrite nor pycrdt would write."""

from __future__ import annotations

import json
from typing import Any

from cowrite.core.crdt.structs import HAS_ORIGIN, HAS_PARENT_KEY, Content, Id
from cowrite_server.wire.encoding import var_string, var_uint

MAP, FRAGMENT = var_uint(1), var_uint(4)
"""Shared types."""
NULL = var_uint(1) + bytes([126])
"""One value."""


class ForeignWriter:
    """Writes structs one behind the other as one client.

    Args:
        client: its number.
        clock: how much it has written before.
    """

    def __init__(self, client: int = 5, clock: int = 0) -> None:
        self._client = client
        self._start = clock
        self._structs: list[bytes] = []
        self.clock = clock

    def write(
        self,
        content: Content,
        data: bytes,
        *,
        length: int = 1,
        root: str = "",
        parent: Id | None = None,
        key: str | None = None,
        behind: Id | None = None,
    ) -> Id:
        """Writes one struct, and gives the id of its last unit.

        Args:
            content: what it holds.
            data: that, encoded.
            length: its units.
            root: the root that it lies in; or
            parent: the type that it lies in; or
            behind: the unit that it stands behind.
            key: its name in a map.
        """
        info = content | (HAS_ORIGIN if behind is not None else 0) | (HAS_PARENT_KEY if key is not None else 0)
        if behind is not None:
            place = var_uint(behind.client) + var_uint(behind.clock)
        elif parent is not None:
            place = var_uint(0) + var_uint(parent.client) + var_uint(parent.clock)
        else:
            place = var_uint(1) + var_string(root)
        self._structs.append(bytes([info]) + place + (b"" if key is None else var_string(key)) + data)
        self.clock += length
        return Id(self._client, self.clock - 1)

    def text(self, text: str, **place: Any) -> Id:
        """Writes text."""
        return self.write(Content.STRING, var_string(text), length=len(text.encode("utf-16-le")) // 2, **place)

    def look(self, name: str, value: Any, **place: Any) -> Id:
        """Begins or ends a look of text."""
        return self.write(Content.FORMAT, var_string(name) + var_string(json.dumps(value)), **place)

    def update(self) -> bytes:
        """All of it as one update."""
        head = var_uint(1) + var_uint(len(self._structs)) + var_uint(self._client) + var_uint(self._start)
        return head + b"".join(self._structs) + var_uint(0)
