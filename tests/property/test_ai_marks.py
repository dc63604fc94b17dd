"""Random plans of several people with the assistant's text: who wrote a character is seen by it, and so is its mark."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest

from cowrite.core.crdt.anchors import Anchors
from cowrite.core.crdt.structs import Id
from cowrite.core.document.document import Document
from cowrite.core.marks.ai_marks import MOST_DELETED_RUNS, MOST_LOOKS, AiMarks
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import Span, joined
from helpers.assisted import Copies, record
from helpers.seeds import seeds

PEOPLES = "abcdefghijklmnopqrstuvwxyz \n"
"""The assistant writes everything else."""


class Plan:
    """What some people do, drawn from a seed."""

    def __init__(self, seed: int, people: int, *, deleting: bool) -> None:
        self.copies = Copies("some text that was here\n", "abc"[:people])
        self._chance = Random(seed)
        self._deleting = deleting
        self._uses = 0

    def run(self, steps: int = 40) -> None:
        chance = self._chance
        for _ in range(steps):
            name = chance.choice(list(self.copies.documents))
            if chance.random() < 0.5:
                self.copies.cut(name)
            self._act(self.copies[name])
            if chance.random() < 0.4:
                self.copies.join()
            if chance.random() < 0.5:
                self.copies.clock.pause()
        self.copies.join()

    def _act(self, document: Document) -> None:
        chance, length = self._chance, document.length - 1
        at = chance.randint(0, length)
        match chance.choice(("assist", "assist", "type", "type", "delete", "bold", "undo", "undo", "redo")):
            case "assist":
                self._uses += 1
                document.steps.begin()
                with document.edit(Origin.ASSIST, record=record(f"r{self._uses}")) as edit:
                    if self._deleting and length - at > 2:
                        edit.delete(at, 2)
                    edit.insert(at, "".join(chance.choices("ABCDEFGHé界", k=chance.randint(1, 6))))
                document.steps.begin()
            case "type":
                with document.edit(Origin.LOCAL) as edit:
                    edit.insert(at, "".join(chance.choices(PEOPLES[:26], k=chance.randint(1, 3))))
            case "delete" if self._deleting:
                with document.edit(Origin.LOCAL) as edit:
                    edit.delete(at, min(chance.randint(1, 6), length - at))
            case "bold":
                with document.edit(Origin.LOCAL) as edit:
                    edit.format(at, min(4, length - at), {"bold": chance.choice((True, None))})
            case "undo":
                document.undo()
            case "redo":
                document.redo()

    def wrong_marks(self) -> list[tuple[str, object]]:
        """Characters whose mark does not fit them."""
        return [
            (character, span.attributes.get("ai"))
            for document in self.copies.documents.values()
            for span in document.spans()
            for character in span.text
            if (character in PEOPLES) != ("ai" not in span.attributes)
        ]


@pytest.mark.parametrize("seed", seeds(8))
def test_one_persons_marks_are_right_whatever_is_done_and_undone(seed: int) -> None:
    plan = Plan(seed, 1, deleting=True)
    plan.run()
    assert plan.wrong_marks() == []


@pytest.mark.parametrize("deleting", [False, True])
@pytest.mark.parametrize("people", [2, 3])
@pytest.mark.parametrize("seed", [*seeds(8), 129, 134, 143, 254, 315, 344])
def test_marks_are_right_on_every_copy_when_people_write_delete_and_undo_at_the_same_time(
    seed: int, people: int, deleting: bool
) -> None:
    plan = Plan(seed, people, deleting=deleting)
    plan.run()
    assert plan.wrong_marks() == []


@pytest.mark.parametrize("seed", seeds(8))
def test_copies_that_put_marks_right_agree_in_the_end(seed: int) -> None:
    plan = Plan(seed, 3, deleting=True)
    plan.run()
    documents = list(plan.copies.documents.values())
    assert len({str(joined(document.spans())) for document in documents}) == 1
    for document in documents:
        assert joined(document.spans()) == joined(document.stored_spans())


def test_what_is_marked_is_looked_at_first_and_little_of_the_rest_when_much_is_deleted() -> None:
    looked: list[int] = []

    def runs(at: int, text: str) -> Iterator[tuple[int, Id]]:
        for offset in range(len(text)):
            looked.append(at + offset)
            yield 1, Id(2, at + offset)

    assert AiMarks(1).deletes(0, [Span("theirs " * 1000), Span("marked", {"ai": "r1"})], runs) == MOST_DELETED_RUNS
    assert looked[:6] == list(range(7000, 7006))
    assert len(looked) <= MOST_DELETED_RUNS


def test_of_thousands_of_deletions_at_once_not_all_are_looked_at_and_all_come_back_as_they_were(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked: list[int] = []
    runs = Anchors.runs
    monkeypatch.setattr(Anchors, "runs", lambda self, at, text: looked.append(at) or runs(self, at, text))
    copies = Copies("some text\n" * 20 * MOST_LOOKS)
    with copies["b"].edit(Origin.ASSIST, record=record("r1")) as edit:
        for at in reversed(range(0, 200 * MOST_LOOKS, 10)):
            edit.insert(at + 4, "X")
    before = joined(copies["a"].spans())
    looked.clear()
    with copies["a"].edit(Origin.LOCAL) as edit:
        for at in reversed(range(0, 220 * MOST_LOOKS, 11)):
            edit.delete(at + 4, 1)
    assert len(looked) == MOST_LOOKS
    copies["a"].undo()
    assert joined(copies["a"].spans()) == joined(copies["b"].spans()) == before


def test_a_letter_that_one_brings_back_keeps_its_mark_while_its_writer_takes_the_rest_away() -> None:
    copies = Copies("some text\n")
    copies["a"].steps.begin()
    with copies["a"].edit(Origin.ASSIST, record=record("r1")) as edit:
        edit.insert(5, "ABCD")
    copies.cut("b")
    with copies["b"].edit(Origin.LOCAL) as edit:
        edit.delete(2, 4)
    copies["b"].undo()
    copies["a"].undo()
    copies.join()
    assert copies.texts() == ["some r1[A]text\n"]
