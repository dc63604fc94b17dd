"""Loads a model file: its weights once, for all lanes.

Runs in the worker.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import llama_cpp.llama_cpp as llama

from cowrite.assist.engine.wire import FailureCode
from cowrite.worker.template import Template
from cowrite.worker.vocabulary import Vocabulary
from cowrite.worker.work import Cancellation, Failure, Reporter


class Weights:
    """A loaded model.

    Attributes:
        handle: llama.cpp's.
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
            if fraction >= shown + 0.01 or fraction == 1.0 > shown:
                report.loading(fraction)
                shown = fraction
            return not cancellation.is_set

        parameters.progress_callback = llama.llama_progress_callback(progress)
        self.handle = llama.llama_model_load_from_file(os.fsencode(path), parameters)
        if not self.handle:
            cancellation.check()
            raise Failure(
                FailureCode.BAD_MODEL, f"llama.cpp cannot load “{path}”. Is it a kind of model that llama.cpp knows?"
            )
        try:
            self._describe(path)
        except BaseException:
            self.close()
            raise

    def _describe(self, path: Path) -> None:
        model = self.handle
        if not llama.llama_model_has_decoder(model) or llama.llama_model_has_encoder(model):
            raise Failure(FailureCode.BAD_MODEL, f"“{path}” is not a model that continues texts.")
        self.vocabulary = Vocabulary(model)
        if not self.vocabulary.size:
            raise Failure(FailureCode.BAD_MODEL, f"“{path}” has no vocabulary.")
        self.rewinds = not (llama.llama_model_is_recurrent(model) or llama.llama_model_is_hybrid(model))
        self.template = self._template()

    def close(self) -> None:
        """Gives its memory back; its lanes must be closed."""
        if self.handle:
            llama.llama_model_free(self.handle)
            self.handle = None

    def _template(self) -> Template | None:
        source = llama.llama_model_chat_template(self.handle, None)
        if not source:
            return None
        try:
            return Template(source.decode("utf-8", "replace"), self.vocabulary.beginning, self.vocabulary.ending)
        except Failure:
            return None
