"""Finds out with how many threads, in which batches and with which attention a model runs best on this machine.

Runs in the worker, for some seconds.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from cowrite.assist.requests import Calibration
from cowrite.worker.lane import LaneContext
from cowrite.worker.loader import Weights
from cowrite.worker.pace import Pace
from cowrite.worker.work import Cancellation

BUDGET = 5.0  # seconds, after which what is known by then decides
BATCHES = (64, 128, 256)

_PROMPT = 256  # tokens that are read for each measurement
_WRITTEN = 16  # tokens that are written for each
_LONGEST = 0.5  # seconds for each of both, where the machine has other things to do
_MOST_THREADS = 8
_WORTH = 1.1  # what more threads or another batch must gain to be taken
_FLASH_WORTH = 1.3  # and flash attention, with which texts are not repeatable to the letter


def cores() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def usual_threads(cores: int) -> int:
    """Threads for a machine that was not measured: whoever types keeps a core where there are four or more."""
    return max(1, min(_MOST_THREADS, cores - 1 if cores >= 4 else cores))


def candidate_threads(cores: int) -> list[int]:
    """Numbers of threads that are worth a measurement, the smallest first."""
    most = usual_threads(cores)
    return sorted({1, most, *(threads for threads in (2, 4, 6) if threads < most)})


def calibrate(weights: Weights, cancellation: Cancellation, clock: Callable[[], float]) -> Calibration:
    """Measures with a context of its own.

    Raises:
        Cancelled: it was cancelled.
        Failure: there is not enough memory.
    """
    bench = _Bench(weights, cancellation, clock)
    bench.measure(1, 128, False)  # brings the weights into memory; its rates do not count
    threads, best = 1, bench.measure(1, 128, False)
    for more in candidate_threads(cores())[1:]:
        if bench.is_late:
            break
        rates = bench.measure(more, 128, False)
        if rates["generation"] > best["generation"] * _WORTH:
            threads, best = more, rates
    batch, flash = 128, False
    for size in BATCHES:
        if size != batch and not bench.is_late:
            rates = bench.measure(threads, size, False)
            if rates["prompt"] > best["prompt"] * _WORTH:
                batch, best = size, rates
    if not bench.is_late:
        rates = bench.measure(threads, batch, True)
        if sum(rates[name] / best[name] for name in rates) / len(rates) > _FLASH_WORTH:
            flash, best = True, rates
    return Calibration(threads, batch, flash, best)


class _Bench:
    def __init__(self, weights: Weights, cancellation: Cancellation, clock: Callable[[], float]) -> None:
        self._weights = weights
        self._cancellation = cancellation
        self._clock = clock
        self._end = clock() + BUDGET
        self._tokens = (weights.vocabulary.words("The rain went on, and nobody spoke of it.\n") * _PROMPT)[:_PROMPT]

    @property
    def is_late(self) -> bool:
        return self._clock() >= self._end

    def measure(self, threads: int, batch: int, flash: bool) -> dict[str, float]:
        """Tokens a second of prompt and of generation."""
        size = 2 + _PROMPT + _WRITTEN
        lane = LaneContext(
            self._weights.handle,
            self._cancellation,
            size=size,
            batch=batch,
            pace=Pace(threads, is_fixed=True),
            flash=flash,
            rewinds=self._weights.rewinds,
        )
        try:
            lane.read(self._tokens[:2])
            return {
                "prompt": self._rate(lane, [self._tokens[start : start + batch] for start in range(0, _PROMPT, batch)]),
                "generation": self._rate(lane, [(token,) for token in self._tokens[:_WRITTEN]]),
            }
        finally:
            lane.close()

    def _rate(self, lane: LaneContext, batches: Sequence[Sequence[int]]) -> float:
        """Tokens a second, of as many of some batches as there is time for."""
        begun = now = self._clock()
        count = 0
        for batch in batches:
            lane.read(batch)
            count += len(batch)
            now = self._clock()
            if now - begun > _LONGEST:
                break
        return count / max(now - begun, 1e-9)
