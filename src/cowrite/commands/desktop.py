"""The command `cowrite desktop`: into the menu of programs of a Linux desktop, and out of it; no Qt."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from cowrite.commands.terminal import carried_out
from cowrite.desktop_menu import DesktopMenu


def main(argv: Sequence[str]) -> int:
    """Carries out `cowrite desktop …`: 0 when it was done, 1 when it could not be, 2 on wrong use."""
    parser = argparse.ArgumentParser(
        "cowrite desktop",
        description="Puts cowrite into the desktop's menu of programs, so that its documents and links open with it.",
    )
    parser.add_argument("command", choices=("install", "uninstall"), help="puts it there, or takes it out again")
    return carried_out(_install if parser.parse_args(argv).command == "install" else _uninstall)


def _install() -> None:
    missing = DesktopMenu.of(os.environ).put_in()
    if missing:  # said apart, where the preferences hear it too
        what = f"{' and '.join(missing)}: install that, and do this again."
        print(f"cowrite is in the menu of programs now. Its documents and links open with it once there is {what}",
              file=sys.stderr)  # fmt: skip
    else:
        print("cowrite is in the menu of programs now, and its documents and links open with it.")
    print("`cowrite desktop uninstall` takes it out again.")


def _uninstall() -> None:
    DesktopMenu.of(os.environ).take_out()
    print("cowrite is not in your menu of programs any more. Your documents stay where they are.")
