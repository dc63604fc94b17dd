"""The phases of a session in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cowrite.core.sessions.sessions import Phase


@dataclass(frozen=True, slots=True)
class PhaseWords:
    """What a phase is called, and what it is for in one line."""

    title: str
    purpose: str

    @property
    def short(self) -> str:
        """What it is for, in its first words, which make sense by themselves."""
        return self.purpose.replace(";", ",").split(",")[0]


PHASES: Mapping[Phase, PhaseWords] = {
    Phase.OPEN: PhaseWords("Open", "See what is still open from last time"),
    Phase.FRAME: PhaseWords("Question", "Agree on the question and on how it will be decided"),
    Phase.WRITE: PhaseWords("Write", "Write alone; the others see your notes at the reveal"),
    Phase.REVEAL: PhaseWords("Reveal", "All notes appear at once, in shuffled order"),
    Phase.BUILD: PhaseWords("Build", "Build on a few notes, combine them, contradict them"),
    Phase.GROUP: PhaseWords("Group", "Put together what belongs together"),
    Phase.CLARIFY: PhaseWords("Clarify", "Open every group once and ask what is meant"),
    Phase.RATE: PhaseWords("Rate", "Weigh the ideas alone, before anybody speaks"),
    Phase.DIFFERENCES: PhaseWords("Differences", "Talk about where you are furthest apart"),
    Phase.DECIDE: PhaseWords("Decide", "Put a proposal, and hear everybody"),
    Phase.ACT: PhaseWords("Act", "Say who does what, and when"),
    Phase.REVIEW: PhaseWords("Review", "Agree when to look at it again, then end"),
}

WRITE_AFTER_REVEAL = PhaseWords("Write", "Keep writing; the others see your notes right away")
"""In the place of those of PHASES where a group has gone back to write."""


def words_of(phase: Phase, *, is_revealed: bool) -> PhaseWords:
    """The phase of a group in words.

    Args:
        phase: it.
        is_revealed: whether everybody sees notes right away.
    """
    return WRITE_AFTER_REVEAL if phase is Phase.WRITE and is_revealed else PHASES[phase]


VARIANT_WORDS: Mapping[str, tuple[str, str]] = {
    "": ("As the template says", "The phases of the template"),
    "full": ("Full", "All phases"),
    "quick": ("Quick", "About a quarter of an hour: write, reveal, rate, act"),
    "asynchronous": ("Asynchronous", "Everybody writes when they like, until a day and hour"),
    "solo": ("Solo", "Alone: write, build, group, act"),
    "decision": ("Decision only", "One proposal, heard and decided"),
}

RULES = (
    "Consent: nobody objects",
    "Majority: more agree than disagree",
    "Advice: the decider hears everybody first",
    "One person decides",
)


def minutes_in_words(minutes: int) -> str:
    """A length of time: "6 min", "2 h", "3 days"; nothing for none."""
    for unit, one, many in ((1440, "day", "days"), (60, "h", "h")):
        if minutes >= unit and minutes % unit == 0:
            count = minutes // unit
            return f"{count} {one if count == 1 else many}"
    return f"{minutes} min" if minutes else ""
