"""The command line: `cowrite-server serve | invite | invites | revoke`, and those of `cli_upkeep`.

Exit status 0 on success, 2 on wrong use, 1 otherwise; what went wrong is one sentence on stderr.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import NoReturn

from cowrite_server import __version__
from cowrite_server.cli_upkeep import PLACE, add_upkeep, store_address
from cowrite_server.configuration import add_flags, read_settings, settings_of
from cowrite_server.errors import (
    BadAddress,
    BadBusAddress,
    BadRoomName,
    BadSetting,
    BadStoreAddress,
    ClearTextBeyondLoopback,
    ConfigurationUnreadable,
    MissingSetting,
    OpenBeyondLoopback,
    ServerError,
    UnknownSetting,
)
from cowrite_server.invites import address, create_invite, link
from cowrite_server.logs import write_logs
from cowrite_server.protocol import ROOM_NAME, Role
from cowrite_server.server import Server
from cowrite_server.settings import DEFAULT_PORT, Settings
from cowrite_server.store.opening import open_store
from cowrite_server.store.store import Store

_WRONG_USE = (
    BadAddress,
    BadBusAddress,
    BadRoomName,
    BadSetting,
    BadStoreAddress,
    ClearTextBeyondLoopback,
    ConfigurationUnreadable,
    MissingSetting,
    OpenBeyondLoopback,
    UnknownSetting,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; gives its exit status."""
    parser = _parser()
    try:
        options = parser.parse_args(arguments)
    except SystemExit as error:  # argparse's way to end: 0 after --help, 2 on wrong use
        return int(error.code or 0)
    try:
        options.run(options)
    except ServerError as error:
        print(f"cowrite-server: {error}", file=sys.stderr)
        return 2 if isinstance(error, _WRONG_USE) else 1
    except KeyboardInterrupt:
        return 1
    return 0


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"cowrite-server: {message}; `{self.prog} --help` tells more.\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="cowrite-server", description="The sync server of cowrite: relays and keeps shared documents."
    )
    parser.add_argument("--version", action="version", version=f"cowrite-server {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, text: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=text, description=text, allow_abbrev=False)
        add_flags(made, None if name == "serve" else PLACE)
        return made

    serve = command("serve", "Run the server until it is told to stop.")
    serve.set_defaults(run=_serve)

    invite = command("invite", "Print a link that lets people into a room; makes the room if there is none.")
    invite.add_argument("room", metavar="ROOM")
    invite.add_argument(
        "--role", type=Role, choices=list(Role), default=Role.EDITOR, help="what they may do (default %(default)s)"
    )
    invite.add_argument("--url", help="address under which they reach the server, ws://HOST:PORT or wss://HOST:PORT")
    invite.set_defaults(run=lambda options: asyncio.run(_invite(options)))

    invites = command("invites", "List the invites of a room.")
    invites.add_argument("room", metavar="ROOM")
    invites.set_defaults(run=lambda options: asyncio.run(_invites(options)))

    revoke = command("revoke", "Withdraw invites of a room and cut off those who came by them.")
    revoke.add_argument("room", metavar="ROOM")
    revoke.add_argument(
        "invite", nargs="+", type=_which, metavar="ID", help="number of an invite as `invites` lists it, or `all`"
    )
    revoke.set_defaults(run=lambda options: asyncio.run(_revoke(options)))
    add_upkeep(command)
    return parser


def _which(text: str) -> int | None:
    return None if text == "all" else int(text)


def _now() -> int:
    return time.time_ns() // 1_000_000


def _serve(options: argparse.Namespace) -> None:
    settings = settings_of(read_settings(vars(options), os.environ))
    write_logs(settings.log_format, settings.log_level)
    try:
        import uvloop  # not there on Windows

        factory = uvloop.new_event_loop
    except ImportError:
        factory = None
    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(_run(settings))


async def _run(settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, stop.set)
        except NotImplementedError:  # on Windows
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
    server = await Server.start(settings)
    try:
        print(f"cowrite-server is listening on {server.url}", flush=True)
        if server.metrics_port is not None:
            print(f"Health and metrics are on port {server.metrics_port}.", flush=True)
        await stop.wait()
    finally:
        await server.close()


@asynccontextmanager
async def _store(options: argparse.Namespace, *, make: bool = False) -> AsyncIterator[Store]:
    address = store_address(options)
    store = await open_store(address, make=make)
    try:
        yield store
    finally:
        await store.close()


async def _invite(options: argparse.Namespace) -> None:
    if not ROOM_NAME.fullmatch(options.room):
        raise BadRoomName(options.room)
    if options.url is not None:
        link(options.url, options.room, "")  # refuses a bad address before anything is made
    async with _store(options, make=True) as store:
        url = options.url or await store.announced() or address("127.0.0.1", DEFAULT_PORT, tls=False)
        print(link(url, options.room, await create_invite(store, options.room, options.role, _now())))


async def _invites(options: argparse.Namespace) -> None:
    async with _store(options) as store:
        for invite in await store.list_invites(options.room):
            state = "good" if invite.withdrawn is None else f"withdrawn {_date(invite.withdrawn)}"
            print(f"{invite.id:>4}  {invite.role.value:<8}  made {_date(invite.created)}  {state}")


async def _revoke(options: argparse.Namespace) -> None:
    async with _store(options) as store:
        gone = await store.withdraw(options.room, None if None in options.invite else options.invite, _now())
    names = ", ".join(str(number) for number in gone)
    print(f"Withdrawn: {names}." if gone else "Nothing to withdraw: these invites were withdrawn before.")


def _date(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%Y-%m-%d %H:%M")
