"""Comments on a shared draft: real applications, a real server, and what each role may do."""

from __future__ import annotations

import pytest
from pycrdt import Doc, Map, Text
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest

from cowrite.app.draft.draft import Draft
from cowrite.core.text.origin import Origin
from cowrite.gui.comments.row import ThreadRow
from cowrite_server.wire.protocol import Role
from helpers.desk import SAVED, Desk, hear_role, notices, server, write

pytestmark = pytest.mark.journey

CTRL = Qt.KeyboardModifier.ControlModifier


def joined(desk: Desk, link: str, draft: Draft) -> Draft:
    """Somebody else's copy of a draft, once it has all of it."""
    mate = desk.join(link)
    desk.until(lambda: mate.document.text() == draft.document.text() and mate.shared.role is not None)
    return mate


def begin_comment(desk: Desk, draft: Draft, words: str) -> None:
    """Selects words and asks for a field to comment on them in, as a person does."""
    start = draft.document.text().index(words)
    draft.editor.set_caret(start + len(words), start)
    draft.window.activateWindow()
    desk.until(draft.window.isActiveWindow)
    QTest.keySequence(draft.window, QKeySequence("Ctrl+Alt+M"))
    panel = draft.window.panels.comments
    assert panel is not None
    desk.until(panel.form.field.isVisible)


def comment(desk: Desk, draft: Draft, words: str, said: str) -> None:
    """Selects words and comments on them, as a person does."""
    begin_comment(desk, draft, words)
    QTest.keyClicks(draft.window.panels.comments.form.field, said)
    QTest.keyClick(draft.window.panels.comments.form.field, Qt.Key.Key_Return, CTRL)


def mark_as_suggested(draft: Draft, length: int) -> None:
    """Another program lays the mark of somebody's suggestion over text that is none of it."""
    doc: Doc[Text] = Doc()
    doc.apply_update(draft.document.state())
    before = doc.get_state()
    doc.get("suggestions", type=Map)["change:1"] = Map({"client": doc.client_id})
    doc.get("body", type=Text).format(0, length, {"insertion": "change:1"})
    draft.document.apply_update(doc.get_update(before), Origin.IMPORT)


def rows(draft: Draft) -> list[ThreadRow]:
    draft.window.actions_["show_comments"].setChecked(True)
    assert draft.window.panels.comments is not None
    return list(draft.window.panels.comments.rows)


def said(draft: Draft) -> list[list[str]]:
    """What each thread that is shown says."""
    return [[remark.text.text() for remark in row.remarks] for row in rows(draft)]


def test_who_may_comment_does_so_on_a_page_that_is_for_reading_and_is_answered(sit, ada, draft, team_server):
    bo = sit("Bo")
    mate = joined(bo, team_server.invite("plan", "commenter"), draft)
    bo.until(mate.editor.isReadOnly)
    assert "You may comment on this document" in notices(mate)
    mark_as_suggested(draft, 2)  # which those put right who may write
    bo.until(lambda: "insertion" in mate.document.rope.attributes_at(0))
    comment(bo, mate, "herbs", "Which ones?")
    bo.until(lambda: said(draft) == [["Which ones?"]] and server(mate) == SAVED)
    assert "The server did not take" not in notices(mate)
    row = rows(draft)[0]
    assert [remark.name.text() for remark in row.remarks] == ["Bo"]

    row.reply.click()
    QTest.keyClicks(row.form.field, "Basil")
    row.form.send.click()
    bo.until(lambda: said(mate) == [["Which ones?", "Basil"]])
    rows(mate)[0].settle.click()
    bo.until(lambda: said(draft) == [])
    write(mate, "not allowed")
    assert mate.document.text() == draft.document.text() == "We plant herbs."


def test_what_a_commenter_changes_besides_is_refused_and_named(sit, ada, draft, team_server):
    bo = sit("Bo")
    mate = joined(bo, team_server.invite("plan", "commenter"), draft)
    bo.until(mate.editor.isReadOnly)
    hear_role(mate, Role.EDITOR)  # as if a broken program let them write
    write(mate, "sneaked in")
    bo.until(lambda: "The server did not take “sneaked in”" in notices(mate))
    assert server(mate) == "You may comment on this document but not change it"
    assert "sneaked" not in draft.document.text()


def test_what_a_commenter_says_without_network_arrives_when_it_is_back(sit, ada, draft, team_server):
    bo = sit("Bo")
    mate = joined(bo, team_server.invite("plan", "commenter"), draft)
    team_server.process.kill()
    bo.until(lambda: server(mate).startswith("Offline"))
    comment(bo, mate, "herbs", "Which ones?")
    path = mate.path
    bo.leave()
    bo = sit("Bo")
    again = bo.open(path)
    assert again.connection.comment_refusal == ""
    assert "You may comment on this document" in notices(again)
    team_server.start()
    bo.until(lambda: said(draft) == [["Which ones?"]])
    bo.until(lambda: server(again) == SAVED)


def test_who_is_away_is_mentioned_by_a_commenter_and_told_when_they_are_back(sit, ada, draft, team_server):
    path = draft.path
    ada.leave()
    bo = sit("Bo")
    mate = bo.join(team_server.invite("plan", "commenter"))
    bo.until(lambda: "herbs" in mate.document.text() and mate.editor.isReadOnly())
    begin_comment(bo, mate, "herbs")
    field = mate.window.panels.comments.form.field
    QTest.keyClicks(field, "Which, @a")
    bo.until(lambda: field.naming.list is not None and field.naming.list.names == ["Ada"])
    for key, held in ((Qt.Key.Key_Tab, Qt.KeyboardModifier.NoModifier), (Qt.Key.Key_Return, CTRL)):
        QTest.keyClick(field, key, held)
    bo.until(lambda: said(mate) == [["Which, @Ada"]] and server(mate) == SAVED)
    assert "mention" not in notices(mate)
    ada = sit("Ada")
    back = ada.open(path)
    ada.until(lambda: "Bo mentions you: “Which, @Ada”" in notices(back))
    back.window.notices.answered.emit("commented", "show_mention")
    assert [row.quote.hasFocus() for row in rows(back)] == [True]


def test_a_viewer_reads_comments_and_is_told_that_viewers_make_none(sit, ada, draft, team_server):
    comment(ada, draft, "herbs", "Which ones?")
    bo = sit("Bo")
    mate = joined(bo, team_server.invite("plan", "viewer"), draft)
    bo.until(mate.editor.isReadOnly)
    bo.until(lambda: said(mate) == [["Which ones?"]])
    (row,) = rows(mate)
    assert row.reply.isHidden()
    assert row.settle.isHidden()
    assert not mate.window.panels.comments.add.isEnabled()
    comment_action = mate.window.actions_["comment"]
    assert not comment_action.isEnabled()
    assert "You may read this document but not comment on it" in comment_action.toolTip()
    mate.window.panels.comments.replied.emit(row.thread_.id, "past the buttons")
    assert said(mate) == [["Which ones?"]]
    mate.window.actions_["show_comments"].setChecked(False)
    rows(draft)[0].reply.click()
    QTest.keyClicks(rows(draft)[0].form.field, "Look, @Bo.")
    rows(draft)[0].form.send.click()
    bo.until(lambda: "Ada mentions you: “Look, @Bo.”" in notices(mate))


def test_who_becomes_a_commenter_while_writing_goes_on_with_comments(sit, ada, draft, team_server):
    hear_role(draft, Role.COMMENTER)
    ada.until(draft.editor.isReadOnly)
    comment(ada, draft, "herbs", "Which ones?")
    ada.until(lambda: server(draft) == SAVED)
    bo = sit("Bo")
    mate = joined(bo, team_server.invite("plan"), draft)
    bo.until(lambda: said(mate) == [["Which ones?"]])


def test_two_people_answer_one_comment_at_the_same_time_without_network(sit, ada, draft, team_server):
    bo = sit("Bo")
    comment(ada, draft, "herbs", "Which ones?")
    mate = joined(bo, team_server.invite("plan", "commenter"), draft)
    bo.until(lambda: said(mate) == [["Which ones?"]])
    for each in (draft, mate):
        each.window.actions_["work_offline"].trigger()
    for each, words in ((draft, "Basil"), (mate, "Sage")):
        each.window.panels.comments.replied.emit(rows(each)[0].thread_.id, words)
    for each in (draft, mate):
        each.window.actions_["work_offline"].trigger()
    bo.until(lambda: said(draft) == said(mate) and len(said(draft)[0]) == 3)
    assert {"Basil", "Sage"} < set(said(draft)[0])


def test_a_comment_goes_with_its_words_for_everybody_and_is_there_after_a_restart(sit, ada, draft, team_server):
    comment(ada, draft, "herbs", "Which ones?")
    mates = []
    for name, role in (("Bo", "editor"), ("Cleo", "commenter"), ("Dan", "viewer")):
        desk = sit(name)
        mates.append(joined(desk, team_server.invite("plan", role), draft))
        desk.until(lambda: said(mates[-1]) == [["Which ones?"]])

    def all_stand(place: tuple[int, int] | None) -> bool:
        return [stands(each) for each in (draft, *mates)] == [place] * 4

    draft.document.steps.begin()
    draft.editor.set_caret(14, 9)
    draft.editor.setFocus()
    QTest.keySequence(draft.editor, QKeySequence("Ctrl+X"))
    ada.until(lambda: all_stand(None))
    draft.editor.set_caret(0)
    QTest.keySequence(draft.editor, QKeySequence("Ctrl+V"))
    ada.until(lambda: all_stand((0, 5)))
    for _ in range(2):
        draft.editor.undo_own()
    ada.until(lambda: all_stand((9, 14)))
    ada.until(lambda: server(draft) == SAVED)
    path = draft.path
    assert draft.window.close()
    again = ada.open(path)
    ada.until(lambda: stands(again) == (9, 14))


def stands(draft: Draft) -> tuple[int, int] | None:
    """Where the only thread stands; None where its words are gone."""
    (placed,) = draft.comments.flow.comments.all()
    return placed.place
