"""What the toolbar's commands make of the selection, and of what is typed next."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from helpers.drafts import lines, marked
from helpers.seats import CTRL, Teammate


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
    seat.editor.formatting.toggle_inline(name, value)
    assert marked(seat.document) == ["one ", ("two", {name: value}), " three"]
    assert getattr(seat.editor.formatting.state(), name) == value
    assert seat.editor.caret() == (4, 7)
    seat.editor.formatting.toggle_inline(name, value)
    assert marked(seat.document) == ["one two three"]


def test_an_inline_command_without_a_selection_holds_for_what_is_typed_next(sit):
    seat = sit("plain ")
    seat.editor.formatting.toggle_inline("bold")
    seat.type("bold")
    seat.editor.formatting.toggle_inline("bold")
    seat.type(" plain")
    assert marked(seat.document) == ["plain ", ("bold", {"bold": True}), " plain"]


def test_a_format_chosen_for_the_next_words_outlives_a_teammates_edit(sit):
    seat = sit("ab")
    teammate = Teammate(seat)
    seat.editor.formatting.toggle_inline("bold")
    teammate.insert(0, "x")
    seat.type("c")
    assert marked(seat.document) == ["xab", ("c", {"bold": True})]


def test_a_format_chosen_for_the_next_words_fits_the_style_that_the_line_gets_then(sit):
    seat = sit("ab")
    seat.editor.formatting.toggle_inline("bold")
    seat.editor.formatting.set_style("heading_1")
    seat.type("c")
    assert marked(seat.document) == ["ab", ("c", {"bold": True})]
    sizes = {seat.editor.document().begin().begin().fragment().charFormat().fontPointSize()}
    assert {seat.editor.textCursor().charFormat().fontPointSize()} == sizes


def test_text_behind_a_link_is_no_link(sit):
    seat = sit()
    seat.editor.formatting.set_link("https://example.org", "site")
    seat.type(" more")
    assert marked(seat.document) == [("site", {"link": "https://example.org"}), " more"]


@pytest.mark.parametrize(("first", "kept"), [(0, []), (1, [("l", {"link": "https://example.org"})])])
def test_what_is_typed_in_place_of_the_end_of_a_link_is_no_link(sit, first, kept):
    seat = sit("")
    seat.paste(html='<a href="https://example.org">link</a>')
    seat.editor.set_caret(4, first)
    seat.type("new")
    assert marked(seat.document) == [*kept, "new"]
    seat.press(Qt.Key.Key_Z, CTRL)
    assert marked(seat.document)[-1][1] == {"link": "https://example.org"}


def test_a_link_at_the_caret_is_changed_and_taken_away_as_a_whole(sit):
    seat = sit("see ")
    seat.editor.formatting.set_link("https://example.org", "site")
    seat.editor.set_caret(6)
    seat.editor.formatting.set_link("https://example.com")
    assert marked(seat.document) == ["see ", ("site", {"link": "https://example.com"})]
    seat.editor.set_caret(6)
    seat.editor.formatting.set_link(None)
    assert marked(seat.document) == ["see site"]


@pytest.mark.parametrize("style", ["blockquote", "code_block", *(f"heading_{level}" for level in range(1, 7))])
def test_a_style_given_twice_is_body_text_again(sit, style):
    seat = sit("text")
    seat.editor.formatting.set_style(style)
    assert lines(seat.document) != ["text"]
    seat.editor.formatting.set_style(style)
    assert lines(seat.document) == ["text"]


def test_a_new_line_begins_on_the_side_of_the_one_above_until_its_first_letter_says_otherwise(sit):
    def is_from_right() -> bool:
        return seat.editor.textCursor().block().textDirection() == Qt.LayoutDirection.RightToLeft

    seat = sit(("שלום", {"list": "bullet"}))
    seat.press(Qt.Key.Key_Return)
    assert is_from_right()
    assert lines(seat.document)[1] == ("", {"list": "bullet"})
    seat.press(Qt.Key.Key_Return)
    assert is_from_right()
    seat.press(Qt.Key.Key_Return)
    assert is_from_right()
    seat.type("a")
    assert not is_from_right()
    seat.type("\nש")
    assert is_from_right()
    seat.press(Qt.Key.Key_Backspace)
    seat.type("b\n")
    assert not is_from_right()
    seat.document.settle()
    assert lines(seat.document)[1:] == ["", "a", "b", ""]
    assert seat.document.text() == seat.shown() + "\n"


@pytest.mark.parametrize("side", ["center", "right", "left", "justify"])
@pytest.mark.parametrize(("text", "begins"), [("text", "left"), ("שלום", "right")])
def test_lines_are_aligned_and_go_back(sit, side, text, begins):
    seat = sit(text)
    seat.editor.formatting.set_side(side)
    assert lines(seat.document) == ([(text, {"align": side})] if side != begins else [text])
    assert seat.editor.formatting.state().side == side
    line = seat.editor.document().firstBlock().layout().lineAt(0)
    if side in ("left", "right"):
        words = line.naturalTextRect()
        assert abs(words.left() - line.x() if side == "left" else line.x() + line.width() - words.right()) < 2
    seat.editor.formatting.set_side(begins)
    assert lines(seat.document) == [text]


def test_lines_are_read_as_their_first_letter_asks_for_until_somebody_says_how(sit, clock):
    seat = sit("cowrite הוא עורך", "שלום", ("שלום = 1", {"code-block": True}))

    def from_right() -> list[bool]:
        text = seat.editor.document()
        blocks = [text.findBlockByNumber(number) for number in range(text.blockCount())]
        return [block.textDirection() == Qt.LayoutDirection.RightToLeft for block in blocks]

    assert from_right() == [False, True, False]
    seat.editor.set_caret(0)
    seat.press(Qt.Key.Key_Direction_R)  # Ctrl with the right Shift on Windows
    assert from_right() == [True, True, False]
    assert seat.editor.formatting.state().direction == "rtl"
    seat.editor.set_caret(0, seat.document.length - 1)
    seat.press(Qt.Key.Key_Direction_L)
    assert [attributes["direction"] for _text, attributes in lines(seat.document)] == ["ltr"] * 3
    assert from_right() == [False] * 3
    clock.pause()
    seat.editor.formatting.set_direction(None)
    assert from_right() == [False, True, False]
    seat.editor.undo_own()
    assert from_right() == [False] * 3


def test_clearing_takes_all_formatting_from_the_selection(sit):
    seat = sit(("text", {"header": 1, "align": "center"}))
    seat.editor.set_caret(4, 0)
    for name in ("bold", "italic", "link", "color"):
        seat.editor.formatting.set_inline(
            name, "https://example.org" if name == "link" else "#aa0000" if name == "color" else True
        )
    seat.editor.formatting.clear()
    assert lines(seat.document) == ["text"]
    assert marked(seat.document) == ["text"]


def test_what_was_chosen_for_typing_goes_on_on_the_next_line(sit):
    seat = sit()
    seat.editor.formatting.toggle_inline("bold")
    seat.type("one\ntwo\n\nthree")
    assert [marked(seat.document, line) for line in range(4)] == [
        [("one", {"bold": True})],
        [("two", {"bold": True})],
        [],
        [("three", {"bold": True})],
    ]
    seat.editor.formatting.toggle_inline("bold")
    seat.type(" plain\nfour")
    assert marked(seat.document, 4) == ["four"]


def test_links_code_and_what_a_sign_made_bold_end_with_their_line(sit):
    seat = sit()
    seat.type("see https://example.org\n`code`\n**bold**\nplain")
    assert [marked(seat.document, line)[-1] for line in (1, 2, 3)] == [
        ("code", {"code": True}),
        ("bold", {"bold": True}),
        "plain",
    ]


def test_a_copied_look_is_one_step_of_undo_or_that_of_what_is_typed_next(sit):
    seat = sit(("Big", {"header": 1}), "plain")
    formatting = seat.editor.formatting
    seat.editor.set_caret(0, 2)
    formatting.toggle_inline("bold")
    words = formatting.look()
    seat.editor.set_caret(0)
    line = formatting.look()
    seat.editor.set_caret(9)
    formatting.paste_look(line)
    assert lines(seat.document) == [("Big", {"header": 1}), ("plain", {"header": 1})]
    seat.editor.undo_own()
    assert lines(seat.document) == [("Big", {"header": 1}), "plain"]
    formatting.paste_look(words)
    seat.type("!")
    assert marked(seat.document, 1) == ["plain", ("!", {"bold": True})]
    seat.editor.setReadOnly(True)
    formatting.paste_look(line)
    assert lines(seat.document)[1] == "plain!"
