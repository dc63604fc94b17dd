"""What lies sealed when a session has ended, or was revealed, without the box having been opened."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cowrite.core.sessions.polls import Ballot, Option, Poll, PollKind
from cowrite.core.sessions.sealing import Contributions
from helpers.sealed_server import Person, session, settle


def poll(person: Person, **fields: object) -> str:
    return person.polls.open(Poll("", PollKind.DOTS, "Which?", (Option("note:1", "one"),), budget=9, **fields))


def alone(person: Person) -> None:
    """Stops sharing."""
    person.disconnect()
    person.box.use(None)
    person.server = None


def shared_again(person: Person, server) -> None:
    person.server = server
    person.box.use(person.shared)
    person.connect()


def keeps(person: Person) -> bool:
    """Whether anything is kept on a person's computer."""
    person.storage.run_quickly_now(lambda: None)
    return person.file.exists()


@pytest.mark.parametrize("is_anonymous", [False, True])
def test_a_note_that_waited_while_the_session_ended_comes_onto_the_board(person, is_anonymous):
    ada, ben = person("Ada"), person("Ben")
    id = session(ada, is_anonymous=is_anonymous)
    settle([ada, ben])
    ben.disconnect()
    ben.box.put([ben.note("a pond", id)])
    ada.sessions.change(id, is_over=True)
    ben.connect()
    settle([ada, ben])
    assert ada.texts() == ben.texts() == ["a pond"]
    assert ada.board.notes()[0].author == ("" if is_anonymous else "Ben")
    assert ben.box.problem(id) == ""
    assert not keeps(ben)


def test_notes_and_ballots_of_a_session_come_though_whoever_ended_it_is_gone(person, server):
    ada, ben = person("Ada"), person("Ben")
    id = session(ada)
    asked = poll(ada, session=id)
    ben.box.put([ben.note("a pond", id)])
    ben.box.put_ballot(asked, Ballot(dots={"note:1": 2}))
    settle([ada, ben])
    ada.disconnect()
    ada.box.reveal(id)
    ada.box.close(asked)
    ada.sessions.change(id, is_over=True)
    ada.kill()  # what it wanted of the server is forgotten
    ada.connect()
    settle([ada, ben])
    assert ada.texts() == ben.texts() == ["a pond"]
    (closed,) = ben.polls.all()
    assert closed.is_closed
    assert [ballot.dots for ballot in closed.ballots] == [{"note:1": 2}]
    assert server.counts() == {}


def test_notes_that_were_sealed_alone_come_when_the_session_is_over(person):
    ada = person("Ada", alone=True)
    id = session(ada)
    ada.box.put([ada.note("trees", id)])
    ada.sessions.change(id, is_over=True)
    settle([ada])
    assert ada.texts() == ["trees"]


@pytest.mark.parametrize("is_anonymous", [False, True])
def test_what_the_server_holds_comes_though_the_session_was_revealed_without_it(person, server, is_anonymous):
    ada, ben = person("Ada"), person("Ben")
    id = session(ada, is_anonymous=is_anonymous)
    ada.box.put([ada.note("trees", id)])
    ben.box.put([ben.note("a pond", id)])
    settle([ada, ben])
    alone(ada)
    ada.box.reveal(id)
    assert ada.texts() == ["trees"]
    shared_again(ada, server)
    settle([ada, ben])
    assert ada.texts() == ben.texts() == ["a pond", "trees"]
    assert server.counts() == {}
    assert not keeps(ada)
    assert not keeps(ben)


@pytest.mark.parametrize("is_anonymous", [False, True])
def test_a_server_that_was_moved_reveals_once_what_somebody_has_sealed_there_as_another_member(person, is_anonymous):
    ada, ben = person("Ada"), person("Ben")
    id = session(ada, is_anonymous=is_anonymous)
    asked = poll(ada, session=id, is_anonymous=is_anonymous)
    for each, words in ((ada, "trees"), (ben, "a pond")):
        each.box.put([each.note(words, id)])
        each.box.put_ballot(asked, Ballot(dots={"note:1": 2}))
    settle([ada, ben])
    ben.disconnect()
    ben.name = "Ben by another link"
    ben.connect()
    settle([ada, ben])
    ben.box.put_ballot(asked, Ballot(dots={"note:1": 5}))
    settle([ada, ben])
    ada.box.reveal(id)
    ada.box.close(asked)
    settle([ada, ben])
    assert ada.texts() == ben.texts() == ["a pond", "trees"]
    assert sorted(ballot.dots["note:1"] for ballot in ada.polls.get(asked).ballots) == [2, 5]


def test_what_was_changed_before_a_server_that_was_moved_was_met_counts_once_there_and_is_revealed_as_it_is_now(
    person, server
):
    ada, ben = person("Ada"), person("Ben")
    id = session(ada)
    asked = poll(ada, session=id)
    note = ben.note("a pond", id)
    ben.box.put([note])
    ben.box.put_ballot(asked, Ballot(dots={"note:1": 2}))
    settle([ada, ben])
    ben.disconnect()
    ben.name = "Ben by another link"
    for words in ("a lake", "a large lake"):
        ben.box.put([replace(note, text=words)])
    ben.box.put_ballot(asked, Ballot(dots={"note:1": 5}))
    ben.kill()
    ben.connect()
    settle([ada, ben])
    assert ada.box.contributions(id) == ben.box.contributions(id) == Contributions(1, 1)
    assert ada.box.voters(asked) == 1
    ada.box.reveal(id)
    ada.box.close(asked)
    settle([ada, ben])
    assert ada.texts() == ben.texts() == ["a large lake"]
    assert [ballot.dots["note:1"] for ballot in ada.polls.get(asked).ballots] == [5]


def test_what_was_taken_back_before_a_server_that_was_moved_was_met_is_not_revealed_there(person):
    ada, ben = person("Ada"), person("Ben")
    id = session(ada)
    kept, changed, gone = (ben.note(words, id) for words in ("a pond", "trees", "a wall"))
    ben.box.put([kept, changed, gone])
    settle([ada, ben])
    ben.disconnect()
    ben.name = "Ben by another link"
    ben.box.put([replace(changed, text="many trees")])
    ben.box.take_back([changed.id, gone.id])
    ben.kill()
    ben.connect()
    settle([ada, ben])
    assert ada.box.contributions(id) == ben.box.contributions(id) == Contributions(1, 1)
    ada.box.reveal(id)
    settle([ada, ben])
    assert ada.texts() == ben.texts() == ["a pond"]
    assert not keeps(ben)


def test_what_was_taken_back_while_the_document_was_not_shared_does_not_come_back_with_its_server(person, server):
    ada, ben = person("Ada"), person("Ben")
    id = session(ada)
    note = ben.note("a pond", id)
    ben.box.put([note])
    settle([ada, ben])
    alone(ben)
    ben.box.take_back([note.id])
    ben.kill()
    shared_again(ben, server)
    settle([ada, ben])
    assert ben.box.notes(id) == []
    ada.box.reveal(id)
    settle([ada, ben])
    assert ada.texts() == ben.texts() == []


def test_a_poll_that_was_closed_without_the_server_keeps_its_result_and_the_others_are_told(person, server):
    ada, ben = person("Ada"), person("Ben")
    asked = poll(ada)
    ada.box.put_ballot(asked, Ballot(dots={"note:1": 1}))
    ben.box.put_ballot(asked, Ballot(dots={"note:1": 2}))
    settle([ada, ben])
    alone(ada)
    ada.box.close(asked)
    shared_again(ada, server)
    settle([ada, ben])
    for each in (ada, ben):
        assert [ballot.dots for ballot in each.polls.get(asked).ballots] == [{"note:1": 1}]
        assert each.box.ballot(asked) is None
        assert not keeps(each)
    assert ada.box.problem(asked) == ""
    assert ben.box.problem(asked) == "The poll was closed before your ballot had arrived, so it does not count."
    assert {box for box, count in server.counts().items() if count.items} == set()


def test_somebody_who_may_not_write_opens_nothing_by_themselves(person, server):
    ada, ben = person("Ada"), person("Ben")
    id = session(ada)
    ben.box.put([ben.note("a pond", id)])
    settle([ada, ben])
    ben.may_write = False
    ada.disconnect()
    ada.sessions.change(id, is_over=True)
    server.take(ada.document.state(), ada)
    settle([ben])
    assert ben.texts() == []
    assert server.counts()[id] == (1, 1)
    ada.connect()
    settle([ada, ben])
    assert ben.texts() == ["a pond"]
