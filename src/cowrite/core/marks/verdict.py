"""Verdict: how somebody has decided on a suggested change, and what they knew of it, as its entry says.

Pure. For example, Ada accepts "three" while Bo goes on and writes "three hundred". Her verdict says how much Bo had
written by then, so his copy can tell that nobody has accepted "hundred".
"""

from __future__ import annotations

from typing import Any, NamedTuple

from cowrite.core.entries.fields import Fields, text, truth, whole
from cowrite.core.text.richtext import MOST_EXACT

OPEN, ACCEPTED, REJECTED = "", "accepted", "rejected"
"""The states of a change: nobody has decided on it, or how somebody has."""

ENDED = ("state", "decided_by", "decided")
"""The fields that say how a change has ended."""

_KNOWING = "knowing"

MOST_AFTER = 50
"""So many verdicts are named behind which one was given, the newest ones."""


class Verdict(NamedTuple):
    """How somebody has decided.

    Attributes:
        state: one of the three.
        by: what they are called.
        turn: how many decisions there have been on the change, each by who knew of the one before; 0 for none, or where
            it is not known: an older cowrite does not say it, nor who may only suggest.
        clock: how much of what its copy had written they knew, in units; all of it where it is not known.
        is_move: whether they have accepted it as a move.
        after: when the verdicts were given of which they knew, the last one first, in milliseconds since 1970; an older
            cowrite counts turns alone.
    """

    state: str
    by: str
    turn: int = 0
    clock: int = MOST_EXACT
    is_move: bool = False
    after: tuple[int, ...] = ()

    def knows(self, turn: int, decided: int) -> bool:
        """Whether who has given it knew of another one.

        Args:
            turn: of that.
            decided: when it was given; 0 where that is not known.
        """
        are_named = decided and self.after and len(self.after) < MOST_AFTER
        return turn < self.turn and (not are_named or decided in self.after)

    def fields(self, decided: int) -> dict[str, Any]:
        """What the entry says of it.

        Args:
            decided: when that was, in milliseconds since 1970.
        """
        knowing = {"decided": decided, **self._asdict(), "after": list(self.after)}
        return {"state": self.state, "decided_by": self.by, "decided": decided, _KNOWING: knowing}


def verdict_in(fields: Fields) -> Verdict:
    """The last verdict on a change.

    Args:
        fields: of its entry.
    """
    verdict, knowing = Verdict(text(fields, "state"), text(fields, "decided_by")), _knowing(fields)
    if not knowing or knowing.get("decided") != fields.get("decided"):  # by who did not say it
        return verdict
    # Of two at once one wins, field by field; but in a field of which it has left the value, the other's can be.
    if said := text(knowing, "state"):
        verdict = Verdict(said, text(knowing, "by"))
    turn, clock = whole(knowing, "turn"), whole(knowing, "clock")
    return verdict._replace(turn=turn, clock=clock, is_move=truth(knowing, "is_move"), after=_after(knowing))


def next_turn(fields: Fields, by: str) -> int:
    """The turn of a decision that is made now. Who decides anew on what they have decided themselves puts that right.

    Args:
        fields: of the change's entry.
        by: who decides.
    """
    verdict, known = verdict_in(fields), whole(_knowing(fields), "turn")
    if verdict.state == OPEN:
        return known + 1
    return max(1, known) + (verdict.by != by)


def known_in(fields: Fields) -> tuple[int, ...]:
    """When the verdicts on a change were given that are known now; see `Verdict.after`.

    Args:
        fields: of its entry.
    """
    decided = whole(fields, "decided")
    return ((decided, *verdict_in(fields).after) if decided else ())[:MOST_AFTER]


def _after(knowing: Fields) -> tuple[int, ...]:
    after = knowing.get("after")
    return tuple(each for each in after if isinstance(each, int))[:MOST_AFTER] if isinstance(after, list) else ()


def _knowing(fields: Fields) -> Fields:
    known = fields.get(_KNOWING)
    return known if isinstance(known, dict) else {}
