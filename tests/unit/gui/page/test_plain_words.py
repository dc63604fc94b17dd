"""Words without their looks: what is the assistant's among them stays marked, whatever signs stand for looks."""

from __future__ import annotations

import pytest

from cowrite.convert.markdown.reader import from_markdown
from cowrite.convert.plain_text import from_text, to_text
from cowrite.core.document.assists import mark_of
from cowrite.core.text.richtext import SOFT_BREAK, Span, lines_of
from cowrite.gui.page.plain_words import plain_spans

ITEM = {"list": "ordered"}


def brackets(spans: list[Span]) -> str:
    return "".join(f"[{span.text}]" if mark_of(span.attributes) else span.text for span in spans)


@pytest.mark.parametrize(
    ("own", "shown"),
    [
        ([Span("Once "), Span("upon a", {"ai": "r1"}), Span(" time")], "Once [upon a] time\n"),
        (
            [Span("1 pear", {"ai": "r1"}), Span("\n", ITEM), Span("2 plums"), Span("\n", ITEM)],
            "[1. 1 pear]\n2. 2 plums\n",
        ),
        (
            [Span("One "), Span(f"two{SOFT_BREAK}three", {"ai": "r1", "bold": True}), Span("\n", ITEM)],
            "1. One [two]\n   [three]\n",
        ),
        (
            [Span("a b", {"ai": "r1"}), Span("\n", {"table": "x"}), Span("b"), Span("\n", {"table": "x"})],
            "[a b]\tb\n",
        ),
        ([Span("one", {"ai": "r1"}), Span("two", {"ai": "r2"})], "[one][two]\n"),
        ([Span("🙂 x", {"ai": "r1"}), Span("\n\n"), Span("x"), Span("\n", {"page-break": True})], "[🙂 x]\n\nx\n"),
    ],
)
def test_the_assistants_words_are_marked_and_no_others(own: list[Span], shown: str) -> None:
    assert brackets(plain_spans(to_text(lines_of(own)), own)).replace("\f", "") == shown


def test_what_the_assistant_has_no_part_in_is_as_it_is_without_the_rich_text() -> None:
    own = list(from_markdown("# Head\n\nOnce **upon** a time"))
    text = to_text(lines_of(own))
    assert plain_spans(text, own) == plain_spans(text) == from_text(text)
