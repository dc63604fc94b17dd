"""Thousands of suggested changes at once, as where somebody replaces a word everywhere."""

from __future__ import annotations

from collections.abc import Iterator

from cowrite.core.document.document import Document
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import Span
from cowrite.core.writing.replacing import Replacement, replace_all
from helpers.drafts import draft
from helpers.effort import effort
from helpers.suggesting import changes_of, marked

WORD, STRIDE = "the", len("the herbs ")


def replaced_everywhere(count: int) -> tuple[Document, int]:
    """A text in which somebody has suggested another word at so many places, and what that took."""
    document = draft("the herbs " * count)
    changes_of(document)
    what = [Replacement(at, at + len(WORD), (Span("our"),)) for at in range(0, STRIDE * count, STRIDE)]

    def replace() -> None:
        with document.steps.apart(), document.edit(Origin.LOCAL) as edit:
            replace_all(edit, what)

    return document, effort(replace)


def efforts(count: int) -> Iterator[int]:
    """What it takes to suggest another word at so many places, to undo that, and to do it again."""
    document, made = replaced_everywhere(count)
    assert marked(document).startswith("[-the-]{+our+} herbs [-the-]{+our+}")
    yield made
    yield effort(document.undo)
    assert marked(document) == "the herbs " * count
    yield effort(document.redo)
    assert marked(document).startswith("[-the-]{+our+} herbs [-the-]{+our+}")


def test_twice_as_many_suggested_changes_take_hardly_more_than_twice_as_much():
    for few, many in zip(efforts(400), efforts(800), strict=True):
        assert many < 2.3 * few
