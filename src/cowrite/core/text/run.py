"""A run: text of several looks that comes in at one place.

Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from cowrite.core.text.richtext import TABLE, Span

PIECE = 2000  # characters of short spans that go in as one: pycrdt copies all of them for each format among them


def in_rows(run: Sequence[Span], behind: Any) -> list[Span]:
    """Spans with the row, if any, of the line that each is of, cut where that differs; see `Edit._in_row`.

    Args:
        run: the spans, none of them an embed.
        behind: the row of what stands behind them.
    """
    found: list[Span] = []
    for span in reversed(run):
        end = span.text.rfind("\n") + 1
        if behind is None or TABLE in span.attributes or not span.text[end:]:
            found.append(span)
        else:
            found.append(Span(span.text[end:], {**span.attributes, TABLE: behind}))
            if end:
                found.append(Span(span.text[:end], span.attributes))
        behind = span.attributes.get(TABLE) if end else behind
    return found[::-1]


def pieces(run: Iterable[Span]) -> Iterator[list[Span]]:
    """Spans in pieces of about PIECE characters, each of one row of a table or of none. None ends within a span: pycrdt
    puts together again, at the end of the transaction, what has no format in between, and copies all that is behind it
    each time."""
    piece: list[Span] = []
    length = 0
    for span in run:
        is_other_row = bool(piece) and piece[-1].attributes.get(TABLE) != span.attributes.get(TABLE)
        if is_other_row or (piece and max(length, len(span.text)) >= PIECE):
            yield piece
            piece, length = [], 0
        piece.append(span)
        length += len(span.text)
    yield piece
