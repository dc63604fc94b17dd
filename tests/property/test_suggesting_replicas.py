"""Some suggest and some write and decide, at once: nobody's words are lost, all come to the same text, and undo leaves
nothing behind."""

from __future__ import annotations

import itertools
from random import Random

import pytest

from cowrite.core.document.document import Document
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import DELETION, INSERTION, Span, joined, plain_text
from cowrite.core.text.suggested_text import as_it_stands
from cowrite.core.writing import lines, pasting
from helpers.copies import copy_of, meet
from helpers.drafts import Clock, draft
from helpers.rich_edits import boundaries
from helpers.seeds import seeds
from helpers.suggesting import changes_of

LETTERS = ("a", "é", "中", "\n", " ", "n\u0303", "שלום", "👩‍👩‍👧")
TOKENS = tuple(token for number in range(1000) if (token := chr(0x1F300 + number)) not in "".join(LETTERS))
"""Characters of two units, each of which is written once."""


def edit_at_random(document: Document, chance: Random, token: str) -> None:
    """One edit of several steps, as commands make them; a token is among what it writes."""
    with document.edit(Origin.LOCAL) as edit:
        for word in (*(chance.choice(LETTERS) for _ in range(chance.randrange(4))), token):
            places = boundaries(document.text())
            at = chance.randrange(len(places) - document.is_closed)
            if chance.random() < 0.5:
                stop = min(len(places) - 1 - document.is_closed, at + chance.randrange(8))
                edit.delete(places[at], places[stop] - places[at])
            if chance.random() < 0.1:
                edit.insert_embed(places[at], {"divider": True})
            edit.insert(places[at], word, chance.choice(({}, {}, {"bold": True})) if word != "\n" else {})


def command_at_random(document: Document, chance: Random) -> None:
    places = boundaries(document.text())[: -1 if document.is_closed else None]
    start, stop = sorted(chance.choices(places, k=2))
    match chance.randrange(4):
        case 0:
            lines.press_enter(document, start)
        case 1:
            lines.delete(document, start, min(stop, start + 9) if min(stop, start + 9) in places else start)
        case 2:
            lines.insert_divider(document, start, start)
        case _:
            pasting.insert_rich_text(document, start, start, [Span("one\ntwo")])


def base_of(chance: Random) -> Document:
    return draft(*"".join(chance.choice(LETTERS) for _ in range(chance.randrange(20))).split("\n"))


@pytest.mark.parametrize("seed", seeds(12))
def test_what_is_suggested_is_the_edit_where_it_is_accepted_and_nothing_where_it_is_rejected(seed: int) -> None:
    base = base_of(Random(seed))
    before = joined(base.spans())
    suggested, made = copy_of(base), copy_of(base)
    changes_of(suggested)
    for document in (suggested, made):
        chance = Random(seed)
        if seed % 3:
            edit_at_random(document, chance, TOKENS[0])
        else:
            command_at_random(document, chance)
    assert joined(suggested.spans()) == joined(suggested.stored_spans())
    assert joined(as_it_stands(suggested.spans())) == before
    accepted, rejected = copy_of(suggested), copy_of(suggested)
    for document, how in ((accepted, "accept"), (rejected, "reject")):
        changes = changes_of(document, "Ada", suggests=False)
        getattr(changes, how)([change.id for change in changes.all()])
        assert changes.all() == []
        assert joined(document.spans()) == joined(document.stored_spans())
    assert plain_text(accepted.spans()) == plain_text(made.spans())
    assert joined(rejected.spans()) == before
    rejected.undo()
    assert joined(rejected.spans()) == joined(suggested.spans())


class Writer:
    """One person's copy, and whether they only suggest."""

    def __init__(self, number: int, state: bytes, chance: Random, tokens: itertools.count[int]) -> None:
        self.document = MendedDocument(client_id=number, clock=lambda: 0)
        self.document.apply_remote(state)
        self.suggests = number > 1
        self.changes = changes_of(self.document, f"{number}", suggests=self.suggests)
        self.chance = chance
        self.tokens = tokens
        self.written: set[str] = set()
        self.taken: set[str] = set()

    def act(self) -> None:
        """Does one thing; what it takes out of the text is noted."""
        before, stood = set(self.document.text()), self.stands()
        self.document.steps.begin()
        is_edit = False
        match self.chance.randrange(8):
            case 0:
                self.document.undo()
            case 1:
                self.document.redo()
            case 2 | 3 if not self.suggests and (changes := self.changes.all()):
                ids = [change.id for change in self.chance.sample(changes, self.chance.randint(1, len(changes)))]
                (self.changes.accept if self.chance.random() < 0.5 else self.changes.reject)(ids)
            case 4:
                command_at_random(self.document, self.chance)
                is_edit = True
            case _:
                edit_at_random(self.document, self.chance, TOKENS[next(self.tokens)])
                is_edit = True
        now = set(self.document.text())
        self.written |= {each for each in now - before if each in TOKENS}
        self.taken |= before - now
        if self.suggests and is_edit:
            assert self.stands() == stood

    def stands(self) -> list[Span]:
        return joined(as_it_stands(self.document.spans()))


@pytest.mark.parametrize("seed", seeds(4))
def test_whatever_is_suggested_written_and_decided_at_once_nobodys_words_are_lost(seed: int) -> None:
    chance, tokens = Random(seed), itertools.count()
    state = base_of(chance).state()
    writers = [Writer(number, state, chance, tokens) for number in (1, 2, 3)]
    for _ in range(40):
        chance.choice(writers).act()
        if chance.random() < 0.4:
            meet(*(writer.document for writer in chance.sample(writers, 2)))
    for one, other in [*itertools.combinations(writers, 2)] * 4:  # what is put right goes round once more
        meet(one.document, other.document)
    texts = [joined(writer.document.spans()) for writer in writers]
    assert texts[0] == texts[1] == texts[2]
    for writer in writers:
        assert joined(writer.document.stored_spans()) == joined(writer.document.spans())
    written = set().union(*(writer.written for writer in writers))
    taken = set().union(*(writer.taken for writer in writers))
    assert written - taken <= set(plain_text(texts[0]))
    changes = writers[0].changes
    changes.reject([change.id for change in changes.all()])
    assert changes.all() == []


@pytest.mark.parametrize("both_suggest", [False, True])
@pytest.mark.parametrize("seed", seeds(8))
def test_who_takes_back_all_that_they_suggested_leaves_nothing_of_it_and_takes_nothing_of_a_mates(
    seed: int, both_suggest: bool
) -> None:
    chance, clock = Random(seed), Clock()
    state = draft("We plant herbs in the garden.", "And sage, and thyme.").state()
    mine, mates = (MendedDocument(client_id=number, clock=clock) for number in (1, 2))
    for document in (mine, mates):
        document.apply_remote(state)
    changes = changes_of(mine)
    decider = changes_of(mates, "Ada", suggests=both_suggest)
    for _ in range(chance.randrange(6, 26)):
        clock.now += chance.choice([1, 2000])
        document, letters = chance.choice([(mine, "αβγδ"), (mates, "0123456789")])
        match chance.randrange(7):
            case 0:
                meet(mine, mates)
            case 1:
                mine.undo()
            case 3 if document is mates and (found := decider.all()):
                chance.choice([decider.accept, decider.reject])([chance.choice(found).id])
            case 2:
                mine.redo()
            case _:
                at = chance.randrange(document.length)
                with document.edit(Origin.LOCAL) as edit:
                    if chance.random() < 0.6:
                        edit.delete(at, min(chance.randrange(7), document.length - 1 - at))
                    if chance.random() < 0.7:
                        edit.insert(at, "".join(chance.choices(letters, k=2)))
    for _ in range(2):
        meet(mine, mates)
    theirs = [letter for letter in mine.text() if letter.isdigit()]
    while mine.can_undo():
        mine.undo()
    for _ in range(2):
        meet(mine, mates)
    assert joined(mine.spans()) == joined(mates.spans()) == joined(mine.stored_spans())
    marks = {span.attributes.get(name) for span in mine.spans() for name in (INSERTION, DELETION)}
    assert not any(changes.is_own(mark) for mark in marks)
    assert not set("αβγδ") & set(mine.text())
    assert [letter for letter in mine.text() if letter.isdigit()] == theirs
