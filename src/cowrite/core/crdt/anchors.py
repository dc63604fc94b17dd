"""Anchors: makes the anchors of a document, and finds them again.

Runs on the document's thread.

yrs finds anchors, but pycrdt has it count in bytes, and then a sticky index mixes two units (y-crdt/pycrdt#379, #381):
made at a position, it names clock `start + bytes`, and resolved it gives `octets + units`, where `start` and `octets`
belong to the first character of the block in which the anchor lies, and `bytes` and `units` count from there to the
anchor. Both are exact while the text is ASCII. Beyond, we read where the block starts from the document's own structs,
and the rope converts:

    units    = clock - start
    position = UTF-16 position of byte (resolved - units), plus units
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

from pycrdt import Assoc, Doc, StickyIndex, Text

from cowrite.core.crdt.anchor import BODY, Anchor, Stick
from cowrite.core.crdt.blocks import Blocks
from cowrite.core.crdt.redone import Redone
from cowrite.core.crdt.sides import Sides
from cowrite.core.crdt.structs import Content, Id, read_structs
from cowrite.core.crdt.text_structs import read_texts
from cowrite.core.crdt.text_units import TextUnits, blocks_in_order, placed
from cowrite.core.errors import is_panic
from cowrite.core.text.offsets import InsideCharacter, OutsideText
from cowrite.core.text.richtext import Utf16, utf16_length
from cowrite.core.text.rope import Rope
from cowrite_server.wire.encoding import Reader, var_uint

FEW = 20
"""Of so many units or stretches it is asked where each of them is."""

FEW_RUNS = 100
"""So many parts of stretches are looked for one by one, each from the beginning of the text."""


class Anchors:
    """Makes and resolves the anchors of one document.

    Args:
        doc: the CRDT.
        body: its text.
        rope: the same text, always equal to it between two calls.

    Attributes:
        blocks: the blocks of the CRDT.
        redone: what this replica's undo has brought back, which anchors follow. So does yrs, but only to the first
            character.
    """

    def __init__(self, doc: Doc[Any], body: Text, rope: Rope) -> None:
        self._doc = doc
        self._body = body
        self._rope = rope
        self._steady = 0  # how many of `steady` are within each other
        self._units: TextUnits | None = None  # of all the text, read while nothing changes
        self.blocks = Blocks(doc)
        self.redone = Redone(doc.client_id)

    @contextmanager
    def steady(self) -> Iterator[None]:
        """While nothing changes: what is read for one place is kept for others, and the whole text is gone through once
        for all that is asked. May be within another one."""
        self._steady += 1
        try:
            with self.blocks.steady():
                yield
        finally:
            self._steady -= 1
            if not self._steady:
                self._units = None

    def make(self, at: int, stick: Stick) -> Anchor:
        """The anchor for a position (UTF-16 units).

        Raises:
            OutsideText, InsideCharacter: `at` is no position of the text.
        """
        rope = self._rope
        octet = rope.octet_of(at)
        start = at
        if stick is Stick.LEFT:
            if at == 0:
                return Anchor(None, stick)
            start, octet = self._character_before(at)
        elif at == rope.units:
            return Anchor(None, stick)
        with self._doc.transaction():
            made = Reader(self._body.sticky_index(octet, Assoc.AFTER).encode())
            made.var_uint()
            named = Id(made.var_uint(), made.var_uint())
            # All is ASCII up to here where both units agree.
            exact = named if octet == start else self._exact(named, start, octet)
        return Anchor(Id(exact.client, exact.clock + max(0, at - start - 1)), stick)

    def resolve(self, anchor: Anchor) -> Utf16 | None:
        """Where an anchor lies now (UTF-16 units).

        An anchor whose character is deleted lies where that was; when this replica's undo brings the text back, it lies
        there again (other replicas cannot know that the text is the same, in Yjs as here).

        Returns:
            The position, or None where the anchor's text has not arrived here.
        """
        if anchor.id is None:
            return Utf16(0 if anchor.stick is Stick.LEFT else self._rope.units)
        with self._doc.transaction():
            id = self.redone.newest(anchor.id)
            if not self._has_arrived(id):
                return None
            try:
                return self._position(id, anchor.stick)
            except (InsideCharacter, OutsideText):
                return None  # the id is of something else than the body's text: no anchor of ours

    def ends_of(self, places: Sequence[tuple[int, int]]) -> list[tuple[Anchor, Anchor]]:
        """The anchors of many stretches of the text at once: before the first unit of each, and behind its last.

        Args:
            places: start and stop of each; no place is empty.
        """
        if len(places) <= FEW:
            return [(self.make(start, Stick.RIGHT), self.make(stop, Stick.LEFT)) for start, stop in places]
        units = self._all_units()
        return [
            (Anchor(units.id_at(start), Stick.RIGHT), Anchor(units.id_at(stop - 1), Stick.LEFT))
            for start, stop in places
        ]

    def resolve_all(self, anchors: Sequence[Anchor]) -> list[Utf16 | None]:
        """Where many anchors lie now, see `resolve`; the text is gone through once for all of which there is text."""
        units = self._all_units()
        found: list[Utf16 | None] = []
        for anchor in anchors:
            unit = None if anchor.id is None else units.place_of(self.redone.newest(anchor.id))
            at = None if unit is None else unit + (anchor.stick is Stick.LEFT)
            found.append(self.resolve(anchor) if at is None or not self._is_between_characters(at) else Utf16(at))
        return found

    def runs(self, at: int, text: str) -> Iterator[tuple[int, Id]]:
        """The ids of a stretch of the text: for each part that was written in a row its units and its first id.

        Args:
            at: where it begins, in UTF-16 units.
            text: the stretch.
        """
        if not text:
            return
        first = self.make(at, Stick.RIGHT).id
        units = utf16_length(text)
        last = self.make(at + units - utf16_length(text[-1]), Stick.RIGHT).id
        assert first is not None
        assert last is not None
        is_whole = (first.client, first.clock + units - utf16_length(text[-1])) == last
        if is_whole and (len(text) == 1 or self._is_in_a_row(first, at, units)):
            yield units, first
        else:
            head = text[: len(text) // 2]
            yield from self.runs(at, head)
            yield from self.runs(at + utf16_length(head), text[len(head) :])

    def units_of(self, stretches: Sequence[tuple[int, int]]) -> TextUnits:
        """The ids of several stretches of the text.

        Args:
            stretches: position and units of each, from left to right and apart from each other.
        """
        rope = self._rope
        if len(stretches) <= FEW_RUNS:
            each = (run for at, units in stretches for run in placed(at, self.runs(at, rope.text(at, at + units))))
            with self.blocks.steady():
                found = list(islice(each, FEW_RUNS + 1))
            if len(found) <= FEW_RUNS:
                return TextUnits(found)
        return self._all_units()

    def _all_units(self) -> TextUnits:
        """The ids of all the text."""
        units = self._units or self._read_units()
        if self._steady:
            self._units = units
        return units

    def _read_units(self) -> TextUnits:
        state = self._doc.get_update()
        texts = read_texts(state)
        self.blocks.know(texts.chunks)
        blocks = blocks_in_order(state, BODY, texts.structs, texts.deleted)
        if sum(units for units, _ in blocks) == self._rope.units:
            return TextUnits(list(placed(0, blocks)), Sides(lambda: list(read_structs(state))))
        return TextUnits(list(placed(0, self.runs(0, self._rope.text()))))

    def _is_in_a_row(self, first: Id, at: int, units: int) -> bool:
        """Whether all of a stretch was written in a row of which both ends can have been. In between, some of that may
        be deleted, and as much of other text be there in its place."""
        client, rope = first.client, self._rope
        if units <= FEW and rope.units == rope.octets:  # a few places are found sooner than blocks are read
            ids = [Id(client, clock) for clock in range(first.clock + 1, first.clock + units - 1)]
            with self._doc.transaction():
                return all(
                    self.redone.newest(id) == id
                    and self._place(id, Stick.RIGHT) == at + id.clock - first.clock
                    and self._place(id, Stick.LEFT) == at + id.clock - first.clock + 1
                    for id in ids
                )
        stop = first.clock + units
        for block in self.blocks.back_from(Id(client, stop - 1)):
            start = Id(client, max(first.clock, block.clock))
            if block.clock + block.length < stop or block.content not in (Content.STRING, Content.EMBED):
                return False
            if start == first:
                return True  # what one block holds stands side by side
            if self.redone.newest(start) != start or self.place_of(start) != at + start.clock - first.clock:
                return False
            stop = start.clock
        return False

    def place_of(self, id: Id) -> Utf16 | None:
        """Where a unit of the text is (UTF-16 units); None where it is deleted or has not arrived."""
        place = self.resolve(Anchor(id, Stick.RIGHT))
        return None if place == self.resolve(Anchor(id, Stick.LEFT)) else place

    def places(self) -> Callable[[Id], Utf16 | None]:
        """`place_of` for any number of units while nothing changes; for very many the text is gone through once."""
        asked = 0
        units: TextUnits | None = None

        def place(id: Id) -> Utf16 | None:
            nonlocal asked, units
            asked += 1
            if asked > FEW_RUNS and units is None:
                units = self._all_units()
            at = None if units is None else units.place_of(self.redone.newest(id))
            return self.place_of(id) if at is None or not self._is_between_characters(at) else Utf16(at)

        return place

    def unit_at(self, at: int) -> Id:
        """The unit that stands at a position (UTF-16 units); of what this replica's undo has brought back, that which
        was deleted first.

        Raises:
            OutsideText, InsideCharacter: no character begins there.
        """
        id = self.make(at, Stick.RIGHT).id
        if id is None:
            raise OutsideText(at, self._rope.units)
        return self.redone.first(id)

    def source_of(self, id: Id) -> Id | None:
        """The deleted unit just left of which one was written, as undo writes what it brings back; None for none.

        Text that somebody typed left of what was deleted later cannot be told from it.
        """
        block = self.blocks.block_of(id)
        if block is None or (gone := block.right_origin) is None or self._is_there(gone):
            return None
        source = Id(gone.client, gone.clock + id.clock - block.clock)
        blocks = [self.blocks.block_of(each) for each in (gone, source)]
        if self._is_there(source) or any(each is not None and each.content is Content.FORMAT for each in blocks):
            return None
        return source

    def _is_there(self, id: Id) -> bool:
        """Whether a unit is there itself, and not only brought back as another one."""
        if self.redone.newest(id) != id or self.blocks.block_of(id) is None:
            return False
        if self._units is not None:
            return self._units.place_of(id) is not None
        with self._doc.transaction():
            return self._place(id, Stick.RIGHT) != self._place(id, Stick.LEFT)

    def _is_between_characters(self, at: int) -> bool:
        try:
            self._rope.octet_of(at)
        except InsideCharacter:
            return False
        return True

    def _character_before(self, at: int) -> tuple[int, int]:
        """Where the character that ends at a position begins, in UTF-16 units and in bytes."""
        try:
            return at - 1, self._rope.octet_of(at - 1)
        except InsideCharacter:
            return at - 2, self._rope.octet_of(at - 2)

    def _has_arrived(self, id: Id) -> bool:
        if self.blocks.is_gapless(id):
            return True
        for struct in read_structs(self.blocks.update_from(Id(id.client, 0))):
            if id.clock < struct.clock + struct.length:
                return struct.content is not Content.GAP
        return False

    def _position(self, id: Id, stick: Stick) -> Utf16 | None:
        rope = self._rope
        if rope.units == rope.octets:
            place = self._place(id, stick)
            return None if place is None or place > rope.units else Utf16(place)
        place = self._place(id, Stick.RIGHT)
        if place is None:
            return None
        if self._place(id, Stick.LEFT) == place:
            return Utf16(rope.units_of(place))  # deleted: the place of its block
        inside = id.clock - next(self.blocks.back_from(id)).clock
        at = rope.units_of(place - inside) + inside + (1 if stick is Stick.LEFT else 0)
        try:
            rope.octet_of(at)
        except InsideCharacter:
            at += 1 if stick is Stick.LEFT else -1  # a foreign anchor that halves a character
        return Utf16(at)

    def _place(self, id: Id, stick: Stick) -> int | None:
        """What yrs says of an id that has arrived: `octets + units` (see above), or `octets` where it is deleted.

        Sticking LEFT it is one more, unless it is deleted.
        """
        data = b"\0" + var_uint(id.client) + var_uint(id.clock) + (b"\0" if stick is Stick.RIGHT else b"\x41")
        try:
            return StickyIndex.decode(data, self._body).get_index()
        except BaseException as error:
            if not is_panic(error):
                raise
            return None  # garbage: what was there is gone together with its place

    def _exact(self, named: Id, start: int, octet: int) -> Id:
        """The id of a character.

        Args:
            named: its id as yrs gives it: the clock is its block's plus the bytes inside of the block.
            start: its position in UTF-16 units.
            octet: the same in bytes.
        """
        for block in self.blocks.back_from(named):
            octets_inside = named.clock - block.clock
            if octets_inside >= 3 * block.length:  # no unit takes more than three bytes
                continue
            try:
                inside = start - self._rope.units_of(octet - octets_inside)
            except (InsideCharacter, OutsideText):
                continue
            id = Id(named.client, block.clock + inside)
            place = octet - octets_inside + inside
            if (
                inside < block.length
                and self.redone.newest(id) == id
                and self._place(id, Stick.RIGHT) == place
                and self._place(id, Stick.LEFT) == place + 1
            ):
                return id
        raise RuntimeError(f"no block of client {named.client} holds the character at {start}")
