"""How often something is called: `calls = counted(monkeypatch, Board, "notes")`, and later `len(calls)`."""

from __future__ import annotations

from typing import Any

import pytest


def counted(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str) -> list[tuple[Any, ...]]:
    """The arguments of each call of a function from now on, which does what it did; `owner` is a class or module."""
    calls: list[tuple[Any, ...]] = []
    function = getattr(owner, name)

    def count(*args: Any, **named: Any) -> Any:
        calls.append(args)
        return function(*args, **named)

    monkeypatch.setattr(owner, name, count)
    return calls
