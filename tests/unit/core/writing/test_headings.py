"""Headings of a body."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cowrite.core.text.richtext import EMBED_CHARACTER, Span, utf16_length
from cowrite.core.writing.headings import Heading, headings

PLAIN, BOLD = {}, {"bold": True}


def test_headings_are_found_with_their_places_and_levels() -> None:
    spans = [
        Span("One 😀 "),
        Span("two", BOLD),
        Span("\n", {"header": 1}),
        Span("Body.\nMore of it.\nThree\u2028four"),
        Span("\n", {"header": 3}),
    ]
    assert list(headings(spans)) == [Heading(0, 1, "One 😀 two"), Heading(29, 3, "Three four")]


def test_lines_without_words_and_what_is_no_level_are_no_headings() -> None:
    spans = [
        Span("\n\n", {"header": 1}),
        Span(EMBED_CHARACTER, embed={"divider": True}),
        Span("\n", {"header": 2}),
        Span("seventh"),
        Span("\n", {"header": 7}),
        Span("text"),
        Span("\n", {"header": "1"}),
        Span("open"),
    ]
    assert not list(headings(spans))


@given(st.lists(st.tuples(st.text("ab 😀é", max_size=4), st.sampled_from([0, 0, 1, 6])), max_size=12), st.randoms())
def test_however_a_text_is_cut_into_spans_its_headings_are_the_same(lines, chance) -> None:
    spans, wanted, at = [], [], 0
    for text, level in lines:
        spans += [Span(character) for character in text]
        spans.append(Span("\n", {"header": level} if level else PLAIN))
        if level and text.split():
            wanted.append(Heading(at, level, " ".join(text.split())))
        at += utf16_length(text) + 1
    whole: list[Span] = []
    for span in spans:
        if whole and whole[-1].attributes == span.attributes and chance.random() < 0.8:
            whole[-1] = Span(whole[-1].text + span.text, span.attributes)
        else:
            whole.append(span)
    assert list(headings(whole)) == wanted
