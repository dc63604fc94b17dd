"""Texts that must follow a grammar.

Runs in the worker. Only grammars that cowrite comes with are used: llama.cpp may end the process over a bad one.
What a sampler has drawn is held against the grammar, token by token; the whole vocabulary is only where that fails.
"""

from __future__ import annotations

import ctypes
import re
from typing import Any

import llama_cpp.llama_cpp as llama
import numpy as np
import numpy.typing as npt

from cowrite.assist.engine.wire import FailureCode
from cowrite.paths import resources
from cowrite.worker.vocabulary import Vocabulary
from cowrite.worker.work import Failure

_NAME = re.compile(r"[a-z][a-z0-9_-]*")


def source_of(name: str) -> str:
    """The grammar of that name, in GBNF.

    Raises:
        Failure: there is none.
    """
    path = resources() / "grammars" / f"{name}.gbnf"
    if not _NAME.fullmatch(name) or not path.is_file():
        raise Failure(FailureCode.GRAMMAR, f"There is no grammar “{name}”.")
    return path.read_text(encoding="utf-8")


class Grammar:
    """How far one text has followed a grammar.

    Args:
        source: in GBNF, its root named `root`.
    """

    def __init__(self, vocabulary: Vocabulary, source: str) -> None:
        """Raises:
        Failure: llama.cpp does not understand it.
        """
        self._vocabulary = vocabulary
        self._sampler = llama.llama_sampler_init_grammar(vocabulary.handle, source.encode(), b"root")
        if not self._sampler:
            raise Failure(FailureCode.GRAMMAR, "llama.cpp does not understand this grammar.")
        self._single = (llama.llama_token_data * 1)()

    def close(self) -> None:
        """Gives its memory back."""
        if self._sampler:
            llama.llama_sampler_free(self._sampler)
            self._sampler = None

    def allows(self, token: int) -> bool:
        """Whether the text can go on with a token."""
        if not self._vocabulary.is_text_or_end(token):
            return False
        self._single[0].id, self._single[0].logit = token, 0.0
        array = llama.llama_token_data_array(self._single, 1, -1, False)
        llama.llama_sampler_apply(self._sampler, ctypes.byref(array))
        return bool(self._single[0].logit == 0.0)

    def filtered(self, candidates: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Those of some candidates with which the text can go on."""
        data = candidates.ctypes.data_as(llama.llama_token_data_p)
        array = llama.llama_token_data_array(data, len(candidates), -1, False)
        llama.llama_sampler_apply(self._sampler, ctypes.byref(array))
        # llama.cpp takes a control token for the text by which it is written.
        is_text = self._vocabulary.is_text_or_end(candidates["id"])
        allowed: npt.NDArray[Any] = candidates[np.isfinite(candidates["logit"]) & is_text]
        return allowed

    def accept(self, token: int) -> None:
        """Goes on with a token that it allows. The end of a text is none that it need know of."""
        if not self._vocabulary.is_end(token):
            llama.llama_sampler_accept(self._sampler, token)
