"""Entries: what a root of the document holds by ids, such as the notes of the board, each a map of simple fields.

Runs on the document's thread. Two rules keep what several people do at once: an entry is made whole, under an id that
nobody else draws, and is never made twice; and it is never taken out of the root, only marked as removed, so that what
a teammate changed in it meanwhile is still there when the removal is taken back. A field is one value that is replaced
as a whole, except a written one (`Written`), in which several people can type.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from random import Random
from typing import Any, NamedTuple

from pycrdt import Map, Text

from cowrite.core.crdt.undo_steps import clock
from cowrite.core.entries.fields import REMOVED, fields_of
from cowrite.core.entries.letters import write
from cowrite.core.entries.observers import Observers, weakly
from cowrite.core.entries.steps import Steps, Whole
from cowrite.core.errors import is_panic
from cowrite.core.text.origin import Origin
from cowrite.errors import CowriteError
from cowrite_server.document.entry_values import names_in


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


class Entries:
    """The entries of one root.

    Args:
        root: the map in the document.
        whole: the document.

    Attributes:
        steps: what this person has done to them, to be taken back.
    """

    def __init__(self, root: Map[Any], whole: Whole) -> None:
        self._root = root
        self._whole = whole
        self._changes: Observers[EntriesChange] = Observers()
        self._read: dict[str, Mapping[str, Any]] = {}  # what was read since it last changed
        self._kinds: dict[str, tuple[str, ...]] = {}  # the ids of a kind, while no others are in the root
        self._touched: set[str] = set()
        self._origin = Origin.LOCAL  # of what touched them first
        self._revision = 0
        self._is_unsure = False
        self.steps = Steps(root, whole, self._is_there, self._mark)
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
            fields = fields_of(self._root, id)
            if fields is None:  # anybody who may edit can write anything here
                return None
            self._read[id] = fields
        return fields if removed or not fields.get(REMOVED) else None

    def having(self, ids: Iterable[str], begins: tuple[str, ...]) -> list[str]:
        """Which of some entries have a field whose name begins so; of thousands the whole fields take long to read."""
        return [id for id, names in names_in(self._root, ids) if any(name.startswith(begins) for name in names)]

    def all(self, kind: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Id and fields of all entries that are there; see `ids`."""
        for id in self.ids(kind):
            fields = self.get(id)
            if fields is not None:
                yield id, fields

    def add(self, id: str, fields: Mapping[str, Any], origin: Origin = Origin.LOCAL) -> None:
        """Makes an entry. Values are what JSON holds; a `Written` one becomes a text for several hands."""
        plain = {name: Text(value) if isinstance(value, Written) else value for name, value in fields.items()}
        texts = {name for name, value in plain.items() if isinstance(value, Text)}
        with self._whole.transaction(origin):
            begun = clock(self._root.doc)
            self._root[id] = Map(plain)
            self._forget(id)
            self._kinds.clear()
            self.steps.made(id, begun, texts, origin)

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
            begun, texts, before = self.steps.began(id), list[str](), dict[str, Any]()
            self._forget(id)  # within an outer transaction it is read again before anything is told
            for name, value in fields.items():
                now = entry.get(name)
                if isinstance(now, Text):
                    write(now, str(value), caret)
                elif now != value:
                    if now is not None:
                        before[name] = now
                    entry[name] = Text(value) if isinstance(value, Written) else value
                    if isinstance(value, Written):
                        texts.append(name)
            self.steps.wrote(id, begun, texts, before)

    def remove(self, id: str, origin: Origin = Origin.LOCAL) -> None:
        """Marks an entry as removed.

        Raises:
            NoSuchEntry: it is not here.
        """
        self.change(id, {REMOVED: True}, origin)

    def observe(self, callback: Callable[[EntriesChange], None]) -> Callable[[], None]:
        """Calls back after each transaction that touched an entry; returns the function that ends it."""
        return self._changes.add(callback)

    def look_again(self) -> None:
        """Takes it that any entry may have changed without an event; see `core.crdt.gaps`."""
        self._is_unsure = True

    def tell(self) -> None:
        """Tells the observers what has happened since the last time; no transaction may be open."""
        self.steps.touched(self._touched)
        before: Mapping[str, Mapping[str, Any]] = {}
        if self._is_unsure:
            before, self._read, self._is_unsure = self._read, {}, False
            self._revision += 1
            self._kinds.clear()
            known = {*before, *self._root.keys()}
            self._touch({id for id in known if self.get(id, removed=True) != before.get(id)})
        if self._touched:
            touched, self._touched = frozenset(self._touched), set()
            self._changes.tell(EntriesChange(touched, self._origin))
        self.steps.bring_back()

    def _is_there(self, id: str) -> bool:
        return self.get(id) is not None

    def _mark(self, id: str, is_removed: bool) -> None:
        self.change(id, {REMOVED: is_removed}, Origin.UNDO)

    def _on_events(self, events: list[Any]) -> None:
        for event in events:
            path = event.path
            ids = {str(path[0])} if path else self._keys(event)
            if not path:
                self._kinds.clear()
            elif self._whole.origin is Origin.REMOTE:
                self.steps.met(ids, is_typed=len(path) > 1)
            self._touch(ids)
            for id in ids:
                self._forget(id)

    def _touch(self, ids: set[str]) -> None:
        if not self._touched:  # what the document puts right by itself comes behind it, before anybody is told
            self._origin = self._whole.origin
        self._touched |= ids

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
