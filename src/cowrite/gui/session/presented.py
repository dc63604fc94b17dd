"""What a presentation of a session shows: frozen values.

Runs anywhere. All of it may be seen by everybody: nothing that lies sealed is in it, nor anything of one person's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cowrite.core.sessions.polls import Poll
from cowrite.core.text.direction import isolated

LONGEST = 220
"""Characters of the question, or of a wording, that are shown."""
MOST_NAMES = 12


@dataclass(frozen=True, slots=True)
class PresentedNote:
    """A note: what it says, and beside that who wrote it; empty where nobody is to know."""

    text: str
    author: str = ""


@dataclass(frozen=True, slots=True)
class PresentedGroup:
    """Notes that belong together, by their frame, their group or both; without a title those that are in none."""

    title: str
    notes: tuple[PresentedNote, ...]


@dataclass(frozen=True, slots=True)
class PresentedDecision:
    """A decision: where it stands ("Accepted"), its wording, and who saw it otherwise, or nothing."""

    status: str
    words: str
    dissent: str = ""


@dataclass(frozen=True, slots=True)
class PresentedContent:
    """What stands in the middle, from top to bottom.

    Attributes:
        decisions: of the session.
        heading: what is asked at the moment.
        figure: what counts most just now, in a few words.
        lines: sentences, or what can be voted for.
        poll: a closed one, as `Visibility` gives it, or None.
        by_spread: whether its most disputed option stands first.
        groups: of the notes that everybody has.
    """

    decisions: tuple[PresentedDecision, ...] = ()
    heading: str = ""
    figure: str = ""
    lines: tuple[str, ...] = ()
    poll: Poll | None = None
    by_spread: bool = False
    groups: tuple[PresentedGroup, ...] = ()


@dataclass(frozen=True, slots=True)
class Presented:
    """What is shown, from top to bottom.

    Attributes:
        question: of the session.
        phase: what the group is at, in a word.
        place: which of how many phases that is.
        purpose: what the phase is for.
        ends: of the deadline by this computer's clock, in milliseconds since 1970; 0 for none.
        content: what the group has come to, and what it is asked.
        done: the names of those who are done with the phase.
        waits_for: the names of those who are not.
        leader: who leads, where this person does not; or empty.
        may_lead: whether this person may move the group on.
        is_first: whether no phase comes before this one.
        is_last: whether none comes after it.
        problem: why this may not be what the others have, or what could not be done; or empty.
        told: what whoever presents would read in the window behind it; or empty.
    """

    question: str
    phase: str = ""
    place: str = ""
    purpose: str = ""
    ends: int = 0
    content: PresentedContent = PresentedContent()
    done: tuple[str, ...] = ()
    waits_for: tuple[str, ...] = ()
    leader: str = ""
    may_lead: bool = False
    is_first: bool = False
    is_last: bool = False
    problem: str = ""
    told: str = ""


def names_in_words(names: Sequence[str]) -> str:
    """Names one after the other; of many the first."""
    more = len(names) - MOST_NAMES
    named = ", ".join(map(isolated, names[:MOST_NAMES]))
    return f"{named} and {more} more" if more > 0 else named
