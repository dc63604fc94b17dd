"""Rich text with suggested changes in it, as who reads it elsewhere is to have it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from cowrite.core.text.footnotes import is_footnote, on_its_own, text_of
from cowrite.core.text.richtext import DELETION, EMBED_CHARACTER, INSERTION, Attributes, Line, Span, plain_text, without

MOST_TYPED = 2
"""UTF-16 units that one key can put in; what comes in another place than it goes is only more a move."""


def as_it_stands(spans: Iterable[Span]) -> Iterator[Span]:
    """What the text is while nothing is decided: without what is to come in."""
    return (unmarked(span) for span in spans if INSERTION not in span.attributes)


def as_suggested(spans: Iterable[Span]) -> Iterator[Span]:
    """What the text would be with all that is suggested: without what is to go."""
    return (unmarked(span) for span in spans if DELETION not in span.attributes)


def as_copied(spans: Iterable[Span]) -> list[Span]:
    """What is copied: the text as it is suggested, or all that is to go where it is that alone, for somebody wants to
    keep it. Suggestions stay where they are: none of their marks comes along. A footnote of a copy is another one."""
    spans = [on_its_own(span) for span in spans]
    return list(as_suggested(spans)) or [unmarked(span) for span in spans]


def searchable(spans: Iterable[Span]) -> str:
    """The text as it stands, by which it is shown elsewhere, and behind it what is suggested and what footnotes say, so
    that this is found; it takes a while of a long one."""
    comes: list[str] = []
    stands: list[str] = []
    for was_suggested, each in groupby(spans, lambda span: INSERTION in span.attributes):
        part = list(each)
        text = plain_text(part)
        comes += ("\n", text) if was_suggested else ()
        comes += (f"\n{text_of(span.embed)}" for span in part if is_footnote(span.embed))
        stands += () if was_suggested else (text,)
    return "".join((*stands, *comes)).replace(EMBED_CHARACTER, "")


def quotable(spans: Iterable[Span]) -> str:
    """The words of a passage that somebody refers to: as they stand, or as they are suggested where none stand yet."""
    spans = list(spans)
    return plain_text(as_it_stands(spans)) or plain_text(as_suggested(spans))


def suggested_part(attributes: Attributes) -> Mapping[str, str]:
    """Of attributes the marks that say what is suggested: by INSERTION, DELETION or both the id of a change, which is
    empty where another program has written something else there."""
    marks = ((name, attributes[name]) for name in (INSERTION, DELETION) if name in attributes)
    return {name: id if isinstance(id, str) else "" for name, id in marks}


def unmarked(span: Span) -> Span:
    """The same without the marks that say what is suggested."""
    if span.attributes.keys().isdisjoint((INSERTION, DELETION)):
        return span
    return Span(span.text, without(span.attributes, INSERTION, DELETION), span.embed)


def with_marks(line: Line, marks: Mapping[str, str]) -> Line:
    """A line of which just these marks say what is suggested of its break."""
    return Line(line.spans, {**without(line.attributes, INSERTION, DELETION), **marks})


def suggested_line(line: Line, marks: Mapping[str, str]) -> Line:
    """A line all of which these marks say is suggested, with its break."""
    spans = (Span(span.text, {**span.attributes, **marks}, span.embed) for span in line.spans)
    return with_marks(Line(tuple(spans), line.attributes), marks)
