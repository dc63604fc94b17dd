"""Replicas of a document under random edits, exchanged in random order."""

from __future__ import annotations

import itertools
import random

import pytest

from cowrite.core.document import Document
from cowrite.core.origin import Origin
from cowrite.core.richtext import joined
from cowrite.core.structs import read_clocks
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
    documents = [Document(clock=lambda: next(clock)) for _ in range(chance.randrange(2, 5))]
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
    document = Document.new(clock=lambda: next(clock))
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


@pytest.mark.parametrize("seed", seeds(8))
def test_nothing_of_what_one_wrote_is_left_once_all_is_taken_back_whatever_a_teammate_has_deleted(seed):
    chance = random.Random(seed)
    clock = itertools.count(0, 1000)
    own = Document.new(clock=lambda: next(clock))
    others = copy_of(own)
    for act in (chance.choice("iiiidddduuuurIDD") for _ in range(300)):
        document, letters = (own, "xyz") if act.islower() else (others, "123")
        at, units = chance.randrange(document.length), chance.randrange(1, 6)
        if act in "iI":
            with document.edit(Origin.LOCAL) as edit:
                edit.insert(at, "".join(chance.choices(letters, k=units)))
        elif act in "dD" and at + units < document.length:
            with document.edit(Origin.LOCAL) as edit:
                edit.delete(at, units)
        elif act == "u":
            own.undo()
        elif act == "r":
            own.redo()
        if chance.random() < 0.5:
            meet(own, others)
    meet(own, others)
    while own.can_undo():
        own.undo()
    assert set(own.text()) <= set("123\n")


def test_a_replica_has_a_number_that_every_yjs_library_can_hold():
    # y-py keeps 32 of its bits, and would write text under a larger one a second time.
    assert all(0 < Document(clock=lambda: 0).client_id < 2**32 for _ in range(20))
