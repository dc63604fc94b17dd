"""CarriedJob: one job of the assistant, whose news are signals.

Lives on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from cowrite.assist.requests import Token
from cowrite.assist.tasks.carrying import Begun, Carrier, Done, News, NotDone, ReadingOn, StepDone, Stopped, Void
from cowrite.assist.tasks.jobs import Progress


class CarriedJob(QObject):
    """A job while it is carried out. `done`, `failed` or `stopped` comes last, and exactly once."""

    begun = Signal()
    """The model is there, and the job begins."""
    progressed = Signal(object)
    """jobs.Progress."""
    reading = Signal(int, int)
    """So many tokens of the present step's prompt are read, of how many."""
    wrote = Signal(object)
    """requests.Token of a generation that a person watches."""
    voided = Signal()
    """What the present step wrote does not count; it begins again."""
    step_done = Signal(object)
    """requests.Completion of a generation that a person watches."""
    done = Signal(object)
    """The job's result."""
    failed = Signal(object)
    """A CowriteError."""
    stopped = Signal()

    def __init__(self, carrier: Carrier[Any], woken: Callable[[], None]) -> None:
        super().__init__()
        self.carrier = carrier
        self._woken = woken

    @property
    def is_over(self) -> bool:
        """Whether there is an outcome, told or about to be."""
        return self.carrier.is_over

    @property
    def is_at_work(self) -> bool:
        """Whether the model is at it, or it reads by itself, and does not wait for what the model has to do besides."""
        return self.carrier.is_at_work

    @property
    def pace(self) -> float | None:
        """Tokens in a second while its texts were being written; None for none."""
        return self.carrier.pace

    def stop(self) -> None:
        """Ends the job; nothing but `stopped` is told any more."""
        self.carrier.stop()
        self._woken()

    def tell(self, news: News) -> None:
        """Emits the signal that tells a piece of news."""
        match news:
            case Begun():
                self.begun.emit()
            case Progress():
                self.progressed.emit(news)
            case ReadingOn(done, total):
                self.reading.emit(done, total)
            case Token():
                self.wrote.emit(news)
            case Void():
                self.voided.emit()
            case StepDone(completion):
                self.step_done.emit(completion)
            case Done(result):
                self.done.emit(result)
            case NotDone(problem):
                self.failed.emit(problem)
            case Stopped():
                self.stopped.emit()
