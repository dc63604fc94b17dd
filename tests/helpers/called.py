"""What tells the parts of a window from one another by ear."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QTreeWidget, QTreeWidgetItemIterator, QWidget

Part = TypeVar("Part", bound=QWidget)


def called(part: QWidget) -> str:
    """The name of a control; of a label, whose name is its own words, what these are."""
    return (part.accessibleDescription() if isinstance(part, QLabel) else "") or part.accessibleName()


def the(within: QWidget, kind: type[Part], name: str) -> Part:
    """The one part of a kind that is called so."""
    (found,) = [each for each in within.findChildren(kind) if called(each) == name]
    return found


def read_out(tree: QTreeWidget) -> list[str]:
    """What is heard of the rows of a tree, one after the other."""
    said = []
    places = QTreeWidgetItemIterator(tree, QTreeWidgetItemIterator.IteratorFlag.NotHidden)
    while (item := places.value()) is not None:
        said.append(item.data(0, Qt.ItemDataRole.AccessibleTextRole) or item.text(0))
        places += 1
    return said  # type: ignore[unreachable]  # PySide says that value() is never None
