"""Loads a model file: its weights once, for all lanes.

Runs in the worker.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from pathlib import Path
from typing import Any

import llama_cpp.llama_cpp as llama

from cowrite.assist.wire import FailureCode
from cowrite.worker import memory
from cowrite.worker.template import Template
from cowrite.worker.vocabulary import Vocabulary
from cowrite.worker.work import Cancellation, Failure, Reporter

_GIGABYTE = 1e9


class Weights:
    """A loaded model.

    Attributes:
        handle: llama.cpp's.
        name: as its file says.
        parameters: how many.
        trained: tokens of context that it was made for.
        rewinds: whether its lanes can forget the end of what they have read.
        template: of conversations; None where it has none that can be used.
        vocabulary: its tokens.
    """

    def __init__(self, path: Path, cancellation: Cancellation, report: Reporter) -> None:
        """Raises:
        Cancelled: while it was loaded.
        Failure: llama.cpp cannot load it.
        """
        parameters = llama.llama_model_default_params()
        parameters.load_mode = llama.LLAMA_LOAD_MODE_MMAP
        shown = -1.0

        def progress(fraction: float, _: Any) -> bool:
            nonlocal shown
            if fraction >= shown + 0.01:
                report.loading(fraction)
                shown = fraction
            return not cancellation.is_set

        parameters.progress_callback = llama.llama_progress_callback(progress)
        self.handle = llama.llama_model_load_from_file(str(path).encode(), parameters)
        if not self.handle:
            cancellation.check()
            raise Failure(
                FailureCode.BAD_MODEL, f"llama.cpp cannot load “{path}”. Is it a model of a kind that it knows?"
            )
        try:
            self._describe(path)
        except BaseException:
            self.close()
            raise

    def _describe(self, path: Path) -> None:
        model = self.handle
        if not llama.llama_model_has_decoder(model) or llama.llama_model_has_encoder(model):
            raise Failure(FailureCode.BAD_MODEL, f"“{path}” is no model that goes on with texts.")
        self.vocabulary = Vocabulary(model)
        if not self.vocabulary.size:
            raise Failure(FailureCode.BAD_MODEL, f"“{path}” has no vocabulary.")
        self.name = self._text("general.name") or path.stem
        self.parameters = int(llama.llama_model_n_params(model))
        self.trained = int(llama.llama_model_n_ctx_train(model))
        self.rewinds = not (llama.llama_model_is_recurrent(model) or llama.llama_model_is_hybrid(model))
        self.template = self._template()

    def close(self) -> None:
        """Gives its memory back; its lanes must be closed."""
        if self.handle:
            llama.llama_model_free(self.handle)
            self.handle = None

    def need(self, contexts: list[int], batch: int) -> memory.Need:
        """What it takes with lanes of some sizes.

        Args:
            contexts: tokens of each lane.
            batch: tokens that are computed together.
        """
        model = self.handle
        heads, width = int(llama.llama_model_n_head(model)), int(llama.llama_model_n_embd(model))
        architecture = self._text("general.architecture")
        head = width // max(1, heads)
        key = int(self._text(f"{architecture}.attention.key_length") or head)
        value = int(self._text(f"{architecture}.attention.value_length") or head)
        per_token = int(llama.llama_model_n_layer(model)) * int(llama.llama_model_n_head_kv(model)) * (key + value) * 2
        # The widest of what is computed for a batch: attention to all that was read, and some layers' worth of it.
        computing = sum(batch * 4 * (heads * size + 24 * width) + self.vocabulary.size * 4 * 16 for size in contexts)
        return memory.Need(int(llama.llama_model_size(model)), per_token * sum(contexts), computing)

    def _template(self) -> Template | None:
        source = llama.llama_model_chat_template(self.handle, None)
        if not source:
            return None
        try:
            return Template(source.decode("utf-8", "replace"), self.vocabulary.beginning, self.vocabulary.ending)
        except Failure:
            return None

    def _text(self, key: str) -> str:
        """A text of the file's header; empty where it has none."""
        room = 256
        buffer = ctypes.create_string_buffer(room)
        length = llama.llama_model_meta_val_str(self.handle, key.encode(), buffer, room)
        return buffer.value.decode("utf-8", "replace") if length >= 0 else ""


def require(need: memory.Need, free: Callable[[], int | None] = memory.available) -> None:
    """Makes sure that there is enough memory.

    Raises:
        Failure: there is not; it says what is needed and what there is.
    """
    there = free()
    if there is not None and need.total > there:
        raise Failure(
            FailureCode.MEMORY,
            f"This model needs {need.total / _GIGABYTE:.1f} GB of memory, and {there / _GIGABYTE:.1f} GB are free. "
            "Close other programs, or take a smaller model or a smaller context.",
        )
