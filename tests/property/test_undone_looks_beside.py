"""A look is undone after a teammate has done something random within it, beside it or over its ends."""

from __future__ import annotations

import random

import pytest

from cowrite.core.document.document import Document
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import joined
from helpers.copies import copy_of, meet
from helpers.drafts import draft
from helpers.seeds import seeds

LETTERS = "abcdefghijklmnopqrstuvwxyzäöüßéèê"
LOOKS = [("bold", True), ("color", "#aa0000"), ("color", "#00aa00"), ("italic", True)]


def look_of(document: Document, name: str) -> dict[str, object]:
    """The look of each of LETTERS that is there."""
    return {letter: span.attributes.get(name) for span in document.spans() for letter in span.text if letter in LETTERS}


def act_at_random(document: Document, chance: random.Random, unlike: tuple[str, object]) -> None:
    at = chance.randrange(document.length - 2)
    units = chance.randint(1, min(10, document.length - 1 - at))
    with document.edit(Origin.LOCAL) as edit:
        match chance.randrange(6):
            case 0:
                beside = document.rope.attributes_before(at)
                edit.insert(at, "XYZ"[: chance.randint(1, 3)], chance.choice([{}, beside, {"bold": True}]))
            case 1:
                edit.delete(at, units)
            case _:
                name, value = chance.choice([look for look in LOOKS if look != unlike])
                edit.format_text(at, units, {name: chance.choice([value, None])})


@pytest.mark.parametrize("seed", seeds(60))
def test_text_keeps_its_looks_when_one_is_undone_that_a_teammate_has_gone_on_from(seed):
    chance = random.Random(seed)
    mine = draft(LETTERS)
    at = chance.randrange(len(LETTERS) - 1)
    passage = LETTERS[at : at + chance.randint(1, 12)]
    name, value = look = chance.choice(LOOKS)
    with mine.edit(Origin.LOCAL) as edit:
        edit.format_text(at, len(passage), {name: value})
    theirs = copy_of(mine)
    act_at_random(theirs, chance, look)
    meet(mine, theirs)
    before, looks = joined(mine.spans()), look_of(mine, name)

    mine.undo()
    meet(mine, theirs)
    undone = joined(mine.spans())
    is_mine = {letter: letter in passage and has == value for letter, has in looks.items()}
    assert look_of(mine, name) == {letter: None if is_mine[letter] else has for letter, has in looks.items()}
    assert undone == joined(mine.stored_spans()) == joined(theirs.spans())

    mine.redo()
    meet(mine, theirs)
    assert joined(mine.spans()) == joined(theirs.spans()) == before
    mine.undo()
    assert joined(mine.spans()) == undone
