"""Somebody who does not want any more what is being read."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count


class NotWanted(Exception):
    """Nobody wants it."""


def wanted_once() -> Callable[[], None]:
    """A check that whoever reads makes now and again: the first passes, the second raises NotWanted."""
    checks = count()

    def check() -> None:
        if next(checks) == 1:
            raise NotWanted

    return check
