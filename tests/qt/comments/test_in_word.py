"""Comments that go to Word with a document, and come from there."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel

from cowrite.app.comments.shown import NO_WORDS
from cowrite.app.files.reading import Reading
from cowrite.core.comments.comments import COMMENTS
from cowrite.core.mending.mended_document import MendedDocument
from helpers.commenting import BO, by_bo, rows, said
from helpers.desk import notices
from helpers.word_comments import comment as comment_in_word
from helpers.word_comments import file_with, on, sign


def test_comments_go_to_word_with_the_document_and_come_back_where_it_is_opened(desk, draft, tmp_path):
    asked = by_bo(draft, "👍 herbs", "Which ones?")
    flow = draft.comments.flow
    flow.comments.reply(asked, "Basil", BO)
    settled = by_bo(draft, "thyme")
    flow.comments.resolve(flow.comments.get(settled).thread)
    assert draft.exporting.write("text", tmp_path / "plan.txt")
    assert f"Written to “{tmp_path / 'plan.txt'}”, without its comments, which a Word file would have." in notices(
        draft
    )
    draft.exporting.begin("docx", tmp_path / "plan.docx")
    desk.until(lambda: f"Written to “{tmp_path / 'plan.docx'}”, with its comments." in notices(draft))
    opened = desk.open(tmp_path / "plan.docx")
    opened.window.actions_["show_comments"].trigger()
    desk.until(lambda: opened.window.panels.comments is not None and rows(opened))

    assert [said(row) for row in rows(opened)] == [["Which ones?", "Basil"]]
    (first, second) = opened.comments.placed()
    assert (first.thread.quote, first.thread.author.name, first.thread.is_resolved) == ("👍 herbs", "Bo", False)
    assert (second.thread.quote, second.thread.is_resolved) == ("thyme", True)
    assert first.place == (9, 17)
    assert notices(opened) == ""
    reading = Reading(tmp_path / "plan.docx", lambda: 0, lambda _reading: None)
    reading.run()
    assert reading.read is not None
    large = MendedDocument(clock=lambda: 0)
    large.apply_remote(reading.read.state)
    assert len(large.entries(COMMENTS).ids("thread")) == 2


def test_of_a_comment_that_says_neither_by_whom_nor_when_or_is_on_no_words_no_such_thing_is_made_up(desk, tmp_path):
    content = f"<w:p>{on('word', 1)}</w:p><w:p>{sign(2)}</w:p>"
    (tmp_path / "plan.docx").write_bytes(
        file_with(content, comment_in_word(1, "Why?", "", "") + comment_in_word(2, "?"))
    )
    opened = desk.open(tmp_path / "plan.docx")
    opened.window.actions_["show_comments"].trigger()
    desk.until(lambda: opened.window.panels.comments is not None and rows(opened))

    first, second = rows(opened)
    assert {"Somebody", "Why?"} <= {label.text() for label in first.findChildren(QLabel)}
    assert not [label.text() for label in first.findChildren(QLabel) if "19" in label.text() + label.toolTip()]
    assert second.accessibleName() == f"Comment by Bo on “{NO_WORDS}”"
