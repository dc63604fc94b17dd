"""Drafts written and read as plain values: `draft("Head", {"header": 1})`, `lines(document)`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cowrite.core.document.document import Document
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import lines_of


class Clock:
    """Milliseconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 1  # to yrs 0 is no time

    def __call__(self) -> int:
        return self.now

    def pause(self) -> None:
        """So much quiet that a new undo step begins."""
        self.now += 1000


def draft(*lines: str | tuple[str, Mapping[str, Any]], clock: Clock | None = None) -> Document:
    """A document with these lines: each its text, or its text and its block attributes."""
    document = MendedDocument.new(clock=clock or Clock())
    with document.edit(Origin.IMPORT) as edit:
        at = 0
        for line in lines:
            text, attributes = line if isinstance(line, tuple) else (line, {})
            edit.insert(at, text)
            edit.insert(at + len(text.encode("utf-16-le")) // 2, "\n", attributes)
            at += len(text.encode("utf-16-le")) // 2 + 1
        if lines:
            edit.delete(at, 1)
    document.steps.forget()
    return document


def lines(document: Document) -> list[str | tuple[str, dict[str, Any]]]:
    """The document's lines as `draft` takes them."""
    result: list[str | tuple[str, dict[str, Any]]] = []
    for line in lines_of(document.spans()):
        text = "".join(span.text for span in line.spans)
        result.append((text, dict(line.attributes)) if line.attributes else text)
    return result


def marked(document: Document, line: int = 0) -> list[str | tuple[str, dict[str, Any]]]:
    """The pieces of one line: each its text, or its text and its inline attributes."""
    spans = lines_of(document.spans())[line].spans
    return [(span.text, dict(span.attributes)) if span.attributes else span.text for span in spans]
