"""Rich text with suggested changes in it, as who reads it elsewhere is to have it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cowrite.core.richtext import DELETION, INSERTION, Attributes, Span


def as_it_stands(spans: Iterable[Span]) -> Iterator[Span]:
    """What the text is while nothing is decided: without what is to come in."""
    return (_unmarked(span) for span in spans if INSERTION not in span.attributes)


def as_suggested(spans: Iterable[Span]) -> Iterator[Span]:
    """What the text would be with all that is suggested, as it is copied: without what is to go.

    Where all of it is to go it is copied as it is: somebody wants to keep it.
    """
    spans = list(spans)
    stays = [span for span in spans if DELETION not in span.attributes]
    return (_unmarked(span) for span in stays or spans)


def _unmarked(span: Span) -> Span:
    if span.attributes.keys().isdisjoint((INSERTION, DELETION)):
        return span
    held: Attributes = {name: value for name, value in span.attributes.items() if name not in (INSERTION, DELETION)}
    return Span(span.text, held, span.embed)
