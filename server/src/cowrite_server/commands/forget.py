"""The command `cowrite-server forget`: a room is removed for good.

Works beside a running server, which closes the connections to the room within half a second.
"""

from __future__ import annotations

import argparse
import sys

from cowrite_server.commands.store import AddCommand, existing_room, hint, opened_store, room_name
from cowrite_server.counting import counted
from cowrite_server.store.store import Store
from cowrite_server.times import milliseconds_now, moment_text
from cowrite_server.wrong_use import NotConfirmed


def add_forget(command: AddCommand) -> None:
    """Adds the command to the command line."""
    forget = command("forget", "Remove a room for good, with its history, members, links and images.", _forget)
    forget.add_argument("room", type=room_name, metavar="ROOM")
    forget.add_argument("--yes", action="store_true", help="do not ask for confirmation; for scripts")


async def _forget(options: argparse.Namespace) -> None:
    name: str = options.room
    async with opened_store(options) as store:
        if await store.find_room(name) is None and await store.was_forgotten(name):
            print(f"The room {name} was removed before.")  # and what it left is wiped once more
        else:
            await existing_room(store, name)
            print(await _description(store, name))
            if not options.yes:
                _confirm(name)
            await store.forget_room(name, milliseconds_now())
            print(f"Removed for good: {name}.", flush=True)
        traces = await store.wipe()
    if traces:
        hint(traces)
    print("Backups, and the copies that people have, still hold what they hold.")


async def _description(store: Store, name: str) -> str:
    """What will be gone, in a sentence."""
    (room,) = [each for each in await store.list_sizes() if each.name == name]
    members = len([each for each in await store.list_members(name) if each.removed is None])
    invites = len([each for each in await store.list_invites(name) if each.withdrawn is None])
    written = "never written in" if room.written is None else f"written in {moment_text(room.written)}"
    return (
        f"The room {name}: {-(-room.bytes // 1000):,} kB with history and images, {counted(members, 'member')}, "
        f"{counted(invites, 'invite')}, {written}."
    )


def _confirm(name: str) -> None:
    """Asks whether it is meant.

    Raises:
        NotConfirmed: it is not, or there is nobody to ask.
    """
    if sys.stdin is None or not sys.stdin.isatty():
        raise NotConfirmed(name, asked=False)
    print("Nothing brings it back. Type its name to remove it: ", end="", flush=True)
    if sys.stdin.readline().strip() != name:
        raise NotConfirmed(name, asked=True)
