"""What a language model found decided in a text, as plain values: a person accepts it, and then it is a decision."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from cowrite.core.text.quote import Quote

if TYPE_CHECKING:
    from cowrite.core.document.assists import AssistRecord


class Standing(StrEnum):
    """How settled what was found is."""

    DECIDED = "decided"
    LEANING = "leaning"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class FoundDecision:
    """One thing that was decided, or nearly.

    Attributes:
        text: what was decided; of an open one, what is to be decided.
        status: how settled it is.
        owner: who sees to it, where the text says so; or empty.
        due: until when, in the words of the text or as YYYY-MM-DD; or empty.
        quotes: words of the text that show it.
        question: what was asked, or empty.
        record: of the use of the model, or None where no model was asked.
    """

    text: str
    status: Standing
    owner: str = ""
    due: str = ""
    quotes: tuple[Quote, ...] = ()
    question: str = ""
    record: AssistRecord | None = None
