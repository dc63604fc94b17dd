"""What one does with ideas in a list, each as one act."""

from __future__ import annotations

from itertools import combinations

import pytest

from cowrite.core.board.board import Board
from cowrite.core.board.items import Hand, Note, Place, Tie
from cowrite.core.board.jottings import Jotting
from cowrite.core.board.layout import bounds
from cowrite.core.brainstorm.brainstorm import Brainstorm
from cowrite.core.brainstorm.ideas import Ideas
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.sessions.sessions import Phase, Session
from helpers.brainstorms import brainstorm_of
from helpers.counting import counted


@pytest.fixture
def brainstorm() -> Brainstorm:
    return brainstorm_of(MendedDocument.new(clock=lambda: 0))


@pytest.fixture
def ideas(brainstorm) -> Ideas:
    return Ideas(brainstorm)


def shown(brainstorm: Brainstorm) -> dict[str, list[str]]:
    titles = {group.id: group.title for group in brainstorm.board.groups()}
    found: dict[str, list[str]] = {title: [] for title in titles.values()}
    for note in brainstorm.visibility.notes():
        found.setdefault(titles.get(note.group, ""), []).append(note.text)
    return found


def test_notes_written_in_a_list_lie_on_the_board_beside_each_other(brainstorm, ideas):
    brainstorm.board.add([Note("", "old", Place(100, 100))])
    ideas.write([f"idea {number}" for number in range(9)])
    ideas.write(["one more"])

    places = [note.place for note in brainstorm.visibility.notes()]
    assert len({(place.x, place.y) for place in places}) == 11
    for one in places:
        for other in places:
            apart = abs(one.x - other.x) >= one.width or abs(one.y - other.y) >= one.height
            assert one is other or apart


def test_a_list_comes_in_as_one_act_with_its_groups_and_what_is_merged(brainstorm, ideas):
    brainstorm.board.group([], "To sit")
    ideas.take_in(
        [
            Jotting("Herbs", "To eat", "green", "Bo"),
            Jotting("Bench", "To sit", stands_for=(Jotting("A bench"),)),
            Jotting("Pond"),
        ]
    )

    assert shown(brainstorm) == {"To sit": ["Bench"], "To eat": ["Herbs"], "": ["Pond"]}
    herbs, bench, pond = brainstorm.visibility.notes()
    assert (herbs.colour, herbs.author, pond.author) == ("green", "Bo", "Ada")
    assert [note.text for note in brainstorm.visibility.merged(bench.id)] == ["A bench"]
    brainstorm.undo()
    assert shown(brainstorm) == {"To sit": []}


def test_a_list_that_is_written_within_a_moment_keeps_its_order(brainstorm, ideas):
    brainstorm.clock = lambda: 5
    texts = [f"idea {number}" for number in range(20)]

    ideas.take_in([Jotting(text) for text in texts])
    assert [note.text for note in brainstorm.visibility.notes()] == texts
    brainstorm.clock = lambda: 99
    ideas.write(texts)

    assert [note.text for note in brainstorm.visibility.notes()] == texts * 2


def test_while_a_session_seals_a_list_makes_no_group_that_others_would_see(brainstorm, ideas):
    brainstorm.sessions.begin(Session("", "How?", phase=Phase.WRITE))

    ids = ideas.take_in([Jotting("Herbs", "To eat", stands_for=(Jotting("Thyme"),))])

    assert brainstorm.board.groups() == []
    assert [note.text for note in brainstorm.visibility.notes()] == ["Herbs", "Thyme"]
    assert brainstorm.visibility.published() == []
    assert ideas.group(ids, "Told") == ""
    ideas.merge(ids[0], [ids[1]])
    ideas.move(ids, "group:x")
    assert brainstorm.visibility.published(merged=True) == brainstorm.board.groups() == []
    assert ideas.is_sealed(ids)


def test_a_merged_note_that_is_moved_or_split_off_stands_where_people_saw_it(brainstorm, ideas):
    one, two, three = ideas.write(["one", "two", "three"])
    group = ideas.group([one], "Group")
    ideas.merge(one, [two, three])

    ideas.split([two])
    assert shown(brainstorm) == {"Group": ["one", "two"]}
    ideas.split([one])
    assert shown(brainstorm) == {"Group": ["one", "two", "three"]}
    ideas.merge(one, [two])
    ideas.move([two], "")
    assert shown(brainstorm) == {"Group": ["one", "three"], "": ["two"]}
    assert group


def test_the_board_is_read_a_few_times_however_many_notes_are_split_off_or_linked(brainstorm, ideas, monkeypatch):
    ids = ideas.write(str(number) for number in range(40))
    for stands, merged in zip(ids[:20], ids[20:], strict=True):
        ideas.merge(stands, [merged])
    notes, links = (counted(monkeypatch, Board, name) for name in ("notes", "links"))

    ideas.split(ids)
    assert len(notes) < 4
    assert all(note.merged_into == "" for note in brainstorm.visibility.notes(merged=True))
    ideas.link(ids[0], ids[1:], Tie.SUPPORTS)
    assert len(links) == 1
    assert len(brainstorm.board.links()) == 39


def test_groups_become_one_and_undo_brings_them_back(brainstorm, ideas):
    one, two = ideas.write(["one", "two"])
    left, right = ideas.group([one], "Left"), ideas.group([two], "Right")

    ideas.move_groups([right], left)

    assert shown(brainstorm) == {"Left": ["one", "two"]}
    brainstorm.undo()
    assert shown(brainstorm) == {"Left": ["one"], "Right": ["two"]}


def test_only_the_models_notes_are_adopted(brainstorm, ideas):
    mine, theirs = ideas.write(["mine", "theirs"])
    brainstorm.change({theirs: {"hand": Hand.MODEL}})

    ideas.adopt([mine, theirs])

    assert [brainstorm.visibility.note(id).hand for id in (mine, theirs)] == [Hand.PERSON, Hand.ADOPTED]


def test_a_note_of_the_model_that_is_to_stand_for_a_persons_is_adopted_with_that(brainstorm, ideas):
    mine, theirs, other = ideas.write(["mine", "theirs", "other"])
    brainstorm.change({id: {"hand": Hand.MODEL} for id in (theirs, other)})

    ideas.merge(theirs, [other])
    assert brainstorm.visibility.note(theirs).hand is Hand.MODEL
    ideas.merge(theirs, [mine])
    assert brainstorm.visibility.note(theirs).hand is Hand.ADOPTED
    assert [option.text for option in brainstorm.visibility.options("")] == ["theirs"]

    brainstorm.undo()
    assert brainstorm.visibility.note(theirs).hand is Hand.MODEL
    assert [option.text for option in brainstorm.visibility.options("")] == ["mine"]


def test_having_seen_a_note_is_no_act_that_undo_takes_back(brainstorm, ideas):
    (note,) = ideas.write(["one"])
    brainstorm.me = "Bo"

    ideas.see([note])
    brainstorm.undo()

    assert brainstorm.visibility.notes() == []
    brainstorm.redo()
    assert brainstorm.visibility.coverage("").unseen == ()


def test_an_emptied_text_is_no_change(brainstorm, ideas):
    (note,) = ideas.write(["one"])
    group = ideas.group([note], "Group")

    ideas.retype(note, " ")
    ideas.retype(group, "")

    assert shown(brainstorm) == {"Group": ["one"]}


def test_a_text_for_a_note_that_is_gone_is_a_note_of_its_own(brainstorm, ideas):
    one, _ = ideas.write(["one", "two"])
    ideas.remove([one])

    ideas.retype(one, "one more")
    ideas.retype(one, " ")

    assert shown(brainstorm) == {"": ["two", "one more"]}


def test_notes_that_are_grouped_in_the_list_come_together_on_the_board(brainstorm, ideas):
    near, between, far, later = brainstorm.write(
        Note("", text, Place(x, y))
        for text, x, y in (("near", 0, 0), ("between", 200, 0), ("far", 3000, 2000), ("later", -4000, 0))
    )
    places = {note.id: note.place for note in brainstorm.visibility.notes()}
    group = ideas.group([near, far], "Trains")
    ideas.move([later], group)
    now = {note.id: note.place for note in brainstorm.visibility.notes()}
    around = bounds(now[id] for id in (near, far, later))
    assert max(around.width, around.height) < 1000
    assert not any(now[one].overlaps(now[other]) for one, other in combinations(now, 2))
    assert now[between] == places[between]
    brainstorm.undo()
    brainstorm.undo()
    assert {note.id: note.place for note in brainstorm.visibility.notes()} == places
    assert brainstorm.board.groups() == []
