"""Signs that are typed on a page: they style a line, format words, make dividers and links, or stay."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from cowrite.core.writing.typography import QUOTES
from helpers.drafts import lines, marked
from helpers.seats import CTRL, SHIFT

Key = Qt.Key
BULLET = {"list": "bullet"}


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


def test_a_sign_that_stands_on_a_letters_key_formats_as_well(sit):
    seat = sit()
    seat.type("see ~~it~")
    alt = Qt.KeyboardModifier.AltModifier  # as on a keyboard with a tilde on Alt+N
    QApplication.sendEvent(seat.editor, QKeyEvent(QEvent.Type.KeyPress, Key.Key_N, alt, "~"))
    assert marked(seat.document) == ["see ", ("it", {"strike": True})]


def test_three_dashes_and_enter_become_a_divider_below_which_writing_goes_on(sit):
    seat = sit()
    seat.type("above\n---\nbelow")
    assert lines(seat.document) == ["above", "\ufffc", "below"]


def test_words_that_are_typed_at_a_divider_stand_above_or_below_it(sit):
    seat = sit()
    seat.type("above\n---\nbelow")
    seat.press(Key.Key_Up)
    seat.press(Key.Key_End)
    seat.type("behind")
    seat.press(Key.Key_Up)
    seat.press(Key.Key_Home)
    seat.type("before")
    assert lines(seat.document) == ["above", "before", "\ufffc", "behind", "below"]
    seat.press(Key.Key_Down)
    seat.press(Key.Key_End)
    seat.commit("漢")
    assert lines(seat.document)[2:4] == ["\ufffc", "漢"]
    seat.press(Key.Key_Home)
    seat.press(Key.Key_Backspace)
    assert lines(seat.document) == ["above", "before", "漢", "behind", "below"]
    seat.press(Key.Key_Z, CTRL)
    assert lines(seat.document)[2] == "\ufffc"


def test_code_goes_on_as_far_in_as_it_stands_and_tab_moves_its_lines(sit):
    seat = sit()
    seat.type("```\ndef f():\n")
    seat.press(Key.Key_Tab)
    seat.type("x = 1\ny")
    assert [text for text, _ in lines(seat.document)] == ["def f():", "\tx = 1", "\ty"]
    seat.press(Key.Key_Backtab, SHIFT)
    assert [text for text, _ in lines(seat.document)] == ["def f():", "\tx = 1", "y"]
    seat.press(Key.Key_Up, SHIFT)
    seat.press(Key.Key_Tab)
    seat.press(Key.Key_Right)
    assert [text for text, _ in lines(seat.document)] == ["def f():", "\t\tx = 1", "\ty"]
    seat.type("\n\nafter")
    assert lines(seat.document)[-2:] == [("\ty", {"code-block": True}), "after"]


def test_undo_right_after_a_habit_gives_the_signs_back(sit, clock):
    seat = sit()
    seat.type("# ")
    seat.press(Key.Key_Z, CTRL)
    assert lines(seat.document) == ["# "]


def test_a_typed_address_is_a_link_and_what_follows_is_none(sit):
    seat = sit()
    seat.type("See https://example.org, and www.example.com\nthen")
    links = [(span.text, span.attributes["link"]) for span in seat.document.spans() if "link" in span.attributes]
    assert links == [("https://example.org", "https://example.org"), ("www.example.com", "https://www.example.com")]


def test_an_address_is_a_link_behind_whatever_parts_it_from_the_words_before(sit, table):
    seat = sit()
    seat.type("one")
    seat.press(Key.Key_Return, SHIFT)
    seat.type("www.example.org \twww.example.com ")
    table.type("a\nwww.example.net\n")
    for document, links in ((seat.document, ["org", "com"]), (table.document, ["net"])):
        document.settle()
        assert [span.text[-3:] for span in document.spans() if "link" in span.attributes] == links


def test_signs_that_an_input_method_commits_count_as_typed(sit):
    seat = sit()
    seat.type("-")
    seat.commit(" ")
    assert lines(seat.document) == [("", BULLET)]


def test_signs_inside_of_code_stay(sit):
    seat = sit(("", {"code-block": True}))
    seat.type("# *a* `b` - ")
    assert lines(seat.document) == [("# *a* `b` - ", {"code-block": True})]


def test_quotes_dashes_and_dots_are_set_as_in_print_where_one_has_chosen_so(sit):
    seat = sit()
    seat.type('"a"... ')
    assert seat.document.text() == '"a"... \n'
    seat.editor.use_quotes(QUOTES["en"])
    seat.type('"It\'s" -- he said... ')
    assert seat.document.text() == '"a"... “It’s” – he said… \n'
    assert seat.editor.caret() == (25, 25)


def test_undo_gives_a_typed_quote_back_and_redo_the_one_of_print(sit):
    seat = sit()
    seat.editor.use_quotes(QUOTES["de"])
    seat.type('ab "')
    assert seat.document.text() == "ab „\n"
    seat.press(Key.Key_Z, CTRL)
    assert seat.document.text() == 'ab "\n'
    seat.press(Key.Key_Z, CTRL | SHIFT)
    assert seat.document.text() == "ab „\n"
    seat.type("c")
    assert (seat.document.text(), seat.editor.caret()) == ("ab „c\n", (5, 5))


def test_an_apostrophe_that_was_taken_for_the_end_of_inner_quotes_is_mended_behind_its_word(sit):
    seat = sit()
    seat.editor.use_quotes(QUOTES["de"])
    seat.type("'geht's")
    assert seat.document.text() == "‚geht‘s\n"
    seat.type("'")
    assert (seat.document.text(), seat.editor.caret()) == ("‚geht’s‘\n", (8, 8))
    seat.press(Key.Key_Z, CTRL)
    assert seat.document.text() == "‚geht’s'\n"
    seat.press(Key.Key_Z, CTRL | SHIFT)
    assert seat.document.text() == "‚geht’s‘\n"


def test_what_is_code_keeps_the_quotes_that_are_typed(sit):
    seat = sit()
    seat.editor.use_quotes(QUOTES["en"])
    seat.type('`f("x")`, ')
    assert marked(seat.document) == [('f("x")', {"code": True}), ", "]
    seat.press(Key.Key_Return)
    seat.type("```print('x')...")
    assert lines(seat.document)[1:] == [("print('x')...", {"code-block": True})]


def test_a_quote_keeps_the_look_of_the_letters_around_it(sit):
    seat = sit()
    seat.editor.use_quotes(QUOTES["en"])
    seat.editor.formatting.toggle_inline("bold")
    seat.type('a "b"')
    assert marked(seat.document) == [("a “b”", {"bold": True})]
