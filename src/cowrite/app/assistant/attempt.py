"""Attempt: the model at one work, from when it is asked until it has done it, cannot, or is stopped.

Runs on the GUI thread. It brings the work up to what the model writes, and tells that there is something to show.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from cowrite.app.assistant.work import Work
    from cowrite.assist.prompts.style_card import StyleCard
    from cowrite.assist.requests import Completion, Model, Token
    from cowrite.assist.tasks.jobs import Job, Progress
    from cowrite.bridge.assistant.assistant_process import AssistantProcess

SLOW = 1.0  # seconds for which the model reads before it is told how far it is


class Attempt(QObject):
    """One attempt at a work. `done`, `failed` or `stopped` comes last, and exactly once.

    Args:
        work: what was asked.
        card: how the person writes.
        process: has the model.
        clock: seconds.
        parent: Qt parent.
    """

    wrote = Signal()
    """The work has another outcome."""
    went_on = Signal()
    """The work or the model has begun, or is at another part of it, or has read on in a long one."""
    paced = Signal(float)
    """Tokens in a second of the text that is being written."""
    done = Signal(object, object)
    """The job's result and the Model that gave it, with which the work is finished; another one may be chosen since."""
    failed = Signal(object)
    """A CowriteError."""
    stopped = Signal()

    def __init__(
        self, work: Work, card: StyleCard, process: AssistantProcess, clock: Callable[[], float], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._work = work
        self._clock = clock
        self._has_begun = False
        self._first_at: float | None = None  # seconds of the clock at which the text that is being written began
        self._tokens = 0  # of that text
        self._reading: tuple[int, int] | None = None
        self._reading_since = 0.0  # seconds of the clock
        self._card = card
        self._model: Model | None = None
        job = self._job = process.carry_out(self._make)
        job.begun.connect(self.went_on)
        job.progressed.connect(self._on_progress)
        job.reading.connect(self._on_reading)
        job.wrote.connect(self._on_token)
        job.voided.connect(self._on_voided)
        job.step_done.connect(self._on_step_done)
        job.done.connect(self._on_done)
        job.failed.connect(self.failed)
        job.stopped.connect(self.stopped)

    @property
    def has_begun(self) -> bool:
        """Whether it is at work or was: the model is not only at something else, or still being loaded."""
        return self._has_begun or self._job.is_at_work

    @property
    def pace(self) -> float | None:
        """Tokens in a second while the work's texts were being written; None for none."""
        return self._job.pace

    @property
    def reading(self) -> tuple[int, int] | None:
        """How many tokens the model has read, of how many, while it reads for long; None while it does not."""
        return self._reading

    def stop(self) -> None:
        """Ends it; nothing but `stopped` is told any more."""
        self._job.stop()

    def abandon(self) -> None:
        """Ends it, and tells nobody."""
        self._job.stopped.disconnect()
        self._job.stop()

    # Inside

    def _make(self, model: Model) -> Job[Any]:
        self._model, self._reading_since = model, self._clock()
        return self._work.job(model, self._card)

    def _on_done(self, result: object) -> None:
        self.done.emit(result, self._model)

    def _begin(self) -> None:
        if not self._has_begun:
            self._has_begun = True
            self.went_on.emit()

    def _on_reading(self, done: int, total: int) -> None:
        self._begin()
        if done >= total:
            self._rest()
        elif self._clock() - self._reading_since >= SLOW:
            self._reading = done, total
            self.went_on.emit()

    def _rest(self) -> None:
        """The model does not read, or something else now."""
        self._reading_since = self._clock()
        if self._reading is not None:
            self._reading = None
            self.went_on.emit()

    def _on_voided(self) -> None:
        self._rest()
        self._work.void()

    def _on_progress(self, progress: Progress) -> None:
        self._rest()
        self._work.progress(progress)
        self.wrote.emit()
        self.went_on.emit()

    def _on_token(self, token: Token) -> None:
        self._begin()
        now = self._clock()
        self._first_at = self._first_at if self._first_at is not None else now
        self._tokens += 1
        self._work.write(token.text)
        if now > self._first_at:
            self.paced.emit((self._tokens - 1) / (now - self._first_at))
        self.wrote.emit()

    def _on_step_done(self, _completion: Completion) -> None:
        self._first_at, self._tokens = None, 0  # before another text the model reads, which is no time of writing
