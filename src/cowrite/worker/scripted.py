"""A model that answers by a script: for tests of everything above the engine, and for showing the app without one.

Runs in the worker, and loads no library. The same script and requests give the same answers, at once, or each token
when a `gate` line lets it pass: nothing here waits for time.

A script is a JSON object:

    model     fields of a Model; all may be missing
    loading   {"steps": how many fractions are reported, "gated": whether each waits for a gate, "does": see below}
    rules     a list; the first whose "when" is found in the prompt's text counts. Each:
        when          a regular expression; the empty one is found everywhere
        answer        the text, in which \\1 stands for the expression's first group; a token is a word with the
                      space before it
        answers       in its place, several; the seed says which
        probability   of each token, 0 to 1, or a list of them in turn
        gated         whether each token waits for a gate
        does          "die", "hang" (cancelling does not help) or "fail", after so many tokens:
        after         0 where it is missing
    scores    the log-probability of each candidate that is named; the others have -10
    limit     words of a Window that are seen; all where it is missing

A prompt's text is its parts joined; in a conversation each turn is a line `role: text`, and the answer's beginning is
the last.
"""

from __future__ import annotations

import json
import math
import os
import re
import signal
import threading
import time
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import Any, Self

from cowrite.assist.engine.wire import FailureCode
from cowrite.assist.requests import (
    Calibration,
    Chat,
    Completion,
    Encoding,
    Ending,
    Generation,
    Model,
    Part,
    Prompt,
    Scores,
    Scoring,
    Seen,
    Usage,
    Vectors,
    Window,
)
from cowrite.worker.work import Cancellation, Cancelled, Failure, Loaded, Loading, Reporter
from cowrite.worker.writing import Writing

_TOKENS = re.compile(r"\s*\S+|\s+$")
_UNLIKELY = -10.0
_WIDTH = 64  # of a vector


@dataclass(frozen=True, slots=True)
class _Rule:
    when: str = ""
    answer: str = ""
    answers: Sequence[str] = ()
    probability: float | Sequence[float] | None = None
    gated: bool = False
    does: str = ""
    after: int = 0


@dataclass(frozen=True, slots=True)
class _Opening:
    steps: int = 1
    gated: bool = False
    does: str = ""


@dataclass(frozen=True, slots=True)
class Script:
    """What the scripted model does."""

    model: Model
    loading: _Opening = _Opening()
    rules: Sequence[_Rule] = ()
    scores: Mapping[str, float] = field(default_factory=dict)
    limit: int | None = None

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Self:
        """A script from JSON.

        Raises:
            TypeError: it holds what no script holds.
        """
        usual: dict[str, Any] = {
            "name": "scripted",
            "sha256": "",
            "parameters": 135_000_000,
            "context": 2048,
            "has_template": True,
        }
        return cls(
            model=Model(**(usual | dict(plain.get("model", {})))),
            loading=_Opening(**plain.get("loading", {})),
            rules=tuple(_Rule(**rule) for rule in plain.get("rules", ())),
            scores=plain.get("scores", {}),
            limit=plain.get("limit"),
        )


class ScriptedEngine:
    """Answers by a script."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._is_loaded = False
        self._open = 0  # how many may pass the gate, under the cancellation's lock

    @classmethod
    def of(cls, path: Path) -> Self:
        """The engine for a script file."""
        return cls(Script.of(json.loads(path.read_text(encoding="utf-8"))))

    @property
    def name(self) -> str:
        """Itself."""
        return "scripted"

    def load(self, loading: Loading, cancellation: Cancellation, report: Reporter) -> Loaded:
        """Loads nothing, as slowly as the script says."""
        opening = self._script.loading
        for step in range(1, opening.steps + 1):
            if opening.gated:
                self._pass(cancellation)
            cancellation.check()
            if opening.does:
                _do(opening.does)
            report.loading(step / opening.steps)
        self._is_loaded = True
        return Loaded(self._script.model, loading.settings.threads or 1, loading.settings.batch or 128)

    def generate(self, generation: Generation, cancellation: Cancellation, report: Reporter) -> Completion:
        """Writes what the first fitting rule says."""
        self._check()
        begun = time.perf_counter()
        text, seen = _text_of(generation.prompt, self._script.limit)
        size = len(_TOKENS.findall(text))
        writing = Writing(generation.stop, generation.stop_after)
        ending, count = Ending.STOP, 0
        first: float | None = None
        try:
            cancellation.check()
            report.prefill(size, size)
            for token, probability in self._tokens(text, generation.sampling.seed, cancellation):
                if count >= generation.max_tokens:
                    ending = Ending.LENGTH
                    break
                first = first or time.perf_counter()
                count += 1
                for clear in writing.add_text(token, probability if generation.scored else None):
                    report.token(clear)
                if writing.is_ended:
                    break
        except Cancelled:
            ending = Ending.CANCELLED
        for clear in writing.finish() if not writing.is_ended else ():
            report.token(clear)
        seconds = time.perf_counter() - begun
        usage = Usage(size, 0, size, count, None if first is None else first - begun, seconds)
        return Completion(writing.text, tuple(writing.tokens), ending, seen, usage)

    def score(self, scoring: Scoring, cancellation: Cancellation, report: Reporter) -> Scores:
        """Tells what the script says of each candidate."""
        self._check()
        cancellation.check()
        text, _ = _text_of(scoring.prompt, self._script.limit)
        size = len(_TOKENS.findall(text))
        known = [self._script.scores.get(candidate, _UNLIKELY) for candidate in scoring.candidates]
        lengths = [len(_TOKENS.findall(candidate)) for candidate in scoring.candidates]
        return Scores(tuple(known), tuple(lengths), Usage(size, 0, size, 0, None, 0.0))

    def encode(self, encoding: Encoding, cancellation: Cancellation, report: Reporter) -> Vectors:
        """Gives vectors that lie close where texts share words."""
        cancellation.check()
        size = sum(len(text.split()) for text in encoding.texts)
        report.prefill(size, size)
        return Vectors(tuple(map(_vector, encoding.texts)), Usage(size, 0, size, 0, None, 0.0))

    def calibrate(self, cancellation: Cancellation) -> Calibration:
        """Says that one thread does."""
        cancellation.check()
        return Calibration(1, 128, False, {"prompt": 1000.0, "generation": 100.0})

    def unload(self) -> None:
        """Forgets that it is loaded."""
        self._is_loaded = False

    def give_way(self) -> None:
        """Computes nothing that could be in the way."""

    def gate(self, message: Mapping[str, Any], cancellation: Cancellation) -> None:
        """Lets so many tokens pass as the line says, one where it says nothing."""
        with cancellation.rung:
            self._open += message.get("tokens", 1)
            cancellation.rung.notify_all()

    def _check(self) -> None:
        if not self._is_loaded:
            raise Failure(FailureCode.NO_MODEL, "No model is loaded.")

    def _pass(self, cancellation: Cancellation) -> None:
        with cancellation.rung:
            cancellation.rung.wait_for(lambda: self._open > 0 or cancellation.is_set)
            if not cancellation.is_set:
                self._open -= 1

    def _tokens(self, text: str, seed: int, cancellation: Cancellation) -> Iterator[tuple[str, float | None]]:
        for rule in self._script.rules:
            if (match := re.search(rule.when, text, re.DOTALL)) is not None:
                break
        else:
            raise Failure(FailureCode.UNSUPPORTED, "The script has no rule for this prompt.")
        answer = rule.answers[seed % len(rule.answers)] if rule.answers else rule.answer
        tokens = _TOKENS.findall(match.expand(answer) if match.re.groups else answer)
        for number, token in enumerate((*tokens, None)):
            if rule.does and number == rule.after:
                _do(rule.does)
            if token is None:
                return
            if rule.gated:
                self._pass(cancellation)
            cancellation.check()
            likely = rule.probability
            yield token, likely if likely is None or isinstance(likely, float | int) else likely[number % len(likely)]


def _do(what: str) -> None:
    if what == "fail":
        raise Failure(FailureCode.INTERNAL, "The script fails here.")
    if what == "hang":
        threading.Event().wait()
    if what == "die":
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
    raise ValueError(f"a script does not know how to {what}")


def _vector(text: str) -> tuple[float, ...]:
    """How often each word is there, in one of a few places by its hash."""
    row = [0.0] * _WIDTH
    for word in re.findall(r"\w+", text.lower()):
        row[zlib.crc32(word.encode()) % _WIDTH] += 1.0
    length = math.hypot(*row) or 1.0
    return tuple(each / length for each in row)


def _text_of(prompt: Prompt, limit: int | None) -> tuple[str, Seen | None]:
    """A prompt's text, and what is seen of its window."""
    if isinstance(prompt, Chat):
        turns = [(f"{turn.role}: ", turn.parts, "\n") for turn in prompt.messages]
        pieces: list[str | Part] = [piece for head, parts, end in turns for piece in (head, *parts, end)]
        pieces.append(prompt.begun)
    else:
        pieces = list(prompt.parts)
    seen = None
    texts = []
    for piece in pieces:
        if isinstance(piece, Window):
            text, seen = _window(piece, limit)
            texts.append(text)
        else:
            texts.append(piece if isinstance(piece, str) else piece.text)
    return "".join(texts), seen


def _window(window: Window, limit: int | None) -> tuple[str, Seen]:
    paragraphs, total = window.paragraphs, len(window.paragraphs)
    if limit is None:
        return "".join(paragraphs), Seen(0, total, total)
    if window.keep == "start":
        sizes = accumulate(len(paragraph.split()) for paragraph in paragraphs)
        stop = sum(1 for size in sizes if size <= limit)
        return "".join(paragraphs[:stop]), Seen(0, stop, total)
    sizes = accumulate(len(paragraph.split()) for paragraph in reversed(paragraphs))
    first = total - sum(1 for size in sizes if size <= limit)
    return "".join(paragraphs[first:]), Seen(first, total, total)
