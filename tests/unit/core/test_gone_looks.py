"""How text looks that undo brings back where stock Yjs has taken formats away between which nothing stood."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cowrite.core import gone_looks, lines
from cowrite.core.document import Document
from cowrite.core.origin import Origin
from cowrite.core.richtext import joined, utf16_length
from helpers.copies import copy_of, meet
from helpers.drafts import draft
from helpers.foreign_structs import tidy_up


@pytest.fixture
def document() -> Document:
    document = draft("We plant", ("herbs 😀", {"list": "bullet"}), "and", ("sage", {"header": 2}), "here.")
    with document.edit(Origin.LOCAL) as edit:
        edit.format(3, 4, {"bold": True})
        edit.format(5, 1, {"color": "#c4314b"})
        edit.insert_embed(9, {"image": "sha256:00"}, {"link": "https://cowrite.example"})
    document.forget_undo()
    return document


def undone(document: Document, mate: Document) -> None:
    """Stock Yjs has all of it, and undo takes the step back."""
    tidy_up(document)
    document.undo()
    meet(document, mate)


@pytest.mark.parametrize(("most", "parts"), [(20, 20_000), (2, 20_000), (20, 30)])
def test_text_that_undo_brings_back_looks_as_it_did_though_its_formats_were_tidied_up(
    document, monkeypatch, most, parts
) -> None:
    monkeypatch.setattr(gone_looks, "MOST_SPANS", most)
    monkeypatch.setattr(gone_looks, "MOST_PARTS", parts)
    before, mate = joined(document.spans()), copy_of(document)
    for _ in range(3):  # also what undo has brought back
        lines.delete(document, 2, document.length - 2)
        document.begin_undo_step()
        assert document.text() == "We.\n"
        undone(document, mate)
        assert joined(document.spans()) == joined(mate.spans()) == joined(document.stored_spans()) == before


def test_so_does_what_was_deleted_letter_by_letter(document) -> None:
    before, mate = joined(document.spans()), copy_of(document)
    at = document.length - 1
    for letter in reversed(document.text()[2:-1]):
        at -= utf16_length(letter)
        with document.edit(Origin.LOCAL) as edit:
            edit.delete(at, utf16_length(letter))
    undone(document, mate)
    assert joined(document.spans()) == joined(mate.spans()) == before


def test_what_others_have_made_of_its_surroundings_meanwhile_it_keeps(document) -> None:
    before, mate = joined(document.spans()), copy_of(document)
    lines.delete(document, 3, 7)
    with mate.edit(Origin.LOCAL) as edit:
        edit.format(0, mate.length, {"color": "#2f5fd0"})
    meet(document, mate)
    document.undo()
    meet(document, mate)
    wanted = joined(replace(span, attributes={**span.attributes, "color": "#2f5fd0"}) for span in before)
    assert joined(document.spans()) == joined(mate.spans()) == wanted


@pytest.mark.parametrize("most", [20, 0])
def test_what_is_undone_and_done_again_step_by_step_looks_each_time_as_it_did(monkeypatch, most) -> None:
    monkeypatch.setattr(gone_looks, "MOST_SPANS", most)
    document = draft("We plant.")
    steps = [joined(document.spans())]
    for look in ({}, {"bold": True}, {"bold": None, "italic": True}, None):
        document.begin_undo_step()
        with document.edit(Origin.LOCAL) as edit:
            if look is None:
                edit.delete(3, 5)
            elif look:
                edit.format(3, 5, look)
            else:
                edit.insert(8, " herbs")
        steps.append(joined(document.spans()))
    for wanted in reversed(steps[:-1]):
        document.undo()
        assert joined(document.spans()) == wanted
    for wanted in steps[1:]:
        document.redo()
        assert joined(document.spans()) == wanted
