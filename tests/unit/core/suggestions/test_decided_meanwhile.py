"""Two who suggest and decide at once, in a room: what each order of that comes to."""

from __future__ import annotations

from random import Random

import pytest

from cowrite.core.text.origin import Origin
from cowrite.core.writing import lines
from cowrite_server.wire.protocol import Role
from helpers.suggesting import marked, replace, write
from helpers.suggesting_room import Member, Room, settle


def editor_and_suggester(text: str, role: Role) -> tuple[Room, Member, Member]:
    """A room with this text, an editor in it, and somebody of a role who suggests."""
    room, chance = Room(text), Random(0)
    ada, bo = (Member(room, name, each, chance) for name, each in (("A", Role.EDITOR), ("B", role)))
    bo.document.suggester = bo.changes
    settle(room)
    return room, ada, bo


@pytest.mark.parametrize("role", [Role.EDITOR, Role.SUGGESTER])
@pytest.mark.parametrize("first", ["A", "B"])
def test_a_suggestion_stays_one_where_an_editor_undoes_what_they_wrote_in_it_and_its_author_goes_on_there(role, first):
    room, ada, bo = editor_and_suggester("one two", role)
    write(bo.document, 4, "XYZ")
    settle(room)
    write(ada.document, 5, "abc")
    settle(room)
    for member in (ada, bo):
        member.cut()
    write(bo.document, 7, "N")
    ada.document.undo()
    for member in (ada, bo) if first == "A" else (bo, ada):
        member.connect()
        while member.down:
            member.hear()
            member.say_all()
    settle(room)
    assert marked(ada.document) == marked(bo.document) == "one {+X+}{+N+}{+YZ+}two"
    assert not bo.refusals
    assert bo.peer.status.sentence == "Saved on the server"


@pytest.mark.parametrize("goes_on", [False, True])
@pytest.mark.parametrize("how", ["withdrawal", "undo", "lost connection"])
def test_words_that_are_accepted_while_their_author_takes_them_back_are_there_once(how, goes_on):
    room, chance = Room("one three"), Random(0)
    ada, bo = (Member(room, name, role, chance) for name, role in (("A", Role.EDITOR), ("B", Role.SUGGESTER)))
    settle(room)
    write(bo.document, 4, "two ")
    settle(room)
    ada.changes.accept([each.id for each in ada.changes.all()])
    ada.say_all()
    if goes_on:
        write(bo.document, 7, "X")
        bo.say_all()
    if how == "undo":
        while bo.document.can_undo():
            bo.document.undo()
    else:
        bo.changes.reject([each.id for each in bo.changes.all()])
    if how == "lost connection":
        bo.say_all()
        bo.cut()
    settle(room)
    assert marked(ada.document) == marked(bo.document)
    assert marked(ada.document) == "one two three"


@pytest.mark.parametrize(("start", "stop"), [(4, 8), (6, 7)])
@pytest.mark.parametrize("when", ["before they hear of it", "before they open it again", "after they heard of it"])
def test_words_that_are_accepted_while_their_author_deletes_some_are_there_once_when_that_is_undone(when, start, stop):
    room, ada, bo = editor_and_suggester("one three", Role.SUGGESTER)
    write(bo.document, 4, "two ")
    settle(room)
    bo.cut()
    ada.changes.accept([each.id for each in ada.changes.all()])
    lines.delete(bo.document, start, stop)
    if when == "after they heard of it":
        settle(room)
    bo.document.undo()
    if when == "before they open it again":
        bo.restart()
    settle(room)
    assert marked(ada.document) == marked(bo.document) == "one two three"


@pytest.mark.parametrize("how", ["they are written again", "another decision holds"])
def test_a_comment_stands_on_its_words_where_they_come_back(how):
    room, ada, bo = editor_and_suggester("one three", Role.SUGGESTER)
    write(bo.document, 4, "two ")
    settle(room)
    thread = ada.writer.comments.add(4, 7, "Why?", ada.me)
    settle(room)
    if how == "they are written again":
        ada.changes.accept([each.id for each in ada.changes.all()])
        bo.changes.reject([each.id for each in bo.changes.all()])
    else:
        eve = Member(room, "E", Role.EDITOR, Random(1))
        settle(room)
        loses, holds = sorted((ada, eve), key=lambda each: each.document.client_id)
        loses.changes.reject([each.id for each in loses.changes.all()])
        holds.changes.accept([each.id for each in holds.changes.all()])
    settle(room)
    assert marked(ada.document) == "one two three"
    assert [member.writer.comments.get(thread).place for member in room.members] == [(4, 7)] * len(room.members)


@pytest.mark.parametrize("speaks", ["A", "B"])
@pytest.mark.parametrize("role", [Role.SUGGESTER, Role.EDITOR])
@pytest.mark.parametrize("how", ["both", "the paste", "the paste, and withdraws the rest", "the paste, and both again"])
def test_words_that_are_cut_and_pasted_are_there_once_where_one_undoes_that_and_another_accepts(role, speaks, how):
    room, ada, bo = editor_and_suggester("one two three.", role)
    lines.delete(bo.document, 4, 8)
    write(bo.document, 13, "two ")
    settle(room)
    assert marked(ada.document) == "one [-two -]three{+two +}."
    ada.changes.accept([each.id for each in ada.changes.all()])
    bo.document.undo()
    if how == "the paste, and withdraws the rest":
        bo.changes.reject([each.id for each in bo.changes.all()])
    if how != "the paste":
        bo.document.undo()
    if how == "the paste, and both again":
        bo.document.redo()
        bo.document.redo()
        bo.document.undo()
    (ada if speaks == "A" else bo).say_all()
    settle(room)
    assert marked(ada.document) == marked(bo.document)
    assert marked(ada.document) in ("one threetwo .", "one three{+two +}.")


@pytest.mark.parametrize("hears", ["at once", "after the undo", "after the redo"])
def test_words_that_are_accepted_are_there_once_though_their_author_undoes_and_redoes_them(hears):
    room, chance = Room("one three"), Random(0)
    ada, bo = (Member(room, name, role, chance) for name, role in (("A", Role.EDITOR), ("B", Role.SUGGESTER)))
    settle(room)
    write(bo.document, 4, "two ")
    settle(room)
    ada.changes.accept([each.id for each in ada.changes.all()])
    ada.say_all()
    if hears == "at once":
        settle(room)
    bo.document.undo()
    if hears == "after the undo":
        settle(room)
    bo.document.redo()
    settle(room)
    assert marked(ada.document) == marked(bo.document) == "one two three"


@pytest.mark.parametrize("role", [Role.SUGGESTER, Role.EDITOR])
def test_words_come_once_that_their_author_has_undone_and_redone_with_others_that_go(role):
    room, ada, bo = editor_and_suggester("one three", role)
    with bo.document.transaction(Origin.LOCAL):
        lines.delete(bo.document, 0, 4)
        with bo.document.edit(Origin.LOCAL) as edit:
            edit.insert(9, " four")
    bo.document.undo()
    bo.document.redo()
    settle(room)
    ada.changes.accept([each.id for each in ada.changes.all()])
    settle(room)
    assert marked(ada.document) == marked(bo.document) == "three four"


@pytest.mark.parametrize("often", [1, 2])
@pytest.mark.parametrize("role", [Role.SUGGESTER, Role.EDITOR])
def test_an_author_takes_back_also_what_somebody_has_accepted_and_brought_back(role, often):
    room, ada, bo = editor_and_suggester("one two three.", role)
    lines.delete(bo.document, 4, 8)
    write(bo.document, 13, "two ")
    replace(bo.document, 0, 3, "1")
    settle(room)
    for _ in range(often):
        ada.changes.accept([each.id for each in ada.changes.all()])
        settle(room)
        ada.document.undo()
        settle(room)
    for _ in range(3):
        bo.document.undo()
    settle(room)
    assert marked(ada.document) == marked(bo.document) == "one two three."
    for _ in range(3):
        bo.document.redo()
    settle(room)
    assert marked(ada.document) == marked(bo.document) == "[-one-]{+1+} [-two -]three{+two +}."


@pytest.mark.parametrize("role", [Role.SUGGESTER, Role.EDITOR])
def test_words_that_two_move_are_to_go_still_where_one_move_is_accepted_and_the_other_rejected(role):
    room, chance = Room("one two three."), Random(0)
    ada, bo, cy = (Member(room, name, each, chance) for name, each in (("A", Role.EDITOR), ("B", role), ("C", role)))
    settle(room)
    for member, to in ((bo, 13), (cy, 0)):
        member.document.suggester = member.changes
        lines.delete(member.document, 4, 8)
        write(member.document, to, "two ")
    settle(room)
    (covered,) = (each for each in ada.changes.all() if not each.goes)  # one mark of the two is on the page
    (other,) = (each for each in ada.changes.all() if each.goes)
    ada.changes.accept([covered.id])
    settle(room)
    ada.changes.reject([other.id])
    settle(room)
    assert marked(ada.document) == marked(bo.document) == marked(cy.document)
    assert marked(ada.document) in ("one [-two -]threetwo .", "two one [-two -]three.")


def rejected_where_somebody_writes(role: Role) -> tuple[Room, Member, Member, Member]:
    """Ada has rejected that "two three" goes, within which Cy has written "X"; Bo, whose stroke it was, has heard of
    that alone."""
    room, chance = Room("one two three."), Random(0)
    roles = (("A", Role.EDITOR), ("B", role), ("C", Role.EDITOR))
    ada, bo, cy = (Member(room, name, each, chance) for name, each in roles)
    bo.document.suggester = bo.changes
    settle(room)
    lines.delete(bo.document, 4, 13)
    write(cy.document, 8, "X")
    bo.say_all()
    cy.say_all()
    while ada.down:
        ada.hear()
    ada.changes.reject([each.id for each in ada.changes.all()])
    while bo.down:  # and strikes "three" again, for in Yjs the stroke ends before "X"
        bo.hear()
    return room, ada, bo, cy


@pytest.mark.parametrize("role", [Role.SUGGESTER, Role.EDITOR])
def test_words_that_are_to_stay_are_struck_no_more_though_somebody_has_written_within_them(role):
    room, ada, bo, cy = rejected_where_somebody_writes(role)
    settle(room)
    assert marked(ada.document) == marked(bo.document) == marked(cy.document) == "one two Xthree."


@pytest.mark.parametrize("role", [Role.SUGGESTER, Role.EDITOR])
def test_its_author_takes_a_rejected_stroke_off_where_nobody_is_there_who_rejected_it(role):
    room, ada, bo, cy = rejected_where_somebody_writes(role)
    ada.say_all()
    room.members.remove(ada)
    settle(room)
    assert marked(bo.document) == marked(cy.document) == "one two Xthree."


def test_who_has_rejected_a_stroke_does_not_see_it_again_before_its_author_hears_of_that():
    room, ada, bo, _ = rejected_where_somebody_writes(Role.EDITOR)
    lines.delete(bo.document, 0, 3)  # in the same change, of which they do not know that it is rejected
    bo.say_all()
    while ada.down:
        ada.hear()
    assert marked(ada.document) == "[-one-] two Xthree."
    settle(room)
    assert marked(ada.document) == marked(bo.document) == "[-one-] two Xthree."


@pytest.mark.parametrize("role", [Role.SUGGESTER, Role.EDITOR])
def test_what_an_author_goes_on_to_strike_is_struck_still_where_two_decide_otherwise_on_the_rest(role):
    room, chance = Room("one two three."), Random(0)
    ada, eve, bo = (
        Member(room, name, each, chance) for name, each in (("A", Role.EDITOR), ("E", Role.EDITOR), ("B", role))
    )
    bo.document.suggester = bo.changes
    settle(room)
    lines.delete(bo.document, 4, 8)
    settle(room)
    loses, holds = sorted((ada, eve), key=lambda each: each.document.client_id)
    loses.changes.reject([each.id for each in loses.changes.all()])
    holds.changes.accept([each.id for each in holds.changes.all()])
    lines.delete(bo.document, 8, 13)
    settle(room)
    assert marked(ada.document) == marked(eve.document) == marked(bo.document) == "one [-three-]."


# Of who may only suggest the server takes no mark of text that is there, not even to put it right.
@pytest.mark.parametrize(("role", "speaks"), [(Role.SUGGESTER, "A"), (Role.EDITOR, "A"), (Role.EDITOR, "B")])
@pytest.mark.parametrize("at", [4, 6, 8])
def test_nobody_accepts_what_is_written_in_a_suggestion_before_they_see_it_whoever_speaks_first(role, speaks, at):
    room, chance = Room("one three."), Random(0)
    ada, bo = Member(room, "A", Role.EDITOR, chance), Member(room, "B", role, chance, suggests=True)
    settle(room)
    write(bo.document, 4, "two ")
    settle(room)
    ada.changes.accept([each.id for each in ada.changes.all()])
    write(bo.document, at, "X")
    (ada if speaks == "A" else bo).say_all()
    settle(room)
    whole = "one two three."
    assert marked(ada.document) == marked(bo.document) == f"{whole[:at]}{{+X+}}{whole[at:]}"
    assert not bo.refusals


@pytest.mark.parametrize("is_opened_again", [False, True])
def test_what_is_written_into_a_rejected_suggestion_stays_one_though_the_text_around_it_is_deleted(is_opened_again):
    room, chance = Room("one three."), Random(0)
    roles = (("A", Role.EDITOR), ("E", Role.EDITOR), ("B", Role.SUGGESTER))
    ada, eve, bo = (Member(room, name, role, chance) for name, role in roles)
    settle(room)
    write(bo.document, 4, "two ")
    bo.say_all()
    while ada.down:
        ada.hear()
    ada.changes.reject([each.id for each in ada.changes.all()])
    ada.say_all()
    while eve.down:
        eve.hear()
    if is_opened_again:
        eve.restart()
    write(bo.document, 6, "X")
    bo.say_all()
    with eve.document.edit(Origin.LOCAL) as edit:
        edit.format_text(0, 9, {"bold": True})  # so that the library tidies up where something is deleted
    lines.delete(eve.document, 3, 5)
    settle(room)
    assert marked(ada.document) == marked(eve.document) == marked(bo.document) == "one{+X+}hree."


def test_words_of_which_one_has_taken_the_paste_back_go_where_somebody_who_knows_that_accepts_the_rest():
    room, chance = Room("one two three."), Random(0)
    ada, bo = (Member(room, name, role, chance) for name, role in (("A", Role.EDITOR), ("B", Role.SUGGESTER)))
    settle(room)
    lines.delete(bo.document, 4, 8)
    write(bo.document, 13, "two ")
    bo.document.undo()
    settle(room)
    ada.changes.accept([each.id for each in ada.changes.all()])
    settle(room)
    assert marked(ada.document) == marked(bo.document) == "one three."
