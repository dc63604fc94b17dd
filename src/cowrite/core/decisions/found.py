"""What a language model found decided in a text, as plain values: a person accepts it, and then it is a decision."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cowrite.core.document.assists import AssistRecord


class Standing(StrEnum):
    """How settled what was found is."""

    DECIDED = "decided"
    LEANING = "leaning"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class FoundQuote:
    """Words of the source on which it rests.

    Attributes:
        text: as they stand there.
        start, stop: where; code points.
    """

    text: str
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class FoundDecision:
    """One thing that was decided, or nearly.

    Attributes:
        text: what was decided; of an open one, what is to be decided.
        standing: how settled it is.
        owner: who sees to it, where the text says so.
        due: until when, in the words of the text or as YYYY-MM-DD; or empty.
        quotes: verbatim words of the source.
        question: what was asked, or empty.
        record: of the use of the model, or None where no model was asked.
    """

    text: str
    standing: Standing
    owner: str = ""
    due: str = ""
    quotes: tuple[FoundQuote, ...] = ()
    question: str = ""
    record: AssistRecord | None = None
