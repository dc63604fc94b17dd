"""Comments beside the page of a real application: written, answered, settled, marked in the text, and found again."""

from __future__ import annotations

from typing import Any

from pycrdt import Doc, Map
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QToolButton

from cowrite.app.comments.flow import NOTHING_SELECTED
from cowrite.app.comments.unsent import LOST
from cowrite.app.draft.draft import Draft
from cowrite.core.text.origin import Origin
from cowrite.gui.comments.row import GONE, RESOLVED, TAKEN_BACK
from cowrite.gui.look.theme import named
from helpers.commenting import BO, TEXT, by_bo, comment, marks, panel, press, rows, said, select
from helpers.copies import copy_of
from helpers.desk import Desk, notices, write


def test_a_comment_is_written_by_keys_and_stands_beside_the_page_with_quote_name_and_time(desk, draft):
    id = comment(desk, draft, "👍 herbs", "Which ones?")
    (row,) = rows(draft)
    assert said(row) == ["Which ones?"]
    words = [label.text() for label in row.findChildren(QLabel) if not label.isHidden()]
    assert {"👍 herbs", "Ada", "just now"} <= set(words)
    assert draft.editor.hasFocus()
    thread = draft.comments.flow.comments.get(id).thread
    assert (thread.author.name, thread.author.colour) == ("Ada", "#c4314b")
    assert draft.document.text() == TEXT + "\n"


def test_the_passage_is_the_same_words_when_a_teammate_writes_around_it_and_without_a_selection_the_word_at_the_caret(
    desk, draft
):
    select(draft, "Basil")
    draft.window.actions_["comment"].trigger()
    peer = copy_of(draft.document)
    with peer.edit(Origin.LOCAL) as edit:
        edit.insert(TEXT.encode("utf-16-le").index("Basil".encode("utf-16-le")) // 2 + 5, "!")
        edit.insert(0, "Minutes\n")
    draft.document.apply_remote(peer.update_since(draft.document.state_vector()))
    draft.window.show_theme(named("dark"))
    panel(draft).form.field.setPlainText("Again?")
    panel(draft).form.send.click()
    assert draft.comments.placed()[0].thread.quote == "Basil"

    draft.editor.set_caret(len(draft.document.text().partition("thyme")[0].encode("utf-16-le")) // 2 + 2)
    draft.window.actions_["comment"].trigger()
    panel(draft).form.field.setPlainText("Fresh?")
    panel(draft).form.send.click()
    assert {each.thread.quote for each in draft.comments.placed()} == {"Basil", "thyme"}
    draft.editor.set_caret(draft.document.length - 1)
    draft.window.actions_["comment"].trigger()
    assert NOTHING_SELECTED in notices(draft)


def test_what_a_teammate_has_said_last_is_told_while_the_comments_are_closed(desk, draft):
    by_bo(draft, "herbs")
    desk.until(lambda: "Bo has commented on this text." in notices(draft))
    draft.window.notices.answered.emit("commented", "show_comments")
    assert panel(draft).isVisible()
    assert "commented" not in notices(draft)
    draft.window.actions_["show_comments"].trigger()
    comments = draft.comments.flow.comments
    comments.reply(comments.all()[0].thread.id, "Because.", draft.author)
    assert "commented" not in notices(draft)
    by_bo(draft, "Basil")
    assert "Bo has commented on this text." in notices(draft)
    comments.resolve(comments.all()[1].thread)
    assert "commented" not in notices(draft)


def test_pressing_a_quote_goes_to_its_place_and_where_the_text_is_gone_the_thread_keeps_it_and_says_so(desk, draft):
    id = by_bo(draft, "thyme")
    draft.comments.flow.comments.reply(id, "Yes", draft.author)
    draft.window.actions_["show_comments"].trigger()
    row = panel(draft).row(id)
    desk.until(row.quote.hasFocus)
    assert row.quote.accessibleDescription() == "Bo: Why?\nAda: Yes"
    QTest.keyClick(row.quote, Qt.Key.Key_Space)
    assert draft.editor.caret()[1] == TEXT.encode("utf-16-le").index("thyme".encode("utf-16-le")) // 2
    assert draft.editor.hasFocus()

    select(draft, "thyme")
    press(draft.editor, "Delete")
    desk.until(lambda: panel(draft).row(id).thread_.is_detached)
    row = panel(draft).row(id)
    assert not row.quote.isEnabled()
    assert GONE in [label.text() for label in row.findChildren(QLabel) if not label.isHidden()]
    assert row.thread_.quote == "thyme"
    assert marks(draft, draft.window.theme.comment) == []


def test_an_answer_stays_half_written_when_others_comment_and_a_resolved_thread_goes_and_comes_back_with_its_mark(
    desk, draft
):
    id = by_bo(draft, "thyme")
    draft.window.actions_["show_comments"].trigger()
    row = panel(draft).row(id)
    row.reply.click()
    desk.until(row.form.field.hasFocus)
    QTest.keyClicks(row.form.field, "Because")
    other = by_bo(draft, "plant", "And this?")
    assert len(rows(draft)) == 2
    assert panel(draft).row(id) is row
    assert row.form.text() == "Because"
    assert row.form.field.hasFocus()
    row.form.send.click()
    assert said(row) == ["Why?", "Because"]
    assert row.form.isHidden()

    draft.comments.flow.comments.remove(other)
    row.settle.click()
    assert rows(draft) == []
    assert marks(draft, draft.window.theme.comment) == []
    panel(draft).show_resolved.click()
    (row,) = rows(draft)
    assert row._state.text() == RESOLVED
    assert row.settle.text() == "Reopen"
    row.settle.click()
    assert marks(draft, draft.window.theme.comment) == ["thyme"]
    assert panel(draft).show_resolved.isHidden()


def acts(row) -> list[str]:
    return [act.text() for act in row.more.menu().actions() if act.isVisible()]


def test_only_ones_own_words_can_be_changed_and_taken_back_which_leaves_the_answers(desk, draft):
    theirs = by_bo(draft, "thyme")
    mine = comment(desk, draft, "Basil", "Again?")
    assert [acts(panel(draft).row(id)) for id in (mine, theirs)] == [
        ["&Edit", "&Remove", "Look for &decisions"],
        ["Look for &decisions"],
    ]
    (remark,) = panel(draft).row(mine).remarks
    edit, remove, _ = remark.more.menu().actions()
    edit.trigger()
    remark.form.field.setPlainText("Once more?")
    remark.form.send.click()
    assert said(panel(draft).row(mine)) == ["Once more?"]
    remove.trigger()
    assert [row.thread_.id for row in rows(draft)] == [theirs]

    mine = comment(desk, draft, "plant", "Again?")
    draft.comments.flow.comments.reply(mine, "Yes", BO)
    row = panel(draft).row(mine)
    assert [not each.isHidden() for each in row.findChildren(QToolButton)] == [True, False]  # the answer is not mine
    (remark, _) = row.remarks
    remark.more.menu().actions()[1].trigger()
    assert said(panel(draft).row(mine)) == [TAKEN_BACK, "Yes"]


def test_ones_own_words_stay_ones_own_under_another_name_and_after_a_restart(desk, draft, tmp_path, qtbot):
    mine = comment(desk, draft, "Basil", "Again?")
    desk.application.choices.set_me("Augusta", "")
    path = draft.path
    desk.leave()
    again = Desk(tmp_path / "home", qtbot)
    try:
        draft = again.open(path)
        draft.window.actions_["show_comments"].trigger()
        (remark,) = panel(draft).row(mine).remarks
        assert remark.name.text() == "Ada"
        assert acts(panel(draft).row(mine))[:2] == ["&Edit", "&Remove"]
    finally:
        again.leave()


def test_undo_in_the_panel_brings_a_comment_back_and_leaves_the_text_alone(desk, draft):
    write(draft, "x")
    text = draft.document.text()
    mine = comment(desk, draft, "Basil", "Again?")
    by_bo(draft, "plant")
    panel(draft).removed.emit(mine)
    assert len(rows(draft)) == 1
    panel(draft).take_keyboard()
    desk.until(rows(draft)[0].quote.hasFocus)
    press(rows(draft)[0].quote, "Ctrl+Z")
    assert len(rows(draft)) == 2
    press(rows(draft)[0].quote, "Ctrl+Shift+Z")
    assert len(rows(draft)) == 1
    assert draft.document.text() == text


def test_what_one_answers_to_comments_that_are_taken_back_meanwhile_can_all_be_copied_and_is_typed_into_no_draft(
    desk, draft
):
    ids = [by_bo(draft, "Basil"), by_bo(draft, "herbs")]
    id = by_bo(draft, "thyme")
    draft.window.actions_["show_comments"].trigger()
    row = panel(draft).row(id)
    row.reply.click()
    desk.until(row.form.field.hasFocus)
    QTest.keyClicks(row.form.field, "I think")

    draft.comments.flow.comments.remove(id)
    for letter in " of the soup":
        QTest.keyClicks(QApplication.focusWidget(), letter)

    assert draft.document.text() == TEXT + "\n"
    assert "was taken back. You wrote: “I think”" in notices(draft)
    draft.window.notices.answered.emit(LOST, LOST)
    assert QApplication.clipboard().text() == "I think"
    assert "taken back" not in notices(draft)

    for other, words in zip(ids, ("One thing", "Another"), strict=True):
        panel(draft).row(other).reply.click()
        QTest.keyClicks(panel(draft).row(other).form.field, words)
    for other in ids:
        draft.comments.flow.comments.remove(other)
    draft.window.notices.answered.emit(LOST, LOST)
    assert QApplication.clipboard().text() == "One thing\n\nAnother"


def test_no_key_is_listened_to_while_nobody_has_commented_and_typing_does_not_make_the_panel_anew(
    desk, draft, monkeypatch
):
    before = draft.editor.receivers("2caret_moved()")
    flow = draft.comments.flow
    assert draft.editor.receivers("2caret_moved()") == before
    id = by_bo(draft, "thyme")
    assert draft.editor.receivers("2caret_moved()") == before + 1
    flow.comments.remove(id)
    assert draft.editor.receivers("2caret_moved()") == before

    by_bo(draft, "thyme")
    draft.window.actions_["show_comments"].trigger()
    shown: list[object] = []
    monkeypatch.setattr(panel(draft), "show_threads", lambda *args: shown.append(args))
    draft.editor.set_caret(0)
    write(draft, "typing goes on")
    desk.until(lambda: not flow._text_timer.isActive())
    assert shown == []
    assert marks(draft, draft.window.theme.comment) == ["thyme"]


def test_the_panel_stands_beside_the_draft_alone_and_whoever_asks_for_it_elsewhere_is_brought_there(desk, draft):
    lost = comment(desk, draft, "Basil", "Again?")
    views = draft.window.views
    views.show_view("board")
    desk.until(views.view("board").isVisible)
    assert not panel(draft).isVisible()
    views.show_view("draft")
    desk.until(panel(draft).isVisible)
    for is_on in (True, False):
        draft.window.actions_["show_comments"].setChecked(is_on)
        views.show_view("ideas")
        press(draft.window, "Ctrl+Shift+M")
        desk.until(panel(draft).isVisible)
        assert views.name == "draft"
        assert panel(draft).isAncestorOf(QApplication.focusWidget())

    with draft.document.edit(Origin.LOCAL) as edit:
        edit.delete(0, draft.document.length)
    draft.window.views.show_view("decisions")
    draft.comments.flow.go_to(lost)  # whose text is gone
    assert draft.window.views.name == "draft"
    desk.until(panel(draft).isVisible)


def test_the_empty_panel_says_how_to_begin_and_a_comment_that_cannot_be_made_stays_in_its_field(desk, draft):
    draft.window.actions_["show_comments"].trigger()
    shown = [label.text() for label in panel(draft).findChildren(QLabel) if label.isVisible()]
    assert any(text.startswith("Nobody has commented") for text in shown)
    select(draft, "Basil")
    panel(draft)._begin.click()
    desk.until(panel(draft).form.field.hasFocus)
    QTest.keyClick(panel(draft).form.field, Qt.Key.Key_Escape)
    assert draft.editor.hasFocus()
    assert not draft.comments.placed()

    select(draft, "thyme")
    draft.window.actions_["comment"].trigger()
    panel(draft).form.field.setPlainText("Fresh?")
    select(draft, "thyme")
    draft.editor.textCursor().removeSelectedText()
    panel(draft).form.send.click()
    assert "The text that you commented on is gone." in notices(draft)
    assert panel(draft).form.text() == "Fresh?"
    assert panel(draft).form.isVisible()


def test_comments_are_there_again_when_the_document_is_opened_and_in_a_copy_of_it(desk, draft, tmp_path):
    comment(desk, draft, "Basil", "Again?")
    copied: list[bool] = []
    draft.save_copy(tmp_path / "copy.cowrite", lambda: copied.append(True))
    desk.until(lambda: copied)
    for path in (draft.path, tmp_path / "copy.cowrite"):
        for open_ in list(desk.application.documents.drafts):
            open_.window.close()
        again = desk.open(path)
        desk.until(lambda again=again: marks(again, again.window.theme.comment) == ["Basil"])
        (placed,) = again.comments.placed()
        assert placed.thread.text == "Again?"


def test_what_a_peer_wrote_that_makes_no_sense_is_shown_as_far_as_it_goes(desk, draft):
    sound = by_bo(draft, "thyme")
    peer: Doc[Any] = Doc()
    fields = ("text", "author", "colour", "person", "created", "quote", "start", "stop", "resolved", "is_edited")
    root = peer.get("comments", type=Map)
    values = (None, 2**53, -5, 1e300, "<b>x</b>\n" * 900, ["a"], {"a": 1}, b"\x00")
    for number, value in enumerate(values):
        root[f"thread:a{number}"] = Map(dict.fromkeys(fields, value))
        root[f"reply:b{number}"] = Map({**dict.fromkeys(fields, value), "thread": sound})
        root[f"thread:c{number}"] = value
    draft.document.apply_remote(peer.get_update())
    draft.window.actions_["show_comments"].trigger()
    strange = [f"thread:a{number}" for number in range(len(values))]
    assert {sound, *strange} <= {row.thread_.id for row in rows(draft)}
    assert "Why?" in said(panel(draft).row(sound))
    assert all(panel(draft).row(id).thread_.is_detached for id in strange)


def test_what_is_at_the_end_of_a_comment_stays_in_sight_beside_a_long_link_in_it(draft: Draft, desk: Desk) -> None:
    link = "https://example.org/" + "a" * 200
    by_bo(draft, "herbs", f"See {link}")
    draft.window.actions_["show_comments"].trigger()
    desk.until(lambda: rows(draft) and rows(draft)[0].isVisible())
    (row,) = rows(draft)
    more, words = row.more, next(iter(row.remarks)).text
    desk.until(lambda: words.height() >= words.heightForWidth(words.width()))
    right = more.mapTo(panel(draft), QPoint(more.width(), 0)).x()
    assert right <= panel(draft).width()
    assert words.width() < panel(draft).width()
    assert words.height() > 4 * words.fontMetrics().height()  # the link stands on lines of its own
