"""Observers: who is told of a value, and in which order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar
from weakref import WeakMethod

Result = TypeVar("Result")
Value = TypeVar("Value")


def weakly(method: Callable[..., Result], gone: Result) -> Callable[..., Result]:
    """A callback that calls a method, and does not keep the method's object alive.

    What pycrdt calls back it holds where Python's search for garbage does not see it: an object that observes what it
    owns would stay for ever.

    Args:
        method: it.
        gone: what the callback gives once the object is gone.
    """
    found = WeakMethod(method)

    def call(*given: Any) -> Result:
        alive = found()
        return gone if alive is None else alive(*given)

    return call


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
