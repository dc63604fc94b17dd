"""Entries: what a root of the document holds by ids, such as the notes of the board, each a map of simple fields.

Runs on the document's thread. Two rules keep what several people do at once: an entry is made whole, under an id that
nobody else draws, and is never made twice; and it is never taken out of the root, only marked as removed, so that what
a teammate changed in it meanwhile is still there when the removal is taken back. A field is one value that is replaced
as a whole, except a written one (`Written`), in which several people can type. An undo that would take an entry away in
which a teammate has written leaves it as it is; where what the teammate wrote arrives only then, the entry comes back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from random import Random
from typing import Any, NamedTuple, Protocol

from pycrdt import Map, StackItem, Text, UndoManager

from cowrite.core.crdt.undo_steps import clock, followed, joined, step_of, without
from cowrite.core.entries.fields import fields_in
from cowrite.core.entries.letters import write
from cowrite.core.entries.observers import Observers, weakly
from cowrite.core.errors import is_panic
from cowrite.core.text.origin import Origin
from cowrite.errors import CowriteError

REMOVED = "removed"
"""The field that marks an entry as removed."""

_TRACKED = (Origin.LOCAL, Origin.ASSIST)
"""Whose acts are taken back by undo."""


def draw_id(kind: str, chance: Random) -> str:
    """A new id for an entry of a kind."""
    return f"{kind}:{chance.randrange(2**64):016x}"


class Written(str):
    """A field's text that several people can change at the same time."""

    __slots__ = ()


class NoSuchEntry(CowriteError):
    """An entry is not in the document: it has not arrived yet, or never was.

    Attributes:
        id: its id.
    """

    def __init__(self, id: str) -> None:
        super().__init__(f"There is no “{id}” in this document; it may not have arrived yet.")
        self.id = id


class EntriesChange(NamedTuple):
    """Which entries one transaction touched.

    Attributes:
        ids: of all that were made, changed, removed or brought back.
        origin: where the change comes from.
    """

    ids: frozenset[str]
    origin: Origin


class Whole(Protocol):
    """What entries need of the document that they are in."""

    @property
    def origin(self) -> Origin:
        """The origin of the change that is being made."""

    def acting(self, origin: Origin) -> AbstractContextManager[None]:
        """Gives what is done within an origin."""

    def transaction(self, origin: Origin) -> AbstractContextManager[None]:
        """Begins a transaction of an origin."""

    def newest_of(self, client: int, units: range) -> Iterable[tuple[int, range]]:
        """By which ids units go after undo has brought them back, see `Anchors.newest_of`."""


class Entries:
    """The entries of one root.

    Args:
        root: the map in the document.
        whole: the document.
    """

    def __init__(self, root: Map[Any], whole: Whole) -> None:
        self._root = root
        self._whole = whole
        self._changes: Observers[EntriesChange] = Observers()
        self._returns: Observers[frozenset[str]] = Observers()
        self._read: dict[str, Mapping[str, Any]] = {}  # what was read since it last changed
        self._kinds: dict[str, tuple[str, ...]] = {}  # the ids of a kind, while no others are in the root
        self._touched: set[str] = set()
        self._fresh: set[str] = set()  # ours, made since observers were told the last time
        self._made: dict[str, int] = {}  # ours, and the step of undo in which each was made
        # Ours that no undo took away: what was written in each, by our clock.
        self._makings: dict[str, list[range]] = {}
        self._taken: set[str] = set()  # ours that undo took away
        self._returning: set[str] = set()  # of these, to which a teammate had done something meanwhile
        self._written: dict[str, set[str]] = {}  # written fields that were made here
        self._shared: set[str] = set()  # in whose written fields a teammate has typed
        self._revision = 0
        self._is_unsure = False
        self._undo_time = 1
        self._step = ""  # of what is written as one step of undo
        self._undo = self._manager()
        # WORKAROUND pycrdt reads all of an event before it hands it on, and yrs panics over the delta of some texts.
        # Below its wrapper we read only where an event happened.
        self._subscription = root.integrated.observe_deep(weakly(self._on_events, None))

    @property
    def revision(self) -> int:
        """A number that is another one whenever entries may say something else than before."""
        return self._revision

    def ids(self, kind: str = "", *, removed: bool = False) -> list[str]:
        """The ids of all entries that are there; those of one kind begin with `kind` and ":".

        Args:
            kind: of which; empty for all.
            removed: whether those that were removed are among them.
        """
        if kind not in self._kinds:
            prefix = f"{kind}:" if kind else ""
            keys = self._root.keys()
            self._kinds[kind] = tuple(id for id in keys if id.startswith(prefix))
        return [id for id in self._kinds[kind] if self.get(id, removed=removed) is not None]

    def get(self, id: str, *, removed: bool = False) -> Mapping[str, Any] | None:
        """The fields of an entry, or None where there is none.

        Args:
            removed: whether an entry that was removed is given too.
        """
        fields = self._read.get(id)
        if fields is None:
            entry = self._root.get(id)
            if not isinstance(entry, Map):  # anybody who may edit can write anything here
                return None
            fields = fields_in(entry)
            self._read[id] = fields
        return fields if removed or not fields.get(REMOVED) else None

    def all(self, kind: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Id and fields of all entries that are there; see `ids`."""
        for id in self.ids(kind):
            fields = self.get(id)
            if fields is not None:
                yield id, fields

    def add(self, id: str, fields: Mapping[str, Any], origin: Origin = Origin.LOCAL) -> None:
        """Makes an entry. Values are what JSON holds; a `Written` one becomes a text for several hands."""
        plain = {name: Text(value) if isinstance(value, Written) else value for name, value in fields.items()}
        self._written[id] = {name for name, value in plain.items() if isinstance(value, Text)}
        with self._whole.transaction(origin):
            begun = clock(self._root.doc)
            self._root[id] = Map(plain)
            self._forget(id)
            self._kinds.clear()
            if origin in _TRACKED:
                self._fresh.add(id)
                self._makings[id] = [range(begun, clock(self._root.doc))]

    def change(
        self, id: str, fields: Mapping[str, Any], origin: Origin = Origin.LOCAL, *, caret: int | None = None
    ) -> None:
        """Sets fields of an entry; those that are equal already are left alone.

        Args:
            id: of the entry.
            fields: what to set, by name.
            origin: where it comes from.
            caret: where the caret stands in a written field behind what was typed there, in characters. Among letters
                that are alike it says which are the new ones, so that nobody's undo takes another's.

        Raises:
            NoSuchEntry: it is not here.
        """
        entry = self._root.get(id)
        if not isinstance(entry, Map):
            raise NoSuchEntry(id)
        with self._whole.transaction(origin):
            begun = clock(self._root.doc) if id in self._makings else 0
            self._forget(id)  # within an outer transaction it is read again before anything is told
            for name, value in fields.items():
                now = entry.get(name)
                if isinstance(now, Text):
                    write(now, str(value), caret)
                elif now != value:
                    entry[name] = Text(value) if isinstance(value, Written) else value
                    if isinstance(value, Written):
                        self._written.setdefault(id, set()).add(name)
            if id in self._makings:
                self._note_making(id, begun)

    def remove(self, id: str, origin: Origin = Origin.LOCAL) -> None:
        """Marks an entry as removed.

        Raises:
            NoSuchEntry: it is not here.
        """
        self.change(id, {REMOVED: True}, origin)

    def observe(self, callback: Callable[[EntriesChange], None]) -> Callable[[], None]:
        """Calls back after each transaction that touched an entry; returns the function that ends it."""
        return self._changes.add(callback)

    def observe_returns(self, callback: Callable[[frozenset[str]], None]) -> Callable[[], None]:
        """Calls back with the ids of entries that came back after undo, as a teammate had written in them meanwhile.

        Returns:
            The function that ends it.
        """
        return self._returns.add(callback)

    def can_undo(self) -> bool:
        """Whether there is an own act on these entries to take back."""
        return bool(self._undo.can_undo())

    def can_redo(self) -> bool:
        """Whether there is an own act on these entries to bring back."""
        return bool(self._undo.can_redo())

    def one_step(self, of: str) -> None:
        """Makes the transactions from now on one step of undo, as the letters of one burst of typing are.

        It ends with `end_step`, with undo, or with another step.

        Args:
            of: what is written; a call with the same goes on with the step.
        """
        if of != self._step:
            self._undo_time += 2
            self._step = of

    @property
    def step(self) -> int:
        """The number of the newest step of undo; equal for transactions that are taken back together."""
        return self._undo_time

    def end_step(self) -> None:
        """Makes each transaction from now on a step of its own again."""
        self._step = ""

    def undo(self, keeps: Callable[[str], bool] = lambda _id: False) -> frozenset[str]:
        """Takes back this person's newest step on these entries; what teammates did stays.

        Args:
            keeps: whether an entry is to stay though it was made in this step.

        Returns:
            The ids of entries that stay so, and of those in which a teammate has written.
        """
        self.end_step()
        with self._whole.acting(Origin.UNDO):
            while steps := self._undo.undo_stack:
                made = {id for id, step in self._made.items() if step == len(steps) and self.get(id) is not None}
                kept = {id for id in made if id in self._shared or self._has_others(id) or keeps(id)}
                if kept:
                    # Yjs would take an entry away with all that is in it.
                    self._undo = self._manager(steps[:-1], self._undo.redo_stack)
                    for id in made:
                        del self._made[id]
                    for id in made - kept:
                        self.remove(id, Origin.UNDO)
                    return frozenset(kept)
                if self._take_back(steps, made):
                    break
        return frozenset()

    def _take_back(self, steps: list[StackItem[Any]], made: set[str]) -> bool:
        """Takes the newest of some steps back, and no other, whatever became of it; tells whether anything changed.

        Entries that were made in it are marked as removed, so that what a teammate is writing there has a place.
        """
        doc = self._root.doc
        makings = [written for id in made for written in self._makings.pop(id, ())]
        rest = without(doc, steps[-1], makings)
        undone: list[StackItem[Any]] = []
        if makings:
            begun = clock(doc)
            with doc.transaction(Origin.UNDO):  # told when it can be brought back
                for id in made:
                    self._root[id][REMOVED] = True
            undone.append(step_of(doc, begun))
        if rest is not None:
            alone = self._manager([self._followed(rest)])
            alone.undo()
            undone += alone.redo_stack
        self._taken |= made
        more = [joined(doc, undone)] if undone else []
        self._undo = self._manager(steps[:-1], [*self._undo.redo_stack, *more])
        return bool(undone)

    def _followed(self, step: StackItem[Any]) -> StackItem[Any]:
        """A step that takes out all that has come back of what was written in it, see `BodyUndo`."""
        return followed(self._root.doc, step, self._whole.newest_of) or step

    def redo(self) -> None:
        """Brings back what was taken back last."""
        self.end_step()
        with self._whole.acting(Origin.UNDO):
            steps, redone = self._undo.redo_stack, list[StackItem[Any]]()
            while steps and not redone:
                alone = self._manager(None, [self._followed(steps.pop())])
                alone.redo()
                redone = alone.undo_stack
            self._undo = self._manager([*self._undo.undo_stack, *redone], steps)
        self._taken = {id for id in self._taken if self.get(id) is None}

    def look_again(self) -> None:
        """Takes it that any entry may have changed without an event; see `core.crdt.gaps`."""
        self._is_unsure = True

    def tell(self) -> None:
        """Tells the observers what has happened since the last time; no transaction may be open."""
        if made := self._fresh & self._touched:
            self._made |= dict.fromkeys(made, len(self._undo.undo_stack))
            self._fresh -= made
        before: Mapping[str, Mapping[str, Any]] = {}
        if self._is_unsure:
            before, self._read, self._is_unsure = self._read, {}, False
            self._revision += 1
            self._kinds.clear()
            known = {*before, *self._root.keys()}
            self._touched |= {id for id in known if self.get(id, removed=True) != before.get(id)}
        if self._touched:
            touched, self._touched = frozenset(self._touched), set()
            self._changes.tell(EntriesChange(touched, self._whole.origin))
        if self._returning:
            self._bring_back()

    def _bring_back(self) -> None:
        changed, self._returning = self._returning, set()
        returning = {id for id in changed if self.get(id) is None and (id in self._shared or self._has_others(id))}
        self._taken -= returning
        if not returning:
            return
        with self._whole.transaction(Origin.UNDO):
            for id in returning:
                self.change(id, {REMOVED: False}, Origin.UNDO)
        self._returns.tell(frozenset(returning))

    def _manager(
        self, steps: list[StackItem[Any]] | None = None, undone: list[StackItem[Any]] | None = None
    ) -> UndoManager:
        """What takes back, with these steps to take back and to bring back."""
        # By our own clock, which stands still within a step and else goes on by more than the timeout.
        manager = UndoManager(
            scopes=[self._root],
            capture_timeout_millis=1,
            timestamp=weakly(self._now, 0),
            undo_stack=steps,
            redo_stack=undone,
        )
        for origin in _TRACKED:
            manager.include_origin(origin)
        return manager

    def _note_making(self, id: str, begun: int) -> None:
        """Notes what was written in an entry of ours since our clock stood at `begun`."""
        written = self._makings[id]
        if written[-1].stop == begun:
            begun = written.pop().start
        written.append(range(begun, clock(self._root.doc)))

    def _has_others(self, id: str) -> bool:
        """Whether an entry has written fields that were made elsewhere."""
        entry = self._root[id]
        written = {name for name in entry.keys() if isinstance(entry.get(name), Text)}  # noqa: SIM118, as in `fields_in`
        return not written <= self._written.get(id, set())

    def _now(self) -> int:
        """When the transaction is, for the grouping of what is taken back together."""
        if not self._step:
            self._undo_time += 2
        return self._undo_time

    def _on_events(self, events: list[Any]) -> None:
        for event in events:
            path = event.path
            ids = {str(path[0])} if path else self._keys(event)
            if not path:
                self._kinds.clear()
            elif self._whole.origin is Origin.REMOTE:
                self._shared |= ids if len(path) > 1 else set()
                self._returning |= ids & self._taken
            self._touched |= ids
            for id in ids:
                self._forget(id)

    def _keys(self, event: Any) -> set[str]:
        """The ids of entries that an event of the root itself touched."""
        try:
            return set(event.keys)
        except BaseException as error:
            if not is_panic(error):
                raise
            self.look_again()
            return set()

    def _forget(self, id: str) -> None:
        """Reads an entry again when it is asked for the next time."""
        self._read.pop(id, None)
        self._revision += 1
