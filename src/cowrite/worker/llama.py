"""The engine that runs a model on this computer, by llama.cpp.

Runs in the worker. One set of weights, and a context for each lane, made when the lane is first used.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import llama_cpp
import llama_cpp.llama_cpp as llama

from cowrite.assist.engine.wire import FailureCode
from cowrite.assist.requests import (
    Calibration,
    Completion,
    Encoding,
    Ending,
    Generation,
    Lane,
    Model,
    Scores,
    Scoring,
    Usage,
    Vectors,
)
from cowrite.models import gguf as examining
from cowrite.models.errors import BadModel, in_bytes
from cowrite.models.gguf import BATCH, Examination
from cowrite.worker import memory
from cowrite.worker.calibration import calibrate, cores, usual_threads
from cowrite.worker.encoder import Encoder
from cowrite.worker.generating import Generating
from cowrite.worker.lane import MAX_ROWS, LaneContext
from cowrite.worker.loader import Weights
from cowrite.worker.pace import Pace
from cowrite.worker.prompt import PromptReader
from cowrite.worker.scoring import score
from cowrite.worker.work import Cancellation, Failure, Loaded, Loading, Reporter, Settings

log = logging.getLogger(__name__)

_MOST_BATCH = 512
_ERROR = 4  # llama.cpp's level of logging


class LlamaEngine:
    """Runs models of this computer.

    Args:
        clock: in seconds.
        free: how much memory there is.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.perf_counter,
        free: Callable[[], int | None] = memory.available,
    ) -> None:
        self._clock = clock
        self._free = free
        llama.llama_log_set(_LOG, None)
        llama.llama_backend_init()
        self.weights: Weights | None = None
        self._encoder: Encoder | None = None
        self._settings = Settings()
        self._pace = Pace(1)
        self._contexts: Mapping[Lane, int] = {}
        self._lanes: dict[Lane, LaneContext] = {}
        self._readers: dict[Lane, PromptReader] = {}

    @property
    def name(self) -> str:
        """The library with its version."""
        return f"llama-cpp-python {llama_cpp.__version__}"

    def load(self, loading: Loading, cancellation: Cancellation, report: Reporter) -> Loaded:
        """Loads a model in the place of the one before."""
        self.unload()
        settings = loading.settings
        examined = _examined(loading.path)
        contexts = examined.contexts(settings.context)
        self._require(examined.memory_need(contexts.values()))
        settings = replace(
            settings,
            threads=min(settings.threads, cores()) or usual_threads(cores()),
            batch=max(MAX_ROWS, min(settings.batch or BATCH, _MOST_BATCH)),
        )
        if self._lacks(examined.memory_need(contexts.values(), settings.batch)):
            settings = replace(settings, batch=BATCH)  # for the one that was measured to be quicker there is no room
        cancellation.check()
        weights = Weights(loading.path, cancellation, report)
        if cancellation.is_set:
            weights.close()
            memory.trim()
            cancellation.check()
        self.weights, self._settings, self._pace = weights, settings, _pace(settings.threads)
        self._contexts = contexts
        model = Model(
            name=loading.name or examined.name,
            sha256=loading.sha256,
            parameters=examined.parameters,
            context=contexts[Lane.PANEL],
            has_template=weights.template is not None,
            rewinds=weights.rewinds,
        )
        return Loaded(model, settings.threads, settings.batch)

    def generate(self, generation: Generation, cancellation: Cancellation, report: Reporter) -> Completion:
        """Writes a text."""
        begun = self._clock()
        if cancellation.is_set:
            return Completion("", (), Ending.CANCELLED, None, Usage(0, 0, 0, 0, None, 0.0))
        weights = self._loaded()
        lane = self.lane(generation.lane, cancellation)
        read = self.reader(generation.lane, cancellation).read(generation.prompt, generation.max_tokens)
        return Generating(generation, read, lane, weights.vocabulary, report, begun, self._clock).run()

    def score(self, scoring: Scoring, cancellation: Cancellation, report: Reporter) -> Scores:
        """Tells how likely continuations are."""
        cancellation.check()
        weights = self._loaded()
        longest = max((len(weights.vocabulary.words(each)) for each in scoring.candidates), default=0)
        read = self.reader(scoring.lane, cancellation).read(scoring.prompt, longest)
        lane = self._lane_to_score_in(scoring.lane, read.tokens, cancellation)
        if len(read.tokens) + longest > lane.size:
            raise Failure(FailureCode.TOO_LONG, f"A candidate of {longest:,} tokens is longer than the context.")
        return score(scoring, read, lane, weights.vocabulary, report, self._clock)

    def encode(self, encoding: Encoding, cancellation: Cancellation, report: Reporter) -> Vectors:
        """Gives the vectors of texts; loads the model for it, in the place of another one for that."""
        cancellation.check()
        path = Path(encoding.path)
        if self._encoder is not None and self._encoder.path != path:
            self._encoder.close()
            self._encoder = None
        if self._encoder is None:
            examined = _examined(path, embeds=True)
            self._require(examined.memory_need())
            self._encoder = Encoder(path, examined.context_length, cancellation)
        return self._encoder.encode(encoding, report, self._clock)

    def calibrate(self, cancellation: Cancellation) -> Calibration:
        """Finds out what suits this machine, and works so from then on."""
        weights = self._loaded()
        self._drop_lanes()
        found = calibrate(weights, cancellation, self._clock)
        self._settings = replace(self._settings, threads=found.threads, batch=found.batch, flash=found.flash)
        self._pace = _pace(found.threads)
        return found

    def unload(self) -> None:
        """Gives the memory of all models back; nothing where none is loaded."""
        self._drop_lanes()
        if self._encoder is not None:
            self._encoder.close()
            self._encoder = None
        if self.weights is not None:
            self.weights.close()
            self.weights = None
            memory.trim()

    def give_way(self) -> None:
        """Leaves a core to whoever types."""
        self._pace.give_way()

    def gate(self, message: Mapping[str, Any], cancellation: Cancellation) -> None:
        """Has no gates."""

    def _lacks(self, needed: int) -> bool:
        there = self._free()
        return there is not None and needed > there

    def _require(self, needed: int) -> None:
        if self._lacks(needed):
            raise Failure(
                FailureCode.MEMORY,
                f"This model needs {in_bytes(needed)} of memory, and {in_bytes(self._free() or 0)} is free. "
                "Close other programs, or use a smaller model.",
            )

    def _loaded(self) -> Weights:
        if self.weights is None:
            raise Failure(FailureCode.NO_MODEL, "No model is loaded.")
        return self.weights

    def lane(self, lane: Lane, cancellation: Cancellation) -> LaneContext:
        """A lane's context, made when it is first asked for."""
        weights = self._loaded()
        if lane not in self._lanes:
            settings = self._settings
            made = self._lanes[lane] = LaneContext(
                weights.handle,
                cancellation,
                size=self._contexts[lane],
                batch=settings.batch,
                pace=self._pace,
                flash=settings.flash,
                rewinds=weights.rewinds,
            )
            self._readers[lane] = PromptReader(weights.vocabulary, weights.template, made.size)
        return self._lanes[lane]

    def _lane_to_score_in(self, lane: Lane, prompt: Sequence[int], cancellation: Cancellation) -> LaneContext:
        """Its own lane where most of the prompt is read there, else that of the background: a task that writes and
        judges by turns, sentence after sentence, would read the prompt by which it writes anew each time."""
        own = self.lane(lane, cancellation)
        return own if 2 * own.known_of(prompt) > len(prompt) else self.lane(Lane.BACKGROUND, cancellation)

    def reader(self, lane: Lane, cancellation: Cancellation) -> PromptReader:
        """What turns a lane's prompts into tokens."""
        self.lane(lane, cancellation)
        return self._readers[lane]

    def _drop_lanes(self) -> None:
        for lane in self._lanes.values():
            lane.close()
        self._lanes.clear()
        self._readers.clear()


def _pace(threads: int) -> Pace:
    """Of so many threads; whoever types has one core of this machine."""
    return Pace(threads, beside_typing=max(1, cores() - 1))


def _examined(path: Path, *, embeds: bool = False) -> Examination:
    """What a file says of itself; llama.cpp, which may end the process over it, has not seen it before.

    Args:
        embeds: whether it shall give vectors, and not write.

    Raises:
        Failure: it is no model of that kind.
    """
    try:
        examined = examining.examine(path)
    except BadModel as error:
        raise Failure(FailureCode.BAD_MODEL, str(error)) from error
    if examined.embeds and not embeds:
        raise Failure(FailureCode.BAD_MODEL, f"“{path}” is a model that compares texts, and writes none.")
    if embeds and not examined.embeds:
        raise Failure(FailureCode.BAD_MODEL, f"“{path}” is a model that writes texts, and compares none.")
    return examined


def _log_line(level: int, text: bytes, _: Any) -> None:
    # Only what went wrong: some lines below that show what is in a prompt. To be aborted is no mistake.
    if level == _ERROR and not text.rstrip().endswith((b"ret = 2", b"status: 1", b"error 1")):
        log.error("llama.cpp: %s", text.decode("utf-8", "replace").strip())


_LOG = llama.llama_log_callback(_log_line)  # kept for as long as the library may call it
