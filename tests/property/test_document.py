"""Replicas of a document under random edits, exchanged in random order."""

from __future__ import annotations

import itertools
import random

import pytest

from cowrite.core.crdt.structs import read_clocks
from cowrite.core.document.document import Document
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import joined
from helpers.copies import copy_of, meet
from helpers.rich_edits import boundaries
from helpers.seeds import seeds

WORDS = ["a", "écrit", "😀", "👩‍👩‍👧", "中文", "\n", "x\ny", "שלום", "n\u0303", " ", "🇩🇪", "ends\n"]
ATTRIBUTES = [{}, {}, {"bold": True}, {"italic": True}, {"link": "https://example.org"}, {"color": "#aa0000"}]
BLOCKS = [{"header": 1}, {"header": None}, {"list": "bullet", "indent": 1}, {"list": None}, {"blockquote": True}]


def edit_at_random(document: Document, chance: random.Random) -> None:
    places = boundaries(document.text())
    i = chance.randrange(len(places))
    j = min(len(places) - 1, i + chance.randrange(6))
    at, length = places[i], places[j] - places[i]
    with document.edit(Origin.LOCAL) as edit:
        match chance.randrange(10):
            case 0 | 1 | 2 | 3:
                edit.insert(at, chance.choice(WORDS), chance.choice(ATTRIBUTES))
            case 4:
                edit.insert_embed(at, {"image": f"sha256:{chance.randrange(100):064x}"})
            case 5 | 6:
                edit.delete(at, length)
            case 7:
                edit.format_text(at, length, {"bold": chance.choice([True, None]), "code": chance.choice([True, None])})
            case 8:
                edit.format_lines(at, length, chance.choice(BLOCKS))
            case 9:
                edit.insert(at, "new", {"italic": True})
                edit.delete(at, 1)


@pytest.mark.parametrize("seed", seeds(12))
def test_replicas_that_have_seen_the_same_edits_hold_the_same_rich_text(seed):
    chance = random.Random(seed)
    clock = itertools.count(0, 300)
    documents = [MendedDocument(clock=lambda: next(clock)) for _ in range(chance.randrange(2, 5))]
    queues: dict[tuple[int, int], list[bytes]] = {
        (a, b): [] for a in range(len(documents)) for b in range(len(documents)) if a != b
    }
    for index, document in enumerate(documents):

        def sent(update, index=index):
            if update[1] is not Origin.REMOTE:
                for (source, _), queue in queues.items():
                    if source == index:
                        queue.append(update[0])

        document.observe_updates(sent)
    for _ in range(80):
        document = chance.choice(documents)
        action = chance.random()
        if action < 0.6:
            edit_at_random(document, chance)
        elif action < 0.7:
            document.undo()
        elif action < 0.75:
            document.redo()
        else:
            (_, target), queue = chance.choice(list(queues.items()))
            for _ in range(min(len(queue), 3)):
                update = queue.pop(chance.randrange(len(queue)))
                documents[target].apply_remote(update)
                if chance.random() < 0.2:
                    documents[target].apply_remote(update)
        for each in documents:
            assert joined(each.spans()) == joined(each.stored_spans())
    for (_, target), queue in queues.items():
        chance.shuffle(queue)
        for update in queue:
            documents[target].apply_remote(update)
    for _ in range(2):
        for one, other in itertools.permutations(documents, 2):
            other.apply_remote(one.update_since(other.state_vector()))
    texts = [joined(document.spans()) for document in documents]
    for text in texts[1:]:
        assert text == texts[0]
    assert all(joined(document.spans()) == joined(document.stored_spans()) for document in documents)
    assert len({frozenset(read_clocks(document.state_vector()).items()) for document in documents}) == 1


@pytest.mark.parametrize("seed", seeds(12))
def test_undo_and_redo_lead_through_all_states_also_where_what_came_back_was_edited_again(seed):
    chance = random.Random(seed)
    clock = itertools.count(0, 1000)  # each edit is a step
    document = MendedDocument.new(clock=lambda: next(clock))
    past, future = [joined(document.spans())], []
    for act in [*(chance.choice("eeeeuur") for _ in range(60)), *"u" * 60, *"r" * 60]:
        before = joined(document.spans())
        if act == "e":
            edit_at_random(document, chance)
            if joined(document.spans()) != before:
                past.append(joined(document.spans()))
                future.clear()
        elif act == "u" and len(past) > 1:
            document.undo()
            future.append(past.pop())
        elif act == "r" and future:
            document.redo()
            past.append(future.pop())
        assert joined(document.spans()) == past[-1]


@pytest.mark.parametrize("seed", seeds(12))
def test_who_takes_all_back_leaves_what_a_teammate_wrote_and_nothing_else(seed):
    chance = random.Random(seed)
    clock = itertools.count(0, 1000)
    document = MendedDocument.new(clock=lambda: next(clock))
    other = copy_of(document)
    for _ in range(60):
        who, letter = chance.choice([(document, "a"), (document, "a"), (other, "b")])
        at = chance.randrange(who.length)
        act = chance.choice("iiiddurr" if who is document else "iid")
        if act == "u":
            who.undo()
        elif act == "r":
            who.redo()
        else:
            with who.edit(Origin.LOCAL) as edit:
                if act == "i":
                    edit.insert(at, letter * chance.randrange(1, 7))
                else:
                    edit.delete(at, min(chance.randrange(1, 7), who.length - 1 - at))
        if chance.random() < 0.6:
            meet(document, other)
    meet(document, other)
    while document.can_undo():
        document.undo()
    assert set(document.text()) <= {"b", "\n"}


def test_a_step_of_which_nothing_is_left_gives_way_to_all_that_has_come_back_of_the_one_before():
    clock = itertools.count(0, 1000)
    document = MendedDocument.new(clock=lambda: next(clock))
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "hello")
    with document.edit(Origin.LOCAL) as edit:
        edit.delete(0, 5)
    document.undo()
    other = copy_of(document)
    with other.edit(Origin.LOCAL) as edit:
        edit.insert(3, "X")
    meet(document, other)
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "so ")
    meet(document, other)
    with other.edit(Origin.LOCAL) as edit:
        edit.delete(0, 3)
    meet(document, other)
    document.undo()
    assert document.text() == "X\n"
    document.redo()
    assert document.text() == "helXlo\n"


def test_a_burst_of_typing_goes_on_beyond_a_redo_for_which_there_is_nothing():
    clock = itertools.count(1)
    document = MendedDocument.new(clock=lambda: next(clock))
    for letter in "ab":
        with document.edit(Origin.LOCAL) as edit:
            edit.insert(0, letter)
        document.redo()
    document.undo()
    assert document.text() == "\n"


def test_a_replica_has_a_number_that_every_yjs_library_can_hold():
    # y-py keeps 32 of its bits, and would write text under a larger one a second time.
    assert all(0 < MendedDocument(clock=lambda: 0).client_id < 2**32 for _ in range(20))
