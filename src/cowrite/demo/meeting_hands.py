"""The hands of somebody at a meeting: what they do in the views beside the draft, found by the names on the screen.

Each act is as in `cowrite.demo.person`: it presses keys and buttons of real windows, and yields the milliseconds in
which the application does its own work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget

from cowrite.app.draft.draft import Draft
from cowrite.core.sessions.tally import tally
from cowrite.gui.ideas.view import IdeasView

KEY_PAUSE = 6  # milliseconds between two keys
LOOK_PAUSE = 30  # milliseconds between two looks at what is waited for

Widget = TypeVar("Widget", bound=QWidget)
Order = dict[str, Any]


class MeetingHands:
    """What somebody does at a meeting.

    Args:
        draft: gives the draft that they have open.
        tell: adds a value to the answer to an order.
    """

    def __init__(self, draft: Callable[[], Draft], tell: Callable[[str, Any], None]) -> None:
        self._draft = draft
        self._tell = tell
        self.acts: dict[str, Callable[[Order], Iterator[int]]] = {
            "command": self._command,
            "click": self._click,
            "write": self._write,
            "press": self._press,
            "group": self._group,
            "wait_shown": self._wait_shown,
            "wait_done": self._wait_done,
            "wait_published": self._wait_published,
            "wait_sealed": self._wait_sealed,
            "wait_decided": self._wait_decided,
            "holds": self._holds,
            "meeting": self._meeting,
            "export_board": self._export_board,
            "export_decisions": self._export_decisions,
        }

    def _command(self, order: Order) -> Iterator[int]:
        action = self._draft().window.actions_[order["id"]]
        while not action.isEnabled():
            yield LOOK_PAUSE
        action.trigger()
        yield LOOK_PAUSE

    def _click(self, order: Order) -> Iterator[int]:
        while (found := _named(QAbstractButton, order["name"])) is None:
            yield LOOK_PAUSE
        QTest.mouseClick(found, Qt.MouseButton.LeftButton)
        yield LOOK_PAUSE

    def _write(self, order: Order) -> Iterator[int]:
        while (found := _named(QWidget, order["name"])) is None:
            yield LOOK_PAUSE
        found.setFocus()
        for character in order["text"]:
            QTest.keyClicks(found, character)
            yield KEY_PAUSE
        if order.get("enter"):
            QTest.keyClick(found, Qt.Key.Key_Return)
        yield LOOK_PAUSE

    def _press(self, order: Order) -> Iterator[int]:
        while (found := _named(QWidget, order["name"])) is None:
            yield LOOK_PAUSE
        focus: QWidget | None = found.window().focusWidget()
        target = focus if focus is not None and found.isAncestorOf(focus) else found
        for _ in range(order["times"]):
            QTest.keySequence(target, QKeySequence(order["key"]))
            yield KEY_PAUSE

    def _group(self, order: Order) -> Iterator[int]:
        """Clicks ideas in the list, and puts them into a group by keys."""
        self._draft().come_to_front()
        self._draft().window.actions_["view_ideas"].trigger()
        yield LOOK_PAUSE
        view = self._draft().brainstorming.view("ideas")
        assert isinstance(view, IdeasView)
        tree, model, held = view.list.tree, view.list.model, Qt.KeyboardModifier.NoModifier
        for text in order["texts"]:
            while not (ids := [row.id for row in model.rows() if row.text == text]):
                yield LOOK_PAUSE
            tree.scrollTo(model.index_of(ids[0]))
            yield LOOK_PAUSE
            place = tree.visualRect(model.index_of(ids[0])).center()  # others may have moved it meanwhile
            QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, held, place)
            held = Qt.KeyboardModifier.ControlModifier
        tree.setFocus()
        QTest.keySequence(tree, QKeySequence("Ctrl+G"))
        # Of the window, and not of the application: Windows lets one process alone have the keyboard, and whose turn it
        # is the person at the computer says.
        while not isinstance(title := view.window().focusWidget(), QLineEdit):
            yield LOOK_PAUSE
        QTest.keyClicks(title, order["title"])
        QTest.keyClick(title, Qt.Key.Key_Return)
        yield LOOK_PAUSE

    def _wait_shown(self, order: Order) -> Iterator[int]:
        """Waits until a label says something, or something is called so."""
        while not any(
            order["text"] in text
            for each in self._draft().window.findChildren(QWidget)
            if each.isVisible()
            for text in (each.text() if isinstance(each, QLabel) else "", each.accessibleName())
        ):
            yield LOOK_PAUSE

    def _wait_done(self, order: Order) -> Iterator[int]:
        """Waits until it has come here that so many people are done."""
        sessions = self._draft().brainstorming.brainstorm.sessions
        while not any(len(sessions.done(each.id, each.phase)) >= order["people"] for each in sessions.all()):
            yield LOOK_PAUSE

    def _wait_published(self, order: Order) -> Iterator[int]:
        while len(self._draft().brainstorming.brainstorm.visibility.published()) < order["notes"]:
            yield LOOK_PAUSE

    def _wait_sealed(self, _order: Order) -> Iterator[int]:
        """Waits until what this person sealed lies at the server."""
        brainstorm = self._draft().brainstorming.brainstorm
        while (session := brainstorm.session) is None or brainstorm.box.problem(session.id):
            yield LOOK_PAUSE

    def _wait_decided(self, order: Order) -> Iterator[int]:
        def outcomes() -> list[str]:
            return [decision.outcome for decision in self._draft().brainstorming.brainstorm.decisions.all()]

        while order["outcome"] not in outcomes():
            yield LOOK_PAUSE

    def _holds(self, order: Order) -> Iterator[int]:
        """Which of some words the document here holds, in its history too."""
        state = self._draft().document.state()
        self._tell("held", [words for words in order["words"] if words.encode() in state])
        yield 0

    def _meeting(self, _order: Order) -> Iterator[int]:
        draft = self._draft()
        brainstorm = draft.brainstorming.brainstorm
        visibility = brainstorm.visibility
        titles = {group.id: group.title for group in brainstorm.board.groups()}
        self._tell("notes", sorted([note.text, note.author, titles.get(note.group, "")]
                                   for note in visibility.published()))  # fmt: skip
        counted = [(poll.question, tally(poll).counts) for poll in visibility.polls()]
        self._tell("polls", [[question, [[count.option, count.value, count.spread] for count in counts]]
                             for question, counts in counted])  # fmt: skip
        self._tell("decisions", [
            {name: value for name, value in asdict(decision).items()
             if name in ("question", "status", "outcome", "dissent", "poll")}
            for decision in brainstorm.decisions.all()
        ])  # fmt: skip
        self._tell("embeds", [span.embed for span in draft.document.spans() if span.embed])
        yield 0

    def _export_board(self, order: Order) -> Iterator[int]:
        from cowrite.app.board.flow import export_picture

        draft = self._draft()
        export_picture(draft, "png", Path(order["file"]))
        draft.exporting.finish()
        yield LOOK_PAUSE

    def _export_decisions(self, order: Order) -> Iterator[int]:
        from cowrite.app.decisions.export import export_records
        from cowrite.core.decisions.records import records

        draft = self._draft()
        brainstorm = draft.brainstorming.brainstorm
        found = records(brainstorm.decisions, brainstorm.visibility)
        for kind, name in order["files"].items():
            export_records(found, brainstorm, kind, Path(order["folder"]) / name, draft.title)
        yield LOOK_PAUSE


def _named(kind: type[Widget], name: str) -> Widget | None:
    """The visible thing with this accessible name, or this text; the dialog's before the window's."""
    front = [dialog for dialog in (QApplication.activePopupWidget(), QApplication.activeModalWidget()) if dialog]
    for window in [*front, *(each for each in QApplication.topLevelWidgets() if each not in front)]:
        for each in window.findChildren(kind):
            text = each.text().replace("&", "") if isinstance(each, QAbstractButton) else ""
            if name in (each.accessibleName(), text) and each.isVisible() and each.isEnabled():
                return each
    return None
