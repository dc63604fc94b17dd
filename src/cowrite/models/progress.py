"""How far long work on a model's file is, and how it is ended: for downloads, copies and hashes alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is: `done` of `total` bytes, and what is being done, in words for people."""

    done: int
    total: int
    doing: str


Report = Callable[[Progress], None]
"""Is told now and then, on the thread that works."""

IsCancelled = Callable[[], bool]
"""Is asked now and then; once it says yes the work ends with `Cancelled`."""


def unheard(progress: Progress) -> None:
    """A Report that nobody wants."""


def never() -> bool:
    """An IsCancelled for work that nobody ends."""
    return False
