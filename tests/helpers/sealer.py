"""Somebody who seals notes in a real application of their own (`python -m helpers.sealer HOME LINK WORD…`).

Joins a document, writes each word as a note of the session that runs there, and leaves the file WRITTEN as soon as the
application has it; then does nothing until it is killed.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from PySide6.QtCore import QTimer

from cowrite.app.application import Application
from cowrite.app.draft.draft import Draft
from cowrite.app.start.run import make_qt_application
from cowrite.core.board.items import Note, Place
from cowrite.paths import HOME_VARIABLE, Paths
from cowrite.storage.settings import Person, Settings, save_settings

WRITTEN = "written"
LOOK = 20  # milliseconds between two looks at what is waited for


def main() -> None:
    """Runs until it is killed."""
    home, link, *words = sys.argv[1:]
    paths = Paths.of({**os.environ, HOME_VARIABLE: home})
    paths.make()
    save_settings(paths.settings, Settings(person=Person("Ada", "#c4314b")))
    app = make_qt_application()
    application = Application(app, paths)
    draft = application.joining.join_text(link)
    assert draft is not None
    timer = QTimer()
    timer.timeout.connect(lambda: _write(draft, words, Path(home) / WRITTEN, timer))
    timer.start(LOOK)
    app.exec()


def _write(draft: Draft, words: list[str], marker: Path, timer: QTimer) -> None:
    brainstorm = draft.brainstorming.brainstorm
    if brainstorm.session is None or not brainstorm.session.seals:
        return
    timer.stop()
    for word in words:
        brainstorm.write([Note("", word, Place(0, 0))])
    draft.storage.run_quickly_now(lambda: None)  # nothing is between the application and the system any more
    marker.touch()


if __name__ == "__main__":
    main()
