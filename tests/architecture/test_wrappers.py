"""What PySide would let go of too early is not asked for."""

from __future__ import annotations

from pathlib import Path

import cowrite


def test_no_module_walks_the_focus_chain():
    """PySide hands what it gives over to the widget that was asked, which may be gone long before."""
    texts = {path: path.read_text(encoding="utf-8") for path in Path(cowrite.__file__).parent.rglob("*.py")}
    asked = ("nextInFocusChain()", "previousInFocusChain()")
    assert [path.name for path, text in texts.items() if any(each in text for each in asked)] == []
