"""What an undo has done to marks is noted by the ids of the text, and done the other way round by its redo."""

from __future__ import annotations

from cowrite.core.crdt.structs import Id
from cowrite.core.marks.ai_marks import MOST_RUNS
from cowrite.core.marks.step_marks import Stayed, StepMarks, noted, returned, turned_back
from cowrite.core.marks.turns import Turn
from cowrite.core.text.richtext import Format, Span
from cowrite.core.text.rope import Rope


def text_of(*spans: Span):
    """Reads spans by positions, as a rope does."""

    def read(start: int, stop: int):
        at = 0
        for span in spans:
            text = span.text[max(0, start - at) : max(0, stop - at)]
            at += len(span.text)
            if text:
                yield Span(text, span.attributes)

    return read


def in_a_row(at: int, text: str):
    yield len(text), Id(1, at)


def place(id: Id) -> int:
    return id.clock


def test_text_that_comes_back_has_each_of_the_marks_and_looks_with_which_it_went():
    gone = [Span("one "), Span("two", {"insertion": "a"}), Span("!", {"deletion": "b", "bold": True})]
    come = [(3, Span("one t", {"insertion": "c"})), (20, Span("wo!", {"insertion": "a"}))]
    assert returned(gone, come) == [
        Format(3, 4, {"insertion": None}),
        Format(7, 1, {"insertion": "a"}),
        Format(22, 1, {"bold": True}),
        Format(22, 1, {"deletion": "b"}),
        Format(22, 1, {"insertion": None}),
    ]


def test_text_that_comes_back_keeps_the_looks_that_others_have_given_it():
    gone = [Span("one", {"bold": True, "color": "#ff0000"})]
    come = [(0, Span("one", {"background": "#ffff00", "color": "#0000ff"}))]
    assert returned(gone, come) == [Format(0, 3, {"bold": True})]


def test_of_other_text_than_went_nothing_is_known():
    assert returned([Span("one")], [(0, Span("on"))]) is None


def test_text_whose_mark_was_put_right_is_not_what_a_step_has_turned():
    spans = text_of(Span("abc", {"deletion": "x"}), Span("def"))
    turns = [Turn(0, 3, "deletion", None, "x", "x"), Turn(3, 3, "deletion", None, "x", None)]
    assert noted(turns, [], in_a_row, spans) == StepMarks((Stayed(Id(1, 0), "abc", "deletion", None, "x"),), ())


def test_the_reverse_turns_just_that_text_and_leaves_alone_what_has_got_another_mark_since():
    stayed = [Stayed(Id(1, 0), "abcd", "deletion", "x", None)]
    spans = text_of(Span("ab"), Span("cd", {"deletion": "y"}), Span("ef", {"deletion": "x"}))
    turned = [Turn(4, 2, "deletion", None, "x", "x")]
    turns = turned_back(stayed, turned, place, spans)
    wanted = [(turn.at, turn.units, turn.wanted) for turn in turns if turn.wanted != turn.now]
    assert wanted == [(0, 2, "x"), (4, 2, None)]
    assert Turn(2, 2, "deletion", None, "x", "x") in turns  # under "y"


def test_text_in_whose_place_a_longer_character_stands_keeps_what_it_has():
    rope = Rope()
    rope.insert(0, Span("a😀b", {"deletion": "y"}))
    stayed = [Stayed(Id(1, 0), "cd", "deletion", "x", None), Stayed(Id(1, 3), "d😀", "deletion", "x", None)]
    assert turned_back(stayed, [], place, rope.spans) == []


def test_the_limit_of_a_step_that_turns_very_much_nothing_is_noted():
    spans = text_of(Span("ab" * (MOST_RUNS + 1), {"deletion": "x"}))

    def turns(count: int) -> list[Turn]:
        return [Turn(2 * at, 1, "deletion", None, "x", "x") for at in range(count)]

    assert noted(turns(MOST_RUNS + 1), [], in_a_row, spans).stayed is None
    marks = noted(turns(MOST_RUNS), [], in_a_row, spans)
    assert marks.stayed is not None
    assert len(marks.stayed) == MOST_RUNS
