"""Keys that reach a draft’s window, the questions that it asks, and what it says of what concerns no draft."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QSize, Qt
from PySide6.QtGui import QFont, QIcon, QPixmap, QScreen
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLabel, QMessageBox, QPushButton

from cowrite.app.draft.dialogs import ask_rename, ask_unwritten
from cowrite.gui.library.window import LibraryWindow
from cowrite.gui.people.members_dialog import MembersDialog
from cowrite.gui.people.share_dialog import ShareDialog
from cowrite.gui.widgets.dialog_parts import AROUND
from cowrite.gui.widgets.line_dialog import LineDialog
from helpers.desk import notices, write

# Keys and questions


def test_a_file_that_is_no_image_is_told_of(draft, monkeypatch, tmp_path):
    (tmp_path / "broken.png").write_bytes(b"\x89PNG")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(tmp_path / "broken.png"), ""))
    draft.window.actions_["image"].trigger()
    assert "could not be read" in notices(draft)


def test_a_box_is_ticked_from_the_keyboard(draft, qtbot):
    write(draft, "[] buy milk")
    draft.window.activateWindow()
    qtbot.waitUntil(draft.window.isActiveWindow)
    QTest.keyClick(
        draft.editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    )
    assert draft.editor.formatting.state().list == "checked"
    assert draft.document.text() == "buy milk\n"


def test_keys_reach_the_commands_of_the_window(draft, qtbot):
    write(draft, "word")
    draft.editor.selectAll()
    draft.window.activateWindow()
    QApplication.processEvents()
    QTest.keyClick(draft.editor, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert next(draft.document.spans()).attributes == {"bold": True}


def test_one_line_is_asked_for_with_room_for_an_address_also_in_letters_that_are_twice_as_large(draft, qapp):
    for name, question in (("link", "Address"), ("rename", "Title of the document")):
        draft.window.actions_[name].trigger()
        (dialog,) = [each for each in draft.window.findChildren(LineDialog) if each.isVisible()]
        assert dialog.line.accessibleName() == question
        assert dialog.line.width() >= 400
        dialog.reject()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    usual = qapp.font()
    large = QFont(usual)
    large.setPointSizeF(2 * usual.pointSizeF())
    try:
        qapp.setFont(large)
        draft.window.actions_["rename"].trigger()
        (dialog,) = draft.window.findChildren(LineDialog)
        assert dialog.line.height() >= dialog.line.sizeHint().height()
        dialog.reject()
    finally:
        qapp.setFont(usual)


def test_who_looks_for_people_of_a_document_that_is_not_shared_can_share_it_there(draft):
    draft.window.actions_["people_and_links"].trigger()
    (people,) = draft.window.findChildren(MembersDialog)
    (share,) = [each for each in people.findChildren(QPushButton) if each.isVisible() and each.text() == "Share…"]
    share.click()
    assert not people.isVisible()
    (dialog,) = draft.window.findChildren(ShareDialog)
    assert dialog.isVisible()
    dialog.reject()


def test_a_question_has_the_room_around_it_of_any_dialog_and_what_loses_something_looks_dangerous(draft):
    box = ask_unwritten(draft, lambda: None)
    kinds = {each.text(): each.property("kind") or "" for each in box.buttons()}
    assert kinds == {"Save a copy…": "", "Close and lose the last changes": "danger", "Keep open": ""}
    last = max(box.buttons(), key=lambda each: each.mapTo(box, QPoint()).x())
    left, _top, right, bottom = AROUND
    corner = last.mapTo(box, last.rect().bottomRight())
    assert box.rect().bottomRight() - corner == QPoint(right, bottom)
    assert min(each.mapTo(box, QPoint()).x() for each in box.findChildren(QLabel) if each.isVisible()) == left
    box.close()


def test_a_question_for_one_line_goes_with_the_window(draft):
    draft.window.actions_["rename"].trigger()
    (dialog,) = draft.window.findChildren(LineDialog)
    dialog.line.setText("Another title")
    gone: list[bool] = []
    dialog.destroyed.connect(lambda _dialog: gone.append(True))
    assert draft.window.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert gone
    assert draft.document.meta.title == ""


def test_on_a_low_screen_a_dialog_has_its_buttons_in_sight(desk, monkeypatch):
    monkeypatch.setattr(QScreen, "availableSize", lambda _screen: QSize(800, 480))
    draft = desk.new()
    for name in ("shortcuts", "style_card", "session_begin", "preferences"):
        draft.window.actions_[name].trigger()
        desk.until(lambda: any(each.isVisible() for each in draft.window.findChildren(QDialog)))
        (dialog,) = [each for each in draft.window.findChildren(QDialog) if each.isVisible()]
        assert dialog.height() <= 480, name
        (leave,) = [each for each in dialog.findChildren(QPushButton) if each.text() in ("Close", "&Close", "Cancel")]
        assert dialog.rect().contains(leave.mapTo(dialog, leave.rect().bottomRight())), name
        dialog.close()


def test_on_a_low_screen_the_windows_themselves_fit_it(desk, monkeypatch):
    monkeypatch.setattr(QScreen, "availableSize", lambda _screen: QSize(911, 512))
    draft = desk.new()
    draft.window.actions_["library"].trigger()
    library = next(
        each for each in QApplication.topLevelWidgets() if isinstance(each, LibraryWindow) and each.isVisible()
    )
    for window in (draft.window, library):
        assert window.width() <= 911
        assert window.height() < 512


def test_what_concerns_no_draft_is_said_where_the_person_was_last_also_from_a_dialog_or_another_program(desk):
    first, second = desk.new(), desk.new()
    first.come_to_front()
    desk.until(first.window.isActiveWindow)
    ask_rename(first)
    desk.until(lambda: not first.window.isActiveWindow())
    desk.application.say("The disk is full.")
    assert ("The disk is full." in notices(first), "The disk is full." in notices(second)) == (True, False)
    assert first.window.findChild(LineDialog).close()
    assert first.window.close()
    desk.application.say("It is full still.")
    assert "It is full still." in notices(second)


def test_what_the_program_is_is_shown_with_its_icon(draft, qapp):
    icon = QPixmap(64, 64)
    icon.fill(Qt.GlobalColor.red)
    before = qapp.windowIcon()
    qapp.setWindowIcon(QIcon(icon))
    try:
        draft.window.actions_["about"].trigger()
    finally:
        qapp.setWindowIcon(before)
    (box,) = draft.window.findChildren(QMessageBox)
    assert box.iconPixmap().deviceIndependentSize() == QSize(48, 48)
    box.reject()
