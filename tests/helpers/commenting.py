"""Comments beside a page: what a person does with them, and what is seen."""

from __future__ import annotations

from random import SystemRandom

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from cowrite.app.draft.draft import Draft
from cowrite.core.comments.comments import Comments
from cowrite.core.entries.authors import Author
from cowrite.core.text.origin import Origin
from cowrite.gui.comments.panel import CommentsPanel
from cowrite.gui.comments.row import ThreadRow
from helpers.copies import copy_of
from helpers.desk import Desk

BO = Author("Bo", "#2f5fd0", "b2")
TEXT = "We plant 👍 herbs.\nBasil and thyme.\n"


def commented_on(desk: Desk) -> Draft:
    """A draft with some words in a window that has the keyboard."""
    draft = desk.new()
    with draft.document.edit(Origin.LOCAL) as edit:
        edit.insert(0, TEXT)
    draft.window.activateWindow()
    desk.until(draft.window.isActiveWindow)
    return draft


def press(widget: QWidget, keys: str) -> None:
    QTest.keySequence(widget, QKeySequence(keys))


def select(draft: Draft, words: str) -> None:
    start = len(draft.document.text().partition(words)[0].encode("utf-16-le")) // 2
    draft.editor.set_caret(start + len(words.encode("utf-16-le")) // 2, start)


def by_bo(draft: Draft, words: str, said: str = "Why?") -> str:
    """A comment that a teammate has made."""
    start = len(draft.document.text().partition(words)[0].encode("utf-16-le")) // 2
    peer = copy_of(draft.document)
    comments = Comments(peer, chance=SystemRandom(), clock=lambda: 5)
    id = comments.add(start, start + len(words.encode("utf-16-le")) // 2, said, BO)
    draft.document.apply_remote(peer.update_since(draft.document.state_vector()))
    return id


def panel(draft: Draft) -> CommentsPanel:
    assert draft.window.panels.comments is not None
    return draft.window.panels.comments


def rows(draft: Draft) -> list[ThreadRow]:
    return [row for row in panel(draft).rows if not row.isHidden()]


def said(row: ThreadRow) -> list[str]:
    return [remark.text.text() for remark in row.remarks]


def marks(draft: Draft, colour: str) -> list[str]:
    """The words that are marked in a colour."""
    return [
        mark.cursor.selectedText()
        for mark in draft.editor.extraSelections()
        if mark.format.background().color() == QColor(colour)
    ]


def comment(desk: Desk, draft: Draft, words: str, said: str) -> str:
    """Comments with the keyboard alone; gives the thread's id."""
    select(draft, words)
    press(draft.window, "Ctrl+Alt+M")
    desk.until(panel(draft).form.field.hasFocus)
    QTest.keyClicks(panel(draft).form.field, said)
    QTest.keyClick(panel(draft).form.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    return next(each.thread.id for each in draft.comments.placed() if each.thread.text == said)
