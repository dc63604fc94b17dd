"""What the history brings back of suggestions, on every copy of a document, whatever has become of them since."""

from __future__ import annotations

from random import Random

import pytest

from cowrite.core.document.document import Document
from cowrite.core.text.origin import Origin
from cowrite.core.writing import lines, moving
from cowrite_server.history import restoring as restoring_module
from cowrite_server.history.restoring import restoring
from helpers.copies import copy_of, meet
from helpers.counting import counted
from helpers.drafts import draft
from helpers.seeds import seeds
from helpers.suggesting import changes_of, marked, replace, write

DEEDS = "write delete replace accept reject withdraw edit cut move undo undo_own redo remember".split()


def do(deed: str, chance: Random, bo: Document, ada: Document, states: list[tuple[bytes, str]]) -> None:
    """One of two does something: Bo suggests, Ada edits and decides."""
    own, all_of_them = changes_of(bo), changes_of(ada, "Ada", suggests=False)
    at = chance.randrange(bo.length - 2)
    stop = min(bo.length - 1, at + chance.randrange(1, 6))
    for document in (bo, ada):
        document.steps.begin()
    match deed:
        case "write":
            write(bo, at, chance.choice(["x", "yy ", "new "]))
        case "delete":
            lines.delete(bo, at, stop)
        case "replace":
            replace(bo, at, stop, "Z")
        case "accept" | "reject":
            ids = [change.id for change in all_of_them.all() if chance.random() < 0.7]
            getattr(all_of_them, deed)(ids)
        case "withdraw":
            own.reject([change.id for change in own.all() if chance.random() < 0.5])
        case "edit":
            with ada.edit(Origin.LOCAL) as edit:
                edit.insert(at, "ww ")
        case "cut":
            lines.delete(ada, at, stop)
        case "move":
            wanted = moving.possible(ada, at, at, up=chance.random() < 0.5)
            if wanted is not None:
                moving.move(ada, wanted)
        case "undo":
            ada.undo()
        case "undo_own":
            bo.undo()
        case "redo":
            ada.redo()
        case "remember":
            states.append((ada.state(), marked(ada)))
    for document in (bo, ada):
        document.steps.begin()


@pytest.mark.parametrize("seed", seeds(20))
def test_a_moment_is_restored_with_the_suggestions_that_were_open(seed: int) -> None:
    chance = Random(seed)
    bo = draft("One two three four.", "Five six seven.", "Eight nine ten.")
    changes_of(bo)
    ada = copy_of(bo)
    states: list[tuple[bytes, str]] = []
    for deed in [*chance.choices(DEEDS, k=5), "remember", *chance.choices(DEEDS, k=5)]:
        do(deed, chance, bo, ada, states)
        for _ in range(3):
            meet(bo, ada)
    state, looks = chance.choice(states)
    ada.apply_remote(restoring(ada.state(), state))
    for _ in range(3):
        meet(bo, ada)
    assert marked(bo) == marked(ada) == looks


def test_to_restore_many_suggestions_of_one_person_reads_the_document_once_for_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bo = draft("One two three four. " * 3)
    changes_of(bo)
    for at in range(0, 40, 4):
        write(bo, at, "x")
    ada = copy_of(bo)
    state, looks, all_of_them = ada.state(), marked(ada), changes_of(ada, "Ada", suggests=False)
    all_of_them.accept([change.id for change in all_of_them.all()])
    loaded = counted(monkeypatch, restoring_module, "_load")
    ada.apply_remote(restoring(ada.state(), state))
    assert marked(ada) == looks
    assert len(loaded) == 3  # as it was, as it is, and without what is theirs
