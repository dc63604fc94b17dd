"""`cowrite two`: a server and two windows, to try what writing together is like."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from cowrite.own_process import own_process
from cowrite.paths import HOME_VARIABLE
from cowrite.storage.settings import Person, Settings, save_settings

PEOPLE = (Person("Ada", "#c4314b"), Person("Ben", "#2f5fd0"))
ROOM = "two"


def two() -> int:
    """Starts a server and two windows, each with files of its own in a temporary folder; ends with the windows.

    Returns:
        0 when the windows were closed, 1 when the server did not start.
    """
    windows: list[subprocess.Popen[bytes]] = []
    is_ending = False

    def end(_number: int, _frame: object) -> None:
        nonlocal is_ending
        is_ending = True
        for window in windows:
            window.terminate()

    # Raised in the midst of starting a window, KeyboardInterrupt would leave it behind.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    # On Windows a process may hold its files for a moment after its end.
    with tempfile.TemporaryDirectory(prefix="cowrite-two-", ignore_cleanup_errors=True) as folder:
        command = own_process("cowrite_server", "serve", "--open", "--port", "0", "--data", f"{folder}/server")
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            try:
                assert server.stdout is not None
                line = server.stdout.readline().strip()
                if not line:
                    print("cowrite two: The server did not start.", file=sys.stderr)
                    return 1
                link = f"cowrite://{line.rsplit('/', 1)[1]}/{ROOM}"
                print(f"Two windows write in {link}. Close both to end.")
                command = own_process("cowrite", link)
                for person in PEOPLE:
                    windows.append(subprocess.Popen(command, env=_environment(Path(folder, person.name), person)))
                    if is_ending:
                        windows[-1].terminate()
                for window in windows:
                    window.wait()
            finally:
                server.terminate()
    return 0


def _environment(home: Path, person: Person) -> Mapping[str, str]:
    save_settings(home / "config" / "settings.json", Settings(person=person))
    return {**os.environ, HOME_VARIABLE: str(home)}
