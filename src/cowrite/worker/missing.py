"""MissingEngine: stands where llama.cpp is not, and says so of each thing that it is asked.

Runs in the worker. A model that runs elsewhere needs no engine here, so the worker itself goes on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

from cowrite.assist.engine.problems import no_engine
from cowrite.assist.engine.wire import FailureCode
from cowrite.assist.requests import Calibration, Completion, Encoding, Generation, Scores, Scoring, Vectors
from cowrite.worker.work import Cancellation, Failure, Loaded, Loading, Reporter

LONGEST = 200  # characters of a reason


class MissingEngine:
    """A LocalEngine that can do nothing.

    Args:
        error: what came of loading llama.cpp.
    """

    def __init__(self, error: Exception) -> None:
        lines = str(error).strip().splitlines() or [type(error).__name__]
        self._why = lines[0].rstrip(".")[:LONGEST]

    @property
    def name(self) -> str:
        """That it is none."""
        return "none"

    def load(self, loading: Loading, cancellation: Cancellation, report: Reporter) -> Loaded:
        """Cannot."""
        self._fail()

    def generate(self, generation: Generation, cancellation: Cancellation, report: Reporter) -> Completion:
        """Cannot."""
        self._fail()

    def score(self, scoring: Scoring, cancellation: Cancellation, report: Reporter) -> Scores:
        """Cannot."""
        self._fail()

    def calibrate(self, cancellation: Cancellation) -> Calibration:
        """Cannot."""
        self._fail()

    def encode(self, encoding: Encoding, cancellation: Cancellation, report: Reporter) -> Vectors:
        """Cannot."""
        self._fail()

    def unload(self) -> None:
        """Holds nothing."""

    def give_way(self) -> None:
        """Takes nothing."""

    def gate(self, message: Mapping[str, Any], cancellation: Cancellation) -> None:
        """Has no gates."""

    def _fail(self) -> NoReturn:
        raise Failure(FailureCode.NO_LIBRARY, no_engine(self._why))
