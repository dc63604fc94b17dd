"""TextUnits: by which ids stretches of the text go, and how to find them for the whole text in one pass.

Pure. Positions are UTF-16 units. The library tells the letters of a text in their order, and what each of its blocks
holds, but for where a block stands it walks from the beginning of the text each time. So a copy of the document gets a
format right behind each block, which names it, and is read once: what ends where a name begins is the block of that
name.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pycrdt import Doc, Text

from cowrite.core.crdt.sides import Sides
from cowrite.core.crdt.structs import HAS_ORIGIN, HAS_RIGHT_ORIGIN, Content, Id, Struct
from cowrite.core.text.richtext import utf16_length
from cowrite_server.document.ranges import Ranges
from cowrite_server.wire.encoding import var_string, var_uint


class TextUnits:
    """The ids of a text, or of some stretches of it.

    Args:
        runs: from left to right, what was written in a row: where it stands, its units and its first id.
        sides: tells what stands beside each of them, where each is one block, within which nothing else is; None where
            that is not so.
    """

    def __init__(self, runs: Sequence[tuple[int, int, Id]], sides: Sides | None = None) -> None:
        self._runs = runs
        self.sides = sides
        self._by_clock: dict[int, list[tuple[int, int, int]]] = {}  # of each client clock, units and place of its runs

    def id_at(self, at: int) -> Id:
        """The id of one unit of these."""
        return next(self._within(at, at + 1))[1]

    def beside(self, at: int) -> tuple[Id, Id] | None:
        """The units before and behind a position, where nothing is between them, not even what was deleted; None where
        that is not known."""
        index = bisect_left(self._runs, at, key=lambda run: run[0]) - 1
        if self.sides is None or index < 0:
            return None
        start, units, id = self._runs[index]
        if at >= start + units:
            return None
        return Id(id.client, id.clock + at - start - 1), Id(id.client, id.clock + at - start)

    def place_of(self, id: Id) -> int | None:
        """Where a unit stands; None where it is none of these."""
        if not self._by_clock:
            for at, units, first in self._runs:
                self._by_clock.setdefault(first.client, []).append((first.clock, units, at))
            for runs in self._by_clock.values():
                runs.sort()
        runs = self._by_clock.get(id.client, [])
        index = bisect_right(runs, id.clock, key=lambda run: run[0]) - 1
        if index < 0:
            return None
        clock, units, at = runs[index]
        return at + id.clock - clock if id.clock < clock + units else None

    def runs(self, at: int, text: str) -> Iterator[tuple[int, Id]]:
        """The ids of a part of these; see `Anchors.runs`."""
        return self._within(at, at + utf16_length(text))

    def ranges(self, stretches: Iterable[tuple[int, int]]) -> Ranges:
        """The ids of parts of these, each a position and its units, as a delete set has them."""
        ranges: Ranges = {}
        for at, length in stretches:
            for units, id in self._within(at, at + length):
                ranges.setdefault(id.client, []).append((id.clock, units))
        return ranges

    def _within(self, at: int, stop: int) -> Iterator[tuple[int, Id]]:
        index = bisect_right(self._runs, at, key=lambda run: run[0]) - 1
        while at < stop:
            start, units, id = self._runs[index]
            end = min(start + units, stop)
            yield end - at, Id(id.client, id.clock + at - start)
            at, index = end, index + 1


def placed(at: int, runs: Iterable[tuple[int, Id]]) -> Iterator[tuple[int, int, Id]]:
    """Runs that stand in a row from a position on, each with where it stands."""
    for units, id in runs:
        yield at, units, id
        at += units


_CLIENT = 0  # below all others: of what was written right behind a block, the format comes first
_NAME = "\0block"  # of no attribute in a document


def blocks_in_order(
    state: bytes, root: str, structs: Sequence[Struct], deleted: Mapping[int, Sequence[range]]
) -> list[tuple[int, Id]]:
    """The units and the first id of each block of a root's text; none where that cannot be told.

    Args:
        state: the whole document, in Yjs' encoding (v1).
        root: the name of the root.
        structs, deleted: what `read_texts` reads of the document, or `read_all`.
    """
    if any(each.client == _CLIENT or each.content is Content.GAP for each in structs):
        return []
    blocks = list(_not_deleted(structs, deleted))
    doc: Doc[Any] = Doc()
    text = doc.get(root, type=Text)
    doc.apply_update(state)
    text.insert(len(text), "\0")  # what stands behind the last block tells its name
    doc.apply_update(_names(blocks))
    found: list[tuple[int, Id]] = []
    content: object = ""
    for following, attributes in text.diff():
        if content:
            name = (attributes or {}).get(_NAME)
            block = None if name is None else blocks[int(name)]
            if block is None or (isinstance(content, str) and content != block.text):
                return []
            found.append((block.length, Id(block.client, block.clock)))
        content = following
    return found


def _not_deleted(structs: Iterable[Struct], deleted: Mapping[int, Sequence[range]]) -> Iterator[Struct]:
    """The blocks of text that are there, in whatever root."""
    starts = {client: [each.start for each in ranges] for client, ranges in deleted.items()}
    for each in structs:
        if each.content is Content.STRING or each.content is Content.EMBED:
            index = bisect_right(starts.get(each.client, ()), each.clock) - 1
            if index < 0 or each.clock not in deleted[each.client][index]:
                yield each


def _names(blocks: Sequence[Struct]) -> bytes:
    """An update that names each block right behind it. Each name has the right neighbour with which its block was
    written: then what follows in a row need not be looked through for its place."""
    update = bytearray(b"\x01" + var_uint(len(blocks)) + var_uint(_CLIENT) + b"\0")
    name = var_string(_NAME)
    for number, block in enumerate(blocks):
        right = block.right_origin
        update.append(HAS_ORIGIN | (HAS_RIGHT_ORIGIN if right is not None else 0) | Content.FORMAT)
        update += var_uint(block.client) + var_uint(block.clock + block.length - 1)
        if right is not None:
            update += var_uint(right.client) + var_uint(right.clock)
        update += name + var_string(str(number))
    return bytes(update + b"\0")
