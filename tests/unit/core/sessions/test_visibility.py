"""Visibility: one place decides what of a session anybody sees."""

from __future__ import annotations

from itertools import count
from random import Random

import pytest

from cowrite.core.board.board import Board
from cowrite.core.board.items import Hand, Note, Place
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.sessions.polls import Ballot, Option, Poll, PollKind, Polls
from cowrite.core.sessions.sessions import Phase, Session, Sessions
from cowrite.core.sessions.visibility import Visibility
from helpers.closed_polls import close_poll


class Room:
    """A document with all that visibility reads."""

    def __init__(self) -> None:
        self.document = MendedDocument.new(clock=lambda: 0)
        clock = count(1000)
        parts = {"chance": Random(1), "clock": lambda: next(clock)}
        self.board = Board(self.document, **parts)
        self.sessions = Sessions(self.document, **parts)
        self.polls = Polls(self.document, **parts)
        self.visibility = Visibility(self.board, self.sessions, self.polls)

    def note(self, text: str, **fields: object) -> str:
        return self.board.add([Note("", text, Place(0, 0), **fields)])[0]


@pytest.fixture
def room() -> Room:
    return Room()


def test_a_name_in_a_note_of_an_anonymous_session_is_not_shown(room):
    hidden = room.sessions.begin(Session("", "?", is_anonymous=True))
    open_one = room.sessions.begin(Session("", "?"))
    room.note("one", session=hidden, author="Ada")
    room.note("two", session=open_one, author="Bo")

    assert {(note.text, note.author) for note in room.visibility.notes()} == {("one", ""), ("two", "Bo")}
    (group,) = [room.board.group([note.id for note in room.visibility.notes()])]
    assert {note.author for note in room.visibility.members(group)} == {"", "Bo"}


def test_ballots_that_somebody_put_into_an_open_poll_are_not_shown(room):
    id = room.polls.open(Poll("", PollKind.DOTS, "?", (Option("a", "a"),)))
    room.document.entries("board").change(id, {"ballots": [{"dots": {"a": 1}}]})
    assert room.visibility.poll(id).ballots == ()

    close_poll(room.polls, id, [Ballot(dots={"a": 1}, voter="Ada")])
    assert room.visibility.poll(id).ballots == (Ballot(dots={"a": 1}, voter="Ada"),)


def test_an_anonymous_poll_shows_no_names(room):
    id = room.polls.open(Poll("", PollKind.DOTS, "?", (Option("a", "a"),), is_anonymous=True))
    close_poll(room.polls, id, [Ballot(dots={"a": 1}, voter="Ada")])

    assert room.visibility.polls()[0].ballots == (Ballot(dots={"a": 1}),)


def test_a_note_of_the_model_can_be_voted_for_when_a_person_has_adopted_it(room):
    note = room.note("from the model", hand=Hand.MODEL)
    room.note("from Ada")
    assert [option.text for option in room.visibility.options("")] == ["from Ada"]

    room.board.change({note: {"hand": Hand.ADOPTED}})
    assert {option.text for option in room.visibility.options("")} == {"from the model", "from Ada"}


def test_a_group_is_one_option(room):
    group = room.board.group([room.note("one"), room.note("two")], "Both")
    room.note("three")

    assert {(option.id == group, option.text) for option in room.visibility.options("")} == {
        (True, "Both"),
        (False, "three"),
    }


def test_what_is_in_a_group_that_is_voted_on_is_shown_without_what_the_model_or_nobody_says(room):
    one, two = room.note("one"), room.note("two", image="sha256:a")
    inner, loose = room.note("inner"), room.note("loose")
    room.board.merge_notes(one, [inner])
    picture, models = room.note("", image="sha256:a"), room.note("models", hand=Hand.MODEL)
    group = room.board.group([one, two, inner, picture, models], "Group")
    other = room.board.group([room.note("other")], "Other")
    poll = room.polls.open(Poll("", PollKind.DOTS, "?", (Option(group, "Group"), Option(loose, "loose"))))

    assert room.visibility.within([room.visibility.poll(poll)]) == {group: ("one", "two", "Image")}
    assert other not in room.visibility.within([])


def test_the_model_is_told_nothing_in_a_silent_phase_and_never_a_name(room):
    room.note("one", author="Ada")

    assert room.visibility.for_model(Session("session:1", "?", phase=Phase.WRITE)) == []
    assert [(note.text, note.author) for note in room.visibility.for_model(None)] == [("one", "")]


def test_a_note_counts_as_seen_when_somebody_else_has_opened_it(room):
    one, two = room.note("one", author="Ada"), room.note("two", author="Ada")
    room.sessions.say_seen([one], "Ada")
    assert room.visibility.coverage("").unseen == (one, two)

    room.sessions.say_seen([one], "Bo")
    coverage = room.visibility.coverage("")
    assert (coverage.seen, coverage.unseen) == ((one,), (two,))


def test_a_picture_is_an_option_in_words_and_a_note_that_says_nothing_is_none(room):
    picture = room.note("", image="sha256:a")
    room.note("")

    assert room.visibility.options("") == [Option(picture, "Image")]


def test_an_option_is_one_line_however_many_its_note_has(room):
    room.note("late trains\n\n  at night")
    assert [option.text for option in room.visibility.options("")] == ["late trains at night"]


def test_one_who_opens_a_note_of_an_anonymous_session_may_be_its_author(room):
    session = room.sessions.begin(Session("", "?", is_anonymous=True))
    one, two = (room.note(text, session=session) for text in ("one", "two"))
    models = room.note("models", session=session, hand=Hand.MODEL)
    room.sessions.say_seen([one, two, models], "Ada")
    room.sessions.say_seen([two], "Bo")

    coverage = room.visibility.coverage(session)
    assert (coverage.seen, coverage.unseen, coverage.doubtful) == ((two, models), (one,), {one})
