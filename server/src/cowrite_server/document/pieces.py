"""Pieces: the units of a document, as far as nothing has taken them apart, in the order of the texts that they make.

The library tells no order of what it holds, so it is found as Yjs finds it
(https://github.com/yjs/yjs/blob/main/src/structs/Item.js, `integrate`).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from math import inf
from typing import Protocol, TypeVar

from cowrite_server.document.ranges import joined, read_ranges
from cowrite_server.document.structs import Id, TooManyStructs, encoded, read_content, read_value, seams
from cowrite_server.errors import BrokenUpdate
from cowrite_server.wire.encoding import Reader, var_string, var_uint

_GARBAGE, _DELETED, _JSON, _STRING, _GAP = 0, 1, 2, 4, 10
_HAS_ORIGIN, _HAS_RIGHT_ORIGIN, _HAS_KEY, _CONTENT = 0x80, 0x40, 0x20, 0x1F

STEPS = 5
"""Pieces for each struct that may be there which are passed at most to see what stands between neighbours: what others
have written in one place since somebody was away is less."""

Parent = str | Id
"""The name of a root, or the unit that holds a type."""


class Piece:
    """Units that one client wrote in a row and that nothing has taken apart.

    Attributes:
        client: who wrote it.
        clock: of its first unit.
        length: how many units it has.
        content: the kind of what it holds.
        data: what it holds, as a struct has it.
        origin: the unit behind which it was written; None for none.
        right_origin: the unit before which it was written.
        parent: in what it is.
        key: under which it is an entry there, as a struct has it; None where it is a part of a text or list.
        is_gone: whether it is deleted.
        following: what stands behind it in its text or list.
    """

    __slots__ = (
        "client",
        "clock",
        "content",
        "data",
        "following",
        "is_gone",
        "key",
        "length",
        "origin",
        "parent",
        "right_origin",
    )

    def __init__(self, id: Id, length: int, content: int, data: bytes, origin: Id | None, right: Id | None) -> None:
        """One of which no more is known yet."""
        self.client, self.clock = id
        self.length = length
        self.content = content
        self.data = data
        self.origin = origin
        self.right_origin = right
        self.parent: Parent | None = None
        self.key: bytes | None = None
        self.is_gone = content == _DELETED
        self.following: Piece | None = None

    @property
    def last(self) -> Id:
        """Its last unit."""
        return self.client, self.clock + self.length - 1

    @property
    def first(self) -> Id:
        """Its first unit."""
        return self.client, self.clock

    @property
    def text(self) -> str | None:
        """The text that it holds; None where it holds something else."""
        return Reader(self.data).var_string() if self.content == _STRING else None

    def units(self) -> Iterator[tuple[Id, bytes]]:
        """Each of its units, with what it holds."""
        parts = _taken_apart(self.data, self.content, range(self.length + 1))
        yield from (((self.client, self.clock + at), part) for at, part in enumerate(parts))

    def encoded(self) -> bytes:
        """It as a struct; what is deleted without what it held."""
        info, data = (_DELETED, var_uint(self.length)) if self.is_gone else (self.content, self.data)
        near = b""
        for bit, id in ((_HAS_ORIGIN, self.origin), (_HAS_RIGHT_ORIGIN, self.right_origin)):
            if id is not None:
                info, near = info | bit, near + encoded(id)
        if near:
            return bytes((info,)) + near + data
        assert self.parent is not None, "the pieces are not in order yet"
        parent = b"\1" + var_string(self.parent) if isinstance(self.parent, str) else b"\0" + encoded(self.parent)
        if self.key is None:
            return bytes((info,)) + parent + data
        return bytes((_HAS_KEY | info,)) + parent + self.key + data


class Pieces:
    """The pieces of a document.

    Attributes:
        of: those of each client, in the order of their clocks, without those of which only their number is known.
        ends: how many units each client has written.
        deleted: the units that are deleted.
        firsts: the first piece of each text and list.
        oldest: the first of what was ever written under each key of a map.
    """

    def __init__(self, document: bytes, seams_too: Iterable[Id] = (), most_steps: float = inf) -> None:
        """Reads a document.

        Args:
            document: as one update, without parts that wait for others.
            seams_too: units before which pieces are taken apart in any case.
            most_steps: how many pieces may be passed to find where others stand.

        Raises:
            MalformedMessage: it ends too early.
            BrokenUpdate: it is no such update, or has content that only the library knows.
            TooManyStructs: it takes more steps.
        """
        self._steps_left = most_steps
        self.of: dict[int, list[Piece]] = {}
        self.ends: dict[int, int] = {}
        self.firsts: dict[Parent, Piece] = {}
        self.oldest: dict[tuple[Parent, bytes], Piece] = {}
        cuts: dict[int, list[int]] = {}
        for client, clock in sorted(seams(document).union(seams_too)):
            cuts.setdefault(client, []).append(clock)
        reader = Reader(document)
        for _ in range(reader.var_uint()):
            structs, client, clock = reader.var_uint(), reader.var_uint(), reader.var_uint()
            if clock:
                raise BrokenUpdate("it begins in the middle")
            self.of[client] = []
            for _ in range(structs):
                clock += self._read(reader, document, (client, clock), cuts.get(client, []))
            self.ends[client] = clock
        self.deleted = joined(read_ranges(reader))
        self._mark()
        self._put_in_order()

    def __iter__(self) -> Iterator[Piece]:
        for found in self.of.values():
            yield from found

    def first_beside(self, piece: Piece) -> Piece:
        """The first piece of the text or list that a piece is in, or under its key."""
        assert piece.parent is not None, "it has been put in order"
        return self.firsts[piece.parent] if piece.key is None else self.oldest[piece.parent, piece.key]

    def _read(self, reader: Reader, document: bytes, id: Id, cuts: list[int]) -> int:
        """Reads a struct; gives how many units it has."""
        client, clock = id
        info = reader.bytes(1)[0]
        if info in (_GARBAGE, _GAP):
            return reader.var_uint()
        origin = _read_id(reader) if info & _HAS_ORIGIN else None
        right = _read_id(reader) if info & _HAS_RIGHT_ORIGIN else None
        parent: Parent | None = None
        key = None
        if origin is None and right is None:
            parent = reader.var_string() if reader.var_uint() == 1 else _read_id(reader)
            key = var_string(reader.var_string()) if info & _HAS_KEY else None
        content, begin = info & _CONTENT, reader.position
        length = read_content(reader, content)
        inside = cuts[bisect_right(cuts, clock) : bisect_left(cuts, clock + length)]
        bounds = [0, *(cut - clock for cut in inside), length]
        data = _taken_apart(document[begin : reader.position], content, bounds)
        for (at, stop), part in zip(pairwise(bounds), data, strict=True):
            behind = (client, clock + at - 1) if at else origin
            piece = Piece((client, clock + at), stop - at, content, part, behind, right)
            if not at:
                piece.parent, piece.key = parent, key
            self.of[client].append(piece)
        return length

    def _mark(self) -> None:
        """Notes what is deleted; each piece is as a whole, or not at all."""
        for client, ranges in self.deleted.items():
            found = self.of.get(client, [])
            for at, length in ranges:
                index = bisect_left(found, at, key=lambda piece: piece.clock)
                while index < len(found) and found[index].clock < at + length:
                    found[index].is_gone = True
                    index += 1

    def _put_in_order(self) -> None:
        starts = {piece.first: piece for piece in self}
        ends = {piece.last: piece for piece in self}
        for piece in in_turn(self.of, lambda each: (each.origin, each.right_origin, each.parent)):
            left = None if piece.origin is None else ends.get(piece.origin)
            right = None if piece.right_origin is None else starts.get(piece.right_origin)
            if (
                (piece.origin is not None and left is None)
                or (piece.right_origin is not None and right is None)
                or (isinstance(piece.parent, tuple) and piece.parent not in starts)
            ):
                # It is in something that is deleted, of which nothing is left; the library drops it, too.
                del starts[piece.first], ends[piece.last]
                continue
            parent = piece.parent
            if parent is None:
                beside = left or right
                assert beside is not None, "a struct without neighbours names its parent"
                assert beside.parent is not None, "it came before"
                piece.parent, piece.key = parent, _ = beside.parent, beside.key
            if piece.key is None:
                self.firsts[parent] = self._insert(piece, self.firsts.get(parent), left, right, ends)
            else:
                first = self.oldest.get((parent, piece.key))
                self.oldest[parent, piece.key] = self._insert(piece, first, left, right, ends)
        self.of = {client: [each for each in found if each.parent is not None] for client, found in self.of.items()}

    def _insert(
        self, piece: Piece, first: Piece | None, left: Piece | None, right: Piece | None, ends: Mapping[Id, Piece]
    ) -> Piece:
        """Puts a piece into the row that begins with `first`; gives with what it begins then."""
        other = first if left is None else left.following
        passed: set[Piece] = set()
        undecided: set[Piece] = set()
        while other is not None and other is not right:
            passed.add(other)
            undecided.add(other)
            if other.origin == piece.origin:
                if other.client < piece.client:
                    left = other
                    undecided.clear()
                elif other.right_origin == piece.right_origin:
                    break
            elif other.origin is not None and ends[other.origin] in passed:
                if ends[other.origin] not in undecided:
                    left = other
                    undecided.clear()
            else:
                break
            other = other.following
        self._steps_left -= len(passed)
        if self._steps_left < 0:
            raise TooManyStructs("Too many parts of the document stand in one place.")
        if left is None:
            piece.following = first
            return piece
        left.following, piece.following = piece, left.following
        assert first is not None, "there is a piece to the left"
        return first


class _Clocked(Protocol):
    """Units of which the first has a clock."""

    @property
    def clock(self) -> int:
        """That."""


_Units = TypeVar("_Units", bound=_Clocked)


def in_turn(of: Mapping[int, Sequence[_Units]], needs: Callable[[_Units], Iterable[object]]) -> Iterator[_Units]:
    """Pieces, or the like, in an order in which they can be added, as the library adds them: those of the client with
    the highest id first, as far as they need no others, and of each client in their order.

    Args:
        of: the pieces of each client.
        needs: the units behind which a piece has to come; what is none does not count.

    Raises:
        BrokenUpdate: there is no such order.
    """
    places = dict.fromkeys(of, 0)

    def is_to_come(client: int, clock: int) -> bool:
        found, place = of.get(client, ()), places.get(client, 0)
        return place < len(found) and found[place].clock <= clock

    for highest in sorted(of, reverse=True):
        stack = [highest]
        while stack:
            client = stack[-1]
            if places[client] == len(of[client]):
                stack.pop()
                continue
            piece = of[client][places[client]]
            others = (id for id in needs(piece) if isinstance(id, tuple) and id[0] != client)
            needed = next((id[0] for id in others if is_to_come(*id)), None)
            if needed is None:
                yield piece
                places[client] += 1
                if len(stack) > 1:
                    stack.pop()  # whoever needed this, or more of it, says so again
            elif needed in stack:
                raise BrokenUpdate("its parts build on each other in a circle")
            else:
                stack.append(needed)


def row_from(first: Piece) -> Iterator[Piece]:
    """A piece and all that follow it in its text or list."""
    piece: Piece | None = first
    while piece is not None:
        yield piece
        piece = piece.following


def _read_id(reader: Reader) -> Id:
    return reader.var_uint(), reader.var_uint()


def _taken_apart(data: bytes, content: int, bounds: Sequence[int]) -> list[bytes]:
    """The content of a struct, taken apart at these units."""
    if len(bounds) == 2:
        return [data]
    if content == _DELETED:
        return [var_uint(stop - at) for at, stop in pairwise(bounds)]
    reader = Reader(data)
    if content == _STRING:
        text = reader.var_string().encode("utf-16-le")
        parts = [text[2 * at : 2 * stop].decode("utf-16-le", errors="replace") for at, stop in pairwise(bounds)]
        return [var_string(part) for part in parts]
    count = reader.var_uint()
    places = [reader.position]
    for _ in range(count):
        if content == _JSON:
            reader.var_bytes()
        else:
            read_value(reader)
        places.append(reader.position)
    return [var_uint(stop - at) + data[places[at] : places[stop]] for at, stop in pairwise(bounds)]
