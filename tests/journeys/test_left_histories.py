"""The histories of documents that are in the trash or nowhere to be found: real windows, real files, no server."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QMessageBox

from cowrite.app.history.left_histories import IS_BACK
from cowrite.gui.dialogs.left_histories_dialog import NOTHING, UNNAMED, LeftHistoriesDialog
from helpers.history_desk import kept, open_history
from helpers.keys import press_text

pytestmark = pytest.mark.journey


def test_the_history_of_a_document_goes_with_it_to_the_trash(alone, monkeypatch):
    ada, draft = alone
    open_history(ada, draft, 2)
    path = draft.path
    assert draft.window.close()
    monkeypatch.setattr("cowrite.storage.library.closed_files.move_to_trash", lambda path: path.unlink())
    ada.application._library_flow._trash_one(str(path), wait=False)
    ada.until(lambda: b"We meet on Monday." not in kept(ada.paths))


def test_a_history_whose_document_is_nowhere_is_listed_opened_as_a_new_document_and_removed(alone, sit):
    ada, draft = alone
    draft.rename("Plan")
    open_history(ada, draft, 2).close()
    path = draft.path
    stays = ada.new()
    press_text(stays.editor, "Here.")
    assert draft.window.close()
    content = path.read_bytes()
    path.unlink()  # as a file manager does it
    preferences = ada.application.choices.ask(stays.window)
    preferences.histories_requested.emit()
    dialog = preferences.findChild(LeftHistoriesDialog)
    ada.until(lambda: dialog.title_of(dialog.current) == "Plan")
    assert dialog.list.count() == 1
    assert dialog.list.currentItem().text().startswith("Plan\nlast written on ")
    dialog.show_title(dialog.current, UNNAMED)  # as it is until its title is read
    dialog.anew.click()
    ada.until(lambda: len(ada.application.documents.drafts) == 2)
    again = ada.application.documents.drafts[-1]
    assert UNNAMED not in again.path.name
    dialog.show_title(dialog.current, "Plan")
    assert again.document.text() == "Never mind.\n"
    assert again.window.windowTitle().startswith("Plan")
    assert again.path.exists()

    def remove(dialog: LeftHistoriesDialog) -> None:
        dialog.remove.click()
        box = next(each for each in dialog.findChildren(QMessageBox) if each.isVisible())
        assert "“Plan”" in box.text()
        next(each for each in box.buttons() if each.text().replace("&", "") == "Remove").click()

    path = path.with_name("Back.cowrite")
    path.write_bytes(content)  # it comes back from the trash meanwhile
    back = ada.open(path)
    remove(dialog)
    assert dialog.message.text() == IS_BACK
    assert b"We meet on Monday." in kept(ada.paths)
    dialog.accept()
    assert back.window.close()
    path.unlink()
    preferences.histories_requested.emit()
    dialog = next(each for each in preferences.findChildren(LeftHistoriesDialog) if each.isVisible())
    ada.until(lambda: dialog.title_of(dialog.current) == "Plan")
    remove(dialog)
    ada.until(lambda: dialog.message.text() == NOTHING)
    assert b"We meet on Monday." not in kept(ada.paths)
    dialog.accept()
    preferences.accept()
