"""The command `cowrite-server move`: what one store keeps goes into another one."""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import AsyncExitStack

from cowrite_server.commands.store import AddCommand, room_name
from cowrite_server.errors import NotEmpty, ServerError, StoreFailed, UnsoundData
from cowrite_server.store.opening import open_store, public_address, sqlite_folder

_WIDTH = 60
"""Characters of a line that tells how far it has come."""


class NotLookedOver(ServerError):
    """Everything was moved, and the target could not be read once more."""

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(
            f"Everything was moved to {address}, and compared, but it could not be looked over then: {reason}. Do so "
            "with `cowrite-server verify` before you serve from there."
        )
        self.address = address
        self.reason = reason


def add_move(command: AddCommand) -> None:
    """Adds the command to the command line."""
    move = command("move", "Move everything from one store into another one, which is empty; no server may run.", _move)
    move.add_argument("source", metavar="FROM", help="address of the store: sqlite:DIR or postgresql://HOST/DATABASE")
    move.add_argument("target", metavar="TO", help="address of an empty store, made where it is missing")
    move.add_argument(
        "--without",
        metavar="ROOM",
        type=room_name,
        action="append",
        default=[],
        help="leave this room behind, such as an unsound one; may be given several times",
    )


async def _move(options: argparse.Namespace) -> None:
    from cowrite_server.moving import move
    from cowrite_server.verifying import faults

    address = public_address(options.target)
    async with AsyncExitStack() as stack:
        source = await open_store(options.source, make=False, alone=True)
        stack.push_async_callback(source.close)
        if _place(options.source) == _place(options.target):
            raise NotEmpty(address)
        target = await open_store(options.target, alone=True)
        stack.push_async_callback(target.close)
        try:
            moved = await move(source, target, _tell, options.without)
            _tell("looking over what was moved", 0)
            try:
                found = [fault async for fault in faults(target)]
            except StoreFailed as error:
                raise NotLookedOver(address, error.reason) from error
        finally:
            _tell("", 0)
    for fault in found:
        print(fault.sentence)
    if found:
        raise UnsoundData(address, len(found), "cowrite-server move")
    counts = ", ".join(f"{what} {moved.rows[what]:,}" for what in ("rooms", "members", "updates", "blobs"))
    print(f"Moved to {address}, and compared: {counts}.")
    former = public_address(options.source)
    if left := sorted(set(options.without)):
        which = "it" if len(left) == 1 else "them"
        print(f"Left behind, and in {former} only: {', '.join(left)}. No link opens {which} where the rest is.")
    is_closed = f"could not be closed ({moved.trouble}); nothing was written to it" if moved.trouble else "is as it was"
    print(f"Serve from there now, at the same address as before. {former} {is_closed}.")


def _place(address: str) -> str:
    """A store's address, the same for the same data folder however it is written."""
    return os.path.realpath(sqlite_folder(address)) if address.startswith("sqlite:") else address


def _tell(what: str, rows: int) -> None:
    """Tells on a terminal how far it has come; nothing takes the line away again."""
    if sys.stderr.isatty():
        line = f"{what}: {rows:,}" if rows else what
        print(f"\r{line[:_WIDTH]:<{_WIDTH}}\r", end="", file=sys.stderr, flush=True)
