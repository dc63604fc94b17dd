"""What comes from the worker: bytes in slices of any size, as messages. Runs anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cowrite.assist.engine.wire import MalformedLine, decode

MAX_ANSWER = 8 * 1024 * 1024  # bytes; all tokens of the largest context with their probabilities fit


class Incoming:
    """Cuts a stream of bytes into lines and reads them."""

    def __init__(self) -> None:
        self._rest = bytearray()

    def feed(self, data: bytes) -> Iterator[dict[str, Any]]:
        """Takes bytes and gives the messages that they complete.

        Raises:
            MalformedLine: a line is no message, or longer than an answer can be.
        """
        searched = len(self._rest)
        self._rest += data
        start = 0
        while (end := self._rest.find(b"\n", max(start, searched))) >= 0:
            line = bytes(self._rest[start:end])
            start = end + 1
            if len(line) <= MAX_ANSWER:
                yield decode(line)
            else:
                raise MalformedLine(f"{len(line)} bytes")
        del self._rest[:start]
        if len(self._rest) > MAX_ANSWER:
            raise MalformedLine(f"{len(self._rest)} bytes without an end")

    def forget(self) -> None:
        """Begins anew, with another process."""
        self._rest.clear()
