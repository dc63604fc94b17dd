"""Rich text with suggested changes in it, as it stands, as it is suggested, as it is copied and as it is searched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cowrite.core.text.read_text import ReadText
from cowrite.core.text.richtext import DELETION, EMBED_CHARACTER, INSERTION, Span, plain_text, utf16_length
from cowrite.core.text.suggested_text import as_copied, as_it_stands, as_suggested, quotable, searchable
from helpers.strategies import TEXTS

SPANS = [
    Span("We ", {"bold": True}),
    Span("plant", {"bold": True, DELETION: "change:1"}),
    Span("grow", {INSERTION: "change:1"}),
    Span("n", {INSERTION: "change:1", DELETION: "change:2"}),
    Span(" herbs.\n", {"header": 1}),
]


def test_of_a_text_as_it_stands_or_is_suggested_or_copied_no_marks_are_left():
    standing = [Span("We ", {"bold": True}), Span("plant", {"bold": True}), Span(" herbs.\n", {"header": 1})]
    suggested = [Span("We ", {"bold": True}), Span("grow"), Span(" herbs.\n", {"header": 1})]

    assert list(as_it_stands(SPANS)) == standing
    assert list(as_suggested(SPANS)) == as_copied(SPANS) == suggested


def test_words_that_are_to_go_are_copied_where_they_are_copied_alone():
    assert as_copied(SPANS[1:2]) == [Span("plant", {"bold": True})]
    assert list(as_suggested(SPANS[1:2])) == []


def test_the_words_of_a_passage_are_those_that_stand_or_else_those_that_are_suggested():
    assert quotable(SPANS) == "We plant herbs.\n"
    assert quotable(SPANS[2:4]) == "grow"


def test_what_is_suggested_is_searched_behind_what_stands():
    spans = [*SPANS, Span("Basil ", {INSERTION: "change:3"}), Span("and thyme.\n")]

    assert searchable(spans) == "We plant herbs.\nand thyme.\n\ngrown\nBasil "
    assert searchable(SPANS[:1]) == "We "
    note = Span(EMBED_CHARACTER, embed={"footnote": "See Smith"})
    assert searchable([*SPANS[:1], note, Span("end\n")]) == "We end\n\nSee Smith"


def test_what_a_footnote_says_is_read_in_brackets_and_stands_where_its_reference_does():
    note = Span(EMBED_CHARACTER, embed={"footnote": "See Smith"})
    read = ReadText(
        [Span("Herbs"), note, Span("x", {DELETION: "change:1"}), Span(" grow.")], DELETION, tells_notes=True
    )
    assert read.text == "Herbs (See Smith) grow."
    assert [read.place(*each) for each in ((0, 5), (0, 17), (7, 10), (17, 23), (8, 23))] == [
        (0, 5), (0, 6), (5, 6), (7, 13), (5, 13)
    ]  # fmt: skip
    assert [read.position(at) for at in (5, 6, 7, 13)] == [5, 17, 17, 23]
    assert ReadText([note], DELETION, 4, tells_notes=True).place(3, 6) == (4, 5)


def test_without_embeds_only_words_are_read_and_stand_where_they_stood():
    image = Span(EMBED_CHARACTER, embed={"image": "sha256:00"})
    read = ReadText([image, Span("Her"), image, Span("bs\n"), image], DELETION, 3, with_embeds=False)
    assert read.text == "Herbs\n"
    assert [read.place(*each) for each in ((0, 3), (3, 5), (0, 6), (3, 3))] == [(4, 7), (8, 10), (4, 11), (7, 7)]
    assert [read.position(at) for at in (3, 4, 7, 8, 11, 12)] == [0, 0, 3, 3, 6, 6]


@pytest.mark.parametrize("without", [INSERTION, DELETION])
@given(st.lists(st.tuples(TEXTS, st.sampled_from([None, INSERTION, DELETION])), max_size=8), st.integers(0, 20))
def test_what_is_read_stands_where_it_says(without, parts, start):
    spans = [Span(text, {mark: "change:1"} if mark else {}) for text, mark in parts]
    read = ReadText(spans, without, start)
    placed, at = [], start  # each character that is read, with where it stands
    for span in spans:
        for character in span.text:
            if without not in span.attributes:
                placed.append((character, at))
            at += utf16_length(character)

    assert read.text == "".join(character for character, _ in placed)
    before = 0
    for character, at in placed:
        after = before + utf16_length(character)
        assert read.place(before, after) == (at, at + utf16_length(character))
        assert read.position(at) == before
        before = after
    if placed:
        last, at = placed[-1]
        assert read.place(0, before) == (placed[0][1], at + utf16_length(last))
        assert read.place(before, before) == (at + utf16_length(last),) * 2
    assert read.position(start + utf16_length(plain_text(spans))) == before
