"""What those below editor may say of themselves on the board, and nothing else there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pycrdt import Array, Doc, Map, Text

from cowrite_server.document.permissions import Forbidden, Gate
from cowrite_server.document.presence import Presence
from cowrite_server.document.replica import Replica
from cowrite_server.wire.protocol import Role
from table import change_of

DONE = "done:1:write:Sue"
SESSION: dict[str, Any] = {"session": "session:1", "phase": "write"}


@pytest.fixture
def replica() -> Replica:
    ada: Doc[Any] = Doc(client_id=5)
    note = Map({"text": Text("a pond"), "odd": Array(["x"])})
    ada["board"] = Map({"note:1": note, "done:1:write:Ada": Map({**SESSION, "name": "Ada", "is_done": True})})
    ada["comments"] = Map({})
    replica = Replica()
    replica.apply(ada.get_update())
    return replica


def offer(replica: Replica, role: Role, *changes: Callable[[Map[Any]], object], name: str | None = "Sue") -> None:
    """Somebody below editor changes the board step by step."""
    gate, doc = Gate(Presence()), Doc[Any](client_id=9)
    doc.apply_update(replica.whole())
    for change in changes:
        update = change_of(doc, lambda doc, change=change: change(doc.get("board", type=Map)))
        replica.apply(gate.judge(replica, role, "sue", update, name))


def say(board: Map[Any], id: str, **fields: object) -> None:
    board[id] = Map({**SESSION, **fields})


@pytest.mark.parametrize("role", [Role.SUGGESTER, Role.COMMENTER])
def test_whoever_comments_says_of_themselves_that_they_are_done_and_that_they_are_not(replica: Replica, role: Role):
    offer(
        replica,
        role,
        lambda board: say(board, DONE, name="Sue", is_done=True),
        lambda board: board[DONE].__setitem__("is_done", False),
        lambda board: say(board, "wrote:1:Sue", name="Sue"),
        lambda board: say(board, "worth:1:Sue", name="Sue", worth="yes"),
        lambda board: say(board, "seen:1:Sue", name="Sue"),
    )
    found = replica.contents("board", None)
    assert found[DONE] == {**SESSION, "name": "Sue", "is_done": False}
    assert {"wrote:1:Sue", "worth:1:Sue", "seen:1:Sue"} <= found.keys()


ATTACKS: dict[str, Callable[[Map[Any]], object]] = {
    "for somebody else": lambda board: say(board, "done:1:write:Ben", name="Ben", is_done=True),
    "under another name": lambda board: say(board, DONE, name="Ben", is_done=True),
    "under another's id": lambda board: say(board, "done:1:write:Ben", name="Sue", is_done=True),
    "of somebody else": lambda board: board["done:1:write:Ada"].__setitem__("is_done", False),
    "in somebody else's place": lambda board: say(board, "done:1:write:Ada", name="Sue"),
    "what is taken away": lambda board: board.pop("done:1:write:Ada"),
    "a note": lambda board: say(board, "note:2:Sue", name="Sue", text="mine"),
    "within a note": lambda board: board["note:1"]["text"].insert(0, "mine "),
    "where nobody reads within a note": lambda board: board["note:1"]["odd"].append("y"),
    "much": lambda board: say(board, DONE, name="Sue", session="x" * 2000),
    "a list": lambda board: say(board, DONE, name="Sue", session=["x"]),
    "a text": lambda board: board.__setitem__(DONE, "done"),
}


@pytest.mark.parametrize("role", [Role.SUGGESTER, Role.COMMENTER])
@pytest.mark.parametrize("what", ATTACKS)
def test_whoever_comments_says_nothing_else_on_the_board(replica: Replica, role: Role, what: str) -> None:
    with pytest.raises(Forbidden) as refusal:
        offer(replica, role, ATTACKS[what])
    assert refusal.value.reason == role.refusal


def test_a_name_with_a_colon_is_no_way_into_the_place_of_somebody_else(replica: Replica) -> None:
    name = "write:Ben"
    with pytest.raises(Forbidden):
        offer(replica, Role.COMMENTER, lambda board: say(board, "done:1:write:Ben", name=name), name=name)
    offer(replica, Role.COMMENTER, lambda board: say(board, f"done:1:write:{name}", name=name), name=name)


@pytest.mark.parametrize(("role", "name"), [(Role.VIEWER, "Sue"), (Role.COMMENTER, None)])
def test_whoever_only_reads_or_is_not_known_says_nothing(replica: Replica, role: Role, name: str | None) -> None:
    with pytest.raises(Forbidden):
        offer(replica, role, lambda board: say(board, DONE, name="Sue", is_done=True), name=name)
