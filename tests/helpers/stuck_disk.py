"""Somebody types while the disk does nothing more (`python -m helpers.stuck_disk`): says so, and waits to be killed."""

from __future__ import annotations

import os
import sys
import threading

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cowrite.app.application import Application
from cowrite.app.start.run import make_qt_application
from cowrite.paths import Paths
from helpers.desk import write


def main() -> int:
    """Types and rubs out in a new draft; prints its path once the keys are pressed."""
    app = make_qt_application()
    application = Application(app, Paths.of(os.environ))
    draft = application.documents.new()
    assert draft is not None
    write(draft, "saved ")
    draft.saved.write()
    application.storage.run(threading.Event().wait)  # as an fsync that does not return
    write(draft, "and more~")
    QTest.keyClick(draft.editor, Qt.Key.Key_Backspace)
    print(draft.path, flush=True)
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
