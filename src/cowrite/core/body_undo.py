"""BodyUndo: takes back what this person has done to the body, step by step, and brings it back.

Runs on the document's thread. Edits that follow each other without a pause are one step.
"""

from __future__ import annotations

from collections.abc import Callable

from pycrdt import Text, UndoManager

from cowrite.core.observers import weakly
from cowrite.core.origin import Origin

PAUSE = 600
"""Milliseconds of quiet after which a new step begins."""


class BodyUndo:
    """The steps of one document's body.

    Args:
        text: the shared text.
        clock: milliseconds.

    Attributes:
        made: when the change that is being made was made, see `now`; None where that is now.
    """

    def __init__(self, text: Text, clock: Callable[[], int]) -> None:
        self._clock = clock
        self._epoch = 0
        self.made: int | None = None
        self._manager = UndoManager(scopes=[text], capture_timeout_millis=PAUSE, timestamp=weakly(self.now, 0))
        self._manager.include_origin(Origin.LOCAL)
        self._manager.include_origin(Origin.ASSIST)

    def now(self) -> int:
        """When the change that is being made was made, in milliseconds; see PAUSE."""
        return self._clock() + self._epoch if self.made is None else self.made

    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._manager.can_undo())

    def can_redo(self) -> bool:
        """Whether there is one to bring back."""
        return bool(self._manager.can_redo())

    def undo(self) -> None:
        """Takes the newest step back."""
        self._manager.undo()

    def redo(self) -> None:
        """Brings back the step that was taken back last."""
        self._manager.redo()

    def begin_step(self) -> None:
        """Makes the next edit start a new step, however soon it comes."""
        self._epoch += 2 * PAUSE

    def forget(self) -> None:
        """Empties both."""
        self._manager.clear()
