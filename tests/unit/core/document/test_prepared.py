from __future__ import annotations

import pytest

from cowrite.core.document import portions
from cowrite.core.document.prepared import Prepared, prepare
from cowrite.core.errors import MalformedUpdate
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import Span


def blank() -> MendedDocument:
    return MendedDocument(clock=lambda: 1)


@pytest.fixture
def state(monkeypatch: pytest.MonkeyPatch) -> bytes:
    """Two people's words in turn, with looks and an emoji, in more than one portion."""
    monkeypatch.setattr(portions, "STRUCTS", 20)
    ada, ben = MendedDocument.new(clock=lambda: 1), blank()
    for number in range(30):
        ben.apply_remote(ada.update_since(ben.state_vector()))
        with ben.edit(Origin.LOCAL) as edit:
            edit.insert_span(0, Span(f"ben {number} 🌱", {"bold": True}))
        ada.apply_remote(ben.update_since(ada.state_vector()))
        with ada.edit(Origin.LOCAL) as edit:
            edit.insert_span(4, Span("ada"))
            edit.delete(1, 1)
    return ada.state()


def prepared(state: bytes) -> Prepared:
    found = prepare(state)
    assert found is not None
    return found


def test_a_prepared_update_fills_a_blank_document_as_merging_it_does(state: bytes) -> None:
    merged, filled = blank(), blank()
    merged.apply_remote(state)
    told, changes = [], []
    filled.observe_updates(told.append)
    filled.observe_changes(changes.append)
    update = prepared(state)
    assert len(update.portions) > 2
    lengths = [filled.length for _ in filled.fill(update)]
    assert not any(lengths[:-1])
    assert list(filled.spans()) == list(merged.spans())
    assert filled.stored_spans() == merged.stored_spans()
    assert filled.state() == merged.state()
    assert told == [(state, Origin.REMOTE)]
    assert len(changes) == 1


def test_what_is_done_with_the_document_meanwhile_has_the_rest_first(state: bytes) -> None:
    filled = blank()
    steps = filled.fill(prepared(state))
    next(steps)
    assert filled.state_vector() != blank().state_vector()
    assert filled.length > 0
    assert next(steps, None) is None


def test_entries_that_are_asked_for_first_meanwhile_have_the_rest_first() -> None:
    document = blank()
    for number in range(9):
        document.entries("board").add(f"note:{number}", {"x": number})
    filled = blank()
    steps = filled.fill(prepared(document.state()))
    next(steps)
    assert sorted(filled.entries("board").ids("note")) == [f"note:{number}" for number in range(9)]


def test_an_update_that_lacks_something_is_left_to_be_merged(state: bytes) -> None:
    document = blank()
    document.apply_remote(state)
    vector = document.state_vector()
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "x")
    assert prepare(document.update_since(vector)) is None


def test_bytes_that_are_no_update_are_malformed() -> None:
    with pytest.raises(MalformedUpdate):
        prepare(b"\x01\x02\x03")
