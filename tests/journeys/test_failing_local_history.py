"""Local histories that cannot be kept or read, in a window."""

from __future__ import annotations

import shutil
import sys

import pytest
from PySide6.QtWidgets import QPushButton

from cowrite.app.history.left_histories import DAMAGED
from cowrite.gui.dialogs.left_histories_dialog import LeftHistoriesDialog
from cowrite.gui.history.window import HistoryWindow
from helpers.desk import write
from helpers.history_desk import answer, damage_histories, kept, open_history, text
from helpers.keys import press_text
from helpers.read_only import read_only_disk

pytestmark = pytest.mark.journey
opened = pytest.mark.skipif(sys.platform == "win32", reason="open files cannot be moved there")


def test_where_histories_cannot_be_kept_that_is_said_and_writing_goes_on(sit, caplog):
    ada = sit("Ada", keeps_history=True)
    ada.paths.histories.write_text("no folder")
    draft = ada.new()
    write(draft, "Words.")
    history = open_history(ada, draft, 0)
    ada.until(lambda: "cannot be opened" in history.message.sentence.text())
    history.close()
    write(draft, " More.")
    assert draft.document.text() == "Words. More.\n"
    ada.paths.histories.unlink()
    ada.until(lambda: draft.window.findChild(HistoryWindow) is None)
    history = open_history(ada, draft, 1)
    assert text(history) == "Words. More."
    caplog.clear()


@opened
def test_histories_that_are_taken_away_begin_anew_while_one_goes_on_writing(alone, caplog):
    ada, draft = alone
    open_history(ada, draft, 2).close()
    shutil.rmtree(ada.paths.histories)
    write(draft, " Or do.")
    ada.until(lambda: draft.window.findChild(HistoryWindow) is None)
    open_history(ada, draft, 0).close()  # before it is shown, what was written is kept
    ada.until(lambda: "it begins anew" in caplog.text)
    ada.until(lambda: draft.window.findChild(HistoryWindow) is None)
    assert text(open_history(ada, draft, 1)) == "Never mind. Or do."
    caplog.clear()


def test_a_damaged_history_without_a_document_is_said_to_be_damaged(alone, sit, caplog):
    ada, draft = alone
    path = draft.path
    ada.leave()
    path.unlink()
    damage_histories(ada.paths.histories)
    ada = sit("Ada")
    stays = ada.new()
    ada.application.choices.histories_wanted.emit(stays.window)
    dialog = stays.window.findChild(LeftHistoriesDialog)
    ada.until(lambda: dialog.list.count() == 1)
    dialog.anew.click()
    ada.until(lambda: dialog.message.text() == DAMAGED)
    assert ada.application.documents.drafts == [stays]
    dialog.accept()
    ada.leave()
    caplog.clear()


def test_a_damaged_history_can_be_deleted_and_begins_anew(alone, sit, caplog):
    ada, draft = alone
    path = draft.path
    ada.leave()
    damage_histories(ada.paths.histories)
    ada = sit("Ada")
    draft = ada.open(path)
    history = open_history(ada, draft, 0)
    ada.until(lambda: "could not be read" in history.message.sentence.text())
    buttons = {each.text(): each for each in history.message.findChildren(QPushButton)}
    assert [text for text, each in buttons.items() if each.property("kind") == "primary"] == ["Try again"]
    buttons["Delete history…"].click()
    answer(history, "Delete")
    ada.until(lambda: history.foot.count.text() == "1 of 1" and text(history) == "Never mind.")
    ada.leave()
    caplog.clear()


def test_a_document_that_can_only_be_read_brings_nothing_into_its_history(sit):
    ada = sit("Ada")
    draft = ada.new()
    press_text(draft.editor, "Old words.")
    path = draft.path
    ada.leave()
    ada = sit("Ada")
    ada.application.choices.set_history(True)
    with read_only_disk(path.parent):
        draft = ada.open(path)
        history = open_history(ada, draft, 0)
        ada.until(lambda: "can only be read" in history.message.sentence.text())
        ada.leave()
    assert b"Old words." not in kept(ada.paths)


@opened
def test_a_disk_that_fails_is_no_reason_to_delete_a_history(alone, caplog):
    ada, draft = alone
    open_history(ada, draft, 2).close()
    shutil.move(ada.paths.histories, ada.paths.histories.with_name("elsewhere"))
    ada.until(lambda: draft.window.findChild(HistoryWindow) is None)
    history = open_history(ada, draft, 0)
    ada.until(lambda: "cannot be opened" in history.message.sentence.text())
    assert "Delete history…" not in [each.text() for each in history.message.findChildren(QPushButton)]
    ada.leave()
    caplog.clear()
