"""What Enter, Backspace, Tab and the line commands do to the lines of a draft."""

from __future__ import annotations

import pytest
from pycrdt import Text

from cowrite.core.crdt import anchors
from cowrite.core.document import edit as edits
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import DEEPEST_INDENT, Insert, Span, joined, utf16_length
from cowrite.core.writing.line import depth, line_at
from cowrite.core.writing.lines import (
    STYLES,
    change_indent,
    insert_divider,
    press_backspace,
    press_enter,
    set_side,
    set_style,
    toggle_check,
    toggle_list,
)
from cowrite.core.writing.pasting import copied, in_style_of, insert_rich_text
from helpers.copies import meet
from helpers.drafts import draft, lines

BULLET = {"list": "bullet"}


# Enter


def test_enter_on_an_empty_draft_makes_a_second_line():
    document = draft("")
    assert press_enter(document, 0) == 1
    assert lines(document) == ["", ""]


def test_enter_divides_a_line_and_both_halves_keep_its_style():
    document = draft(("onetwo", {"list": "ordered", "indent": 2}))
    assert press_enter(document, 3) == 4
    assert lines(document) == [("one", {"list": "ordered", "indent": 2}), ("two", {"list": "ordered", "indent": 2})]


def test_enter_at_the_end_of_a_text_that_another_program_left_open_makes_a_second_line():
    document = MendedDocument(clock=lambda: 0)
    with document.edit(Origin.IMPORT) as edit:
        edit.insert(0, "open")
    assert press_enter(document, 4) == 5
    assert lines(document) == ["open", ""]


def test_enter_on_an_empty_item_of_an_inner_list_goes_one_step_out():
    inner = {"list": "ordered", "indent": 2}
    document = draft(("item", inner), ("", inner))
    assert press_enter(document, 5) == 5
    assert lines(document) == [("item", inner), ("", {"list": "ordered", "indent": 1})]
    press_enter(document, 5)
    press_enter(document, 5)
    assert lines(document) == [("item", inner), ""]


@pytest.mark.parametrize("style", [BULLET, {"list": "checked"}, {"blockquote": True}])
def test_enter_on_an_empty_item_or_quote_ends_it(style):
    document = draft(("item", style), ("", style))
    assert press_enter(document, 5) == 5
    assert lines(document) == [("item", style), ""]


def test_enter_on_an_empty_line_inside_of_code_stays_code():
    document = draft(("a", {"code-block": True}), ("", {"code-block": True}), ("b", {"code-block": True}))
    assert press_enter(document, 2) == 3
    assert [line[1] for line in lines(document)] == [{"code-block": True}] * 4


def test_enter_on_an_empty_last_line_of_code_ends_the_code():
    document = draft(("a", {"code-block": True}), ("", {"code-block": True}), "after")
    assert press_enter(document, 2) == 2
    assert lines(document) == [("a", {"code-block": True}), "", "after"]


def test_enter_in_code_that_has_only_begun_waits_for_the_code():
    document = draft("before", ("", {"code-block": True}), "after")
    assert press_enter(document, 7) == 7
    assert lines(document) == ["before", ("", {"code-block": True}), "after"]


def test_enter_behind_a_heading_goes_on_with_body_text():
    document = draft(("Head", {"header": 2}))
    assert press_enter(document, 4) == 5
    assert lines(document) == [("Head", {"header": 2}), ""]


def test_enter_before_a_heading_puts_body_text_above_it():
    document = draft(("Head", {"header": 2}))
    assert press_enter(document, 0) == 1
    assert lines(document) == ["", ("Head", {"header": 2})]


def test_enter_inside_of_a_heading_makes_two_headings():
    document = draft(("Head", {"header": 2}))
    press_enter(document, 2)
    assert lines(document) == [("He", {"header": 2}), ("ad", {"header": 2})]


def test_enter_on_an_empty_heading_goes_on_with_body_text():
    document = draft(("", {"header": 2}))
    assert press_enter(document, 0) == 1
    assert lines(document) == [("", {"header": 2}), ""]


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
@pytest.mark.parametrize("old", [{}, BULLET, {"header": 2}])
def test_what_a_teammate_makes_of_a_line_stays_with_its_words_when_enter_is_pressed_behind_them(order, old):
    ours, theirs = (MendedDocument(client_id=id, clock=lambda: 0) for id in order)
    ours.apply_remote(draft(("one", old), "two").state())
    theirs.apply_remote(ours.state())
    caret = press_enter(ours, 3)
    with ours.edit(Origin.LOCAL) as edit:
        edit.insert(caret, "new")
    set_style(theirs, 1, 1, "blockquote")
    meet(ours, theirs)
    assert lines(ours) == lines(theirs)
    assert lines(ours)[0] == ("one", {"blockquote": True})


def test_the_item_after_a_ticked_one_is_not_ticked():
    document = draft(("done", {"list": "checked"}))
    press_enter(document, 4)
    assert lines(document) == [("done", {"list": "checked"}), ("", {"list": "unchecked"})]


def test_enter_before_a_ticked_item_leaves_the_tick_with_its_words():
    document = draft(("done", {"list": "checked"}))
    press_enter(document, 0)
    assert lines(document) == [("", {"list": "unchecked"}), ("done", {"list": "checked"})]


def test_undo_gives_the_three_dashes_back_and_no_more():
    document = draft("")
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "---")
    press_enter(document, 3)
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(2, "below")
    document.undo()
    assert lines(document) == ["\ufffc", ""]
    document.undo()
    assert lines(document) == ["---"]


@pytest.mark.parametrize("signs", ["---", "***", "___"])
def test_three_dashes_stars_or_underscores_and_enter_are_a_divider(signs):
    document = draft(signs)
    assert press_enter(document, 3) == 2
    assert lines(document) == ["\ufffc", ""]
    assert next(document.spans()).embed == {"divider": True}


def test_three_dashes_in_an_item_stay_dashes():
    document = draft(("---", BULLET))
    press_enter(document, 3)
    assert lines(document) == [("---", BULLET), ("", BULLET)]


# Backspace


def test_backspace_at_the_start_of_a_nested_item_moves_it_out():
    document = draft(("item", {"list": "bullet", "indent": 2}))
    assert press_backspace(document, 0) == 0
    assert lines(document) == [("item", {"list": "bullet", "indent": 1})]


@pytest.mark.parametrize("style", [BULLET, {"header": 3}, {"blockquote": True}, {"code-block": True}])
def test_backspace_at_the_start_of_a_styled_line_makes_it_body_text(style):
    document = draft(("text", style))
    assert press_backspace(document, 0) == 0
    assert lines(document) == ["text"]


def test_backspace_at_a_heading_takes_out_the_empty_line_above_it_and_leaves_the_heading():
    document = draft("one", "", ("Head", {"header": 2}))
    assert press_backspace(document, 5) == 4
    assert lines(document) == ["one", ("Head", {"header": 2})]
    assert press_backspace(document, 4) == 4
    assert lines(document) == ["one", "Head"]


def test_backspace_elsewhere_is_left_to_the_editor():
    document = draft("text", ("item", BULLET))
    assert press_backspace(document, 0) is None
    assert press_backspace(document, 7) is None
    assert lines(document) == ["text", ("item", BULLET)]


# Indents, styles, lists


def test_indenting_reaches_all_lines_of_a_range_and_ends_at_the_deepest():
    document = draft(("a", BULLET), ("b", {"list": "bullet", "indent": DEEPEST_INDENT}), ("c", BULLET))
    change_indent(document, 0, 3, 1)
    assert [depth(line[1]) for line in lines(document)] == [1, DEEPEST_INDENT, 0]


def test_the_outermost_item_cannot_move_further_out():
    document = draft(("a", BULLET))
    change_indent(document, 0, 0, -1)
    assert lines(document) == [("a", BULLET)]


@pytest.mark.parametrize("style", STYLES)
def test_a_style_takes_the_place_of_the_one_before_and_leaves_alignment(style):
    for before in ({"header": 1}, {"list": "bullet", "indent": 1}, {"blockquote": True}, {"code-block": True}):
        document = draft(("text", {**before, "align": "center"}))
        set_style(document, 0, 4, style)
        assert line_at(document, 0).attributes == {**STYLES[style], "align": "center"}


def test_a_range_that_ends_just_behind_a_line_leaves_the_next_line_alone():
    document = draft("one", "two")
    set_style(document, 0, 4, "heading_1")
    assert lines(document) == [("one", {"header": 1}), "two"]


def test_toggling_a_list_makes_mixed_lines_items_and_then_body_text_again():
    document = draft(("a", BULLET), ("b", {"header": 1}), "c")
    toggle_list(document, 0, 5, "bullet")
    assert lines(document) == [("a", BULLET), ("b", BULLET), ("c", BULLET)]
    toggle_list(document, 0, 5, "bullet")
    assert lines(document) == ["a", "b", "c"]


def test_a_ticked_item_counts_as_an_item_of_a_check_list():
    document = draft(("a", {"list": "checked"}), ("b", {"list": "unchecked"}))
    toggle_list(document, 0, 3, "unchecked")
    assert lines(document) == ["a", "b"]


def test_ticking_several_items_ticks_all_and_then_unticks_all():
    document = draft(("a", {"list": "checked"}), ("b", BULLET), ("c", {"list": "unchecked"}))
    assert toggle_check(document, 0, 5)
    assert lines(document) == [("a", {"list": "checked"}), ("b", BULLET), ("c", {"list": "checked"})]
    assert toggle_check(document, 0, 5)
    assert lines(document) == [("a", {"list": "unchecked"}), ("b", BULLET), ("c", {"list": "unchecked"})]


def test_ticking_concerns_check_lists_only():
    document = draft(("a", {"list": "unchecked"}), ("b", BULLET))
    assert toggle_check(document, 0)
    assert not toggle_check(document, 2)
    assert lines(document) == [("a", {"list": "checked"}), ("b", BULLET)]
    assert toggle_check(document, 1)
    assert lines(document)[0] == ("a", {"list": "unchecked"})


@pytest.mark.parametrize(
    ("before", "start", "stop", "after", "caret"),
    [
        (["ab"], 1, 1, ["a", "\ufffc", "b"], 4),
        (["ab"], 0, 0, ["\ufffc", "ab"], 2),
        (["ab"], 2, 2, ["ab", "\ufffc", ""], 5),
        (["ab", "cd"], 1, 4, ["a", "\ufffc", "d"], 4),
        ([""], 0, 0, ["\ufffc", ""], 2),
    ],
)
def test_a_divider_stands_on_a_line_of_its_own(before, start, stop, after, caret):
    document = draft(*before)
    at = insert_divider(document, start, stop)
    assert lines(document) == after
    assert document.rope.text()[at - 2 : at] == "\ufffc\n"
    assert at == caret


# What other programs write


def test_toggling_a_list_where_another_program_has_written_nonsense_makes_it_a_list():
    document = draft(("a", {"list": {"kind": "odd"}}))
    toggle_list(document, 0, 0, "bullet")
    assert lines(document) == [("a", BULLET)]


# Rich text that comes in


def test_lines_that_look_alike_come_in_as_one_step_however_many_they_are():
    document = draft("before")
    steps = []
    document.observe_changes(lambda change: steps.extend(change.ops))
    insert_rich_text(document, 6, 6, [Span("".join(f"\nline {number}" for number in range(300)))])
    assert [type(step) for step in steps] == [Insert]
    assert lines(document) == ["before", *(f"line {number}" for number in range(300))]


def test_lines_that_are_copied_keep_what_another_program_has_set_on_their_breaks():
    row, cell = {"row": "row-1"}, {"header": 2, "weird": {"a": [1]}}
    page = [Span("one"), Span("\n", row), Span("two"), Span("\n", cell), Span("three"), Span("\n", row)]
    document = draft("")
    insert_rich_text(document, 0, 0, page)
    assert joined(document.spans()) == page
    stop = document.length - 1  # as Ctrl+A selects it
    cut = copied(document, 0, stop)
    other = draft("")
    insert_rich_text(other, 0, 0, in_style_of(other, 0, cut))
    assert joined(other.spans()) == page
    assert joined(document.spans()) == page


def test_rich_text_comes_in_as_it_is_between_text_of_other_looks_and_is_one_step_to_undo():
    document = draft(("bold", {}), "after")
    with document.edit(Origin.LOCAL) as edit:
        edit.format(0, 4, {"bold": True})
    document.steps.begin()
    before = list(document.stored_spans())
    pasted = [
        Span("plain 😀 "),
        Span("link", {"link": "https://example.org", "bold": True}),
        Span("\ufffc", {}, {"image": "sha256:0"}),
        Span("é", {"italic": True}),
        Span("\n", {"list": "bullet"}),
        Span("last", {"code": True}),
    ]
    assert insert_rich_text(document, 2, 2, pasted) == 2 + sum(utf16_length(span.text) for span in pasted)
    assert (
        joined(document.stored_spans())
        == joined(document.spans())
        == joined(
            [
                Span("bo", {"bold": True}),
                *pasted[:4],
                Span("\n"),
                pasted[5],
                Span("ld", {"bold": True}),
                Span("\nafter\n"),
            ]
        )
    )
    document.undo()
    assert joined(document.stored_spans()) == joined(document.spans()) == joined(before)


@pytest.mark.parametrize(
    "act",
    [
        lambda document: set_style(document, 0, document.length, "heading_1"),
        lambda document: toggle_list(document, 0, document.length, "bullet"),
        lambda document: set_side(document, 0, document.length, "right"),
        lambda document: change_indent(document, 0, document.length, 1),
    ],
)
def test_no_line_of_thousands_is_looked_for_by_itself(act, monkeypatch):
    document = draft("line\n" * 9 + "line")
    looked_for: list[int] = []
    look_for = Text.format
    monkeypatch.setattr(Text, "format", lambda text, *where: [looked_for.append(where[0]), look_for(text, *where)])
    monkeypatch.setattr(edits, "MOST_PLACES", 3)
    monkeypatch.setattr(anchors, "FEW_RUNS", 0)
    act(document)
    assert joined(document.spans()) == joined(document.stored_spans())
    assert len(lines(document)) == 10
    assert looked_for == []


def test_thousands_of_lines_get_a_style_at_once_as_they_would_one_by_one(monkeypatch):
    before = draft("plain", "", "end", ("item", {"list": "bullet"}), "more", "last")
    with before.edit(Origin.LOCAL) as edit:
        edit.format(0, 3, {"bold": True})
        edit.format(8, 2, {"italic": True})
        edit.insert(before.text().index("more") + 4, "\nnew line\nbelow")
    with before.edit(Origin.LOCAL) as edit:
        edit.delete(before.text().index("new"), 4)
    styled = []
    monkeypatch.setattr(anchors, "FEW_RUNS", 0)
    for most in (1000, 0):
        monkeypatch.setattr(edits, "MOST_PLACES", most)
        one, mate = MendedDocument(clock=lambda: 1), MendedDocument(clock=lambda: 1)
        for each in (one, mate):
            each.apply_update(before.state(), Origin.STORAGE)
        with mate.edit(Origin.LOCAL) as edit:
            for at in reversed(mate.line_breaks(0, mate.length)):
                edit.insert(at, "\nx")
        for act, how in ((set_style, "heading_1"), (set_style, "code_block"), (toggle_list, "unchecked")):
            act(one, 0, one.length, how)
            assert joined(one.spans()) == joined(one.stored_spans())
        for act, how in ((change_indent, 1), (toggle_check, one.length), (set_side, "right")):
            act(*((one, 0, how) if act is toggle_check else (one, 0, one.length, how)))
            assert joined(one.spans()) == joined(one.stored_spans())
        styled.append(lines(one))
        one.undo()
        assert joined(one.spans()) == joined(one.stored_spans()) == joined(before.spans())
        one.redo()
        assert lines(one) == styled[-1]
        meet(one, mate)
        assert joined(one.spans()) == joined(one.stored_spans()) == joined(mate.spans())
    assert styled[0] == styled[1]
