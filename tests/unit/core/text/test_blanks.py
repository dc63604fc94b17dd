"""Places to fill in, found in the text."""

from __future__ import annotations

from cowrite.core.text.blanks import blanks, next_blank
from cowrite.core.text.richtext import DELETION, Span


def found(*spans: Span) -> list[str]:
    text = "".join(span.text for span in spans).encode("utf-16-le")
    return [text[2 * start : 2 * stop].decode("utf-16-le") for start, stop in blanks(spans)]


def test_words_in_square_brackets_are_blanks_wherever_they_stand():
    spans = Span("\U0001f9d1\u200d\U0001f33e Dear [name], [Ärger]\n"), Span("[a [b] c]\n", {"header": 1})
    assert found(*spans) == ["[name]", "[Ärger]", "[b]"]


def test_what_has_another_meaning_is_no_blank():
    assert found(Span("a list [1], [ ] and [x\ny] of [2026]\n")) == []
    assert found(Span("[link]", {"link": "https://example.org"}), Span("\n")) == []
    assert found(Span("items[index]", {"code": True}), Span(" [struck]", {DELETION: "s1"}), Span("\n")) == []
    assert found(Span("items[index]"), Span("\n", {"code-block": True})) == []


def test_behind_the_last_blank_comes_the_first():
    spans = [Span("[one] and [two]\n")]
    assert next_blank(spans, 0) == (0, 5)
    assert next_blank(spans, 5) == (10, 15)
    assert next_blank(spans, 15) == (0, 5)
    assert next_blank([Span("none\n")], 0) is None
