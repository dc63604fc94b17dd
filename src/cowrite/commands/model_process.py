"""ModelProcess: a model for a command, without Qt: the worker as a child process that is waited for.

Runs on the thread of the command. Two helper threads carry bytes and end with the process.
"""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from typing import IO, Any, Self

from cowrite.assist.engine.asking import Answered, Calibrating, Cancelled, Event, Failed, Loading, Source, Wish
from cowrite.assist.engine.engine import Engine
from cowrite.assist.engine.problems import AssistantProblem, Reason
from cowrite.assist.requests import Calibration, Model, Token
from cowrite.assist.tasks.carrying import Carrier, Done, Making, NotDone, ReadingOn
from cowrite.assist.tasks.jobs import Job, Progress, Result
from cowrite.commands.terminal import JobLine
from cowrite.own_process import own_process

SLICE = 64 * 1024  # bytes

FAREWELL = 2.0  # seconds that the worker has to go


class ModelProcess:
    """One model, for one command: `with ModelProcess(source) as model: model.carry_out(job)`.

    The process is there from the first job to the end of the `with`.

    Args:
        source: the model.
        command: program and arguments of the worker.
        on_loading: is told how much of the model is loaded, 0 to 1.
    """

    def __init__(
        self,
        source: Source,
        *,
        command: Sequence[str] | None = None,
        on_loading: Callable[[float], None] = lambda _fraction: None,
    ) -> None:
        self._command = list(command or own_process("cowrite.worker"))
        self._on_loading = on_loading
        self._engine = Engine(clock=time.monotonic, idle=None)
        self._engine.use(source)
        self._process: _Process | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._engine.close()
        self._obey()
        if self._process is not None:
            self._process.end()

    @property
    def process_id(self) -> int | None:
        """The worker's process; None where there is none."""
        return None if self._process is None else self._process.id

    def prepare(self) -> Model:
        """Loads the model, unless it is loaded.

        Raises:
            AssistantProblem: it cannot be loaded.
        """
        return self.carry_out(_prepared)

    def carry_out(
        self,
        job: Job[Result] | Making[Result],
        *,
        on_token: Callable[[Token], None] = lambda _token: None,
        on_progress: Callable[[Progress], None] = lambda _progress: None,
        on_reading: Callable[[ReadingOn], None] = lambda _reading: None,
    ) -> Result:
        """Carries a job out, or what makes one as soon as the model is known, and waits for its result.

        Args:
            job: see `Carrier`.
            on_token: is told what is written for a person to watch.
            on_progress: is told how far the job is.
            on_reading: is told how far the model is with reading.

        Raises:
            CowriteError: there is no result, and why. Whatever else ends the wait, as Ctrl+C, ends the job.
        """
        carrier: Carrier[Result] = Carrier(self._engine, job)
        try:
            while True:
                for news in carrier.take_news():
                    match news:
                        case Token():
                            on_token(news)
                        case Progress():
                            on_progress(news)
                        case ReadingOn():
                            on_reading(news)
                        case Done(result):
                            return result  # type: ignore[no-any-return]  # what the job returned
                        case NotDone(problem):
                            raise problem
                        case _:
                            pass
                if carrier.is_over:
                    raise AssistantProblem(Reason.REFUSED)
                for event in self._turn():
                    if carrier.concerns(event):
                        carrier.take(event)
        finally:
            carrier.stop()

    def calibrate(self) -> Calibration:
        """Has measured how the model runs best on this computer; it runs so from then on.

        Raises:
            AssistantProblem: it could not be loaded or measured. Whatever else ends the wait ends the measuring.
        """
        number = self._engine.submit(Calibrating())
        try:
            while True:
                for event in self._turn():
                    match event:
                        case Answered(about, Calibration() as best) if about == number:
                            return best
                        case Failed(about, problem) if about == number:
                            raise problem
                        case Cancelled(about) if about == number:
                            raise AssistantProblem(Reason.REFUSED)
                        case _:
                            pass
        finally:
            self._engine.cancel(number)

    def _turn(self) -> list[Event]:
        """Waits for what comes next; gives what has happened."""
        self._obey()
        events = self._engine.take_events()
        if not events and self._process is not None:
            due = self._engine.next_tick()
            data = self._process.read(None if due is None else max(0.0, due - time.monotonic()))
            if data is None:
                self._engine.tick()
            elif data:
                self._engine.receive(data)
            else:
                how, self._process = self._process.wait(), None
                self._engine.exited(how)
            events = self._engine.take_events()
        for event in events:
            if isinstance(event, Loading):
                self._on_loading(event.fraction)
        return events

    def _obey(self) -> None:
        for wish in self._engine.take_wishes():
            if wish is Wish.START:
                self._start()
            elif self._process is not None and wish is Wish.KILL:
                self._process.kill()
            elif self._process is not None:
                self._process.write(b"")
        for line in self._engine.data_to_send():
            if self._process is not None:
                self._process.write(line)

    def _start(self) -> None:
        try:
            self._process = _Process(self._command)
        except OSError:
            self._engine.not_started()


@contextmanager
def model_at_work(source: Source) -> Iterator[tuple[ModelProcess, JobLine]]:
    """A model for one command, and the line on the terminal that says how far it is, which is gone in the end."""
    line = JobLine(sys.stderr)
    with ModelProcess(source, on_loading=line.loading) as process:
        try:
            yield process, line
        finally:
            line.clear()


class _Process:
    """The child process and the threads at its pipes."""

    def __init__(self, command: list[str]) -> None:
        """Starts it.

        Raises:
            OSError: it cannot be started.
        """
        # In a group of its own: Ctrl+C is for the command, which tells the worker in its own way.
        apart: dict[str, Any] = (
            {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)}
            if sys.platform == "win32"
            else {"process_group": 0}
        )
        pipe = subprocess.PIPE
        # What it writes to its stderr may hold words of a document.
        nowhere = subprocess.DEVNULL
        self._process = subprocess.Popen(command, bufsize=0, stdin=pipe, stdout=pipe, stderr=nowhere, **apart)
        self._read: SimpleQueue[bytes] = SimpleQueue()
        self._written: SimpleQueue[bytes] = SimpleQueue()
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._threads = (
            threading.Thread(target=_carry, args=(self._process.stdout, self._read.put), name="model-stdout"),
            threading.Thread(target=_write, args=(self._process.stdin, self._written), name="model-stdin"),
        )
        for thread in self._threads:
            thread.daemon = True
            thread.start()

    @property
    def id(self) -> int:
        """Its number in the system."""
        return self._process.pid

    def write(self, data: bytes) -> None:
        """Sends bytes; none closes its stdin."""
        self._written.put(data)

    def read(self, seconds: float | None) -> bytes | None:
        """The next bytes; none at the end of its stdout, None where nothing has come in time."""
        try:
            return self._read.get(timeout=seconds)
        except Empty:
            return None

    def kill(self) -> None:
        """Ends it at once."""
        self._process.kill()

    def wait(self) -> str:
        """Waits for the end of a process whose stdout has ended; gives how it ended."""
        self.end()
        code = self._process.returncode
        return f"signal {-code}" if code < 0 else f"exit status {code}"

    def end(self) -> None:
        """Has it go: at once where it does not go by itself."""
        self.write(b"")
        try:
            self._process.wait(FAREWELL)
        except subprocess.TimeoutExpired:
            self.kill()
            self._process.wait()
        for thread in self._threads:
            thread.join()


def _prepared(model: Model) -> Job[Model]:
    yield from ()
    return model


def _carry(pipe: IO[bytes], put: Callable[[bytes], None]) -> None:
    with pipe:
        while data := pipe.read(SLICE):
            put(data)
        put(b"")


def _write(pipe: IO[bytes], lines: SimpleQueue[bytes]) -> None:
    try:
        with pipe:
            while line := lines.get():
                rest = memoryview(line)
                while rest:
                    rest = rest[pipe.write(rest) :]
    except OSError:
        pass  # it has gone; its stdout tells so
