"""Where the keyboard goes among comments, and what the menus of the page offer of them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication

from cowrite.app.comments.shown import EMBEDDED
from cowrite.core.text.richtext import EMBED_CHARACTER
from helpers.commenting import by_bo, comment, marks, panel, press, select


def test_the_keyboard_goes_to_the_field_of_a_comment_and_back_to_the_page_and_nowhere_else(desk, draft, heard):
    select(draft, "herbs")
    draft.window.actions_["show_comments"].setChecked(True)  # makes the panel
    draft.editor.setFocus()
    gone_to = QSignalSpy(QApplication.instance().focusChanged)
    draft.window.actions_["comment"].trigger()
    field = QApplication.focusWidget()
    QTest.keyClicks(field, "Which?")
    QTest.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.focusWidget() is draft.editor
    assert [gone_to.at(number)[1] for number in range(gone_to.count())] == [field, draft.editor]
    assert "Comment made" in heard

    def pages() -> int:
        return sum("page-break" in span.attributes for span in draft.document.spans())

    assert pages() == 0, "Ctrl+Enter is the field's while one writes there"
    QTest.keyClick(draft.editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert pages() == 1


def test_a_comment_on_a_footnote_names_no_picture_and_is_no_nameless_place_by_ear(desk, draft):
    draft.window.actions_["footnote"].trigger()
    QTest.keyClicks(QApplication.focusWidget(), "Or thyme.")
    press(QApplication.focusWidget(), "Escape")
    thread = comment(desk, draft, EMBED_CHARACTER, "Which?")
    row = panel(draft).row(thread)
    assert row.quote.accessibleName() == f"{EMBEDDED}. Go to this text"
    assert row.reply.accessibleName() == f"Reply: comment by Ada on “{EMBEDDED}”"


def test_all_of_the_panel_is_reached_by_tab_and_escape_goes_back_to_the_page(desk, draft):
    mine = comment(desk, draft, "Basil", "Again?")
    by_bo(draft, "thyme")
    draft.window.actions_["show_comments"].trigger()
    draft.window.actions_["show_comments"].trigger()
    reached: list[str] = []
    for _ in range(12):
        here = QApplication.focusWidget()
        reached.append(here.accessibleName())
        press(here, "Tab")
    about = "comment by Ada on “Basil”"
    for name in ("Basil. Go to this text", "Change or remove: Again?", f"Reply: {about}", f"Resolve: {about}"):
        assert name in reached
    panel(draft).take_keyboard(mine)
    press(QApplication.focusWidget(), "Escape")
    assert draft.editor.hasFocus()


def test_the_keyboard_stays_near_when_what_had_it_goes(desk, draft):
    first, second = by_bo(draft, "plant"), by_bo(draft, "thyme")
    draft.window.actions_["show_comments"].trigger()
    reply = draft.comments.flow.comments.reply(first, "Yes", draft.author)
    (_, remark) = panel(draft).row(first).remarks
    remark.more.setFocus()
    panel(draft).removed.emit(reply)
    assert panel(draft).row(first).isAncestorOf(QApplication.focusWidget())
    panel(draft).row(first).settle.setFocus()
    panel(draft).row(first).settle.click()
    assert panel(draft).row(second).quote.hasFocus()
    panel(draft).row(second).settle.setFocus()
    panel(draft).row(second).settle.click()
    assert panel(draft)._begin.hasFocus()


def test_when_the_first_comment_comes_the_keyboard_goes_to_it_and_to_no_other_button_of_the_window(desk, draft):
    draft.window.actions_["show_comments"].setChecked(True)
    offer = draft.window.offer.ask()
    desk.until(offer.isVisible)
    panel(draft).take_keyboard()
    begin = QApplication.focusWidget()
    assert begin is not None
    assert begin.accessibleName() == "Comment on the selection"
    id = by_bo(draft, "Basil")
    desk.until(begin.isHidden)
    assert panel(draft).row(id).quote.hasFocus()


def test_the_menu_beside_the_selection_offers_to_comment(desk, draft):
    assert draft.window.actions_["comment"] in draft.window.page_menu.made().actions()


def test_the_menu_at_commented_text_shows_the_comment(desk, draft):
    def entries() -> dict[str, QAction]:
        return {each.text(): each for each in draft.window.page_menu.made().actions()}

    first, second = by_bo(draft, "Basil"), by_bo(draft, "plant")
    desk.until(lambda: len(marks(draft, draft.window.theme.comment)) == 2)
    draft.editor.set_caret(draft.document.text().index("thyme") + 2)
    assert "S&how comment" not in entries()
    for words, id in (("Basil", first), ("plant", second)):
        draft.editor.set_caret(draft.document.text().index(words) + 2)
        entries()["S&how comment"].trigger()
        desk.until(lambda id=id: panel(draft).isVisible() and panel(draft).row(id).quote.hasFocus())
