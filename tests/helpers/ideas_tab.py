"""The list of ideas in a document's window: its keys, and what it shows."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest

from cowrite.app.draft.draft import Draft
from cowrite.gui.ideas.view import IdeasView


def press(draft: Draft, key: str) -> None:
    """Presses a key where the keyboard is, shortcuts of the window included."""
    QTest.keySequence(draft.window.focusWidget(), QKeySequence(key))


def ideas(draft: Draft) -> IdeasView:
    """The list, where it is shown."""
    view = draft.window.views.current
    assert isinstance(view, IdeasView)
    return view


def texts(draft: Draft) -> list[str]:
    """What its rows say."""
    return [row.text for row in ideas(draft).list.model.rows()]


def written(path: Path, text: str) -> Path:
    """A file of this text."""
    path.write_text(text, encoding="utf-8")
    return path
