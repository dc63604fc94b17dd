"""What is due when, by name. Runs anywhere."""

from __future__ import annotations

from collections.abc import Iterator

LATE = 0.5
"""Seconds; a look at the clock that comes so much late says that this app was held up, and nothing about others."""


class Alarms:
    """Times, in seconds of one clock, at which something is to be looked after."""

    def __init__(self) -> None:
        self._due: dict[str, float] = {}

    def set(self, name: str, time: float) -> None:
        """Sets an alarm, or sets it anew."""
        self._due[name] = time

    def has(self, name: str) -> bool:
        """Whether an alarm is set."""
        return name in self._due

    def drop(self, *names: str) -> None:
        """Takes alarms away, where they are set."""
        for name in names:
            self._due.pop(name, None)

    def clear(self) -> None:
        """Takes all away."""
        self._due.clear()

    @property
    def next(self) -> float | None:
        """When the first one goes off."""
        return min(self._due.values(), default=None)

    def ring(self, now: float) -> Iterator[str]:
        """The names of those that go off now; each goes off once. One that this makes superfluous can be dropped."""
        due = [name for name, time in self._due.items() if time <= now]
        if any(now > self._due[name] + LATE for name in due):
            # Whoever is waited for may have answered meanwhile, and the answer has not been read yet.
            self._due.update(dict.fromkeys(due, now + LATE / 2))
            return
        for name in due:
            if self._due.pop(name, None) is not None:
                yield name
