"""Long work that somebody may want no more: it checks again and again whether it is to go on.

Runs anywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")

Check = Callable[[], None]
"""Is called between the parts of the work, which ends with what this raises, such as Stopped."""


class Stopped(Exception):
    """Nobody wants the work any more."""


def unwatched() -> None:
    """A Check for work that nobody ends."""


def watched(items: Iterable[Item], check: Check) -> Iterator[Item]:
    """The same items, with a check before each is handed out."""
    for item in items:
        check()
        yield item
