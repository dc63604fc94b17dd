"""What can be asked of the engine, and what it tells: frozen values.

Runs anywhere. Everything that happens to one request names it by the number that `Engine.submit` gave.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

from cowrite.assist.engine.problems import AssistantProblem
from cowrite.assist.requests import (
    Calibration,
    Completion,
    Encoding,
    Generation,
    Lane,
    Model,
    Scores,
    Scoring,
    Token,
    Vectors,
)


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A model on this computer.

    Attributes:
        path: its file.
        name: as people call it.
        sha256: of the file, in hexadecimal; empty where it is not known.
        modified: when the file of that hash was written, in nanoseconds since 1970; 0 where it is not known.
        context: tokens that a lane holds; 0 for what the worker chooses.
        threads: for computing; 0 for what the worker chooses.
        batch: tokens that are read at once; 0 for what the worker chooses.
        flash: whether flash attention is used; None for what the worker chooses.
    """

    path: str
    name: str
    sha256: str = ""
    modified: int = 0
    context: int = 0
    threads: int = 0
    batch: int = 0
    flash: bool | None = None

    @property
    def identity(self) -> ModelFile:
        """The same however it is run: what the model is does not depend on that."""
        return replace(self, threads=0, batch=0, flash=None)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A model that answers elsewhere, at an address which speaks OpenAI's protocol.

    Attributes:
        url: to which the text goes.
        name: of the model there.
        key: a secret; empty for none.
    """

    url: str
    name: str
    key: str = field(default="", repr=False)

    @property
    def identity(self) -> Endpoint:
        """Itself: how it is run is not known here."""
        return self


Source = ModelFile | Endpoint


@dataclass(frozen=True, slots=True)
class Preparing:
    """Asks only that the model be loaded; answered by the Model."""

    lane: Lane = Lane.PANEL


@dataclass(frozen=True, slots=True)
class Calibrating:
    """Asks which settings are fastest on this machine; answered by a Calibration."""

    lane: Lane = Lane.BACKGROUND


Request = Generation | Scoring | Encoding | Preparing | Calibrating
Reply = Completion | Scores | Vectors | Model | Calibration


class Wish(StrEnum):
    """What the engine wants done with the worker's process. Carried out in order; after each, `data_to_send`."""

    START = "start"
    KILL = "kill"
    CLOSE = "close"
    """Close its stdin, after what is still to be sent: it ends by itself."""


@dataclass(frozen=True, slots=True)
class Loading:
    """The model is being loaded; `fraction` of it is, 0 to 1."""

    fraction: float


@dataclass(frozen=True, slots=True)
class Loaded:
    """The model is ready."""

    model: Model


@dataclass(frozen=True, slots=True)
class NotLoaded:
    """The model's file cannot be loaded, as all are told who wait for it."""


@dataclass(frozen=True, slots=True)
class Unloaded:
    """The model has given its memory back."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The model reads the prompt of a request: `done` of `total` tokens."""

    number: int
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Wrote:
    """The model has written a piece more."""

    number: int
    token: Token


@dataclass(frozen=True, slots=True)
class Restarted:
    """A request begins again from nothing: what was written for it so far is void."""

    number: int


@dataclass(frozen=True, slots=True)
class Answered:
    """A request has its answer."""

    number: int
    reply: Reply


@dataclass(frozen=True, slots=True)
class Failed:
    """A request gets no answer."""

    number: int
    problem: AssistantProblem


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A request was ended because somebody wanted it so, or because a newer one took its place."""

    number: int


@dataclass(frozen=True, slots=True)
class Died:
    """The worker's process ended by itself. To be done: a notice; the next request starts it anew.

    Attributes:
        how: what is known of it, for the log.
        sentence: for people.
    """

    how: str
    sentence: str


@dataclass(frozen=True, slots=True)
class SwitchedOff:
    """The process is not started again until a person says so (`Engine.switch_on`): it has ended too often, or would
    fare no better.

    Attributes:
        how: what is known of its end, for the log.
        sentence: for people.
    """

    how: str
    sentence: str


About = Reading | Wrote | Restarted | Answered | Failed | Cancelled
"""What happens to one request."""

Event = Loading | Loaded | NotLoaded | Unloaded | About | Died | SwitchedOff


class Phase(StrEnum):
    """What the assistant is doing."""

    OFF = "off"
    ASLEEP = "asleep"
    """No model is in memory."""
    STARTING = "starting"
    LOADING = "loading"
    READY = "ready"
    READING = "reading"
    WRITING = "writing"
    STOPPING = "stopping"
