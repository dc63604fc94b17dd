"""Updates: what each transaction of a document has written, as it goes out to file and server.

Runs on the document's thread.
"""

from __future__ import annotations

from cowrite.core.entries.observers import Observers
from cowrite.core.text.origin import Origin
from cowrite_server.document.updates import merge

EMPTY_UPDATE = b"\x00\x00"
"""The Yjs encoding of an update without content."""


class Updates(Observers[tuple[bytes, Origin]]):
    """Who is told of each update and the origin of its transaction; of those that are held, as of one."""

    def __init__(self) -> None:
        super().__init__()
        self._held: list[bytes] | None = None

    def tell(self, value: tuple[bytes, Origin]) -> None:
        """Calls every callback, unless it is held or the update says nothing."""
        if value[0] == EMPTY_UPDATE:
            return
        if self._held is None:
            super().tell(value)
        else:
            self._held.append(value[0])

    def hold(self) -> None:
        """Keeps what comes until `release`: nobody is to have one part of it without the other."""
        self._held = []

    def release(self, origin: Origin) -> None:
        """Tells what was held, if anything was, as one update of an origin."""
        held, self._held = self._held, None
        if held:
            super().tell((held[0] if len(held) == 1 else merge(held), origin))
