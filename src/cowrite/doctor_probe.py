"""What `cowrite doctor` tries in a process of its own, for it may end the process that tries it: Qt and the engine."""

from __future__ import annotations

import ctypes
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

QT, ENGINE = "qt", "engine"

# The plugin that opens windows, by sys.platform and by what the findings call it.
PLATFORM_PLUGINS: Mapping[str, Mapping[str, str]] = {
    "linux": {"qt": "libqoffscreen.so", "x11": "libqxcb.so", "wayland": "libqwayland.so"},
    "darwin": {"qt": "libqcocoa.dylib"},
    "win32": {"qt": "qwindows.dll"},
}


def try_qt() -> dict[str, str]:
    """Loads Qt and then the platform plugins into this process; gives the loader's words on each that failed."""
    try:
        from PySide6 import QtCore, QtWidgets  # noqa: F401  # the widgets bring every library that the app needs
    except ImportError as error:
        return {"qt": str(error)}
    folder = Path(QtCore.QLibraryInfo.path(QtCore.QLibraryInfo.LibraryPath.PluginsPath)) / "platforms"
    failures = {}
    for section, name in PLATFORM_PLUGINS.get(sys.platform, {}).items():
        try:
            ctypes.CDLL(str(folder / name))
        except OSError as error:
            failures[section] = str(error)
    return failures


def try_engine() -> str:
    """Loads the engine into this process; gives what it says of itself and of the processor."""
    import llama_cpp

    said: bytes = llama_cpp.llama_print_system_info()
    return said.decode()


def main(arguments: Sequence[str]) -> int:
    """Tries QT or ENGINE, and prints as JSON what came of it."""
    (subject,) = arguments
    print(json.dumps({QT: try_qt, ENGINE: try_engine}[subject]()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
