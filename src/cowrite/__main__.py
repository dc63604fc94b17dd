"""The command `cowrite`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path

from cowrite import __version__
from cowrite.errors import CowriteError
from cowrite.own_process import FLAG, run_module

USAGE = """
  cowrite [FILE | LINK ...]      opens documents, also those that somebody shares
  cowrite two                    opens two windows with one document on a server, to try it on your own
  cowrite demo --out DIR         shows cowrite by itself: pictures and files in DIR
  cowrite assist TASK [FILE]     the assistant without the window: continue, rewrite, ask, summarise …
  cowrite models COMMAND         the assistant's models: list, pull, add, measure, verify, remove
  cowrite doctor [--json]        says what is missing on this computer, and the command that helps
  cowrite desktop install        puts cowrite into the desktop's menu of programs; uninstall takes it out"""


def main(argv: Sequence[str] | None = None) -> int:
    """Runs cowrite.

    Args:
        argv: the arguments; those of the process where left out.

    Returns:
        0 on success, 2 on wrong use, 1 otherwise.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    if sys.stderr is None:  # it is closed; print would put what goes there among the results
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115, as long as the process
    commands = {
        "assist": _assist,
        "desktop": _desktop,
        "doctor": _doctor,
        "demo": _demo,
        "models": _models,
        "two": _two,
        FLAG: run_module,
    }
    command = commands.get(arguments[0]) if arguments else None
    if sys.stdout is None and command in (_assist, _doctor, _models):
        print("cowrite: The standard output is closed, so the result has nowhere to go.", file=sys.stderr)
        return 1
    if isinstance(sys.stdout, TextIOWrapper):
        # As the texts are that come in, where a pipe on Windows takes less; names of files as they are.
        sys.stdout.reconfigure(encoding="utf-8", errors="surrogateescape")
    try:
        status = command(arguments[1:]) if command else _write(arguments)
        if sys.stdout:
            sys.stdout.flush()
    except ImportError as error:
        if not error.path:  # a module that is not there, in place of one that this system cannot load
            raise
        cause = str(error).rstrip(".")
        print(f"cowrite cannot start on this computer: {cause}. `cowrite doctor` says what mends it.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 1
    except CowriteError as error:
        print(f"cowrite: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        from cowrite_server.output import full_sentence, is_unheard, print_no_more

        sentence = full_sentence(error)
        if sentence is None and not is_unheard(error):
            raise
        print_no_more()
        if sentence is not None:
            print(f"cowrite: {sentence}", file=sys.stderr)
        return 1
    return status


def _write(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser("cowrite", usage=USAGE, description="Write together.")
    parser.add_argument("what", nargs="*", metavar="FILE | LINK", help="documents, or links to shared ones")
    parser.add_argument("--new", action="store_true", help="start an empty document")
    parser.add_argument("--version", action="version", version=f"cowrite {__version__}")
    chosen = parser.parse_args(arguments)
    import cowrite.app.start.before_qt  # noqa: F401
    from cowrite.app.start.run import run

    return run(os.environ, chosen.what, new=chosen.new)


def _doctor(arguments: list[str]) -> int:
    from cowrite.doctor import main as doctor

    return int(doctor(arguments))


def _desktop(arguments: list[str]) -> int:
    from cowrite.commands.desktop import main as desktop

    return desktop(arguments)


def _assist(arguments: list[str]) -> int:
    from cowrite.commands.assist import main as assist

    return assist(arguments)


def _models(arguments: list[str]) -> int:
    from cowrite.commands.models import main as models

    return models(arguments)


def _demo(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        "cowrite demo", description="Lets two windows and a server work by themselves, and keeps pictures of it."
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where pictures and files go")
    parser.add_argument(
        "--session", action="store_true", help="three windows instead, which go from a question to a decision"
    )
    chosen = parser.parse_args(arguments)
    import PySide6.QtWidgets  # noqa: F401  # what this system lacks is said here, and not by each window

    from cowrite.demo import demo, meeting

    return (meeting if chosen.session else demo)(chosen.out)


def _two(arguments: list[str]) -> int:
    argparse.ArgumentParser("cowrite two", description="Starts a server and two windows with one document.").parse_args(
        arguments
    )
    import PySide6.QtWidgets  # noqa: F401  # as for the demo

    from cowrite.app.start.two import two

    return two()


if __name__ == "__main__":
    sys.exit(main())
