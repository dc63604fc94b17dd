"""The page under a person's hands: real key presses, input methods, clipboard, and teammates who write meanwhile."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDropEvent, QGuiApplication, QImage, QKeySequence, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cowrite.core.anchors import Stick
from cowrite.core.document import Document, Origin
from cowrite.gui.clipboard import MARKDOWN_TYPE, SPANS_TYPE, png_of
from cowrite.gui.page import RemoteCaret
from cowrite.gui.theme import named
from helpers.drafts import Clock, draft, lines, marked
from helpers.seats import CTRL, SHIFT, Seat, Teammate

Key = Qt.Key
BULLET = {"list": "bullet"}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sit(qapp: QApplication, clock: Clock) -> Iterator[Callable[..., Seat]]:
    """Seats a person before a document with some lines, the caret at its end."""
    seats: list[Seat] = []

    def sit(*content, **size) -> Seat:
        seat = Seat(draft(*(content or ("",)), clock=clock), **size)
        seat.editor.set_caret(seat.document.length - 1)
        seats.append(seat)
        return seat

    yield sit
    for seat in seats:
        seat.editor.close()
        seat.editor.deleteLater()


# Typing


def test_typed_text_is_in_the_shared_document(sit):
    seat = sit()
    seat.type("Hé 😀 漢\nשלום")
    assert lines(seat.document) == ["Hé 😀 漢", "שלום"]
    assert seat.shown() == "Hé 😀 漢\nשלום"


def test_each_enter_on_an_empty_draft_makes_a_line(sit):
    seat = sit()
    seat.type("\n\n\nx")
    assert lines(seat.document) == ["", "", "", "x"]


@pytest.mark.parametrize("key", [Key.Key_Return, Key.Key_Enter])
def test_enter_replaces_what_is_selected(sit, key):
    seat = sit("one two three")
    seat.editor.set_caret(7, 4)
    seat.press(key)
    assert lines(seat.document) == ["one ", " three"]


def test_shift_enter_breaks_a_line_without_ending_it(sit):
    seat = sit(("item", BULLET))
    seat.press(Key.Key_Return, SHIFT)
    seat.type("more")
    assert lines(seat.document) == [("item\u2028more", BULLET)]


def test_backspace_and_delete_take_a_whole_character(sit):
    seat = sit("a😀b👍")
    seat.press(Key.Key_Backspace)
    assert lines(seat.document) == ["a😀b"]
    seat.editor.set_caret(1)
    seat.press(Key.Key_Delete)
    assert lines(seat.document) == ["ab"]


def test_ctrl_backspace_takes_a_word(sit):
    seat = sit("one two")
    seat.press(Key.Key_Backspace, CTRL)
    assert lines(seat.document) == ["one "]


def test_backspace_at_the_start_of_a_plain_line_joins_it_to_the_line_above(sit):
    seat = sit(("one", {"header": 1}), "two")
    seat.editor.set_caret(4)
    seat.press(Key.Key_Backspace)
    assert seat.document.text() == "onetwo\n"


def test_typing_over_a_selection_across_lines_leaves_one_line(sit):
    seat = sit(("one", BULLET), ("two", {"header": 2}), "three")
    seat.editor.set_caret(10, 1)
    seat.type("X")
    assert len(lines(seat.document)) == 1
    assert seat.document.text() == "oXree\n"


# Markdown habits


@pytest.mark.parametrize(
    ("typed", "style"),
    [
        *(("#" * level + " ", {"header": level}) for level in range(1, 7)),
        ("- ", BULLET),
        ("1. ", {"list": "ordered"}),
        ("[] ", {"list": "unchecked"}),
        ("[x] ", {"list": "checked"}),
        ("> ", {"blockquote": True}),
        ("```", {"code-block": True}),
    ],
)
def test_signs_typed_at_the_start_of_a_line_style_it_and_writing_goes_on(sit, typed, style):
    seat = sit()
    seat.type(typed + "text")
    assert lines(seat.document) == [("text", style)]
    assert seat.editor.caret() == (4, 4)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("**it**", "bold"),
        ("__it__", "bold"),
        ("*it*", "italic"),
        ("_it_", "italic"),
        ("~~it~~", "strike"),
        ("`it`", "code"),
    ],
)
def test_signs_typed_around_words_format_them_and_what_follows_is_plain(sit, typed, name):
    seat = sit()
    seat.type(f"see {typed} now")
    assert marked(seat.document) == ["see ", ("it", {name: True}), " now"]


def test_three_dashes_and_enter_become_a_divider_below_which_writing_goes_on(sit):
    seat = sit()
    seat.type("above\n---\nbelow")
    assert lines(seat.document) == ["above", "\ufffc", "below"]


def test_undo_right_after_a_habit_gives_the_signs_back(sit, clock):
    seat = sit()
    seat.type("# ")
    seat.press(Key.Key_Z, CTRL)
    assert lines(seat.document) == ["# "]


def test_signs_that_an_input_method_commits_count_as_typed(sit):
    seat = sit()
    seat.type("-")
    seat.commit(" ")
    assert lines(seat.document) == [("", BULLET)]


def test_signs_inside_of_code_stay(sit):
    seat = sit(("", {"code-block": True}))
    seat.type("# *a* `b` - ")
    assert lines(seat.document) == [("# *a* `b` - ", {"code-block": True})]


# Lists


def test_tab_and_shift_tab_nest_items(sit):
    seat = sit(("item", BULLET))
    seat.press(Key.Key_Tab, times=2)
    assert lines(seat.document) == [("item", {**BULLET, "indent": 2})]
    seat.press(Key.Key_Backtab, SHIFT)
    assert lines(seat.document) == [("item", {**BULLET, "indent": 1})]


def test_tab_nests_all_selected_items_and_keeps_the_selection(sit):
    seat = sit(("a", BULLET), ("b", BULLET))
    seat.editor.set_caret(3, 0)
    seat.press(Key.Key_Tab)
    assert lines(seat.document) == [("a", {**BULLET, "indent": 1}), ("b", {**BULLET, "indent": 1})]
    assert seat.editor.caret() == (0, 3)


def test_tab_in_body_text_is_a_tab(sit):
    seat = sit("a")
    seat.press(Key.Key_Tab)
    assert lines(seat.document) == ["a\t"]


def test_enter_in_an_item_begins_the_next_and_on_an_empty_one_ends_the_list(sit):
    seat = sit()
    seat.type("- one\ntwo\n\nafter")
    assert lines(seat.document) == [("one", BULLET), ("two", BULLET), "after"]


def test_a_click_on_a_box_ticks_it(sit):
    seat = sit(("do it", {"list": "unchecked"}))
    box = seat.editor._page.check_box(seat.editor.document().firstBlock())
    QTest.mouseClick(seat.editor.viewport(), Qt.MouseButton.LeftButton, pos=box.center().toPoint())
    assert lines(seat.document) == [("do it", {"list": "checked"})]
    QTest.mouseClick(seat.editor.viewport(), Qt.MouseButton.LeftButton, pos=box.center().toPoint())
    assert lines(seat.document) == [("do it", {"list": "unchecked"})]


# Formatting


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *((name, True) for name in ("bold", "italic", "underline", "strike", "code")),
        ("script", "super"),
        ("color", "#aa0000"),
        ("background", "#ffff00"),
    ],
)
def test_an_inline_command_formats_the_selection_and_takes_the_format_away_again(sit, name, value):
    seat = sit("one two three")
    seat.editor.set_caret(7, 4)
    seat.editor.toggle_inline(name, value)
    assert marked(seat.document) == ["one ", ("two", {name: value}), " three"]
    assert getattr(seat.editor.format_state(), name) == value
    assert seat.editor.caret() == (4, 7)
    seat.editor.toggle_inline(name, value)
    assert marked(seat.document) == ["one two three"]


def test_an_inline_command_without_a_selection_holds_for_what_is_typed_next(sit):
    seat = sit("plain ")
    seat.editor.toggle_inline("bold")
    seat.type("bold")
    seat.editor.toggle_inline("bold")
    seat.type(" plain")
    assert marked(seat.document) == ["plain ", ("bold", {"bold": True}), " plain"]


def test_a_format_chosen_for_the_next_words_outlives_a_teammates_edit(sit):
    seat = sit("ab")
    teammate = Teammate(seat)
    seat.editor.toggle_inline("bold")
    teammate.insert(0, "x")
    seat.type("c")
    assert marked(seat.document) == ["xab", ("c", {"bold": True})]


def test_a_format_chosen_for_the_next_words_fits_the_style_that_the_line_gets_then(sit):
    seat = sit("ab")
    seat.editor.toggle_inline("bold")
    seat.editor.set_style("heading_1")
    seat.type("c")
    assert marked(seat.document) == ["ab", ("c", {"bold": True})]
    sizes = {seat.editor.document().begin().begin().fragment().charFormat().fontPointSize()}
    assert {seat.editor.textCursor().charFormat().fontPointSize()} == sizes


def test_text_behind_a_link_is_no_link(sit):
    seat = sit()
    seat.editor.set_link("https://example.org", "site")
    seat.type(" more")
    assert marked(seat.document) == [("site", {"link": "https://example.org"}), " more"]


def test_a_link_at_the_caret_is_changed_and_taken_away_as_a_whole(sit):
    seat = sit("see ")
    seat.editor.set_link("https://example.org", "site")
    seat.editor.set_caret(6)
    seat.editor.set_link("https://example.com")
    assert marked(seat.document) == ["see ", ("site", {"link": "https://example.com"})]
    seat.editor.set_caret(6)
    seat.editor.set_link(None)
    assert marked(seat.document) == ["see site"]


@pytest.mark.parametrize("style", ["blockquote", "code_block", *(f"heading_{level}" for level in range(1, 7))])
def test_a_style_given_twice_is_body_text_again(sit, style):
    seat = sit("text")
    seat.editor.set_style(style)
    assert lines(seat.document) != ["text"]
    seat.editor.set_style(style)
    assert lines(seat.document) == ["text"]


@pytest.mark.parametrize("align", ["center", "right", "justify"])
def test_lines_are_aligned_and_go_back(sit, align):
    seat = sit("text")
    seat.editor.set_align(align)
    assert lines(seat.document) == [("text", {"align": align})]
    assert seat.editor.format_state().align == align
    seat.editor.set_align(None)
    assert lines(seat.document) == ["text"]


def test_clearing_takes_all_formatting_from_the_selection(sit):
    seat = sit(("text", {"header": 1, "align": "center"}))
    seat.editor.set_caret(4, 0)
    for name in ("bold", "italic", "link", "color"):
        seat.editor.set_inline(
            name, "https://example.org" if name == "link" else "#aa0000" if name == "color" else True
        )
    seat.editor.clear_format()
    assert lines(seat.document) == ["text"]
    assert marked(seat.document) == ["text"]


def test_an_image_is_put_in_place_of_the_selection(sit):
    seat = sit("one two three")
    seat.editor.set_caret(7, 4)
    seat.editor.insert_image(b"picture", "image/png")
    assert seat.document.text() == "one \ufffc three\n"
    assert [span.embed for span in seat.document.spans() if span.embed] == [{"image": next(iter(seat.images.stored))}]
    assert seat.editor.caret() == (5, 5)


# Input methods


def test_text_that_is_being_composed_is_shown_but_not_shared_until_it_is_committed(sit):
    seat = sit("日")
    for text in ("ほ", "ほん", "本"):
        seat.compose(text)
        assert seat.editor.document().firstBlock().layout().preeditAreaText() == text
        assert seat.document.text() == "日\n"
    seat.commit("本")
    assert seat.document.text() == "日本\n"
    assert seat.editor.document().firstBlock().layout().preeditAreaText() == ""


def test_composing_that_is_given_up_leaves_nothing(sit):
    seat = sit("日")
    seat.compose("ほん")
    seat.commit("")
    assert seat.document.text() == seat.shown() + "\n" == "日\n"


@pytest.mark.parametrize(
    ("at", "text", "wanted"),
    [(0, "x", "xab本c"), (3, "x", "ab本cx"), (1, "x\ny", "ax\nyb本c"), (2, "x", "ab本xc")],
    ids=["before", "behind", "a line before", "at the caret"],
)
def test_a_teammate_writes_while_text_is_being_composed(sit, at, text, wanted):
    seat = sit("abc")
    seat.editor.set_caret(2)
    teammate = Teammate(seat)
    seat.compose("ほん")
    teammate.insert(at, text)
    seat.commit("本")
    assert seat.document.text() == wanted + "\n"
    assert seat.shown() == wanted


def test_a_teammate_deletes_the_line_in_which_text_is_being_composed(sit):
    seat = sit("above", "line", "below")
    seat.editor.set_caret(8)
    teammate = Teammate(seat)
    seat.compose("ほん")
    teammate.delete(5, 5)
    seat.commit("本")
    assert seat.document.text() == seat.shown() + "\n" == "above本\nbelow\n"


# Undo


def test_undo_and_redo_step_by_step_through_ones_own_edits(sit, clock):
    seat = sit()
    for word in ("one", " two", " three"):
        seat.type(word)
        clock.pause()
    seat.press(Key.Key_Z, CTRL)
    assert lines(seat.document) == ["one two"]
    seat.press(Key.Key_Z, CTRL, times=2)
    assert lines(seat.document) == [""]
    redo = QKeySequence.keyBindings(QKeySequence.StandardKey.Redo)[0][0]
    for _ in range(3):
        QTest.keyClick(seat.editor, redo.key(), redo.keyboardModifiers())
    assert lines(seat.document) == ["one two three"]
    assert seat.editor.caret() == (13, 13)


def test_undo_leaves_what_teammates_wrote_even_inside_of_ones_own_words(sit, clock):
    seat = sit()
    teammate = Teammate(seat)
    seat.type("mine")
    clock.pause()
    teammate.insert(2, "THEIRS")
    teammate.insert(0, "FIRST ")
    seat.press(Key.Key_Z, CTRL)
    assert lines(seat.document) == ["FIRST THEIRS"]
    assert not seat.document.can_undo()


def test_undo_of_a_deletion_brings_teammates_words_back(sit, clock):
    seat = sit()
    teammate = Teammate(seat)
    teammate.insert(0, "theirs")
    seat.editor.selectAll()
    seat.press(Key.Key_Delete)
    assert lines(seat.document) == [""]
    seat.press(Key.Key_Z, CTRL)
    assert lines(seat.document) == ["theirs"]


def test_undo_puts_the_caret_where_the_change_was(sit, clock):
    seat = sit("one", "two")
    seat.editor.set_caret(3)
    seat.type("X")
    clock.pause()
    seat.editor.set_caret(7)
    seat.press(Key.Key_Z, CTRL)
    assert seat.editor.caret() == (3, 3)


# Teammates


@pytest.mark.parametrize("text", ["plain words", "a😀b👩‍👩‍👧c", "שלום עולם", "漢字かな", "n\u0303o\u0308"], ids=ascii)
def test_a_remote_caret_stays_on_its_character_while_others_type(sit, text):
    seat = sit(text)
    places = {}
    at = 0
    for character in text:
        at += len(character.encode("utf-16-le")) // 2
        places[character, at] = seat.document.anchor(at, Stick.LEFT)
    seat.editor.set_caret(0)
    seat.type("😀é漢 before ")
    grown = len("😀é漢 before ".encode("utf-16-le")) // 2
    seat.editor.set_caret(seat.document.length - 1)
    seat.type(" behind שלום")
    for (_, was), anchor in places.items():
        assert seat.document.resolve(anchor) == was + grown


def test_the_caret_stays_where_it_is_when_a_teammate_writes_exactly_there(sit):
    seat = sit("ab")
    seat.editor.set_caret(1)
    Teammate(seat).insert(1, "XY")
    assert seat.shown() == "aXYb"
    assert seat.editor.caret() == (1, 1)
    seat.type("m")
    assert seat.document.text() == "amXYb\n"


def test_the_caret_at_the_end_of_the_draft_stays_before_what_a_teammate_adds(sit):
    seat = sit("ab")
    Teammate(seat).insert(2, "XY\nZ")
    assert seat.editor.caret() == (2, 2)


def test_a_selection_stays_on_its_words_when_a_teammate_writes_before_inside_and_behind(sit):
    seat = sit("one two three")
    seat.editor.set_caret(7, 4)
    teammate = Teammate(seat)
    teammate.insert(0, "😀")
    teammate.insert(8, "X")
    teammate.insert(13, "Y")
    start, stop = sorted(seat.editor.caret())
    assert seat.document.rope.text(start, stop) == "twXo"


def test_a_caret_in_text_that_a_teammate_deletes_goes_to_where_the_text_was(sit):
    seat = sit("one two three")
    seat.editor.set_caret(6)
    Teammate(seat).delete(3, 5)
    assert seat.editor.caret() == (3, 3)


def top_line(seat: Seat) -> tuple[str, int]:
    """What stands at the top of the view, and how high."""
    cursor = seat.editor.cursorForPosition(QPoint(60, 4))
    return cursor.block().text(), seat.editor.cursorRect(cursor).top()


@pytest.fixture
def scrolled(sit) -> Seat:
    """A long draft, scrolled to its middle, with the caret in view."""
    seat = sit(*(f"line {number}" for number in range(300)), width=600, height=400)
    seat.editor.set_caret(seat.document.text().index("line 150"))
    bar = seat.editor.verticalScrollBar()
    QApplication.processEvents()
    bar.setValue(bar.maximum() // 2)
    return seat


@pytest.mark.parametrize("text", ["\n" * 30, "words " * 200 + "\n", "x"], ids=["lines", "a long line", "a letter"])
def test_the_view_does_not_jump_when_text_comes_in_above(scrolled, text):
    before = top_line(scrolled)
    Teammate(scrolled).insert(0, text)
    QApplication.processEvents()
    assert top_line(scrolled) == before


def test_the_view_does_not_jump_when_text_above_is_deleted(scrolled):
    before = top_line(scrolled)
    Teammate(scrolled).delete(0, 200)
    QApplication.processEvents()
    assert top_line(scrolled) == before


def test_the_view_does_not_jump_when_a_line_above_becomes_a_heading(scrolled):
    before = top_line(scrolled)
    Teammate(scrolled).format_lines(0, {"header": 1})
    QApplication.processEvents()
    assert top_line(scrolled) == before


def test_the_view_does_not_follow_a_teammate_who_writes_below(scrolled):
    before = scrolled.editor.verticalScrollBar().value()
    Teammate(scrolled).insert(scrolled.document.length - 1, "more\n" * 50)
    QApplication.processEvents()
    assert scrolled.editor.verticalScrollBar().value() == before


def test_remote_carets_and_selections_are_drawn_in_their_colour(sit):
    seat = sit("one two")
    bare = seat.editor.grab().toImage()
    seat.editor.show_carets([RemoteCaret("7", "Bo", "#c02020", 4, 7)])
    assert seat.editor.grab().toImage() != bare
    seat.editor.show_carets([])
    assert seat.editor.grab().toImage() == bare


def test_a_remote_caret_beyond_the_end_does_no_harm(sit):
    seat = sit("one")
    seat.editor.show_carets([RemoteCaret("7", "Bo", "no colour", 400, 900)])
    assert not seat.editor.grab().isNull()


# Clipboard


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


def test_pasted_markdown_becomes_what_it_says(sit):
    seat = sit()
    seat.paste(text="# Head\n\n- one\n- **two**\n")
    assert lines(seat.document) == [("Head", {"header": 1}), ("one", BULLET), ("two", BULLET)]
    assert marked(seat.document, 2) == [("two", {"bold": True})]


def test_pasted_plain_text_is_itself(sit):
    seat = sit("ab")
    seat.editor.set_caret(1)
    seat.paste(text="one * two\nthree # four")
    assert lines(seat.document) == ["aone * two", "three # fourb"]
    assert seat.editor.caret() == (23, 23)


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
    assert "<h1>Head</h1>" in data.html()
    assert "<li>one</li>" in data.html()
    assert bytes(data.data(MARKDOWN_TYPE).data()).decode() == "# Head\n\n- one\n"
    assert data.text() == "Head\n• one\n"
    assert data.hasFormat(SPANS_TYPE)


def test_cut_text_that_is_pasted_elsewhere_is_the_same_rich_text(sit):
    seat = sit(("Head", {"header": 1}), ("one", {**BULLET, "indent": 1}), "")
    seat.editor.set_caret(8, 0)
    seat.press(Key.Key_X, CTRL)
    assert seat.document.text() == "\n\n"
    seat.editor.set_caret(1)
    seat.press(Key.Key_V, CTRL)
    assert lines(seat.document)[1:] == [("Head", {"header": 1}), ("one", {**BULLET, "indent": 1})]


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


@pytest.mark.parametrize(
    "content", [b"[", b"{}", b'[["a"]]', b"[[1, {}, null]]", b'[["a", 5, null]]', b'[["a", {}, 7]]', b"\xff", b"null"]
)
def test_a_damaged_clipboard_of_ours_does_no_harm(sit, content):
    seat = sit("ab")
    seat.paste(**{SPANS_TYPE: content, "text": "plain"})
    assert len(seat.shown()) == seat.document.length - 1
    seat.type("x")
    assert seat.document.text() == seat.shown() + "\n"


def test_text_dropped_on_the_page_comes_in_where_it_was_dropped(sit):
    seat = sit("one two three")
    seat.editor.set_caret(4, 0)
    data = seat.editor.createMimeDataFromSelection()
    target = seat.editor.cursorRect(_cursor_at(seat, 8)).center()
    event = QDropEvent(
        QPointF(target), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    seat.editor.dropEvent(event)
    assert seat.document.text() == "one two one three\n"
    assert seat.shown() + "\n" == seat.document.text()


def _cursor_at(seat: Seat, at: int):
    cursor = seat.editor.textCursor()
    cursor.setPosition(at)
    return cursor


# Reading only


def test_a_reader_can_select_and_copy_but_change_nothing(sit):
    seat = sit(("do", {"list": "unchecked"}), "text")
    editor = seat.editor
    editor.setReadOnly(True)
    before = seat.document.text(), lines(seat.document)
    editor.set_caret(3)
    seat.type("x# - \n")
    for key in (Key.Key_Backspace, Key.Key_Delete, Key.Key_Tab, Key.Key_Return):
        seat.press(key)
    seat.press(Key.Key_V, CTRL)
    seat.compose("ほ")
    seat.commit("本")
    seat.paste(text="pasted")
    editor.set_caret(3, 0)
    for act in (
        lambda: editor.toggle_inline("bold"),
        lambda: editor.set_style("heading_1"),
        lambda: editor.toggle_list("bullet"),
        lambda: editor.indent(1),
        lambda: editor.set_align("center"),
        lambda: editor.set_link("https://example.org"),
        editor.insert_divider,
        lambda: editor.insert_image(b"", "image/png"),
        lambda: editor.replace_range(0, 1, "x"),
        editor.clear_format,
        editor.undo_own,
        editor.cut,
    ):
        act()
    box = editor._page.check_box(editor.document().firstBlock())
    QTest.mouseClick(editor.viewport(), Qt.MouseButton.LeftButton, pos=box.center().toPoint())
    assert (seat.document.text(), lines(seat.document)) == before
    editor.selectAll()
    editor.copy()
    assert "text" in QGuiApplication.clipboard().text()


# Looks


def test_another_theme_and_zoom_change_the_look_and_nothing_else(sit):
    seat = sit(("Head", {"header": 1}), "text")
    sent = []
    seat.document.observe_updates(sent.append)
    seat.editor.set_caret(7, 2)
    light = seat.editor.grab().toImage()
    seat.editor.show_theme(named("dark"), 1.5)
    assert seat.editor.grab().toImage() != light
    assert seat.editor.caret() == (2, 7)
    assert sent == []
    assert lines(seat.document) == [("Head", {"header": 1}), "text"]


def test_a_million_characters_stay_typable(qapp):
    document = Document.new(clock=lambda: 0)
    with document.edit(Origin.IMPORT) as edit:
        edit.insert(0, ("words and more words in a long line of text " * 5 + "\n") * 4500)
    seat = Seat(document)
    seat.editor.set_caret(500_000)
    seat.type("typed")
    assert document.rope.text(500_000, 500_005) == "typed"
    seat.editor.deleteLater()


def test_a_double_click_selects_a_word_and_typing_replaces_it(sit):
    seat = sit("one two")
    middle = seat.editor.cursorRect(_cursor_at(seat, 5)).center()
    for kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease, QEvent.Type.MouseButtonDblClick):
        left = Qt.MouseButton.LeftButton
        where = QPointF(middle)
        event = QMouseEvent(kind, where, where, left, left, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(seat.editor.viewport(), event)
    seat.type("X")
    assert lines(seat.document) == ["one X"]
