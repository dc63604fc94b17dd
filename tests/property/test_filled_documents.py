"""A blank document that is filled with a prepared update, step by step, is the one into which it is merged at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest

from cowrite.core.crdt.anchor import Stick
from cowrite.core.crdt.structs import read_clocks, read_deletions
from cowrite.core.document import portions
from cowrite.core.document.document import Document
from cowrite.core.document.prepared import prepare
from cowrite.core.entries.entries import Written
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import SUGGESTIONS, joined
from helpers.rich_edits import BLOCKS, INLINE, WORDS, boundaries
from helpers.seeds import seeds
from helpers.suggesting_room import Member, play
from helpers.suggesting_writer import EVERY_ACT

ROOTS = ("board", "decisions", "comments", SUGGESTIONS)
CLIENT = 2**31  # of both documents: what they write is the same then, too

MEANWHILE: list[Callable[[Document], object]] = [
    Document.state,
    Document.state_vector,
    Document.can_undo,
    Document.undo,
    Document.text,
    lambda document: document.heading,
    lambda document: document.meta.title,
    lambda document: document.entries("board").ids(),
    lambda document: list(document.entries("decisions").all()),
    lambda document: list(document.entries("comments").all()),
    lambda document: document.anchor(document.length, Stick.LEFT),
    lambda document: document.stored_spans(),
    lambda document: document.is_blank,
]
"""What somebody may do with a document that is being filled."""


def play_on_board(member: Member, chance: Random) -> None:
    """Notes come, change and go, also in others' copies and in a document with a title."""
    document = member.document
    for root in ROOTS[:2]:
        entries = document.entries(root)
        for number in range(chance.randrange(6)):
            id = f"note:{member.name}{number}"
            entries.add(id, {"text": Written(chance.choice(WORDS)), "x": number})
            entries.change(id, {"text": chance.choice(WORDS) * 3, "x": chance.randrange(9)})
            if chance.random() < 0.3:
                entries.remove(id)
    for word in WORDS[: chance.randrange(4)]:
        document.meta.set_title(word)


def pieces(document: Document, chance: Random) -> None:
    """Embeds, looks, emoji and lines; some of them go again."""
    for _ in range(8):
        places = boundaries(document.text())
        at = chance.choice(places)
        with document.edit(Origin.LOCAL) as edit:
            match chance.randrange(4):
                case 0:
                    edit.insert_embed(at, {"image": f"sha256:{chance.randrange(100):064x}"})
                case 1:
                    edit.insert(at, chance.choice(WORDS), chance.choice(INLINE))
                case 2:
                    edit.format_lines(at, 1, chance.choice(BLOCKS))
                case 3 if at < places[-1]:
                    edit.delete(at, places[places.index(at) + 1] - at)


def units(document: Document) -> tuple[dict[int, int], set[tuple[int, int]]]:
    """The units of each client that a document has, and those of them that are deleted."""
    deleted = read_deletions(document.state())
    gone = {(client, unit) for client, ranges in deleted.items() for each in ranges for unit in each}
    return read_clocks(document.state_vector()), gone


def seen(document: Document) -> dict[str, Any]:
    """All that can be seen of a document."""
    places = boundaries(document.text())
    return {
        "spans": list(document.spans()),
        "stored": document.stored_spans(),
        "units": units(document),
        "entries": {root: dict(document.entries(root).all()) for root in ROOTS},
        "removed": {root: sorted(document.entries(root).ids(removed=True)) for root in ROOTS},
        "title": document.meta.title,
        "anchors": [document.anchor(at, stick) for at in places for stick in Stick],
        "steps": (document.can_undo(), document.can_redo()),
    }


def differing(one: Document, other: Document) -> dict[str, tuple[Any, Any]]:
    """In what two documents differ."""
    ours, theirs = seen(one), seen(other)
    return {what: (ours[what], theirs[what]) for what in ours if ours[what] != theirs[what]}


def filled(document: Document, state: bytes, chance: Random | None) -> None:
    """Fills a document; with chance somebody does something with it meanwhile."""
    prepared = prepare(state)
    assert prepared is not None
    for _ in document.fill(prepared):
        if chance is not None and chance.random() < 0.1:
            chance.choice(MEANWHILE)(document)


def watched(document: Document) -> list[object]:
    """What its observers are told."""
    told: list[object] = []
    document.observe_changes(lambda change: told.append((change.ops, change.origin)))
    for root in ROOTS:
        document.entries(root).observe(lambda change, root=root: told.append((root, change)))  # type: ignore[misc]
    document.meta.observe(lambda _none: told.append(document.meta.title))
    return told


@pytest.fixture(params=seeds(6))
def chance(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Random]:
    chance = Random(request.param)
    monkeypatch.setattr(portions, "STRUCTS", chance.choice((1, 3, 20)))
    return chance


@pytest.fixture
def people(chance: Random) -> list[Member]:
    """Some who write, suggest and decide in one room, and have met."""
    room = play(chance.randrange(10**6), 60, EVERY_ACT)
    for each in room.members:
        if each.role.may_edit:
            play_on_board(each, chance)
            pieces(each.document, chance)
    return room.members


def both(people: list[Member], chance: Random | None) -> tuple[Document, Document]:
    """A document into which all is merged, and one that is filled with it."""
    first = people[0].document
    for each in people[1:]:
        first.apply_remote(each.document.state())
    merged, other = (MendedDocument(clock=lambda: 1, client_id=CLIENT) for _ in range(2))
    merged.apply_remote(first.state())
    filled(other, first.state(), chance)
    return merged, other


def test_it_shows_the_same_and_tells_the_same(people, chance) -> None:
    state = people[0].document.state()
    merged, other = (MendedDocument(clock=lambda: 1, client_id=CLIENT) for _ in range(2))
    told = [watched(each) for each in (merged, other)]
    merged.apply_remote(state)
    filled(other, state, None)
    assert not differing(other, merged)
    assert told[0] == told[1]


def test_it_is_the_same_where_somebody_does_something_with_it_meanwhile(people, chance) -> None:
    merged, other = both(people, chance)
    assert not differing(other, merged)


def test_what_others_do_then_does_the_same(people, chance) -> None:
    merged, other = both(people, None)
    told = [watched(each) for each in (merged, other)]
    for _ in range(12):
        who = chance.choice(people)
        for each in people:
            who.document.apply_remote(each.document.update_since(who.document.state_vector()))
        who.act(chance.choice(list(EVERY_ACT)))
        update = who.document.update_since(merged.state_vector())
        for each in (merged, other):
            each.apply_remote(update)
    assert not differing(other, merged)
    assert told[0] == told[1]


def test_what_is_done_there_and_undone_is_the_same(people, chance) -> None:
    documents = both(people, None)
    seed = chance.random()
    shown = [list[object](), list[object]()]
    for document, after in zip(documents, shown, strict=True):
        pieces(document, Random(seed))
        for turn in (document.undo, document.redo, document.undo):
            turn()
            # Which ids text gets that comes back, the library draws.
            after += [joined(document.spans()), joined(document.stored_spans()), document.can_undo()]
    assert shown[0] == shown[1]


def test_it_is_the_same_when_it_is_opened_from_what_its_file_was_told(people, chance) -> None:
    document, again = (MendedDocument(clock=lambda: 1, client_id=CLIENT) for _ in range(2))
    written: list[bytes] = []
    document.observe_updates(lambda update: written.append(update[0]))
    filled(document, people[0].document.state(), chance)
    for update in written:
        again.apply_update(update, Origin.STORAGE)
    assert not differing(again, document)
