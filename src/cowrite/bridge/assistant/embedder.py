"""Embedder: vectors of texts from the assistant's worker, each computed once.

Lives on the GUI thread and never waits on it. What is known is kept by the hash of the text, in 32 bits a number.
"""

from __future__ import annotations

import hashlib
from array import array
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from cowrite.assist.requests import Lane
from cowrite.assist.tasks.embedding import vectors

if TYPE_CHECKING:
    from cowrite.bridge.assistant.assistant_process import AssistantProcess

MOST = 4_000
"""Texts whose vectors are kept: about 6 MB."""

Then = Callable[[Mapping[str, Sequence[float]] | None], None]


class Embedder:
    """Makes vectors of texts: a `likeness.Encoder`.

    Args:
        process: gives what speaks with the worker, which starts with the first text.
        path: gives the file of the model for it; an empty one where there is none any more.
    """

    def __init__(self, process: Callable[[], AssistantProcess], path: Callable[[], str]) -> None:
        self._process = process
        self._path = path
        self._known_of = ""
        self._known: OrderedDict[bytes, array[float]] = OrderedDict()

    @property
    def path(self) -> str:
        """The file of the model; empty where there is none."""
        return self._path()

    def encode(self, texts: Sequence[str], then: Then) -> None:
        """Calls back with a vector for each text, or with None where the worker could not make them."""
        path = self._path()
        if path != self._known_of:
            self._known_of = path
            self._known.clear()
        if not path:
            then(None)
            return
        lacking = [text for text in dict.fromkeys(texts) if _key(text) not in self._known]
        if not lacking:
            then(self._of(texts))
            return
        job = self._process().carry_out(vectors(path, lacking, Lane.BACKGROUND), Lane.BACKGROUND)

        def done(rows: Sequence[Sequence[float]]) -> None:
            made = {text: array("f", row) for text, row in zip(lacking, rows, strict=True)}
            found = {**self._of(text for text in texts if text not in made), **made}
            if path == self._known_of:
                self._keep(made)
            then({text: found[text] for text in texts if text in found})

        job.done.connect(done)
        job.failed.connect(lambda _problem: then(None))
        job.stopped.connect(lambda: then(None))

    def _of(self, texts: Iterable[str]) -> dict[str, Sequence[float]]:
        found: dict[str, Sequence[float]] = {}
        for text in texts:
            row = self._known.get(_key(text))
            if row is not None:
                self._known.move_to_end(_key(text))
                found[text] = row
        return found

    def _keep(self, made: Mapping[str, array[float]]) -> None:
        for text, row in made.items():
            self._known[_key(text)] = row
        while len(self._known) > MOST:
            self._known.popitem(last=False)


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
