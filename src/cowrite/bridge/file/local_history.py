"""LocalHistory: keeps the history of a document that is on this computer only, and answers what is asked of it.

Runs on the GUI thread; the histories are worked on in the network thread's loop. What is typed is gathered for some
seconds: the document itself is on disk long before, and what a killed process could not add any more is added when the
document is opened the next time.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject

from cowrite.bridge.single_shot import single_shot
from cowrite.clock import milliseconds_now
from cowrite.core.document.document import Document
from cowrite.core.document.updates import EMPTY_UPDATE
from cowrite.core.text.change import Change
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import Delete
from cowrite.errors import CowriteError
from cowrite_server.history.moments import MUCH

if TYPE_CHECKING:
    from cowrite.bridge.network_thread import NetworkThread
    from cowrite.sync.history_folder import HistoryFolder
    from cowrite.sync.history_questions import Failed, HistoryProblem
    from cowrite_server.wire.history import MomentList, Naming, OpenedMoment

Result = TypeVar("Result")

BEGIN_DELAY = 3000  # milliseconds from the opening of a document until its history is looked at: the window comes first
KEEP_DELAY = 15_000  # milliseconds from the first change that is not in the history until it is added
CLOSING = 6.0  # seconds that adding what is left may take at the end

_log = logging.getLogger(__name__)


class LocalHistories:
    """The histories on this computer. Nothing is loaded or opened before one of them is needed.

    Args:
        folder: where they are.
        network: gives the thread where they are worked on; called when there is something to do.
    """

    def __init__(self, folder: Path, network: Callable[[], NetworkThread]) -> None:
        self._path = folder
        self._network = network
        self._folder: HistoryFolder | None = None  # only the network thread's
        self._is_used = False

    def run(
        self,
        work: Callable[[HistoryFolder], Coroutine[Any, Any, Result]],
        then: Callable[[Result], None] | None,
        failed: Callable[[Exception], None],
    ) -> None:
        """Has something done behind what was asked for before, and one of the callbacks called when it ends.

        Args:
            work: what is done; it is called in the network thread.
            then: is called with the result.
            failed: is called with the error instead.
        """
        self._is_used = True
        self._network().run(self._done(work), then, failed)

    def forget(self, document_id: str) -> None:
        """A document is gone: so is its history."""
        if self._is_used or self._path.exists():
            self.run(
                lambda folder: folder.forget(document_id),
                None,
                lambda error: _log.error("a history could not be removed: %s", error),
            )

    def close(self) -> None:
        """Adds what was given, and closes them."""
        if not self._is_used:
            return
        try:
            self._network().run_now(self._done(lambda folder: folder.close()), CLOSING)
        except TimeoutError:  # the next opening adds it
            _log.warning("the histories were not closed in time")
        self._is_used = False

    async def _done(self, work: Callable[[HistoryFolder], Coroutine[Any, Any, Result]]) -> Result:
        if self._folder is None:
            # Here and not where they are asked for: it takes a tenth of a second, in which no window would answer.
            from cowrite.sync.history_folder import HistoryFolder

            self._folder = HistoryFolder(self._path, milliseconds_now)
        return await work(self._folder)


class LocalHistory(QObject):
    """The history of one document. Its changes count from the beginning, and are kept from `begin` on.

    Args:
        document: the document, as it is in its file.
        document_id: its id.
        start: the updates that it is made of.
        written: when it was written last, in milliseconds since 1970; None where it has just come into being, so that
            all of it is the person's own.
        histories: where they are kept.
        parent: Qt parent.
    """

    def __init__(
        self,
        document: Document,
        document_id: str,
        start: Sequence[bytes],
        written: int | None,
        histories: LocalHistories,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._id = document_id
        self._histories = histories
        self._start: tuple[int | None, Sequence[bytes]] | None = (written, start)
        self._pending: list[list[bytes]] = []  # each run but the first begins by taking much away: see `moments`
        self._is_kept = True
        self._is_closed = False
        self._turn = 0  # how often it was paused or forgotten: what was given before is not to be given again then
        self.is_behind = False
        """Whether what was written could not be added the last time; it is tried again."""
        self._restored: int | None = None
        self._begin_timer = single_shot(self, self._keep, BEGIN_DELAY)
        self._keep_timer = single_shot(self, self._keep, KEEP_DELAY)
        self._ends = (document.observe_updates(self._on_update), document.observe_changes(self._on_change))

    def begin(self) -> None:
        """Keeps the document's changes from now on, soon with what it has been so far."""
        if not self._is_kept:
            self._is_kept = True
            self._start = (milliseconds_now(), (self._document.state(),))
        self._begin_timer.start()

    def add(self, update: bytes) -> None:
        """What was done to the document in its file alone, as it was closed, is the person's, too."""
        if self._is_kept and update != EMPTY_UPDATE:
            self._add(update)

    def pause(self) -> None:
        """Somebody else keeps its history from now on, such as a server, or nobody; what was written before is kept."""
        if self._is_kept:
            self._document.settle()
            if self._pending:
                self._keep()
        self._stop()
        self._turn += 1
        self._is_kept = self.is_behind = False
        self._start, self._pending = None, []

    def close(self) -> None:
        """The document is closed: keeps what is left, and answers nothing any more."""
        for end in self._ends:
            end()
        if self._start is not None and self._start[0] is not None:
            # To look at a long history takes seconds, and somebody waits; the next opening does it.
            self._start = None
        self.pause()
        self._is_closed = True

    def ask_moments(self, then: Callable[[MomentList], None], failed: Failed) -> None:
        """Asks for all moments."""
        self._keep()
        document = self._id
        self._ask(lambda folder: folder.moments(document), then, failed)

    def ask_moment(self, seq: int, then: Callable[[OpenedMoment], None], failed: Failed) -> None:
        """Asks for the document as it was after an entry."""
        document = self._id
        self._ask(lambda folder: folder.moment(document, seq), then, failed)

    def restore(self, seq: int, then: Callable[[], None], failed: Failed) -> None:
        """Makes the document what it was after an entry, by an edit with which undo begins anew."""
        from cowrite.sync.history_questions import HistoryProblem
        from cowrite.sync.questions import Unanswered
        from cowrite_server.wire.history import HistoryReason

        def found(update: bytes) -> None:
            if turn != self._turn:  # it is another history now, or none
                failed(HistoryProblem(HistoryReason.NO_SUCH_MOMENT))
                return
            if self.is_behind:  # nothing would bring back what is there now
                failed(HistoryProblem(Unanswered.UNUSABLE))
                return
            self._keep()
            self._restored = seq
            try:
                if update != EMPTY_UPDATE:
                    self._document.apply_remote(update)
            except CowriteError as error:
                failed(_problem(error))
                return
            finally:
                self._keep()
                self._restored = None
            then()

        self._keep()
        document, turn, state = self._id, self._turn, self._document.state()
        self._ask(lambda folder: folder.restoring(document, seq, state), found, failed)

    def name(self, naming: Naming, then: Callable[[int], None], failed: Failed) -> None:
        """Gives a moment a name, or takes it away; with the number 0 what has been written so far."""
        from cowrite.sync.history_questions import HistoryProblem
        from cowrite.sync.questions import Unanswered
        from cowrite_server.wire.history import HistoryReason

        document, turn = self._id, self._turn

        def found(last: int) -> None:
            if turn != self._turn or not (naming.seq or last):  # it is another history now, or none
                failed(HistoryProblem(HistoryReason.NO_SUCH_MOMENT))
            elif self.is_behind:  # what was written last is not in it
                failed(HistoryProblem(Unanswered.UNUSABLE))
            else:
                seq = naming.seq or last
                self._ask(lambda folder: folder.name(document, naming._replace(seq=seq)), then, failed)

        self._keep()
        self._ask(lambda folder: folder.last(document), found, failed)

    def forget(self, then: Callable[[None], None], failed: Failed) -> None:
        """Removes what was kept so far; it begins anew with the document as it is."""
        self._stop()
        self._turn += 1
        self.is_behind = False
        self._pending = []
        self._start = (milliseconds_now(), (self._document.state(),)) if self._is_kept else None
        document = self._id
        self._ask(lambda folder: folder.forget(document), then, failed)

    def _ask(
        self,
        work: Callable[[HistoryFolder], Coroutine[Any, Any, Result]],
        then: Callable[[Result], None],
        failed: Failed,
    ) -> None:
        def tell(result: Result) -> None:
            if not self._is_closed:
                then(result)

        def tell_problem(error: Exception) -> None:
            problem = _problem(error)
            if not self._is_closed:
                failed(problem)

        self._histories.run(work, tell, tell_problem)

    def _on_update(self, told: tuple[bytes, Origin]) -> None:
        update, origin = told
        if self._is_kept and origin is not Origin.STORAGE:
            self._add(update)
            if not self._keep_timer.isActive():
                self._keep_timer.start()

    def _add(self, update: bytes) -> None:
        if not self._pending:
            self._pending.append([])
        self._pending[-1].append(update)

    def _on_change(self, change: Change) -> None:
        """What has just come takes something away, perhaps much."""
        gone = sum(op.length for op in change.ops if isinstance(op, Delete))
        if gone >= MUCH and self._pending and change.origin is not Origin.STORAGE:
            self._pending.append([self._pending[-1].pop()])

    def _keep(self) -> None:
        """Has what is not in the history yet added, behind what was given before."""
        self._document.settle()
        self._stop()
        is_empty = self._start is None or self._start[0] is None
        if is_empty and not self._pending:
            return
        start, self._start = self._start, None
        pending, self._pending = self._pending, []
        document, restored, turn, seen = self._id, self._restored, self._turn, self._document.state_vector()
        updates, *apart = pending or [[]]
        if restored is not None:  # that stands by itself
            updates, apart = [update for run in pending for update in run], []

        def keep(folder: HistoryFolder) -> Coroutine[Any, Any, None]:
            from cowrite.sync.history_folder import Start

            if start is None:
                return folder.keep(document, None, updates, restored, apart=apart, goes_on=True)
            written, before = start
            if written is None:
                return folder.keep(document, None, [*before, *updates], restored, apart=apart)
            return folder.keep(document, Start(written, before, seen), updates, restored, apart=apart)

        def kept(_none: None) -> None:
            self.is_behind = False

        def failed(error: Exception) -> None:
            _log.warning("the history of a document could not be kept: %s", error)
            if turn != self._turn:
                return
            self.is_behind = True
            if _is_gone(error):
                self._start, self._pending = (milliseconds_now(), (self._document.state(),)), []
                self._keep()
            elif is_damage(error):
                # These would be refused again, and what comes next builds on them: with it comes all that is lacking.
                self._start, self._pending = (milliseconds_now(), (self._document.state(),)), []
            else:
                self._start = self._start or start
                since, *more = self._pending or [[]]
                *before, last = pending or [[]]
                self._pending = [*before, [*last, *since], *more]
                self._keep_timer.start()

        self._histories.run(keep, kept, failed)

    def _stop(self) -> None:
        self._begin_timer.stop()
        self._keep_timer.stop()


def _is_gone(error: Exception) -> bool:
    from cowrite.sync.history_folder import HistoryGone

    return isinstance(error, HistoryGone)


def is_damage(error: Exception) -> bool:
    """Whether it will be no better the next time."""
    from cowrite_server.errors import BrokenUpdate, DamagedRow, RoomUnreadable

    return isinstance(error, BrokenUpdate | DamagedRow | RoomUnreadable)


def _problem(error: Exception) -> HistoryProblem:
    from cowrite.sync.history_questions import HistoryProblem
    from cowrite.sync.questions import Unanswered
    from cowrite_server.errors import BadVersionName, NamedOtherwise, NoSuchMoment, ServerError, TooManyVersions
    from cowrite_server.wire.history import HistoryReason

    if isinstance(error, NamedOtherwise):
        return HistoryProblem(HistoryReason.NAMED_OTHERWISE)
    if isinstance(error, BadVersionName):
        return HistoryProblem(HistoryReason.BAD_NAME)
    if isinstance(error, TooManyVersions):
        return HistoryProblem(HistoryReason.TOO_MANY_NAMES)
    _log.warning("a history could not be read: %s", error)
    if isinstance(error, NoSuchMoment):
        return HistoryProblem(HistoryReason.NO_SUCH_MOMENT)
    if is_damage(error):
        return HistoryProblem(HistoryReason.UNREADABLE)
    if isinstance(error, ServerError | CowriteError):
        return HistoryProblem(Unanswered.UNUSABLE)
    raise error
