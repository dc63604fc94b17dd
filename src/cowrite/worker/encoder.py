"""The model that gives vectors for texts, beside the one that writes.

Runs in the worker, by llama.cpp. Texts that mean the same get vectors that lie close: the product of two is their
likeness, since each has the length 1.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import llama_cpp.llama_cpp as llama
import numpy as np

from cowrite.assist.engine.wire import FailureCode
from cowrite.assist.requests import Encoding, Usage, Vectors
from cowrite.worker.abort import abort_callback
from cowrite.worker.work import Cancellation, Failure, Reporter

BATCH = 512
"""Tokens that are computed together; of a longer text its beginning counts."""
TOGETHER = 64
"""Texts that are computed together at most."""
THREADS = 1
"""To compute with: such a model is so small that several would mostly wait for each other."""
_DIGITS = 6  # of each number on the wire: as exact as matrices of 16 bits make them


class Encoder:
    """A loaded model that gives vectors.

    Attributes:
        path: its file.
    """

    def __init__(self, path: Path, longest: int, cancellation: Cancellation) -> None:
        """Args:
        longest: tokens of a text that the model was made for.
        cancellation: of the engine; ends a computation.

        Raises:
            Cancelled: while it was loaded.
            Failure: llama.cpp cannot load it.
        """
        self.path = path
        self._cancellation = cancellation
        parameters = llama.llama_model_default_params()
        parameters.load_mode = llama.LLAMA_LOAD_MODE_MMAP
        parameters.progress_callback = progress = llama.llama_progress_callback(lambda _, __: not cancellation.is_set)
        self._model = llama.llama_model_load_from_file(os.fsencode(path), parameters)
        del progress
        if not self._model:
            cancellation.check()
            raise Failure(FailureCode.BAD_MODEL, f"llama.cpp cannot load “{path}”.")
        self._context = None
        self._vocabulary = llama.llama_model_get_vocab(self._model)
        if _lacks_marks(self._vocabulary):
            self.close()
            raise Failure(FailureCode.BAD_MODEL, f"The vocabulary of “{path}” has no marks for beginning and end.")
        self._context = self._new_context()
        if not self._context:
            self.close()
            raise Failure(FailureCode.MEMORY, "There is not enough memory to compare texts.")
        self._callback = abort_callback()
        llama.llama_set_abort_callback(self._context, self._callback, ctypes.addressof(cancellation.buffer))
        self._width = int(llama.llama_model_n_embd(self._model))
        self._longest = min(BATCH, longest)

    def close(self) -> None:
        """Gives its memory back."""
        if self._context:
            llama.llama_free(self._context)
        if self._model:
            llama.llama_model_free(self._model)
        self._context = self._model = None

    def encode(self, encoding: Encoding, report: Reporter, clock: Callable[[], float]) -> Vectors:
        """Answers an Encoding.

        Raises:
            Cancelled: somebody ended it.
            Failure: llama.cpp failed.
        """
        begun = clock()
        texts = [self._tokens(text) for text in encoding.texts]
        total, done = sum(map(len, texts)), 0
        rows: list[tuple[float, ...]] = []
        for group in _groups(texts):
            self._cancellation.check()
            rows += self._computed(group)
            done += sum(map(len, group))
            report.prefill(done, total)
        return Vectors(tuple(rows), Usage(total, 0, total, 0, None, clock() - begun))

    def _new_context(self) -> Any:
        parameters = llama.llama_context_default_params()
        parameters.n_ctx = parameters.n_batch = parameters.n_ubatch = BATCH  # a text has to be in one piece
        parameters.n_threads = parameters.n_threads_batch = THREADS
        parameters.n_seq_max = TOGETHER
        parameters.kv_unified = True
        parameters.embeddings = True
        return llama.llama_init_from_model(self._model, parameters)

    def _tokens(self, text: str) -> list[int]:
        """A text's tokens between the model's marks; words that look like marks are words."""
        data = text.encode("utf-8", "replace")
        room = len(data) + 4
        numbers = (llama.llama_token * room)()
        count = int(llama.llama_tokenize(self._vocabulary, data, len(data), numbers, room, True, False))
        found = list(numbers[: max(0, count)])
        return found if len(found) <= self._longest else [*found[: self._longest - 1], found[-1]]

    def _computed(self, group: Sequence[Sequence[int]]) -> Iterator[tuple[float, ...]]:
        batch = llama.llama_batch_init(BATCH, 0, 1)
        try:
            index = 0
            for number, tokens in enumerate(group):
                for place, token in enumerate(tokens):
                    batch.token[index], batch.pos[index] = token, place
                    batch.n_seq_id[index], batch.seq_id[index][0], batch.logits[index] = 1, number, 1
                    index += 1
            batch.n_tokens = index
            if memory := llama.llama_get_memory(self._context):
                llama.llama_memory_clear(memory, True)
            status = llama.llama_decode(self._context, batch)
        finally:
            llama.llama_batch_free(batch)
        self._cancellation.check()
        if status:
            raise Failure(FailureCode.INTERNAL, f"llama.cpp could not compute (status {status}).")
        return map(self._vector, range(len(group)))

    def _vector(self, number: int) -> tuple[float, ...]:
        pointer = llama.llama_get_embeddings_seq(self._context, number)
        if not pointer:
            raise Failure(FailureCode.BAD_MODEL, f"“{self.path}” gives no vector for a whole text.")
        numbers = np.ctypeslib.as_array(pointer, (self._width,)).astype(np.float64)
        length = float(np.linalg.norm(numbers))
        return tuple((numbers / length).round(_DIGITS).tolist()) if length else (0.0,) * self._width


def _lacks_marks(vocabulary: Any) -> bool:
    """Whether llama.cpp would end the process at the first text, since a mark that it puts there does not exist."""
    if llama.llama_vocab_type(vocabulary) != llama.LLAMA_VOCAB_TYPE_WPM:
        return False
    return bool(llama.llama_vocab_bos(vocabulary) < 0 or llama.llama_vocab_sep(vocabulary) < 0)


def _groups(texts: Sequence[Sequence[int]]) -> Iterator[list[Sequence[int]]]:
    """Texts that are computed together, in their order."""
    group: list[Sequence[int]] = []
    size = 0
    for tokens in texts:
        if group and (size + len(tokens) > BATCH or len(group) == TOGETHER):
            yield group
            group, size = [], 0
        group.append(tokens)
        size += len(tokens)
    if group:
        yield group
