"""What the jobs that write about a draft read of it."""

from __future__ import annotations

from cowrite.app.assistant.pieces import for_reading
from cowrite.core.text.richtext import EMBED_CHARACTER, Line, Span


def test_what_a_footnote_says_is_read_in_brackets_behind_the_words_it_belongs_to():
    note, picture = ({"footnote": "See Smith"}, {"image": "oak.png"})
    spans = (Span("Oak lasts"), Span(EMBED_CHARACTER, embed=note), Span("."), Span(EMBED_CHARACTER, embed=picture))
    assert for_reading([Line(spans)]) == "Oak lasts (See Smith)."


def test_paragraphs_headings_lists_tables_and_code_are_read_as_such():
    texts = (
        ("Plan", {"header": 2}), ("We\u2028go", {}), ("bread", {"list": "bullet"}), ("eggs", {"list": "bullet"}),
        ("Who", {"table": "1"}), ("What", {"table": "1"}), ("Ada", {"table": "2"}), ("herbs\u2028mint", {"table": "2"}),
        ("", {}), ("x = 1", {"code-block": True}), ("Only", {"table": "3"}),
    )  # fmt: skip
    assert for_reading([Line((Span(text),), block) for text, block in texts]) == (
        "## Plan\n\nWe\ngo\n\n- bread\n- eggs\n\nWho | What\nAda | herbs mint\n\n```\nx = 1\n```\n\nOnly"
    )
