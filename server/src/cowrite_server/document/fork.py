"""Fork: a second copy of a room's document, on which an update shows what it does before the room takes it.

Lives beside the Replica, on the server's event loop. It follows what the room accepts, so that trying an update costs
its own size and, where the body is looked at and has changed, one walk over that; only after an update that the room
did not take is it made anew.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from random import SystemRandom
from typing import Any

import pycrdt

from cowrite_server.document import suggested_entries
from cowrite_server.document.bounds import first_clocks
from cowrite_server.document.entry_values import Content, contents_of
from cowrite_server.document.nesting import TYPES_NESTED_AT_MOST, too_deep
from cowrite_server.document.ranges import Ranges, beyond, deletion
from cowrite_server.document.replica import Replica
from cowrite_server.document.structs import Id
from cowrite_server.document.updates import (
    EMPTY_UPDATE,
    LISTED_AT_MOST,
    clocks,
    deletions,
    guarded,
    has_deletions,
    merge,
)
from cowrite_server.document.view import BODY, Span, View

_UNSEEN = View((), 0, "")


@dataclass(frozen=True, slots=True)
class Effect:
    """What an update does to the document.

    Attributes:
        update: its content as the document has taken it. Not the sender's bytes: they may also hold other versions of
            what the document has, which would win when a log is merged.
        roots: names of the roots that it touched, new ones included.
        before: the body before it; empty where nobody was to look.
        after: the body after it, likewise.
        steps: the way from one to the other, in pycrdt's delta format, lengths in the library's units. They say truly
            what came and went; the attributes in them cannot be relied on (yrs reports a mark as taken away from text
            that never had it).
        nested: whether it changed something within an object of the body.
        touched: the keys of other roots below which it changed something; None where nothing says which.
        writers: client ids that have written more, and how much the document had of each before.
        deleted: what it deleted.
        complete: whether all of it has been added.
    """

    update: bytes
    roots: frozenset[str]
    before: View
    after: View
    steps: tuple[dict[str, Any], ...]
    nested: bool
    touched: frozenset[str] | None
    writers: dict[int, int]
    deleted: Ranges
    complete: bool

    @property
    def shortens(self) -> bool:
        """Whether something of the body went."""
        return any("delete" in step for step in self.steps)


@dataclass(slots=True)
class _Notes:
    """What the observers of one transaction saw.

    They know nothing else: Python's garbage collector does not see what the library holds, so that a fork of which they
    knew would stay in memory for ever, with its document.
    """

    roots: set[str] = field(default_factory=set)
    steps: list[dict[str, Any]] = field(default_factory=list)
    nested: bool = False
    touched: set[str] = field(default_factory=set)
    deepest: int = 0
    is_unsure: bool = False
    updates: list[bytes] = field(default_factory=list)

    def clear(self) -> None:
        """Another transaction begins."""
        for seen in (self.roots, self.steps, self.touched, self.updates):
            seen.clear()
        self.nested = self.is_unsure = False
        self.deepest = 0

    def take(self, name: str, events: list[Any]) -> None:
        """A root has changed, or something in it."""
        self.roots.add(name)
        self.deepest = max(self.deepest, *(len(event.path) for event in events))
        if name == BODY:
            for event in events:
                if event.path:
                    self.nested = True
                else:
                    self.steps += event.delta
            return
        try:
            self.touched.update(*([event.path[0]] if event.path else event.keys for event in events))
        except BaseException as error:  # as where the root is no map, or yrs panics over what it held
            if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit):
                raise
            self.is_unsure = True

    def take_update(self, event: pycrdt.TransactionEvent) -> None:
        """The transaction is over."""
        self.updates.append(event.update)


class Fork:
    """A copy of a room's document to try updates on."""

    __slots__ = ("_doc", "_keep", "_notes", "_replica", "_seen", "_state", "_watched")

    def __init__(self, replica: Replica) -> None:
        """A copy of what the replica holds now, without what waits there for other content.

        Raises:
            BrokenUpdate: it cannot be copied.
        """
        self._replica = replica
        self._doc: pycrdt.Doc[Any] = pycrdt.Doc(allow_multithreading=True)
        self._notes = _Notes()
        self._watched: dict[str, object] = {}
        self._seen: View | None = None
        with guarded():
            self._doc.apply_update(replica.arrived())
            self._state = self._doc.get_state()
            self._watch(BODY)
            self._watch_new()
            # Not `self._doc.observe`, which has the library hold the document that it observes.
            self._keep = self._doc._doc.observe(self._notes.take_update)

    def follow(self, update: bytes) -> None:
        """Takes an update that the room has accepted.

        Raises:
            BrokenUpdate: it cannot be added; the fork is of no use any more.
        """
        notes = self._notes
        notes.clear()
        with guarded():
            self._doc.apply_update(update)
            self._state = self._doc.get_state()
            self._watch_new()
        if BODY in notes.roots:
            self._seen = None

    def apply(self, update: bytes, *, looks: bool) -> Effect | None:
        """Adds an update; where the room does not take it, this fork has to be thrown away.

        Args:
            update: one that `check_update` has passed.
            looks: whether to look at the body. To look at a long one takes a thousand times as long as to add a
                comment, and whether it was touched is told anyway.

        Returns:
            What it did, or None where it builds on content of its own writers that has not arrived; then nothing was
            added.

        Raises:
            BrokenUpdate: it cannot be added.
        """
        known = clocks(self._state)
        with guarded():
            # What goes on with a unit that is here could be put behind that in the body and say that it belongs
            # elsewhere: no observer would tell, and the room would take it for a part of the body.
            update = pycrdt.get_update(update, self._state)
        if any(clock > known.get(client, 0) for client, clock in first_clocks(update)):
            return None
        before = after = _UNSEEN
        if looks:
            self._seen = before = self._seen or self._view()
        notes = self._notes
        notes.clear()
        with guarded():
            self._doc.apply_update(update)
            state = self._doc.get_state()
            new = self._watch_new()
            left = pycrdt.get_update(update, state)
        if notes.deepest > TYPES_NESTED_AT_MOST:
            raise too_deep()
        if BODY in notes.roots:
            self._seen = None
        if looks:
            self._seen = after = self._seen or self._view()
        effect = merge(notes.updates) if notes.updates else EMPTY_UPDATE
        now = clocks(state)
        with guarded():
            deleted = deletions(pycrdt.get_update(effect, state))
            complete = left[:1] == b"\x00" and self._has_deleted(left, state, now)
        self._state = state
        return Effect(
            update=effect,
            roots=frozenset(notes.roots | new),
            before=before,
            after=after,
            steps=tuple(notes.steps),
            nested=notes.nested,
            touched=None if new or notes.is_unsure else frozenset(notes.touched),
            writers={client: known.get(client, 0) for client in now if now[client] > known.get(client, 0)},
            deleted=deleted,
            complete=complete,
        )

    def whole(self) -> bytes:
        """The document as one update, with what was applied.

        Raises:
            BrokenUpdate: the library cannot write it.
        """
        with guarded():
            return self._doc.get_update()

    def put_back(
        self,
        effect: Effect,
        spans: Sequence[tuple[int, Span]],
        steps: Sequence[dict[str, Any]],
        units: Sequence[tuple[Id, int]],
    ) -> Effect:
        """Writes text again that the update which was applied last has deleted, and says by which ids it goes then; see
        `suggested_entries.back`.

        Args:
            effect: of that update.
            spans: text and embeds with their places in the body as it becomes, from left to right.
            steps: how the body becomes what it is then.
            units: by which ids that text went, the first one and the number of each part; nothing where that is not
                known.

        Returns:
            What both together do.

        Raises:
            BrokenUpdate: it cannot be written.
        """
        names = dict.fromkeys(name for span in effect.after.spans for name in span.attributes)

        def write(doc: pycrdt.Doc[Any]) -> None:
            text = doc.get(BODY, type=pycrdt.Text)
            for at, span in spans:  # before any look, so that it is written in a row
                if span.text is None:
                    text.insert_embed(at, json.loads(span.object))
                else:
                    text.insert(at, span.text.decode())
            for at, span in spans:
                text.format(at, at + span.length, {**names, **span.attributes})
            if units:
                id, fields = suggested_entries.back(doc.client_id, units)
                doc.get(suggested_entries.ROOT, type=pycrdt.Map)[id] = pycrdt.Map(fields)

        return replace(self._with_more(effect, write), steps=tuple(steps))

    def put_right(self, effect: Effect, fields: Mapping[tuple[str, str], Any]) -> Effect:
        """Gives fields of the entries of suggestions another value than the update which was applied last.

        Args:
            effect: of that update.
            fields: the values by the entry's id and the field.

        Returns:
            What both together do.

        Raises:
            BrokenUpdate: they cannot be written.
        """

        def write(doc: pycrdt.Doc[Any]) -> None:
            entries = doc.get(suggested_entries.ROOT, type=pycrdt.Map)
            for (id, name), value in fields.items():
                entries[id][name] = value

        return self._with_more(effect, write)

    def contents(self, root: str, ids: frozenset[str] | None) -> dict[str, Content]:
        """What a root holds by ids, or only what of some ids is there.

        Raises:
            BrokenUpdate: it cannot be read.
        """
        with guarded():
            return contents_of(self._doc.get(root, type=pycrdt.Map), ids)

    def _with_more(self, effect: Effect, write: Callable[[pycrdt.Doc[Any]], None]) -> Effect:
        """What an update that was applied and what is written here behind it do, by a client id that is new."""
        known = clocks(self._state)
        with guarded():
            client = next(each for each in iter(_new_client, 0) if each not in known)
            doc: pycrdt.Doc[Any] = pycrdt.Doc(client_id=client, allow_multithreading=True)
            doc.apply_update(self._doc.get_update())
            with doc.transaction():
                write(doc)
            update = doc.get_update(self._state)
        whole = merge([effect.update, update])
        self.follow(update)
        after = effect.after
        if BODY in self._notes.roots:
            self._seen = after = self._view()
        return replace(effect, update=whole, after=after, writers={**effect.writers, client: 0})

    def shows_without(self, ranges: Ranges) -> View:
        """What the body of the room's document would be if only these items were deleted.

        Raises:
            BrokenUpdate: they cannot be deleted.
        """
        return self._without(ranges)._view()

    def goes_with(self, ranges: Ranges) -> tuple[dict[str, Any], ...]:
        """How the body of the room's document would change if only these items were deleted; see `Effect.steps`.

        Raises:
            BrokenUpdate: they cannot be deleted.
        """
        return tuple(self._without(ranges)._notes.steps)

    def _without(self, ranges: Ranges) -> Fork:
        trial = Fork(self._replica)
        trial.follow(deletion(ranges))
        return trial

    def _has_deleted(self, left: bytes, state: bytes, now: dict[int, int]) -> bool:
        """Whether nothing of a list of deletions waits, now that the update with it has been added."""
        if len(left) > LISTED_AT_MOST:
            return has_deletions(self._doc.get_update(state), left)
        return not beyond(deletions(left), now)

    def _view(self) -> View:
        with guarded():
            return View.of(self._doc)

    def _watch_new(self) -> set[str]:
        new = set(self._doc.keys()) - self._watched.keys()
        for name in new:
            self._watch(name)
        return new

    def _watch(self, name: str) -> None:
        # An observer is called whatever the root's real type is, and falls silent where nobody holds it.
        root: pycrdt.Text | pycrdt.Map[Any]
        root = self._doc.get(name, type=pycrdt.Text) if name == BODY else self._doc.get(name, type=pycrdt.Map)

        # Not `root.observe_deep`: it reads every field of every event, and some make yrs panic.
        self._watched[name] = (root, root.integrated.observe_deep(partial(self._notes.take, name)))


def _new_client() -> int:
    return SystemRandom().randrange(1, 2**32)
