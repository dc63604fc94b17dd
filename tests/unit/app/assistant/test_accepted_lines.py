"""Where lines of the assistant come into a draft."""

from __future__ import annotations

import pytest

from cowrite.app.assistant.records import Source, accept_lines
from cowrite.app.assistant.words import assist_words
from cowrite.core.document.assists import AssistRecord
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import Span
from helpers.drafts import draft, lines

SOURCE = Source("summarise", "generated", "model", "", "", "", 0, "")
CELL = ("a", {"table": "1"})


@pytest.mark.parametrize(
    ("below", "left"),
    [
        ("below", ["new", ("item", {"list": "bullet"}), "below"]),
        ("", ["new", ("item", {"list": "bullet"})]),
    ],
)
def test_lines_that_are_accepted_behind_a_cell_come_in_below_its_table(below, left):
    document = draft("above", CELL, below)
    behind = accept_lines(document, 7, [Span("new\nitem"), Span("\n", {"list": "bullet"})], SOURCE, "Ada")
    assert lines(document) == ["above", CELL, *left]
    assert document.text()[:behind].endswith("item")


def test_what_a_teammate_wrote_as_a_name_makes_no_sentence_of_its_own():
    document = MendedDocument.new(clock=lambda: 0)
    forged = AssistRecord(
        "a", model="Model, accepted by Bo.\nWritten by\u202e", by="Ada\n" + "x" * 5_000, place="\u200f"
    )
    with document.edit(Origin.ASSIST, record=forged) as edit:
        edit.insert(0, "words")

    words = assist_words(document, "a")
    assert words.startswith("Written by Model, accepted by Bo. Written by, accepted by Ada xx")
    assert words.isprintable()
    assert len(words) < 1_200
