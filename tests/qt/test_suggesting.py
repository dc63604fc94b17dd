"""A person at a page on which what they do is only suggested: real key presses, and what stands in the text."""

from __future__ import annotations

import json
from random import Random

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from cowrite.core.authors import Author
from cowrite.core.document import Document
from cowrite.core.origin import Origin
from cowrite.core.richtext import DELETION, INSERTION, joined, plain_text
from cowrite.core.suggested_changes import SuggestedChanges
from cowrite.core.suggested_text import as_it_stands
from cowrite.gui.clipboard import SPANS_TYPE
from helpers.seats import CTRL, SHIFT, Seat
from helpers.suggesting import marked

Key = Qt.Key
BO = Author("Bo", "#2f5fd0", "b2")
ADA = Author("Ada", "#c4314b", "a1")


def suggesting(seat: Seat, who: Author = BO) -> SuggestedChanges:
    """From now on what is done at this seat is suggested."""
    changes = SuggestedChanges(seat.document, lambda: who, chance=Random(who.id), clock=lambda: 5)
    seat.document.suggester = changes
    return changes


def stands(document: Document) -> str:
    return plain_text(as_it_stands(document.spans())).removesuffix("\n")


def accepted(seat: Seat, changes: SuggestedChanges) -> str:
    """What the text is when all is accepted; it is suggested again afterwards."""
    seat.document.settle()
    changes.accept([change.id for change in changes.all()])
    text = seat.document.text().removesuffix("\n")
    seat.editor.undo_own()
    return text


@pytest.fixture
def bo(sit):
    """A seat whose text is somebody else's, and its suggested changes."""

    def begin(*lines) -> tuple[Seat, SuggestedChanges]:
        seat = sit(*lines)
        return seat, suggesting(seat)

    return begin


def test_typed_letters_come_in_marked_and_are_one_change(bo):
    seat, changes = bo("We plant herbs.")
    seat.editor.set_caret(8)
    seat.type(" green")
    seat.document.settle()
    assert marked(seat.document) == "We plant{+ green+} herbs."
    assert [(change.author, change.comes, change.goes) for change in changes.all()] == [(BO, " green", "")]
    assert seat.editor.caret() == (14, 14)
    assert stands(seat.document) == "We plant herbs."


def test_letters_written_over_a_selection_stand_behind_what_goes_and_are_one_change_with_it(bo):
    seat, changes = bo("We plant herbs.")
    seat.editor.set_caret(8, 3)
    seat.type("grow")
    seat.document.settle()
    assert marked(seat.document) == "We [-plant-]{+grow+} herbs."
    assert [(change.comes, change.goes) for change in changes.all()] == [("grow", "plant")]
    assert accepted(seat, changes) == "We grow herbs."
    assert seat.shown() == "We plantgrow herbs."


def test_backspace_steps_over_what_it_suggests_to_delete(bo):
    seat, changes = bo("We plant herbs.")
    seat.press(Key.Key_Backspace, times=3)
    assert marked(seat.document) == "We plant her[-bs.-]"
    assert seat.editor.caret() == (12, 12)
    seat.press(Key.Key_Backspace)
    seat.press(Key.Key_End)
    seat.press(Key.Key_Backspace)
    assert marked(seat.document) == "We plant h[-erbs.-]"
    assert len(changes.all()) == 1


def test_delete_steps_over_what_it_suggests_to_delete(bo):
    seat, _ = bo("We plant herbs.")
    seat.editor.set_caret(3)
    seat.press(Key.Key_Delete, times=2)
    assert seat.editor.caret() == (5, 5)
    seat.press(Key.Key_Delete, CTRL)
    assert marked(seat.document) == "We [-plant -]herbs."


def test_what_one_has_just_suggested_goes_for_real(bo):
    seat, changes = bo("We plant herbs.")
    seat.editor.set_caret(2)
    seat.type("ed")
    seat.press(Key.Key_Backspace)
    assert marked(seat.document) == "We{+e+} plant herbs."
    seat.press(Key.Key_Backspace)
    assert marked(seat.document) == "We plant herbs."
    assert changes.all() == []


def test_what_somebody_else_has_suggested_is_only_suggested_to_go(bo):
    seat, _ = bo("We plant herbs.")
    seat.editor.set_caret(2)
    seat.type(" all")
    seat.document.settle()
    changes = suggesting(seat, ADA)
    seat.press(Key.Key_Backspace, times=2)
    assert marked(seat.document) == "We{+ a+}[-{+ll+}-] plant herbs."
    mine, theirs = changes.all()[::-1]
    changes.accept([mine.id])
    assert marked(seat.document) == "We{+ a+} plant herbs."
    changes.reject([theirs.id])
    assert seat.document.text() == "We plant herbs.\n"


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


def test_pasted_and_cut_text_is_suggested(bo):
    seat, changes = bo("We plant herbs.")
    seat.editor.set_caret(9, 3)
    seat.editor.cut()
    assert marked(seat.document) == "We [-plant -]herbs."
    seat.paste(text="sow\nand reap ")
    assert marked(seat.document) == "We [-plant -]{+sow¶and reap +}herbs."
    assert accepted(seat, changes) == "We sow\nand reap herbs."


def test_what_somebody_suggests_elsewhere_is_ones_own_suggestion_where_it_is_pasted(bo):
    seat, changes = bo("We plant.")
    foreign = [["grow", {INSERTION: "change:foreign"}, None], ["sow", {DELETION: "change:foreign"}, None]]
    seat.editor.set_caret(3)
    seat.paste(**{SPANS_TYPE: json.dumps(foreign).encode()})
    assert marked(seat.document) == "We {+grow+}plant."
    assert [change.author for change in changes.all()] == [BO]


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


def test_composed_text_is_suggested(bo):
    seat, _ = bo("We plant herbs.")
    seat.editor.set_caret(8, 3)
    seat.compose("に")
    seat.commit("日本")
    seat.document.settle()
    assert marked(seat.document) == "We [-plant-]{+日本+} herbs."
    seat.type("x")
    seat.document.settle()
    assert marked(seat.document) == "We [-plant-]{+日本x+} herbs."


def test_undo_takes_back_what_was_suggested_and_redo_brings_it_again(bo):
    seat, _ = bo("We plant herbs.")
    seat.editor.set_caret(8, 3)
    seat.type("grow")
    seat.document.settle()
    before = marked(seat.document)
    while seat.document.can_undo():
        seat.editor.undo_own()
    seat.editor.redo_own()
    while seat.document.can_redo():
        seat.editor.redo_own()
    assert marked(seat.document) == before


def test_formatting_of_ones_own_suggestion_is_done_and_of_other_text_left(bo):
    seat, changes = bo("We plant herbs.")
    told = []
    changes._formats_left = lambda: told.append(1)
    seat.editor.set_caret(8)
    seat.type(" green")
    seat.editor.set_caret(14, 9)
    seat.editor.formatting.toggle_inline("bold")
    assert not told
    assert [span.text for span in seat.document.spans() if span.attributes.get("bold")] == ["green"]
    seat.editor.set_caret(8, 3)
    seat.editor.formatting.toggle_inline("bold")
    seat.editor.formatting.set_style("heading_1")
    assert len(told) == 2
    assert stands(seat.document) == "We plant herbs."
    assert not any("header" in span.attributes for span in seat.document.spans())


def test_that_looks_are_not_suggested_is_said_too_where_a_part_of_what_is_selected_takes_them(bo):
    seat, changes = bo("We plant herbs.")
    told = []
    changes._formats_left = lambda: told.append(1)
    seat.editor.set_caret(8)
    seat.type(" green")
    seat.document.settle()
    assert not told
    seat.editor.selectAll()
    seat.editor.formatting.toggle_inline("bold")
    assert [span.text for span in seat.document.spans() if span.attributes.get("bold")] == [" green"]
    assert told == [1]


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


def test_what_one_writes_beside_a_suggestion_is_none_of_it_where_one_edits(sit):
    seat = sit("We plant herbs.")
    suggesting(seat)
    seat.editor.set_caret(2)
    seat.type(" all")
    seat.document.settle()
    seat.document.suggester = None
    seat.type("!")
    seat.document.settle()
    assert marked(seat.document) == "We{+ all+}! plant herbs."
    seat.editor.set_caret(4)
    seat.type("x")
    seat.document.settle()
    assert marked(seat.document) == "We{+ a+}x{+ll+}! plant herbs."
    assert [span.attributes for span in seat.editor.formatting._draft.spans(4, 5)] == [{}]


def test_words_in_the_place_of_found_ones_are_suggested(bo):
    seat, changes = bo("red and red")
    seat.editor.replace_range(0, 3, "blue")
    assert marked(seat.document) == "[-red-]{+blue+} and red"
    assert seat.editor.caret() == (7, 7)
    seat.editor.replace_ranges([(0, 3), (12, 15)], "green")
    assert accepted(seat, changes) == "blue and green" or accepted(seat, changes) == "greenblue and green"


def test_an_image_and_a_divider_are_suggested(bo):
    seat, changes = bo("We plant herbs.")
    seat.editor.set_caret(8)
    seat.editor.insert_embed({"image": "sha256:" + "ab" * 32})
    assert marked(seat.document) == "We plant{+\ufffc+} herbs."
    seat.editor.insert_divider()
    changes.reject([change.id for change in changes.all()])
    assert seat.document.text() == "We plant herbs.\n"


def test_a_teammates_words_come_in_while_one_suggests(bo):
    from helpers.seats import Teammate

    seat, _ = bo("We plant herbs.")
    mate = Teammate(seat)
    seat.editor.set_caret(8, 3)
    seat.type("grow")
    mate.insert(0, "So: ")
    seat.type("s")
    seat.document.settle()
    assert marked(seat.document) == "So: We [-plant-]{+grows+} herbs."


@pytest.mark.parametrize("keys", [(Key.Key_A, CTRL), (Key.Key_Home, CTRL | SHIFT)])
def test_everything_can_be_suggested_to_go(bo, keys):
    seat, changes = bo("We plant", "herbs.")
    seat.press(*keys)
    seat.press(Key.Key_Delete)
    assert marked(seat.document) == "[-We plant¶herbs.-]"
    assert seat.document.text() == "We plant\nherbs.\n"
    assert accepted(seat, changes) == ""


def test_own_edits_of_a_document_that_is_being_read_in_are_no_suggestions(bo):
    seat, _ = bo("We plant herbs.")
    with seat.document.edit(Origin.IMPORT) as edit:
        edit.insert(0, "x")
    assert marked(seat.document) == "xWe plant herbs."


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


def test_shift_and_delete_cuts_what_is_selected_also_where_that_is_suggested(bo, qapp):
    seat, _ = bo("We plant herbs.")
    seat.editor.set_caret(9, 3)
    seat.press(Key.Key_Delete, SHIFT)
    assert marked(seat.document) == "We [-plant -]herbs."
    assert qapp.clipboard().text() == "plant "
    seat.press(Key.Key_Delete, SHIFT)
    seat.press(Key.Key_Delete, CTRL | SHIFT)
    assert marked(seat.document) == "We [-plant -]herbs."


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


@pytest.mark.parametrize("embed", [{"image": "sha256:" + "ab" * 32}, {"divider": True}, {"decision": "decision:1"}])
def test_what_is_no_text_is_framed_in_the_colour_of_who_suggests_it_and_crossed_out_where_it_goes(bo, embed):
    def coloured() -> int:
        shown, wanted = seat.editor.grab().toImage(), QColor(BO.colour)
        return sum(shown.pixelColor(x, y) == wanted for x in range(shown.width()) for y in range(shown.height()))

    seat, changes = bo("")
    with seat.document.edit(Origin.IMPORT) as edit:
        edit.insert_embed(0, embed)
    seat.press(Key.Key_Home, CTRL)
    assert coloured() == 0
    seat.press(Key.Key_Delete)
    crossed_out = coloured()
    changes.reject([change.id for change in changes.all()])
    assert coloured() == 0
    seat.press(Key.Key_End, CTRL)
    seat.editor.insert_embed(embed)
    seat.document.suggester = None
    with seat.document.edit(Origin.IMPORT) as edit:
        edit.delete(0, 1)
    assert 100 < coloured() < crossed_out


def test_backspace_suggests_to_take_off_an_accent_alone_and_an_emoji_as_a_whole(bo):
    seat, _ = bo("cafe\u0301\U0001f468\u200d\U0001f469\u200d\U0001f467")
    seat.press(Key.Key_Backspace, times=2)
    assert marked(seat.document) == "cafe[-\u0301\U0001f468\u200d\U0001f469\u200d\U0001f467-]"
    assert seat.editor.caret() == (4, 4)


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
