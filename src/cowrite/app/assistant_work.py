"""Work: one thing that was asked of the model in a draft, from the question to what was accepted.

Runs on the GUI thread. It knows no widgets: the panel is shown its Outcome.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from cowrite.app.assist_words import time_now
from cowrite.assist.jobs import Job, Progress
from cowrite.assist.outcomes import Made
from cowrite.assist.prompt_files import Kind, PromptFile
from cowrite.assist.proposal import Proposal
from cowrite.assist.requests import Model
from cowrite.assist.style_card import StyleCard
from cowrite.core.document import Document
from cowrite.core.richtext import utf16_length
from cowrite.gui.assistant_values import Alteration, Context, Difference, Outcome, Paragraph, Quote

CHANGED = "Somebody changed this passage meanwhile; their changes are kept and the difference was made anew."
GONE = "The passage is no longer in the draft."


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked: the task, on which stretch (UTF-16 units) of which draft, with which words, and the seed."""

    file: PromptFile
    document: Document
    span: tuple[int, int]
    words: str = ""
    seed: int = 0


class Work(ABC):
    """One thing that was asked."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._finished = ""  # of the result, by the job's own word
        self._begun = ""  # what the model has written behind it
        self._sentence = ""
        self._notes: tuple[str, ...] = ()
        self._made: Made | None = None
        self._model: Model | None = None
        self._is_final = False

    @property
    def sentence(self) -> str:
        """What is being done now, in words."""
        return self._sentence

    @property
    def is_settled(self) -> bool:
        """Whether there is nothing more to decide."""
        return False
