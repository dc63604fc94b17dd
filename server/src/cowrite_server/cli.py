"""The command line: `cowrite-server serve | invite | invites | revoke`.

Exit status 0 on success, 2 on wrong use, 1 otherwise; what went wrong is one sentence on stderr.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

from cowrite_server import __version__
from cowrite_server.configuration import add_flags, read_settings, settings_of
from cowrite_server.database import open_database
from cowrite_server.errors import (
    BadAddress,
    BadRoomName,
    BadSetting,
    ClearTextBeyondLoopback,
    ConfigurationUnreadable,
    MissingSetting,
    OpenBeyondLoopback,
    ServerError,
    UnknownSetting,
)
from cowrite_server.folder import running_server
from cowrite_server.invites import address, create_invite, ensure_room, link, list_invites, withdraw
from cowrite_server.logs import write_logs
from cowrite_server.protocol import ROOM_NAME, Role
from cowrite_server.server import Server
from cowrite_server.settings import DEFAULT_PORT, Settings

_WRONG_USE = (
    BadAddress,
    BadRoomName,
    BadSetting,
    ClearTextBeyondLoopback,
    ConfigurationUnreadable,
    MissingSetting,
    OpenBeyondLoopback,
    UnknownSetting,
)
_FOLDER = frozenset({"data"})


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; gives its exit status."""
    parser = _parser()
    try:
        options = parser.parse_args(arguments)
    except SystemExit as error:  # argparse's way to end: 0 after --help, 2 on wrong use
        return int(error.code or 0)
    try:
        return int(options.run(options))
    except ServerError as error:
        print(f"cowrite-server: {error}", file=sys.stderr)
        return 2 if isinstance(error, _WRONG_USE) else 1
    except KeyboardInterrupt:
        return 1


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
        add_flags(made, None if name == "serve" else _FOLDER)
        return made

    serve = command("serve", "Run the server until it is told to stop.")
    serve.set_defaults(run=_serve)

    invite = command("invite", "Print a link that lets people into a room; makes the room if there is none.")
    invite.add_argument("room", metavar="ROOM")
    invite.add_argument(
        "--role", type=Role, choices=list(Role), default=Role.EDITOR, help="what they may do (default %(default)s)"
    )
    invite.add_argument("--url", help="address under which they reach the server, ws://HOST:PORT or wss://HOST:PORT")
    invite.set_defaults(run=_invite)

    invites = command("invites", "List the invites of a room.")
    invites.add_argument("room", metavar="ROOM")
    invites.set_defaults(run=_invites)

    revoke = command("revoke", "Withdraw invites of a room and cut off those who came by them.")
    revoke.add_argument("room", metavar="ROOM")
    revoke.add_argument(
        "invite", nargs="+", type=_which, metavar="ID", help="number of an invite as `invites` lists it, or `all`"
    )
    revoke.set_defaults(run=_revoke)
    return parser


def _which(text: str) -> int | None:
    return None if text == "all" else int(text)


def _folder(options: argparse.Namespace) -> Path:
    folder: Path = read_settings(vars(options), os.environ, _FOLDER)["data"]
    return folder


def _now() -> int:
    return time.time_ns() // 1_000_000


def _serve(options: argparse.Namespace) -> int:
    settings = settings_of(read_settings(vars(options), os.environ))
    write_logs(settings.log_format, settings.log_level)
    try:
        import uvloop  # not there on Windows

        factory = uvloop.new_event_loop
    except ImportError:
        factory = None
    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(_run(settings))
    return 0


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


def _invite(options: argparse.Namespace) -> int:
    if not ROOM_NAME.fullmatch(options.room):
        raise BadRoomName(options.room)
    folder = _folder(options)
    url = options.url or running_server(folder) or address("127.0.0.1", DEFAULT_PORT, tls=False)
    link(url, options.room, "")  # refuses a bad address before anything is made
    with closing(open_database(folder)) as connection:
        room = ensure_room(connection, options.room, _now())
        _, secret = create_invite(connection, room, options.role, _now())
    print(link(url, options.room, secret))
    return 0


def _invites(options: argparse.Namespace) -> int:
    with closing(open_database(_folder(options), make=False)) as connection:
        for invite in list_invites(connection, options.room):
            state = "good" if invite.withdrawn is None else f"withdrawn {_date(invite.withdrawn)}"
            print(f"{invite.id:>4}  {invite.role.value:<8}  made {_date(invite.created)}  {state}")
    return 0


def _revoke(options: argparse.Namespace) -> int:
    with closing(open_database(_folder(options), make=False)) as connection:
        gone = withdraw(connection, options.room, None if None in options.invite else options.invite, _now())
    names = ", ".join(str(number) for number in gone)
    print(f"Withdrawn: {names}." if gone else "Nothing to withdraw: these invites were withdrawn before.")
    return 0


def _date(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%Y-%m-%d %H:%M")
