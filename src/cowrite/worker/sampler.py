"""Draws the next token.

Runs in the worker. The likeliest token is found by numpy; all else is a chain of llama.cpp's samplers.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from typing import Any

import llama_cpp.llama_cpp as llama
import numpy as np
import numpy.typing as npt

from cowrite.assist.engine.wire import FailureCode
from cowrite.assist.requests import Sampling
from cowrite.worker.grammar import Grammar
from cowrite.worker.vocabulary import Vocabulary
from cowrite.worker.work import Failure

Row = npt.NDArray[np.float32]

_PENALISED = 64  # tokens back
_TRIED = 256  # likeliest tokens that are held against a grammar before all are
_CANDIDATE = np.dtype([("id", np.int32), ("logit", np.float32), ("p", np.float32)])


class Sampler:
    """Draws the tokens of one text. Deterministic: the same rows and seed give the same tokens.

    Attributes:
        is_greedy: whether it takes the likeliest each time.
    """

    def __init__(
        self, vocabulary: Vocabulary, sampling: Sampling, grammar: Grammar | None, before: Sequence[int]
    ) -> None:
        """Args:
        before: tokens of the prompt; the last of them count as repeated.
        """
        self._grammar = grammar
        self.is_greedy = sampling.temperature <= 0
        self._keeps = vocabulary.size
        self._every = np.arange(vocabulary.size, dtype=np.int32)
        self._chain = self._chain_of(vocabulary, sampling)
        self._all = np.zeros(vocabulary.size if self._chain is not None else 0, _CANDIDATE)
        if self._chain is not None:
            for token in before[-_PENALISED:]:
                llama.llama_sampler_accept(self._chain, token)

    def close(self) -> None:
        """Gives its memory back."""
        if self._chain is not None:
            llama.llama_sampler_free(self._chain)
            self._chain = None
        if self._grammar is not None:
            self._grammar.close()

    def draw(self, row: Row) -> int:
        """The next token.

        Args:
            row: the logits of all tokens.

        Raises:
            Failure: none follows the grammar.
        """
        token = self._draw(row)
        if self._grammar is not None and not self._grammar.allows(token):
            token = self._draw_allowed(row, self._grammar)
        if self._chain is not None:
            llama.llama_sampler_accept(self._chain, token)
        if self._grammar is not None:
            self._grammar.accept(token)
        return token

    def _chain_of(self, vocabulary: Vocabulary, sampling: Sampling) -> Any:
        penalised = sampling.repeat_penalty != 1.0
        if self.is_greedy and not penalised:
            return None
        chain = llama.llama_sampler_chain_init(llama.llama_sampler_chain_default_params())

        def add(sampler: Any) -> None:
            llama.llama_sampler_chain_add(chain, sampler)

        if penalised:
            # Repeated tokens are looked for among those that can still be drawn: at most so many sink below others.
            wanted = 1 if self.is_greedy else sampling.top_k
            if wanted > 0:
                add(llama.llama_sampler_init_top_k(wanted + _PENALISED))
                self._keeps = wanted + _PENALISED
            add(llama.llama_sampler_init_penalties(vocabulary.size, _PENALISED, sampling.repeat_penalty, 0.0, 0.0))
        if self.is_greedy:
            add(llama.llama_sampler_init_greedy())
            return chain
        if sampling.top_k > 0:
            add(llama.llama_sampler_init_top_k(sampling.top_k))
            self._keeps = max(sampling.top_k, self._keeps if penalised else 0)
        if sampling.top_p < 1:
            add(llama.llama_sampler_init_top_p(sampling.top_p, 1))
        if sampling.min_p > 0:
            add(llama.llama_sampler_init_min_p(sampling.min_p, 1))
        add(llama.llama_sampler_init_temp(sampling.temperature))
        add(llama.llama_sampler_init_dist(sampling.seed & 0xFFFFFFFF))
        return chain

    def _draw(self, row: Row) -> int:
        if self._chain is None:
            return int(np.argmax(row))
        self._all["id"] = self._every
        self._all["logit"] = row
        return self._choose(self._all)

    def _choose(self, candidates: npt.NDArray[Any]) -> int:
        array = _array_of(candidates)
        llama.llama_sampler_apply(self._chain, ctypes.byref(array))
        return int(array.data[array.selected].id)

    def _draw_allowed(self, row: Row, grammar: Grammar) -> int:
        """Draws among the tokens that the grammar allows: the likeliest are looked at first, all if that is too few."""
        wanted = 1 if self._chain is None else min(self._keeps, _TRIED)
        ids = self._every
        if len(ids) > _TRIED:
            ids = np.argpartition(row, -_TRIED)[-_TRIED:].astype(np.int32)
        candidates = grammar.filtered(_candidates(ids, row[ids]))
        if len(candidates) < wanted and len(ids) < len(row):
            candidates = grammar.filtered(_candidates(self._every, row))
        if not len(candidates):
            raise Failure(FailureCode.GRAMMAR, "The text cannot go on as its grammar wants it.")
        if self._chain is None:
            return int(candidates["id"][np.argmax(candidates["logit"])])
        return self._choose(candidates)


def probability(row: Row, token: int) -> float:
    """How likely a token is after what was read, 0 to 1."""
    top = np.max(row)
    return float(np.exp(row[token] - top) / np.exp(row - top).sum(dtype=np.float64))


def _candidates(ids: npt.NDArray[np.int32], logits: Row) -> npt.NDArray[Any]:
    candidates = np.zeros(len(ids), _CANDIDATE)
    candidates["id"] = ids
    candidates["logit"] = logits
    return candidates


def _array_of(candidates: npt.NDArray[Any]) -> Any:
    data = candidates.ctypes.data_as(llama.llama_token_data_p)
    return llama.llama_token_data_array(data, len(candidates), -1, False)
