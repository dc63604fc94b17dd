"""Anchors in replicas under random edits: every character that a plan inserts is unique, so that all can be told apart.

What a replica must say of an anchor is worked out from the plain texts alone: a living character is found in the text,
and a deleted one lay to the right of all that was ever seen to its left, and to the left of all that was seen to its
right. A failing plan is repeated by its seed.
"""

from __future__ import annotations

import itertools
import json
import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from cowrite.core.crdt import blocks
from cowrite.core.crdt.anchor import Anchor, Stick, moved
from cowrite.core.document.document import Document
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.change import Change
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import utf16_length
from cowrite_server.wire.encoding import Reader
from helpers.network import FakeNetwork
from helpers.rich_edits import BLOCKS, INLINE, boundaries
from helpers.seeds import seeds

ASCII = [chr(point) for point in range(0x21, 0x7F)]
SCRIPTS = {
    "ascii": [ASCII],
    "latin": [ASCII, [chr(point) for point in range(0x100, 0x180)]],
    "right to left": [[chr(point) for point in (*range(0x5D0, 0x5EB), *range(0x620, 0x64B), *range(0x671, 0x6D4))]],
    "cjk": [[chr(point) for point in range(0x4E00, 0x5200)]],
    "emoji": [[chr(point) for point in range(0x1F300, 0x1F600)]],
    "mixed": [
        ASCII,
        [chr(point) for point in range(0x300, 0x370)],  # combining
        [chr(point) for point in range(0x4E00, 0x5200)],
        [chr(point) for point in range(0x1F300, 0x1F600)],
        [chr(point) for point in range(0x20000, 0x20400)],
    ],
}
FILLERS = {
    "ascii": ["\n", " ", "  "],
    "latin": ["\n", " ", "ß"],
}
ANY_FILLERS = ["\n", " ", "\u200d", "\ufe0f", "\u0301", "👩‍👩‍👧", "🇩🇪", "\u200f"]


@dataclass
class Held:
    """An anchor that somebody holds on to, as the JSON that the others were sent."""

    character: str
    data: str
    left: set[str] = field(default_factory=set)
    right: set[str] = field(default_factory=set)

    @property
    def anchor(self) -> Anchor:
        return Anchor.from_json(json.loads(self.data))


@dataclass
class Seat:
    """One replica, and what has changed in it during a step."""

    document: Document
    changes: list[Change] = field(default_factory=list)


class Plan:
    """A random plan for a few replicas, with what is known of all characters."""

    def __init__(self, seed: int, script: str) -> None:
        self.chance = random.Random(seed)
        self.note = f"seed {seed}, {script}"
        self.fillers = FILLERS.get(script, ANY_FILLERS)
        self.pools = [[each for each in pool if each not in "".join(self.fillers)] for pool in SCRIPTS[script]]
        for pool in self.pools:
            self.chance.shuffle(pool)
        self.unique = {character for pool in self.pools for character in pool}
        clock = itertools.count(0, 300)
        self.seats = {
            name: Seat(MendedDocument(client_id=self.chance.randrange(1, 2**53), clock=lambda: next(clock)))
            for name in ("ada", "bo", "cy")
        }
        self.network = FakeNetwork(seed, {name: seat.document.apply_remote for name, seat in self.seats.items()})
        for name, seat in self.seats.items():

            def sent(update: tuple[bytes, Origin], name: str = name) -> None:
                if update[1] is not Origin.REMOTE:
                    self.network.send(name, update[0])

            seat.document.observe_updates(sent)
            seat.document.observe_changes(seat.changes.append)
        self.held: list[Held] = []
        self.revived: dict[str, set[int]] = {}  # characters that an undo has brought back, and in which replicas

    def fresh_text(self) -> str:
        parts: list[str] = []
        for _ in range(self.chance.randrange(1, 6)):
            pool = self.chance.choice(self.pools)
            if pool:
                parts.append(pool.pop())
            if self.chance.random() < 0.25:
                parts.append(self.chance.choice(self.fillers))
        return "".join(parts)

    def edit(self, document: Document) -> None:
        chance = self.chance
        places = boundaries(document.text())
        i = chance.randrange(len(places))
        if chance.random() < 0.3:
            i = len(places) - 1  # people mostly go on writing: their transactions are squashed into long blocks
        j = min(len(places) - 1, i + chance.randrange(5))
        at, length = places[i], places[j] - places[i]
        with document.edit(Origin.LOCAL) as edit:
            match chance.randrange(12):
                case 0 | 1 | 2 | 3 | 4 | 5:
                    edit.insert(at, self.fresh_text(), chance.choice([{}, {}, {"bold": True}]))
                case 6:
                    edit.insert_embed(at, {"image": f"sha256:{chance.randrange(100):064x}"})
                case 7 | 8:
                    edit.delete(at, length)
                case 9:
                    edit.format_text(at, length, chance.choice(INLINE))
                case 10:
                    edit.format_lines(at, length, chance.choice(BLOCKS))
                case 11:
                    edit.delete(at, length)
                    edit.insert(at, self.fresh_text())

    def undo_or_redo(self, seat: Seat) -> None:
        before = Counter(seat.document.text())
        if self.chance.random() < 0.6:
            seat.document.undo()
        else:
            seat.document.redo()
        for character in (Counter(seat.document.text()) - before).keys() & self.unique:
            self.revived.setdefault(character, set()).add(seat.document.client_id)

    def hold(self, document: Document) -> None:
        present = [character for character in document.text() if character in self.unique]
        if not present:
            return
        character = self.chance.choice(present)
        at, stick = position(document.text(), character), self.chance.choice(list(Stick))
        at += utf16_length(character) if stick is Stick.LEFT else 0
        self.held.append(Held(character, json.dumps(document.anchor(at, stick).to_json())))

    def observe(self, document: Document) -> None:
        """Notes who stands on which side of whom."""
        places = {character: index for index, character in enumerate(document.text())}
        for held in self.held:
            own = places.get(held.character)
            if own is None or held.character in self.revived:
                continue
            for character, index in places.items():
                if character in self.unique and character not in self.revived and index != own:
                    (held.left if index < own else held.right).add(character)

    def check(self, seat: Seat) -> None:
        document = seat.document
        text = document.text()
        for held in self.held:
            note = (self.note, held, text)
            anchor = held.anchor
            here = document.resolve(anchor)
            assert anchor.id is not None
            if here is None:
                assert anchor.id.clock >= clocks(document).get(anchor.id.client, 0), note
                continue
            # Only one who has brought a character back knows that it is the same as the deleted one.
            revived = self.revived.get(held.character, set())
            if held.character in text and revived <= {document.client_id}:
                at = here - (utf16_length(held.character) if anchor.stick is Stick.LEFT else 0)
                assert at in positions(text, held.character), note
            elif not revived:
                for character in held.left - self.revived.keys():
                    assert here > position(text, character) or character not in text, note
                for character in held.right - self.revived.keys():
                    assert here <= position(text, character) or character not in text, note

    def step(self) -> None:
        seat = self.chance.choice(list(self.seats.values()))
        states = [other.document.state() for other in self.seats.values()]
        before = {id(held): seat.document.resolve(held.anchor) for held in self.held}
        alive = set(seat.document.text())
        seat.changes.clear()
        action = self.chance.random()
        if action < 0.5:
            self.edit(seat.document)
        elif action < 0.6:
            self.undo_or_redo(seat)
        else:
            self.network.run(self.chance.randrange(1, 4))
        self.check_moved(seat, before, alive)
        for other in self.seats.values():
            self.observe(other.document)
        for other, state in zip(self.seats.values(), states, strict=True):
            if other.document.state() != state:
                self.check(other)
        if self.chance.random() < 0.4:
            self.hold(seat.document)

    def check_moved(self, seat: Seat, before: Mapping[int, int | None], alive: set[str]) -> None:
        """A position that is only carried through the changes goes where its anchor goes, while the character lives."""
        text = seat.document.text()
        for held in self.held:
            position = before[id(held)]
            if position is None or held.character in self.revived or held.character not in alive & set(text):
                continue
            for change in seat.changes:
                position = moved(position, change.ops, held.anchor.stick)
            assert position == seat.document.resolve(held.anchor), (self.note, held, text)

    def settle(self) -> None:
        documents = {name: seat.document for name, seat in self.seats.items()}
        for _ in range(2):  # where yrs 0.27 has taken in updates out of order, one exchange may leave some pending
            self.network.settle(
                lambda source, target: documents[source].update_since(documents[target].state_vector()),
            )


def position(text: str, character: str) -> int:
    index = text.find(character)
    return utf16_length(text[:index]) if index >= 0 else -1


def positions(text: str, character: str) -> list[int]:
    return [utf16_length(text[:index]) for index, each in enumerate(text) if each == character]


def clocks(document: Document) -> dict[int, int]:
    reader = Reader(document.state_vector())
    return {reader.var_uint(): reader.var_uint() for _ in range(reader.var_uint())}


@pytest.fixture(params=[blocks.LOOK_BACK, 3])
def look_back(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small, so that short plans also look back more than once, and cut characters in half."""
    monkeypatch.setattr(blocks, "LOOK_BACK", request.param)


@pytest.mark.usefixtures("look_back")
@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("seed", seeds(1))
def test_an_anchor_stays_with_its_character_and_a_position_has_the_same_ones_in_every_converged_replica(
    seed: int, script: str
) -> None:
    plan = Plan(seed, script)
    for _ in range(45):
        plan.step()
    for seat in plan.seats.values():
        plan.check(seat)
    plan.settle()
    for seat in plan.seats.values():
        plan.check(seat)
    documents = [seat.document for seat in plan.seats.values()]
    assert len({document.text() for document in documents}) == 1
    for at, stick in itertools.product(boundaries(documents[0].text()), Stick):
        made = [document.anchor(at, stick) for document in documents]
        assert len(set(made)) == 1, (plan.note, at, stick, made)
        assert [document.resolve(made[0]) for document in documents] == [at] * len(documents), (plan.note, at, stick)


@pytest.mark.parametrize("seed", seeds(2))
def test_an_anchor_in_a_long_document_is_found_wherever_its_block_begins(seed: int) -> None:
    chance = random.Random(seed)
    document = MendedDocument(clock=lambda: 0)
    parts = ["plain ", "naïve ", "中文", "😀", "👩‍👩‍👧", "x" * 40, "é" * 700, "😀" * 500, "中" * 3000]
    for _ in range(40):
        at = chance.choice(boundaries(document.text()))
        with document.edit(Origin.LOCAL) as edit:
            edit.insert(at, chance.choice(parts), chance.choice([{}, {"bold": True}]))
    for at in chance.sample(boundaries(document.text()), 150):
        for stick in Stick:
            assert document.resolve(document.anchor(at, stick)) == at, (seed, at, stick)
