"""Gaps: what has arrived before something that its writer had written earlier.

Runs on the document's thread. A connection brings each writer's updates in order; where they do not come so, yrs takes
in what it can and names none of it in its events until what is missing is there, and then only that.
"""

from __future__ import annotations

from cowrite.core.crdt.clocks import clocks_of
from cowrite.core.crdt.structs import Content, read_structs

LARGE = 64 * 1024
"""Bytes of an update that is not looked into: where it does not come in as it is, all of the document is looked at."""


class Gaps:
    """Which writers' updates have arrived without what came before."""

    def __init__(self) -> None:
        self._missing: dict[int, int] = {}  # client to the clock up to which it has arrived, with a gap before

    def note(self, update: bytes, state_vector: bytes) -> bool:
        """Takes note of an update that is about to be taken in; says whether events may be missing for what it changes.
        Of a large one only what is missing before it is known.

        Args:
            update: in Yjs' encoding (v1).
            state_vector: what is known before it.

        Raises:
            MalformedUpdate: the bytes are no update.
        """
        structs = list(read_structs(update)) if len(update) <= LARGE else []
        known = dict(clocks_of(state_vector, {*self._missing, *(struct.client for struct in structs)}))
        self._missing = {client: clock for client, clock in self._missing.items() if known.get(client, 0) < clock}
        for struct in structs:
            end = struct.clock + struct.length
            if struct.content is Content.GAP:
                continue
            if struct.clock > known.get(struct.client, 0):
                self._missing[struct.client] = max(self._missing.get(struct.client, 0), end)
            else:
                known[struct.client] = max(known.get(struct.client, 0), end)
        return bool(self._missing)
