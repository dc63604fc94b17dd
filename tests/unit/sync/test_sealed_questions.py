"""What is asked of a server's sealed boxes."""

from __future__ import annotations

import pytest

from cowrite.sync.questions import Unanswered
from cowrite.sync.sealed_questions import SealedProblem, SealedQuestions
from cowrite_server.wire.encoding import MalformedMessage, Reader, var_string, var_uint
from cowrite_server.wire.hello import Hello
from cowrite_server.wire.json_messages import refusal_message
from cowrite_server.wire.protocol import Limits, Message, Role
from cowrite_server.wire.sealed import (
    Count,
    SealedItem,
    SealedList,
    SealedReason,
    open_box_message,
    read_seal,
    seal_done_message,
    seal_message,
    sealed_counts_message,
    sealed_get_message,
    sealed_message,
    take_back_message,
)

NOTE = SealedItem("session:1", "note:1", {"text": "one"})


def hello(*, seals: bool = True) -> Hello:
    return Hello("epoch", Role.EDITOR, "room", "fake 1", Limits(), 3, seals=seals)


class Asker:
    def __init__(self) -> None:
        self.questions = SealedQuestions()
        self.told: list[object] = []

    def receive(self, message: bytes) -> list[object]:
        reader = Reader(message)
        self.questions.receive(reader.var_uint(), reader)
        self.questions.tell()
        return self.told


@pytest.fixture
def asker() -> Asker:
    return Asker()


def test_requests_go_out_as_they_were_asked_and_are_answered(asker):
    asker.questions.connected(hello())
    asker.questions.list(asker.told.append, asker.told.append)
    asker.questions.seal(NOTE, lambda: asker.told.append("sealed"), asker.told.append)
    asker.questions.take_back("session:1", "note:1", lambda: asker.told.append("back"), asker.told.append)
    asker.questions.open_box("session:1", lambda: asker.told.append("open"), asker.told.append)
    assert asker.questions.messages_to_send() == [
        sealed_get_message(1),
        seal_message(2, NOTE),
        take_back_message(3, "session:1", "note:1"),
        open_box_message(4, "session:1"),
    ]
    found = SealedList((NOTE,), {"session:1": Count(3, 2)})
    assert asker.receive(sealed_message(1, found)) == [found]
    assert asker.receive(seal_done_message(2)) == [found, "sealed"]
    assert asker.receive(seal_done_message(4)) == [found, "sealed", "open"]
    asker.receive(refusal_message(Message.SEAL_REFUSED, 3, SealedReason.OPENED))
    assert asker.told[-1].reason is SealedReason.OPENED


def test_counts_come_unasked(asker):
    asker.questions.when_counted(asker.told.append)
    assert asker.receive(sealed_counts_message({"poll:1": Count(2, 2)})) == [{"poll:1": Count(2, 2)}]


def test_what_is_asked_without_a_connection_or_is_cut_off_is_answered(asker):
    asker.questions.seal(NOTE, lambda: None, asker.told.append)
    asker.questions.tell()
    asker.questions.connected(hello())
    asker.questions.open_box("session:1", lambda: None, asker.told.append)
    asker.questions.messages_to_send()
    asker.questions.disconnected()
    asker.questions.tell()
    assert [each.reason for each in asker.told] == [Unanswered.OFFLINE, Unanswered.CUT]


def test_a_server_without_boxes_is_not_asked(asker):
    asker.questions.connected(hello(seals=False))
    asker.questions.list(asker.told.append, asker.told.append)
    asker.questions.tell()
    assert asker.questions.messages_to_send() == []
    assert asker.told[0].reason is Unanswered.EARLIER


@pytest.mark.parametrize("reason", list(SealedProblem.sentences))
def test_each_reason_is_one_sentence(reason):
    assert str(SealedProblem(reason)).count(".") == 1


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (Message.SEALED, b"\x01" + var_string("[]")),
        (Message.SEALED, b"\x01" + var_string('{"items": [{}], "counts": {}}')),
        (Message.SEALED, b"\x01" + var_string('{"items": [], "counts": {"a": 1}}')),
        (Message.SEAL_REFUSED, b"\x01" + var_string('{"reason": 7}')),
        (Message.SEALED_COUNTS, var_string("7")),
        (Message.SEALED_COUNTS, var_string('{"a": [1, 2, 3]}')),
    ],
)
def test_what_is_no_answer_is_refused(asker, kind, body):
    with pytest.raises(MalformedMessage):
        asker.receive(var_uint(kind) + body)


def test_a_reason_of_a_later_version_says_to_update(asker):
    asker.questions.connected(hello())
    asker.questions.seal(NOTE, lambda: None, asker.told.append)
    (problem,) = asker.receive(var_uint(Message.SEAL_REFUSED) + b"\x01" + var_string('{"reason": "whim"}'))
    assert isinstance(problem, SealedProblem)
    assert str(problem).endswith("update cowrite.")
    assert not problem.passes


def test_an_item_is_read_as_it_was_written():
    reader = Reader(seal_message(7, NOTE))
    assert (reader.var_uint(), reader.var_uint()) == (Message.SEAL, 7)
    assert read_seal(reader) == NOTE
