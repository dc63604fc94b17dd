"""Blocks: what one client has written in a row, as the CRDT has it.

Read from the document's own update, from a little before the place that is asked for. Runs on the document's thread.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import takewhile
from typing import Any

from pycrdt import Doc

from cowrite.core.crdt.clocks import clock_of
from cowrite.core.crdt.structs import Content, Id, Struct, read_clocks, read_structs
from cowrite.core.crdt.text_structs import Chunks
from cowrite_server.wire.encoding import Reader, var_uint

LOOK_BACK = 128
"""So many clocks before an id the search for its block begins, at a multiple of it; most blocks are shorter."""

_NOTHING = (Content.GARBAGE, Content.GAP)


class Blocks:
    """The blocks of one document.

    Args:
        doc: the CRDT.
    """

    def __init__(self, doc: Doc[Any]) -> None:
        self._doc = doc
        self._arrived: dict[int, int] = {}
        # What was read while nothing changes, and what goes on with it.
        self._kept: dict[Id, tuple[list[Struct], Iterator[Struct]]] | None = None
        self._all: Mapping[int, Chunks] | None = None  # by client, where all was read while nothing changes
        self._halves: dict[Id, bool] = {}  # one in LOOK_BACK ids at most; what a unit is never changes

    @contextmanager
    def steady(self) -> Iterator[None]:
        """While nothing changes: what is read for one place is kept for those near it. May be within another one."""
        outer = self._kept
        self._kept = {} if outer is None else outer
        try:
            yield
        finally:
            self._kept = outer
            if outer is None:
                self._all = None

    def know(self, chunks: Mapping[int, Chunks]) -> None:
        """Takes it that these are all blocks of the document, by client, as long as nothing changes."""
        if self._kept is not None:
            self._all = chunks

    def block_of(self, id: Id) -> Struct | None:
        """The block in which a unit is; None where that is garbage."""
        block = next(self.back_from(id), None)
        return block if block is not None and id.clock < block.clock + block.length else None

    def back_from(self, id: Id) -> Iterator[Struct]:
        """The document's own blocks of a client, from the one that covers an id back to its first."""
        if self._all is not None:
            if (known := self._all.get(id.client)) is not None:
                yield from (each for each in known.back_from(id.clock) if each.content not in _NOTHING)
            return
        stop = id.clock
        look_back = LOOK_BACK
        while True:
            low = max(0, (id.clock - look_back) // LOOK_BACK * LOOK_BACK)
            if not self.is_gapless(Id(id.client, low)):
                low = 0
            blocks = self._blocks_from(Id(id.client, low), stop)
            if low > 0:
                del blocks[:1]  # perhaps only the end of a block
            yield from (each for each in reversed(blocks) if each.content not in _NOTHING)
            if low == 0:
                return
            if blocks:
                stop = blocks[0].clock - 1
            look_back *= 16

    def is_gapless(self, id: Id) -> bool:
        """Whether all that a client wrote up to an id has arrived; yrs also shows what follows a gap."""
        if id.clock >= self._arrived.get(id.client, 0):
            self._arrived[id.client] = clock_of(self._doc.get_state(), id.client)
        return id.clock < self._arrived.get(id.client, 0)

    def _blocks_from(self, id: Id, stop: int) -> list[Struct]:
        """A client's blocks up to the one that covers clock `stop`; the first of them is cut off before `id`."""
        blocks = self._structs_from(id, stop)
        if id.clock > 0 and len(blocks) > 1 and blocks[0].content is Content.STRING and self._is_half(id, blocks[0]):
            # The cut has left out the whole character, and all that follows was counted from there.
            blocks = [block._replace(clock=block.clock + 1) for block in blocks]
            if blocks[-1].clock > stop:
                del blocks[-1]
        return blocks

    def _is_half(self, id: Id, text: Struct) -> bool:
        """Whether an id is the second half of a character.

        Args:
            id: the id.
            text: what stands there from it on.
        """
        if id not in self._halves:
            longer = next(read_structs(self.update_from(Id(id.client, id.clock - 1)))).text
            self._halves[id] = longer[:1] > "\uffff" and longer[1:] == text.text
        return self._halves[id]

    def _structs_from(self, id: Id, stop: int) -> list[Struct]:
        """What a client has written from `id` up to a clock, see `update_from`; read once where nothing changes."""
        if self._kept is None:
            return list(takewhile(lambda struct: struct.clock <= stop, read_structs(self.update_from(id))))
        if id not in self._kept:
            self._kept[id] = [], read_structs(self.update_from(id))
        known, rest = self._kept[id]
        while not known or known[-1].clock <= stop:
            following = next(rest, None)
            if following is None:
                break
            known.append(following)
        return known[: bisect_right(known, stop, key=lambda struct: struct.clock)]

    def update_from(self, id: Id) -> bytes:
        """All that a client has written from `id` on, as one update; from its first on where a gap comes before."""
        state = self._doc.get_state()
        if self.is_gapless(id):
            reader = Reader(state)
            count = reader.var_uint()
            # The last entry for a client counts.
            wanted = var_uint(count + 1) + reader.rest() + var_uint(id.client) + var_uint(id.clock)
        else:
            # yrs gives nothing of a client from its first gap on; asked by one that knows nothing of it, all.
            others = {client: clock for client, clock in read_clocks(state).items() if client != id.client}
            wanted = var_uint(len(others)) + b"".join(var_uint(n) for entry in others.items() for n in entry)
        return self._doc.get_update(wanted)
