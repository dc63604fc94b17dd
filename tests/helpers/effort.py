"""How much something does, whatever else the machine does meanwhile."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def effort(run: Callable[[], object]) -> int:
    """How many lines of Python a call comes to; what libraries do in other languages is not counted."""
    lines = 0

    def count(_frame: FrameType, event: str, _of: object) -> Any:
        nonlocal lines
        lines += event == "line"
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        run()
    finally:
        sys.settrace(before)
    return lines
