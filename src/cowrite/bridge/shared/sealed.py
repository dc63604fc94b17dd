"""SharedSealed: asks a document's server about what lies sealed there.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from PySide6.QtCore import QObject, Signal

from cowrite.bridge.shared.questions import SharedQuestions, asking
from cowrite.sync.sealed_questions import SealedQuestions


class Reach(StrEnum):
    """Whether there is a box at the server."""

    AWAY = "away"
    """There is no connection, or this document and the room's are not known to be one."""
    HERE = "here"
    NONE = "none"
    """The server keeps none."""


class SharedSealed(SharedQuestions[SealedQuestions]):
    """What lies sealed of one shared document.

    Args:
        questions: what is asked, without I/O.
        send: has what is to be sent sent, and `tell` called, soon.
        parent: Qt parent.
    """

    changed = Signal()
    """`reach` is another one now."""
    allowed = Signal()
    """This person may do something else there now: what was refused may be taken."""
    counted = Signal(object)
    """How much lies in boxes that changed: Count by box."""
    changed_elsewhere = Signal()
    """This person has sealed something else on another computer."""

    def __init__(self, questions: SealedQuestions, send: Callable[[], None], parent: QObject | None = None) -> None:
        super().__init__(questions, send, parent)
        self._is_synced = False
        questions.when_counted(self.counted.emit)
        questions.when_changed(self.changed_elsewhere.emit)

    @property
    def reach(self) -> Reach:
        """Whether there is a box at the server at the moment."""
        if not self._is_synced:
            return Reach.AWAY
        return Reach.HERE if self._questions.problem is None else Reach.NONE  # a stock server does not even greet

    def show_synced(self, is_synced: bool) -> None:
        """This document and the room's are one now, or nobody knows any more."""
        if is_synced is not self._is_synced:
            self._is_synced = is_synced
            self.changed.emit()

    def show_role(self) -> None:
        """The server lets this person do something else."""
        if self._is_synced:
            self.allowed.emit()

    def end(self) -> None:
        """The document is not shared any more: answers what is open."""
        self.show_synced(False)
        super().end()

    list = asking(SealedQuestions.list)
    seal = asking(SealedQuestions.seal)
    take_back = asking(SealedQuestions.take_back)
    open_box = asking(SealedQuestions.open_box)
