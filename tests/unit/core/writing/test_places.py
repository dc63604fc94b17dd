"""Where stretches of a document are, followed by its changes instead of looked for."""

from __future__ import annotations

from random import Random

import pytest

from cowrite.core.crdt.anchor import Stick, moved
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import Delete, Insert, Span, Utf16
from cowrite.core.writing import places as places_module
from cowrite.core.writing.places import Places
from helpers.seeds import seeds


class Reader:
    """One copy, and what it knows of some stretches by their anchors."""

    def __init__(self, number: int, state: bytes) -> None:
        self.document = MendedDocument(client_id=number, clock=self._now)
        self.document.apply_remote(state)
        self.document.steps.forget()
        self.places = Places(self.document)
        self._time = 1

    def _now(self) -> int:
        self._time += 1000
        return self._time

    def act(self, chance: Random) -> None:
        """Types, deletes, undoes or redoes."""
        what = chance.randrange(6)
        length = self.document.length
        if what == 0:
            self.document.undo()
        elif what == 1:
            self.document.redo()
        else:
            at = chance.randrange(length)
            with self.document.edit(Origin.LOCAL) as edit:
                if what < 4 or length < 12:
                    edit.insert(at, chance.choice(("x", "yz")))
                else:
                    edit.delete(at, min(chance.choice((1, 2, 9)), length - 1 - at))


@pytest.mark.parametrize("seed", seeds(12))
def test_a_place_that_is_followed_is_the_one_that_is_found(seed):
    chance = Random(seed)
    first = MendedDocument.new(clock=lambda: 0)
    with first.edit(Origin.LOCAL) as edit:
        edit.insert(0, "We plant herbs on the roof.")
    readers = [Reader(number, first.state()) for number in (1, 2)]
    stretches = []
    for number in range(6):
        start, stop = sorted(chance.sample(range(27), 2))
        anchors = first.anchor(start, Stick.RIGHT), first.anchor(stop, Stick.LEFT)
        stretches.append((str(number), *anchors))
    for _ in range(60):
        reader, other = chance.sample(readers, 2)
        reader.act(chance)
        if chance.random() < 0.3:
            other.document.apply_remote(reader.document.update_since(other.document.state_vector()))
        if chance.random() < 0.5:
            for key, start, stop in stretches:
                found = reader.document.resolve(start), reader.document.resolve(stop)
                expected = found if found[0] < found[1] else None
                assert reader.places.place(key, start, stop) == expected


def test_a_place_is_found_once_however_often_it_is_asked_for(monkeypatch):
    document = MendedDocument.new(clock=lambda: 0)
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "We plant herbs.")
    start, stop = document.anchor(3, Stick.RIGHT), document.anchor(8, Stick.LEFT)
    places = Places(document)
    assert places.place("a", start, stop) == (3, 8)
    looked: list[object] = []
    monkeypatch.setattr(document, "resolve", looked.append)
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "👍 ")
        edit.delete(7, 1)
    assert places.place("a", start, stop) == (6, 10)
    assert looked == []


def test_places_that_would_move_by_many_steps_are_found_anew(monkeypatch):
    monkeypatch.setattr(places_module, "MOST_STEPS", 10)
    monkeypatch.setattr(places_module, "MOST_STEPS_EACH", 1)
    document = MendedDocument.new(clock=lambda: 0)
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "We plant herbs.")
    start, stop = document.anchor(3, Stick.RIGHT), document.anchor(8, Stick.LEFT)
    places = Places(document)
    assert places.place("a", start, stop) == (3, 8)
    looked: list[object] = []
    resolve = document.resolve
    monkeypatch.setattr(document, "resolve", lambda anchor: looked.append(anchor) or resolve(anchor))
    for steps, found_anew in ((10, []), (11, [start, stop])):
        looked.clear()
        with document.edit(Origin.LOCAL) as edit:
            for _ in range(steps):
                edit.insert(0, "x")
        assert document.text().index("plant") == places.place("a", start, stop)[0]
        assert looked == found_anew


def test_what_is_typed_and_deleted_in_a_row_is_one_step_for_many_places(monkeypatch):
    monkeypatch.setattr(places_module, "MOST_STEPS_EACH", 3)
    document = MendedDocument.new(clock=lambda: 0)
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "We plant herbs. " * 2_000)
    spots = range(20, 32_000, 2)
    anchors = {str(at): (document.anchor(at, Stick.RIGHT), document.anchor(at + 1, Stick.LEFT)) for at in spots}
    places = Places(document)
    places.find(anchors)
    monkeypatch.setattr(document, "resolve", None)
    monkeypatch.setattr(document.anchors, "resolve_all", None)
    for letter in range(20):
        with document.edit(Origin.LOCAL) as edit:
            edit.insert(3 + letter, "x")
    for letter in range(30):
        with document.edit(Origin.LOCAL) as edit:
            edit.delete(22 - letter if letter < 20 else 0, 1)
    moved_by = 20 - 30
    assert [places.place(key, *anchors[key]) for key in anchors] == [(at + moved_by, at + moved_by + 1) for at in spots]


def test_places_move_with_a_change_that_goes_through_all_of_the_text_however_many_steps_it_has(monkeypatch):
    monkeypatch.setattr(places_module, "MOST_STEPS", 100)
    document = MendedDocument.new(clock=lambda: 0)
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "We plant herbs. " * 50)
    other = MendedDocument(clock=lambda: 0)
    other.apply_remote(document.state())
    spots = range(3, 800, 16)
    anchors = {str(at): (document.anchor(at, Stick.RIGHT), document.anchor(at + 5, Stick.LEFT)) for at in spots}
    places = Places(document)
    assert [places.place(key, *anchors[key]) for key in anchors] == [(at, at + 5) for at in spots]
    looked: list[object] = []
    monkeypatch.setattr(document, "resolve", looked.append)
    with other.edit(Origin.LOCAL) as edit:
        for at in reversed(spots):
            edit.delete(at + 6, 5)
            edit.insert(at - 2, "ell, w")
    document.apply_remote(other.update_since(document.state_vector()))
    found = [places.place(key, *anchors[key]) for key in anchors]
    assert {document.text()[start:stop] for start, stop in found} == {"plant"}
    assert looked == []


@pytest.mark.parametrize("seed", seeds(20))
def test_a_place_goes_where_one_step_after_the_other_takes_it(seed):
    chance = Random(seed)
    at, length, ops = 0, 40, []
    for _ in range(12):
        at += chance.randrange(5)
        if chance.random() < 0.2:
            at = chance.randrange(max(1, at))  # back to what was passed
        if at < length and chance.random() < 0.5:
            ops.append(Delete(Utf16(at), Utf16(min(length - at, chance.choice((1, 2, 6))))))
            length -= ops[-1].length
        elif at <= length:
            ops.append(Insert(Utf16(at), Span(chance.choice(("x", "👍")))))
            at += len(ops[-1].span.text)
            length += len(ops[-1].span.text)
    steps = places_module._Steps(ops)
    for position in range(41):
        for stick in Stick:
            expected = position
            for op in ops:
                if expected is not None and isinstance(op, Insert) and op.at == expected:
                    expected = None
                if expected is not None:
                    expected = moved(expected, (op,), stick)
            assert steps.moved(position, stick) == expected, (ops, position, stick)
