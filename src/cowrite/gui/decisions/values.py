"""What the view of decisions is told: rows of the log, the sheet of one decision, lines of actions.

Pure. Whoever makes these values has asked `core.sessions.visibility`; what is in them may be shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from cowrite.core.decisions.actions import Action
from cowrite.core.decisions.decisions import Decision
from cowrite.core.decisions.lineage import Lineage
from cowrite.core.decisions.records import Quoted
from cowrite.core.text.search import compiled, has_all

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
FILTERS = {
    "all": "All decisions",
    "proposed": "Proposed",
    "accepted": "Accepted",
    "rejected": "Rejected",
    "superseded": "Superseded",
    "due": "Due for review",
    "stale": "Evidence changed",
}
"""What the log can be narrowed to, and the words for it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One decision in the log.

    Attributes:
        id: of the decision.
        question: what was to be decided.
        outcome: the first line of what was.
        status: the word for where it stands.
        day: of the decision, or of when it was put down (YYYY-MM-DD).
        is_due: whether it is due for review.
        is_stale: whether a passage that it rests on has changed.
        succession: in words, that it is to take another one's place, or the other way round; or empty.
        words: all that a search finds it by.
    """

    id: str
    question: str
    outcome: str
    status: str
    day: str
    is_due: bool = False
    is_stale: bool = False
    succession: str = ""
    words: str = ""

    @property
    def marks(self) -> tuple[str, ...]:
        """What else is to be known of it at once."""
        due, stale = "Due for review" if self.is_due else "", "Evidence changed" if self.is_stale else ""
        return tuple(each for each in (self.succession, due, stale) if each)

    @property
    def spoken(self) -> str:
        """All of it, as it is read out."""
        marks = map(str.lower, self.marks)
        return ", ".join(each for each in (self.question or "No question yet", self.status, self.day, *marks) if each)


def month(day: str) -> str:
    """The month of a day (YYYY-MM-DD) in words."""
    year, _, rest = day.partition("-")
    number = rest[:2]
    return f"{MONTHS[int(number) - 1]} {year}" if number.isdigit() and 1 <= int(number) <= 12 else "Without a date"


def matching(rows: Iterable[Row], query: str, kind: str) -> list[Row]:
    """The rows that have all words of a query and are of one kind, a key of FILTERS."""
    wanted = [compiled(word) for word in query.split()]
    return [row for row in rows if _is_kind(row, kind) and has_all(wanted, row.words)]


def oldest_first(rows: Iterable[Row]) -> list[Row]:
    """Rows by their days; those of one day, as a meeting makes them, as they were made."""
    return sorted(rows, key=lambda row: row.day)


def by_month(rows: Iterable[Row]) -> list[tuple[str, list[Row]]]:
    """Rows, the newest first, below the months to which they belong."""
    newest_first = reversed(oldest_first(rows))
    return [(name, list(group)) for name, group in groupby(newest_first, lambda row: month(row.day))]


def _is_kind(row: Row, kind: str) -> bool:
    return {"all": True, "due": row.is_due, "stale": row.is_stale}.get(kind, row.status.lower() == kind)


@dataclass(frozen=True, slots=True)
class ActionLine:
    """One action.

    Attributes:
        action: it.
        question: of the decision that it follows from, or what that is called without one; or empty.
        is_overdue: whether its day has passed and it is not done.
    """

    action: Action
    question: str = ""
    is_overdue: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One decision with all that its card shows.

    Attributes:
        decision: it.
        status: the word for where it stands.
        hindrance: why it cannot be accepted yet; empty where it can.
        quotes: its evidence, with the words of now.
        vote: what the poll came to, one line for each option.
        lineage: what it rests on, and what rests on it.
        ideas: the words of notes and groups that something can rest on, by id.
        proposals: for each sentence of the outcome, ids that share words with it.
        actions: what follows.
        supersedes, superseded_by: the names of those decisions, also while the later one is proposed.
        is_due: whether it is due for review.
        next_review: the day that is offered for the next look back.
        wording: from which model its first wording is, and who accepted it; empty for people's own.
    """

    decision: Decision
    status: str
    hindrance: str = ""
    quotes: tuple[Quoted, ...] = ()
    vote: tuple[str, ...] = ()
    lineage: Lineage = field(default_factory=Lineage)
    ideas: Mapping[str, str] = field(default_factory=dict)
    proposals: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    actions: tuple[ActionLine, ...] = ()
    supersedes: str = ""
    superseded_by: str = ""
    is_due: bool = False
    next_review: str = ""
    wording: str = ""
