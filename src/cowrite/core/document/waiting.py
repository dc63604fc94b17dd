"""Waiting: what has arrived in a document before something that it builds on.

Runs on the document's thread. The library keeps it, and adds all of it at once when the missing piece comes. What
somebody wrote in a row it joins then, which can take all memory though each of the updates was small; so much that
waits is looked at together with whatever comes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pycrdt import Doc, get_update

from cowrite.core.crdt.clocks import clocks_of
from cowrite.core.document import arrivals

if TYPE_CHECKING:
    from cowrite_server.document.census import Counted

_LITTLE = 32 * 1024
"""Bytes of waiting updates that the library joins at no great cost."""

_NO_STRUCTS = b"\0"  # an update begins with the number of clients that it has structs of


class Waiting:
    """What waits in one document."""

    def __init__(self) -> None:
        self._updates: list[bytes] = []
        self._size = 0
        self._mentioned: set[int] | None = set()  # the clients with which they have to do; None for any
        self._merged = self._came = b""

    def note_change(self, update: bytes) -> None:
        """Takes note of what has come into the document in one transaction."""
        self._came = update

    def merge(self, counted: Counted, doc: Doc[Any]) -> None:
        """Merges an update into the CRDT, and with it what it brings in of what waits; see `arrivals.merge`."""
        if self._size + len(counted.update) > _LITTLE and self._may_bring_in(counted.update, doc):
            together = type(counted)(arrivals.joined([*self._updates, counted.update]))
            joined = arrivals.in_runs(together, doc)
            counted = together if joined is together.update else type(counted)(joined)
            self._updates, self._size, self._mentioned = [], 0, set()
        self._merged, self._came = counted.update, b""
        arrivals.merge(counted, doc)

    def look_again(self, doc: Doc[Any]) -> bool:
        """Takes note of what waits of the update that was merged last; says whether all came in as it is."""
        update, self._merged = self._merged, b""
        if len(self._came) == len(update):  # as nearly always
            return True
        rest = get_update(update, doc.get_state())
        if rest.startswith(_NO_STRUCTS):
            return False
        self._updates.append(rest)
        self._size += len(rest)
        if self._mentioned is not None:
            self._mentioned = _mentioned(rest, self._mentioned)
        return False

    def _may_bring_in(self, update: bytes, doc: Doc[Any]) -> bool:
        """Whether something that waits may build on an update."""
        if not self._updates:
            return False
        from cowrite_server.document.bounds import first_clocks
        from cowrite_server.errors import BrokenUpdate

        try:
            first = dict(first_clocks(update))
        except BrokenUpdate:  # content that only the library knows
            return True
        known = clocks_of(doc.get_state(), first)
        arrives = {client for client, clock in first.items() if clock <= known.get(client, 0)}
        return bool(arrives) and (self._mentioned is None or not arrives.isdisjoint(self._mentioned))


def _mentioned(update: bytes, others: set[int]) -> set[int] | None:
    from cowrite_server.document.structs import mentioned
    from cowrite_server.errors import BrokenUpdate

    try:
        return others | mentioned(update)
    except BrokenUpdate:  # content that only the library knows
        return None
