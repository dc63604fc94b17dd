"""What was tracked in a Word document comes in as suggested changes."""

from __future__ import annotations

import pytest

from cowrite.convert.docx.writer import to_docx
from cowrite.convert.file_read import FileRead
from cowrite.core.entries.authors import Author, Authorship
from cowrite.core.text.richtext import DELETION, INSERTION, Span, lines_of
from helpers.word_files import PIXEL, file_of, read, run, tracked


def test_tracked_changes_come_in_as_suggested_by_whom_word_names():
    gone = f"<w:pPr><w:rPr>{tracked('del', '')}</w:rPr></w:pPr>"
    deleted = '<w:r><w:delText xml:space="preserve">plant</w:delText></w:r>'
    found = read(file_of(
        f'{gone}{run("We ")}{tracked("del", deleted)}',
        f'{tracked("ins", run("grow"))}{run(" herbs.")}{tracked("ins", run(" Now."), "Cy")}',
    ))  # fmt: skip

    assert found.spans == [
        Span("We "), Span("plant\n", {DELETION: "change:1"}),
        Span("grow", {INSERTION: "change:1"}), Span(" herbs."), Span(" Now.", {INSERTION: "change:2"}), Span("\n"),
    ]  # fmt: skip
    assert found.suggested == {
        "change:1": Authorship(Author("Bo"), 1_767_323_045_000),
        "change:2": Authorship(Author("Cy"), 1_767_323_045_000),
    }
    assert found.changed == ()


def test_what_was_tracked_at_two_places_is_two_changes_and_a_moment_that_is_none_is_unknown():
    found = read(
        file_of(f"{tracked('ins', run('a'))}{run('b')}{tracked('ins', run('c'))}{tracked('ins', run('d'), date='x')}")
    )

    assert [dict(span.attributes) for span in found.spans] == [
        {INSERTION: "change:1"}, {}, {INSERTION: "change:2"}, {INSERTION: "change:3"}, {},
    ]  # fmt: skip
    assert found.suggested["change:3"] == Authorship(Author("Bo"), 0)


@pytest.mark.parametrize(
    ("comes", "by", "id"),
    [("two ", "change:1", "change:1"), ("too ", "change:2", "change:2"), ("two ", "other", "change:2")],
)
def test_the_same_words_that_somebody_takes_out_and_puts_in_elsewhere_at_one_moment_are_one_change(comes, by, id):
    bo, cy = (Authorship(Author(name), 1_767_323_045_000) for name in ("Bo", "Cy"))
    spans = [
        Span("one "),
        Span("two ", {DELETION: "change:1"}),
        Span("three "),
        Span(comes, {INSERTION: by}),
        Span("\n"),
    ]
    suggested = {"change:1": bo, by: cy if by == "other" else bo}
    found = read(to_docx(lines_of(spans, keeps_suggested=True), lambda _name: PIXEL, suggested=suggested))

    assert [dict(span.attributes) for span in found.spans] == [{}, {DELETION: "change:1"}, {}, {INSERTION: id}, {}]
    assert found.suggested.keys() == {"change:1", id}


BOX_GOES = tracked("del", "<w:r><w:delText>☐</w:delText></w:r>")


@pytest.mark.parametrize(
    ("boxes", "kind"),
    [(f"{BOX_GOES}{tracked('ins', run('☒'))}", {"list": "checked"}), (tracked("ins", run("☐")), {"list": "unchecked"}),
     (BOX_GOES, {})],
)  # fmt: skip
def test_tracked_boxes_of_a_line_that_stays_are_read_as_if_they_were_accepted_and_that_is_told(boxes, kind):
    found = read(file_of(f"{boxes}{run(' herbs')}"))

    assert found == FileRead([Span("herbs"), Span("\n", kind)] if kind else [Span("herbs\n")], ("tracked boxes",), ())


@pytest.mark.parametrize("own", ["unchecked", "checked"])
def test_boxes_that_cowrite_has_tracked_with_a_line_break_come_back_as_its_items(own):
    suggested = {"change:1": Authorship(Author("Bo"), 1_767_323_045_000)}
    for mark in (INSERTION, DELETION):
        spans = [
            Span("a"), Span("\n", {"list": "unchecked", mark: "change:1"}), Span("b"), Span("\n", {"list": own}),
        ]  # fmt: skip
        found = read(to_docx(lines_of(spans, keeps_suggested=True), lambda _name: PIXEL, suggested=suggested))

        assert found == FileRead(spans, (), (), suggested)


def test_tracked_looks_are_read_as_if_they_were_accepted_and_that_is_told():
    found = read(file_of(run("bold", f"<w:b/>{tracked('rPrChange', '<w:rPr/>')}")))

    assert found.spans[0] == Span("bold", {"bold": True})
    assert found.changed == ("tracked looks",)


def test_what_cowrite_has_tracked_comes_back_suggested():
    suggested = {"change:1": Authorship(Author("Bo"), 1_767_323_045_000)}
    spans = [
        Span("We "), Span("plant", {DELETION: "change:1"}), Span("grow", {INSERTION: "change:1", "bold": True}),
        Span("\n", {INSERTION: "change:1"}), Span("herbs.\n"),
    ]  # fmt: skip
    found = read(to_docx(lines_of(spans, keeps_suggested=True), lambda _name: PIXEL, suggested=suggested))

    assert (found.spans, found.suggested) == (spans, suggested)
