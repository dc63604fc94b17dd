"""Who wants to be told when something changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Observers(Generic[Value]):
    """Callbacks that are told of a value, in the order in which they came."""

    def __init__(self) -> None:
        self._callbacks: list[Callable[[Value], None]] = []

    def add(self, callback: Callable[[Value], None]) -> Callable[[], None]:
        """Adds a callback and returns the function that removes it."""
        self._callbacks.append(callback)
        return lambda: self._callbacks.remove(callback)

    def tell(self, value: Value) -> None:
        """Calls every callback."""
        for callback in tuple(self._callbacks):
            callback(value)

    def __bool__(self) -> bool:
        return bool(self._callbacks)
