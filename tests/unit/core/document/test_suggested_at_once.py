"""Many changes that one edit suggests: they become what they would be one by one."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from pycrdt import Text

from cowrite.core.crdt import anchors
from cowrite.core.document import suggesting
from cowrite.core.document.document import Document
from cowrite.core.document.edit import MOST_PLACES
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import DELETION, INSERTION, MARK, SUGGESTIONS, Span, joined
from cowrite.core.writing.replacing import Replacement, replace_all
from helpers.drafts import Clock, draft
from helpers.suggesting import changes_of, decide, marked

MANY = 2 * MOST_PLACES
LOOKS = ({}, {}, {"bold": True}, {"link": "https://example.org"}, {MARK: "assist:1"})


def replaced(document: Document, places: list[tuple[int, int]], new: str) -> None:
    with document.steps.apart(), document.edit(Origin.LOCAL) as edit:
        replace_all(edit, [Replacement(*place, (Span(new),) if new else ()) for place in places])


def shown(document: Document) -> list[tuple[str, dict[str, Any]]]:
    """The rich text, whichever ids its suggestions have."""
    found = []
    for span in joined(document.spans()):
        marks = {name: name in span.attributes for name in (INSERTION, DELETION)}
        found.append((span.text, {**span.attributes, **marks}))
    return found


def same(document: Document, mate: Document) -> bool:
    """Whether two copies and what is stored of each are the same rich text."""
    texts = [document.spans(), document.stored_spans(), mate.spans(), mate.stored_spans()]
    return all(joined(text) == joined(document.spans()) for text in texts)


def written(seed: int) -> MendedDocument:
    """A text that several people have written, with looks, a table and a suggestion; others have deleted some of it."""
    chance = Random(seed)
    document = MendedDocument(client_id=1, clock=Clock())
    lines = draft("the herbs 🌿 and the salt", "more of the salt", ("the end", {"list": "bullet"}))
    document.apply_update(lines.update_since(b"\0"))
    for _ in range(12):
        other = MendedDocument(clock=Clock())
        other.apply_update(document.update_since(b"\0"))
        if chance.random() < 0.3:
            changes_of(other, "Ada")
        with other.edit(Origin.LOCAL) as edit:
            at = chance.choice(places(other))
            match chance.randrange(4):
                case 0:
                    edit.insert(at, chance.choice(["thyme ", "é", "🌿", "\n"]), chance.choice(LOOKS[:2]))
                case 1:
                    edit.insert(at, "mint", chance.choice(LOOKS))
                case 2 if at + 3 < other.length and at + 3 in places(other):
                    edit.delete(at, 3)
                case _ if at + 4 < other.length and at + 4 in places(other):
                    edit.format(at, 4, chance.choice(({"bold": True}, {"bold": None}, {"italic": True})))
        document.apply_update(other.update_since(b"\0"))
    return document


def places(document: Document) -> list[int]:
    """The positions of a text that halve no character."""
    found, at = [], 0
    for letter in document.text():
        found.append(at)
        at += 2 if letter > "\uffff" else 1
    return found


def steps(document: Document, chance: Random) -> list[tuple[int, int, tuple[Span, ...]]]:
    """Ranges of a text, and what is to take their place."""
    ends = sorted(chance.sample(places(document), 12))
    return [
        (start, stop if chance.random() < 0.8 else start, come)
        for start, stop in zip(ends[::2], ends[1::2], strict=True)
        if (come := tuple(Span(words, chance.choice(LOOKS)) for words in chance.choice([(), ("sage",), ("a", "b🌿")])))
        or start < stop
    ]


@pytest.mark.parametrize("seed", range(60))
def test_what_is_suggested_at_once_is_what_is_suggested_place_by_place(monkeypatch, seed):
    results = []
    for most in (0, 1000):
        monkeypatch.setattr(suggesting, "MOST_PLACES", most)
        monkeypatch.setattr(suggesting, "MOST_LOOKS", 0)  # as where there are many
        monkeypatch.setattr(anchors, "FEW_RUNS", 0)
        document, mate = written(seed), MendedDocument(clock=Clock())
        mate.apply_update(document.update_since(b"\0"))
        end = document.observe_updates(lambda told, mate=mate: mate.apply_update(told[0]))
        what = steps(document, Random(seed))
        before = joined(document.spans())
        changes_of(document)
        with document.steps.apart(), document.edit(Origin.LOCAL) as edit:
            shift = 0
            for start, stop, come in what:
                edit.delete(start + shift, stop - start)
                shift += edit.insert_spans(start + shift, come) - start - shift - (stop - start)
        ends = [edit.place(at) for at in range(0, 20, 3)]
        assert same(document, mate)
        results.append((shown(document), ends, len(document.entries(SUGGESTIONS).ids())))
        document.undo()
        assert joined(document.spans()) == before
        assert same(document, mate)
        document.redo()
        assert same(document, mate)
        end()
    assert results[0] == results[1]


def test_no_place_is_looked_for_where_much_is_suggested_and_suggested_again_once_it_was_rejected(monkeypatch):
    document = draft("the herbs " * MANY)
    changes = changes_of(document)
    places = [(at, at + 3) for at in range(10, 10 * MANY, 10)]
    with monkeypatch.context() as patched:
        patched.delattr(Text, "format")
        replaced(document, places, "our")
    changes.reject([change.id for change in changes.all()])
    assert marked(document) == "the herbs " * MANY
    with monkeypatch.context() as patched:
        patched.delattr(Text, "format")
        replaced(document, places, "our")
    assert marked(document) == "the herbs " + "[-the-]{+our+} herbs " * (MANY - 1)
    decide(document, "accept")
    assert marked(document) == "the herbs " + "our herbs " * (MANY - 1)


def test_each_of_many_suggestions_can_be_decided_alone():
    document = draft("the herbs " * MANY)
    changes = changes_of(document)
    replaced(document, [(at, at + 4) for at in range(0, 10 * MANY, 10)], "")
    assert len(changes.all()) == MANY
    changes.accept([changes.all()[MANY // 2].id])
    changes.reject([change.id for change in changes.all()])
    assert marked(document) == "the herbs " * (MANY // 2) + "herbs " + "the herbs " * (MANY // 2 - 1)
    assert joined(document.spans()) == joined(document.stored_spans())
