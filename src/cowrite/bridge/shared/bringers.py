"""Bringers: who has brought what a document says to its server, whoever it names as its author.

Runs on the GUI thread. Nothing is read or asked before somebody wants to know it. All of a large document is read on a
thread of its own; what comes later is gathered, and read when somebody wants to know more. The server is asked again
only where something is shown of which it has not said yet who has brought it, and then not at once: all who are in a
room may want to know it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from cowrite.bridge.deliveries import Deliveries
from cowrite.bridge.single_shot import single_shot
from cowrite.core.crdt.entry_units import EntryUnits
from cowrite.core.crdt.structs import Id
from cowrite.core.document.document import Document
from cowrite.core.errors import MalformedUpdate
from cowrite.sync.history_questions import HistoryProblem
from cowrite_server.wire.history import CLIENTS_AT_ONCE, Brought
from cowrite_server.wire.names import clean_name

if TYPE_CHECKING:
    from cowrite.bridge.shared.history import SharedHistory

FIRST, AGAIN = 300, 5000  # milliseconds until the server is asked, and asked again
LARGE = 64 * 1024  # bytes of an update that is read beside the GUI thread
MANY = 1000  # updates that are gathered at most; beyond, all that has come since is read at once

_NOTHING = b"\0"  # the state vector of a document that has nothing

NOBODY = ""
"""Stands for whoever has brought what the server knows nobody for."""


class Bringers(QObject):
    """Who has brought what one document says.

    Args:
        document: it.
        fields: the names of the fields that are a claim of their writer's, by the roots of their entries.
        called: gives what the others see the person called who sits here.
        parent: Qt parent.
    """

    changed = Signal()
    """More is known."""

    def __init__(
        self,
        document: Document,
        fields: Mapping[str, Collection[str]],
        called: Callable[[], str],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._called = called
        self._units = EntryUnits(fields)
        self._state = _NOTHING  # up to which the document was read
        self._history: SharedHistory | None = None
        self._brought: dict[int, list[tuple[int, int, Brought]]] = {}  # first clock, and that behind, of each run
        self._wanted: set[Id] = set()  # what the server is asked for next
        self._unknown: set[Id] = set()  # what it could not say
        self._gathered: list[bytes] | None = None  # what has come since it was read; None where all is to be read
        self._is_asking = self._is_closed = False
        self._deliveries = Deliveries(self)
        self._executor: ThreadPoolExecutor | None = None  # while something is read there
        self._timer = single_shot(self, self._look, FIRST)
        self._unobserve: Callable[[], None] | None = None

    def follow(self, history: SharedHistory | None) -> None:
        """Asks this server from now on; None where the document has none, or works offline."""
        self._history = history
        self._brought, self._unknown = {}, set()
        self._is_asking = False
        self._timer.setInterval(FIRST)
        self.changed.emit()

    def look_again(self) -> None:
        """There may be a connection now."""
        self._wanted |= self._unknown  # which the server may have been unable to read
        if self._wanted:
            self._look_soon()

    def of_entry(self, root: str, id: str, claimed: str) -> tuple[str, ...] | None:
        """Who has brought an entry, or some of what it claims, and is not called as it says.

        Args:
            root: where it is.
            id: its id.
            claimed: by whom it says it is.

        Returns:
            Their names; NOBODY for whom the server does not know, and nothing of the server itself. None where nothing
            is known of it, or not yet.
        """
        if not self._has_read():
            self._look_soon()
            return None
        units = self._units.of(root, id)
        return self._others(units, claimed) if units else (NOBODY,)

    def of_unit(self, unit: Id, claimed: str) -> tuple[str, ...] | None:
        """The same of one unit, such as a character of the body."""
        return self._others((unit,), claimed)

    def close(self) -> None:
        """Wants to know nothing any more."""
        self._is_closed = True
        self._timer.stop()
        if self._unobserve is not None:
            self._unobserve()
        if self._executor is not None:
            self._executor.shutdown(wait=True)
            self._deliveries.tell_now()

    # Inside

    def _others(self, units: Sequence[Id], claimed: str) -> tuple[str, ...] | None:
        names: dict[str, None] = {}
        is_known = True
        for unit in units:
            brought = self._of(unit)
            is_own = unit.client == self._document.client_id and _is_called(self._called(), claimed)
            if brought is not None:
                if brought.member is not None:
                    names[brought.name or f"Member {brought.member}"] = None
            elif unit not in self._unknown:
                self._wanted.add(unit)
                is_known = is_known and is_own  # as it seems, until the server says so
            elif not is_own:
                names[NOBODY] = None
        if not self._wanted.isdisjoint(units):
            self._look_soon()
        others = tuple(name for name in names if not _is_called(name, claimed))
        return others if others or is_known else None

    def _of(self, unit: Id) -> Brought | None:
        runs = self._brought.get(unit.client, [])
        at = bisect_right(runs, unit.clock, key=lambda run: run[0]) - 1
        return runs[at][2] if at >= 0 and unit.clock < runs[at][1] else None

    def _look_soon(self) -> None:
        is_busy = self._timer.isActive() or self._is_asking or self._executor is not None
        if not self._is_closed and not is_busy and (self._gathered is None or self._can_ask()):
            self._timer.start()

    def _can_ask(self) -> bool:
        return self._history is not None and self._history.is_online

    def _has_read(self) -> bool:
        """Reads what was gathered; whether all of the document was read."""
        if self._executor is not None or self._gathered is None:
            return False
        gathered, self._gathered = self._gathered, []
        for update in gathered:
            self._read(update)
        return True

    def _gather(self, update: bytes) -> None:
        if self._gathered is not None:
            self._gathered.append(update)
            if len(self._gathered) > MANY:
                self._gathered = None

    def _look(self) -> None:
        """Reads the document as far as it was not read, then asks the server."""
        if self._gathered is not None:
            self._ask()
            return
        if self._unobserve is None:
            self._unobserve = self._document.observe_updates(lambda update: self._gather(update[0]))
        update, self._state = self._document.update_since(self._state), self._document.state_vector()
        self._gathered = []
        if len(update) <= LARGE:
            self._read(update)
            self._end_reading()
            return
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="entry-units")
        self._deliveries.run(self._executor, lambda: self._read(update), lambda _none: self._end_reading())

    def _read(self, update: bytes) -> None:
        try:
            self._units.take(update)
        except MalformedUpdate:  # of a kind that the document could take: of this part nothing is known
            return

    def _end_reading(self) -> None:
        if self._executor is not None:
            self._executor.shutdown()
            self._executor = None
        if self._is_closed:
            return
        self.changed.emit()

    def _ask(self) -> None:
        history = self._history
        if history is None or not self._wanted:
            return
        clients = frozenset(sorted({unit.client for unit in self._wanted})[:CLIENTS_AT_ONCE])
        self._is_asking = True

        def take(found: tuple[Brought, ...]) -> None:
            if history is self._history and not self._is_closed:
                self._take(found, clients)

        def fail(_problem: HistoryProblem) -> None:
            if history is self._history:
                self._is_asking = False  # with the next connection, or when it is wanted again
                self._timer.setInterval(AGAIN)

        history.ask_brought(clients, take, fail)

    def _take(self, found: tuple[Brought, ...], clients: frozenset[int]) -> None:
        self._is_asking = False
        self._timer.setInterval(AGAIN)
        for client in clients:
            self._brought[client] = []
        for brought in found:
            for client, clock, length in brought.units:
                self._brought.setdefault(client, []).append((clock, clock + length, brought))
        for client in clients:
            self._brought[client].sort(key=lambda run: run[0])
        asked = {unit for unit in self._wanted | self._unknown if unit.client in clients}
        self._wanted -= asked
        self._unknown = (self._unknown - asked) | {unit for unit in asked if self._of(unit) is None}
        self.changed.emit()


def _is_called(name: str, claimed: str) -> bool:
    """Whether a name is somebody's as the server has it, which has spaces and letters in one form."""
    return name == claimed or (bool(name) and clean_name(name) == clean_name(claimed))
