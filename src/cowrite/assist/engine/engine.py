"""The engine: this app's side of the worker that holds the model.

Sans-I/O: takes requests, the worker's bytes and the time; gives bytes, wishes and events. One request at a time is
with the worker, the most urgent one first; the others wait here. Whoever has the process calls, after each call of a
method that can change something, `take_wishes`, `data_to_send`, `take_events` and `next_tick`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cowrite.assist.engine.asking import (
    Answered,
    Cancelled,
    Died,
    Event,
    Failed,
    Loaded,
    Loading,
    NotLoaded,
    Phase,
    Preparing,
    Reading,
    Reply,
    Request,
    Restarted,
    Source,
    SwitchedOff,
    Unloaded,
    Wish,
    Wrote,
)
from cowrite.assist.engine.contact import HELLO_WITHIN, PONG_WITHIN, Contact, Load, Unload, Why, Work, Worker
from cowrite.assist.engine.deaths import Deaths
from cowrite.assist.engine.held_models import HeldModels
from cowrite.assist.engine.lines import asking_line, loading_line, named, reply_of
from cowrite.assist.engine.problems import AssistantProblem, Reason
from cowrite.assist.engine.queue import Asked, Queue
from cowrite.assist.engine.wire import VERSION, FailureCode, MalformedLine, model_of
from cowrite.assist.requests import Completion, Encoding, Ending, Lane, Model, Token

IDLE = 600.0
"""Seconds without a request after which the model gives its memory back."""

_DIED = "The assistant’s process ended unexpectedly; your text is untouched, and the next request starts it again."
_DIED_ONCE = "The assistant’s process ended unexpectedly; your text is untouched, and it is being started again."


class Engine:
    """Asks one worker.

    Args:
        clock: seconds, monotonic.
        idle: seconds without a request after which the model is unloaded; None for never.
    """

    def __init__(self, *, clock: Callable[[], float], idle: float | None = IDLE) -> None:
        self._clock = clock
        self._idle = idle
        self._models = HeldModels()
        self._contact = Contact(clock)
        self._queue = Queue()
        self._deaths = Deaths()
        self._off: AssistantProblem | None = None  # why no process is started until a person says so
        self._number = 0
        self._events: list[Event] = []

    # What is asked

    @property
    def model(self) -> Model | None:
        """The chosen model as it was loaded last, also while it is unloaded; None before the first time."""
        return self._models.model

    @property
    def phase(self) -> Phase:
        """What the assistant is doing."""
        if self._off is not None:
            return Phase.OFF
        if self._contact.worker is Worker.STARTING:
            return Phase.STARTING
        work = self._contact.work
        if work is None:
            return Phase.ASLEEP if self._models.writer is None else Phase.READY
        if work.cancelled is not None or isinstance(work.what, Unload):
            return Phase.STOPPING
        if isinstance(work.what, Load):
            return Phase.LOADING
        return Phase.WRITING if work.what.is_shown else Phase.READING

    def use(self, source: Source | None) -> bool:
        """Chooses the model by which requests are answered from now on; those that are open fail.

        Returns:
            Whether it is another one.
        """
        if source == self._models.chosen:
            return False
        self._models.chosen = source
        self._fail_all(AssistantProblem(Reason.CHANGED))
        self._stop_load()
        self._advance()
        return True

    def submit(self, request: Request) -> int:
        """Asks something. A request of the GHOST lane takes the place of the one before it.

        Returns:
            The request's number; it ends with exactly one of Answered, Failed and Cancelled.
        """
        self._number += 1
        number, lane = self._number, request.lane
        if lane is Lane.GHOST:
            self.cancel_lane(lane)
        if self._off is not None:
            self._events.append(Failed(number, self._off))
        elif isinstance(request, Preparing) and (ready := self._models.ready) is not None:
            self._events.append(Answered(number, ready))
        else:
            self._queue.add(Asked(number, request))
            running = self._running
            if running is not None and running.lane is Lane.BACKGROUND is not lane:
                self._contact.cancel(Why.GIVES_WAY)
            self._advance()
        return number

    def is_at(self, number: int) -> bool:
        """Whether the worker has a request, which does not wait any more."""
        return self._running is not None and self._running.number == number

    def cancel(self, number: int) -> None:
        """Ends a request: at once where it waits, within CANCEL_WITHIN where the worker has it."""
        if self.is_at(number):
            self._contact.cancel(Why.WANTED)
            return
        asked = self._queue.remove(number)
        if asked is not None:
            self._events.append(Cancelled(number))
            # While somebody types, one suggestion follows the other: for them the model is loaded to the end.
            if asked.lane is not Lane.GHOST and not self._queue:
                self._stop_load()

    def cancel_lane(self, lane: Lane) -> None:
        """Ends all requests of a lane."""
        for asked in [*self._queue, self._running]:
            if asked is not None and asked.lane is lane:
                self.cancel(asked.number)

    def give_way(self) -> bool:
        """Somebody types: a worker at work leaves them a core for a moment.

        Returns:
            Whether there is something to send.
        """
        return self._contact.give_way()

    def switch_on(self) -> None:
        """Tries again after SwitchedOff."""
        self._off = None
        self._deaths.forget()

    def close(self) -> None:
        """Ends everything: all requests are cancelled and the worker is to go; a later request starts another."""
        self._events += [Cancelled(asked.number) for asked in self._queue.clear()]
        if self._running is not None:
            self._contact.cancel(Why.WANTED)
        if self._contact.is_open:
            self._end_worker(Wish.CLOSE)

    # What the process does

    def receive(self, data: bytes) -> None:
        """Takes what the worker has written to its stdout."""
        try:
            for message in self._contact.receive(data):
                self._take(message)
        except (MalformedLine, KeyError, TypeError, ValueError) as error:
            self._give_up(f"it wrote what is not understood ({type(error).__name__})")

    def exited(self, how: str) -> None:
        """The process has ended, and all that it wrote has been received.

        Args:
            how: what is known, such as "signal 9"; for the log.
        """
        is_expected = self._contact.worker is Worker.ENDING
        work = self._forget_process()
        if not is_expected:
            self._count_death(work, how)
        self._advance()

    def not_started(self) -> None:
        """The process could not be started."""
        self._forget_process()
        self._fail_all(AssistantProblem(Reason.NOT_STARTED))

    def tick(self) -> None:
        """Does what is due."""
        for overdue in self._contact.ring():
            match overdue:
                case "hello":
                    self._give_up(f"it did not begin within {HELLO_WITHIN:.0f} s")
                case "pong":
                    self._give_up(f"it did not answer for {PONG_WITHIN:.0f} s")
                case "cancel":
                    self._end_worker(Wish.KILL)
                case _:
                    self._contact.send(Unload(), "unload")

    # What is to be done

    def next_tick(self) -> float | None:
        """When `tick` is to be called, in seconds of the clock; None for not at all."""
        return self._contact.next_tick()

    def data_to_send(self) -> list[bytes]:
        """Lines for the worker's stdin; what is returned counts as sent."""
        return self._contact.take_out()

    def take_wishes(self) -> list[Wish]:
        """What is to be done with the process, and nobody has taken yet."""
        return self._contact.take_wishes()

    def take_events(self) -> list[Event]:
        """What has happened, and nobody has taken yet."""
        events, self._events = self._events, []
        return events

    # Inside: the next step

    @property
    def _running(self) -> Asked | None:
        """The request that the worker has and that somebody waits for."""
        work = self._contact.work
        wanted = work is not None and work.cancelled in (None, Why.GIVES_WAY)
        return work.what if work is not None and wanted and isinstance(work.what, Asked) else None

    def _advance(self) -> None:
        """Gives the worker what comes next, or has it started."""
        contact, models = self._contact, self._models
        while contact.work is None and (asked := self._queue.first) is not None:
            is_apart = isinstance(asked.request, Encoding)  # needs no model that writes
            if models.chosen is None and not is_apart:
                self._queue.remove(asked.number)
                self._events.append(Failed(asked.number, AssistantProblem(Reason.NO_MODEL)))
            elif contact.worker is Worker.ABSENT:
                contact.start()
            elif contact.worker is not Worker.READY:
                break
            elif is_apart or models.ready is not None:
                self._queue.remove(asked.number)
                self._ask(asked)
            elif models.writer is not None:
                contact.send(Unload(), "unload")
            elif models.chosen is not None:
                self._load(models.chosen)
        if contact.work is None and contact.worker is Worker.READY and models.has_other:
            contact.send(Unload(), "unload")  # it need not be in memory until somebody asks the other one
        contact.sleep_in(self._idle if contact.work is None and models.are_any else None)

    def _load(self, source: Source) -> None:
        kind, fields = loading_line(source)
        self._contact.send(Load(source), kind, **fields)

    def _ask(self, asked: Asked) -> None:
        request = asked.request
        if isinstance(request, Preparing):
            assert self._models.ready is not None
            self._events.append(Answered(asked.number, self._models.ready))
        else:
            self._models.have_encoder |= isinstance(request, Encoding)
            kind, fields = asking_line(request)
            self._contact.send(asked, kind, **fields)

    # Inside: what the worker says

    def _take(self, message: dict[str, Any]) -> None:
        if message["type"] == "hello":
            self._take_hello(message["version"])
        elif (work := self._contact.work) is not None:
            if isinstance(work.what, Asked):
                self._take_about(work.what, message)
            else:
                self._take_about_model(work.what, message)

    def _take_hello(self, version: object) -> None:
        if version != VERSION:
            self._fail_all(AssistantProblem(Reason.MIXED))
            self._end_worker(Wish.CLOSE)
            return
        self._contact.greeted()
        self._advance()

    def _take_about(self, asked: Asked, message: dict[str, Any]) -> None:
        match message["type"]:
            case "prefill":
                self._tell(Reading(asked.number, message["done"], message["total"]))
            case "token":
                asked.is_shown = True
                self._tell(Wrote(asked.number, Token(message["text"], message["probability"])))
            case _ if (reply := reply_of(message)) is not None:
                self._end_work(asked, reply)

    def _take_about_model(self, what: Load | Unload, message: dict[str, Any]) -> None:
        kind = message["type"]
        if kind == "loading":
            self._tell(Loading(message["fraction"]))
            return
        is_wanted = self._contact.done() is None
        if kind == "loaded" and isinstance(what, Load):
            model = named(model_of(message["model"]), what.source)
            self._models.take(what.source, model)
            if self._models.chosen == what.source:
                self._events.append(Loaded(model))
        else:
            self._models.writer = None
            if kind == "unloaded":
                self._models.let_go()
                self._events.append(Unloaded())
            elif isinstance(what, Load) and is_wanted:
                self._take_failed_load(message["code"], message["sentence"])
        self._advance()

    def _take_failed_load(self, code: str, sentence: str) -> None:
        if code == FailureCode.NO_LIBRARY:  # no load would fare better, and a process knows only what was there first
            self._switch_off(AssistantProblem(Reason.NO_ENGINE, code, sentence), code)
            self._end_worker(Wish.CLOSE)
        else:
            self._fail_all(AssistantProblem(Reason.NOT_LOADED, code, sentence))
            self._events.append(NotLoaded())

    def _tell(self, event: Event) -> None:
        """Tells what is on the way, unless nobody waits for it."""
        if self._contact.work is not None and self._contact.work.cancelled is None:
            self._events.append(event)

    def _end_work(self, asked: Asked, reply: Reply | AssistantProblem) -> None:
        why = self._contact.done()
        event: Failed | Answered
        if isinstance(reply, AssistantProblem):
            is_cut, event = reply.code == "cancelled", Failed(asked.number, reply)
            if reply.code == FailureCode.BAD_MODEL:  # the worker holds it no longer; to load it tells what it is now
                self._models.writer = None
        else:
            is_cut = isinstance(reply, Completion) and reply.ending is Ending.CANCELLED
            event = Answered(asked.number, reply)
        if is_cut and why is Why.GIVES_WAY:
            self._ask_again(asked)
        elif why is Why.WANTED or (is_cut and why is None):
            self._events.append(Cancelled(asked.number))
        elif why is not Why.FAILED:
            self._events.append(event)
        self._advance()

    # Inside: how something ends

    def _ask_again(self, asked: Asked) -> None:
        if asked.is_shown:
            asked.is_shown = False
            self._events.append(Restarted(asked.number))
        self._queue.put_back(asked)

    def _stop_load(self) -> None:
        work = self._contact.work
        if work is not None and isinstance(work.what, Load):
            self._contact.cancel(Why.WANTED)

    def _fail_all(self, problem: AssistantProblem) -> None:
        if self._running is not None:
            self._events.append(Failed(self._running.number, problem))
            self._contact.cancel(Why.FAILED)
        self._events += [Failed(asked.number, problem) for asked in self._queue.clear()]

    def _end_worker(self, wish: Wish) -> None:
        """Has the process ended because somebody wants it so."""
        self._models.let_go()
        self._drop(self._contact.end(wish))

    def _give_up(self, how: str) -> None:
        """Has the process ended because it is of no use any more."""
        self._models.let_go()
        self._count_death(self._contact.end(Wish.KILL), how)

    def _forget_process(self) -> Work | None:
        self._models.let_go()
        return self._contact.forget(Worker.ABSENT)

    def _drop(self, work: Work | None) -> None:
        """What a process that has gone was asked and somebody cancelled."""
        if work is not None and isinstance(work.what, Asked):
            if work.cancelled is Why.WANTED:
                self._events.append(Cancelled(work.what.number))
            elif work.cancelled is Why.GIVES_WAY:
                self._ask_again(work.what)

    def _switch_off(self, problem: AssistantProblem, how: str) -> None:
        self._off = problem
        self._fail_all(problem)
        self._events.append(SwitchedOff(how, str(problem)))

    def _count_death(self, work: Work | None, how: str) -> None:
        self._drop(work)
        concerned = list(self._queue)
        if work is not None and isinstance(work.what, Asked):
            concerned = []
            if work.cancelled is None:
                if work.what.is_shown:
                    self._events.append(Failed(work.what.number, AssistantProblem(Reason.DIED)))
                else:
                    self._queue.put_back(work.what)
                    concerned.append(work.what)
        for asked in concerned:
            asked.deaths += 1
            if asked.deaths > 1:
                self._queue.remove(asked.number)
                self._events.append(Failed(asked.number, AssistantProblem(Reason.DIED)))
        why = self._deaths.add(self._clock(), how)
        if why is not None:
            self._switch_off(AssistantProblem(why), how)
        else:
            self._events.append(Died(how, _DIED_ONCE if self._queue else _DIED))
