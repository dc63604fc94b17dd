"""Asking a server for history: numbered requests, answers, refusals, and a link that goes away meanwhile."""

from __future__ import annotations

import pytest

from cowrite.sync.awareness import Awareness, User
from cowrite.sync.events import Unreadable
from cowrite.sync.history_questions import HistoryQuestions
from cowrite.sync.peer import SyncPeer
from cowrite.sync.questions import Unanswered
from cowrite_server.wire.encoding import Reader, var_string, var_uint
from cowrite_server.wire.hello import Hello, hello_message
from cowrite_server.wire.history import (
    Brought,
    HistoryReason,
    MomentList,
    MomentSummary,
    Naming,
    OpenedMoment,
    Span,
    brought_message,
    moment_head,
    moments_message,
    restored_message,
    version_named_message,
)
from cowrite_server.wire.json_messages import refusal_message
from cowrite_server.wire.protocol import Limits, Message, Role, Sync, sync_message
from helpers.sync_fakes import Clock, TextDocument

FOUND = MomentList((MomentSummary(7, 1000, 2000, (1, None), 120, 8),), 3)
OPENED = OpenedMoment(7, b"\0\0", (Span(4, 1), Span(2, None)))


class Line:
    """A SyncPeer with questions, on a connection that a test plays."""

    def __init__(self) -> None:
        self.document = TextDocument()
        self.questions = HistoryQuestions()
        self.told: list[object] = []
        awareness = Awareness(self.document.client, User("Ada", "#aa0000"))
        self.peer = SyncPeer(self.document, awareness, clock=Clock(), questions=[self.questions])

    def connect(self, *, member: int | None = 1, greets: bool = True, names: bool = True) -> None:
        self.peer.connected()
        if greets:
            hello = Hello("epoch", Role.EDITOR, "room", "fake 1", Limits(), member, names_versions=names)
            self.peer.receive(hello_message(hello))
        self.peer.receive(sync_message(Sync.STEP_1, TextDocument().state_vector()))
        self.peer.receive(sync_message(Sync.STEP_2, b"\0\0"))
        self.peer.data_to_send()

    def sent(self) -> list[tuple[int, ...]]:
        """Type, request and, where there is one, seq of each message that leaves now."""
        readers = [Reader(message) for message in self.peer.data_to_send()]
        numbers = []
        for reader in readers:
            read = []
            while not reader.at_end and len(read) < 3:
                read.append(reader.var_uint())
            numbers.append(tuple(read))
        return numbers

    def ask_moments(self) -> None:
        self.questions.ask_moments(self.told.append, self.told.append)

    def ask_moment(self, seq: int) -> None:
        self.questions.ask_moment(seq, self.told.append, self.told.append)

    def ask_restore(self, seq: int) -> None:
        self.questions.ask_restore(seq, lambda: self.told.append("restored"), self.told.append)

    def ask_name(self, seq: int = 0, name: str = "Sent") -> None:
        self.questions.ask_name(Naming(seq, "", name), self.told.append, self.told.append)

    def tell(self) -> list[object]:
        """What whoever asked is told now."""
        self.questions.tell()
        told, self.told = self.told, []
        return told


@pytest.fixture
def line() -> Line:
    line = Line()
    line.connect()
    return line


def test_each_question_goes_out_once_with_a_number_of_its_own(line):
    line.ask_moments()
    line.ask_moment(7)
    line.ask_restore(5)
    assert line.sent() == [(Message.MOMENTS_GET, 1), (Message.MOMENT_GET, 2, 7), (Message.RESTORE, 3, 5)]
    assert line.sent() == []


def test_an_answer_comes_under_the_number_of_its_question(line):
    line.ask_moments()
    line.ask_moment(7)
    line.ask_restore(7)
    for message in (moment_head(2, OPENED) + OPENED.document, moments_message(1, FOUND), restored_message(3)):
        line.peer.receive(message)
    assert line.tell() == [OPENED, FOUND, "restored"]


@pytest.mark.parametrize("reason", list(HistoryReason))
def test_a_refusal_comes_with_a_sentence_for_people(line, reason):
    line.ask_restore(7)
    line.peer.receive(refusal_message(Message.HISTORY_REFUSED, 1, reason))
    (problem,) = line.tell()
    assert problem.reason is reason
    assert str(problem).endswith(".")
    assert problem.naming_sentence.endswith(".")


def test_a_reason_of_a_later_version_says_to_update(line):
    line.ask_restore(7)
    line.peer.receive(
        refusal_message(Message.HISTORY_REFUSED, 1, HistoryReason.UNREADABLE).replace(b"unreadable", b"whimsical!")
    )
    (problem,) = line.tell()
    assert problem.reason is HistoryReason.LATER
    assert str(problem).endswith("update cowrite.")


def test_a_question_to_a_stock_yjs_server_is_answered_here_and_never_sent():
    line = Line()
    line.connect(greets=False)
    line.ask_moments()
    assert [problem.reason for problem in line.tell()] == [Unanswered.OFFLINE]
    assert line.sent() == []


def test_a_restoring_under_way_when_the_link_goes_away_may_have_happened_and_that_is_said(line):
    line.ask_restore(7)
    line.ask_moment(7)
    line.sent()
    line.ask_restore(5)
    line.peer.disconnected()
    assert [problem.reason for problem in line.tell()] == [Unanswered.CUT, Unanswered.OFFLINE, Unanswered.OFFLINE]


def test_a_question_leaves_behind_the_edits_so_that_the_answer_holds_them(line):
    line.peer.local_update(line.document.write("last words"))
    line.ask_moments()
    assert [message[0] for message in line.sent()] == [Message.SYNC, Message.MOMENTS_GET]


def test_a_version_has_its_name_once_the_server_says_so(line):
    line.peer.local_update(line.document.write("last words"))
    line.ask_name()
    assert [message[0] for message in line.sent()] == [Message.SYNC, Message.NAME_VERSION]
    assert line.told == []
    line.peer.receive(version_named_message(1, 12))
    assert line.tell() == [12]
    line.ask_name(12)
    line.sent()
    line.peer.disconnected()
    line.ask_name()
    assert [problem.reason for problem in line.tell()] == [Unanswered.CUT, Unanswered.OFFLINE]


def test_a_server_of_an_earlier_version_is_not_asked_for_names_which_would_end_the_connection():
    line = Line()
    line.connect(names=False)
    line.ask_name()
    assert line.sent() == []
    (problem,) = line.tell()
    assert problem.reason is Unanswered.EARLIER
    assert "names no versions" in problem.naming_sentence


def test_a_server_of_an_earlier_version_that_keeps_no_history_is_not_asked_which_would_end_the_connection():
    line = Line()
    line.connect(member=None)
    line.ask_moments()
    line.ask_restore(7)
    line.ask_name()
    assert line.sent() == []
    problems = line.tell()
    assert [problem.reason for problem in problems] == [Unanswered.EARLIER] * 3
    assert "keeps no history" in str(problems[0])


def test_an_answer_that_cannot_be_read_drops_the_connection(line):
    line.ask_moments()
    (event,) = line.peer.receive(var_uint(Message.MOMENTS) + var_uint(1) + var_string("{}"))
    assert isinstance(event, Unreadable)


def test_who_has_brought_what_is_asked_only_of_a_server_that_says_it():
    line = Line()
    line.connect()
    line.questions.ask_brought((7, 8), line.told.append, line.told.append)
    assert line.sent() == []
    assert [problem.reason for problem in line.tell()] == [Unanswered.EARLIER]
    line.questions.tells_brought = True
    line.questions.ask_brought((7, 8), line.told.append, line.told.append)
    assert line.sent() == [(Message.BROUGHT_GET, 1, 2)]
    found = (Brought(None, None, ((7, 0, 3),)), Brought(2, "Ada", ((8, 0, 1), (8, 5, 2))))
    line.peer.receive(brought_message(1, found))
    assert line.tell() == [found]
