"""Suggested changes in a Word document, as its elements have them."""

from __future__ import annotations

from io import BytesIO

import docx
import pytest
from docx.oxml.ns import qn

from cowrite.convert.decision_lines import with_cards
from cowrite.convert.docx.writer import to_docx
from cowrite.core.decisions.cards import Card
from cowrite.core.entries.authors import Author, Authorship
from cowrite.core.text.richtext import DELETION, EMBED_CHARACTER, INSERTION, Span, lines_of
from helpers.word_changes import decided, shown, words

WHEN = 1_767_323_045_000
BO = {"change:1": Authorship(Author("Bo"), WHEN)}
COMES, GOES = {INSERTION: "change:1"}, {DELETION: "change:1"}
IMAGE = {"image": f"sha256:{'ab' * 32}"}


def written(*spans: Span, suggested=BO) -> bytes:
    return to_docx(lines_of(spans, keeps_suggested=True), lambda _name: None, suggested=suggested)


def body(content: bytes):
    return docx.Document(BytesIO(content)).element.body


def rejected(*spans: Span) -> list[str]:
    return words(decided(written(*spans), accepts=False))


def accepted(*spans: Span) -> list[str]:
    return words(decided(written(*spans), accepts=True))


def test_words_that_come_in_and_go_say_who_suggests_them_and_when():
    content = body(written(Span("We "), Span("plant", GOES), Span("grow", COMES), Span(" herbs.\n")))
    (comes,), (goes,) = list(content.iter(qn("w:ins"))), list(content.iter(qn("w:del")))

    for each in (comes, goes):
        assert each.get(qn("w:author")) == "Bo"
        assert each.get(qn("w:date")) == "2026-01-02T03:04:05Z"
    assert [each.text for each in goes.iter(qn("w:delText"))] == ["plant"]
    assert not list(goes.iter(qn("w:t")))
    assert [each.text for each in comes.iter(qn("w:t"))] == ["grow"]
    assert comes.get(qn("w:id")) != goes.get(qn("w:id"))


@pytest.mark.parametrize("suggested", [{}, {"change:1": Authorship(Author("\x00\ufffe"), 2**53)}])
def test_what_nobody_is_known_to_have_suggested_somebody_has(suggested):
    (comes,) = body(written(Span("a", COMES), Span("\n"), suggested=suggested)).iter(qn("w:ins"))

    assert (comes.get(qn("w:author")), comes.get(qn("w:date"))) == ("Somebody", None)


def test_without_knowing_who_suggests_nothing_is_tracked():
    content = body(written(Span("a", COMES), Span("b", GOES), Span("\n", COMES), Span("c\n"), suggested=None))

    assert not [each for name in ("ins", "del") for each in content.iter(qn(f"w:{name}"))]


def test_a_line_break_is_tracked_at_its_paragraphs_mark():
    spans = Span("one"), Span("\n", {**COMES, "header": 1}), Span("two"), Span("\n", GOES), Span("three\n")
    first, second, third = body(written(*spans)).findall(qn("w:p"))

    assert [each.tag for each in first.find(f"{qn('w:pPr')}/{qn('w:rPr')}")] == [qn("w:ins")]
    assert [each.tag for each in second.find(f"{qn('w:pPr')}/{qn('w:rPr')}")] == [qn("w:del")]
    assert third.find(qn("w:pPr")) is None
    assert rejected(*spans) == ["onetwo", "three"]
    assert accepted(*spans) == ["one", "twothree"]


def test_what_somebody_suggests_and_somebody_else_suggests_to_delete_is_there_in_no_case():
    spans = Span("a"), Span("b\n", {**COMES, DELETION: "change:2"}), Span("c\n")

    assert rejected(*spans) == accepted(*spans) == ["ac"]


def test_links_code_and_pictures_are_tracked():
    address = {"link": "https://example.org"}
    spans = (
        Span("here", {**address, **GOES}), Span("there", {**address, **COMES}), Span("\n"),
        Span("x = ", {}), Span("1", GOES), Span("2", COMES), Span("\n", {"code-block": True}),
        Span(EMBED_CHARACTER, {"alt": "a bed", **COMES}, IMAGE), Span("\u2028", GOES), Span("\n"),
    )  # fmt: skip

    assert rejected(*spans) == ["here", "x = 1", "\n"]
    assert accepted(*spans) == ["there", "x = 2", "a bed"]
    assert {link for _look, runs in shown(decided(written(*spans), accepts=True)) for _, link, _ in runs} == {
        "https://example.org", "",
    }  # fmt: skip


@pytest.mark.parametrize("mark", [COMES, GOES])
def test_a_divider_that_is_suggested_comes_and_goes_with_its_line_or_without(mark):
    divider = Span(EMBED_CHARACTER, mark, {"divider": True})
    alone = written(Span("a\n"), divider, Span("\n", mark), Span("b\n"))
    on_a_line = written(Span("a\n"), divider, Span("\nb\n"))
    beside_words = written(Span("a"), divider, Span("b\n"))

    def rules(content: bytes, *, there: bool) -> tuple[int, list[str]]:
        file = decided(content, accepts=there == (mark is COMES))
        return len(list(file.element.body.iter(qn("w:pBdr")))), words(file)

    assert (rules(alone, there=True), rules(alone, there=False)) == ((1, ["a", "", "b"]), (0, ["a", "b"]))
    assert (rules(on_a_line, there=True), rules(on_a_line, there=False)) == ((1, ["a", "", "b"]), (0, ["a", "", "b"]))
    assert (rules(beside_words, there=True), rules(beside_words, there=False)) == ((1, ["a", "", "b"]), (0, ["ab"]))


def test_boxes_of_a_check_list_come_in_and_go_with_what_makes_their_items():
    item = {"list": "unchecked"}
    splits = Span("a"), Span("\n", {**item, **COMES}), Span("b"), Span("\n", item)
    joins = Span("a"), Span("\n", {**item, **GOES}), Span("b"), Span("\n", {"list": "checked"})

    assert (rejected(*splits), accepted(*splits)) == (["☐ ab"], ["☐ a", "☐ b"])
    assert (rejected(*joins), accepted(*joins)) == (["☐ a", "☑ b"], ["☑ ab"])


@pytest.mark.parametrize("mark", [COMES, GOES])
def test_a_decision_that_is_suggested_comes_and_goes_with_all_its_words(mark):
    card = Card("Which herbs?", "Basil", "Accepted", ("Ada",))
    spans = Span("a"), Span(EMBED_CHARACTER, mark, {"decision": "decision:1"}), Span("b\n")
    lines = with_cards(lines_of(spans, keeps_suggested=True), lambda _id: card)
    content = to_docx(lines, lambda _name: None, suggested=BO)
    with_it, without = (words(decided(content, accepts=accepts)) for accepts in (mark is COMES, mark is GOES))

    assert with_it == ["a", "Decision: Which herbs?", "Basil", "Accepted · Ada", "b"]
    assert without == ["ab"]


def test_the_mark_of_the_last_paragraph_stays_for_nothing_comes_behind_it():
    assert accepted(Span("a\n"), Span("b", GOES), Span("\n", GOES)) == ["a", ""]
