"""Carrying a job out: its steps go to the engine, the engine's answers back to it.

Sans-I/O, as the engine. What comes of it, whoever carries it out hands on: progress, the text as it is written, and
at last one outcome.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, Generic, TypeGuard

from cowrite.assist.engine.asking import About, Answered, Cancelled, Event, Failed, Preparing, Reading, Restarted, Wrote
from cowrite.assist.engine.engine import Engine
from cowrite.assist.engine.problems import AssistantProblem, Reason
from cowrite.assist.requests import Completion, Encoding, Generation, Lane, Model, Scores, Scoring, Token, Vectors
from cowrite.assist.tasks.jobs import Answer, Job, Progress, Result
from cowrite.errors import CowriteError

Making = Callable[[Model], Job[Result]]
"""Makes a job for the model that is loaded: which prompts it has depends on what the model is."""


@dataclass(frozen=True, slots=True)
class Begun:
    """The model is there, and the job that was to be made for it begins; it may go on by itself for long."""


@dataclass(frozen=True, slots=True)
class ReadingOn:
    """The model reads: `done` of `total` tokens of the present step's prompt."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Void:
    """What the present step has written so far does not count; it begins again."""


@dataclass(frozen=True, slots=True)
class StepDone:
    """A generation of the job is complete; what is written next belongs to the next one."""

    completion: Completion


@dataclass(frozen=True, slots=True)
class Done(Generic[Result]):
    """The outcome: the job has its result."""

    result: Result


@dataclass(frozen=True, slots=True)
class NotDone:
    """The outcome: there will be no result, and why."""

    problem: CowriteError


@dataclass(frozen=True, slots=True)
class Stopped:
    """The outcome: somebody ended the job."""


News = Begun | Progress | ReadingOn | Token | Void | StepDone | Done[Any] | NotDone | Stopped
"""What is told of a job, in order; Done, NotDone or Stopped comes last and exactly once.

Tokens are told of generations that a person watches (`Generation.is_shown`).
"""


@dataclass(frozen=True, slots=True)
class Advanced:
    """How far a job has come by itself: what it told, and what it asks next, or how it ended.

    Attributes:
        told: its progress.
        step: what it asks the model; None where it has ended.
        result: what it has, where it has ended.
        error: why it has ended without a result.
    """

    told: tuple[Progress, ...]
    step: Generation | Scoring | Encoding | None = None
    result: Any = None
    error: BaseException | None = None


Advancing = Callable[[Callable[[], Advanced], Callable[[Advanced], None]], None]
"""Has a job go on, wherever it may take its time, and hands what came of it to the second; at once, or later."""


def at_once(work: Callable[[], Advanced], then: Callable[[Advanced], None]) -> None:
    """Has a job go on here and now."""
    then(work())


class Carrier(Generic[Result]):
    """Carries one job out.

    Args:
        engine: is asked.
        job: the job, or what makes it as soon as the model is known.
        lane: for whom the model is loaded, where the job is still to be made.
        advance: has the job go on.
    """

    def __init__(
        self,
        engine: Engine,
        job: Job[Result] | Making[Result],
        lane: Lane = Lane.PANEL,
        advance: Advancing = at_once,
    ) -> None:
        self._engine = engine
        self._advance = advance
        self._is_advancing = False
        self._is_shown = False
        self._is_over = False
        self._news: list[News] = []
        self._job: Job[Result] | None = None
        self._making: Making[Result] | None = None
        self._number = 0
        self._written = 0
        self._writing = 0.0  # seconds
        if isinstance(job, Generator):
            self._job = job
            self._go_on(None)
        else:
            self._making = job
            self._number = engine.submit(Preparing(lane))

    @property
    def is_over(self) -> bool:
        """Whether there is an outcome."""
        return self._is_over

    @property
    def is_at_work(self) -> bool:
        """Whether the job does not wait behind something else: the worker has what it asks, or it goes on by itself."""
        return self._is_advancing or self._engine.is_at(self._number)

    @property
    def pace(self) -> float | None:
        """Tokens in a second while the job's texts were being written, without what was read; None for none."""
        return self._written / self._writing if self._writing > 0 else None

    def concerns(self, event: Event) -> TypeGuard[About]:
        """Whether an event is about the request that this job waits for."""
        return isinstance(event, About) and event.number == self._number and not self._is_over

    def take(self, event: About) -> None:
        """Takes an event that concerns this job."""
        match event:
            case Reading(_, done, total):
                self._news.append(ReadingOn(done, total))
            case Wrote(_, token):
                if self._is_shown:
                    self._news.append(token)
            case Restarted():
                self._news.append(Void())
            case Failed(_, problem):
                self._go_on(problem)
            case Cancelled():
                self._end(Stopped())
            case Answered(_, Model() as model):
                self._begin(model)
            case Answered(_, (Completion() | Scores() | Vectors()) as answer):
                if isinstance(answer, Completion):
                    self._count(answer)
                    if self._is_shown:
                        self._news.append(StepDone(answer))
                self._go_on(answer)
            case _:
                raise TypeError(f"no job asks for {event}")

    def stop(self) -> None:
        """Ends the job; what the worker has is cancelled."""
        if not self._is_over:
            self._engine.cancel(self._number)
            self._end(Stopped())

    def change(self) -> None:
        """Another model was chosen: a job that has asked for nothing at the moment fails too, as it was begun for the
        one before."""
        if self._is_advancing and not self._is_over:
            self._end(NotDone(AssistantProblem(Reason.CHANGED)))

    def take_news(self) -> list[News]:
        """What is to be told, and nobody has taken yet."""
        news, self._news = self._news, []
        return news

    def _count(self, completion: Completion) -> None:
        usage = completion.usage
        if usage.generated > 1 and usage.seconds_to_first_token is not None:
            self._written += usage.generated - 1  # the first comes with the reading
            self._writing += usage.seconds - usage.seconds_to_first_token

    def _begin(self, model: Model) -> None:
        assert self._making is not None
        try:
            self._job = self._making(model)
        except CowriteError as error:
            self._end(NotDone(error))
        else:
            self._news.append(Begun())
            self._go_on(None)

    def _go_on(self, answer: Answer | AssistantProblem) -> None:
        """Lets the job work until it asks the model again, or ends."""
        job, self._is_shown = self._job, False
        if job is not None:
            self._is_advancing = True
            self._advance(lambda: _advanced(job, answer, lambda: self._is_over), self._take_advanced)
        else:
            assert isinstance(answer, AssistantProblem)
            self._end(NotDone(answer))

    def _take_advanced(self, advanced: Advanced) -> None:
        self._is_advancing = False
        if self._is_over:  # somebody has stopped it meanwhile
            self._close()
            return
        self._news += advanced.told
        error = advanced.error
        if advanced.step is not None:
            self._ask(advanced.step)
        elif error is None:
            self._end(Done(advanced.result))
        elif isinstance(error, CowriteError):
            self._end(NotDone(error))
        else:
            self._end(NotDone(AssistantProblem(Reason.BROKEN)))
            raise error

    def _ask(self, step: Generation | Scoring | Encoding) -> None:
        self._is_shown = isinstance(step, Generation) and step.is_shown
        self._number = self._engine.submit(step)

    def _end(self, outcome: Done[Result] | NotDone | Stopped) -> None:
        self._is_over = True
        self._news.append(outcome)
        self._close()

    def _close(self) -> None:
        if self._job is not None and not self._is_advancing:  # else as soon as it comes back
            self._job.close()


def _advanced(job: Job[Any], answer: Answer | AssistantProblem, is_over: Callable[[], bool]) -> Advanced:
    """Gives a job its answer, and lets it go on until it asks again, or ends, or nobody wants it any more."""
    told: list[Progress] = []
    try:
        step = job.throw(answer) if isinstance(answer, AssistantProblem) else job.send(answer)
        while isinstance(step, Progress):
            told.append(step)
            if is_over():
                return Advanced(tuple(told))
            step = job.send(None)
    except StopIteration as end:
        return Advanced(tuple(told), result=end.value)
    except BaseException as error:  # noqa: BLE001, it is raised where it is told
        return Advanced(tuple(told), error=error)
    return Advanced(tuple(told), step)
