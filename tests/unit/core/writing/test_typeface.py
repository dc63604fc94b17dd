"""What is said of the size of letters, in points, and the steps from one size to the next."""

from __future__ import annotations

import pytest

from cowrite.core.text.richtext import Span
from cowrite.core.writing.typeface import points, resized, stepped


@pytest.mark.parametrize(
    ("size", "found"),
    [
        *(("small", 15), ("large", 30), ("huge", 50), ("2em", 40), ("50%", 10)),
        *(("12pt", 12), ("16px", 12), ("2rem", 22), (9, 9), ("9999pt", 144), ("0pt", 4)),
        *((size, None) for size in (None, True, [], {}, "", "12", "wide", "-3pt", "1e9pt", "٣pt")),
    ],
)
def test_a_size_is_what_css_and_quill_say_within_reason(size: object, found: float | None) -> None:
    assert points(size, 20) == found


@pytest.mark.parametrize("usual", [9.5, 10, 11, 12, 14, 17, 22])
def test_so_many_steps_back_lead_to_the_usual_size_which_is_none(usual: float) -> None:
    size = None
    for step in (1, 1, 1, 1, -1, -1, -1, -1, -1, -1, 1, 1):
        size = stepped(size, usual, step)
        assert size is None or points(size, usual) != usual
    assert size is None


def test_there_is_a_largest_and_a_smallest_size() -> None:
    assert (stepped("96pt", 11, 1), stepped("144pt", 11, 1)) == ("96pt", "144pt")
    assert (stepped("6pt", 11, -1), stepped("4pt", 11, -1)) == ("6pt", "4pt")


def test_letters_of_one_size_are_one_stretch_across_lines_and_a_headings_another() -> None:
    spans = [Span("one\ntwo"), Span("!", {"bold": True}), Span("\n"), Span("head"), Span("\n", {"header": 1})]
    assert resized(spans, 1) == [(0, 8, "12pt"), (9, 13, "24pt")]
