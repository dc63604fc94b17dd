"""SealedDelivery: what is kept sealed on this computer on its way to the server's box, and what comes from there.

Runs on the GUI thread. With each connection the server first says what it has; then it gets what it lacks. A box is
opened when all that is here of it is there: because the person wants it, or because by the document it should be open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from functools import partial
from typing import Any

from PySide6.QtCore import QObject

from cowrite.bridge.shared.kept_store import KeptStore, Key
from cowrite.bridge.shared.sealed import Reach, SharedSealed
from cowrite.bridge.single_shot import single_shot
from cowrite.storage.sealed_items import Gone, KeptItem, wording
from cowrite.sync.questions import Unanswered
from cowrite.sync.sealed_questions import SealedProblem
from cowrite_server.wire.sealed import BALLOT, Count, SealedItem, SealedList, SealedReason

Theirs = Mapping[Key, Mapping[str, Any]]
"""The fields of what lies at the server."""

MOST_UNDER_WAY = 8  # items on their way to the server; it refuses more than sixteen requests
RETRY_DELAY = 2000  # milliseconds until what the server could not do is asked again

_MAY_NOT_OPEN = "Only owners and editors of this document may reveal a session or close a poll."
_REVEALED = (
    "The notes were revealed before the server had heard that you took one of yours back; it may be on the board."
)


class SealedDelivery(QObject):
    """The way between one document's kept items and its server.

    Args:
        kept: what is kept here.
        has_server: whether the document has a server, connected or not.
        is_open: whether a box was opened, as the document says.
        is_due: whether a box in which something lies is to be opened from here without being asked.
        still: whether a box is still to be opened that was wanted so before; it has said so where it is not.
        settle: is told of an opened box that what is still kept of it was not in it.
        changed: is told which items are otherwise; they are not written yet.
        told: is told of which boxes more or less is known.
        parent: Qt parent.
    """

    def __init__(
        self,
        kept: KeptStore,
        has_server: Callable[[], bool],
        is_open: Callable[[str], bool],
        is_due: Callable[[str], bool],
        still: Callable[[str], bool],
        settle: Callable[[str], None],
        changed: Callable[[Iterable[Key]], None],
        told: Callable[[Iterable[str]], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._kept = kept
        self._has_server = has_server
        self._is_open = is_open
        self._is_due = is_due
        self._still = still
        self._settle = settle
        self._changed = changed
        self._told = told
        self._shared: SharedSealed | None = None
        self._counts: dict[str, Count] = {}
        self._there: set[Key] = set()
        self._under_way: set[Key] = set()
        self._unsent: set[Key] = set()  # what was written here and no server was ever given
        self._refused: dict[Key, SealedProblem] = {}
        self._wanted: set[str] = set()
        self._opening: set[str] = set()
        self._said: dict[str, str] = {}  # by box, what could not be done there
        self._is_listed = False
        self._is_counted = False  # whether the server has ever said how much there is
        self._connection = 0  # how often the server was reached or lost
        self._timer = single_shot(self, self._try_again, RETRY_DELAY)

    @property
    def reach(self) -> Reach:
        """Whether there is a box at the server at the moment; NONE without a server."""
        if self._shared is not None:
            return self._shared.reach
        return Reach.AWAY if self._has_server() else Reach.NONE

    @property
    def is_shared(self) -> bool:
        """Whether there is a server to be in touch with."""
        return self._shared is not None

    @property
    def wanted(self) -> frozenset[str]:
        """Boxes that the person wants opened, and that are not known to be."""
        return frozenset(self._wanted)

    @property
    def boxes(self) -> frozenset[str]:
        """Boxes in which something lies, here or as the server said last."""
        return frozenset(
            (*(box for box, count in self._counts.items() if count.items), *(box for box, _ in self._kept.items))
        )

    def problem(self, box: str) -> str:
        """What the server refused of a box, in one sentence; empty for nothing."""
        return self._said.get(box, "") or next((str(why) for key, why in self._refused.items() if key[0] == box), "")

    @property
    def waiting(self) -> int:
        """Number of items that the server is to get, or to give up, and has not said that it did; 0 where it keeps
        none."""
        if self.reach is Reach.NONE:
            return 0
        return len(self._kept.gone) + sum(not item.is_delivered for item in self._kept.items.values())

    @property
    def is_counted(self) -> bool:
        """Whether it is known how much lies in the boxes; without a server that is what lies here."""
        return self._is_counted or self.reach is Reach.NONE

    def count(self, box: str, own: Iterable[Key]) -> Count:
        """How much lies in a box: what the server said last, and what it does not have yet.

        Args:
            box: its id.
            own: what of it is kept here.
        """
        there = self._counts.get(box, Count(0, 0))
        mine = set(own)
        new = mine - self._there
        return Count(there.items + len(new), there.people + int(bool(new) and new == mine))

    def use(self, shared: SharedSealed | None) -> None:
        """The document is shared from now on, or is not any more."""
        if self._shared is not None:
            self._shared.changed.disconnect(self._on_reach)
            self._shared.counted.disconnect(self._on_counts)
            self._shared.changed_elsewhere.disconnect(self.look)
            self._shared.allowed.disconnect(self._on_allowed)
        self._shared = shared
        if shared is not None:
            shared.changed.connect(self._on_reach)
            shared.counted.connect(self._on_counts)
            shared.changed_elsewhere.connect(self.look)
            shared.allowed.connect(self._on_allowed)
        self._on_reach()

    def end(self) -> None:
        """Is in touch with nobody any more."""
        self.use(None)
        self._timer.stop()

    def want(self, box: str) -> None:
        """The person wants a box opened, as soon as that can be."""
        self._said.pop(box, None)
        self._wanted.add(box)
        self.deliver()

    def begin(self, key: Key) -> None:
        """Something was written that was not there before."""
        self._unsent.add(key)

    def forget(self, keys: Iterable[Key]) -> None:
        """What was refused of these is of no interest any more."""
        for key in keys:
            self._said.pop(key[0], None)
            self._refused.pop(key, None)

    def look(self) -> None:
        """Asks the server what it has."""
        self._wanted = {box for box in self._wanted if not self._is_open(box)}
        if self._shared is not None and self.reach is Reach.HERE:
            self._shared.list(partial(self._listed, self._connection), self._not_listed)

    def deliver(self) -> None:
        """Sends what the server does not have yet, and has boxes opened when it has all of them."""
        shared = self._shared
        if shared is None or self.reach is not Reach.HERE or not self._is_listed:
            return
        for key in self._kept.gone.keys() - self._under_way:
            if len(self._under_way) < MOST_UNDER_WAY:
                self._take_back(shared, key)
        undelivered = [key for key, item in self._kept.items.items() if not item.is_delivered]
        waiting = [key for key in undelivered if key not in self._refused or self._refused[key].passes]
        for key in waiting:
            if key not in self._under_way and key not in self._refused and len(self._under_way) < MOST_UNDER_WAY:
                self._send(shared, key)
        busy = {box for box, _ in (*waiting, *self._under_way)}
        for box in self._wanted - self._opening - busy:
            if not self._still(box):
                self._wanted.discard(box)
                continue
            self._opening.add(box)
            shared.open_box(box, partial(self._opened, box), partial(self._not_opened, box))

    def _take_back(self, shared: SharedSealed, key: Key) -> None:
        """Has the server take out an item that its author has taken back here."""
        self._under_way.add(key)
        there = self._kept.gone[key].there
        if there and key not in self._there:
            # It may lie there as another member's, as one that was moved has it: it becomes one's own first.
            shared.seal(SealedItem(*key, there), lambda: None, lambda _: None)
        shared.take_back(*key, partial(self._took_back, key), partial(self._not_taken_back, key))

    def _send(self, shared: SharedSealed, key: Key) -> None:
        """Sends an item as it is now."""
        item = self._kept.items[key]
        # Where the server has it as another member's, as one that was moved does, it takes its place only with the
        # words that are there; then come the new ones.
        fields = item.fields if item.there is None or key in self._there else item.there
        self._under_way.add(key)
        self._unsent.discard(key)
        sent = partial(self._delivered, key, fields)
        shared.seal(SealedItem(*key, fields), sent, partial(self._not_delivered, key))

    def _on_reach(self) -> None:
        self._under_way.clear()
        self._opening.clear()
        self._refused.clear()
        self._is_listed = False
        self._connection += 1
        self._told({*self._wanted, *(box for box, _ in self._kept.items)})
        self.look()

    def _on_allowed(self) -> None:
        self._refused.clear()
        self._said.clear()
        self._told(self.boxes)
        self.look()

    def _on_counts(self, counts: Mapping[str, Count]) -> None:
        self._counts.update(counts)
        self._want_due()
        self._told(counts)
        if any(map(self._is_open, counts.keys() & {box for box, _ in self._kept.items})):
            self.look()
        self.deliver()

    def _want_due(self) -> None:
        """Wants opened what is not by itself: whoever ended a session may have gone before the server heard of it."""
        self._wanted |= {box for box, count in self._counts.items() if count.items and self._is_due(box)}

    def _listed(self, connection: int, found: SealedList) -> None:
        if connection != self._connection:
            return  # it was told behind the next one; that server may have been restored, and is asked as well
        theirs: Theirs = {(item.box, item.id): item.fields for item in found.items}
        before = self._there if self._is_listed else set()  # in this connection, so by this server as it is
        self._is_listed = self._is_counted = True
        self._counts = dict(found.counts)
        self._there = set(theirs)
        touched = self._keep_gone(theirs)
        touched |= self._take(theirs)
        touched |= self._miss(theirs, before)
        self._changed(touched)
        # A poll that was closed without the box has its result: a ballot that still lies there is as late as one here.
        held = {key for key in theirs.keys() & self._kept.items.keys() if key[1] == BALLOT and self._is_open(key[0])}
        for key in held:
            self._kept.items[key] = self._kept.items[key]._replace(is_delivered=False)
        for box in {box for box, _ in (self._kept.items.keys() - theirs.keys()) | held}:
            if self._is_open(box):
                self._settle(box)
        self._kept.gone |= dict.fromkeys(held, Gone())
        self._changed(held)
        self._want_due()
        self._told(found.counts)
        self.deliver()

    def _keep_gone(self, theirs: Theirs) -> set[Key]:
        """What was taken back here is to be taken back there, but for what says something else by now: it was changed
        on another computer after that, and stays. Gives this.

        What does not lie there is taken back as well: the answer tells what is gone from what was revealed.
        """
        gone = self._kept.gone
        newer = {
            key
            for key, each in gone.items()
            if each.known and key in theirs and key not in self._under_way and wording(theirs[key]) not in each.known
        }
        for key in newer:
            del gone[key]
        return newer

    def _take(self, theirs: Theirs) -> set[Key]:
        """Takes what lies at the server; gives what is otherwise here now."""
        kept = self._kept
        touched = set()
        for key in theirs.keys() - kept.gone.keys():
            item = kept.items.get(key)
            # What was changed here and has not arrived is newer; else the server's is, from another computer perhaps.
            if item is None or (item.is_delivered and item.fields != theirs[key]):
                kept.items[key] = KeptItem(*key, theirs[key], is_delivered=True)
                touched.add(key)
            elif not item.is_delivered and item.fields == theirs[key]:
                kept.items[key] = _arrived(item)
                touched.add(key)
        return touched

    def _miss(self, theirs: Theirs, before: Set[Key]) -> set[Key]:
        """Puts right what is here of what had arrived and lies at the server no more; gives it.

        Args:
            theirs: what lies there.
            before: what lay there, as this server said.
        """
        items = self._kept.items
        missed = {key for key in items.keys() - theirs.keys() - self._under_way if items[key].is_delivered}
        for key in missed:
            # It has come back with the document, or its author has taken it back on another computer.
            if self._is_open(key[0]) or key in before:
                del items[key]
            else:  # another server, or one that was restored
                items[key] = items[key]._replace(is_delivered=False)
        return missed

    def _not_listed(self, why: SealedProblem) -> None:
        if why.passes:
            self._timer.start()

    def _delivered(self, key: Key, fields: Mapping[str, Any]) -> None:
        self._under_way.discard(key)
        self._there.add(key)
        item = self._kept.items.get(key)
        if item is not None and item.fields == fields:
            self._kept.items[key] = _arrived(item)
            self._changed([key])
        self.deliver()

    def _not_delivered(self, key: Key, why: SealedProblem) -> None:
        self._under_way.discard(key)
        if why.reason is SealedReason.OPENED and self._is_open(key[0]):
            self._settle(key[0])
        if why.passes:
            self._timer.start()
        if key in self._kept.items and not isinstance(why.reason, Unanswered):
            self._refused[key] = why  # where its box was opened, it goes on when the document says so
            self._told([*key])
        self.deliver()

    def _took_back(self, key: Key) -> None:
        self._under_way.discard(key)
        self._there.discard(key)
        self._kept.gone.pop(key, None)
        self._changed([key])
        self.deliver()

    def _not_taken_back(self, key: Key, why: SealedProblem) -> None:
        self._under_way.discard(key)
        if why.passes:
            self._timer.start()
        elif not isinstance(why.reason, Unanswered):  # it cannot be taken back any more
            self._kept.gone.pop(key, None)
            said = _REVEALED if why.reason is SealedReason.OPENED else str(why)
            self._said[key[0]] = "" if key[1] == BALLOT or key in self._unsent else said
            self._changed([key])

    def _opened(self, box: str) -> None:
        self._opening.discard(box)
        self._wanted.discard(box)
        self._counts[box] = Count(0, 0)
        self._told([box])

    def _not_opened(self, box: str, why: SealedProblem) -> None:
        self._opening.discard(box)
        if why.passes:
            self._timer.start()
        elif not isinstance(why.reason, Unanswered):
            self._wanted.discard(box)
            self._said[box] = _MAY_NOT_OPEN if why.reason is SealedReason.READ_ONLY else str(why)
            self._told([box])

    def _try_again(self) -> None:
        self._refused = {key: why for key, why in self._refused.items() if not why.passes}
        if self._is_listed:
            self.deliver()
        else:
            self.look()


def _arrived(item: KeptItem) -> KeptItem:
    """An item of which the server has this version and no other one."""
    return item._replace(is_delivered=True, earlier=frozenset(), there=None)
