"""The requests that wait for the model, the most urgent first. Runs anywhere."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from cowrite.assist.engine.asking import Request
from cowrite.assist.requests import Lane


@dataclass(slots=True)
class Asked:
    """One request on its way.

    Attributes:
        number: its name.
        request: what is asked.
        deaths: processes that ended while it was asked.
        is_shown: whether part of the answer has been told.
    """

    number: int
    request: Request
    deaths: int = 0
    is_shown: bool = False

    @property
    def lane(self) -> Lane:
        """For whom."""
        return self.request.lane


class Queue:
    """Requests by lane; within one, first come, first served."""

    def __init__(self) -> None:
        self._lanes: dict[Lane, deque[Asked]] = {lane: deque() for lane in Lane}

    def add(self, asked: Asked) -> None:
        """Puts a request at the end of its lane."""
        self._lanes[asked.lane].append(asked)

    def put_back(self, asked: Asked) -> None:
        """Puts a request at the head of its lane: it was there before."""
        self._lanes[asked.lane].appendleft(asked)

    @property
    def first(self) -> Asked | None:
        """The request whose turn it is."""
        return next(iter(self), None)

    def remove(self, number: int) -> Asked | None:
        """Takes a request out; None where it does not wait here."""
        for asked in self:
            if asked.number == number:
                self._lanes[asked.lane].remove(asked)
                return asked
        return None

    def clear(self) -> list[Asked]:
        """Takes out all, and gives it."""
        cleared = list(self)
        for lane in self._lanes.values():
            lane.clear()
        return cleared

    def __iter__(self) -> Iterator[Asked]:
        """In the order in which they are served."""
        return (asked for lane in Lane for asked in tuple(self._lanes[lane]))

    def __len__(self) -> int:
        return sum(map(len, self._lanes.values()))
