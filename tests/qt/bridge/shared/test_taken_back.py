"""What a person takes back of what is sealed does not come again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cowrite.core.sessions.sealing import Contributions
from helpers.sealed_server import session, settle


def test_what_was_taken_back_offline_does_not_come_back(person, server):
    ada = person("Ada")
    id = session(ada)
    note = ada.note("one", id)
    ada.box.put([note])
    settle([ada])
    ada.disconnect()
    ada.box.take_back([note.id])
    ada.kill()
    ada.connect()
    settle([ada])
    assert server.counts()[id] == (0, 0)
    assert ada.box.notes(id) == []


@pytest.mark.parametrize("is_anonymous", [False, True])
def test_whoever_takes_a_note_back_offline_while_it_is_revealed_is_told_so(person, is_anonymous):
    ada, ben = person("Ada"), person("Ben")
    id = session(ada, is_anonymous=is_anonymous)
    note = ada.note("one", id)
    ada.box.put([note])
    settle((ada, ben))
    ada.disconnect()
    ada.box.take_back([note.id])
    ben.box.reveal(id)
    settle([ben])
    ada.connect()
    settle((ada, ben))
    assert ada.texts() == ["one"]
    assert "took one of yours back" in ada.box.problem(id)
    assert (ada.box.waiting, ben.box.problem(id)) == (0, "")


def test_what_somebody_takes_back_at_one_computer_does_not_come_again_from_the_other(person):
    ada, there = person(), person(at="there")
    id = session(ada)
    note = ada.note("one", id)
    ada.box.put([note])
    settle((ada, there))
    assert [each.text for each in there.box.notes(id)] == ["one"]
    ada.box.take_back([note.id])
    settle((ada, there))
    assert there.box.notes(id) == []
    assert there.server.counts().get(id, Contributions()) == (0, 0)
    there.disconnect()
    there.connect()
    settle((ada, there))
    assert ada.box.notes(id) == []


def test_what_was_changed_at_one_computer_stays_though_it_was_taken_back_before_that_at_another(person, server):
    ada, there = person(), person(at="there")
    id = session(ada)
    note = ada.note("one", id)
    ada.box.put([note])
    settle((ada, there))
    ada.disconnect()
    ada.box.take_back([note.id])
    ada.kill()
    there.box.put([replace(note, text="two")])
    settle((ada, there))
    ada.connect()
    settle((ada, there))
    for each in (ada, there):
        assert [(each.id, each.text) for each in each.box.notes(id)] == [(note.id, "two")]
        assert each.box.problem(id) == ""
    ada.box.take_back([note.id])
    settle((ada, there))
    assert server.counts()[id] == (0, 0)
    assert there.box.notes(id) == []


def sealed_before_the_network_went(ada):
    """A note of hers that the server has, and cannot be told of any more."""
    note = ada.note("one", session(ada))
    ada.box.put([note])
    settle([ada])
    ada.disconnect()
    return note


def assert_nothing_comes_back(ada, server):
    """With the network there is nothing of hers in its session."""
    ada.connect()
    settle([ada])
    (counted,) = server.counts().values()
    assert counted == (0, 0)
    assert ada.box.notes(next(iter(server.counts()))) == []


def test_what_was_changed_offline_and_then_taken_back_does_not_come_back_as_it_was_before(person, server):
    ada = person()
    note = sealed_before_the_network_went(ada)
    ada.box.put([replace(note, text="two")])
    ada.kill()
    ada.box.put([replace(note, text="three")])
    ada.box.take_back([note.id])
    assert_nothing_comes_back(ada, server)


def test_what_was_taken_back_and_written_again_offline_and_taken_back_again_does_not_come_back(person, server):
    ada = person()
    note = sealed_before_the_network_went(ada)
    ada.box.take_back([note.id])
    ada.box.put([replace(note, text="two")])
    ada.box.take_back([note.id])
    assert_nothing_comes_back(ada, server)


@pytest.mark.parametrize("is_anonymous", [False, True])
def test_whoever_takes_a_note_back_that_never_left_this_computer_is_told_nothing(person, is_anonymous):
    ada, ben = person("Ada"), person("Ben")
    id = session(ada, is_anonymous=is_anonymous)
    settle((ada, ben))
    ada.disconnect()
    note = ada.note("one", id)
    ada.box.put([note])
    ada.box.take_back([note.id])
    ben.box.put([ben.note("two", id)])
    ben.box.reveal(id)
    settle([ben])
    ada.connect()
    settle((ada, ben))
    assert ada.texts() == ["two"]
    assert ada.box.problem(id) == ""
