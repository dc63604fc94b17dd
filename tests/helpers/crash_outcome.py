"""What came out of a round of `helpers.crashes`, and the words for it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Outcome:
    """What came out of a round.

    Attributes:
        seed: the round's.
        people: how many applications there were.
        kills: how often each of "a", "b" and "server" was killed.
        typed: how many tokens were reported as typed.
        acknowledged: how many of them a window had shown as saved on the server when that server was killed.
        unsafe: how many went with their application because they had just been typed; that is allowed.
        relayed: how many tokens of somebody else a window showed beside "Saved on the server" while their writer still
            waited, and a killed server did not have; that is allowed, they are their writer's to wait for.
        doubled: how many tokens there are more than once.
        lost: how many are missing that must be there.
        wrong: sentences on what must not be; empty when all is well.
        seconds: how long the round took.
        folder: what is left of it, where something is wrong.
    """

    seed: int
    people: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    typed: int = 0
    acknowledged: int = 0
    unsafe: int = 0
    relayed: int = 0
    doubled: int = 0
    lost: int = 0
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0
    folder: Path | None = None

    def __str__(self) -> str:
        kills = ", ".join(f"{who} {count}" for who, count in sorted(self.kills.items()))
        line = (
            f"seed {self.seed}: {self.people} typing, kills: {kills}; {self.typed} tokens, {self.acknowledged} "
            f"acknowledged at a kill, {self.unsafe} just typed, {self.relayed} only relayed, {self.lost} lost, "
            f"{self.doubled} doubled, {self.seconds:.1f} s"
        )
        return "\n".join([line, *(f"  {each}" for each in self.wrong), *([f"  {self.folder}"] if self.folder else [])])
