"""What is copied, and comes back from the clipboard as it was."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication, QImage

from cowrite.bridge.file.pictures import LARGEST_SIDE, shown
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import DELETION, INSERTION, MARK, Span, joined
from cowrite.core.writing.pasting import insert_rich_text
from cowrite.gui.page.clipboard import MARKDOWN_TYPE, SPANS_TYPE, mime_of
from helpers.drafts import lines
from helpers.seats import CTRL, SHIFT

Key = Qt.Key
BULLET = {"list": "bullet"}


def test_a_copied_table_is_one_for_other_programs(qapp):
    cells = [Span("a"), Span("\n", {"table": "1"}), Span("b"), Span("\n", {"table": "1"})]
    data = mime_of(cells, lambda _name: None, ends_line=True)
    assert "<table" in data.html()
    assert (data.text(), bytes(data.data(MARKDOWN_TYPE).data())) == ("a\tb\n", b"|  |  |\n| --- | --- |\n| a | b |\n")


@pytest.mark.parametrize("text", ["a | b\n---", "one\n-----\n|"])
def test_lines_of_dashes_are_no_table(sit, text):
    seat = sit()
    seat.paste(text=text)
    assert lines(seat.document) == text.split("\n")


@pytest.mark.parametrize("last", [{}, BULLET])
@pytest.mark.parametrize("to_end", [True, False])
def test_a_section_that_is_moved_before_a_heading_stays_apart_from_it(sit, last, to_end):
    heading = {"header": 2}
    section = [("Costs", heading), ("ten" if not last else ("ten", last))]
    seat = sit(("Tasks", heading), "plan", *section, "" if not to_end else ("Who", heading))
    seat.editor.set_caret(11)
    for _ in range(2):
        seat.press(Key.Key_Down, SHIFT)
    if not to_end:
        seat.press(Key.Key_Left, SHIFT)
    seat.press(Key.Key_X, CTRL)
    seat.editor.set_caret(0)
    seat.press(Key.Key_V, CTRL)
    assert lines(seat.document)[:4] == [*section, ("Tasks", heading), "plan"]


def test_words_that_are_copied_to_the_end_of_their_line_bring_no_break(sit):
    seat = sit(("one", BULLET), ("two", BULLET))
    seat.editor.set_caret(4, 7)
    seat.press(Key.Key_C, CTRL)
    seat.editor.set_caret(0)
    seat.press(Key.Key_V, CTRL)
    assert lines(seat.document) == [("twoone", BULLET), ("two", BULLET)]


def test_copied_text_is_offered_as_html_markdown_and_plain_text(sit):
    seat = sit(("Head", {"header": 1}), ("one", BULLET))
    seat.editor.selectAll()
    seat.press(Key.Key_C, CTRL)
    data = QGuiApplication.clipboard().mimeData()
    assert '<meta charset="utf-8"><h1>Head</h1>' in data.html()
    assert "<li>one</li>" in data.html()
    assert bytes(data.data(MARKDOWN_TYPE).data()).decode() == "# Head\n\n- one\n"
    assert data.text() == "Head\n• one"
    assert data.hasFormat(SPANS_TYPE)


@pytest.mark.parametrize(("stop", "text", "html"), [(3, "one", "<strong>one</strong>"), (4, "one\n", "<p>")])
def test_words_that_are_copied_are_words_elsewhere_and_a_line_with_its_break_is_a_line(sit, stop, text, html):
    seat = sit("one", "two")
    seat.editor.set_caret(3, 0)
    seat.editor.formatting.toggle_inline("bold")
    seat.editor.set_caret(stop, 0)
    seat.press(Key.Key_C, CTRL)
    data = QGuiApplication.clipboard().mimeData()
    assert (data.text(), data.html().startswith(f'<meta charset="utf-8">{html}')) == (text, True)


def test_cut_text_that_is_pasted_elsewhere_is_the_same_rich_text(sit):
    seat = sit(("Head", {"header": 1}), ("one", {**BULLET, "indent": 1}), "")
    seat.editor.set_caret(8, 0)
    seat.press(Key.Key_X, CTRL)
    assert seat.document.text() == "\n\n"
    seat.editor.set_caret(1)
    seat.press(Key.Key_V, CTRL)
    assert lines(seat.document)[1:] == [("Head", {"header": 1}), ("one", {**BULLET, "indent": 1})]


def test_what_another_program_has_put_on_lines_and_in_them_is_cut_and_pasted_with_them(sit):
    page = [
        Span("a", {"comment-id": ["x"]}),
        Span("\ufffc", {"weird": {"a": 1}}, {"mention": {"id": "1"}}),
        Span("\n", {"row": "row-1"}),
        Span("\ufffc", embed={}),
        Span("b"),
        Span("\n", {"header": 2, "weird-block": {"k": 1}}),
        Span("end\n"),
    ]
    seat = sit("")
    insert_rich_text(seat.document, 0, 0, page)
    assert joined(seat.document.spans()) == page
    seat.editor.set_caret(5, 0)
    seat.press(Key.Key_X, CTRL)
    seat.press(Key.Key_V, CTRL)
    assert joined(seat.document.spans()) == page


def test_an_image_on_the_clipboard_is_stored_and_put_in(sit):
    seat = sit("ab")
    seat.editor.set_caret(1)
    data = QMimeData()
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    image.fill(0)
    data.setImageData(image)
    seat.editor.insertFromMimeData(data)
    assert seat.document.text() == "a\ufffcb\n"
    assert len(seat.images.stored) == 1


def test_an_image_on_the_clipboard_that_is_too_large_to_be_shown_comes_in_smaller(sit):
    seat = sit("ab")
    data = QMimeData()
    data.setImageData(QImage(10, 2 * LARGEST_SIDE, QImage.Format.Format_RGB32))
    seat.editor.insertFromMimeData(data)
    (content,) = seat.images.stored.values()
    assert shown(content) is not None


@pytest.mark.parametrize(
    "content", [b"[", b"{}", b'[["a"]]', b"[[1, {}, null]]", b'[["a", 5, null]]', b'[["a", {}, 7]]', b"\xff", b"null"]
)
def test_a_damaged_clipboard_of_ours_does_no_harm(sit, content):
    seat = sit("ab")
    seat.paste(**{SPANS_TYPE: content, "text": "plain"})
    assert len(seat.shown()) == seat.document.length - 1
    seat.type("x")
    assert seat.document.text() == seat.shown() + "\n"


def test_marks_of_changes_that_are_suggested_elsewhere_do_not_come_in(sit):
    seat = sit("ab")
    marks = [["We ", {}, None], ["plant", {DELETION: "x"}, None], ["grow", {INSERTION: "x", "bold": True}, None]]
    seat.paste(**{SPANS_TYPE: json.dumps(marks).encode(), "text": "plain"})
    assert seat.document.text() == "abWe grow\n"
    names = {name for span in seat.document.spans() for name in span.attributes}
    assert names == {"bold"}


def test_what_was_copied_as_markdown_is_the_same_in_a_draft_and_signs_in_code(sit):
    seat = sit()
    insert_rich_text(seat.document, 0, 0, [Span("strong", {"bold": True}), Span(" words", {MARK: "a"})])
    seat.editor.selectAll()
    seat.editor.copying.copy_markdown()
    assert QGuiApplication.clipboard().text() == "**strong** words\n"
    there, code = sit(), sit()
    there.editor.paste()
    assert list(there.document.spans())[:2] == list(seat.document.spans())[:2]
    code.document.steps.begin()
    with code.document.edit(Origin.LOCAL) as edit:
        edit.format_lines(0, 0, {"code-block": True})
    code.editor.paste()
    assert code.document.text() == "**strong** words\n"


@pytest.mark.parametrize("copying", ["copy", "copy_markdown"])
def test_a_process_ends_well_with_a_copied_text_on_the_clipboard(copying: str) -> None:
    environ = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    ended = subprocess.run(
        [sys.executable, "-c", _COPIER, copying], check=False, capture_output=True, text=True, env=environ
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "kept\n", "")


_COPIER = """
import sys
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from helpers.drafts import draft
from helpers.seats import Seat

app = QApplication([])
editor = Seat(draft("kept")).editor
editor.selectAll()
{"copy": editor.copy, "copy_markdown": editor.copying.copy_markdown}[sys.argv[1]]()
print(QGuiApplication.clipboard().text().strip())
"""
