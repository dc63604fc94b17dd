"""View: what can be seen of the body of a document, by which it is judged what an update does to that.

Runs on whichever thread has the document.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, NamedTuple

import pycrdt

from cowrite_server.document.entry_values import exact

_SIMPLE = (str, bool, float, int)
_VALUES = (dict, list, int, float, bytes, type(None))
"""What an embed can hold; all else in a text is a shared type."""

BODY = "body"
"""Name of the root that holds the text."""


class Span(NamedTuple):
    """A run of the body with one set of attributes, or one object within it.

    Attributes:
        text: UTF-8 text, or None for an object.
        length: in the library's units: bytes of text, or one object.
        object: what an embed holds, in a form that is equal for equal embeds; empty for a shared type and for text.
        look: the attributes in such a form.
        attributes: what holds for all of it; those that are null are left out.
    """

    text: bytes | None
    length: int
    object: str
    look: str
    attributes: dict[str, Any]


@dataclass(frozen=True, slots=True)
class View:
    """What can be seen of the body at one time.

    Attributes:
        spans: the text and its attributes.
        hidden: number of units that count as text and are none; other programs count them otherwise.
        keys: the values that the body has as a map, in a form that is equal for equal values.
    """

    spans: tuple[Span, ...]
    hidden: int
    keys: str

    @classmethod
    def of(cls, doc: pycrdt.Doc[Any]) -> View:
        """What can be seen in a document now."""
        text = doc.get(BODY, type=pycrdt.Text)
        spans = tuple(_span(content, attributes) for content, attributes in text.diff())
        keys = exact(json.loads(str(doc.get(BODY, type=pycrdt.Map))))
        return cls(spans, len(text) - sum(span.length for span in spans), keys)


def _span(content: Any, attributes: dict[str, Any] | None) -> Span:
    shown, look = {}, ""
    if attributes:
        shown = {name: value for name, value in sorted(attributes.items()) if value is not None}
        look = repr(shown) if all(isinstance(value, _SIMPLE) for value in shown.values()) else exact(shown)
    if isinstance(content, str):
        text = content.encode()
        return Span(text, len(text), "", look, shown)
    return Span(None, 1, exact(content) if isinstance(content, _VALUES) else "", look, shown)
