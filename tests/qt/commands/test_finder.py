"""A command is found by its words and done, wherever it stands in the menus."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from cowrite.app.draft.draft import Draft
from cowrite.gui.commands.actions import NO_TABLE, NOT_IN_TEXT
from cowrite.gui.commands.brainstorm_actions import NO_SESSION
from cowrite.gui.commands.command_finder import Command, CommandFinder, commands_of, found_by
from helpers.desk import Desk, notices, write
from helpers.drafts import lines


def asked(desk: Desk, draft: Draft) -> CommandFinder:
    """Asks for a command by its key."""
    draft.window.activateWindow()
    desk.until(draft.window.isActiveWindow)
    QTest.keySequence(draft.window, draft.window.actions_["find_command"].shortcut())
    (finder,) = draft.window.findChildren(CommandFinder)
    return finder


def texts(finder: CommandFinder) -> list[str]:
    return [finder.list.item(at).text() for at in range(finder.list.count())]


def test_a_command_is_found_by_its_words_and_done_by_keys_alone(desk: Desk) -> None:
    draft = desk.new()
    write(draft, "words")
    finder = asked(desk, draft)
    assert len(texts(finder)) > 100
    QTest.keyClicks(finder.search, "HEADING 2")
    assert texts(finder)[0] == "Heading 2"
    assert finder.list.item(0).data(Qt.ItemDataRole.AccessibleTextRole) == "Heading 2, Format, Paragraph style, " + (
        draft.window.actions_["heading_2"].shortcut().toString()
    )
    QTest.keyClick(finder.search, Qt.Key.Key_Return)
    assert next(line.attributes for line in draft.document.spans() if "\n" in line.text) == {"header": 2}


def test_keys_step_through_what_is_found_and_what_cannot_be_done_now_says_so(desk: Desk) -> None:
    draft = desk.new()
    finder = asked(desk, draft)
    QTest.keyClicks(finder.search, "undo")
    assert texts(finder)[0] == "Undo"
    QTest.keyClick(finder.search, Qt.Key.Key_Return)
    assert finder.isVisible()
    assert [label.text() for label in finder.findChildren(QLabel)] == [
        "Not possible now: there is nothing of yours to take back."
    ]
    finder.search.setText("stop what the model")
    assert finder.message.text() == "Not possible now: the model is not working on anything."
    finder.search.setText("theme")
    QTest.keyClick(finder.search, Qt.Key.Key_Down)
    assert finder.list.currentRow() == 1
    finder.search.setText("zeppelin")
    assert not texts(finder)
    assert "No command has “zeppelin”" in finder.message.text()
    finder.reject()


def test_a_command_is_found_by_the_words_of_other_programs_too(desk: Desk) -> None:
    draft = desk.new()
    for words, wanted in (("todo", "Checklist"), ("format painter", "Copy formatting"), ("picture", "Image")):
        assert wanted in [each.text for each in found_by(commands_of(draft.window.actions_), words)]
    draft.window.actions_["paste_look"].trigger()
    assert "Ctrl+Alt+Shift+B copies that" in notices(draft)
    draft.window.actions_["heading_2"].trigger()
    draft.window.actions_["copy_look"].trigger()
    assert not notices(draft)
    other = desk.new()
    write(other, "Aims")
    other.window.actions_["paste_look"].trigger()
    assert lines(other.document) == [("Aims", {"header": 2})]


def test_why_a_command_is_off_is_said_where_another_view_is_shown_or_the_caret_is_in_no_table(desk: Desk) -> None:
    draft = desk.new()
    actions = draft.window.actions_

    def reasons() -> dict[str, str]:
        return {command.id: command.why_not for command in commands_of(actions)}

    assert reasons()["row_above"] == NO_TABLE
    assert reasons()["bold"] == ""
    actions["view_ideas"].trigger()
    found = reasons()
    assert {found[id] for id in ("bold", "where", "footnote", "rewrite_shorter", "row_above")} == {NOT_IN_TEXT}
    assert {found[f"session_{name}"] for name in ("next", "done", "end")} == {NO_SESSION}
    finder = asked(desk, draft)
    QTest.keyClicks(finder.search, "bold")
    assert finder.message.text() == "Not possible now: this is for the text: View → Draft shows it."
    finder.reject()
    actions["view_draft"].trigger()
    assert reasons()["bold"] == ""
    draft.editor.tables.insert(2, 2)
    draft.window.refresh_state()
    assert reasons()["row_above"] == ""


def test_what_begins_with_the_words_stands_before_what_only_tells_of_them_and_what_is_off_last() -> None:
    commands = [
        Command("a", "Undo bold", "Edit", "", "Take back"),
        Command("b", "Bold off", "Format", "", "Light letters", is_on=False),
        Command("c", "Strong", "Format", "", "As bold as can be"),
        Command("e", "Bold table", "Format", "", "Heavier letters in a table"),
        Command("d", "Bold", "Format", "", "Heavier letters"),
    ]
    assert [each.id for each in found_by(commands, "bold")] == ["d", "e", "a", "c", "b"]
    assert [each.id for each in found_by(commands, "format letters")] == ["e", "d", "b"]
    assert [each.id for each in found_by(commands, " ")] == ["a", "b", "c", "e", "d"]
