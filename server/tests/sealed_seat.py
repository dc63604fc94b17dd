"""What the tests of sealed boxes share: clients that seal, a board with a session and a poll, and what is on it."""

from __future__ import annotations

from typing import Any

import pycrdt

from cowrite_server.wire.sealed import (
    BALLOT,
    SealedItem,
    SealedList,
    open_box_message,
    seal_message,
    sealed_get_message,
    take_back_message,
)
from sync_clients import Client

SESSION, POLL = "session:1", "poll:1"


def board(client: Client) -> pycrdt.Map[Any]:
    """The board as a client has it."""
    found: pycrdt.Map[Any] = client.doc.get("board", type=pycrdt.Map)
    return found


def entry(client: Client, id: str) -> dict[str, Any]:
    """The fields of an entry on the board; none where it is not there."""
    found = board(client).get(id)
    return dict(found.to_py() or {}) if isinstance(found, pycrdt.Map) else {}


def notes(client: Client) -> dict[str, dict[str, Any]]:
    """The notes on the board by their ids."""
    return {id: entry(client, id) for id in board(client).keys() if id.startswith("note:")}  # noqa: SIM118 - a map of pycrdt iterates otherwise


async def begin(client: Client, *, session: str = SESSION, **fields: Any) -> None:
    """Begins a session or a poll."""
    board(client)[session] = pycrdt.Map({"question": pycrdt.Text("What now?"), "is_revealed": False, **fields})
    await client.push()
    await client.until_saved()


def note(text: str, id: str = "note:1", box: str = SESSION, **fields: Any) -> SealedItem:
    """A note."""
    return SealedItem(box, id, {"text": text, "hand": "person", "x": 40, "y": 60, "session": box, **fields})


def ballot(box: str = POLL, **fields: Any) -> SealedItem:
    """A ballot."""
    return SealedItem(box, BALLOT, fields)


async def put(client: Client, item: SealedItem) -> object:
    """Seals something; gives None or the reason why not."""
    return await client.request(seal_message, item)


async def take_back(client: Client, item: str, box: str = SESSION) -> object:
    """Takes something back; gives None or the reason why not."""
    return await client.request(take_back_message, box, item)


async def open_box(client: Client, box: str = SESSION) -> object:
    """Opens a box; gives None or the reason why not."""
    return await client.request(open_box_message, box)


async def listing(client: Client) -> SealedList:
    """What a client may know of the boxes."""
    found = await client.request(sealed_get_message)
    assert isinstance(found, SealedList), found
    return found
