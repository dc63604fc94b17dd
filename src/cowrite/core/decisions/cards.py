"""Cards: a decision as the draft shows it where it is embedded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

EMBED = "decision"
"""The key of the embed; its value is the decision's id."""
GONE = "A decision that is no longer here"
UNDECIDED = "Not decided yet"


class Card(NamedTuple):
    """What is shown of a decision within a text.

    Attributes:
        question: what was to be decided; empty where nobody has said it.
        outcome: what was; empty while it is not.
        status: the word for where it stands, such as "Accepted".
        details: who and when, each a few words.
        is_stale: whether a passage that it rests on has changed since.
    """

    question: str
    outcome: str
    status: str
    details: tuple[str, ...] = ()
    is_stale: bool = False

    @property
    def words(self) -> str:
        """All of it, as it is read out."""
        stale = ("its evidence has changed",) if self.is_stale else ()
        said = (
            f"Decision: {self.question}" if self.question else "Decision",
            self.outcome or UNDECIDED,
            self.status,
            *self.details,
            *stale,
        )
        return " ".join(each if each.endswith((".", "?", "!")) else f"{each}." for each in said)


CardSource = Callable[[str], Card | None]
"""Gives the card of a decision's id, or None where the decision is not there."""


def embedded(embed: Mapping[str, Any] | None) -> str | None:
    """The id of the decision that an embed shows; None for any other embed."""
    id = embed.get(EMBED) if embed else None
    return id if isinstance(id, str) else None
