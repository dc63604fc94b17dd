"""Asking where a file is to go.

Runs on the GUI thread.
"""

from __future__ import annotations

import re
from pathlib import Path

from PySide6 import QtWidgets

_ENDING = re.compile(r"\.(?=\w*[^\W\d_])\w{1,8}")  # that of "Plan 2.0" or "St. Gallen" is none


def ask_place(parent: QtWidgets.QWidget, title: str, offered: Path, kind: str) -> Path | None:
    """Asks where a file is to go; None where the person does not want it any more. See `with_ending`.

    Args:
        parent: the window that asks.
        title: of the dialog.
        offered: folder and name, with the ending.
        kind: what such files are called.
    """
    ending = offered.suffix
    chosen, _ = QtWidgets.QFileDialog.getSaveFileName(parent, title, str(offered), f"{kind} (*{ending})")
    return with_ending(Path(chosen), ending) if chosen else None


def with_ending(path: Path, ending: str) -> Path:
    """A place whose name has an ending, so that other programs know what the file is: this one where it has none.

    But not where a file is called so already, because the person has been asked only whether the shorter name may be
    replaced.
    """
    ended = path.with_name(f"{path.name}{ending}")
    return path if _ENDING.fullmatch(path.suffix) or ended.exists() else ended
