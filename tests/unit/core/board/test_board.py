"""The board: notes, groups, frames and links."""

from __future__ import annotations

from itertools import count
from random import Random

import pytest

from cowrite.core.board.board import MOST_MERGES, Board
from cowrite.core.board.items import FARTHEST, LARGEST_FRAME, LARGEST_NOTE, Hand, Note, Place, Tie, fields_of
from cowrite.core.document.document import Document
from cowrite.core.entries.steps import Steps
from cowrite.core.text.origin import Origin
from helpers.copies import copy_of, meet
from helpers.counting import counted
from helpers.relay import relayed
from helpers.seeds import seeds


def board_of(document: Document, seed: int = 1) -> Board:
    clock = count(1000)
    return Board(document, chance=Random(seed), clock=lambda: next(clock))


@pytest.fixture
def steps(document: Document) -> Steps:
    return document.entries("board").steps


@pytest.fixture
def board(document: Document) -> Board:
    return board_of(document)


def note(text: str, **fields: object) -> Note:
    return Note("", text, Place(0, 0), **fields)  # type: ignore[arg-type]  # any field


def test_a_note_comes_back_as_it_was_put_there(board):
    whole = Note("note:1", "Herbs 👍", Place(1.5, -2, 200, 100), "blue", author="Ada", lens="opposite", created=5,
                 builds_on=("note:0",), hand=Hand.MODEL, session="session:1", phase="write", is_late=True)  # fmt: skip

    board.add([whole])

    assert board.notes() == [whole]
    assert board.note("note:1") == whole


def test_the_name_of_who_wrote_a_note_turns_no_words_beside_it_and_begins_no_line(board):
    board.add([note("Herbs", author="Bo\u202e\nAda")])
    assert [each.author for each in board.notes()] == ["Bo Ada"]


def test_notes_keep_the_order_in_which_they_were_made(board):
    board.add([note("one"), note("two")])
    board.add([note("three")])

    assert [each.text for each in board.notes()] == ["one", "two", "three"]


def test_an_act_on_many_notes_is_one_step_of_undo(board, steps):
    ids = board.add([note("one"), note("two"), note("three")])
    board.change({id: {"place": Place(9, 9)} for id in ids})

    steps.undo()
    assert {each.place.x for each in board.notes()} == {0}
    steps.undo()
    assert board.notes() == []


def test_a_group_without_a_title_has_the_first_words_of_its_first_note(board):
    ids = board.add([note("Plant herbs along the sunny wall of the yard"), note("two")])

    group = board.group(ids)

    assert board.groups()[0].title == "Plant herbs along the sunny wall"
    assert [each.id for each in board.members(group)] == ids


def test_groups_that_are_made_in_one_moment_keep_their_order(document):
    board = Board(document, chance=Random(1), clock=lambda: 1000)
    for title in "dbacfe":
        board.group([], title)
    assert [group.title for group in board.groups()] == list("dbacfe")


def test_grouping_is_taken_back_in_one_step(board, steps):
    ids = board.add([note("one"), note("two")])
    board.group(ids, "Both")

    steps.undo()

    assert board.groups() == []
    assert [each.id for each in board.members("")] == ids


def test_notes_of_a_group_that_is_removed_are_in_none(board):
    ids = board.add([note("one")])
    board.remove([board.group(ids, "Alone")])

    assert [each.id for each in board.members("")] == ids


def test_notes_of_a_group_that_is_gone_come_along_with_no_merging(board):
    ids = board.add([note(str(number)) for number in range(4)])
    left, right = board.group(ids[:2], "left"), board.group(ids[2:], "right")
    board.remove([right])

    board.merge_groups(left, [right])

    assert [each.id for each in board.members(left)] == ids[:2]


def test_two_groups_become_one_with_all_notes(board):
    ids = board.add([note(str(number)) for number in range(4)])
    left, right = board.group(ids[:2], "left"), board.group(ids[2:], "right")

    board.merge_groups(left, [right])

    assert [each.id for each in board.members(left)] == ids
    assert [group.id for group in board.groups()] == [left]


def test_the_board_is_read_once_however_many_groups_become_one(board, monkeypatch):
    ids = board.add([note(str(number)) for number in range(20)])
    first, *others = [board.group([id]) for id in ids]
    read = counted(monkeypatch, Board, "notes")

    board.merge_groups(first, others)

    assert len(read) == 1
    assert [each.id for each in board.members(first)] == ids


def test_of_groups_that_two_people_merged_into_each_other_at_once_one_has_all_notes(document, board, steps):
    ids = board.add([note(str(number)) for number in range(4)])
    left, right = board.group(ids[:2], "left"), board.group(ids[2:], "right")
    theirs = copy_of(document)
    board.merge_groups(left, [right])
    board_of(theirs, 2).merge_groups(right, [left])

    meet(document, theirs)

    for each in (board, board_of(theirs)):
        assert [group.id for group in each.groups()] == [min(left, right)]
        assert [member.id for member in each.members(min(left, right))] == ids

    steps.undo()
    assert [group.id for group in board.groups()] == [right]
    assert [member.id for member in board.members(right)] == ids


def test_a_note_put_into_a_group_that_a_teammate_merges_meanwhile_comes_along(document, board):
    one, two, late = board.add([note("one"), note("two"), note("late")])
    left, right = board.group([one], "left"), board.group([two], "right")
    theirs = copy_of(document)
    board.merge_groups(left, [right])
    board_of(theirs, 2).put_into(right, [late])

    document.apply_remote(theirs.update_since(document.state_vector()))

    assert [each.id for each in board.members(left)] == [one, two, late]
    board.remove([left])
    assert board.groups() == []
    assert [each.id for each in board.members("")] == [one, two, late]


def test_a_merged_note_stays_and_can_be_split_off(board):
    one, two, three = board.add([note("one"), note("two"), note("three")])
    board.merge_notes(two, [three])
    board.merge_notes(one, [two])

    assert [each.text for each in board.notes()] == ["one"]
    assert {each.text for each in board.merged(one)} == {"two", "three"}

    board.change({two: {"merged_into": ""}})
    assert [each.text for each in board.notes()] == ["one", "two"]


def test_of_notes_that_two_people_merged_into_each_other_at_once_one_stands_for_the_other(document, board):
    one, two = sorted(board.add([note("one"), note("two")]))
    theirs = copy_of(document)
    board.merge_notes(two, [one])
    board_of(theirs, 2).merge_notes(one, [two])

    meet(document, theirs)

    for each in (board, board_of(theirs)):
        assert [shown.id for shown in each.notes()] == [one]
        assert [below.id for below in each.merged(one)] == [two]


def test_what_stood_for_a_note_can_be_merged_into_it(board):
    one, two, three = board.add([note("one"), note("two"), note("three")])
    board.merge_notes(one, [two])
    board.merge_notes(two, [three])

    board.merge_notes(three, [one])

    assert [each.text for each in board.notes()] == ["three"]
    assert {each.id for each in board.merged(three)} == {one, two}


def test_a_merged_note_stands_for_itself_when_the_one_that_stood_for_it_is_removed(board, steps):
    one, two = board.add([note("one"), note("two")])
    board.merge_notes(one, [two])

    board.remove([one])
    assert board.notes(merged=True) == [board.note(two)]
    assert board.note(two).merged_into == ""

    steps.undo()
    assert [each.id for each in board.merged(one)] == [two]


def test_of_notes_that_are_merged_into_each_other_one_stays_on_the_board(board):
    notes = board.add([note("one"), note("two"), note("three"), note("four")])
    one, two, three, four = notes
    board.merge_notes(one, [two, four])
    board.merge_notes(three, [one])
    board.merge_notes(two, [three])

    assert [each.id for each in board.notes()] == [min(one, two, three)]
    assert len(board.notes(merged=True)) == 4


def test_a_note_whose_stand_in_is_removed_stands_for_itself(board):
    one, two = board.add([note("one"), note("two")])
    board.merge_notes(one, [two])
    board.remove([one])

    assert [each.text for each in board.notes()] == ["two"]


def test_a_note_is_locked_until_it_is_unlocked(board):
    (one,) = board.add([Note("", "one", Place(0, 0), is_locked=True)])
    assert board.note(one).is_locked
    board.change({one: {"is_locked": False}})
    assert not board.note(one).is_locked


def test_links_go_with_their_notes(board):
    one, two = board.add([note("one"), note("two")])
    board.link(one, two, Tie.SUPPORTS)
    assert [(each.start, each.end, each.tie) for each in board.links()] == [(one, two, Tie.SUPPORTS)]

    board.remove([two])
    assert board.links() == []


def test_what_a_stranger_wrote_into_the_root_does_not_break_the_board(document, board):
    entries = document.entries("board")
    entries.add(
        "note:x", {"text": 5, "x": "far", "width": float("nan"), "hand": "devil", "builds_on": [1], "created": None}
    )
    entries.add("group:x", {"title": ["no"]})

    assert board.notes() == [Note("note:x", "", Place(0, 0))]
    assert board.groups()[0].title == ""


def test_nothing_lies_farther_away_or_is_larger_than_a_board_can_show(document, board):
    entries = document.entries("board")
    for kind in ("note", "frame"):
        entries.add(f"{kind}:x", {"x": 1e14, "y": -1e14, "width": 1e14, "height": 1e300})

    assert board.notes()[0].place == Place(FARTHEST, -FARTHEST, LARGEST_NOTE, 120)
    assert board.frames()[0].place == Place(FARTHEST, -FARTHEST, LARGEST_FRAME, 120)


def test_what_lies_sealed_says_nothing_of_who_wrote_it_where_nobody_is_named():
    assert set(fields_of(note("idea"))) == {"text", "hand", "x", "y", "width", "height", "colour"}


@pytest.mark.parametrize("seed", seeds(2))
def test_three_people_who_group_merge_and_move_at_once_lose_no_note(seed):
    chance = Random(seed)
    documents, network = relayed(seed)
    boards = {name: board_of(each, seed * 10 + number) for number, (name, each) in enumerate(documents.items())}
    texts: set[str] = set()
    for number in range(150):
        board = boards[chance.choice(list(boards))]
        notes = [each.id for each in board.notes()]
        groups = [each.id for each in board.groups()]
        some = chance.sample(notes, min(len(notes), 3))
        match chance.randrange(8) if len(notes) > 3 else 0:
            case 0 | 1:
                texts.add(f"idea {number}")
                board.add([note(f"idea {number}")])
            case 2:
                board.group(some, f"group {number}")
            case 3:
                board.put_into(chance.choice([*groups, ""]), some)
            case 4 if len(groups) > 1:
                into, *others = chance.sample(groups, 2)
                board.merge_groups(into, others)
            case 5:
                board.merge_notes(some[0], some[1:])
            case 6:
                board.change({each.id: {"merged_into": ""} for each in board.merged(some[0])})
            case _:
                board.change({id: {"place": Place(chance.randrange(99), 0)} for id in some})
        network.run(chance.randrange(4))
    network.settle()

    seen = [(each.notes(merged=True), each.groups()) for each in boards.values()]
    assert seen[0] == seen[1] == seen[2], f"seed {seed}"
    for board in boards.values():
        shown = {id for each in board.notes() for id in (each.id, *(below.id for below in board.merged(each.id)))}
        assert shown == {each.id for each in board.notes(merged=True)}, f"seed {seed}"
        board.change({each.id: {"merged_into": ""} for each in board.notes(merged=True)})
        assert {each.text for each in board.notes()} == texts, f"seed {seed}"
        placed = [each.id for group in ["", *(group.id for group in board.groups())] for each in board.members(group)]
        assert sorted(placed) == sorted(each.id for each in board.notes()), f"seed {seed}"


@pytest.mark.parametrize("is_ring", [False, True])
def test_notes_that_a_stranger_merged_into_each_other_without_end_are_read_soon_and_all_there(
    document, board, is_ring, monkeypatch
):
    entries, count = document.entries("board"), 3 * MOST_MERGES
    with document.transaction(Origin.LOCAL):
        for number in range(count):
            above = f"{(number + 1) % count if is_ring else number + 1:04}"
            entries.add(f"note:{number:04}", {"merged_into": f"note:{above}", "group": f"group:{number:04}"})
            entries.add(f"group:{number:04}", {"merged_into": f"group:{above}"})

    calls = counted(monkeypatch, entries, "get")
    notes = board.notes()

    assert len(calls) < 10 * MOST_MERGES * count
    assert len(notes) == (count if is_ring else count - MOST_MERGES)
    assert len(board.notes(merged=True)) == count
