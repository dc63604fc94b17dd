"""What whoever may only read can do in a session, and what becomes of what they were asked while they might write."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QPlainTextEdit

from cowrite.core.sessions.sessions import Phase
from cowrite.sync.rights import NOT_TAKEN, Rights
from cowrite_server.wire.protocol import Role
from helpers.session_table import Table


def test_who_may_only_read_takes_part_in_nothing_until_they_may_write_again(table: Table) -> None:
    table.begin()
    line = table.find(QPlainTextEdit, "A new note")
    line.setFocus()
    table.draft.connection.take_rights(Rights(False, False, False))
    QApplication.processEvents()
    table.flow.refresh()
    assert line.isReadOnly()
    assert table.draft.window.focusWidget() is line  # its words can be copied
    why = table.find(QLabel, "Why you write nothing here")
    assert why.mapTo(table.view, why.contentsRect().topLeft()).x() == line.mapTo(table.view, QPoint(0, 0)).x()
    assert not table.flow.may_lead
    assert not table.draft.window.actions_["session_done"].isEnabled()
    assert table.draft.window.actions_["session_go"].isEnabled()
    shown = [each.accessibleName() for each in table.flow.bar.findChildren(QAbstractButton) if each.isVisible()]
    assert not {"I’m done", "Next", "Take over"} & set(shown)
    table.flow.say_done(True)
    assert table.brainstorm.sessions.done(table.flow.session.id, Phase.WRITE) == []
    table.draft.connection.take_rights(Rights())
    assert not line.isReadOnly()


def test_nothing_that_was_asked_is_done_by_who_may_only_read_by_then(table: Table) -> None:
    actions = table.draft.window.actions_
    actions["session_begin"].trigger()
    beginning = table.flow.dialog
    table.find(QLineEdit, "Question", beginning).setText("Why?")
    id = table.begin(Phase.RATE, is_revealed=True)
    table.two_notes()
    table.find(QAbstractButton, "Open a poll").click()
    asking = table.flow.dialog
    actions["session_end"].trigger()
    table.draft.connection.take_rights(Rights(False, False, False))

    table.find(QAbstractButton, "Begin", beginning).click()
    table.find(QAbstractButton, "Open the poll", asking).click()
    table.answer("End")
    table.view.undo()

    assert [(each.id, each.is_over) for each in table.brainstorm.sessions.all()] == [(id, False)]
    assert table.brainstorm.visibility.polls() == []
    assert len(table.brainstorm.visibility.notes()) == 2
    beginning.reject()
    asking.reject()


def test_whoever_comments_is_said_to_be_done_and_to_have_written_only_where_the_server_takes_it(table: Table) -> None:
    id = table.begin()
    done = table.draft.window.actions_["session_done"]
    for takes_said in (False, True):
        table.draft.connection.take_rights(Rights.of(Role.COMMENTER, takes_said=takes_said))
        QApplication.processEvents()
        table.flow.refresh()
        shown = [each.accessibleName() for each in table.flow.bar.findChildren(QAbstractButton) if each.isVisible()]
        assert ("I’m done" in shown, done.isEnabled(), NOT_TAKEN in done.toolTip()) == (takes_said,) * 2 + (
            not takes_said,
        )
        table.flow.say_done(True)
        assert table.flow.is_done is takes_said
        table.write("Trees")
        assert bool(table.brainstorm.sessions.contributed(id)) is takes_said
    assert not table.flow.may_lead
    assert len(table.brainstorm.box.notes(id)) == 2
