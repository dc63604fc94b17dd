"""Rich text with suggested changes in it, as who reads it elsewhere is to have it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from cowrite.core.richtext import DELETION, INSERTION, Attributes, Line, Span


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


def suggested_part(attributes: Attributes) -> Mapping[str, str]:
    """Of attributes the marks that say what is suggested: by INSERTION, DELETION or both the id of a change, which is
    empty where another program has written something else there."""
    marks = ((name, attributes[name]) for name in (INSERTION, DELETION) if name in attributes)
    return {name: id if isinstance(id, str) else "" for name, id in marks}


def with_marks(line: Line, marks: Mapping[str, str]) -> Line:
    """A line of which just these marks say what is suggested of its break."""
    held = {name: value for name, value in line.attributes.items() if name not in (INSERTION, DELETION)}
    return Line(line.spans, {**held, **marks})


def suggested_line(line: Line, marks: Mapping[str, str]) -> Line:
    """A line all of which these marks say is suggested, with its break."""
    spans = (Span(span.text, {**span.attributes, **marks}, span.embed) for span in line.spans)
    return with_marks(Line(tuple(spans), line.attributes), marks)


def _unmarked(span: Span) -> Span:
    if span.attributes.keys().isdisjoint((INSERTION, DELETION)):
        return span
    held: Attributes = {name: value for name, value in span.attributes.items() if name not in (INSERTION, DELETION)}
    return Span(span.text, held, span.embed)
