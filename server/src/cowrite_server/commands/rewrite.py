"""The command `cowrite-server rewrite`: a document that has become slow begins anew, without what makes it slow.

Works beside a running server, which closes the connections to the room within a quarter of a second.
"""

from __future__ import annotations

import argparse

from cowrite_server.commands.store import AddCommand, existing_room, hint, milliseconds_now, opened_store, room_name
from cowrite_server.errors import AlreadyKept, RoomBusy
from cowrite_server.store.records import RoomRecord
from cowrite_server.store.rewriting import is_kept
from cowrite_server.store.store import Store

_ATTEMPTS = 5


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
            kept = await store.put_back(name, options.back, milliseconds_now())
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


async def _begin_anew(store: Store, room: RoomRecord) -> str:
    """Has a room's log begin anew; gives the name of the room that keeps what it was."""
    from cowrite_server.rooms.rewriting import beginning

    for _ in range(_ATTEMPTS):
        now = milliseconds_now()
        made = beginning(room, await store.read_history(room.id), now)
        kept = await store.begin_anew(room, made.last, made.snapshot, made.moment, now)
        if kept:
            print(f"Rewritten: {room.name}. To read it takes {made.seconds:.2f} s; before, {made.before:.2f} s.")
            if made.lacks:
                hint("Changes that still waited for others are in what is kept alone.")
            return kept
    raise RoomBusy(room.name)
