"""The command line: the commands of `serve`, `people`, `upkeep`, `rewrite`, `forget` and `move`.

Exit status 0 on success, 2 on wrong use, 1 otherwise; what went wrong is one sentence on stderr.
"""

from __future__ import annotations

import argparse
import asyncio
import errno
import io
import logging
import os
import sys
from collections.abc import Sequence
from functools import cache
from typing import NoReturn

from cowrite_server import __version__
from cowrite_server.commands.forget import add_forget
from cowrite_server.commands.move import add_move
from cowrite_server.commands.people import add_people
from cowrite_server.commands.rewrite import add_rewrite
from cowrite_server.commands.store import PLACE, Work, hint
from cowrite_server.commands.upkeep import add_upkeep
from cowrite_server.errors import ServerError, TooFewFiles
from cowrite_server.output import full_sentence, is_unheard, print_no_more
from cowrite_server.settings.configuration import add_flags, unknown_variables
from cowrite_server.wrong_use import WrongUse


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; gives its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A name may hold what the terminal's encoding lacks. A file is for all letters, where Windows would have
            # those of a code page, such as cp1252, in it.
            is_page = stream.encoding.startswith("cp") and not stream.isatty()
            stream.reconfigure(encoding="utf-8" if is_page else None, errors="backslashreplace")
    # The store says once that the database is away; the library would say it several times a second, in two lines.
    logging.getLogger("psycopg").setLevel(logging.ERROR)
    parser = _parser()
    try:
        options, unknown = parser.parse_known_args(arguments)
        if unknown:
            options.refuse(f"unrecognized arguments: {' '.join(unknown)}")
    except SystemExit as error:  # argparse's way to end: 0 after --help, 2 on wrong use
        return int(error.code or 0)
    for sentence in unknown_variables(os.environ):
        hint(sentence)
    try:
        work = options.work(options)
        if work is not None:
            asyncio.run(work)
        print(end="", flush=True)  # which, unlike a flush, works where there is no output at all
    except ServerError as error:
        print(f"cowrite-server: {error}", file=sys.stderr)
        return 2 if isinstance(error, WrongUse) else 1
    except ModuleNotFoundError as error:  # the package is found, and what it needs may be closed to this user
        print(
            f"cowrite-server: The package {error.name} is not installed, or this user may not read it; install "
            "cowrite-server again as the host's guide says.",
            file=sys.stderr,
        )
        return 1
    except KeyboardInterrupt:
        print(
            "cowrite-server: The command was interrupted and may not have done its work; run it again.", file=sys.stderr
        )
        return 1
    except OSError as error:
        if error.errno in (errno.EMFILE, errno.ENFILE):
            print(f"cowrite-server: {TooFewFiles()}", file=sys.stderr)
            return 1
        full = full_sentence(error)
        if full is None and not is_unheard(error):
            raise
        print_no_more()
        if full is not None:
            print(f"cowrite-server: {full}", file=sys.stderr)
        return 1
    return 0


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"cowrite-server: {message}; `{self.prog} --help` tells more.\n")


@cache
def _parser() -> argparse.ArgumentParser:
    """The whole command line; made once, for a program that runs several commands."""
    parser = _Parser(
        prog="cowrite-server", description="The sync server of cowrite: relays and keeps shared documents."
    )
    parser.add_argument("--version", action="version", version=f"cowrite-server {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, text: str, work: Work) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=text, description=text, allow_abbrev=False)
        made.set_defaults(work=work, refuse=made.error)
        if name != "move":  # which is told two places
            add_flags(made, None if name == "serve" else PLACE)
        return made

    command("serve", "Run the server until it is told to stop.", _serve)
    add_people(command)
    add_upkeep(command)
    add_rewrite(command)
    add_forget(command)
    add_move(command)
    return parser


def _serve(options: argparse.Namespace) -> None:
    from cowrite_server.commands.serve import serve  # the other commands need not wait for the server to be loaded

    serve(options)
