"""Text of many looks that comes in at one place looks as it would had it come in look by look."""

from __future__ import annotations

from random import Random

import pytest

from cowrite.core.document import run_looks
from cowrite.core.document.document import Document
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import Span, joined
from helpers.copies import copy_of, meet
from helpers.drafts import draft
from helpers.seeds import seeds

LOOKS = [{}, {"bold": True}, {"italic": True}, {"bold": True, "color": "#aa0000"}, {"color": "#00aa00"}]
STYLES = [{}, {"list": "bullet"}, {"header": 2}, {"code-block": "python"}]


@pytest.fixture(params=["in one piece", "in many"], autouse=True)
def size(request, monkeypatch):
    """How much of it comes in as one."""
    if request.param == "in many":
        monkeypatch.setattr("cowrite.core.text.run.PIECE", 12)


def any_run(chance: Random) -> list[Span]:
    """Words and line breaks of many looks, neighbours of equal looks joined."""
    texts = [
        Span(chance.choice(["\n", "\n\n"]), chance.choice(STYLES))
        if chance.random() < 0.4
        else Span(chance.choice(["word", "👍 ", "ä", "two words"]), chance.choice(LOOKS))
        for _ in range(chance.randrange(40, 90))
    ]
    return joined(texts)


def any_draft(chance: Random) -> Document:
    """A draft with some looks, into which the run comes."""
    one = draft(("item one", {"list": "bullet"}), "bold and plain", ("head", {"header": 2}), "end")
    at = one.text().index("bold")
    with one.edit(Origin.IMPORT) as edit:
        edit.format(at, 4, {"bold": True})
        edit.format(at + 5, 9, {"color": "#aa0000"})
        if chance.random() < 0.5:
            edit.delete(at + chance.randrange(9), 3)
    return one


@pytest.mark.parametrize("seed", seeds(30))
def test_it_is_as_if_it_had_come_look_by_look_whatever_stands_beside_it(seed, monkeypatch):
    chance = Random(seed)
    one = any_draft(chance)
    other, slow = copy_of(one), copy_of(one)
    before = joined(one.spans())
    run, at = any_run(chance), chance.randrange(one.length)
    one.steps.begin()
    with one.edit(Origin.LOCAL) as edit:
        behind = edit.insert_spans(at, run)
    assert joined(one.spans(at, behind)) == run
    with monkeypatch.context() as patch:
        patch.setattr(run_looks, "MANY_LOOKS", 10_000)
        with slow.edit(Origin.LOCAL) as edit:
            edit.insert_spans(at, run)
    assert joined(one.stored_spans()) == joined(one.spans()) == joined(slow.spans())
    with other.edit(Origin.LOCAL) as edit:  # meanwhile, in the same place
        edit.insert(at, "Meanwhile", {"italic": True})
    meet(one, other)
    assert joined(one.spans()) == joined(other.spans()) == joined(one.stored_spans()) == joined(other.stored_spans())
    other.undo()
    meet(one, other)
    assert joined(one.spans()) == joined(slow.spans())
    one.undo()
    meet(one, other)
    assert joined(one.spans()) == joined(other.stored_spans()) == before
    one.redo()
    meet(one, other)
    assert joined(one.spans()) == joined(other.stored_spans()) == joined(slow.spans())
