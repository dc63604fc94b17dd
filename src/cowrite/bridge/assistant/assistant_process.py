"""AssistantProcess: the assistant's worker as a child process, and the jobs that are carried out with it.

Runs on the GUI thread, and never waits on it for long: a job that takes its time goes on on a thread of its own, what
the worker writes is read in slices, one a turn of the event loop, and every signal comes in a later turn than the call
that it answers.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject, QProcess, Signal

from cowrite.assist.engine.asking import (
    About,
    Answered,
    Calibrating,
    Cancelled,
    Died,
    Event,
    Failed,
    Loaded,
    Loading,
    NotLoaded,
    Phase,
    Source,
    SwitchedOff,
    Wish,
)
from cowrite.assist.engine.engine import Engine
from cowrite.assist.engine.last_words import LastWords
from cowrite.assist.requests import Lane, Model
from cowrite.assist.tasks.carrying import Advanced, Carrier, Making, at_once
from cowrite.assist.tasks.jobs import Job
from cowrite.bridge.assistant.carried_job import CarriedJob
from cowrite.bridge.deliveries import Deliveries
from cowrite.bridge.job_thread import JobThread
from cowrite.bridge.single_shot import single_shot
from cowrite.own_process import own_process

QUICK = 0.02  # seconds that a job may go on before whoever types does not wait for it any longer

SLICE = 64 * 1024  # bytes of the worker's output that are read in one turn of the event loop

FIRST_STATUS = 128  # no signal has so high a number

FAREWELL = 1000  # milliseconds that the worker has to go when the app ends

_log = logging.getLogger(__name__)


def end_of(code: int, *, is_crash: bool) -> str:
    """How a process has ended, in the words of `engine.ILLEGAL_INSTRUCTION`.

    Args:
        code: QProcess's; for a crash the number of a signal, on Windows a status of 32 bits as a signed number.
    """
    if is_crash and 0 < code < FIRST_STATUS:
        return f"signal {code}"
    return f"exit status {code & 0xFFFFFFFF}"


class AssistantProcess(QObject):
    """The one worker of this app. Its process is there from the first job to `close`.

    Args:
        parent: Qt parent.
        command: program and arguments of the worker.
    """

    phase_changed = Signal(object)
    """asking.Phase: what the assistant is doing now."""
    loading = Signal(float)
    """So much of the model is loaded, 0 to 1."""
    loaded = Signal(object)
    """requests.Model."""
    not_loaded = Signal()
    """Its file cannot be loaded."""
    died = Signal(str)
    """The process has ended by itself: a sentence for people."""
    calibrated = Signal(object)
    """requests.Calibration of the chosen model, or None where it came to nothing."""
    switched_off = Signal(str)
    """It is started again only after `switch_on`; why, in a sentence for people."""

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        command: Sequence[str] | None = None,
    ) -> None:
        super().__init__(parent)
        self._command = list(command or own_process("cowrite.worker"))
        self._engine = Engine(clock=time.monotonic)
        self._process: QProcess | None = None
        self._ended = ""
        self._jobs: list[CarriedJob] = []
        self._calibrating: int | None = None
        self._events: deque[Event] = deque()
        self._phase = Phase.ASLEEP
        self._last_words = LastWords()
        self._executor: JobThread | None = None
        self._deliveries = Deliveries(self)
        self._tick_timer = single_shot(self, self._tick)
        self._tell_timer = single_shot(self, self._tell)
        self._read_timer = single_shot(self, self._read)

    @property
    def phase(self) -> Phase:
        """What the assistant is doing."""
        return self._engine.phase

    @property
    def model(self) -> Model | None:
        """The chosen model as it was loaded last; None before the first time."""
        return self._engine.model

    @property
    def process_id(self) -> int | None:
        """The worker's process; None where there is none."""
        return None if self._process is None else self._process.processId() or None

    @property
    def is_busy(self) -> bool:
        """Whether a job is open."""
        return not all(job.is_over for job in self._jobs)

    def use(self, source: Source | None) -> None:
        """Chooses the model; jobs that are open fail."""
        if self._engine.use(source):
            for job in self._jobs:
                job.carrier.change()
        self._pump()

    def carry_out(self, job: Job[Any] | Making[Any], lane: Lane = Lane.PANEL) -> CarriedJob:
        """Begins a job, or what makes one as soon as the model is known; see `Carrier`."""
        advance = self._advance if lane is Lane.PANEL else at_once
        carried = CarriedJob(Carrier(self._engine, job, lane, advance), self._pump)
        self._jobs.append(carried)
        self._pump()
        return carried

    def calibrate(self) -> None:
        """Has measured how the chosen model runs best here, behind all else; `calibrated` tells, if it could."""
        if self._calibrating is None:
            self._calibrating = self._engine.submit(Calibrating())
            self._pump()

    def stop_calibrating(self) -> None:
        """Ends the measuring; `calibrated` tells None. Nothing where nothing is measured."""
        if self._calibrating is not None:
            self._engine.cancel(self._calibrating)
            self._pump()

    def give_way(self) -> None:
        """Somebody types: the worker leaves them a core for a moment. May be called for each key."""
        if self._engine.give_way():
            self._pump()

    def stop_all(self) -> None:
        """Ends every job."""
        for job in self._jobs:
            job.carrier.stop()
        self._pump()

    def switch_on(self) -> None:
        """Tries again after `switched_off`."""
        self._engine.switch_on()
        self._pump()

    def close(self) -> None:
        """Ends every job and the process; a later job starts another one."""
        self.stop_all()
        self._engine.close()
        self._pump()

    def end(self) -> None:
        """Does the same while the app ends, and waits for the process: at most FAREWELL, then it is killed. A job that
        reads is waited for by nobody."""
        self.close()
        thread, self._executor = self._executor, None
        if thread is not None:
            thread.shutdown()
        if self._process is not None and not self._process.waitForFinished(FAREWELL):
            self._process.kill()
            self._process.waitForFinished()  # a system that is busy takes its time to give back gigabytes

    # Inside

    def _advance(self, work: Callable[[], Advanced], then: Callable[[Advanced], None]) -> None:
        """Has a job go on, on a thread of its own: between two questions to the model a job reads the text, and with a
        long one that takes seconds. Mostly it takes no time, and then nobody sees that it does anything."""

        def later(advanced: Advanced) -> None:
            try:
                then(advanced)
            finally:
                self._pump()

        if self._executor is None:
            self._executor = JobThread()
        begun = self._executor.submit(work)
        try:
            advanced = begun.result(QUICK)
        except TimeoutError:
            self._deliveries.run(self._executor, begun.result, later)  # its turn comes when that is done
        else:
            then(advanced)

    def _pump(self) -> None:
        """Has done what the engine wants."""
        for wish in self._engine.take_wishes():
            self._carry_out_wish(wish)
        if self._process is not None:
            for line in self._engine.data_to_send():
                self._process.write(line)
        self._events += self._engine.take_events()
        if not self._tell_timer.isActive():
            self._tell_timer.start(0)
        due = self._engine.next_tick()
        if due is None:
            self._tick_timer.stop()
        else:
            self._tick_timer.start(max(0, int((due - time.monotonic()) * 1000) + 1))

    def _carry_out_wish(self, wish: Wish) -> None:
        if wish is Wish.START:
            self._start()
        elif self._process is not None and wish is Wish.KILL:
            self._process.kill()
        elif self._process is not None:
            self._process.closeWriteChannel()

    def _start(self) -> None:
        process = self._process = QProcess(self)
        self._ended = ""
        self._last_words.take()
        process.readyReadStandardOutput.connect(self._read)
        process.readyReadStandardError.connect(self._read_words)
        process.finished.connect(self._on_finished)
        process.errorOccurred.connect(self._on_error)
        process.start(self._command[0], self._command[1:])

    def _read(self) -> None:
        process = self._process
        if process is None:
            return
        process.setReadChannel(QProcess.ProcessChannel.StandardOutput)
        data = bytes(process.read(SLICE).data())
        if data:
            self._engine.receive(data)
        if process.bytesAvailable():
            self._read_timer.start(0)
        elif self._ended:
            how, self._ended, self._process = self._ended, "", None
            process.deleteLater()
            self._engine.exited(how)
        self._pump()

    def _read_words(self) -> None:
        if self._process is not None:
            self._last_words.feed(bytes(self._process.readAllStandardError().data()))

    def _on_finished(self, code: int, status: QProcess.ExitStatus) -> None:
        self._read_words()
        self._ended = end_of(code, is_crash=status is QProcess.ExitStatus.CrashExit)
        self._read()

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart and self._process is not None:
            _log.warning("the assistant's process cannot be started: %s", self._process.errorString())
            self._process.deleteLater()
            self._process = None
            self._engine.not_started()
            self._pump()

    def _tick(self) -> None:
        self._engine.tick()
        self._pump()

    def _tell(self) -> None:
        """Tells what has happened; whoever hears it may ask more."""
        while self._events:
            event = self._events.popleft()
            if isinstance(event, About):
                self._tell_job(event)
            else:
                self._tell_all(event)
        for job in tuple(self._jobs):
            self._tell_news(job)
        if self.phase is not self._phase:
            self._phase = self.phase
            self.phase_changed.emit(self._phase)

    def _tell_job(self, event: About) -> None:
        if event.number == self._calibrating:
            if isinstance(event, Answered | Failed | Cancelled):
                self._calibrating = None
                self.calibrated.emit(event.reply if isinstance(event, Answered) else None)
            return
        for job in tuple(self._jobs):
            if job.carrier.concerns(event):
                try:
                    job.carrier.take(event)
                finally:
                    self._pump()
                self._tell_news(job)
                return

    def _tell_news(self, job: CarriedJob) -> None:
        is_last = job.is_over and job in self._jobs
        if is_last:
            self._jobs.remove(job)
        for news in job.carrier.take_news():
            job.tell(news)
        if is_last:  # what listens to it may name it: then it would be kept for ever, with all that it was made of
            job.deleteLater()

    def _tell_all(self, event: Event) -> None:
        match event:
            case Loading(fraction):
                self.loading.emit(fraction)
            case Loaded(model):
                self.loaded.emit(model)
            case NotLoaded():
                self.not_loaded.emit()
            case Died(how, sentence):
                self._log_death(how)
                self.died.emit(sentence)
            case SwitchedOff(how, sentence):
                self._log_death(how)
                self.switched_off.emit(sentence)
            case _:
                pass

    def _log_death(self, how: str) -> None:
        _log.warning("the assistant's process ended: %s; its last words: %s", how, self._last_words.take())
