"""Steps: what this person has done to the entries of a root, step by step, to be taken back and brought back.

Runs on the document's thread. An undo that would take an entry away in which a teammate has written leaves it as it is;
where what the teammate wrote arrives only then, the entry comes back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from contextlib import AbstractContextManager
from typing import Any, Protocol

from pycrdt import Map, StackItem, Text, UndoManager

from cowrite.core.crdt.undo_steps import clock, divide, followed, joined, step_of, without
from cowrite.core.entries.fields import REMOVED
from cowrite.core.entries.observers import Observers, weakly
from cowrite.core.text.origin import Origin


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
        """By which ids units go after undo has brought them back, see `Redone.newest_of`."""


_Held = dict[tuple[str, str], Any]
"""What fields that are no texts hold, by the ids of their entries and their names."""


class Steps:
    """The steps on the entries of one root.

    Args:
        root: the map in the document.
        whole: the document.
        is_there: tells of an id whether there is an entry that is not marked as removed.
        mark: marks an entry as removed, or as there again.
    """

    def __init__(
        self, root: Map[Any], whole: Whole, is_there: Callable[[str], bool], mark: Callable[[str, bool], None]
    ) -> None:
        self._root = root
        self._whole = whole
        self._is_there = is_there
        self._mark = mark
        self._returns: Observers[frozenset[str]] = Observers()
        self._fresh: set[str] = set()  # ours, made since observers were told the last time
        self._made: dict[str, int] = {}  # ours, and the step in which each was made
        # Ours that no undo took away: what was written in each, by our clock.
        self._makings: dict[str, list[range]] = {}
        # What fields held before each step, and, until it is over, before the newest one; what they held behind it.
        self._earlier: dict[int, tuple[int, _Held]] = {}
        self._just_before: _Held = {}
        self._later: dict[int, _Held] = {}
        self._put: set[tuple[str, str]] = set()  # fields that hold what they were given back, and no step has put in
        self._taken: set[str] = set()  # ours that undo took away
        self._returning: set[str] = set()  # of these, to which a teammate had done something meanwhile
        self._written: dict[str, set[str]] = {}  # written fields that were made here
        self._shared: set[str] = set()  # in whose written fields a teammate has typed
        self._time = 1
        self._of = ""  # what is written as one step
        self._manager = self._made_manager()

    def observe_returns(self, callback: Callable[[frozenset[str]], None]) -> Callable[[], None]:
        """Calls back with the ids of entries that came back after undo, as a teammate had written in them meanwhile.

        Returns:
            The function that ends it.
        """
        return self._returns.add(callback)

    @property
    def newest(self) -> int:
        """The number of the newest step; equal for transactions that are taken back together."""
        return self._time

    def begin(self, of: str) -> None:
        """Makes the transactions from now on one step, as the letters of one burst of typing are.

        It ends with `end`, with undo, or with another step.

        Args:
            of: what is written; a call with the same goes on with the step.
        """
        if of != self._of:
            self._time += 2
            self._of = of

    def end(self) -> None:
        """Makes each transaction from now on a step of its own again."""
        self._of = ""

    def can_undo(self) -> bool:
        """Whether there is an own act on these entries to take back."""
        return bool(self._manager.can_undo())

    def can_redo(self) -> bool:
        """Whether there is an own act on these entries to bring back."""
        return bool(self._manager.can_redo())

    def undo(self, keeps: Callable[[str], bool] = lambda _id: False) -> frozenset[str]:
        """Takes back this person's newest step on these entries; what teammates did stays.

        Args:
            keeps: whether an entry is to stay though it was made in this step.

        Returns:
            The ids of entries that stay so, and of those in which a teammate has written.
        """
        self.end()
        with self._whole.acting(Origin.UNDO):
            while steps := self._manager.undo_stack:
                made = {id for id, step in self._made.items() if step == len(steps) and self._is_there(id)}
                kept = {id for id in made if self._is_shared(id) or keeps(id)}
                if kept:
                    # Yjs would take an entry away with all that is in it.
                    self._manager = self._made_manager(steps[:-1], self._manager.redo_stack)
                    for id in made:
                        del self._made[id]
                    for id in made - kept:
                        self._mark(id, True)
                    return frozenset(kept)
                if self._take_back(steps, made):
                    break
        return frozenset()

    def _take_back(self, steps: list[StackItem[Any]], made: set[str]) -> bool:
        """Takes the newest of some steps back, and no other, whatever became of it; tells whether anything changed.

        Entries that were made in it are marked as removed, so that what a teammate is writing there has a place.
        """
        doc, before = self._root.doc, self._earlier.get(len(steps), (0, {}))[1]
        self._later[len(steps)] = self._held(before)
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
            alone = self._made_manager([self._followed(rest)])
            alone.undo()
            undone += alone.redo_stack
        undone += self._put_back(before)
        self._taken |= made
        more = [joined(doc, undone)] if undone else []
        self._manager = self._made_manager(steps[:-1], [*self._manager.redo_stack, *more])
        return bool(undone)

    def _held(self, fields: Iterable[tuple[str, str]]) -> _Held:
        """What fields hold now, of those that are there."""
        entries = ((id, name, self._root.get(id)) for id, name in fields)
        return {(id, name): entry[name] for id, name, entry in entries if isinstance(entry, Map) and name in entry}

    def _put_back(self, values: _Held) -> list[StackItem[Any]]:
        """Gives fields what they are to hold after undo or redo; gives what takes that back, or nothing.

        Where a teammate has set one at the same moment, Yjs takes out what is there, and puts in nothing.
        """
        held = self._held(values)
        lost = {key: value for key, value in values.items() if key not in held or key in self._put}
        if not lost:
            return []
        begun = clock(self._root.doc)
        with self._root.doc.transaction(Origin.UNDO):
            for (id, name), value in lost.items():
                self._root[id][name] = value
        self._put |= lost.keys()
        return [step_of(self._root.doc, begun)]

    def _followed(self, step: StackItem[Any]) -> StackItem[Any]:
        """A step that takes out all that has come back of what was written in it, see `BodySteps`; made ready."""
        step = followed(self._root.doc, step, self._whole.newest_of) or step
        divide(self._root.doc, step)
        return step

    def redo(self) -> None:
        """Brings back what was taken back last."""
        self.end()
        with self._whole.acting(Origin.UNDO):
            kept, steps, redone = self._manager.undo_stack, self._manager.redo_stack, list[StackItem[Any]]()
            while steps and not redone:
                alone = self._made_manager(None, [self._followed(steps.pop())])
                alone.redo()
                redone = alone.undo_stack
            if redone:
                redone = [joined(self._root.doc, [*redone, *self._put_back(self._later.get(len(kept) + 1, {}))])]
            self._manager = self._made_manager([*kept, *redone], steps)
        self._taken = {id for id in self._taken if not self._is_there(id)}

    # What Entries tells.

    def began(self, id: str) -> int | None:
        """Where our clock stands as an entry is changed, which `wrote` is to know; None where it was not made here."""
        return clock(self._root.doc) if id in self._makings else None

    def wrote(self, id: str, begun: int | None, texts: Iterable[str], before: Mapping[str, Any]) -> None:
        """An entry was changed here.

        Args:
            id: of the entry.
            begun: what `began` gave.
            texts: names of its written fields that were made.
            before: what its other fields held until then, of those that were set and were there.
        """
        if self._whole.origin.is_own:
            for name, value in before.items():
                self._just_before.setdefault((id, name), value)
        if texts:
            self._written.setdefault(id, set()).update(texts)
        if begun is None:
            return
        written = self._makings[id]
        if written[-1].stop == begun:
            begun = written.pop().start
        written.append(range(begun, clock(self._root.doc)))

    def made(self, id: str, begun: int, texts: Set[str], origin: Origin) -> None:
        """An entry was made here.

        Args:
            id: of the entry.
            begun: where our clock stood before.
            texts: names of its written fields.
            origin: where it comes from.
        """
        self._written[id] = set(texts)
        if origin.is_own:
            self._fresh.add(id)
            self._makings[id] = [range(begun, clock(self._root.doc))]

    def met(self, ids: Set[str], *, is_typed: bool) -> None:
        """A teammate has changed entries, or typed in a written field of theirs."""
        if is_typed:
            self._shared |= ids
        self._returning |= ids & self._taken
        self._put = {key for key in self._put if key[0] not in ids}

    def touched(self, ids: Set[str]) -> None:
        """A transaction that touched these entries is over."""
        if not ids:
            return
        if made := self._fresh & ids:
            self._made |= dict.fromkeys(made, len(self._manager.undo_stack))
            self._fresh -= made
        if ours := {key: value for key, value in self._just_before.items() if key[0] in ids}:
            step = len(self._manager.undo_stack)
            when, before = self._earlier.get(step, (0, {}))
            self._earlier[step] = self._time, {**ours, **(before if when == self._time else {})}
            self._put -= ours.keys()
            self._just_before = {}

    def bring_back(self) -> None:
        """Brings back what undo took away and a teammate has written in; no transaction may be open."""
        if not self._returning:
            return
        changed, self._returning = self._returning, set()
        returning = {id for id in changed if not self._is_there(id) and self._is_shared(id)}
        self._taken -= returning
        if not returning:
            return
        with self._whole.transaction(Origin.UNDO):
            for id in returning:
                self._mark(id, False)
        self._returns.tell(frozenset(returning))

    # Inside.

    def _made_manager(
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
        manager.include_origin(Origin.LOCAL)
        manager.include_origin(Origin.ASSIST)
        return manager

    def _is_shared(self, id: str) -> bool:
        """Whether a teammate has typed in an entry, or it has written fields that were made elsewhere."""
        if id in self._shared:
            return True
        entry = self._root[id]
        written = {name for name in entry.keys() if isinstance(entry.get(name), Text)}  # noqa: SIM118, as in `fields_in`
        return not written <= self._written.get(id, set())

    def _now(self) -> int:
        """When the transaction is, for the grouping of what is taken back together."""
        if not self._of:
            self._time += 2
        return self._time
