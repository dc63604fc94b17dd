"""Comments and replies that are being written are kept with their document, until they are sent or given up."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from random import SystemRandom
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from cowrite.app.draft.draft import Draft
from cowrite.core.comments.comments import Comments
from cowrite.core.text.origin import Origin
from cowrite.storage.document.document_file import DocumentFile
from cowrite.sync.rights import Rights
from helpers.commenting import by_bo, comment, panel, said, select
from helpers.copies import copy_of
from helpers.desk import notices


def unsent(path: Path) -> Any:
    """The comment that a file keeps unsent."""
    with closing(sqlite3.connect(path)) as connection:
        row = connection.execute("SELECT value FROM properties WHERE name = 'unsent_comment'").fetchone()
    return {} if row is None or row[0] is None else json.loads(row[0])


def go_on(draft: Draft) -> None:
    """Presses what goes on with the comment that was left."""
    buttons = draft.window.notices.findChildren(QPushButton)
    (button,) = [each for each in buttons if each.isVisible() and each.text() == "Go on with it"]
    button.click()


def test_a_comment_that_was_begun_is_gone_on_with_when_the_document_is_opened_again(desk, draft):
    select(draft, "Basil")
    draft.window.actions_["comment"].trigger()
    QTest.keyClicks(panel(draft).form.field, "Which so")
    path = draft.path
    assert draft.window.close()
    again = desk.open(path)
    desk.until(lambda: again.window.panels.comments is not None and again.window.panels.comments.form.field.isVisible())
    assert panel(again).form.text() == "Which so"
    assert again.editor.hasFocus() or not again.window.isActiveWindow()
    with again.document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "Minutes\n")
    QTest.keyClicks(panel(again).form.field, "rt?")
    panel(again).form.send.click()
    (placed,) = again.comments.placed()
    assert (placed.thread.quote, "Which" in placed.thread.text) == ("Basil", True)
    assert again.window.close()
    assert unsent(path) == {}


def test_a_comment_that_was_left_by_escape_is_offered_to_go_on_with(desk, draft):
    select(draft, "Basil")
    draft.window.actions_["comment"].trigger()
    QTest.keyClick(panel(draft).form.field, Qt.Key.Key_Escape)
    assert not notices(draft)  # nothing was written
    draft.window.actions_["comment"].trigger()
    QTest.keyClicks(panel(draft).form.field, "Which sort?")
    QTest.keyClick(panel(draft).form.field, Qt.Key.Key_Escape)
    assert "Your comment was not sent." in notices(draft)
    go_on(draft)
    assert not notices(draft)
    form = panel(draft).form
    assert (form.text(), draft.window.focusWidget()) == ("Which sort?", form.field)
    desk.until(lambda: unsent(draft.path).get("text") == "Which sort?")  # and it is kept again
    form.send.click()
    assert [placed.thread.text for placed in draft.comments.placed()] == ["Which sort?"]


def test_a_comment_that_is_being_written_stays_with_its_text_when_another_one_is_begun(desk, draft):
    select(draft, "Basil")
    draft.window.actions_["comment"].trigger()
    QTest.keyClicks(panel(draft).form.field, "Which sort?")
    select(draft, "Basil")
    draft.window.actions_["comment"].trigger()  # on the same words: it goes on
    assert (panel(draft).form.text(), notices(draft)) == ("Which sort?", "")
    select(draft, "thyme")
    draft.window.actions_["comment"].trigger()
    assert panel(draft).form.text() == ""
    QTest.keyClicks(panel(draft).form.field, "How much?")
    for words in ("Which sort?", "How much?"):
        go_on(draft)
        assert panel(draft).form.text() == words
    panel(draft).form.send.click()
    go_on(draft)
    panel(draft).form.send.click()
    said = {placed.thread.text: placed.thread.quote for placed in draft.comments.placed()}
    assert said == {"Which sort?": "Basil", "How much?": "thyme"}


def test_a_reply_and_another_wording_that_were_begun_are_gone_on_with_when_the_document_is_opened_again(desk, draft):
    ids = [by_bo(draft, "plant"), by_bo(draft, "thyme")]
    mine = comment(desk, draft, "Basil", "How much?")
    draft.window.actions_["show_comments"].setChecked(True)
    panel(draft).row(ids[1]).reply.click()
    QTest.keyClicks(panel(draft).row(ids[1]).form.field, "Half of ")
    desk.until(lambda: unsent(draft.path).get("replies") == {ids[1]: "Half of "})
    QTest.keyClicks(panel(draft).row(ids[1]).form.field, "wh")
    (remark,) = panel(draft).row(mine).remarks
    remark.more.menu().actions()[0].trigger()
    assert panel(draft).wordings() == {}, "nothing is other than it was"
    QTest.keyClicks(remark.form.field, "How many ")
    desk.until(lambda: unsent(draft.path).get("wordings") == {mine: "How many"})

    path = draft.path
    assert draft.window.close()
    again = desk.open(path)
    desk.until(lambda: again.window.panels.comments is not None and panel(again).row(ids[1]).is_written_in)
    assert again.editor.hasFocus() or not again.window.isActiveWindow()
    assert not panel(again).row(ids[0]).is_written_in
    field = panel(again).row(ids[1]).form.field
    assert field.toPlainText() == "Half of wh"
    field.moveCursor(QTextCursor.MoveOperation.End)
    QTest.keyClicks(field, "at?")
    panel(again).row(ids[1]).form.send.click()
    assert said(panel(again).row(ids[1]))[-1] == "Half of what?"

    (remark,) = panel(again).row(mine).remarks
    assert remark.form.field.toPlainText() == "How many"
    assert remark.text.isHidden()
    remark.form.field.moveCursor(QTextCursor.MoveOperation.End)
    QTest.keyClicks(remark.form.field, " pots?")
    remark.form.send.click()
    assert said(panel(again).row(mine)) == ["How many pots?"]
    assert again.window.close()
    assert unsent(path) == {}


def test_a_reply_that_is_being_written_stays_when_somebody_resolves_the_thread(desk, draft):
    id = by_bo(draft, "thyme")
    draft.window.actions_["show_comments"].trigger()
    for ends in ("cancel", "send"):
        panel(draft).row(id).reply.click()
        form = panel(draft).row(id).form
        QTest.keyClicks(form.field, "But why?")
        peer = copy_of(draft.document)
        comments = Comments(peer, chance=SystemRandom(), clock=lambda: 9)
        comments.resolve(comments.get(id).thread)
        draft.document.apply_remote(peer.update_since(draft.document.state_vector()))
        assert draft.comments.placed()[0].thread.is_resolved
        assert panel(draft).row(id).form is form
        assert form.text() == "But why?"
        if ends == "cancel":
            QTest.keyClick(form.field, Qt.Key.Key_Escape)
            assert panel(draft).row(id) is None
            draft.comments.flow.comments.reopen(id)
        else:
            form.send.click()
            assert said(panel(draft).row(id))[-1] == "But why?"
            assert not draft.comments.placed()[0].thread.is_resolved


def test_a_comment_that_is_being_written_is_in_the_file_soon_and_in_no_copy(desk, draft, tmp_path):
    select(draft, "Basil")
    draft.window.actions_["comment"].trigger()
    QTest.keyClicks(panel(draft).form.field, "Which")
    desk.until(lambda: unsent(draft.path).get("text") == "Which")
    copies = []
    draft.save_copy(copy := tmp_path / "Copy.cowrite", lambda: copies.append(copy))
    desk.until(lambda: copies)
    assert unsent(copy) == {}, "a copy may be given away"
    QTest.keyClick(panel(draft).form.field, Qt.Key.Key_Escape)
    desk.until(lambda: unsent(draft.path) == {})


def test_what_makes_no_sense_as_a_comment_keeps_nobody_from_the_text(desk, draft):
    path = draft.path
    assert draft.window.close()
    for kept in (
        {"start": 1},
        {"replies": {"x": "Why?", "y": 1}},
        {"replies": "x"},
        {"wordings": {"x": "Why?"}},
        {"wordings": ["x"]},
        {"text": "Why?", "quote": "x"},
        [],
        "words",
    ):
        with closing(DocumentFile.open(path)) as file:
            file.properties["unsent_comment"] = kept
        again = desk.open(path)
        assert "thyme" in again.document.text(), kept
        desk.until(lambda again=again: not again.comments._soon.isActive())
        panel = again.window.panels.comments
        assert panel is None or not panel.form.field.isVisible(), kept
        assert again.window.close()


def test_what_is_being_written_stays_where_the_person_may_no_longer_comment(desk, draft):
    by_bo(draft, "plant")
    id = comment(desk, draft, "thyme", "How much?")
    draft.window.actions_["show_comments"].trigger()
    (remark,) = panel(draft).row(id).remarks
    remark.more.menu().actions()[0].trigger()
    QTest.keyClicks(remark.form.field, "How many pots?")
    draft.connection.take_rights(Rights(False, False, False))
    remark.form.send.click()
    assert "not comment on it" in notices(draft)
    assert remark.form.text() == "How many pots?"
    draft.connection.take_rights(Rights())
    remark.form.send.click()
    assert (said(panel(draft).row(id)), remark.form.isHidden()) == (["How many pots?"], True)
