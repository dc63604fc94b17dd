"""Named versions, from the menu to the document that is made again what it was: real windows, a real server process."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox

from cowrite.app.draft.draft import Draft
from cowrite.app.history.naming import why_no_naming
from cowrite.gui.history.name_dialog import NameDialog
from cowrite.gui.history.window import HistoryWindow
from cowrite.sync.status import Kind, Status
from cowrite_server.wire.protocol import Reason
from helpers.desk import SAVED, Desk, notices, same, server, write
from helpers.history_desk import added, answer, kept, key, open_history, text
from helpers.keys import press_text

pytestmark = pytest.mark.journey

NAME = "Sent to the board 🦊"
CTRL_ALT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


def dialog_of(desk: Desk, window: object) -> NameDialog:
    """The dialog that asks for a name."""
    desk.until(lambda: any(each.isVisible() for each in window.findChildren(NameDialog)))
    return next(each for each in window.findChildren(NameDialog) if each.isVisible())


def ask(desk: Desk, draft: Draft) -> NameDialog:
    """Asks for a name for what is on the page, by its shortcut."""
    draft.window.activateWindow()
    desk.until(draft.window.isActiveWindow)
    QTest.keyClick(draft.window, Qt.Key.Key_V, CTRL_ALT)
    return dialog_of(desk, draft.window)


def give(desk: Desk, dialog: NameDialog, name: str) -> None:
    """Types a name into the dialog and waits until it is given."""
    dialog.name.selectAll()
    press_text(dialog.name, name)
    key(dialog.name, Qt.Key.Key_Return)
    desk.until(lambda: dialog not in QApplication.topLevelWidgets() or not dialog.isVisible())


def listed(history: HistoryWindow) -> list[str]:
    """The names of the versions that the history lists, newest first."""
    rows = [row for row in history._rows if row.name is not None]
    return [f"{row.name.text} by {row.name.author.name}" for row in reversed(rows)]


def test_a_version_that_one_names_while_the_other_writes_on_is_found_compared_and_brought_back(sit, team_server):
    ada, ben = sit("Ada"), sit("Ben")
    draft, mate = ada.joined(team_server.invite("plan")), ben.joined(team_server.invite("plan"))
    write(draft, "We meet on Monday.")
    ada.until(lambda: same(draft, mate) and server(draft) == SAVED)
    give(ada, ask(ada, draft), NAME)
    assert f"“{NAME}”" in notices(draft)
    mate.editor.set_caret(17)
    write(mate, " or Tuesday")  # in the same minute, and so in the same moment, had it no name
    ada.until(lambda: same(draft, mate) and server(draft) == server(mate) == SAVED)
    # Ben finds what Ada has named, and sees what is new since.
    history = open_history(ben, mate, 2)
    assert listed(history) == [f"{NAME} by Ada"]
    history.side.only_named.click()
    key(history.side.moments, Qt.Key.Key_Down)
    ben.until(lambda: text(history) == "We meet on Monday.")
    assert history.head.when.accessibleName() == f"“{NAME}”"
    assert "named by Ada today at" in history.head.who.accessibleName()
    history.head.since.click()
    ben.until(lambda: added(history) == [" or Tuesday"])
    assert NAME in history.head.when.accessibleName()
    history.head.since.click()
    ben.until(lambda: text(history) == "We meet on Monday.")
    # He renames it, which Ada's history shows by itself.
    seen = open_history(ada, draft, 2)
    history.activateWindow()
    ben.until(history.isActiveWindow)
    QTest.keyClick(history.page, Qt.Key.Key_V, CTRL_ALT)
    give(ben, dialog_of(ben, history), "First draft")
    ben.until(lambda: listed(history) == ["First draft by Ben"])
    ada.until(lambda: listed(seen) == ["First draft by Ben"])
    seen.close()
    history.head.restore.click()
    assert "in “First draft”, today at" in answer(history, "Restore")
    ben.until(lambda: draft.document.text() == mate.document.text() == "We meet on Monday.")
    ben.until(lambda: "in “First draft”, today at" in notices(mate))


def test_a_name_is_never_said_to_be_given_before_the_server_has_said_so(sit, team_server):
    ada = sit("Ada")
    draft = ada.joined(team_server.invite("plan"))
    dialog = ask(ada, draft)
    press_text(dialog.name, NAME)
    key(dialog.name, Qt.Key.Key_Return)
    ada.until(dialog.message.isVisible)
    assert dialog.message.text() == "Nothing has been written in this document yet."
    dialog.reject()
    write(draft, "Written.")
    ada.until(lambda: server(draft) == SAVED)
    give(ada, ask(ada, draft), NAME)
    dialog = ask(ada, draft)
    press_text(dialog.name, "Once more")
    key(dialog.name, Qt.Key.Key_Return)
    ada.until(lambda: "Nothing has been written since" in dialog.message.text())
    draft.window.actions_["work_offline"].trigger()  # while it is asked
    ada.until(lambda: draft.history.source is None)
    key(dialog.name, Qt.Key.Key_Return)
    ada.until(lambda: "You are offline" in dialog.message.text())
    dialog.reject()
    draft.window.notices.remove("version")
    draft.window.actions_["name_version"].trigger()
    assert "You are offline" in notices(draft)
    assert "is called" not in notices(draft)


def test_who_may_only_read_sees_names_and_gives_none(sit, team_server, monkeypatch):
    ada, cy = sit("Ada"), sit("Cy")
    draft, reader = ada.join(team_server.invite("plan")), cy.join(team_server.invite("plan", "viewer"))
    write(draft, "Written.")
    ada.until(lambda: server(draft) == SAVED and same(draft, reader))
    give(ada, ask(ada, draft), NAME)
    history = open_history(cy, reader, 1)
    assert listed(history) == [f"{NAME} by Ada"]
    assert not history.head.name.isEnabled()
    assert "lets you edit" in history.head.name.toolTip()
    reader.window.actions_["name_version"].trigger()
    assert "lets you edit" in notices(reader)
    # Nor does anybody where the server is of an earlier version, whose hello says nothing of names.
    assert draft.shared is not None
    monkeypatch.setattr(
        draft.shared, "_status", Status(Kind.REFUSED, 1, reason=Reason.TOO_LARGE, limit="message_bytes")
    )
    assert why_no_naming(draft, now=True).endswith("or take it out again and put it in piece by piece.")
    monkeypatch.undo()
    draft.shared.history._questions.gives_names = False
    draft.window.actions_["name_version"].trigger()
    assert "The server of this document is of an earlier version" in notices(draft)


def test_a_version_of_a_document_on_this_computer_has_a_name_that_no_copy_takes_along(sit, tmp_path):
    ada = sit("Ada", keeps_history=True)
    draft = ada.new()
    dialog = ask(ada, draft)
    dialog.name.insert(NAME)
    key(dialog.name, Qt.Key.Key_Return)
    ada.until(dialog.message.isVisible)
    assert dialog.message.text() == "Nothing has been written in this document yet."
    dialog.reject()
    press_text(draft.editor, "We meet on Monday.")
    dialog = ask(ada, draft)
    dialog.name.insert(NAME.replace(" to", "\u2028\u202eto"))  # as text that is pasted may have it
    key(dialog.name, Qt.Key.Key_Return)
    ada.until(lambda: f"“{NAME}”" in notices(draft))
    draft.editor.set_caret(17)
    write(draft, " or Tuesday")
    history = open_history(ada, draft, 2)
    assert listed(history) == [f"{NAME} by Ada"]
    key(history.foot.slider, Qt.Key.Key_Home)
    ada.until(lambda: text(history) == "We meet on Monday.")
    history.head.name.click()
    dialog = dialog_of(ada, history)
    dialog.take.click()
    ada.until(lambda: listed(history) == [])
    assert (history.foot.count.text(), text(history)) == ("1 of 2", "We meet on Monday.")
    history.head.name.click()
    give(ada, dialog_of(ada, history), "Beta42")
    ada.until(lambda: listed(history) == ["Beta42 by Ada"])
    copies: list[object] = []
    draft.save_copy(path := tmp_path / "Copy.cowrite", lambda: copies.append(path))
    ada.until(lambda: copies)
    draft_path = draft.path
    assert b"Beta42" in kept(ada.paths)
    assert b"Beta42" not in path.read_bytes() + draft_path.read_bytes()
    history.head.delete.click()
    box = next(box for box in history.findChildren(QMessageBox) if box.isVisible())
    next(each for each in box.buttons() if each.text().replace("&", "") == "Delete").click()
    ada.until(lambda: listed(history) == [] and history.foot.count.text() == "1 of 1")
    assert b"Beta42" not in kept(ada.paths)
    ada.application.choices.set_history(False)
    history.close()
    write(draft, " And more.")
    draft.window.actions_["name_version"].trigger()
    assert "as your preferences say" in notices(draft)
