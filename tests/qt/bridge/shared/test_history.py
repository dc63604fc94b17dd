"""Asking for history on the GUI thread: every question gets one answer, also when the document is left meanwhile."""

from __future__ import annotations

from cowrite.bridge.shared.history import SharedHistory
from cowrite.sync.history_questions import HistoryProblem, HistoryQuestions
from cowrite.sync.questions import Unanswered
from cowrite_server.wire.encoding import Reader
from cowrite_server.wire.hello import Hello
from cowrite_server.wire.history import MomentList, OpenedMoment, moment_head, moments_message
from cowrite_server.wire.protocol import Limits, Role

FOUND = MomentList((), 0)
OPENED = OpenedMoment(7, b"\0\0", ())


class Asker:
    """Asks, and notes what it is told."""

    def __init__(self) -> None:
        self.questions = HistoryQuestions()
        self.sends = 0
        self.history = SharedHistory(self.questions, self._send)
        self.told: list[object] = []

    def _send(self) -> None:
        self.sends += 1

    def greet(self) -> None:
        self.questions.connected(Hello("epoch", Role.EDITOR, "room", "fake 1", Limits(), 3))

    def receive(self, message: bytes) -> None:
        reader = Reader(message)
        self.questions.receive(reader.var_uint(), reader)


def test_answers_reach_whoever_asked(qapp):
    asker = Asker()
    assert not asker.history.is_online
    asker.greet()
    assert asker.history.is_online
    asker.history.ask_moments(asker.told.append, asker.told.append)
    asker.history.ask_moment(7, asker.told.append, asker.told.append)
    assert asker.sends == 2
    asker.receive(moment_head(2, OPENED) + OPENED.document)
    asker.receive(moments_message(1, FOUND))
    asker.history.tell()
    asker.history.tell()
    assert asker.told == [OPENED, FOUND]


def test_whoever_asks_on_when_told_of_the_end_is_told_of_that_end_too(qapp):
    asker = Asker()
    asker.greet()

    def failed(problem: HistoryProblem) -> None:
        asker.told.append(problem)
        if len(asker.told) < 3:
            asker.history.ask_moment(7, asker.told.append, failed)

    asker.history.ask_moment(9, asker.told.append, failed)
    asker.history.end()
    assert [problem.reason for problem in asker.told] == [Unanswered.OFFLINE] * 3
    assert not asker.history.is_online
