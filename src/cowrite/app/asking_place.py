"""Asking where a file is to go.

Runs on the GUI thread.
"""

from __future__ import annotations

from pathlib import Path

from PySide6 import QtWidgets


def ask_place(parent: QtWidgets.QWidget, title: str, offered: Path, kind: str) -> Path | None:
    """Asks where a file is to go; None where the person does not want it any more.

    A name without an ending gets that of the offered one, so that other programs know what it is; but not where a file
    is called so already, because the person has been asked only whether the shorter name may be replaced.

    Args:
        parent: the window that asks.
        title: of the dialog.
        offered: folder and name, with the ending.
        kind: what such files are called.
    """
    ending = offered.suffix
    chosen, _ = QtWidgets.QFileDialog.getSaveFileName(parent, title, str(offered), f"{kind} (*{ending})")
    if not chosen:
        return None
    path = Path(chosen)
    ended = path.with_name(f"{path.name}{ending}")
    return path if path.suffix or ended.exists() else ended
