"""Who can be named in comments, and how often a server is asked for its members."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from PySide6.QtCore import QObject, Signal

from cowrite.app.comments.nameable import Nameable
from cowrite_server.wire.members import MemberList, MemberSummary
from cowrite_server.wire.protocol import Role


class Members(QObject):
    """A server's members, which are listed when `answer` is called."""

    changed = Signal()
    me = 1

    def __init__(self) -> None:
        super().__init__()
        self.problem: str | None = "offline"
        self.asked: list = []

    def list(self, then, failed) -> None:
        self.asked.append(then)

    def answer(self, *members: MemberSummary) -> None:
        self.asked[-1](MemberList(members, ()))


class Connection(QObject):
    """That of a draft which is shared, without network at first."""

    changed = Signal()
    called = "Ada (2)"

    def __init__(self) -> None:
        super().__init__()
        presence = SimpleNamespace(here=["Cleo"])
        presence.teammates = lambda: [SimpleNamespace(name=name) for name in presence.here]
        self.shared: SimpleNamespace | None = SimpleNamespace(members=Members(), presence=presence)


def member(id: int, name: str | None, removed: int | None = None) -> MemberSummary:
    return MemberSummary(id, name, Role.EDITOR, None, 0, 0, False, removed)


@pytest.fixture
def connection(qapp: object) -> Connection:
    return Connection()


@pytest.fixture
def nameable(connection: Connection) -> Nameable:
    return Nameable(connection, connection)


def test_who_is_here_can_be_named_first_then_members_and_authors_and_never_oneself(connection, nameable):
    connection.shared.members.problem = None
    nameable.want()
    connection.shared.members.answer(
        member(1, "Ada (2)"), member(2, "Ada"), member(3, "Bo"), member(4, "Gone", removed=9), member(5, None)
    )
    assert nameable.names(["Zoë", "bo", ""]).offered("") == ["Cleo", "Ada", "Bo", "Zoë"]
    connection.shared.presence.here = ["Dee"]
    assert nameable.names().offered("") == ["Dee", "Ada", "Bo", "Cleo", "Zoë"], "who was here can be named still"
    assert nameable.names() is nameable.names(), "what was found in texts is found still"
    connection.called = "Bo"
    assert nameable.names().offered("") == ["Dee", "Ada", "Cleo", "Zoë"]


def test_a_server_is_asked_once_on_each_connection_and_again_when_somebody_names_people(connection, nameable):
    members = connection.shared.members
    members.changed.emit()
    assert members.asked == [], "nobody wants names"
    nameable.want()
    assert members.asked == []
    members.problem = None
    members.changed.emit()
    assert len(members.asked) == 1
    for _ in range(3):
        members.changed.emit()
        nameable.want()
    assert len(members.asked) == 1, "a room of many would ask at every change"
    for _ in range(2):
        nameable.want(newest=True)
    assert len(members.asked) == 2
    members.problem = "offline"
    members.changed.emit()
    members.problem = None
    members.changed.emit()
    assert len(members.asked) == 3
    connection.shared = None
    connection.changed.emit()
    members.answer(member(3, "Bo"))
    assert nameable.names().offered("") == []
