"""What the model has read for one lane, and how it reads on.

Runs in the worker. A lane keeps what it has read, so that a prompt which begins the same costs only what is new.
"""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable, Sequence
from typing import Any

import llama_cpp.llama_cpp as llama
import numpy as np
import numpy.typing as npt

from cowrite.assist.engine.wire import FailureCode
from cowrite.worker.abort import abort_callback
from cowrite.worker.pace import Pace
from cowrite.worker.work import Cancellation, Cancelled, Failure

MAX_ROWS = 16
"""For how many tokens of one batch a lane can tell what follows them."""
SEQUENCES = 8
"""How many continuations of one text are looked at together."""

_ABORTED = 2


class LaneContext:
    """One context of llama.cpp, and which tokens are in it.

    Attributes:
        size: tokens that it holds.
        tokens: those that it has read.
        rewinds: whether it can forget the last of them.
    """

    def __init__(
        self,
        model: int,
        cancellation: Cancellation,
        *,
        size: int,
        batch: int,
        pace: Pace,
        flash: bool,
        rewinds: bool,
    ) -> None:
        """Args:
        size: tokens that it holds.
        batch: tokens that are computed together; at least MAX_ROWS.
        pace: chooses the threads; shared by all lanes.
        flash: whether by flash attention.
        rewinds: whether the model can forget the last tokens.

        Raises:
            Failure: there is not enough memory.
        """
        parameters = llama.llama_context_default_params()
        parameters.n_ctx = size
        parameters.n_batch = parameters.n_ubatch = self._batch = batch
        parameters.n_threads = parameters.n_threads_batch = self._threads = pace.threads
        parameters.flash_attn_type = int(flash)
        parameters.n_outputs_max = min(MAX_ROWS, self._batch)
        parameters.n_seq_max = SEQUENCES if rewinds else 1
        parameters.kv_unified = True
        parameters.swa_full = True  # else a model with a sliding window could not go back
        self._context = llama.llama_init_from_model(model, parameters)
        if not self._context:
            raise Failure(FailureCode.MEMORY, f"There is not enough memory for a context of {size:,} tokens.")
        self._cancellation = cancellation
        self._pace = pace
        self._callback = abort_callback()
        llama.llama_set_abort_callback(self._context, self._callback, ctypes.addressof(cancellation.buffer))
        self._memory = llama.llama_get_memory(self._context)
        self._window = int(llama.llama_model_n_swa(model))
        self._width = int(llama.llama_vocab_n_tokens(llama.llama_model_get_vocab(model)))
        self.size = min(size, int(llama.llama_n_ctx(self._context)))
        self.tokens: list[int] = []
        self._even: bool | None = None
        self._together = 0  # how many of them, from the first on, were not computed alone
        self.rewinds = rewinds
        self._numbers = (llama.llama_token * self._batch)()
        self._shown = (ctypes.c_int8 * self._batch)()
        self._one = llama.llama_batch(1, self._numbers, None, None, None, None, None)
        self._many = llama.llama_batch(0, self._numbers, None, None, None, None, self._shown)

    def close(self) -> None:
        """Gives its memory back."""
        if self._context:
            llama.llama_free(self._context)
            self._context = None

    @property
    def room(self) -> int:
        """Tokens that it can still read."""
        return self.size - len(self.tokens)

    def turn_to(self, tokens: Sequence[int]) -> int:
        """Forgets what does not begin like `tokens`, and at least the last of them, which then can be read.

        A token that is computed alone comes out a little different from one that is computed with others, so what
        was added one by one is read again together: the same prompt then gives the same text, whatever came before.
        (Without flash attention. With it the numbers also depend on how many others there are.)

        Returns:
            How many of them it has read before.
        """
        self.forget(min(self.known_of(tokens), max(0, len(tokens) - 2)))
        return len(self.tokens)

    def known_of(self, tokens: Sequence[int]) -> int:
        """How many of the first of `tokens` it has read together, at its beginning."""
        common = 0
        for ours, theirs in zip(self.tokens[: self._together], tokens, strict=False):
            if ours != theirs:
                break
            common += 1
        return common

    def forget(self, keep: int) -> None:
        """Forgets all tokens but the first `keep`, or all of them where the model cannot forget some."""
        if keep == len(self.tokens):
            return
        if keep == 0 or not self.rewinds or not llama.llama_memory_seq_rm(self._memory, 0, keep, -1):
            self._clear()
            return
        # Of a sliding window, what had slid out may be gone; then what is kept cannot be gone on from.
        oldest = int(llama.llama_memory_seq_pos_min(self._memory, 0))
        if oldest > max(0, keep - self._window):
            self._clear()
            return
        del self.tokens[keep:]
        self._together = min(self._together, keep)

    def read(self, tokens: Sequence[int], progress: Callable[[int], None] | None = None) -> None:
        """Reads tokens; afterwards `row()` tells what follows the last.

        Args:
            progress: is told after each batch how many of them have been read.

        Raises:
            Cancelled: what was read until then stays read.
            Failure: llama.cpp failed.
        """
        start = 0
        while start < len(tokens):
            self._cancellation.check()
            count = min(self._batch, len(tokens) - start)
            if len(tokens) - start - count == 1 and count > 2:
                count -= 1  # none is left alone
            some = tokens[start : start + count]
            start += count
            is_whole = self._together == len(self.tokens)
            self._decode(some, 1 if start == len(tokens) else 0)
            if is_whole:
                self._together = len(self.tokens)
            if progress is not None:
                progress(start)

    def add(self, token: int) -> None:
        """Reads one token, the fast way.

        Raises:
            Cancelled, Failure: as `read`.
        """
        self._numbers[0] = token
        self._compute(self._one)
        self.tokens.append(token)

    def look_ahead(self, tokens: Sequence[int]) -> None:
        """Reads a few tokens, at most MAX_ROWS; afterwards `row(i)` tells what follows the i-th.

        Raises:
            Cancelled, Failure: as `read`.
        """
        self._decode(tokens, len(tokens))

    def is_even(self, tokens: Sequence[int]) -> bool:
        """Says whether tokens that are computed together tell to the bit what each tells alone.

        Where llama.cpp multiplies several rows in another order than one, they do not, and of two tokens that are
        about as likely the other one may be drawn. It is tried once, behind what was read; nothing is read by it. A
        row by chance comes out the same even so, several never do: weights of few bits round small differences away.

        Args:
            tokens: to try it with, at most MAX_ROWS, the more the surer; where there is no room for them, it is not.

        Raises:
            Cancelled, Failure: as `read`.
        """
        if self._even is None:
            if self.room < len(tokens):
                return False
            size = len(self.tokens)
            self.look_ahead(tokens)
            together = [self.row(index).copy() for index in range(len(tokens))]
            self.forget(size)
            is_even = True
            for token, row in zip(tokens, together, strict=True):
                self.add(token)
                is_even = is_even and bool(np.array_equal(self.row(), row))
            self.forget(size)
            self._even = is_even
        return self._even

    def branch(self, branches: Sequence[Sequence[int]]) -> None:
        """Looks at several continuations of what was read, side by side, and forgets them again.

        Afterwards `row(i)` tells what follows the i-th of all their tokens.

        Args:
            branches: fewer than SEQUENCES, with at most MAX_ROWS tokens together.

        Raises:
            Cancelled, Failure: as `read`.
        """
        count, size = sum(map(len, branches)), len(self.tokens)
        batch = llama.llama_batch_init(count, 0, 1)
        try:
            batch.n_tokens = count
            index = 0
            for number, tokens in enumerate(branches, 1):
                llama.llama_memory_seq_cp(self._memory, 0, number, -1, -1)
                for distance, token in enumerate(tokens):
                    batch.token[index], batch.pos[index] = token, size + distance
                    batch.n_seq_id[index], batch.seq_id[index][0], batch.logits[index] = 1, number, 1
                    index += 1
            self._compute(batch)
        finally:
            llama.llama_batch_free(batch)
            for number in range(1, len(branches) + 1):
                llama.llama_memory_seq_rm(self._memory, number, -1, -1)

    def row(self, index: int = -1) -> npt.NDArray[np.float32]:
        """The logits of all tokens after the index-th that was last read with rows; valid until the next reading."""
        pointer = llama.llama_get_logits_ith(self._context, index)
        return np.ctypeslib.as_array(pointer, (self._width,))

    def _decode(self, tokens: Sequence[int], rows: int) -> None:
        count = len(tokens)
        self._numbers[:count] = tokens
        ctypes.memset(self._shown, 0, count - rows)
        ctypes.memset(ctypes.addressof(self._shown) + count - rows, 1, rows)
        self._many.n_tokens = count
        self._compute(self._many)
        self.tokens.extend(tokens)

    def _compute(self, batch: Any) -> None:
        if self._threads != self._pace.threads:
            self._threads = self._pace.threads
            llama.llama_set_n_threads(self._context, self._threads, self._threads)
        begun = time.perf_counter()
        status = llama.llama_decode(self._context, batch)
        if status:
            self._recover(status)
        self._pace.took(time.perf_counter() - begun, batch.n_tokens, self._threads)

    def _recover(self, status: int) -> None:
        """Brings what is in the context to what was read before.

        Raises:
            Cancelled, Failure: always one of them.
        """
        kept = int(llama.llama_memory_seq_pos_max(self._memory, 0)) + 1
        if kept != len(self.tokens):
            goal, self.tokens = len(self.tokens), self.tokens + [-1] * max(0, kept - len(self.tokens))
            self.forget(goal) if kept > goal else self._clear()
        elif not self.rewinds:  # a state may have been half computed
            self._clear()
        if status == _ABORTED:
            raise Cancelled
        raise Failure(FailureCode.INTERNAL, f"llama.cpp could not compute (status {status}).")

    def _clear(self) -> None:
        llama.llama_memory_clear(self._memory, True)
        self.tokens.clear()
        self._together = 0
