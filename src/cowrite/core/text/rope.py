"""Rope: a document's rich text in memory, with all of its offsets.

A B+ tree of chunks. A chunk is a stretch of text with one set of attributes, or one embed; each node knows how many
UTF-16 units and how many UTF-8 bytes lie below it, so that a position is found and converted in O(log n) steps.
The rope knows nothing of the CRDT: `core.document` keeps the two equal.
"""

from __future__ import annotations

from collections.abc import Iterator

from cowrite.core.text.chunks import (
    CHUNK_LIMIT,
    NODE_LIMIT,
    Chunk,
    Node,
    chunks_from,
    chunks_of,
    drop,
    merge_around,
    split_chunk,
    spread,
)
from cowrite.core.text.offsets import InsideCharacter, OutsideText, code_point_of_utf8, utf8_length
from cowrite.core.text.richtext import NO_ATTRIBUTES, Attributes, Span, utf16_length


class Rope:
    """Rich text that is cheap to change and to measure anywhere."""

    def __init__(self) -> None:
        self._root = Node([], is_leaf=True)
        self._known: int | None = None  # what `_find` has found last; None where the tree has changed since
        self._known_place: tuple[Node, int, int, int] = (self._root, 0, 0, 0)
        self._near: tuple[Node, int, int] | None = None  # the leaf that was looked into last, and what is before it
        self._converted: dict[int, int] = {}  # by units the bytes that `octet_of` has found since the text has changed

    def let_go(self) -> None:
        """Has its parts hold each other no more, for nothing is to be done with it."""
        nodes = [self._root]
        while nodes:
            node = nodes.pop()
            node.parent = None
            if not node.is_leaf:
                nodes.extend(node.items)  # type: ignore[arg-type]

    def become(self, other: Rope) -> None:
        """Takes the text of another rope, which has none then."""
        self._root, other._root = other._root, Node([], is_leaf=True)
        for each in (self, other):
            each._known = each._near = None
            each._converted.clear()

    @property
    def units(self) -> int:
        """Length in UTF-16 units."""
        return self._root.units

    @property
    def octets(self) -> int:
        """Length as pycrdt counts it: UTF-8 bytes, an embed counting as one."""
        return self._root.octets

    @property
    def last_character(self) -> str:
        """The character that ends the text, or nothing where there is none."""
        if not self._root.units:
            return ""
        leaf, index, _, _ = self._find(self._root.units)
        return leaf.items[index].text[-1]  # type: ignore[union-attr]

    def octet_of(self, units: int) -> int:
        """Converts a position from UTF-16 units to pycrdt's bytes.

        Raises:
            OutsideText: the position is negative or past the end.
            InsideCharacter: the position halves a surrogate pair.
        """
        root = self._root
        if root.units == root.octets and 0 <= units <= root.units:
            return units
        found = self._converted.get(units)
        if found is not None:
            return found
        leaf, at, inside, base = self._find(units)
        if not leaf.items:
            return 0
        try:
            found = base + leaf.items[at].octets_before(inside)  # type: ignore[union-attr]
        except InsideCharacter:
            raise InsideCharacter(units) from None
        if len(self._converted) > 64:
            self._converted.clear()
        self._converted[units] = found
        return found

    def units_of(self, octets: int) -> int:
        """Converts a position from pycrdt's bytes to UTF-16 units.

        Raises:
            OutsideText: the position is negative or past the end.
            InsideCharacter: the position lies inside the bytes of one character.
        """
        node = self._root
        if not 0 <= octets <= node.octets:
            raise OutsideText(octets, node.octets)
        if node.units == node.octets:
            return octets
        rest, units = octets, 0
        while True:
            for item in node.items:
                if rest <= item.octets:
                    break
                rest -= item.octets
                units += item.units
            if isinstance(item, Chunk):
                break
            node = item
        if item.units == item.octets:
            return units + rest
        try:
            return units + utf16_length(item.text[: code_point_of_utf8(item.text, rest)])
        except InsideCharacter:
            raise InsideCharacter(octets) from None

    def insert(self, at: int, span: Span) -> None:
        """Puts a span in.

        Args:
            at: position in UTF-16 units.
            span: what comes in; text that is empty changes nothing.

        Raises:
            OutsideText, InsideCharacter: `at` is no position of the text.
        """
        text = span.text
        if not text:
            return
        leaf, index, inside, base = self._find(at)
        self._change_from(at)
        items: list[Chunk] = leaf.items  # type: ignore[assignment]
        if items:
            chunk = items[index]
            if inside < chunk.units != len(chunk.text):
                self.octet_of(at)
            self._converted.clear()
            if not chunk.takes(span) and inside == chunk.units and index + 1 < len(items):
                following = items[index + 1]
                if following.takes(span):
                    base += chunk.octets
                    chunk, index, inside = following, index + 1, 0
            if len(chunk.text) + len(text) <= CHUNK_LIMIT and chunk.takes(span):
                cut = chunk.index(inside)
                units, octets = chunk.units, chunk.octets
                chunk.text = chunk.text[:cut] + text + chunk.text[cut:]
                if text.isascii():
                    chunk.units += len(text)
                    chunk.octets += len(text)
                else:
                    chunk.units += utf16_length(text)
                    chunk.octets += utf8_length(text)
                grown = chunk.units - units
                leaf.grow(grown, chunk.octets - octets)
                self._known, self._known_place = at + grown, (leaf, index, inside + grown, base)  # who types goes on
                return
            if 0 < inside < chunk.units:
                split_chunk(items, index, inside)
            if inside > 0:
                base += chunk.octets
                index += 1
        pieces = chunks_of(span)
        items[index:index] = pieces
        units, octets, last = sum(piece.units for piece in pieces), sum(piece.octets for piece in pieces), pieces[-1]
        leaf.grow(units, octets)
        self._known = None
        if len(items) > NODE_LIMIT:
            self._root = spread(leaf, self._root)
        else:  # who puts spans in one after the other goes on
            place = leaf, index + len(pieces) - 1, last.units, base + octets - last.octets
            self._known, self._known_place = at + units, place

    def delete(self, at: int, length: int) -> tuple[int, int]:
        """Takes out `length` units from position `at` on (both in UTF-16 units).

        Returns:
            Where that began and ended, as pycrdt counts it.

        Raises:
            OutsideText, InsideCharacter: the range is none of the text.
        """
        octets = self._octets_of(at, length)
        self._known = None
        self._change_from(at + 1)
        self._converted.clear()
        while length > 0:
            leaf, index, inside, _ = self._find_following(at)
            items: list[Chunk] = leaf.items  # type: ignore[assignment]
            chunk = items[index]
            taken = min(length, chunk.units - inside)
            length -= taken
            if taken == chunk.units:
                del items[index]
                leaf.grow(-chunk.units, -chunk.octets)
                if not items:
                    self._root = drop(leaf, self._root)
                continue
            start, stop = chunk.index(inside), chunk.index(inside + taken)
            gone = taken if chunk.units == chunk.octets else utf8_length(chunk.text[start:stop])
            chunk.text = chunk.text[:start] + chunk.text[stop:]
            chunk.units -= taken
            chunk.octets -= gone
            leaf.grow(-taken, -gone)
            merge_around(leaf, index)
        return octets

    def format(self, at: int, length: int, attributes: Attributes) -> None:
        """Sets attributes on `length` units from position `at` on; a value of None takes an attribute away.

        Raises:
            OutsideText, InsideCharacter: the range is none of the text.
        """
        self._octets_of(at, length)
        self._known = None
        stop = at + length
        while at < stop:
            leaf, index, inside, _ = self._find_following(at)
            items: list[Chunk] = leaf.items  # type: ignore[assignment]
            if inside or items[index].units > stop - at:
                split_chunk(items, index, inside or stop - at)
                self._root = spread(leaf, self._root)
                continue
            chunk = items[index]
            merged = {**chunk.attributes, **attributes}
            wanted = {name: value for name, value in merged.items() if value is not None}
            at += chunk.units
            if wanted != chunk.attributes:
                chunk.attributes = wanted or NO_ATTRIBUTES
                merge_around(leaf, index)

    def spans(self, start: int = 0, stop: int | None = None) -> Iterator[Span]:
        """The rich text between two positions (UTF-16 units), in order, in spans as they are stored.

        Neighbouring spans can have equal attributes. The rope must not change while the spans are read.

        Raises:
            OutsideText, InsideCharacter: the range is none of the text.
        """
        stop = self.units if stop is None else stop
        self._octets_of(start, stop - start)
        if start == stop:
            return
        leaf, index, inside, _ = self._find_following(start)
        rest = stop - start
        for chunk in chunks_from(leaf, index):
            take = min(rest, chunk.units - inside)
            if chunk.embed is not None or take == chunk.units:
                yield Span(chunk.text, chunk.attributes, chunk.embed)  # type: ignore[arg-type]
            else:
                yield Span(chunk.text[chunk.index(inside) : chunk.index(inside + take)], chunk.attributes)
            rest -= take
            inside = 0
            if rest == 0:
                return

    def text(self, start: int = 0, stop: int | None = None) -> str:
        """The characters between two positions (UTF-16 units); an embed is EMBED_CHARACTER.

        Raises:
            OutsideText, InsideCharacter: the range is none of the text.
        """
        return "".join(span.text for span in self.spans(start, stop))

    def find(self, character: str, start: int) -> int:
        """Position (UTF-16 units) of the first `character` at or after `start`, or -1.

        Raises:
            OutsideText, InsideCharacter: `start` is no position of the text.
        """
        at = start
        for span in self.spans(start):
            index = span.text.find(character)
            if index >= 0:
                return at + utf16_length(span.text[:index])
            at += utf16_length(span.text)
        return -1

    def rfind(self, character: str, stop: int) -> int:
        """Position (UTF-16 units) of the last `character` before `stop`, or -1.

        Raises:
            OutsideText, InsideCharacter: `stop` is no position of the text.
        """
        self.octet_of(stop)
        while stop > 0:
            leaf, index, inside, _ = self._find(stop)
            chunk: Chunk = leaf.items[index]  # type: ignore[assignment]
            found = chunk.text.rfind(character, 0, chunk.index(inside))
            if found >= 0:
                return stop - inside + utf16_length(chunk.text[:found])
            stop -= inside
        return -1

    def attributes_at(self, at: int) -> Attributes:
        """Attributes of the character that starts at `at`; none at the end of the text.

        Raises:
            OutsideText: the position is negative or past the end.
        """
        if at == self.units:
            return NO_ATTRIBUTES
        leaf, index, _, _ = self._find_following(at)
        return leaf.items[index].attributes  # type: ignore[union-attr]

    def attributes_before(self, at: int) -> Attributes:
        """Attributes of the character that ends at `at`; none at the start of the text.

        Raises:
            OutsideText: the position is negative or past the end.
        """
        if at == 0:
            return NO_ATTRIBUTES
        leaf, index, _, _ = self._find(at)
        return leaf.items[index].attributes  # type: ignore[union-attr]

    def _find(self, units: int) -> tuple[Node, int, int, int]:
        """The chunk that ends at or covers a position: its leaf, index, offset inside it, and the bytes before it."""
        if units == self._known:
            return self._known_place
        node = self._root
        if not 0 <= units <= node.units:
            raise OutsideText(units, node.units)
        self._known = at = units
        octets = 0
        if self._near is not None and 0 < units - self._near[1] <= self._near[0].units:
            node, before, octets = self._near
            units -= before
        while True:
            if node.is_leaf:
                self._near = node, at - units, octets
            index = 0
            for item in node.items:
                if units <= item.units:
                    break
                units -= item.units
                octets += item.octets
                index += 1
            if node.is_leaf:
                self._known_place = node, index, units, octets
                return self._known_place
            node = item  # type: ignore[assignment]

    def _find_following(self, units: int) -> tuple[Node, int, int, int]:
        """As `_find`, but the chunk that covers the character which starts at the position."""
        node = self._root
        if not 0 <= units < node.units:
            raise OutsideText(units, node.units)
        at, octets = units, 0
        if self._near is not None and 0 <= units - self._near[1] < self._near[0].units:
            node, before, octets = self._near
            units -= before
        while True:
            if node.is_leaf:
                self._near = node, at - units, octets
            index = 0
            for item in node.items:
                if units < item.units:
                    break
                units -= item.units
                octets += item.octets
                index += 1
            if node.is_leaf:
                return node, index, units, octets
            node = item  # type: ignore[assignment]

    def _change_from(self, at: int) -> None:
        """Text is about to come or go from a position on: what stands before it keeps its place."""
        if self._near is not None and at <= self._near[1]:
            self._near = None

    def _octets_of(self, at: int, length: int) -> tuple[int, int]:
        """Where a range begins and ends, as pycrdt counts it, if it is one of the text."""
        if length < 0:
            raise OutsideText(at + length, self.units)
        return self.octet_of(at), self.octet_of(at + length)
