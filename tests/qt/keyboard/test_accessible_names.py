"""What a brainstorm window is without eyes and mouse: each thing that can be used has a name, and Tab comes to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent, QAccessibleInterface
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from cowrite.app.draft.draft import Draft
from cowrite.core.board.items import Note, Place
from cowrite.core.decisions.actions import Action
from cowrite.core.decisions.decisions import Decision
from cowrite.core.decisions.parts import Argument, Choice, Stance
from cowrite.core.entries.authors import Author
from cowrite.core.sessions.polls import Option, Poll, PollKind
from cowrite.core.sessions.sessions import Phase, Session
from cowrite.gui.assistant.offer import OFFERED
from cowrite.gui.decisions.log import DecisionLog
from cowrite.gui.ideas.tree import IdeasTree
from cowrite.gui.keyboard.reading_order import ReadingOrder, stops
from cowrite.gui.look.swatches import INKS
from cowrite.gui.session.begin_dialog import BeginDialog
from cowrite.gui.window.notice_bar import Answer, Notice
from helpers.called import the
from helpers.closed_polls import close_poll
from helpers.desk import Desk, write
from helpers.mnemonics import MNEMONIC, doubled

USED = {
    QAccessible.Role.Button, QAccessible.Role.CheckBox, QAccessible.Role.RadioButton, QAccessible.Role.ComboBox,
    QAccessible.Role.EditableText, QAccessible.Role.List, QAccessible.Role.ListItem, QAccessible.Role.Tree,
    QAccessible.Role.TreeItem, QAccessible.Role.SpinBox, QAccessible.Role.PageTab, QAccessible.Role.PageTabList,
    QAccessible.Role.MenuItem, QAccessible.Role.ButtonMenu, QAccessible.Role.ButtonDropDown, QAccessible.Role.Slider,
}  # fmt: skip


def below(thing: QAccessibleInterface | None) -> Iterator[QAccessibleInterface]:
    """A thing that is seen, and all in it."""
    if thing is not None and thing.isValid() and not thing.state().invisible:
        yield thing
        for at in range(thing.childCount()):
            yield from below(thing.child(at))


def nameless(window: QWidget) -> list[str]:
    """Roles and places of what can be used and has no name."""
    return [
        f"{each.role().name} in {type(each.object().parent()).__name__ if each.object() else None}"
        for each in below(QAccessible.queryAccessibleInterface(window))
        if each.role() in USED and not each.text(QAccessible.Text.Name)
    ]


def unsaid(window: QWidget) -> list[str]:
    """Words that are seen and not read out, for a name hides them."""
    return [
        f"{words} ({name})"
        for each in below(QAccessible.queryAccessibleInterface(window))
        if isinstance(label := each.object(), QLabel) and not label.buddy()
        if (words := plain(label)) not in (name := each.text(QAccessible.Text.Name))
    ]


def plain(label: QLabel) -> str:
    words = label.text() if label.textFormat() is not Qt.TextFormat.RichText else ""
    return words.replace("&&", "&").removesuffix("…")


@pytest.fixture
def draft(desk: Desk) -> Draft:
    """One with headings, a comment, notes, a decision with an action, and a session."""
    draft = desk.new()
    write(draft, "# Herbs\nWe plant them.")
    draft.comments.flow.comments.add(0, 5, "Which?", Author("Bo", "#2f5fd0", "b"))
    brainstorm = draft.brainstorming.brainstorm
    brainstorm.board.group(brainstorm.write(Note("", text, Place(0, 0)) for text in ("Mint", "Sage")), "Green")
    stances = (Stance("Bo", "agree", "cheap"),)
    options = (Choice("Mint", (Argument("grows"),)),)
    decision = brainstorm.decisions.add(Decision("", "Which?", options=options, stances=stances, outcome="Mint."))
    brainstorm.decisions.actions.add(Action("", "dig", decision=decision))
    brainstorm.sessions.begin(Session("", "Which?", phase=Phase.WRITE, prompts=("What if not?", "What then?")))
    draft.window.notices.show_notice(Notice("lost", "problem", "It is lost.", (Answer("find", "Find it"),)))
    draft.window.actions_["suggest_changes"].trigger()
    draft.editor.edits.replace_range(9, 11, "You")
    for name in ("show_headings", "show_comments", "show_changes", "replace"):
        draft.window.actions_[name].trigger()
    draft.window.resize(1800, 900)
    return draft


def test_each_thing_where_one_chooses_a_document_or_a_template_has_a_name(desk: Desk) -> None:
    desk.new()
    desk.application.show_library()
    library = desk.application._library_flow._window
    assert library is not None
    dialog = desk.application.ask_template(library).dialog
    desk.until(lambda: len(dialog.list.titles) > 8)
    assert (nameless(library), nameless(dialog)) == ([], [])
    dialog.close()


def test_each_thing_in_a_view_has_a_name_and_tab_comes_to_it_and_out_of_the_view_again(draft: Draft) -> None:
    window = draft.window
    for view in ("draft", "board", "ideas", "decisions", "session", "session, late"):
        window.views.show_view(view.removesuffix(", late"))
        if view == "decisions":
            draft.brainstorming.go_to(draft.brainstorming.brainstorm.decisions.all()[0].id)
        assert len([each for each in below(QAccessible.queryAccessibleInterface(window)) if each.role() in USED]) > 20
        assert nameless(window) == [], view
        assert unsaid(window) == [], view
        if view == "draft":
            continue  # a page takes Tab
        if view == "session":
            line = the(window, QPlainTextEdit, "A new note")
            QTest.keyClicks(line, "Basil")
            QTest.keyClick(line, Qt.Key.Key_Return)
            draft.brainstorming.sessions.refresh()  # the list of one's own notes comes with the first
            QApplication.processEvents()
        elif view == "session, late":
            vote(draft)
        wanted = {*tab_stops(window.views), *tab_stops(window.people)}
        window.views.tabs.setFocus()
        reached: list[QWidget] = []
        for _ in range(150):
            QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
            reached.append(window.focusWidget())
            if reached[-1] is window.views.tabs:
                break
        assert len(wanted) > 6, view
        assert [each.accessibleName() for each in wanted - set(reached)] == [], view
        assert reached[-1] is window.views.tabs
        for column in (each for each in window.views.findChildren(ReadingOrder) if each.isVisible()):
            as_one_reads = stops(column.widget())
            assert [each for each in reached if each in as_one_reads] == as_one_reads, view


def test_no_button_in_the_view_of_a_session_takes_the_letter_of_a_menu(draft: Draft) -> None:
    window, brainstorm = draft.window, draft.brainstorming.brainstorm
    window.views.show_view("session")
    (session,) = brainstorm.sessions.all()
    menus = [action.text() for action in window.menuBar().actions()]
    with_letters: set[str] = set()

    def clashes() -> list[str]:
        draft.brainstorming.sessions.refresh()
        QApplication.processEvents()
        buttons = [each.text() for each in window.views.findChildren(QPushButton) if each.isVisible()]
        with_letters.update(text for text in buttons if MNEMONIC.search(text))
        return doubled([*menus, *buttons])

    for phase in Phase:
        brainstorm.sessions.go_to(session.id, phase)
        assert clashes() == []
    vote(draft)
    assert clashes() == []
    (poll,) = brainstorm.polls.all()
    close_poll(brainstorm.polls, poll.id, ())
    assert clashes() == []
    assert len(with_letters) > 8


def vote(draft: Draft) -> None:
    """Brings a ballot into the session's view, whose fields are made after all else."""
    brainstorm = draft.brainstorming.brainstorm
    (session,) = brainstorm.sessions.all()
    brainstorm.sessions.go_to(session.id, Phase.RATE)
    options = (Option("note:1", "Mint"), Option("note:2", "Sage"))
    brainstorm.polls.open(Poll("", PollKind.DOTS, "Which?", options, 3, 2, session=session.id))
    draft.brainstorming.sessions.refresh()
    QApplication.processEvents()  # what was just put into a layout is shown by an event


def tab_stops(part: QWidget) -> list[QWidget]:
    """What Tab should come to in a part of a window."""
    return [
        each
        for each in part.findChildren(QWidget)
        if each.focusPolicy() & Qt.FocusPolicy.TabFocus and each.focusProxy() is None
        if each.isVisible() and each.isEnabled() and each.window() is part.window()
    ]


def test_whoever_goes_into_a_list_hears_at_which_row_they_are(draft: Draft, qtbot: QtBot, monkeypatch) -> None:
    told: list[str] = []

    def hear(event: QAccessibleEvent) -> None:
        row = QAccessible.queryAccessibleInterface(event.object()).child(event.child())
        if event.type() is QAccessible.Event.Focus and row is not None:
            told.append(row.text(QAccessible.Text.Name))

    draft.window.views.show_view("decisions")
    draft.window.views.tabs.setFocus()
    monkeypatch.setattr(QAccessible, "isActive", lambda: True)
    monkeypatch.setattr(QAccessible, "updateAccessibility", hear)
    rows = draft.window.views.findChild(DecisionLog).list
    rows.setFocus()
    qtbot.waitUntil(lambda: bool(told))
    (words,) = told
    assert words.startswith("Which?, Proposed, ")


def test_what_is_asked_at_the_first_start_is_read_out_and_the_keyboard_goes_back_from_it_and_notices_to_the_page(
    draft: Draft, heard: list[str]
) -> None:
    window = draft.window
    window.offer.remove()
    heard.clear()
    offer = window.offer.ask()
    assert heard == [f"{offer.accessibleName()} {OFFERED}"]
    offer.findChild(QPushButton).setFocus()
    window.offer.remove()
    assert window.focusWidget() is draft.editor
    window.notices._rows["lost"].findChild(QPushButton).setFocus()
    window.notices.remove("lost")
    assert window.focusWidget() is draft.editor


def test_whoever_deletes_the_last_idea_goes_on_in_the_line_for_the_next_and_not_beside_the_list(desk: Desk) -> None:
    draft = desk.new()
    window, brainstorm = draft.window, draft.brainstorming.brainstorm
    window.views.show_view("ideas")
    brainstorm.write([Note("", "Mint", Place(0, 0))])
    tree = window.views.findChild(IdeasTree)
    desk.until(lambda: tree.isVisible() and tree.model().rowCount())
    window.activateWindow()
    desk.until(window.isActiveWindow)
    tree.setFocus()
    (note,) = brainstorm.visibility.notes()
    assert tree.go_to(note.id)
    QTest.keyClick(tree, Qt.Key.Key_Delete)
    desk.until(lambda: not tree.isVisible())
    assert window.focusWidget().accessibleName() == "Write an idea"


def test_enter_presses_the_button_that_has_the_keyboard_and_not_the_one_of_the_dialog(desk: Desk, qtbot: QtBot) -> None:
    window = desk.new().window
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    (keep_off,) = [each for each in window.offer.ask().findChildren(QPushButton) if each.text() == "Keep off"]
    keep_off.setFocus()
    with qtbot.waitSignal(keep_off.clicked):
        QTest.keyClick(keep_off, Qt.Key.Key_Return)
    palette = window.toolbar.open_colours("text_color")
    with qtbot.waitSignal(window.toolbar.colour_chosen) as chosen:
        QTest.keyClick(palette.focusWidget() or palette, Qt.Key.Key_Return)
    assert chosen.args == [INKS[0].light]
    window.actions_["session_begin"].trigger()
    qtbot.waitUntil(
        lambda: window.findChild(BeginDialog) is not None and window.findChild(BeginDialog).isActiveWindow()
    )
    dialog = window.findChild(BeginDialog)
    QTest.keyClicks(dialog.focusWidget(), "Which?")
    (cancel,) = [each for each in dialog.findChildren(QPushButton) if each.text() == "Cancel"]
    cancel.setFocus()
    with qtbot.waitSignal(dialog.rejected):
        QTest.keyClick(cancel, Qt.Key.Key_Return)


def test_whoever_saves_hears_that_it_is_done(desk: Desk, heard: list[str]) -> None:
    draft = desk.new()
    draft.window.actions_["save"].trigger()
    assert heard == ["Saved on this computer"]
    write(draft, "Herbs")
    heard.clear()
    draft.window.actions_["save"].trigger()
    desk.until(lambda: bool(heard))
    assert heard == ["Saved on this computer"]
