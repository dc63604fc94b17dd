"""A person at a page on which what they do is only suggested: real key presses, and what stands in the text."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QColor, QInputMethodEvent

from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import DELETION, INSERTION, Span
from cowrite.core.writing.replacing import Replacement
from cowrite.core.writing.typography import QUOTES
from cowrite.gui.page import deleting_keys
from cowrite.gui.page.clipboard import SPANS_TYPE
from helpers.colours import colours
from helpers.seats import CTRL, SHIFT
from helpers.suggesting import ADA, BO, accepted, decide, marked, stands, suggesting

Key = Qt.Key


def test_typed_letters_come_in_marked_and_are_one_change(bo):
    seat, changes = bo("We plant herbs.")
    seat.editor.set_caret(8)
    seat.type(" green")
    seat.document.settle()
    assert marked(seat.document) == "We plant{+ green+} herbs."
    assert [(change.author, change.comes, change.goes) for change in changes.all()] == [(BO, " green", "")]
    assert seat.editor.caret() == (14, 14)
    assert stands(seat.document) == "We plant herbs."


def test_a_letter_that_is_suggested_is_written_alone_where_somebody_reads_by_ear(bo, heard) -> None:
    seat, _ = bo("one two")
    seat.editor.set_caret(7)
    written: list[tuple[int, int, int]] = []
    seat.editor.document().contentsChange.connect(lambda *change: written.append(change))
    seat.type("abc")
    assert [change for change in written if change[1:] != (0, 1)] == [(7, 1, 1), (8, 1, 1), (9, 1, 1)]


def test_letters_written_over_a_selection_stand_behind_what_goes_and_are_one_change_with_it(bo):
    seat, changes = bo("We plant herbs.")
    seat.editor.set_caret(8, 3)
    seat.type("grow")
    seat.document.settle()
    assert marked(seat.document) == "We [-plant-]{+grow+} herbs."
    assert [(change.comes, change.goes) for change in changes.all()] == [("grow", "plant")]
    assert accepted(seat, changes) == "We grow herbs."
    assert seat.shown() == "We plantgrow herbs."


def test_a_quote_that_becomes_one_of_print_is_suggested_with_the_letters_beside_it(bo):
    seat, changes = bo("We plant.")
    seat.editor.use_quotes(QUOTES["en"])
    seat.editor.set_caret(8)
    seat.type(' "herbs"')
    seat.document.settle()
    assert marked(seat.document) == "We plant{+ “herbs”+}."
    assert [change.comes for change in changes.all()] == [" “herbs”"]


def test_a_sign_of_print_for_what_others_began_is_suggested_in_its_place_and_writing_goes_on_behind_it(bo):
    for text, at, typed, wanted in (
        ("Wait.. herbs", 6, ".!", "Wait[-..-]{+…!+} herbs"),
        ("We -- plant", 5, " x", "We [----]{+– x+} plant"),
    ):
        seat, _ = bo(text)
        seat.editor.use_quotes(QUOTES["en"])
        seat.editor.set_caret(at)
        seat.type(typed)
        assert marked(seat.document) == wanted


def test_a_line_that_goes_stays_on_the_page_also_where_a_new_one_began_on_its_side(bo):
    seat, _ = bo("")
    seat.type("عربي")
    seat.press(Key.Key_Return)
    seat.editor.set_caret(5, 2)
    seat.press(Key.Key_Return, SHIFT)
    assert marked(seat.document) == "{+عر+}[-¶-]{+\u2028+}{+¶+}"
    assert seat.editor.document().toRawText() == "عر\u2029\u2028"


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


def test_words_are_suggested_to_go_one_after_the_other_by_the_key_that_takes_them_away_on_a_mac(bo, monkeypatch):
    held = Qt.KeyboardModifier.MetaModifier  # Alt on a Mac, which means something else here
    monkeypatch.setattr(deleting_keys, "_WORD", held)
    seat, _ = bo("We plant herbs now.")
    seat.editor.set_caret(14)
    seat.press(Key.Key_Backspace, held, times=2)
    assert marked(seat.document) == "We [-plant herbs-] now."
    seat.editor.set_caret(15)
    seat.press(Key.Key_Delete, held)
    assert marked(seat.document) == "We [-plant herbs-] [-now-]."


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


def test_signs_of_which_some_are_suggested_to_go_or_alone_to_come_make_none_of_print(bo):
    seat, _ = bo("Wait..")
    seat.editor.use_quotes(QUOTES["en"])
    seat.editor.set_caret(4)
    seat.press(Key.Key_Delete, times=2)
    seat.type(".")
    assert marked(seat.document) == "Wait[-..-]{+.+}"
    seat.type(" ..")
    seat.document.suggester = None
    seat.type(".")
    assert marked(seat.document) == "Wait[-..-]{+. ..+}."


def test_an_input_method_that_says_nothing_suggests_nothing_to_go(bo):
    seat, _ = bo("one two three")
    seat.editor.set_caret(7, 4)
    seat.compose("")
    assert marked(seat.document) == "one two three"
    assert seat.editor.caret() == (4, 7)


def test_what_an_input_method_puts_in_the_place_of_letters_is_suggested_and_writing_goes_on_behind_it(bo):
    seat, _ = bo("We plant viet herbs.")
    seat.editor.set_caret(13)
    replaced = QInputMethodEvent("", [])
    replaced.setCommitString("việt", -4, 4)
    QCoreApplication.sendEvent(seat.editor, replaced)
    seat.type("s")
    assert marked(seat.document) == "We plant [-viet-]{+việts+} herbs."
    replaced.setCommitString("", -1, 1)
    QCoreApplication.sendEvent(seat.editor, replaced)
    seat.type("!")
    assert marked(seat.document) == "We plant [-viet-]{+việt!+} herbs."


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


def test_the_caret_stays_before_what_comes_back_where_somebody_accepts_what_one_rejects(bo):
    seat, changes = bo("We plant herbs.")
    seat.editor.set_caret(8)
    seat.type(" green")
    seat.document.settle()
    mate = MendedDocument(client_id=2**40, clock=lambda: 0)  # of two decisions, that of the higher number holds
    mate.apply_remote(seat.document.state())
    decide(mate, "accept")
    changes.reject([change.id for change in changes.all()])
    seat.type(" many")
    seat.document.settle()
    seat.document.apply_remote(mate.state())
    assert marked(seat.document) == "We plant{+ many+} green herbs."
    assert seat.editor.caret() == (13, 13)


def test_words_in_the_place_of_found_ones_are_suggested(bo):
    seat, changes = bo("red and red")
    seat.editor.edits.replace_range(0, 3, "blue")
    assert marked(seat.document) == "[-red-]{+blue+} and red"
    assert seat.editor.caret() == (7, 7)
    seat.editor.edits.replace([Replacement(start, start + 3, (Span("green"),)) for start in (0, 12)])
    assert accepted(seat, changes) == "blue and green" or accepted(seat, changes) == "greenblue and green"


def test_an_image_and_a_divider_are_suggested(bo):
    seat, changes = bo("We plant herbs.")
    seat.editor.set_caret(8)
    seat.editor.edits.insert_embed({"image": "sha256:" + "ab" * 32})
    assert marked(seat.document) == "We plant{+\ufffc+} herbs."
    seat.editor.edits.insert_divider()
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


def test_shift_and_delete_cuts_what_is_selected_also_where_that_is_suggested(bo, qapp):
    seat, _ = bo("We plant herbs.")
    seat.editor.set_caret(9, 3)
    seat.press(Key.Key_Delete, SHIFT)
    assert marked(seat.document) == "We [-plant -]herbs."
    assert qapp.clipboard().text() == "plant "
    seat.press(Key.Key_Delete, SHIFT)
    seat.press(Key.Key_Delete, CTRL | SHIFT)
    assert marked(seat.document) == "We [-plant -]herbs."


@pytest.mark.parametrize("embed", [{"image": "sha256:" + "ab" * 32}, {"divider": True}, {"decision": "decision:1"}])
def test_what_is_no_text_is_framed_in_the_colour_of_who_suggests_it_and_crossed_out_where_it_goes(bo, embed):
    def coloured() -> int:
        return colours(seat.editor.grab().toImage())[QColor(BO.colour).name()]

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
    seat.editor.edits.insert_embed(embed)
    seat.document.suggester = None
    with seat.document.edit(Origin.IMPORT) as edit:
        edit.delete(0, 1)
    assert 100 < coloured() < crossed_out


def test_backspace_suggests_to_take_off_an_accent_alone_and_an_emoji_as_a_whole(bo):
    seat, _ = bo("cafe\u0301\U0001f468\u200d\U0001f469\u200d\U0001f467")
    seat.press(Key.Key_Backspace, times=2)
    assert marked(seat.document) == "cafe[-\u0301\U0001f468\u200d\U0001f469\u200d\U0001f467-]"
    assert seat.editor.caret() == (4, 4)
