"""The command `cowrite-server rewrite`: a document that has become slow begins anew, without what makes it slow.

Works beside a running server, which closes the connections to the room within half a second.
"""

from __future__ import annotations

import argparse
from functools import partial
from typing import TYPE_CHECKING

from cowrite_server.commands.store import AddCommand, existing_room, hint, opened_store, room_name
from cowrite_server.errors import NoSuchRoom, ServerError, StoreFailed
from cowrite_server.store.records import RoomRecord
from cowrite_server.store.rewriting import BegunAnew, aside_name, is_kept
from cowrite_server.store.store import Store
from cowrite_server.times import milliseconds_now

if TYPE_CHECKING:
    from cowrite_server.rooms.rewriting import Beginning

_ATTEMPTS = 5


class AlreadyKept(ServerError):
    """A room keeps what another one was, and is not rewritten itself."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The room {name} keeps what another one was; put that back, and rewrite it then.")
        self.name = name


class RoomBusy(ServerError):
    """People write in a room so often that nothing can be made of all that they have written."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"People went on writing in {name} meanwhile, and nothing was changed; run this again when they pause, or "
            "while the server is stopped."
        )
        self.name = name


def add_rewrite(command: AddCommand) -> None:
    """Adds the command to the command line."""
    rewrite = command("rewrite", "Rewrite a document that has become slow, and keep what it was.", _rewrite)
    rewrite.add_argument("room", type=room_name, metavar="ROOM")
    rewrite.add_argument(
        "--back", type=room_name, metavar="KEPT", help="put back what a rewriting has kept under this name"
    )


async def _rewrite(options: argparse.Namespace) -> None:
    name: str = options.room
    async with opened_store(options) as store:
        room = await existing_room(store, name)
        if options.back is not None:
            kept = await _put_back(store, name, options.back)
            print(f"Put back: {name} is what {options.back} was. What it was since is kept as {kept}.")
            return
        if is_kept(name):
            raise AlreadyKept(name)
        kept = await _begin_anew(store, room)
    print(
        f"What it was is kept as {kept}: `cowrite-server rewrite {name} --back {kept}` puts it back, and "
        f"`cowrite-server forget {kept}` removes it.\n"
        "Whoever had it open keeps their copy, and opens the document again with the link that they have."
    )


async def _put_back(store: Store, name: str, aside: str) -> str:
    """Puts what a room was in its place; gives the name of the room that keeps what it was since."""
    now = milliseconds_now()
    try:
        return await store.put_back(name, aside, now)
    except StoreFailed:  # perhaps while it said that it was done, which shows where it is done again
        try:
            return await store.put_back(name, aside, now)
        except NoSuchRoom:
            kept = aside_name(name, now)
            if await store.find_room(kept) is None:
                raise
            return kept


async def _begin_anew(store: Store, room: RoomRecord) -> str:
    """Has a room's log begin anew; gives the name of the room that keeps what it was."""
    from cowrite_server.rooms.rewriting import beginning

    for _ in range(_ATTEMPTS):
        now = milliseconds_now()
        made = beginning(room, await store.read_history(room.id), now)
        kept = await _begun(store, room, made, now)
        if kept:
            print(f"Rewritten: {room.name}. To read it takes {made.seconds:.2f} s; before, {made.before:.2f} s.")
            if made.lacks:
                hint("Changes that still waited for others are in what is kept alone.")
            return kept
    raise RoomBusy(room.name)


async def _begun(store: Store, room: RoomRecord, made: Beginning, now: int) -> str:
    """The same, with what was made of it; empty where people went on writing."""
    begin = partial(store.begin_anew, room, made.last, made.snapshot, made.moment, now)
    try:
        return await begin()
    except StoreFailed:  # as above
        try:
            return await begin()
        except BegunAnew as error:
            if error.kept != aside_name(room.name, now):
                raise
            return error.kept
