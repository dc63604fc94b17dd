"""Who makes a document says whether it puts right what merges leave odd."""

from __future__ import annotations

import pytest

from cowrite.core.document.document import Document
from cowrite.core.document.unmended import UnmendedDocument
from cowrite.core.footnotes.here import FootnoteHere
from helpers.footnotes import apart, notes, words


def test_nobody_has_a_document_without_saying_whether_it_mends():
    with pytest.raises(TypeError):
        Document(clock=lambda: 0)


def test_what_two_wrote_in_one_footnote_is_one_where_people_write_and_stays_apart_where_they_read():
    left, right, meet = apart()
    reader = UnmendedDocument()
    FootnoteHere(left, 3).write(words("See Smith, p. 7"))
    FootnoteHere(right, 3).write(words("See Smith and Jones"))
    for document in (left, right):
        reader.apply_remote(document.state())
    meet()
    assert notes(left) == notes(right) == ["See Smith, p. 7 and Jones"]
    assert notes(reader) == ["See Smith, p. 7", "See Smith and Jones"]
