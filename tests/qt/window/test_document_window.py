"""The window of a draft: every command does something, readers, people, status, keys."""

from __future__ import annotations

from types import SimpleNamespace

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QMainWindow, QMenu, QPlainTextEdit, QWidget
from shiboken6 import isValid

from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import Span
from cowrite.core.text.table import MOST_CELLS, MOST_COLUMNS
from cowrite.gui.commands.actions import NO_TABLE, Actions
from cowrite.gui.look.theme import named
from cowrite.gui.people.person import Person
from cowrite.gui.window.colour_popup import ColourPopup
from cowrite.gui.window.notice_bar import Answer, Notice
from cowrite.gui.window.toolbar import FormatToolbar
from cowrite.sync.rights import Rights
from cowrite_server.wire.protocol import Role
from helpers.desk import here, notices, server, write


def receivers(action: QAction) -> int:
    return sum(action.receivers(signal) for signal in ("2triggered(bool)", "2triggered()", "2toggled(bool)"))


def test_every_command_of_the_menus_is_answered(draft, qtbot):
    theme = named("light")
    window = QMainWindow()
    qtbot.addWidget(window)
    unanswered = Actions(window)
    toolbar = FormatToolbar(unanswered, theme, window)
    unanswered.fill(window.menuBar())
    window.addActions(unanswered.all())
    answered = draft.window.actions_
    dead = [name for name in answered if receivers(answered[name]) <= receivers(unanswered[name])]
    assert dead == []
    assert toolbar is not None


def test_a_command_for_words_or_lines_styles_them_and_its_menu_entry_is_ticked(draft, qtbot):
    write(draft, "word")
    draft.editor.selectAll()
    for name in ("bold", "italic", "underline", "strike", "code"):
        draft.window.actions_[name].trigger()
        assert next(draft.document.spans()).attributes == {name: True}
        qtbot.waitUntil(draft.window.actions_[name].isChecked)
        draft.window.actions_[name].trigger()
    actions = draft.window.actions_
    actions["heading_2"].trigger()
    qtbot.waitUntil(lambda: actions["heading_2"].isChecked() and not actions["paragraph"].isChecked())
    actions["blockquote"].trigger()
    qtbot.waitUntil(lambda: actions["blockquote"].isChecked() and not actions["heading_2"].isChecked())


def test_a_window_that_has_filled_the_screen_is_as_it_was_before(draft):
    window = draft.window
    for before in (window.showNormal, window.showMaximized):
        before()
        was = window.windowState(), window.geometry()
        QTest.keyClick(window, Qt.Key.Key_F11)
        assert window.isFullScreen()
        QTest.keyClick(window, Qt.Key.Key_F11)
        assert (window.windowState(), window.geometry()) == was


def test_the_edit_menu_means_the_field_in_which_the_person_is(draft, qtbot):
    write(draft, "herbs")
    actions = draft.window.actions_
    for opens, kind in (("find", QLineEdit), ("comment", QPlainTextEdit)):
        actions[opens].trigger()
        field = draft.window.focusWidget()
        assert isinstance(field, kind)
        qtbot.waitUntil(field.hasFocus)
        field.clear()
        QTest.keyClicks(field, "herbs")
        for name in ("select_all", "cut", "paste", "paste_plain"):
            actions[name].trigger()
        words = field.text() if isinstance(field, QLineEdit) else field.toPlainText()
        assert (words, draft.document.text()) == ("herbsherbs", "herbs\n")


def test_a_palette_of_colours_opens_once(draft):
    for name in ("text_color", "highlight"):
        draft.window.actions_[name].trigger()
        (palette,) = [each for each in draft.window.findChildren(ColourPopup) if each.isVisible()]
        palette.close()


def test_undo_is_offered_only_when_there_is_something_of_ones_own(draft, qtbot):
    undo, redo = draft.window.actions_["undo"], draft.window.actions_["redo"]
    assert not undo.isEnabled()
    write(draft, "word")
    qtbot.waitUntil(undo.isEnabled)
    undo.trigger()
    qtbot.waitUntil(lambda: redo.isEnabled() and not undo.isEnabled())


def test_a_reader_sees_that_it_may_only_read_and_finds_every_command_that_writes_off(draft):
    write(draft, "word")
    draft.window.show_read_only("You may read this document but not change it")
    actions = draft.window.actions_
    assert not any(
        actions[name].isEnabled() for name in ("bold", "paste", "cut", "undo", "heading_1", "divider", "replace")
    )
    assert all(actions[name].isEnabled() for name in ("copy", "find", "export_pdf", "print", "select_all"))
    assert any(
        label.text() == "View only" and not label.isHidden() for label in draft.window.status.findChildren(QLabel)
    )
    QTest.keyClicks(draft.editor, "more")
    assert draft.document.text() == "word\n"
    draft.window.show_read_only("")
    QTest.keyClicks(draft.editor, "more")
    assert "more" in draft.document.text()


def test_why_something_was_not_done_goes_when_the_person_goes_on(draft):
    for name in ("accept_change", "next_blank"):
        draft.window.actions_[name].trigger()
    assert "No change is suggested here." in notices(draft)
    assert "There is no blank" in notices(draft)
    write(draft, "x")
    draft.document.settle()
    assert notices(draft) == ""


def test_who_may_do_a_part_of_it_is_told_what_that_is(draft):
    draft.connection.take_rights(Rights.of(Role.COMMENTER))
    assert "Comment only" in draft.window.status.told()
    assert "Select words to comment on them." in notices(draft)
    draft.connection.take_rights(Rights.of(Role.SUGGESTER))
    draft.window.actions_["new_decision"].trigger()
    assert notices(draft).count("You may suggest changes to the text and comment on it") == 2
    assert not draft.brainstorming.brainstorm.decisions.all()
    draft.connection.take_rights(Rights())
    draft.window.actions_["new_decision"].trigger()
    assert len(draft.brainstorming.brainstorm.decisions.all()) == 1
    assert "suggest changes" not in notices(draft)


def test_a_reader_sees_that_they_may_not_comment_and_a_commenter_that_they_may(draft):
    comment = draft.window.actions_["comment"]
    draft.connection.take_rights(Rights(False, False, False))
    assert not comment.isEnabled()
    assert "not comment on it" in comment.toolTip()
    draft.window.views.show_view("board")
    draft.window.views.show_view("draft")
    assert not comment.isEnabled()
    draft.connection.take_rights(Rights(False, False, may_comment=True))
    assert comment.isEnabled()
    assert comment.toolTip() == "Comment (Ctrl+Alt+M)"


def test_who_is_looked_for_in_the_text_is_seen_there_also_from_another_view(draft):
    people = draft.window.people
    for wish, wanted in ((people.person_activated, ("7",)), (people.follow_toggled, ("7", True))):
        draft.window.views.show_view("board")
        draft.connection._teammates._places = {}
        wish.emit(*wanted)  # who is at the board, say
        assert draft.window.views.name == "board"
        draft.connection._teammates._places = {7: (0, 0)}
        wish.emit(*wanted)
        assert draft.window.views.name == "draft"
        assert draft.editor.hasFocus() or not draft.window.isActiveWindow()


def test_what_one_composes_stays_where_one_may_only_read_another_document(desk, draft, monkeypatch):
    resets: list[str] = []
    method = SimpleNamespace(reset=lambda: resets.append("reset"))
    other = desk.new()
    other.come_to_front()
    desk.until(other.window.isActiveWindow)
    monkeypatch.setattr(
        "cowrite.gui.window.document_window.QGuiApplication", SimpleNamespace(inputMethod=lambda: method)
    )
    for each, count in ((draft, 0), (other, 1)):
        each.connection.take_rights(Rights(False, False, False))
        assert len(resets) == count


def test_who_may_only_suggest_is_told_so_where_they_would_do_more(draft):
    draft.connection.take_rights(Rights(may_edit=False))
    assert "change nothing else" in draft.window.actions_["suggest_changes"].toolTip()
    draft.rename("Another")
    assert draft.window.notices.ids()[0] == "rename"
    assert "You may suggest changes to the text" in notices(draft)


def test_a_full_table_offers_no_more_rows_and_says_why_where_one_asks_for_them(draft):
    window, editor, actions = draft.window, draft.editor, draft.window.actions_

    def refused() -> dict[str, str]:
        """The commands that are off, with what their tooltips say of that in the menus."""
        window.refresh_state()
        growing = ("row_above", "row_below", "column_before", "column_behind")
        off = {name: actions[name].toolTip().partition("\n")[2] for name in growing if not actions[name].isEnabled()}
        menus = [menu for menu in actions["row_below"].associatedObjects() if isinstance(menu, QMenu)]
        menus += [menu for menu in window.page_menu.made().findChildren(QMenu) if menu.title() == "&Table"]
        assert [menu.toolTipsVisible() for menu in menus] == [any(off.values())] * len(menus)
        return off

    rows = [Span("\n" * MOST_COLUMNS, {"table": f"{number}"}) for number in range(MOST_CELLS // MOST_COLUMNS - 1)]
    editor.edits.insert_spans([Span("above\n"), *rows, Span("below")])
    editor.set_caret(draft.document.text().index("below") - 1)
    many, wide = "A table has at most 1,000 cells", "A table has at most 50 columns"
    assert refused() == {"column_before": wide, "column_behind": wide}
    QTest.keyClick(editor, Qt.Key.Key_Tab)
    assert not notices(draft)
    assert refused() == {"row_above": many, "row_below": many, "column_before": wide, "column_behind": wide}
    editor.set_caret(draft.document.text().index("below") - 1)
    QTest.keyClick(editor, Qt.Key.Key_Tab)
    assert notices(draft).strip() == "This table can have no more rows: a table has at most 1,000 cells."
    editor.set_caret(0)
    assert set(refused().values()) == {NO_TABLE}


def test_the_panel_invites_while_nobody_else_is_here(draft):
    panel = draft.window.people
    assert not panel._share.isHidden()
    panel.show_people([Person("me", "Ada", "#c4314b", is_me=True), Person("7", "Bo", "#2f5fd0")])
    assert panel._share.isHidden()


def test_a_long_text_is_counted_in_pieces_and_anew_where_somebody_writes_meanwhile(desk, draft, monkeypatch):
    monkeypatch.setattr("cowrite.gui.window.word_count.PIECES", 3)
    told: list[int] = []
    draft.window.words.changed.connect(lambda length, _selected: told.append(length.words))
    text = "one two\nthree " * 1000
    with draft.document.edit(Origin.IMPORT) as edit:
        edit.insert(0, text)
    draft.window.words.begin()
    assert told == []
    with draft.document.edit(Origin.REMOTE) as edit:
        edit.insert(8, "and a half ")
    desk.until(lambda: told)
    assert told == [3003]
    assert draft.window.status._words.text() == "3003 words"


def test_the_words_are_counted_and_those_that_are_selected(desk, draft):
    write(draft, "one two three four")
    words = draft.window.status._words
    desk.until(lambda: words.text() == "4 words")
    draft.editor.set_caret(13, 4)
    desk.until(lambda: words.text() == "2 of 4 words")
    with draft.document.edit(Origin.REMOTE) as edit:
        edit.insert(7, " and more")
    desk.until(lambda: words.text() == "4 of 6 words")
    draft.editor.set_caret(0)
    desk.until(lambda: words.text() == "6 words")


def test_the_title_follows_the_first_words_until_the_person_gives_one_and_all_is_said_to_be_saved_here(desk, draft):
    write(draft, "First words\nmore")
    desk.until(lambda: draft.window.windowTitle() == "First words — cowrite")
    desk.until(lambda: here(draft) == "Saved on this computer")
    assert server(draft) == ""
    draft.rename("Minutes")
    write(draft, "\nend")
    assert draft.window.windowTitle() == "Minutes — cowrite"


# Keyboard


def test_one_key_leads_from_the_page_through_all_parts_of_the_window_and_back(draft, qtbot):
    window = draft.window
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.actions_["show_comments"].setChecked(True)
    offer = window.offer.ask()
    qtbot.waitUntil(offer.isVisible)
    draft.editor.setFocus()
    seen = []

    def press(keys: Qt.KeyboardModifier) -> QWidget:
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_F6, keys)
        return window.focusWidget()

    for _ in range(9):
        seen.append(press(Qt.KeyboardModifier.NoModifier))
        if seen[-1] is draft.editor:
            break
    for part in (window.toolbar, window.panels.comments, window.people, offer, window.views.head):
        assert any(part is each or part.isAncestorOf(each) for each in seen)
    assert seen[-1] is draft.editor
    assert press(Qt.KeyboardModifier.ShiftModifier) is not draft.editor
    assert press(Qt.KeyboardModifier.NoModifier) is draft.editor


def test_what_the_keyboard_went_over_may_go_and_the_page_and_its_commands_stay(draft, qtbot):
    window = draft.window
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.notices.show_notice(Notice("note", "information", "There is news.", (Answer("look", "Look"),)))
    draft.editor.setFocus()
    for _ in range(12):
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_F6)
    window.notices.remove("note")
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    write(draft, "Some words")
    assert draft.document.text() == "Some words\n"
    assert all(isValid(action) for menu in window.menuBar().findChildren(QMenu) for action in menu.actions())


def test_panels_name_the_keys_that_the_person_has_now(draft) -> None:
    actions, panels = draft.window.actions_, draft.window.panels
    for name, usual in (("headings", "Ctrl+Alt+O"), ("comments", "Ctrl+Shift+M"), ("changes", "Ctrl+Alt+K")):
        actions[f"show_{name}"].setChecked(True)
        assert f"Close the {'suggested ' * (name == 'changes')}{name} ({usual})" in _tips(draft.window)
    panels.make_assistant()
    assert "Close the assistant (Ctrl+Shift+A)" in _tips(draft.window)
    draft.window.views.show_view("decisions")
    assert {"Comment on the selected text (Ctrl+Alt+M)", "Make a decision (Ctrl+Alt+N)"} <= _tips(draft.window)
    assert "“Suggest changes” (Ctrl+Alt+E)" in _words(panels.changes)

    shown = ("show_headings", "show_comments", "show_changes", "show_assistant", "suggest_changes")
    shown += ("comment", "new_decision")
    actions.show_keys({id: f"Ctrl+Alt+Shift+F{number}" for number, id in enumerate(shown, start=1)})
    closing = ("headings", "comments", "suggested changes", "assistant")
    for number, name in enumerate(closing, start=1):
        assert f"Close the {name} (Ctrl+Alt+Shift+F{number})" in _tips(draft.window)
    assert "“Suggest changes” (Ctrl+Alt+Shift+F5)" in _words(panels.changes)
    for words in ("Comment on the selected text (Ctrl+Alt+Shift+F6)", "Make a decision (Ctrl+Alt+Shift+F7)"):
        assert words in _tips(draft.window)


def _tips(window: QWidget) -> set[str]:
    return {each.toolTip() for each in window.findChildren(QAbstractButton)}


def _words(part: QWidget) -> str:
    return " ".join(each.text() for each in part.findChildren(QLabel))
