"""Reviews: whether a decision has held, looked at on its day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from cowrite.core.fields import member, objects, text


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
    """

    on: str
    finding: Finding
    note: str = ""
    by: str = ""

    def to_json(self) -> dict[str, str]:
        """As in a decision's entry."""
        return {"on": self.on, "finding": self.finding, "note": self.note, "by": self.by}


def reviews_in(fields: Mapping[str, object]) -> tuple[Review, ...]:
    """The reviews in the fields of a decision's entry."""
    return tuple(
        Review(text(each, "on"), member(Finding, each, "finding", Finding.HELD), text(each, "note"), text(each, "by"))
        for each in objects(fields, "reviews")
    )
