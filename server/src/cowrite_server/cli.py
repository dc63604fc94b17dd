"""The command line: `cowrite-server serve`, and the commands of `cli_people` and `cli_upkeep`.

Exit status 0 on success, 2 on wrong use, 1 otherwise; what went wrong is one sentence on stderr.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import signal
import sys
from collections.abc import Sequence
from typing import NoReturn

from cowrite_server import __version__
from cowrite_server.cli_people import add_people
from cowrite_server.cli_store import PLACE, hint
from cowrite_server.cli_upkeep import add_upkeep
from cowrite_server.configuration import add_flags, read_settings, settings_of, unknown_variables
from cowrite_server.errors import (
    BadAddress,
    BadBusAddress,
    BadInvite,
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
from cowrite_server.logs import write_logs
from cowrite_server.settings import Settings

_GARBAGE = 20_000
"""Objects that come into being before it is looked for garbage again; what is no cycle goes at once all the same."""

_WRONG_USE = (
    BadAddress,
    BadBusAddress,
    BadInvite,
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
    for sentence in unknown_variables(os.environ):
        hint(sentence)
    try:
        options.run(options)
        sys.stdout.flush()
    except ServerError as error:
        print(f"cowrite-server: {error}", file=sys.stderr)
        return 2 if isinstance(error, _WRONG_USE) else 1
    except KeyboardInterrupt:
        return 1
    except BrokenPipeError:
        # Whoever read the result has gone; nothing is to be flushed at the end either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
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

    add_people(command)
    add_upkeep(command)
    return parser


def _serve(options: argparse.Namespace) -> None:
    settings = settings_of(read_settings(vars(options), os.environ))
    write_logs(settings.log_format, settings.log_level)
    try:
        import uvloop  # not there on Windows

        factory = uvloop.new_event_loop
    except ImportError:
        factory = None
    with asyncio.Runner(loop_factory=factory) as runner:
        # What waits for the disk is many small objects, none of them garbage, that would be looked through every time.
        gc.freeze()
        gc.set_threshold(_GARBAGE)
        runner.run(_run(settings))


async def _run(settings: Settings) -> None:
    from cowrite_server.server import Server  # which the other commands need not wait for

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
