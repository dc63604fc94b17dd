"""Lines on a page on which what one does is only suggested: begun, joined and taken back by real key presses."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import Qt

from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import joined
from cowrite.gui.page.clipboard import SPANS_TYPE
from helpers.seats import CTRL
from helpers.suggesting import accepted, marked, stands

Key = Qt.Key


def test_enter_suggests_another_line_and_backspace_takes_it_back(bo):
    seat, changes = bo("We plant herbs.")
    seat.editor.set_caret(8)
    seat.type("\n")
    assert marked(seat.document) == "We plant{+¶+} herbs."
    assert accepted(seat, changes) == "We plant\n herbs."
    assert stands(seat.document) == "We plant herbs."
    seat.editor.set_caret(9)
    seat.press(Key.Key_Backspace)
    assert seat.document.text() == "We plant herbs.\n"


def test_backspace_at_the_start_of_a_line_suggests_that_it_joins_the_one_above(bo):
    seat, changes = bo(("Head", {"header": 1}), ("item", {"list": "bullet"}))
    seat.editor.set_caret(5)
    seat.press(Key.Key_Backspace)
    assert marked(seat.document) == "Head[-¶-]item"
    assert seat.editor.caret() == (4, 4)
    assert accepted(seat, changes) == "Headitem"
    changes.reject([change.id for change in changes.all()])
    assert [dict(span.attributes) for span in seat.document.spans() if span.text == "\n"] == [
        {"header": 1},
        {"list": "bullet"},
    ]


def test_enter_over_a_selection_leaves_what_goes_above_the_new_line(bo):
    seat, changes = bo("We plant herbs.")
    seat.editor.set_caret(8, 3)
    seat.type("\nsow")
    seat.document.settle()
    assert marked(seat.document) == "We [-plant-]{+¶sow+} herbs."
    assert accepted(seat, changes) == "We \nsow herbs."


def test_lines_that_are_rejected_leave_their_style_nowhere(bo):
    seat, changes = bo("We plant.", "")
    before = list(seat.document.spans())
    seat.editor.set_caret(10)
    seat.paste(
        **{SPANS_TYPE: json.dumps([["Herbs", {}, None], ["\n", {"header": 1}, None], ["Basil", {}, None]]).encode()}
    )
    assert marked(seat.document) == "We plant.¶{+Herbs+}{+¶+}{+Basil+}"
    seat.document.suggester = None
    changes.reject([change.id for change in changes.all()])
    assert joined(seat.document.spans()) == joined(before)


def test_signs_stay_signs_on_a_line_of_somebody_else_and_style_ones_own(bo):
    seat, _ = bo("We plant herbs.")
    seat.editor.set_caret(0)
    seat.type("# ")
    seat.document.settle()
    assert marked(seat.document) == "{+# +}We plant herbs."
    seat.press(Key.Key_End)
    seat.type("\n- ")
    assert [dict(span.attributes).get("list") for span in seat.document.spans() if span.text == "\n"][-1:] != []
    assert stands(seat.document) == "We plant herbs."


@pytest.mark.parametrize("keys", ["\n", "\nsow", "\n\nsow\n"])
def test_lines_suggested_below_the_last_one_are_gone_when_they_are_rejected(bo, keys):
    seat, changes = bo("We plant herbs.")
    seat.type(keys)
    seat.document.settle()
    changes.reject([change.id for change in changes.all()])
    assert seat.document.text() == "We plant herbs.\n"
    assert changes.all() == []


def test_the_last_break_stays_where_everything_that_was_suggested_is_rejected(bo):
    seat, changes = bo("")
    seat.type("\nsow")
    seat.document.suggester = None
    seat.press(Key.Key_Home, CTRL)
    seat.press(Key.Key_Delete)
    assert marked(seat.document) == "{+sow¶+}"
    changes.reject([change.id for change in changes.all()])
    assert (seat.document.text(), changes.all()) == ("\n", [])


def test_a_line_above_an_empty_one_leaves_it_its_look_when_it_is_rejected(bo):
    seat, changes = bo(("deep", {"list": "bullet", "indent": 1}), ("", {"list": "bullet"}), "end")
    before = list(seat.document.spans())
    seat.editor.set_caret(4)
    seat.type("\n")
    changes.reject([change.id for change in changes.all()])
    assert list(seat.document.spans()) == before


def test_words_over_whole_lines_have_the_look_of_the_first_when_they_are_accepted(bo, sit):
    lines = (("Head", {"header": 1}), "plain", "end")
    (seat, changes), other = bo(*lines), sit(*lines)
    for each in (seat, other):
        each.editor.set_caret(10, 0)
        each.type("new")
        each.document.settle()
    changes.accept([change.id for change in changes.all()])
    assert list(seat.document.spans()) == list(other.document.spans())


def test_enter_before_the_end_of_a_heading_that_goes_begins_body_text(bo):
    seat, changes = bo(("Head", {"header": 1}))
    seat.press(Key.Key_Backspace)
    seat.type("\ntext")
    seat.document.settle()
    changes.accept([change.id for change in changes.all()])
    assert [(span.text, dict(span.attributes)) for span in seat.document.spans()] == [
        ("Hea", {}),
        ("\n", {"header": 1}),
        ("text\n", {}),
    ]


def test_a_line_below_an_emoji_in_a_document_without_a_last_break_is_rejected(bo):
    seat, changes = bo("\U0001f600")
    with seat.document.edit(Origin.IMPORT) as edit:
        edit.delete(2, 1)
    seat.type("\n")
    changes.reject([change.id for change in changes.all()])
    assert (seat.document.text(), changes.all()) == ("\U0001f600\n", [])


@pytest.mark.parametrize("lines", [("We plant",), ("We plant", "herbs."), (("We plant", {"header": 1}), "", "herbs.")])
def test_backspace_takes_back_the_lines_that_enter_has_begun_at_the_end_of_one(bo, lines):
    seat, changes = bo(*lines)
    before = joined(seat.document.spans())
    seat.editor.set_caret(8)
    seat.type("\n\n")
    seat.press(Key.Key_Backspace, times=2)
    assert (joined(seat.document.spans()), changes.all(), seat.editor.caret()) == (before, [], (8, 8))
    seat.type("\n")
    seat.editor.set_caret(8)
    seat.press(Key.Key_Delete)
    assert (joined(seat.document.spans()), changes.all(), seat.editor.caret()) == (before, [], (8, 8))
    assert seat.shown() == "\n".join(line if isinstance(line, str) else line[0] for line in lines)


def test_a_page_break_is_suggested_before_words_of_others_and_backspace_takes_it_back(bo):
    seat, changes = bo("We plant herbs.")
    seat.editor.set_caret(8)
    seat.editor.edits.insert_page_break()
    assert marked(seat.document) == "We plant{+¶+}{+¶+} herbs."
    breaks = [span.attributes.get("page-break") for span in seat.document.spans() if span.text == "\n"]
    assert breaks == [None, True]
    seat.press(Key.Key_Backspace)
    seat.press(Key.Key_Backspace)
    assert seat.document.text() == "We plant herbs.\n"
    seat.editor.undo_own()
    assert accepted(seat, changes) == "We plant\n\n herbs."


def test_a_page_begins_with_a_line_that_one_has_suggested_oneself(bo):
    seat, _ = bo("We plant herbs.")
    seat.editor.set_caret(0)
    seat.type("Sow\n")
    seat.editor.set_caret(2)
    seat.editor.edits.insert_page_break()
    seat.document.settle()
    assert marked(seat.document) == "{+So¶w+}{+¶+}We plant herbs."
    assert [dict(span.attributes) for span in seat.document.spans() if "page-break" in span.attributes]
