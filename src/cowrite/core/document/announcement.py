"""Announcement: a change of the body that the person sees already, and that is not made yet.

Runs on the document's thread. So a letter is on the screen before its edit has begun. Nobody finds the document without
it: whatever reads or changes the body has it written first.
"""

from __future__ import annotations

from collections.abc import Callable

from cowrite.core.document.body_steps import BodySteps
from cowrite.core.entries.observers import Observers


class Announcement:
    """What is announced of one document, if anything is.

    Args:
        steps: those of the body, to which a change counts as made when it was announced.
    """

    def __init__(self, steps: BodySteps) -> None:
        self._steps = steps
        self._write: Callable[[], None] | None = None
        self._made = 0
        self._observers: Observers[None] = Observers()

    def make(self, write: Callable[[], None]) -> None:
        """Announces a change; see `Document.announce`."""
        if self._write is not None:
            self.settle()
        self._write, self._made = write, self._steps.now()
        self._observers.tell(None)

    @property
    def age(self) -> int:
        """Milliseconds since a change was announced that is not made yet; 0 where there is none."""
        return 0 if self._write is None else self._steps.now() - self._made

    def settle(self) -> None:
        """Makes the change, if there is one."""
        if self._write is None:
            return
        write, self._write = self._write, None
        self._steps.made = self._made
        try:
            write()
        finally:
            self._steps.made = None

    def observe(self, callback: Callable[[None], None]) -> Callable[[], None]:
        """Calls back when a change is announced; returns the function that ends it."""
        return self._observers.add(callback)
