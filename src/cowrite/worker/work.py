"""What the loop asks of whatever holds a model, and how that answers.

Runs in the worker. An Engine works on the worker's thread, on one request at a time; its Cancellation is set by the
reader thread.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from cowrite.assist.engine.wire import FailureCode
from cowrite.assist.requests import (
    Calibration,
    Completion,
    Encoding,
    Generation,
    Model,
    Scores,
    Scoring,
    Token,
    Vectors,
)
from cowrite.errors import CowriteError


class Failure(CowriteError):
    """A request cannot be answered.

    Attributes:
        code: what kind of failure, for code.
    """

    def __init__(self, code: FailureCode, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


class Cancelled(Exception):
    """The request was cancelled while it was worked on."""


class Cancellation:
    """Whether the request that is worked on shall end. Set by the reader thread, read by the worker's and by C.

    Attributes:
        buffer: an empty C string until it is set, then one of length 1: what llama.cpp's abort callback measures.
        rung: notified when it is set, for who waits for something else besides.
    """

    def __init__(self) -> None:
        self.buffer = ctypes.create_string_buffer(2)
        self.rung = threading.Condition()

    @property
    def is_set(self) -> bool:
        """Whether it was asked for."""
        return self.buffer[0] != b"\0"

    def set(self) -> None:
        """Asks for the end."""
        with self.rung:
            self.buffer[0] = b"\1"
            self.rung.notify_all()

    def clear(self) -> None:
        """Forgets it, for the next request."""
        self.buffer[0] = b"\0"

    def check(self) -> None:
        """Raises:
        Cancelled: it was asked for.
        """
        if self.is_set:
            raise Cancelled


class Reporter(Protocol):
    """To whom a request says how far it is."""

    def loading(self, fraction: float) -> None:
        """How much of a model is loaded, 0 to 1."""

    def prefill(self, done: int, total: int) -> None:
        """How many of a prompt's tokens have been read, those reused among them."""

    def token(self, token: Token) -> None:
        """The next piece of text."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How a model is run.

    Attributes:
        context: the most tokens that a lane holds; 0 for as many as the model and the lane's use suggest.
        threads: of llama.cpp; 0 for what suits this machine.
        batch: tokens that are computed together.
        flash: whether by flash attention: where it is faster, and at the price that what was read before has an
            influence on the last digits of what is computed.
    """

    context: int = 0
    threads: int = 0
    batch: int = 128
    flash: bool = False


@dataclass(frozen=True, slots=True)
class Loading:
    """A model file that is to be loaded.

    Attributes:
        name: as people call it; empty for what the file says.
        sha256: of the file, where whoever asks knows it.
        modified: when the file of that hash was written, in nanoseconds since 1970; 0 where nobody knows.
    """

    path: Path
    name: str
    settings: Settings
    sha256: str = ""
    modified: int = 0


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An OpenAI-compatible server that the user runs.

    Attributes:
        url: its address up to `/v1`.
        key: its secret; empty for none. Never logged.
        name: of the model there; empty for the first that it lists.
    """

    url: str
    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """A model that is ready, and how it runs."""

    model: Model
    threads: int
    batch: int


class Engine(Protocol):
    """Holds a model, or stands for one.

    Each method but `gate` runs on the worker's thread and raises Failure where it cannot answer. `load`, `score` and
    `calibrate` raise Cancelled, `generate` gives back what it has written by then.
    """

    @property
    def name(self) -> str:
        """Itself, with its version."""

    def load(self, loading: Loading, cancellation: Cancellation, report: Reporter) -> Loaded:
        """Loads a model in the place of the one before."""

    def generate(self, generation: Generation, cancellation: Cancellation, report: Reporter) -> Completion:
        """Writes a text."""

    def score(self, scoring: Scoring, cancellation: Cancellation, report: Reporter) -> Scores:
        """Tells how likely continuations are."""

    def calibrate(self, cancellation: Cancellation) -> Calibration:
        """Finds out what suits this machine, and works so from then on."""

    def unload(self) -> None:
        """Gives the model's memory back; nothing where none is loaded."""

    def gate(self, message: Mapping[str, Any], cancellation: Cancellation) -> None:
        """Takes a line that is for the scripted model alone; on the reader thread."""


class LocalEngine(Engine, Protocol):
    """An Engine on this computer: holds a model that gives vectors too, whatever it is that writes."""

    def encode(self, encoding: Encoding, cancellation: Cancellation, report: Reporter) -> Vectors:
        """Gives the vectors of texts."""

    def give_way(self) -> None:
        """Leaves a core to whoever types, for a moment; on the reader thread."""
