"""What a document is called and what its words are, from its state alone, for who does not open it.

Runs anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from pycrdt import Doc, Map, Text

from cowrite.core.crdt.anchor import BODY
from cowrite.core.document.arrivals import check, merge
from cowrite.core.document.body import spans_of
from cowrite.core.document.meta import ROOT as META
from cowrite.core.document.words_beside import with_words, words_in
from cowrite.core.entries.fields import Fields, fields_in
from cowrite.core.errors import MalformedUpdate, is_panic
from cowrite.core.text.first_words import first_words
from cowrite.core.text.suggested_text import as_it_stands, as_suggested, searchable


class Particulars(NamedTuple):
    """What is known of a document without opening it.

    Attributes:
        title: what it is called; empty where nothing says so.
        text: what is searched.
    """

    title: str
    text: str


def particulars(state: bytes) -> Particulars:
    """What a document with this state is called, as `Document` has it, and what of it is searched.

    Raises:
        MalformedUpdate: the bytes are no state, or one that cannot be read.
    """
    doc: Doc[Any] = Doc()
    body, meta = doc.get(BODY, type=Text), doc.get(META, type=Map)
    merge(check(state), doc)
    try:
        title, spans = meta.get("title"), spans_of(body)
        beside = words_in(lambda root: _entries(doc.get(root, type=Map)))
    except BaseException as error:
        if not is_panic(error):
            raise
        raise MalformedUpdate(len(state)) from error
    if not isinstance(title, str) or not title:
        title = first_words(as_it_stands(spans)) or first_words(as_suggested(spans))
    return Particulars(title, with_words(searchable(spans), beside))


def _entries(root: Map[Any]) -> Iterator[tuple[str, Fields]]:
    for id in root.keys():  # noqa: SIM118, a Map is iterated by way of a copy of all that is in it
        if isinstance(entry := root.get(id), Map):
            yield id, fields_in(entry)
