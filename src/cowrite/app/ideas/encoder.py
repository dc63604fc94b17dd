"""WorkerEncoder: vectors of ideas by the sentence encoder, where one is installed and the assistant is on.

Runs on the GUI thread; the worker computes, behind all that a person waits for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from cowrite.bridge.likeness import Vectors

if TYPE_CHECKING:
    from cowrite.app.assistant.switch import AssistantSwitch


class WorkerEncoder:
    """An `Encoder` of `bridge.likeness`.

    Args:
        switch: knows whether the assistant is on, which has the embedder.
    """

    def __init__(self, switch: AssistantSwitch) -> None:
        self._switch = switch

    def encode(self, texts: Sequence[str], then: Callable[[Vectors | None], None]) -> None:
        """See `Encoder`."""
        assistant = self._switch.assistant if self._switch.is_on else None
        if assistant is None:
            then(None)
            return

        def ask() -> None:
            embedder = assistant.embedder
            if embedder is None:
                then(None)
            else:
                embedder.encode(texts, then)

        # What is asked before it is known which models are here ends when it is.
        assistant.when_known(ask)
