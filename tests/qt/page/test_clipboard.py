"""Copying and pasting rich text, whatever another program puts on the clipboard."""

from __future__ import annotations

import base64
import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QImage

from cowrite.bridge.file.pictures import LARGEST_SIDE, png_of, shown
from cowrite.bridge.page.text_formats import TextFormats
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import DELETION, INSERTION, MARK, Span, joined, lines_of
from cowrite.core.text.table import Table, with_tables
from cowrite.core.writing.pasting import insert_rich_text
from cowrite.gui.page.clipboard import MARKDOWN_TYPE, SPANS_TYPE, mime_of
from helpers.drafts import lines, marked
from helpers.seats import CTRL, SHIFT

Key = Qt.Key
BULLET = {"list": "bullet"}


class NoWay:
    """Fails whoever would start a program or open a connection."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*arguments: object, **_: object) -> None:
            pytest.fail(f"something was started or fetched: {arguments}")

        monkeypatch.setattr(socket.socket, "connect", refuse)
        monkeypatch.setattr(subprocess, "Popen", refuse)


def test_pasted_html_keeps_its_structure_and_executes_and_fetches_nothing(sit, monkeypatch, tmp_path):
    NoWay(monkeypatch)
    secret = tmp_path / "secret.png"
    secret.write_bytes(png_of(QImage(4, 4, QImage.Format.Format_RGB32)))
    fetched = []
    seat = sit()
    monkeypatch.setattr(type(seat.editor), "loadResource", lambda *arguments: fetched.append(arguments), raising=False)
    seat.paste(
        html="<h1>Head</h1><script>alert(1)</script><ul><li>one<li><b>two</b></ul>"
        "<a href='javascript:alert(1)'>bad</a> <a href='https://example.org'>good</a>"
        f"<img src='https://example.org/x.png'><img src='file://{secret}'><iframe src='https://example.org'></iframe>"
    )
    seat.editor.grab()
    assert lines(seat.document)[:3] == [("Head", {"header": 1}), ("one", BULLET), ("two", BULLET)]
    assert "alert" not in seat.document.text()
    assert [span.attributes["link"] for span in seat.document.spans() if "link" in span.attributes] == [
        "https://example.org"
    ]
    assert fetched == []
    assert seat.images.stored == {}


def test_each_pasted_line_is_given_its_look_at_most_twice(sit, monkeypatch):
    seat = sit()
    styled = []
    line_format = TextFormats.line_format
    monkeypatch.setattr(
        TextFormats,
        "line_format",
        lambda formats, *lines: styled.append(lines) or line_format(formats, *lines),
    )
    seat.paste(html="<ul>" + "<li>an <b>item</b> of many" * 200 + "</ul>")
    assert lines(seat.document)[:200] == [("an item of many", BULLET)] * 200
    assert len(styled) <= 2 * 200


def test_pasted_markdown_becomes_what_it_says(sit):
    seat = sit()
    seat.paste(text="# Head\n\n- one\n- **two**\n")
    assert lines(seat.document) == [("Head", {"header": 1}), ("one", BULLET), ("two", BULLET)]
    assert marked(seat.document, 2) == [("two", {"bold": True})]


@pytest.mark.parametrize("rule", ["|---|:-:|", "--- | ---"])
def test_a_pasted_markdown_table_is_a_table(sit, rule):
    seat = sit()
    seat.paste(text=f"| Name | Age |\n{rule}\n| Ada | 36 |\n")
    (table,) = (each for each in with_tables(lines_of(seat.document.spans())) if isinstance(each, Table))
    assert [["".join(span.text for span in cell.spans) for cell in row] for row in table.rows] == [
        ["Name", "Age"],
        ["Ada", "36"],
    ]
    assert table.has_head


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


@pytest.mark.parametrize("style", [{}, BULLET])
def test_lines_that_are_cut_with_their_breaks_are_lines_where_they_are_pasted(sit, style):
    seat = sit(("one", style), ("two", style), ("three", style))
    seat.editor.set_caret(4)
    seat.press(Key.Key_Down, SHIFT)
    seat.press(Key.Key_X, CTRL)
    expected = ["one", "three"], ["one", "two", "three"], ["two", "one", "two", "three"]
    shown = [[(text, style) if style else text for text in texts] for texts in expected]
    assert lines(seat.document) == shown[0]
    seat.press(Key.Key_V, CTRL)
    assert lines(seat.document) == shown[1]
    seat.editor.set_caret(0)
    seat.press(Key.Key_V, CTRL)
    assert lines(seat.document) == shown[2]


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


def test_what_is_pasted_at_a_divider_stands_below_it(sit):
    seat = sit("above", "below")
    seat.editor.set_caret(6)
    seat.editor.edits.insert_divider()
    seat.editor.set_caret(7)
    seat.paste(text="new")
    assert lines(seat.document) == ["above", "\ufffc", "new", "below"]


def test_a_letter_with_signs_of_markdown_keeps_its_lines_when_it_is_pasted(sit):
    seat = sit()
    seat.paste(text="Hi Ann,\n> 2 * 3 * 4?\nYes, see a_b_c.\n- Ben\n")
    assert lines(seat.document) == ["Hi Ann,", "> 2 * 3 * 4?", "Yes, see a_b_c.", "- Ben"]


def test_an_address_that_is_pasted_is_a_link_and_what_is_typed_behind_it_is_not(sit):
    seat = sit("see ")
    seat.editor.set_caret(4)
    seat.paste(text="https://example.org/a\n")
    seat.type(" now")
    assert marked(seat.document, 0) == [
        "see ",
        ("https://example.org/a", {"link": "https://example.org/a"}),
        " now",
    ]


def test_an_address_that_is_pasted_over_words_makes_them_a_link(sit):
    seat = sit("see here now", "and here")
    seat.editor.set_caret(4, 8)
    seat.paste(text="https://example.org/a")
    assert marked(seat.document, 0) == ["see ", ("here", {"link": "https://example.org/a"}), " now"]
    seat.editor.undo_own()
    assert not any(span.attributes for span in seat.document.spans())
    seat.editor.set_caret(9, 16)
    seat.paste(text="https://example.org/b")
    assert lines(seat.document) == ["see here https://example.org/b here"]


@pytest.mark.parametrize(
    "text", ["https:// x", "https://example.org and more", "javascript:alert(1)", "www.example.org"]
)
def test_what_is_no_address_alone_is_no_link(sit, text):
    seat = sit("see here")
    seat.editor.set_caret(4, 8)
    seat.paste(text=text)
    assert marked(seat.document, 0) == [f"see {text}"]


def test_pasted_plain_text_is_itself(sit):
    seat = sit("ab")
    seat.editor.set_caret(1)
    seat.paste(text="one * two\nthree # four")
    assert lines(seat.document) == ["aone * two", "three # fourb"]
    assert seat.editor.caret() == (23, 23)


@pytest.mark.parametrize("before", ["", "x"])
def test_what_is_pasted_into_code_is_code_as_it_is_written(sit, before):
    code = {"code-block": "py"}
    seat = sit((before, code))
    seat.paste(text="# a\n\n- **b**\n\tc", html="<h1>a</h1><ul><li><b>b</b></li></ul>")
    assert lines(seat.document) == [(f"{before}# a", code), ("", code), ("- **b**", code), ("\tc", code)]


def test_formatted_text_that_is_copied_into_code_loses_its_format(sit):
    seat = sit("Head", ("code", {"code-block": True}))
    seat.editor.set_caret(0, 4)
    seat.editor.formatting.set_style("heading_1")
    seat.editor.formatting.toggle_inline("bold")
    copied = seat.editor.createMimeDataFromSelection()
    seat.editor.set_caret(9)
    seat.editor.insertFromMimeData(copied)
    assert lines(seat.document) == [("Head", {"header": 1}), ("codeHead", {"code-block": True})]
    assert marked(seat.document, 1) == ["codeHead"]


@pytest.mark.parametrize("style", [BULLET, {"blockquote": True}, {"direction": "rtl"}])
@pytest.mark.parametrize("before", ["", "x"])
def test_plain_lines_that_are_pasted_into_a_styled_line_are_all_of_its_style(sit, before, style):
    seat = sit((before, style))
    seat.paste(text="one\ntwo\nthree")
    assert lines(seat.document) == [(f"{before}one", style), ("two", style), ("three", style)]


def test_pasted_lines_with_styles_of_their_own_keep_them(sit):
    seat = sit(("x", BULLET))
    seat.paste(html="<p>one</p><h2>two</h2><p>three</p>")
    assert lines(seat.document) == [("xone", BULLET), ("two", {"header": 2}), ("three", BULLET)]


def test_files_that_are_no_images_bring_nothing_and_are_told_of(sit, tmp_path, qtbot):
    image, broken, text = (tmp_path / name for name in ("image.png", "broken.png", "text.txt"))
    image.write_bytes(png_of(QImage(4, 4, QImage.Format.Format_RGB32)))
    broken.write_bytes(b"\x89PNG")
    text.write_text("words")
    seat = sit("ab")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in (image, broken, text)])
    with qtbot.waitSignal(seat.editor.files_refused, timeout=0):
        seat.editor.insertFromMimeData(data)
    assert lines(seat.document) == ["ab\ufffc"]


def test_words_whose_pictures_are_elsewhere_come_in_without_them_and_that_is_told(sit, qtbot):
    seat = sit()
    with qtbot.waitSignal(seat.editor.pictures_missed, timeout=0):
        seat.paste(html='<p>words<img src="https://example.org/a.png"></p>')
    assert lines(seat.document) == ["words"]


@pytest.mark.parametrize(
    "content", [b"no picture", png_of(QImage(1, 1, QImage.Format.Format_RGB32))], ids=["no image", "a dot"]
)
def test_what_only_stands_for_a_picture_is_none(sit, qtbot, content):
    seat = sit()
    with qtbot.waitSignal(seat.editor.pictures_missed, timeout=0):
        seat.paste(html=f'<p>words<img src="data:image/png;base64,{base64.b64encode(content).decode()}"></p>')
    assert lines(seat.document) == ["words"]
    assert seat.images.stored == {}


def test_a_picture_that_comes_along_with_its_address_is_not_missed(sit, qtbot):
    seat = sit()
    data = QMimeData()
    data.setHtml('<img src="https://example.org/a.png">')
    data.setImageData(QImage(4, 4, QImage.Format.Format_RGB32))
    with qtbot.assertNotEmitted(seat.editor.pictures_missed):
        seat.editor.insertFromMimeData(data)
    assert lines(seat.document) == ["\ufffc"]


def test_pasting_without_formatting_brings_the_words_alone(sit):
    seat = sit()
    data = QMimeData()
    data.setHtml("<h1>Head</h1>")
    data.setText("# Head")
    QGuiApplication.clipboard().setMimeData(data)
    seat.editor.paste_plain()
    assert lines(seat.document) == ["# Head"]


def test_a_byte_order_mark_in_pasted_text_does_no_harm(sit):
    seat = sit("ab")
    seat.editor.set_caret(1)
    seat.paste(text="\ufeffword")
    seat.type("X")
    assert seat.document.text().replace("\ufeff", "") == "awordXb\n"
    assert len(seat.shown()) == seat.document.length - 1


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
    code.document.begin_undo_step()
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
