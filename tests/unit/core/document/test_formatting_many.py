"""Formatting much at once: what says nothing new is no change, and thousands of lines are few pieces."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pycrdt import Text

from cowrite.core.document.document import Document
from cowrite.core.document.edit import MANY, MOST_PLACES
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import Span, joined, plain_text
from cowrite.core.text.run import PIECE
from cowrite.core.writing.lines import set_style
from helpers.drafts import draft, lines

LINES = 3 * MANY
BOLD = {"bold": True}


@pytest.fixture
def document() -> Document:
    return draft(*(f"line {number}" for number in range(LINES)))


def written(document: Document, act: Callable[[], None]) -> list[bytes]:
    """The updates that something makes."""
    updates: list[bytes] = []
    end = document.observe_updates(lambda told: updates.append(told[0]))
    act()
    end()
    return updates


def format_all(document: Document, attributes: dict[str, object]) -> None:
    with document.edit(Origin.LOCAL) as edit:
        edit.format_text(0, document.length, attributes)


def test_thousands_of_lines_become_bold_in_a_few_bytes_and_plain_again(document: Document) -> None:
    plain = joined(document.stored_spans())
    (update,) = written(document, lambda: format_all(document, BOLD))
    assert len(update) < 100
    assert all(span.attributes == BOLD for span in document.spans())
    assert joined(document.stored_spans()) == joined(document.spans())
    format_all(document, {"bold": None})
    assert joined(document.stored_spans()) == joined(document.spans()) == plain


def test_what_a_few_lines_have_inside_stays_off_their_line_breaks(document: Document) -> None:
    with document.edit(Origin.LOCAL) as edit:
        edit.format_text(0, 14, BOLD)
    assert joined(document.spans(0, 15)) == [Span("line 0", BOLD), Span("\n"), Span("line 1", BOLD), Span("\nl")]


def test_what_is_so_already_is_no_change(document: Document) -> None:
    format_all(document, BOLD)
    assert written(document, lambda: format_all(document, BOLD)) == []
    assert written(document, lambda: set_style(document, 0, document.length, "paragraph")) == []


@pytest.fixture
def handed(monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], list[int]]:
    """What pycrdt is told to insert, and where the ranges begin that it is told to format, in this order."""
    texts: list[str] = []
    starts: list[int] = []
    insert, format_ = Text.insert, Text.format

    def noting_insert(self: Text, at: int, text: str, attributes: dict[str, object] | None = None) -> None:
        texts.append(text)
        insert(self, at, text, attributes)

    def noting_format(self: Text, start: int, stop: int, attributes: dict[str, object]) -> None:
        starts.append(start)
        format_(self, start, stop, attributes)

    monkeypatch.setattr(Text, "insert", noting_insert)
    monkeypatch.setattr(Text, "format", noting_format)
    return texts, starts


def test_of_text_of_many_looks_only_the_first_and_the_last_is_looked_for(handed: tuple[list[str], list[int]]) -> None:
    document = MendedDocument.new(clock=lambda: 0)
    spans = [
        span
        for at in range(LINES)
        for span in (Span(f"Item {at} 👍 of what is "), Span("planted", BOLD), Span("\n", {"list": "bullet"}))
    ]
    with document.edit(Origin.IMPORT) as edit:
        edit.insert_spans(0, spans)
    texts, starts = handed
    assert "".join(reversed(texts[1:])) == plain_text(spans)
    assert max(map(len, texts)) < 2 * PIECE < sum(map(len, texts))
    assert len(starts) <= 2
    assert joined(document.stored_spans()) == joined(document.spans())


def test_what_has_one_look_comes_in_as_one_however_long_it_is(handed: tuple[list[str], list[int]]) -> None:
    document = MendedDocument.new(clock=lambda: 0)
    long = "plain words and lines\n" * 3 * PIECE
    with document.edit(Origin.IMPORT) as edit:
        edit.insert_spans(0, [Span(long), Span("bold", BOLD), Span(" and "), Span("bold", BOLD), Span(long)])
    texts, _ = handed
    assert texts[1:] == [long, "bold and bold", long]


def test_many_lines_become_headings_from_the_last_one_on(
    document: Document, handed: tuple[list[str], list[int]]
) -> None:
    set_style(document, 0, document.length, "heading_1")
    _, starts = handed
    assert len(starts) == LINES
    assert starts == sorted(starts, reverse=True)


def test_hundreds_of_empty_lines_become_headings_as_everybody_sees_them() -> None:
    document = draft(*("" if number % 3 else "words" for number in range(2 * MOST_PLACES)))
    set_style(document, 0, document.length, "heading_1")
    for spans in (document.stored_spans(), document.spans()):
        assert {span.attributes.get("header") for span in spans if "\n" in span.text} == {1}


@pytest.fixture
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cowrite.core.document.edit.MOST_PLACES", 2)
    monkeypatch.setattr("cowrite.core.crdt.anchors.FEW_RUNS", 0)


@pytest.mark.usefixtures("few_are_many")
def test_lines_that_have_a_look_get_another_without_being_looked_for(handed: tuple[list[str], list[int]]) -> None:
    texts = [f"line {number}" for number in range(5)]
    document = draft(*texts, "end")
    _, starts = handed
    for level in (1, 2, 3, None, 4):
        document.steps.begin()
        set_style(document, 0, 7 * len(texts), f"heading_{level}" if level else "paragraph")
        assert starts == []
        assert lines(document) == [*((text, {"header": level}) if level else text for text in texts), "end"]
        assert joined(document.stored_spans()) == joined(document.spans())
    document.undo()
    document.undo()
    assert {3} == {attributes["header"] for _, attributes in lines(document)[:5]}
    assert joined(document.stored_spans()) == joined(document.spans())


@pytest.mark.usefixtures("few_are_many")
@pytest.mark.parametrize("client", [3, 7])
def test_of_what_two_wrote_in_one_place_at_once_lines_alone_get_a_look(client: int) -> None:
    """Before the first break stands something else than its author had there."""
    document, author, mate = (MendedDocument(clock=lambda: 0, client_id=each) for each in (client, 6, 5))
    with author.edit(Origin.LOCAL) as edit:
        edit.insert(0, "ab")
    mate.apply_remote(author.state())
    for each, text in ((author, "\nc\nd\n"), (mate, "x")):
        with each.edit(Origin.LOCAL) as edit:
            edit.insert(2, text)
        document.apply_remote(each.state())
    for level in (1, 2):
        set_style(document, 0, document.length, f"heading_{level}")
        assert lines(document) == [(text, {"header": level}) for text in ("abx", "c", "d")]
        assert all("header" not in span.attributes for span in document.stored_spans() if span.text.isalpha())
        assert joined(document.stored_spans()) == joined(document.spans())
