"""What is pasted, from here and from elsewhere: HTML, Markdown, addresses, plain words and code."""

from __future__ import annotations

import base64
import socket
import subprocess

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QImage

from cowrite.bridge.file.pictures import png_of
from cowrite.bridge.page.text_formats import TextFormats
from cowrite.core.text.richtext import lines_of
from cowrite.core.text.table import Table, with_tables
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
