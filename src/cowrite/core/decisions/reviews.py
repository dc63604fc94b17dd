"""Reviews: whether a decision has held, looked at on its day."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Finding(StrEnum):
    """What a review found."""

    HELD = "held"
    CHANGED = "changed"
    """It stands, in other words or with something added."""
    SUPERSEDED = "superseded"
    """Another one takes its place."""


@dataclass(frozen=True, slots=True)
class Review:
    """One look back.

    Attributes:
        on: the day (YYYY-MM-DD).
        finding: whether it has held.
        note: what was seen, in a person's words.
        by: the name of who looked.
        id: which of the decision's reviews it is; empty while it is in no document. Says nothing of what it is.
    """

    on: str
    finding: Finding
    note: str = ""
    by: str = ""
    id: str = field(default="", compare=False)
