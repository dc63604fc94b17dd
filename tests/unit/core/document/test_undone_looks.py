"""Undo, redo and how text looks: bold, italic, or what another program makes of it."""

from __future__ import annotations

import pytest

from cowrite.core.document.document import Document
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import Span, joined
from helpers.copies import copy_of, meet
from helpers.drafts import draft

BOLD, ITALIC = {"bold": True}, {"italic": True}


def write(document: Document, at: int, text: str, look: dict[str, object]) -> None:
    document.steps.begin()
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(at, text, look)


@pytest.fixture
def document():
    return draft("")


@pytest.mark.parametrize("look", [BOLD, {"script": "sideways"}])
def test_a_word_looks_as_before_when_what_stood_before_it_is_undone(document, look):
    with document.edit(Origin.IMPORT) as edit:
        edit.insert_spans(0, [Span("one "), Span("two", look)])
    other = copy_of(document)
    write(document, 2, "ly ", look)
    meet(document, other)
    with other.edit(Origin.LOCAL) as edit:
        edit.delete(5, 2)
    meet(document, other)
    before = joined(document.spans())
    assert before == [Span("on"), Span("ly two", look), Span("\n")]
    document.undo()
    assert joined(document.spans()) == joined(document.stored_spans()) == [Span("on"), Span("two", look), Span("\n")]
    document.redo()
    meet(document, other)
    assert joined(document.spans()) == joined(other.spans()) == before


def test_words_in_which_another_has_written_look_as_before_when_they_are_undone_and_done_again(document):
    with document.edit(Origin.IMPORT) as edit:
        edit.insert(0, "one", ITALIC)
    other = copy_of(document)
    write(document, 2, "12", ITALIC)
    write(document, 3, "bold", BOLD)
    meet(document, other)
    write(other, 5, "X", ITALIC)
    meet(document, other)
    before = joined(document.spans())
    document.undo()
    assert joined(document.spans()) == [Span("on1X2e", ITALIC), Span("\n")]
    document.redo()
    assert joined(document.spans()) == joined(document.stored_spans()) == before
