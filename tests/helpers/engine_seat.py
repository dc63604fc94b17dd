"""An engine, a clock that is moved by hand, and a worker that says what the test says."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from cowrite.assist.engine.asking import Event, Failed, ModelFile, Preparing, Wish
from cowrite.assist.engine.engine import Engine
from cowrite.assist.engine.problems import Reason
from cowrite.assist.engine.wire import VERSION, decode, encode
from cowrite.assist.requests import Completing, Completion, Ending, Generation, Lane, Model, Scaffold, Token, Usage

USAGE = Usage(prompt_tokens=3, reused=0, evaluated=3, generated=2, seconds_to_first_token=0.1, seconds=0.2)
MODEL = Model(name="Small", sha256="", parameters=100_000_000, context=64, has_template=False)
FILE = ModelFile("small.gguf", "Small", "a" * 64)


def generation(lane: Lane = Lane.PANEL, text: str = "Once", **fields: Any) -> Generation:
    """A generation to be asked for."""
    return Generation(lane, Completing((Scaffold(text),)), 8, **fields)


def completion(text: str = "upon a time", ending: Ending = Ending.STOP) -> Completion:
    """What the model has written."""
    return Completion(text, (Token(text),), ending, None, USAGE)


class EngineSeat:
    """Plays the worker and the time.

    Attributes:
        engine: under test.
        now: seconds.
        events: everything that the engine has told.
        wishes: everything that it has wished.
        messages: everything that it has sent, read.
    """

    def __init__(self, idle: float | None = 600.0, source: ModelFile | None = FILE) -> None:
        self.now = 1000.0
        self.engine = Engine(clock=lambda: self.now, idle=idle)
        self.engine.use(source)
        self.events: list[Event] = []
        self.wishes: list[Wish] = []
        self.messages: list[dict[str, Any]] = []

    def collect(self) -> None:
        """Takes what the engine gives."""
        self.wishes += self.engine.take_wishes()
        self.messages += [decode(line) for line in self.engine.data_to_send()]
        self.events += self.engine.take_events()

    def new_events(self) -> list[Event]:
        """What has been told since the last call."""
        self.collect()
        events, self.events = self.events, []
        return events

    @property
    def last(self) -> dict[str, Any]:
        """The newest message to the worker."""
        self.collect()
        return self.messages[-1]

    @property
    def kinds(self) -> list[str]:
        """The types of all messages to the worker."""
        self.collect()
        return [message["type"] for message in self.messages]

    def say(self, type: str, id: int = 0, **fields: Any) -> None:
        """The worker says something."""
        self.collect()
        self.engine.receive(encode(type, id, **fields))
        self.collect()

    def hello(self) -> None:
        """The process has begun."""
        self.say("hello", version=VERSION, engine="played", pid=1)

    def loaded(self, model: Model = MODEL) -> None:
        """The worker has done the load that it was asked for last."""
        assert self.last["type"] in ("load", "attach")
        self.say("loaded", self.last["id"], model=asdict(model), threads=1, batch=1)

    def token(self, text: str) -> None:
        """The worker writes for what it was asked last."""
        self.say("token", self._asked["id"], text=text, probability=None)

    def done(self, answer: Completion | None = None) -> None:
        """The worker has finished the generation that it was asked for last."""
        self.say("done", self._asked["id"], completion=asdict(answer or completion()))

    def ready(self) -> None:
        """Starts the process and loads the model."""
        self.engine.submit(Preparing())
        self.hello()
        self.loaded()
        self.new_events()

    def die(self, how: str = "signal 9") -> None:
        """The process ends."""
        self.engine.exited(how)
        self.collect()

    def pass_time(self, seconds: float) -> None:
        """Time goes by, and the engine is woken when it wants to be."""
        end = self.now + seconds
        while (due := self.engine.next_tick()) is not None and due <= end:
            self.now = max(self.now, due)
            self.engine.tick()
            self.collect()
        self.now = end

    @property
    def _asked(self) -> dict[str, Any]:
        self.collect()
        return [message for message in self.messages if message["type"] in ("generate", "score")][-1]


def reasons(events: list[Any]) -> list[Reason]:
    """Why requests failed."""
    return [event.problem.reason for event in events if isinstance(event, Failed)]
