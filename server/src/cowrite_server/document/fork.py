"""Fork: a second copy of a room's document, on which an update shows what it does before the room takes it.

Lives beside the Replica, on the server's event loop. It follows what the room accepts, so that trying a keystroke
costs its own size and one walk over the body; only after an update that the room did not take is it made anew.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import SystemRandom
from typing import Any, NamedTuple

import pycrdt

from cowrite_server.document.bounds import first_clocks
from cowrite_server.document.entry_values import Content, contents_of, exact
from cowrite_server.document.ranges import Ranges, deletion
from cowrite_server.document.replica import Replica
from cowrite_server.document.updates import (
    EMPTY_UPDATE,
    LISTED_AT_MOST,
    clocks,
    deletions,
    guarded,
    has_deletions,
    merge,
)

_SIMPLE = (str, bool, float, int)
_VALUES = (dict, list, int, float, bytes, type(None))
"""What an embed can hold; all else in a text is a shared type."""

BODY = "body"
"""Name of the root that holds the text."""


class Piece(NamedTuple):
    """A run of the body with one set of attributes, or one object within it.

    Attributes:
        text: UTF-8 text, or None for an object.
        length: in the library's units: bytes of text, or one object.
        object: what an embed holds, in a form that is equal for equal embeds; empty for a shared type and for text.
        look: the attributes in such a form.
        attributes: what holds for all of it; those that are null are left out.
    """

    text: bytes | None
    length: int
    object: str
    look: str
    attributes: dict[str, Any]


@dataclass(frozen=True, slots=True)
class View:
    """What can be seen of the body at one time.

    Attributes:
        pieces: the text and its attributes.
        hidden: number of units that count as text and are none; other programs count them otherwise.
        keys: the values that the body has as a map, in a form that is equal for equal values.
    """

    pieces: tuple[Piece, ...]
    hidden: int
    keys: str


@dataclass(frozen=True, slots=True)
class Effect:
    """What an update does to the document.

    Attributes:
        update: its content as the document has taken it. Not the sender's bytes: they may also hold other versions of
            what the document has, which would win when a log is merged.
        roots: names of the roots that it touched, new ones included.
        before: the body before it.
        after: the body after it.
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


@dataclass(slots=True)
class _Notes:
    """What the observers of one transaction saw."""

    roots: set[str] = field(default_factory=set)
    steps: list[dict[str, Any]] = field(default_factory=list)
    nested: bool = False
    touched: set[str] = field(default_factory=set)
    is_unsure: bool = False
    updates: list[bytes] = field(default_factory=list)


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
            self._keep = self._doc.observe(self._note_update)

    def follow(self, update: bytes) -> None:
        """Takes an update that the room has accepted.

        Raises:
            BrokenUpdate: it cannot be added; the fork is of no use any more.
        """
        with guarded():
            self._doc.apply_update(update)
            self._state = self._doc.get_state()
            self._watch_new()
        self._seen = None

    def apply(self, update: bytes) -> Effect | None:
        """Adds an update; where the room does not take it, this fork has to be thrown away.

        Args:
            update: one that `check_update` has passed.

        Returns:
            What it did, or None where it builds on content of its own writers that has not arrived; then nothing was
            added.

        Raises:
            BrokenUpdate: it cannot be added.
        """
        known = clocks(self._state)
        if any(clock > known.get(client, 0) for client, clock in first_clocks(update)):
            return None
        before = self._seen or self._view()
        self._notes = notes = _Notes()
        with guarded():
            self._doc.apply_update(update)
            state = self._doc.get_state()
            new = self._watch_new()
            left = pycrdt.get_update(update, state)
        after = self._view()
        effect = merge(notes.updates) if notes.updates else EMPTY_UPDATE
        now = clocks(state)
        with guarded():
            deleted = deletions(pycrdt.get_update(effect, state))
        with guarded():
            complete = left[:1] == b"\x00" and self._has_deleted(left, state, now)
        self._state, self._seen = state, after
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

    def put_back(self, effect: Effect, pieces: Sequence[tuple[int, Piece]], steps: Sequence[dict[str, Any]]) -> Effect:
        """Writes text again that the update which was applied last has deleted.

        Args:
            effect: of that update.
            pieces: text and embeds with their places in the body as it becomes, from left to right.
            steps: how the body becomes what it is then.

        Returns:
            What both together do.

        Raises:
            BrokenUpdate: it cannot be written.
        """
        names = dict.fromkeys(name for piece in effect.after.pieces for name in piece.attributes)

        def write(doc: pycrdt.Doc[Any]) -> None:
            text = doc.get(BODY, type=pycrdt.Text)
            for at, piece in pieces:
                look = {**names, **piece.attributes}
                if piece.text is None:
                    text.insert_embed(at, json.loads(piece.object), look)
                else:
                    text.insert(at, piece.text.decode(), look)

        return replace(self._with_more(effect, write), steps=tuple(steps))

    def put_right(self, effect: Effect, root: str, fields: Mapping[tuple[str, str], str]) -> Effect:
        """Gives fields of entries another value than the update which was applied last.

        Args:
            effect: of that update.
            root: in which the entries are, each a map.
            fields: the values by the entry's id and the field.

        Returns:
            What both together do.

        Raises:
            BrokenUpdate: they cannot be written.
        """

        def write(doc: pycrdt.Doc[Any]) -> None:
            entries = doc.get(root, type=pycrdt.Map)
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
        self._seen = after = self._view()
        return replace(effect, update=whole, after=after, writers={**effect.writers, client: 0})

    def shows_without(self, ranges: Ranges) -> View:
        """What the body of the room's document would be if only these items were deleted.

        Raises:
            BrokenUpdate: they cannot be deleted.
        """
        trial = Fork(self._replica)
        trial.follow(deletion(ranges))
        return trial._view()

    def _has_deleted(self, left: bytes, state: bytes, now: dict[int, int]) -> bool:
        """Whether nothing of a list of deletions waits, now that the update with it has been added."""
        if len(left) > LISTED_AT_MOST:
            return has_deletions(self._doc.get_update(state), left)
        return _within(deletions(left), now)

    def _view(self) -> View:
        with guarded():
            text = self._doc.get(BODY, type=pycrdt.Text)
            pieces = tuple(_piece(content, attributes) for content, attributes in text.diff())
            keys = exact(json.loads(str(self._doc.get(BODY, type=pycrdt.Map))))
            return View(pieces, len(text) - sum(piece.length for piece in pieces), keys)

    def _watch_new(self) -> set[str]:
        new = set(self._doc.keys()) - self._watched.keys()
        for name in new:
            self._watch(name)
        return new

    def _watch(self, name: str) -> None:
        # An observer is called whatever the root's real type is, and falls silent where nobody holds it.
        root: pycrdt.Text | pycrdt.Map[Any]
        root = self._doc.get(name, type=pycrdt.Text) if name == BODY else self._doc.get(name, type=pycrdt.Map)

        def note(events: list[Any]) -> None:
            self._notes.roots.add(name)
            if name == BODY:
                for event in events:
                    if event.path:
                        self._notes.nested = True
                    else:
                        self._notes.steps += event.delta
                return
            try:
                self._notes.touched.update(*([event.path[0]] if event.path else event.keys for event in events))
            except BaseException as error:  # as where the root is no map, or yrs panics over what it held
                if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit):
                    raise
                self._notes.is_unsure = True

        # Not `root.observe_deep`: it reads every field of every event, and some make yrs panic.
        self._watched[name] = (root, root.integrated.observe_deep(note))

    def _note_update(self, event: pycrdt.TransactionEvent) -> None:
        self._notes.updates.append(event.update)


def _new_client() -> int:
    return SystemRandom().randrange(1, 2**32)


def _piece(content: Any, attributes: dict[str, Any] | None) -> Piece:
    shown, look = {}, ""
    if attributes:
        shown = {name: value for name, value in sorted(attributes.items()) if value is not None}
        look = repr(shown) if all(isinstance(value, _SIMPLE) for value in shown.values()) else exact(shown)
    if isinstance(content, str):
        text = content.encode()
        return Piece(text, len(text), "", look, shown)
    return Piece(None, 1, exact(content) if isinstance(content, _VALUES) else "", look, shown)


def _within(ranges: Ranges, known: dict[int, int]) -> bool:
    parts: Iterable[tuple[int, int, int]] = (
        (client, at, length) for client, part in ranges.items() for at, length in part
    )
    return all(at + length <= known.get(client, 0) for client, at, length in parts)
