"""Numbered questions: each is answered once, whatever becomes of server and connection."""

from __future__ import annotations

import pytest

from cowrite.sync.questions import Patience, Questions
from cowrite_server.wire.encoding import Reader, var_string, var_uint
from cowrite_server.wire.hello import Hello
from cowrite_server.wire.json_messages import RefusalReason
from cowrite_server.wire.protocol import Limits, Role
from helpers.sync_fakes import Clock

ASK, ANSWER, OTHER_ANSWER, REFUSAL = 200, 201, 202, 203
HELLO = Hello("epoch", Role.EDITOR, "room", "fake", Limits(), 1)
PATIENCE = 10.0


def content(reader: Reader) -> tuple[int, str]:
    return reader.var_uint(), reader.var_string()


class Why(RefusalReason):
    NO = "no"
    LATER = "later"


class Riddles(Questions[str]):
    """Questions whose answers are words."""

    def __init__(self, clock: Clock) -> None:
        answers = {ANSWER: content, OTHER_ANSWER: content}
        super().__init__(answers, REFUSAL, Why, str, Patience(clock, PATIENCE))
        self.told: list[tuple[str, str]] = []

    def _knows(self, hello: Hello) -> bool:
        return True

    def ask(self, name: str = "", answer: int = ANSWER) -> None:
        self._ask(
            lambda request: var_uint(ASK) + var_uint(request),
            answer,
            lambda told: self.told.append((name, told)),
            lambda problem: self.told.append((name, problem)),
        )

    def hear(self, kind: int, request: int, word: str) -> None:
        self.receive(kind, Reader(var_uint(request) + var_string(word)))

    def refuse(self, request: int) -> None:
        self.receive(REFUSAL, Reader(var_uint(request) + var_string('{"reason": "no"}')))

    def take(self) -> list[tuple[str, str]]:
        """What those who asked are told now."""
        self.tell()
        told, self.told = self.told, []
        return told


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def riddles(clock: Clock) -> Riddles:
    riddles = Riddles(clock)
    riddles.connected(HELLO)
    return riddles


def test_an_answer_or_a_refusal_reaches_whoever_asked_and_no_earlier_than_it_is_told(riddles):
    riddles.ask("one")
    riddles.ask("two")
    riddles.refuse(2)
    riddles.hear(ANSWER, 1, "yes")
    assert riddles.told == []
    assert riddles.take() == [("two", "no"), ("one", "yes")]
    assert riddles.take() == []


@pytest.mark.parametrize(("kind", "request_"), [(ANSWER, 2), (OTHER_ANSWER, 1)])
def test_an_answer_that_nobody_waits_for_has_no_effect(riddles, kind, request_):
    riddles.ask("one")
    riddles.hear(kind, request_, "what")
    riddles.refuse(2)
    assert riddles.take() == []
    riddles.hear(ANSWER, 1, "yes")
    riddles.hear(ANSWER, 1, "yes")
    assert riddles.take() == [("one", "yes")]


def test_a_question_without_a_connection_is_answered_and_never_sent_later(clock):
    riddles = Riddles(clock)
    riddles.ask("one")
    assert riddles.problem == "offline"
    assert riddles.take() == [("one", "offline")]
    riddles.connected(HELLO)
    assert riddles.problem is None
    assert riddles.messages_to_send() == []


def test_a_connection_that_ends_answers_all_that_is_open_and_tells_what_the_server_may_have_done(riddles):
    riddles.ask("sent")
    assert len(riddles.messages_to_send()) == 1
    riddles.ask("unsent")
    riddles.disconnected()
    assert riddles.take() == [("sent", "cut"), ("unsent", "offline")]
    riddles.connected(HELLO)
    assert riddles.messages_to_send() == []


def test_a_silent_server_is_given_up_and_its_late_answer_passed_over(riddles, clock):
    riddles.ask("one")
    due = riddles.next_tick()
    assert due is not None
    clock.pass_(due - clock.now - 0.1)
    riddles.tick()
    assert riddles.take() == []
    clock.pass_(0.2)
    riddles.tick()
    assert riddles.take() == [("one", "silent")]
    riddles.hear(ANSWER, 1, "late")
    assert riddles.take() == []
    assert riddles.next_tick() is None


def test_one_who_fails_when_told_does_not_keep_the_others_from_being_told(riddles):
    def fail(_: object) -> None:
        raise RuntimeError("a listener's own")

    riddles._ask(lambda _: b"", ANSWER, fail, fail)
    riddles.ask("two")
    riddles.disconnected()
    with pytest.raises(RuntimeError):
        riddles.tell()
    assert riddles.take() == [("two", "offline")]
