"""KeptBox: what a person seals, kept here first and then at the server."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cowrite.core.board.items import Hand
from cowrite.core.board.model_words import words_of
from cowrite.core.sessions.polls import Ballot
from cowrite.core.sessions.sealing import Contributions
from helpers.sealed_server import poll, session, settle


def test_without_a_server_notes_are_revealed_from_here(person):
    ada = person(alone=True)
    id = session(ada)
    ada.box.put([ada.note(text, id) for text in ("one", "two", "three")])
    assert [note.text for note in ada.box.notes(id)] == ["one", "two", "three"]
    assert all(note.is_sealed for note in ada.box.notes(id))
    assert ada.box.contributions(id) == Contributions(3, 1)
    assert ada.box.problem(id) == ""
    assert ada.texts() == []
    ada.box.reveal(id)
    assert ada.texts() == ["one", "three", "two"]
    assert {note.author for note in ada.board.notes()} == {"Ada"}
    assert ada.sessions.get(id).is_revealed
    assert ada.box.notes(id) == []
    assert ada.box.contributions(id) == Contributions()
    steps = ada.document.entries("board").steps
    while steps.can_undo():
        steps.undo()
    assert ada.texts() == ["one", "three", "two"]


def test_what_was_revealed_here_is_by_a_client_of_its_own(person):
    ada = person(alone=True)
    id = session(ada, is_anonymous=True)
    notes = [ada.note(text, id) for text in ("one", "two")]
    ada.box.put(notes)
    before = ada.document.state_vector()
    ada.box.reveal(id)
    update = ada.document.update_since(before)
    assert ada.document.client_id.to_bytes(8, "little").rstrip(b"\0") not in update
    assert not {note.id for note in notes} & {note.id for note in ada.board.notes()}
    assert {note.author for note in ada.board.notes()} == {""}


def test_what_is_kept_here_is_there_after_kill_9(person):
    ada = person(alone=True)
    id, asked = session(ada), poll(ada)
    (first, _) = notes = [ada.note(text, id) for text in ("one", "two")]
    ada.box.put(notes)
    ada.box.put([ada.note("uno", id, first.id)])
    ada.box.take_back([notes[1].id])
    ada.box.put_ballot(asked, Ballot(dots={"note:1": 2}))
    ada.kill()
    assert [(note.id, note.text) for note in ada.box.notes(id)] == [(first.id, "uno")]
    assert ada.box.ballot(asked) == Ballot(dots={"note:1": 2})


def test_without_a_server_a_poll_is_closed_from_here(person):
    ada = person(alone=True)
    asked = poll(ada)
    ada.box.put_ballot(asked, Ballot(dots={"note:1": 1}))
    ada.box.put_ballot(asked, Ballot(dots={"note:1": 2}, voter="Ben"))
    assert ada.box.voters(asked) == 1
    ada.box.close(asked)
    assert ada.polls.get(asked).ballots == (Ballot(dots={"note:1": 2}, voter="Ada"),)
    assert ada.box.ballot(asked) is None
    assert ada.box.voters(asked) == 0


def test_a_box_that_belongs_to_nothing_is_not_opened(person):
    ada = person(alone=True)
    ada.box.put([ada.note("one", "session:9")])
    ada.box.reveal("session:9")
    assert "does not know this session" in ada.box.problem("session:9")
    assert [note.text for note in ada.box.notes("session:9")] == ["one"]


def test_what_is_written_goes_to_the_server_and_comes_to_all_with_the_reveal(person, server):
    ada, ben = person("Ada"), person("Ben")
    told: list[frozenset[str]] = []
    ben.box.observe(told.append)
    id = session(ada)
    ada.box.put([ada.note(f"ada {number}", id) for number in range(30)])
    settle([ada, ben])
    ben.box.put([ben.note("ben", id)])
    settle([ada, ben])
    assert server.counts()[id] == (31, 2)
    assert ada.box.contributions(id) == ben.box.contributions(id) == Contributions(31, 2)
    assert any(id in ids for ids in told)
    assert ada.box.problem(id) == ""
    assert ada.texts() == []
    ben.box.reveal(id)
    settle([ada, ben])
    assert ada.texts() == ben.texts() == sorted(["ben", *(f"ada {number}" for number in range(30))])
    assert {note.author for note in ada.board.notes()} == {"Ada", "Ben"}
    assert not ada.box.notes(id)
    ada.storage.run_quickly_now(lambda: None)
    assert not ada.file.exists()


def test_offline_what_is_written_waits_and_is_said_to(person, server):
    ada, ben = person("Ada"), person("Ben")
    id = session(ada)
    settle([ada, ben])
    ada.disconnect()
    ada.box.put([ada.note("one", id)])
    assert "on this computer alone" in ada.box.problem(id)
    assert ada.box.waiting == 1
    assert ada.box.contributions(id) == Contributions(1, 1)
    ada.kill()
    assert "on this computer alone" in ada.box.problem(id)
    ada.connect()
    settle([ada, ben])
    assert ada.box.problem(id) == ""
    assert ada.box.waiting == 0
    assert ben.box.contributions(id) == Contributions(1, 1)


def test_how_much_others_have_put_in_is_not_known_before_the_server_has_said_so(person):
    ada, ben = person("Ada"), person("Ben")
    id = session(ada)
    settle([ada, ben])
    ben.box.put([ben.note("one", id)])
    settle([ada, ben])
    ada.disconnect()
    assert ada.box.is_counted()  # as it was last
    ada.kill()
    assert not ada.box.is_counted()
    ada.connect()
    assert not ada.box.is_counted()
    settle([ada, ben])
    assert ada.box.is_counted()
    assert ada.box.contributions(id) == Contributions(1, 1)
    assert person("Cy", alone=True).box.is_counted()


def test_a_reveal_that_is_wanted_offline_happens_with_the_connection_and_behind_what_waits(person):
    ada, ben = person("Ada"), person("Ben")
    id = session(ada)
    settle([ada, ben])
    ada.disconnect()
    ada.box.put([ada.note(f"{number}", id) for number in range(20)])
    ada.box.reveal(id)
    assert ada.texts() == []
    assert "offline" in ada.box.problem(id)
    ada.connect()
    settle([ada, ben])
    assert len(ben.texts()) == 20
    assert not any(note.is_late for note in ben.board.notes())
    assert ada.box.problem(id) == ""


def test_what_was_kept_of_a_document_that_was_nobody_s_goes_to_the_server_when_it_is_shared(person, server):
    ada = person("Ada", alone=True)
    id = session(ada)
    ada.box.put([ada.note("one", id)])
    ada.server = server
    server.people.append(ada)
    ada.box.use(ada.shared)
    assert "on this computer alone" in ada.box.problem(id)
    ada.connect()
    settle([ada])
    assert server.counts()[id] == (1, 1)


@pytest.mark.parametrize("is_anonymous", [False, True])
def test_a_note_that_comes_too_late_goes_onto_the_board_and_is_marked(person, is_anonymous):
    ada, ben = person("Ada"), person("Ben")
    id = session(ada, is_anonymous=is_anonymous)
    settle([ada, ben])
    ada.box.put([ada.note("in time", id)])
    settle([ada, ben])
    ada.disconnect()
    ada.box.put([ada.note("late", id)])
    ben.box.reveal(id)
    settle([ben])
    ada.connect()
    settle([ada, ben])
    assert ada.texts() == ben.texts() == ["in time", "late"]
    assert [note.text for note in ben.board.notes() if note.is_late] == ["late"]
    assert {note.author for note in ben.board.notes()} == ({""} if is_anonymous else {"Ada"})
    assert ("history knows" in ada.box.problem(id)) is is_anonymous


def test_what_came_late_to_one_session_is_not_said_in_the_next_one_nor_of_a_poll(person, server):
    ada, ben = person("Ada"), person("Ben")
    id = session(ada, is_anonymous=True)
    settle([ada, ben])
    ben.disconnect()
    ben.box.put([ben.note("late", id)])
    ada.box.reveal(id)
    settle([ada])
    following, asked = session(ada), poll(ada)
    ben.connect()
    settle([ada, ben])
    assert "history knows" in ben.box.problem(id)
    assert ben.box.problem(following) == ben.box.problem(asked) == ""
    ben.box.put_ballot(asked, Ballot(dots={"note:1": 1}))
    assert "history knows" in ben.box.problem(id)


def test_late_pictures_without_words_come_each(person):
    ada, ben = person("Ada"), person("Ben")
    id = session(ada)
    ada.box.put([replace(ada.note("", id), image="sha256:one")])
    settle([ada, ben])
    ben.disconnect()
    ben.box.put([replace(ben.note("", id), image="sha256:two")])
    ada.box.reveal(id)
    settle([ada])
    ben.connect()
    settle([ada, ben])
    assert sorted(note.image for note in ada.board.notes()) == ["sha256:one", "sha256:two"]


def test_a_late_note_of_somebody_who_may_not_write_on_the_board_stays_with_them(person):
    ada, ben = person("Ada"), person("Ben")
    id = session(ada)
    settle([ada, ben])
    ben.disconnect()
    ben.may_write = False
    ben.box.put([ben.note("late", id)])
    ada.box.reveal(id)
    settle([ada])
    ben.connect()
    settle([ada, ben])
    assert ada.texts() == []
    assert [note.text for note in ben.box.notes(id)] == ["late"]
    assert "revealed before yours" in ben.box.problem(id)


def test_an_acknowledgement_that_was_lost_brings_no_note_twice(person):
    ada, ben = person("Ada"), person("Ben")
    id = session(ada, is_anonymous=True)
    settle([ada, ben])
    ada.box.put([ada.note("one", id)])
    assert ada.send()
    ada.kill()  # before it took in that the server has it
    ben.box.reveal(id)
    settle([ben])
    ada.connect()
    settle([ada, ben])
    assert ada.texts() == ben.texts() == ["one"]
    assert ada.box.notes(id) == []


def test_what_the_server_has_of_this_person_comes_back_where_this_computer_lost_it(person):
    ada = person("Ada")
    id = session(ada)
    ada.box.put([ada.note("one", id)])
    settle([ada])
    ada.kill()
    ada.file.unlink()
    ada.kill()
    assert ada.box.notes(id) == []
    ada.connect()
    settle([ada])
    assert [note.text for note in ada.box.notes(id)] == ["one"]


def test_an_answer_that_is_told_behind_the_next_connection_takes_no_note_away(person, server):
    ada = person("Ada")
    id = session(ada)
    ada.box.put([ada.note("one", id)])
    settle([ada])
    ada.shared.changed_elsewhere.emit()
    assert ada.send()
    ada.take_in(tells=False)
    server.boxes.clear()  # it was restored meanwhile
    ada.connect(again=True)
    settle([ada])
    assert [note.text for note in ada.box.notes(id)] == ["one"]
    assert server.counts()[id] == (1, 1)


def test_somebody_at_two_computers_has_one_ballot_the_later_one_on_both(person):
    ada, there, ben = person(), person(at="there"), person("Ben")
    asked = poll(ben)
    everybody = (ada, there, ben)
    settle(everybody)
    ada.box.put_ballot(asked, Ballot(dots={"note:1": 1}))
    settle(everybody)
    assert there.box.ballot(asked) == Ballot(dots={"note:1": 1})
    there.box.put_ballot(asked, Ballot(dots={"note:1": 2}))
    assert there.box.voters(asked) == 1
    settle(everybody)
    assert ada.box.ballot(asked) == Ballot(dots={"note:1": 2})
    assert [each.box.voters(asked) for each in everybody] == [1, 1, 1]
    ben.box.close(asked)
    settle(everybody)
    for each in everybody:
        assert each.polls.get(asked).ballots == (Ballot(dots={"note:1": 2}, voter="Ada"),)
        assert each.box.problem(id) == ""


@pytest.mark.parametrize("alone", [True, False])
@pytest.mark.parametrize("text", ["Herbs for our cooks", "Thyme", "Herbs for all"])
def test_in_an_anonymous_session_the_words_that_an_author_put_into_an_idea_of_the_models_stay_theirs(
    person, alone, text
):
    ada = person(alone=alone)
    id = session(ada, is_anonymous=True)
    if not alone:
        settle([ada])
    sealed = replace(ada.note(text, id), hand=Hand.ADOPTED, model_text="Herbs for all", assist="r1")
    ada.box.put([sealed])
    before = list(words_of(ada.box.notes(id)[0]))
    if not alone:
        settle([ada])
    ada.box.reveal(id)
    if not alone:
        settle([ada])
    (note,) = ada.board.notes()
    assert list(words_of(note)) == before == list(words_of(sealed))
    assert (note.text, note.hand, note.author, note.assist) == (text, Hand.ADOPTED, "", "")
    assert set(note.model_text.split()) <= {*text.split(), "…"}  # nothing that its author took out leads to them
