"""Asking in which encoding a file of another program is.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QWidget

from cowrite.convert.encodings import ENCODINGS, read_as
from cowrite.convert.errors import UnknownEncoding
from cowrite.gui.dialog_parts import open_dialog
from cowrite.gui.encoding_dialog import EncodingDialog


def ask_encoding(error: UnknownEncoding, parent: QWidget | None, then: Callable[[Path, str], object]) -> EncodingDialog:
    """Asks, and opens the file.

    Args:
        error: says which file, and what is known of it.
        parent: the window in front.
        then: is called with the file and the encoding that the person has chosen.
    """
    lines, likely = error.sample
    encodings = [(name, ENCODINGS[name]) for name in likely]
    dialog = EncodingDialog(error.path.name, encodings, partial(read_as, lines), parent)
    dialog.chosen.connect(partial(then, error.path))
    open_dialog(dialog)
    return dialog
