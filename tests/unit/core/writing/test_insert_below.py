"""Lines that a command puts into the draft below the line at the caret."""

from __future__ import annotations

import pytest

from cowrite.core.text.richtext import Line, Span
from cowrite.core.writing.pasting import insert_below
from helpers.drafts import draft, lines
from helpers.tables import shown, with_table

PUT = [Line((Span("Title"),), {"header": 2}), Line((Span("item"),), {"list": "bullet"})]
STAND = [("Title", {"header": 2}), ("item", {"list": "bullet"})]


@pytest.mark.parametrize("at", [0, 1, 3])
def test_they_stand_between_two_lines_that_keep_their_looks(at: int) -> None:
    document = draft(("one", {"header": 1}), ("two", {"list": "ordered"}))
    assert insert_below(document, at, PUT) == (4, 15)
    assert lines(document) == [("one", {"header": 1}), *STAND, ("two", {"list": "ordered"})]


def test_at_the_end_an_empty_line_without_a_look_follows_them() -> None:
    document = draft(("one", {"header": 1}))
    insert_below(document, 3, PUT)
    assert lines(document) == [("one", {"header": 1}), *STAND, ""]


def test_an_empty_line_stays_below_them_and_keeps_its_look() -> None:
    document = draft("one", ("", {"list": "bullet"}), "two")
    insert_below(document, 4, PUT)
    assert lines(document) == ["one", *STAND, ("", {"list": "bullet"}), "two"]


def test_they_take_no_table_and_no_code_apart() -> None:
    document = with_table("A B", "C D")
    insert_below(document, document.text().index("B"), PUT)
    assert shown(document) == ["above", ["A|B", "C|D"], "Title", "item", "below"]
    code = {"code-block": True}
    document = draft("above", ("x", code), ("y", code), "below")
    insert_below(document, 7, PUT)
    assert lines(document) == ["above", *STAND, ("x", code), ("y", code), "below"]
