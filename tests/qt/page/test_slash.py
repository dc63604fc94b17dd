"""A slash offers what can be put into the text, or made of the line."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QDate, QLocale, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cowrite.app.draft.draft import Draft
from cowrite.core.writing.table_commands import insert_table
from cowrite.core.writing.tables import in_table
from cowrite.gui.page.slash_list import SlashList
from helpers.desk import Desk, write
from helpers.drafts import lines
from helpers.seats import Teammate
from helpers.suggesting import marked


@pytest.fixture
def draft(desk: Desk) -> Draft:
    draft = desk.new()
    draft.window.activateWindow()
    draft.editor.setFocus()
    desk.until(draft.editor.hasFocus)
    return draft


def seen(draft: Draft) -> list[SlashList]:
    """The list that is seen, if there is one."""
    QApplication.processEvents()
    return [each for each in draft.window.findChildren(SlashList) if each.isVisible()]


def offered(draft: Draft) -> list[str]:
    """What is offered and seen."""
    return [command.text for each in seen(draft) for command in each.shown]


def key(draft: Draft, *keys: Qt.Key) -> None:
    for each in keys:
        QTest.keyClick(draft.editor, each)


def test_a_slash_makes_of_the_line_what_is_chosen_and_undo_takes_that_back_alone(draft: Draft) -> None:
    write(draft, "Plan\n/")
    assert offered(draft)[:2] == ["Heading 1", "Heading 2"]
    write(draft, "h2")
    key(draft, Qt.Key.Key_Return)
    assert offered(draft) == []
    write(draft, "Costs")
    assert lines(draft.document) == ["Plan", ("Costs", {"header": 2})]
    draft.editor.undo_own()
    assert lines(draft.document) == ["Plan", ("", {"header": 2})]
    draft.editor.undo_own()
    assert lines(draft.document) == ["Plan", ""]
    draft.editor.undo_own()
    assert lines(draft.document) == ["Plan"]
    for _ in range(3):
        draft.editor.redo_own()
    assert lines(draft.document) == ["Plan", ("Costs", {"header": 2})]


def test_a_slash_offers_the_same_in_the_cells_of_a_table(draft: Draft) -> None:
    draft.editor.set_caret(insert_table(draft.document, 0, 0, 1, 2))
    for _ in range(2):
        assert in_table(draft.document, draft.editor.caret()[1])
        write(draft, "/")
        assert "Date" in offered(draft)
        key(draft, Qt.Key.Key_Escape, Qt.Key.Key_Tab)


def test_keys_choose_and_a_click_takes(desk: Desk, draft: Draft, heard: list[str]) -> None:
    write(draft, "/")
    assert len(offered(draft)) == 22
    key(draft, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Down)
    assert heard[0].startswith("22 to put in. Heading 1, Ctrl+Alt+1, 1 of 22")
    assert heard[-1] == "Heading 2, Ctrl+Alt+2, 2 of 22"
    key(draft, Qt.Key.Key_Tab)
    write(draft, "Costs and /todo")
    desk.until(lambda: offered(draft) == ["Checklist"])
    (shown,) = seen(draft)
    QTest.mouseClick(shown.viewport(), Qt.MouseButton.LeftButton, pos=shown.visualItemRect(shown.item(0)).center())
    assert lines(draft.document) == [("Costs and ", {"list": "unchecked"})]
    assert draft.editor.hasFocus()


def test_without_a_choice_the_slash_is_text(desk: Desk, draft: Draft) -> None:
    write(draft, "/h")
    key(draft, Qt.Key.Key_Escape)
    write(draft, "\n/ h")
    key(draft, Qt.Key.Key_Return)
    write(draft, "/h")
    key(draft, Qt.Key.Key_Left)
    desk.until(lambda: not offered(draft))
    key(draft, Qt.Key.Key_End)
    write(draft, "\n/quiet")
    desk.until(lambda: not offered(draft))
    key(draft, Qt.Key.Key_Return)
    write(draft, "/tablx")
    desk.until(lambda: not offered(draft))
    key(draft, Qt.Key.Key_Backspace)
    desk.until(lambda: offered(draft) == ["Table", "Contents"])
    draft.window.toolbar.setFocus()
    draft.window.actions_["view_board"].trigger()
    assert offered(draft) == []
    assert draft.document.text() == "/h\n/ h\n/h\n/quiet\n/tabl\n"


def test_the_list_stands_at_the_line_and_stays_on_its_side_while_it_gets_shorter(desk: Desk, draft: Draft) -> None:
    draft.window.resize(900, 500)
    write(draft, "A line of words.\n" * 12 + "/")
    (shown,) = seen(draft)

    def line() -> int:
        return draft.editor.viewport().mapTo(draft.window, draft.editor.cursorRect().topLeft()).y()

    assert shown.geometry().bottom() < line()
    write(draft, "da")
    desk.until(lambda: offered(draft) == ["Date"])
    assert line() - 12 < shown.geometry().bottom() < line()
    key(draft, Qt.Key.Key_Escape)
    draft.editor.tables.insert(1, 2)
    write(draft, "/h3")
    desk.until(lambda: offered(draft) == ["Heading 3"])
    key(draft, Qt.Key.Key_Return)
    assert lines(draft.document)[-3][1]["header"] == 3, "the cell"


def test_nothing_is_offered_in_words_addresses_and_code(draft: Draft) -> None:
    for before in ("and", "https:/", "(", "`ls "):
        write(draft, before + "/")
        assert offered(draft) == [], before
        draft.editor.undo_own()
    write(draft, "word")
    key(draft, Qt.Key.Key_Home)
    write(draft, "/")
    assert offered(draft) == [], "before a word"
    write(draft, "\n```/")
    assert offered(draft) == [], "in code"


def test_a_teammate_who_writes_above_moves_what_is_offered_and_takes_nothing_from_it(desk: Desk, draft: Draft) -> None:
    write(draft, "Plan\n/h")
    desk.until(lambda: offered(draft))
    (shown,) = seen(draft)
    before = shown.y()
    other = Teammate(draft)
    other.insert(0, "More\n")
    desk.until(lambda: shown.y() > before)
    other.insert(10, "We: ")
    write(draft, "3")
    desk.until(lambda: offered(draft) == ["Heading 3"])
    key(draft, Qt.Key.Key_Return)
    assert lines(draft.document) == ["More", "Plan", ("We: ", {"header": 3})]
    write(draft, "/")
    (shown,) = seen(draft)
    other.delete(14, 1)
    QTest.mouseClick(shown.viewport(), Qt.MouseButton.LeftButton, pos=shown.visualItemRect(shown.item(1)).center())
    assert lines(draft.document) == ["More", "Plan", ("We: ", {"header": 3})]
    assert offered(draft) == []


def test_in_suggesting_what_was_typed_is_gone_and_what_is_put_in_is_suggested(desk: Desk, draft: Draft) -> None:
    write(draft, "Plan ")
    draft.window.actions_["suggest_changes"].trigger()
    write(draft, "/divid")
    desk.until(lambda: offered(draft) == ["Divider"])
    key(draft, Qt.Key.Key_Return)
    assert "/" not in draft.document.text()
    assert marked(draft.document) == "Plan {+¶+}{+\ufffc+}{+¶+}"


def test_in_suggesting_only_ones_own_lines_are_offered_styles(desk: Desk, draft: Draft) -> None:
    write(draft, "Plan ")
    draft.window.actions_["suggest_changes"].trigger()
    write(draft, "/")
    desk.until(lambda: offered(draft)[0] == "Table")
    write(draft, "h2")
    assert offered(draft) == []
    key(draft, Qt.Key.Key_Escape, *[Qt.Key.Key_Backspace] * 3)
    write(draft, "\nMore\n")
    draft.editor.set_caret(draft.editor.caret()[0] - 1)
    write(draft, " /h2")
    desk.until(lambda: offered(draft) == ["Heading 2"])
    key(draft, Qt.Key.Key_Return)
    assert [span.text for span in draft.document.spans() if span.attributes.get("header") == 2] == ["\n"]


def test_while_an_input_method_composes_the_keys_are_for_that(draft: Draft) -> None:
    write(draft, "/")
    QCoreApplication.sendEvent(draft.editor, QInputMethodEvent("たn", []))
    key(draft, Qt.Key.Key_Down)
    assert draft.document.text() == "/\n"
    event = QInputMethodEvent("", [])
    event.setCommitString("本")
    QCoreApplication.sendEvent(draft.editor, event)
    key(draft, Qt.Key.Key_Return)
    assert "/" in draft.document.text()


def test_the_date_of_today_comes_in_as_the_system_writes_it_and_goes_by_one_undo(desk: Desk, draft: Draft) -> None:
    today = QLocale.system().toString(QDate.currentDate(), QLocale.FormatType.LongFormat)
    write(draft, "**Due** /today")
    desk.until(lambda: offered(draft) == ["Date"])
    key(draft, Qt.Key.Key_Return)
    write(draft, ".")
    assert draft.document.text() == f"Due {today}.\n"
    draft.editor.undo_own()
    draft.editor.undo_own()
    assert draft.document.text() == "Due \n"
    draft.window.actions_["footnote"].trigger()
    draft.window.actions_["date"].trigger()
    assert draft.editor.footnotes.field.words.toPlainText() == today
