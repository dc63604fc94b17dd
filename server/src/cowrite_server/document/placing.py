"""Placing: whether units stand where a client of Yjs can have put them.

A client writes between two units that stand side by side in its copy. That has all that the client wrote before, and
all on which this and the two units build. Copies agree on where such units come to stand, in whichever order they
learn of them; of others they need not, and then somebody sees another text than the fork.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import suppress
from hashlib import sha256

from cowrite_server.document.fork import Effect, Fork
from cowrite_server.document.neighbours import Neighbours, neighbours_in
from cowrite_server.document.order import Order
from cowrite_server.document.pieces import STEPS, Piece, Pieces, in_turn, row_from
from cowrite_server.document.ranges import Ranges, covers
from cowrite_server.document.replica import Replica
from cowrite_server.document.structs import MOST_STRUCTS, Id, TooManyStructs, check_count
from cowrite_server.document.updates import EMPTY_UPDATE
from cowrite_server.document.view import BODY
from cowrite_server.errors import BrokenUpdate, ServerError
from cowrite_server.wire.encoding import MalformedMessage

_MOST_UNITS = 1024 * 1024
"""Units that an update of few bytes may have, such as text that was deleted before it was sent."""

_MOST_AT_ONCE = 5_000
"""Structs of a document that is read as a whole while everybody waits, which takes a tenth of a second."""

_MOST_SEARCHES = 1_000
"""Times that the document is searched as it is: with more, reading all of it once is quicker."""


class Unplaced(ServerError):
    """Somebody has to find out first whether an update stands where it can, and it takes long to."""


class Placing:
    """Tells of one room's document where updates may stand."""

    __slots__ = ("_found", "_order", "is_too_long")

    def __init__(self) -> None:
        """Nothing of the document is known yet."""
        self._order: Order | None = None
        self.is_too_long = False
        """Whether the document has too many parts for anybody to suggest in it, as was seen when somebody did."""
        self._found: dict[bytes, bool | None] = {}  # by digests: of an update that is refused otherwise nobody asks

    def forget(self) -> None:
        """The document has become another one."""
        self._order, self.is_too_long = None, False
        self._found.clear()

    def find(self, update: bytes, is_well: bool | None) -> None:
        """Somebody has found out of an update that was `Unplaced` whether it is placed well; None where that took too
        long. What the document takes meanwhile makes no difference: its writer cannot have known of it."""
        self._found[sha256(update).digest()] = is_well

    def follow(self, update: bytes) -> None:
        """The document has taken an update."""
        if self._order is not None and update != EMPTY_UPDATE:
            order, self._order = self._order, None
            with suppress(BrokenUpdate, TooManyStructs):  # made anew from the replica, which could take it
                order.follow(update)
                self._order = order

    def is_well(self, update: bytes, effect: Effect, fork: Fork, replica: Replica) -> bool:
        """Whether a client of Yjs can have put what an update has where it stands.

        Args:
            update: as it was sent.
            effect: of it.
            fork: the document with the update.
            replica: the document without it.

        Raises:
            Unplaced: it takes long to find out; see `find`.
            TooManyStructs: it takes too long.
            BrokenUpdate: nobody can tell.
        """
        if self._order is None and BODY in effect.roots:
            if self.is_too_long:
                raise TooManyStructs("The document has too many parts to be put in order.")
            self.is_too_long = True
            self._order = Order(replica.arrived())
            self.is_too_long = False
        if is_plainly_placed_well(effect.update, self._order, effect.deleted, replica.arrived):
            return True
        digest = sha256(update).digest()
        if digest not in self._found:
            try:
                return is_placed_well(fork.whole(), effect.update, _MOST_AT_ONCE)
            except TooManyStructs as error:
                raise Unplaced("It takes long to find out whether an update stands where it can.") from error
        is_well = self._found.pop(digest)
        if is_well is None:
            raise TooManyStructs("It takes too long to find out whether an update stands where it can.")
        return is_well


def is_plainly_placed_well(update: bytes, order: Order | None, deleted: Ranges, document: Callable[[], bytes]) -> bool:
    """Whether all that an update has was put where two units stand side by side in the room's document, as is nearly
    always so. Where it is not, `is_placed_well` says more.

    Args:
        update: as the document has taken it.
        order: of the document without the update; None where the update does not touch the body.
        deleted: what the update deletes.
        document: gives that without the update, as one.

    Raises:
        BrokenUpdate: nobody can tell.
        TooManyStructs: it has very many units and few bytes; with them nobody could put the document in order.
    """
    units_left = max(_MOST_UNITS, len(update))
    begun: set[bytes] = set()
    known = _Known(document)
    new = _New()
    of: dict[int, list[Neighbours]] = defaultdict(list)
    for units in neighbours_in(update):
        of[units.first[0]].append(units)
        units_left -= units.length
    if units_left < 0:
        raise TooManyStructs("An update has too many units.")
    for units in in_turn(of, lambda each: (each.left, each.right, each.holder)):
        left, right = units.left, units.right
        if units.parent:
            if units.parent in begun or not (new.has(units.holder) or known.has_nothing_in(units.parent)):
                return False  # something is there already
            begun.add(units.parent)
        elif not units.is_garbage:
            is_beside = new.has_beside(left, right)
            if is_beside is None:
                is_beside = order.has_beside(left, right) if order is not None else None
            if is_beside is None:
                # An entry whose former value goes with it, which was the last one; nothing else stands behind that.
                is_beside = right is None and left is not None and covers(deleted, {left[0]: [(left[1], 1)]})
            if not is_beside:
                return False
        new.add(units)
    return True


class _Known:
    """What the document has of what an update begins.

    Args:
        document: gives the document as one update.
    """

    def __init__(self, document: Callable[[], bytes]) -> None:
        self._document = document
        self._known: bytes | set[bytes] | None = None
        self._searches = 0

    def has_nothing_in(self, parent: bytes) -> bool:
        """Whether nothing stands in what a struct names, under its key; where it says no, something may stand there."""
        if self._known is None:
            self._known = self._document()
        self._searches += 1
        if self._searches > _MOST_SEARCHES and isinstance(self._known, bytes):
            self._known = {units.parent for units in neighbours_in(self._known)}
        return parent not in self._known


class _New:
    """The units of an update, as far as they have been read."""

    def __init__(self) -> None:
        self._clocks: dict[int, tuple[int, int]] = {}  # by client, of the first unit and behind the last
        self._behind: dict[Id | None, Id | None] = {}  # what stands behind a unit, where that is new

    def has_beside(self, left: Id | None, right: Id | None) -> bool | None:
        """Whether two units stand side by side; None where none of them is new, and nothing new is between them."""
        if left in self._behind:
            return self._behind[left] == right
        if left is not None and self.has(left):
            return right == (left[0], left[1] + 1)  # in the middle of a run
        return False if self.has(right) else None

    def add(self, units: Neighbours) -> None:
        """Takes units that were put between their neighbours."""
        client, clock = units.first
        self._clocks[client] = self._clocks.get(client, (clock, 0))[0], clock + units.length
        if not units.is_garbage and not units.parent:
            self._behind[units.left] = units.first
        if not units.is_garbage:
            self._behind[client, clock + units.length - 1] = units.right

    def has(self, id: Id | None) -> bool:
        """Whether a unit is one of these."""
        begin, end = (0, 0) if id is None else self._clocks.get(id[0], (0, 0))
        return id is not None and begin <= id[1] < end


def is_placed_well(document: bytes, update: bytes, most: int = MOST_STRUCTS) -> bool:
    """Whether a client of Yjs can have written an update, by where its units stand; it reads all of the document.

    Args:
        document: as one update, with this one in it.
        update: as the document has taken it.
        most: structs that the document may have.

    Raises:
        BrokenUpdate: they cannot be read.
        TooManyStructs: they take too long to be read.
    """
    written = sorted(units for units in neighbours_in(update) if not units.is_garbage)
    seams = {seam for units in written for seam in (units.first, (units.first[0], units.first[1] + units.length))}
    try:
        check_count(document, most)
        pieces = Pieces(document, seams, STEPS * most)
    except MalformedMessage as error:
        raise BrokenUpdate("it ends too early") from error
    starts = {piece.first: piece for piece in pieces}
    ends = {piece.last: piece for piece in pieces}
    rows: dict[object, _Row] = {}
    for units in written:
        piece = starts.get(units.first)
        left = ends.get(units.left) if units.left else None
        right = starts.get(units.right) if units.right else None
        if piece is None or (units.left and left is None) or (units.right and right is None):
            return False  # one of its neighbours is gone, and copies differ in what they make of the other
        row = rows.get((piece.parent, piece.key))
        if row is None:
            row = rows[piece.parent, piece.key] = _Row(row_from(pieces.first_beside(piece)), STEPS * most)
        if not row.takes(units, left, right):
            return False
    return True


class _Row:
    """The pieces of one text or list, or of what was ever written under one key, in their order."""

    def __init__(self, pieces: Iterable[Piece], most_steps: int) -> None:
        self._pieces = list(pieces)
        self._places = {piece: at for at, piece in enumerate(self._pieces)}
        self._of: dict[int, list[Piece]] = defaultdict(list)  # by client, in the order of their clocks
        for piece in self._pieces:
            self._of[piece.client].append(piece)
        for found in self._of.values():
            found.sort(key=lambda piece: piece.clock)
        self._seen: dict[int, dict[int, int]] = defaultdict(dict)  # by writer, how many pieces of each client
        self._last: dict[int, tuple[Id, Id | None]] = {}  # by writer, its last unit and before what it was written
        self._steps_left = most_steps

    def takes(self, units: Neighbours, left: Piece | None, right: Piece | None) -> bool:
        """Whether the neighbours of units can have stood side by side for their writer.

        Args:
            units: the units; those of a writer have to come in the order of their clocks.
            left: the piece that their left neighbour ends, or None.
            right: the piece that their right neighbour begins, or None.
        """
        begin = 0 if left is None else self._places.get(left, len(self._pieces)) + 1
        end = len(self._pieces) if right is None else self._places.get(right, -1)
        if begin > end:
            return False
        client, clock = units.first
        goes_on = self._last.get(client) == (units.left, units.right)
        self._last[client] = (client, clock + units.length - 1), units.right
        if goes_on:
            return True
        self._steps_left -= end - begin
        if self._steps_left < 0:
            raise TooManyStructs("Too many parts of the document stand in one place.")
        seen = self._seen[client]
        self._see(seen, [(client, clock), *((id[0], id[1] + 1) for id in (units.left, units.right) if id)])
        return not any(self._has(seen, piece) for piece in self._pieces[begin:end])

    def _see(self, seen: dict[int, int], ends: list[tuple[int, int]]) -> None:
        """Adds what was there for whoever had so many units of some clients."""
        while ends:
            client, end = ends.pop()
            found, count = self._of.get(client, []), seen.get(client, 0)
            while count < len(found) and found[count].clock < end:
                near = (found[count].origin, found[count].right_origin)
                ends += [(id[0], id[1] + 1) for id in near if id is not None]
                count += 1
            seen[client] = count

    def _has(self, seen: dict[int, int], piece: Piece) -> bool:
        count = seen.get(piece.client, 0)
        return count > 0 and piece.clock <= self._of[piece.client][count - 1].clock
