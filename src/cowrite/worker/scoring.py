"""Tells how likely some continuations of a prompt are.

Runs in the worker. The prompt is read once; its continuations are looked at side by side, several in one batch.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from cowrite.assist.requests import Scores, Scoring, Usage
from cowrite.worker.lane import MAX_ROWS, SEQUENCES, LaneContext
from cowrite.worker.prompt import Read
from cowrite.worker.sampler import Row
from cowrite.worker.vocabulary import Vocabulary
from cowrite.worker.work import Reporter


def score(
    scoring: Scoring,
    read: Read,
    lane: LaneContext,
    vocabulary: Vocabulary,
    report: Reporter,
    clock: Callable[[], float],
) -> Scores:
    """Answers a Scoring.

    Args:
        read: its prompt, behind which there is room for the longest candidate.

    Raises:
        Cancelled: the lane has read what it has.
        Failure: llama.cpp failed.
    """
    begun = clock()
    prompt = read.tokens
    candidates = [vocabulary.words(candidate) for candidate in scoring.candidates]
    reused = lane.turn_to(prompt)
    lane.read(prompt[reused:], lambda done: report.prefill(reused + done, len(prompt)))
    head = _log_probabilities(lane.row())
    totals = [float(head[tokens[0]]) if tokens else 0.0 for tokens in candidates]
    first = clock()
    for group in _groups([index for index, tokens in enumerate(candidates) if len(tokens) > 1], candidates):
        if lane.rewinds:
            _score_together(lane, group, candidates, totals)
        else:
            for index in group:
                _score_alone(lane, prompt, index, candidates, totals)
    usage = Usage(len(prompt), reused, len(prompt) - reused, 0, first - begun, clock() - begun)
    return Scores(tuple(totals), tuple(len(tokens) for tokens in candidates), usage)


def _groups(indices: Sequence[int], candidates: Sequence[Sequence[int]]) -> list[list[int]]:
    """Candidates that fit into one batch; one that is too long for any stands alone."""
    groups: list[list[int]] = []
    rows = MAX_ROWS + 1
    for index in indices:
        size = len(candidates[index]) - 1
        if rows + size > MAX_ROWS or len(groups[-1]) == SEQUENCES - 1:
            groups.append([])
            rows = 0
        groups[-1].append(index)
        rows += size
    return groups


def _score_together(
    lane: LaneContext, group: Sequence[int], candidates: Sequence[Sequence[int]], totals: list[float]
) -> None:
    size = len(lane.tokens)
    if sum(len(candidates[index]) - 1 for index in group) > min(MAX_ROWS, lane.room):
        for index in group:
            _score_long(lane, size, index, candidates, totals)
        return
    lane.branch([candidates[index][:-1] for index in group])
    row = 0
    for index in group:
        for token in candidates[index][1:]:
            totals[index] += float(_log_probabilities(lane.row(row))[token])
            row += 1


def _score_long(
    lane: LaneContext, size: int, index: int, candidates: Sequence[Sequence[int]], totals: list[float]
) -> None:
    tokens = candidates[index]
    try:
        for start in range(0, len(tokens) - 1, MAX_ROWS):
            some = tokens[start : min(start + MAX_ROWS, len(tokens) - 1)]
            lane.look_ahead(some)
            for row, token in enumerate(tokens[start + 1 : start + 1 + len(some)]):
                totals[index] += float(_log_probabilities(lane.row(row))[token])
    finally:
        lane.forget(size)


def _score_alone(
    lane: LaneContext, prompt: Sequence[int], index: int, candidates: Sequence[Sequence[int]], totals: list[float]
) -> None:
    """For a lane that cannot forget: the prompt is read anew for each candidate."""
    lane.read(prompt[lane.turn_to(prompt) :])
    _score_long(lane, len(prompt), index, candidates, totals)


def _log_probabilities(row: Row) -> Row:
    shifted = row - np.max(row)
    result: Row = shifted - np.float32(np.log(np.exp(shifted).sum(dtype=np.float64)))
    return result
