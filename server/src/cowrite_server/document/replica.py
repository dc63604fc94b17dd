"""Replica: the server's own copy of a room's document.

A Replica may be built on one thread and handed to another; it is used by one at a time. Every failure of the library
leaves here as BrokenUpdate, see `updates`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from time import thread_time
from typing import Any

import pycrdt

from cowrite_server.document.answer import Answer
from cowrite_server.document.bounds import check_state_bounds
from cowrite_server.document.census import Counted
from cowrite_server.document.entry_values import Content, contents_of
from cowrite_server.document.keystroke import Typists, add_keystroke, is_keystroke, read_keystroke
from cowrite_server.document.nesting import TYPES_NESTED_AT_MOST, brings_types, check_nesting, too_deep, watch_depths
from cowrite_server.document.pairs import Pairs, units_of
from cowrite_server.document.ranges import Ranges, beyond, clamped, covers, deletion, encode_ranges, joined, without
from cowrite_server.document.runs import in_runs
from cowrite_server.document.second_units import with_stand_ins
from cowrite_server.document.structs import cut
from cowrite_server.document.updates import (
    EMPTY_UPDATE,
    LISTED_AT_MOST,
    check_update,
    clocks,
    deletes_few,
    deletions,
    guarded,
    has_deletions,
    in_order,
    merge,
    read_update,
    runs,
)
from cowrite_server.document.waiting import Waiting, part_that_waits
from cowrite_server.errors import BrokenUpdate

_USUAL_SECONDS = 0.0001
"""What the library takes to add any update, of which a document that is written in small ones has very many."""


class Replica:
    """The document of one room.

    An update may build on content that has not arrived (its sender lost a refused one, say). The library keeps such
    parts aside and leaves them out of what it encodes, so they are kept here, out of the library's document, and given
    to whoever asks.

    The last answer is kept as long as it is one, see `Answer`. It is a fraction of what the document itself takes in
    memory.
    """

    __slots__ = ("_answer", "_doc", "_keeps_deleted", "_pairs", "_typists", "_waiting", "released", "seconds", "sound")

    def __init__(
        self,
        updates: Iterable[bytes] = (),
        *,
        keeps_deleted: bool = False,
        pause: Callable[[float], None] = lambda _: None,
    ) -> None:
        """A document made of these updates, in their order.

        Args:
            updates: the updates.
            keeps_deleted: whether what was deleted stays in it, for history, where the updates have it.
            pause: called between them, with the seconds that the library has just taken.

        Raises:
            BrokenUpdate: one of them cannot be read.
        """
        self._keeps_deleted = keeps_deleted
        self._doc = self._empty()
        self._pairs = Pairs()
        self._typists = Typists({})
        self._waiting: Waiting | None = None
        self._answer: Answer | None = None
        self.released: bytes | None = None
        """The update that was added last, with all that had waited before it; None where none of that has come in."""
        self.sound = b"\x00"
        """The state vector as it was behind an update that was added whole, though another has failed since: behind the
        last, or one before it of which only keystrokes came later."""
        self.seconds = 0.0
        """How long it has taken to add what is in it, beyond what the library takes to add any update."""
        updates = list(updates)
        try:
            for run in runs(updates):
                before = self.seconds
                self.add_known(run)
                pause(self.seconds - before)
        except BrokenUpdate:
            # Updates that contradict each other may be taken one by one and not as one: the library resolves an
            # overlap in another way when it merges. They are read as they were written.
            self._doc, self._pairs, self._typists, self._waiting = self._empty(), Pairs(), Typists({}), None
            for update in updates:
                self.apply(merge([update]), is_new=False)

    @property
    def waits(self) -> bool:
        """Whether parts of the document wait for content that has not arrived."""
        return self._waiting is not None

    @property
    def has_pairs(self) -> bool:
        """Whether there are characters of two UTF-16 units in it, which the library may count wrongly, see `pairs`."""
        return not self._pairs.are_none

    def apply(self, update: bytes, *, is_new: bool = True, is_typed: bool = False) -> bool:
        """Adds an update; gives whether other parts of the document wait now than before.

        WORKAROUND: where something waits, the document is made anew, of itself and the update merged as bytes. Yrs
        0.28 merges what waits with the parts of a second update that have to wait as well, and does so with pointers
        that no longer point to anything: forged updates end the process. Where two updates claim the same units, it can
        also make a document of them that it does not read again, so then that is tried, before anybody is sent it. An
        update that waits for nothing, and brings nothing of the clients that what waits has to do with, has nothing to
        do with any of this. One that has to wait as a whole is put to what waits: whoever writes on where the document
        lacks something of theirs costs little, in whatever order it comes.

        Args:
            update: the update.
            is_new: whether nobody knows yet how deep it nests types.
            is_typed: whether it is made of keystrokes.

        Raises:
            BrokenUpdate: the document cannot take it, or would have types nested too deeply. Parts of it may have been
                added, so the caller must throw this replica away.
        """
        answer, given, self._answer, self.released = self._answer, update, None, None
        begun = thread_time()
        with guarded():
            if not is_typed or self.has_pairs:  # a keystroke brings none
                update = self._with_stand_ins(update)
            waited = self._waiting
            if waited is not None and waited.take(update, self._doc.get_state):
                self.seconds += thread_time() - begun
                return True
            if waited is None or waited.is_apart(update):
                depths: list[int] = []
                watched = watch_depths(self._doc, depths) if is_new and brings_types(update) else []
                with self._doc.transaction():  # one for both
                    self._doc.apply_update(in_runs(Counted(update), self.clocks))
                    taken = thread_time() - begun
                    state = self._doc.get_state()
                    waits = part_that_waits(update, state, self._doc.get_update)
                watched.clear()
                if max(depths, default=0) > TYPES_NESTED_AT_MOST:
                    raise too_deep()
                if waits is None:
                    self.seconds += max(taken - _USUAL_SECONDS, 0.0)
                    self.sound = state
                    if answer is not None and update is given and answer.take(update):
                        self._answer = answer
                    return False
            self._set_aside(waits if waited is None else self._make_anew(waited, update))
            self.sound = self._doc.get_state()
            self.seconds += thread_time() - begun
        return True

    def take(self, sent: bytes, *, is_known: bool = False) -> tuple[bytes, bool]:
        """Adds what somebody sent as `apply` does, but without halves, as `without_halves` gives it.

        Args:
            sent: an update.
            is_known: whether it was taken before, and is added as it is.

        Returns:
            What was added, and whether other parts of the document wait now than before.

        Raises:
            BrokenUpdate: see `apply`.
        """
        keystroke = read_keystroke(sent) if self._waiting is None else None
        has_place = keystroke is not None and self._typists.take(keystroke)
        if has_place and (self._pairs.are_none or not self._pairs.halved_by(sent)):
            self._type(sent)
            return sent, False
        update = sent if is_known else self.without_halves(sent)
        others_wait = self.apply(update, is_new=not is_known)
        if keystroke is not None and not has_place and not others_wait and not self._typists.note(keystroke):
            self._typists = Typists(clocks(self.sound))  # it was written beside what was not typed
        return update, others_wait

    def add_known(self, run: Sequence[bytes]) -> bytes:
        """Adds updates that were taken before, as they are, and gives them as one.

        Raises:
            BrokenUpdate: see `apply`; or one of them is no update.
        """
        if len(run) == 1:  # it was written anew when it was taken: in a long one that holds all other threads up
            self.take(run[0], is_known=True)
            return run[0]
        update = merge(run)
        self.apply(update, is_new=False, is_typed=all(map(is_keystroke, run)))
        return update

    def _type(self, update: bytes) -> None:
        """Adds a keystroke that has its place here and takes nothing apart."""
        answer, self._answer, self.released = self._answer, None, None
        with guarded():
            taken = add_keystroke(self._doc, update)
        if taken > _USUAL_SECONDS:
            self.seconds += taken - _USUAL_SECONDS
        if answer is not None and answer.take(update):
            self._answer = answer

    def halves(self, update: bytes) -> bool:
        """Whether an update takes a character apart that is two UTF-16 units long; see `pairs`."""
        return bool(self._pairs.halved_by(update))

    def without_halves(self, update: bytes) -> bytes:
        """An update that also deletes the characters that it takes apart: nobody can read what is left of them.

        With it a document that has not been told of them before takes it as Yjs does, where it deletes first.

        Raises:
            BrokenUpdate: it is no update.
        """
        halved = self._pairs.halved_by(update)
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
        answer = self._answer
        if answer is not None and answer.state == state and not answer.later:
            return answer.update
        check_state_bounds(state)
        with guarded():
            update = self._doc.get_update(state)
            if self._waiting is not None:
                update = pycrdt.merge_updates(update, self._waiting.update)
        self._answer = Answer(state, update)
        return update

    def answer(self, state: bytes) -> tuple[bytes, Sequence[bytes]]:
        """What a document with this state vector lacks, as updates: the same long one for those who ask one after the
        other, though somebody types meanwhile, and behind it what has come since.

        Raises:
            BrokenUpdate: `state` is no state vector.
        """
        if self._answer is not None and self._answer.state == state:
            return self._answer.update, self._answer.later
        return self.missing(state), ()

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
        """Whether an update adds nothing to the document; what that costs grows with the update and not in Python with
        the document, see `has_deleted`.

        Raises:
            BrokenUpdate: it is no update.
        """
        check_update(update)
        with guarded():
            rest = pycrdt.get_update(update, self._doc.get_state())
        if rest[:1] != b"\x00":
            return False
        if self.has_deleted(read_update(rest)):
            return True
        # An empty list of deletions by a client of whom the document has none is nothing, and something to the library.
        return len(rest) <= LISTED_AT_MOST and self.has_deleted(in_order(rest))

    def lacking(self, update: bytes) -> bytes:
        """What this document lacks of an update: empty, or an update that brings no more of the text than that.

        Raises:
            BrokenUpdate: it is no update.
        """
        if update == EMPTY_UPDATE:
            return update
        check_update(update)
        with guarded():
            state = self._doc.get_state()
            rest = pycrdt.get_update(update, state)
            if rest[:1] != b"\x00":
                return rest
            own = self._doc.get_update(state)
        return EMPTY_UPDATE if covers(deletions(own), deletions(rest)) else rest

    def has_deleted(self, update: bytes) -> bool:
        """Whether an update adds nothing to the document; as cheap as that can be, whatever the update says.

        The library merges the lists of deletions: to read that of a long document here would take ten thousand times as
        long as to add the update, and whoever sends a few bytes could do that to everybody.

        Args:
            update: one that brings no items, as `read_update` gives it.

        Raises:
            BrokenUpdate: it is no update.
        """
        with guarded():
            return has_deletions(self._doc.get_update(self._doc.get_state()), update)

    def deletes_few(self, update: bytes, most: int) -> bool:
        """Whether an update does not delete much that is there, by what the list of deletions grows with it.

        Args:
            update: one that brings no items.
            most: how many places more the list may name.

        Raises:
            BrokenUpdate: it is no update.
        """
        with guarded():
            return deletes_few(self._doc.get_update(self._doc.get_state()), update, most)

    def beyond(self, clocks: Mapping[int, int]) -> Ranges:
        """The units that this document has and that are not deleted in it, and a document with this state vector has
        not."""
        units = beyond({client: [(0, end)] for client, end in self.clocks().items()}, clocks)
        return without(units, joined(deletions(self.arrived()))) if units else units

    def _empty(self) -> pycrdt.Doc[Any]:
        return pycrdt.Doc(skip_gc=self._keeps_deleted, allow_multithreading=True)

    def _make_anew(self, waited: Waiting, update: bytes) -> bytes | None:
        """Makes the document of itself, what waited and an update; gives what of them waits now."""
        both = pycrdt.merge_updates(waited.update, update)
        whole = pycrdt.merge_updates(self._doc.get_update(), both)
        counted = Counted(whole)
        if brings_types(both):
            check_nesting(counted, 2 * TYPES_NESTED_AT_MOST)
        self._doc = self._empty()
        self._doc.apply_update(in_runs(counted))
        self.seconds = 0.0  # this was all of it
        # What had found its place may have lost it.
        waits = part_that_waits(whole, self._doc.get_state(), self._doc.get_update)
        self.released = None if waits == both else both
        return waits

    def _set_aside(self, waits: bytes | None) -> None:
        """Keeps what waits out of the library's document, once it is tried whether all of it can be read again."""
        self._waiting = None if waits is None else Waiting(waits)
        self._typists = Typists({})  # or it counts on what has lost its place
        self._empty().apply_update(self.whole())
        if self._waiting is not None:
            arrived = self._doc.get_update()
            self._doc = self._empty()
            self._doc.apply_update(arrived)

    def _with_stand_ins(self, update: bytes) -> bytes:
        """Puts replacement characters in the place of what an update takes apart, in the document and in the update."""
        halved = set(self._pairs.halved_by(update))
        pairs = self._pairs.add(update)
        if pairs and self._waiting is not None:
            halved |= self._pairs.halved_at(self._waiting.seams, pairs)
        if not halved:
            return update
        self._pairs.discard(halved)
        whole = with_stand_ins(self._doc.get_update(), halved)
        self._doc = self._empty()
        self._doc.apply_update(whole)
        if self._waiting is not None:
            self._waiting.put(with_stand_ins(self._waiting.update, halved))
        return with_stand_ins(update, halved)
