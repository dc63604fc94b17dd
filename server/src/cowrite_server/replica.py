"""The server's own copy of a room's document. Here, in its fork, in `restoring` and in
`revealing` are the only calls into pycrdt.

Every failure of the library leaves here as BrokenUpdate: its PanicException is a BaseException that no
`except Exception` would stop. A Replica may be built on one thread and handed to another; it is used by one at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import TracebackType
from typing import Any

import pycrdt

from cowrite_server.bounds import check_state_bounds, check_update_bounds, check_xml_hooks, first_clocks
from cowrite_server.encoding import MalformedMessage, Reader
from cowrite_server.entry_values import Content, contents_of
from cowrite_server.errors import BrokenUpdate
from cowrite_server.pairs import Halved, Pairs, units_of
from cowrite_server.ranges import Ranges, beyond, clamped, covers, deletion, encode_ranges, joined, read_ranges
from cowrite_server.structs import brought, cut, mentioned, skip_structs, with_stand_ins

EMPTY_UPDATE = b"\x00\x00"
_NO_DELETIONS = b"\x00"

_MERGE_RUN = 64
"""Updates merged at a time: the library's cost per update is lowest between 32 and 128 and grows beyond."""


_LARGEST_CLOCK = 2**31
"""Behind this no client has written; close to the library's largest, at twice as much, it fails."""


class _Guard:
    """See `guarded`; a class, because a generator takes as long as what it guards."""

    __slots__ = ()

    def __enter__(self) -> None:
        return

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None and not isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit):
            raise BrokenUpdate(str(error) or type(error).__name__) from error  # pyo3's PanicException is no Exception


_GUARD = _Guard()


def guarded() -> _Guard:
    """Makes a BrokenUpdate of whatever the library fails with."""
    return _GUARD


def check_update(update: bytes) -> None:
    """Makes sure that bytes are an update.

    Raises:
        BrokenUpdate: they are not, or reading them would harm the process.
    """
    check_update_bounds(update)
    with guarded():
        pycrdt.get_state(update)


def read_update(update: bytes) -> bytes:
    """An update in the library's own encoding.

    The library reads integers that are too long for a JavaScript number and would otherwise pass them on to clients
    that cannot. It also reads deletions in any order, and loses some where it merges those that are in none: a document
    made of merged updates would have what everybody saw deleted. So they are put in order here.

    Raises:
        BrokenUpdate: it is none, or reading it would harm the process.
    """
    check_update_bounds(update)
    check_xml_hooks(update)
    with _GUARD:
        known = pycrdt.merge_updates(update)
        if not known.endswith(_NO_DELETIONS) and pycrdt.merge_updates(known, known) != known:
            return _in_order(known)
        return known


def merge(updates: Sequence[bytes]) -> bytes:
    """One update with the content of several, in the library's own encoding.

    A single update is written anew as well, see `read_update`.

    Raises:
        BrokenUpdate: one of them is no update.
    """
    with guarded():
        if len(updates) == 1:
            return pycrdt.merge_updates(updates[0])
        merged = [pycrdt.merge_updates(*updates[i : i + _MERGE_RUN]) for i in range(0, len(updates), _MERGE_RUN)]
        while len(merged) > 1:
            merged = [pycrdt.merge_updates(*merged[i : i + _MERGE_RUN]) for i in range(0, len(merged), _MERGE_RUN)]
        return merged[0]


class Replica:
    """The document of one room.

    An update may build on content that has not arrived (its sender lost a refused one, say). The library keeps such
    parts aside and leaves them out of what it encodes, so they are kept here, out of the library's document, and given
    to whoever asks.

    The last answer of `missing` is kept until the document changes: when many join at once, all ask for the same. It is
    a fraction of what the document itself takes in memory.
    """

    __slots__ = ("_answer", "_doc", "_keeps_deleted", "_mentioned", "_pairs", "_waiting", "_whole")

    def __init__(self, updates: Iterable[bytes] = (), *, keeps_deleted: bool = False) -> None:
        """A document made of these updates, in their order.

        Args:
            updates: the updates.
            keeps_deleted: whether what was deleted stays in it, for history, where the updates have it.

        Raises:
            BrokenUpdate: one of them cannot be read.
        """
        self._keeps_deleted = keeps_deleted
        self._doc = self._empty()
        self._pairs = Pairs()
        self._whole: bytes | None = None  # an update that takes nothing of this document apart, as was seen last
        self._waiting: bytes | None = None
        self._mentioned: set[int] | None = set()  # the clients that what waits has to do with; None for any
        self._answer: tuple[bytes, bytes] | None = None  # a state vector and what it lacks
        updates = list(updates)
        try:
            self._add(updates, _MERGE_RUN)
        except BrokenUpdate:
            # Updates that contradict each other may be taken one by one and not as one: the library resolves an
            # overlap in another way when it merges. They are read as they were written.
            self._doc, self._pairs, self._waiting = self._empty(), Pairs(), None
            self._add(updates, 1)

    @property
    def waits(self) -> bool:
        """Whether parts of the document wait for content that has not arrived."""
        return self._waiting is not None

    def apply(self, update: bytes) -> bool:
        """Adds an update; gives whether other parts of the document wait now than before.

        WORKAROUND: where something waits, the document is made anew, of itself and the update merged as bytes. Yrs
        0.28 merges what waits with the parts of a second update that have to wait as well, and does so with pointers
        that no longer point to anything: forged updates end the process. Where two updates claim the same units, it can
        also make a document of them that it does not read again, so then that is tried, before anybody is sent it. An
        update that waits for nothing, and brings nothing of the clients that what waits has to do with, has nothing to
        do with any of this. One that only goes on with what waits is put to that: whoever writes on where the document
        lacks something of theirs costs little.

        Raises:
            BrokenUpdate: the document cannot take it. Parts of it may have been added, so the caller must throw
                this replica away.
        """
        self._answer = None
        with _GUARD:
            update = self._with_stand_ins(update)
            waited = self._waiting
            if waited is not None and self._goes_on(update, waited):
                waiting = pycrdt.merge_updates(waited, update)
                self._empty().apply_update(waiting)
                self._waiting, self._mentioned = waiting, _mentioned(waiting)
                return True
            if waited is None or self._is_apart(update):
                with self._doc.transaction():  # one for both
                    self._doc.apply_update(update)
                    waits = self._not_integrated(update)
                if waits is None:
                    return False
                self._waiting = waits
            if waited is not None:
                both = pycrdt.merge_updates(waited, update)
                whole = pycrdt.merge_updates(self._doc.get_update(), both)
                self._doc = self._empty()
                self._doc.apply_update(whole)
                self._waiting = self._not_integrated(whole)  # what had found its place may have lost it
            self._empty().apply_update(self.whole())
            if self._waiting is not None:
                self._mentioned = _mentioned(self._waiting)
                arrived = self._doc.get_update()
                self._doc = self._empty()
                self._doc.apply_update(arrived)
        return True

    def halves(self, update: bytes) -> bool:
        """Whether an update takes a character apart that is two UTF-16 units long; see `pairs`."""
        return bool(self._halved_by(update))

    def without_halves(self, update: bytes) -> bytes:
        """An update that also deletes the characters that it takes apart: nobody can read what is left of them.

        With it a document that has not been told of them before takes it as Yjs does, where it deletes first.

        Raises:
            BrokenUpdate: it is no update.
        """
        halved = self._halved_by(update)
        return merge([with_stand_ins(update, halved), deletion(units_of(halved))]) if halved else update

    def state(self) -> bytes:
        """The state vector: what this document has of each client."""
        with guarded():
            return self._doc.get_state()

    def clocks(self) -> dict[int, int]:
        """How many units of each client this document has."""
        return clocks(self.state())

    def deleted_by(self, update: bytes) -> Ranges:
        """What an update deletes.

        Args:
            update: one that was applied.

        Raises:
            BrokenUpdate: it is no update.
        """
        with guarded():
            rest = pycrdt.get_update(update, self._doc.get_state())
        return deletions(rest)

    def at(self, clocks: Mapping[int, int], deleted: Ranges) -> Replica:
        """This document as it was earlier; only where it keeps what was deleted.

        Args:
            clocks: how many units of each client it had.
            deleted: which of them were deleted.

        Raises:
            BrokenUpdate: the library cannot do it.
        """
        with guarded():
            update = self._doc.get_update()
        # WORKAROUND: Doc.from_snapshot of pycrdt 0.14.13 cuts structs at wrong places.
        return Replica([cut(update, clocks) + encode_ranges(joined(clamped(deleted, clocks)))], keeps_deleted=True)

    def missing(self, state: bytes) -> bytes:
        """What a document with this state vector lacks, as an update.

        Raises:
            BrokenUpdate: `state` is no state vector.
        """
        if self._answer is not None and self._answer[0] == state:
            return self._answer[1]
        check_state_bounds(state)
        with guarded():
            update = self._doc.get_update(state)
            if self._waiting is not None:
                update = pycrdt.merge_updates(update, self._waiting)
        self._answer = state, update
        return update

    def arrived(self) -> bytes:
        """The document as one update, without the parts that wait for other content."""
        with guarded():
            return self._doc.get_update()

    def contents(self, root: str, ids: frozenset[str] | None) -> dict[str, Content]:
        """What a root holds by ids, or only what of some ids is there, without what waits for other content.

        Raises:
            BrokenUpdate: it cannot be read.
        """
        with guarded():
            return contents_of(self._doc.get(root, type=pycrdt.Map), ids)

    def whole(self) -> bytes:
        """The whole document as one update."""
        return self.missing(b"\x00")

    def has_all_of(self, update: bytes) -> bool:
        """Whether an update adds nothing to the document.

        Raises:
            BrokenUpdate: it is no update.
        """
        if update == EMPTY_UPDATE:
            return True
        check_update(update)
        with guarded():
            state = self._doc.get_state()
            rest = pycrdt.get_update(update, state)
            if rest[:1] != b"\x00":
                return False
            own = self._doc.get_update(state)
        return covers(deletions(own), deletions(rest))

    def _empty(self) -> pycrdt.Doc[Any]:
        return pycrdt.Doc(skip_gc=self._keeps_deleted, allow_multithreading=True)

    def _add(self, updates: Sequence[bytes], run: int) -> None:
        for start in range(0, len(updates), run):
            self.apply(merge(updates[start : start + run]))

    def _halved_by(self, update: bytes) -> Halved:
        if update is self._whole:
            return frozenset()
        halved = self._pairs.halved_by(update)
        self._whole = None if halved else update
        return halved

    def _with_stand_ins(self, update: bytes) -> bytes:
        """Puts replacement characters in the place of what an update takes apart, in the document and in the update."""
        halved = set(self._halved_by(update))
        self._whole = None
        if self._pairs.add(update) and self._waiting is not None:
            halved |= self._pairs.halved_by(self._waiting)
        if not halved:
            return update
        self._pairs.discard(halved)
        whole = with_stand_ins(self._doc.get_update(), halved)
        self._doc = self._empty()
        self._doc.apply_update(whole)
        if self._waiting is not None:
            self._waiting = with_stand_ins(self._waiting, halved)
        return with_stand_ins(update, halved)

    def _is_apart(self, update: bytes) -> bool:
        """Whether an update brings nothing of the clients that what waits has to do with."""
        try:
            brought = {client for client, _ in first_clocks(update)}
        except BrokenUpdate:  # content that only the library knows
            return False
        return self._mentioned is not None and self._mentioned.isdisjoint(brought)

    def _goes_on(self, update: bytes, waited: bytes) -> bool:
        """Whether an update is nothing but what its writers wrote on, right behind what waits of theirs.

        Then the document stays as it is, and no gap is added: Yrs reads a second one of a client wrongly at times.
        """
        try:
            units, deleted = brought(update)
            others, _ = brought(waited)
        except BrokenUpdate:  # content that only the library knows
            return False
        here = clocks(self._doc.get_state())
        for client, found in joined(units).items():
            behind = joined({client: others.get(client, [])}).get(client, [])
            ends = [at + length for at, length in (*behind, *found)]
            if len(behind) != 1 or len(found) != 1 or behind[0][0] <= here.get(client, 0):
                return False
            if found[0][0] != ends[0] or ends[1] > _LARGEST_CLOCK:
                return False
        return joined(beyond(deleted, here)) == joined(deleted)

    def _not_integrated(self, update: bytes) -> bytes | None:
        """The part of an update, just applied, that waits for content that has not arrived."""
        state = self._doc.get_state()
        rest = pycrdt.get_update(update, state)
        if rest == EMPTY_UPDATE:
            return None
        reader = Reader(rest)
        try:
            skip_structs(reader, reader.var_uint())
        except BrokenUpdate:  # content that only the library knows
            return rest
        structs, deleted = rest[: reader.position], beyond(read_ranges(reader), clocks(state))
        return structs + encode_ranges(deleted) if deleted or structs != b"\x00" else None


def _in_order(update: bytes) -> bytes:
    """The same update with its deletions in order."""
    reader = Reader(update)
    skip_structs(reader, reader.var_uint())
    return update[: reader.position] + encode_ranges(joined(read_ranges(reader)))


def _mentioned(update: bytes) -> set[int] | None:
    try:
        return mentioned(update)
    except BrokenUpdate:  # content that only the library knows
        return None


def clocks(state: bytes) -> dict[int, int]:
    """A state vector as a mapping: how much a document has of each client.

    Raises:
        BrokenUpdate: it is no state vector.
    """
    reader = Reader(state)
    try:
        return {reader.var_uint(): reader.var_uint() for _ in range(reader.var_uint())}
    except MalformedMessage as error:
        raise BrokenUpdate("its state vector ends too early") from error


def deletions(update: bytes) -> Ranges:
    """The delete set of an update that adds no items.

    Raises:
        BrokenUpdate: it is none.
    """
    reader = Reader(update)
    try:
        skip_structs(reader, reader.var_uint())
        return read_ranges(reader)
    except MalformedMessage as error:
        raise BrokenUpdate("its list of deletions ends too early") from error
