"""What three people do to a board at the same time: nothing is lost, and all see the same."""

from __future__ import annotations

from random import Random

import pytest

from cowrite.core.board.items import COLOURS, Note, Place, Tie
from cowrite.core.board.layout import Edge
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.gui.board.acts import BoardActs
from helpers.brainstorms import brainstorm_of
from helpers.relay import relayed
from helpers.seeds import seeds


@pytest.mark.parametrize("seed", seeds(3))
def test_moving_grouping_merging_and_undoing_at_once_loses_nothing(seed):
    chance = Random(seed)
    documents, network = relayed(seed)
    boards = {
        name: brainstorm_of(each, name, seed * 10 + number) for number, (name, each) in enumerate(documents.items())
    }
    written: set[str] = set()
    for number in range(120):
        board = chance.choice(list(boards.values()))
        acts = BoardActs(board)
        notes = [each.id for each in board.visibility.notes()]
        groups = [each.id for each in board.board.groups()]
        some = chance.sample(notes, min(len(notes), 3))
        match chance.randrange(13) if len(notes) > 3 else 0:
            case 0 | 1:
                texts = [f"idea {number}.{at}" for at in range(chance.randrange(1, 4))]
                written.update(texts)
                acts.write(Note("", text, Place(chance.randrange(900), 0)) for text in texts)
            case 2:
                acts.group(some)
            case 3 if groups:
                at = {id: Place(chance.randrange(900), chance.randrange(900)) for id in some}
                acts.place(at, dict.fromkeys(some, chance.choice([*groups, ""])))
            case 4:
                acts.merge(some)
            case 5:
                acts.split(some[0])
            case 6:
                acts.tidy(some if number % 2 else ())
            case 7:
                acts.align(some, chance.choice(list(Edge)))
                acts.distribute(some, across=bool(number % 2))
            case 8:
                acts.colour(some, chance.choice(COLOURS))
            case 9:
                acts.tie([acts.link(some[0], some[1])], chance.choice(list(Tie)))
            case 10 if groups:
                acts.remove([chance.choice(groups)])
            case 11 if board.can_undo():
                board.undo()
                board.redo()
            case _:
                acts.lock(some, bool(number % 2))
        network.run(chance.randrange(4))
    network.settle()

    seen = [
        (each.visibility.notes(merged=True), each.board.groups(), sorted(each.board.links(), key=lambda link: link.id))
        for each in boards.values()
    ]
    assert seen[0] == seen[1] == seen[2], f"seed {seed}"
    for board in boards.values():
        assert {each.text for each in board.visibility.notes(merged=True)} == written, f"seed {seed}"
        reached = {
            id
            for each in board.visibility.notes()
            for id in (each.id, *(below.id for below in board.visibility.merged(each.id)))
        }
        assert reached == {each.id for each in board.visibility.notes(merged=True)}, f"seed {seed}"


@pytest.mark.parametrize("seed", seeds(4))
def test_each_act_is_taken_back_by_one_undo(seed):
    chance = Random(seed)
    board = brainstorm_of(MendedDocument.new(clock=lambda: 0), "ada", seed)
    acts = BoardActs(board)
    ids = acts.write(
        Note("", f"idea {number}", Place(chance.randrange(900), chance.randrange(900))) for number in range(9)
    )
    group = acts.group(ids[:3])
    acts.merge(ids[3:5])
    link = acts.link(ids[0], ids[1])
    frame = acts.frame(Place(0, 0, 500, 500))

    def state():
        return (
            board.visibility.notes(merged=True), board.board.groups(), board.board.links(), board.board.frames(),
        )  # fmt: skip

    some = chance.sample([*ids[:4], *ids[5:]], 4)
    for act in (
        lambda: acts.group(some),
        lambda: acts.merge(some),
        lambda: acts.split(ids[3]),
        lambda: acts.tidy(()),
        lambda: acts.align(some, Edge.LEFT),
        lambda: acts.distribute(some, across=True),
        lambda: acts.colour([*some, group], "red"),
        lambda: acts.lock(some, True),
        lambda: acts.remove([*some, link, frame]),
        lambda: acts.duplicate(some),
        lambda: acts.frame_around(some),
        lambda: acts.tie([link], Tie.SUPPORTS),
        lambda: acts.turn([link]),
        lambda: acts.rewrite(group, "Title"),
        lambda: acts.place({ids[0]: Place(5, 5), frame: Place(1, 1)}, {ids[0]: ""}),
    ):
        before = state()
        act()
        assert state() != before
        board.undo()
        assert state() == before
