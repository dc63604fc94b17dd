"""WorkerEncoder: vectors of ideas by the sentence encoder, where one is installed and the assistant is on.

Runs on the GUI thread; the worker computes, behind all that a person waits for.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from cowrite.bridge.likeness import Vectors

if TYPE_CHECKING:
    from cowrite.app.assistant import Assistant
    from cowrite.app.assistant_switch import AssistantSwitch
    from cowrite.models.store import ModelStore


class WorkerEncoder:
    """An `Encoder` of `bridge.likeness`.

    Args:
        switch: knows whether the assistant is on.
        store: gives the folder of models.
    """

    def __init__(self, switch: AssistantSwitch, store: Callable[[], ModelStore]) -> None:
        self._switch = switch
        self._store = store

    def encode(self, texts: Sequence[str], then: Callable[[Vectors | None], None]) -> None:
        """See `Encoder`."""
        assistant = self._switch.assistant if self._switch.is_on else None
        # Loaded with the first texts: whoever has no assistant does without.
        from cowrite.models.store import State

        there = self._store().models() if assistant is not None else []
        model = next((each for each in there if each.embeds and each.state is State.PRESENT), None)
        if assistant is None or model is None:
            then(None)
            return
        path = os.fspath(model.path)
        # What is asked before the model that writes is known ends when it is.
        assistant.when_known(lambda: self._carry_out(assistant, path, texts, then))

    @staticmethod
    def _carry_out(
        assistant: Assistant, path: str, texts: Sequence[str], then: Callable[[Vectors | None], None]
    ) -> None:
        from cowrite.assist.embedding import vectors
        from cowrite.assist.requests import Lane

        job = assistant.process.carry_out(vectors(path, texts, Lane.BACKGROUND), Lane.BACKGROUND)
        job.done.connect(lambda rows: then(dict(zip(texts, rows, strict=True))))
        job.failed.connect(lambda _error: then(None))
        job.stopped.connect(lambda: then(None))
