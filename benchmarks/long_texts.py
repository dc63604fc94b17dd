"""Measures how long the GUI thread is held while a very long text is opened and one writes in it at once: cowrite's
page beside a bare QTextEdit.

`python benchmarks/long_texts.py [--characters N] [--rounds N] [--json]`; what the figures mean is in
benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import sys
from collections.abc import Callable, Iterator, Sequence
from time import perf_counter
from typing import Any

from arguments import at_least
from editor import HEIGHT, WIDTH, bare_like, prose, remote_updates
from pages import application, bound_editor, founded, joined_document
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QTextEdit

from cowrite.gui.page.editor import Editor

SETTLED = 0.5  # seconds without a longer absence than usual, after which all is done
USUAL = 0.003  # seconds
MATE = 50  # milliseconds from one change of a teammate to the next
CHANGES = 60  # that a teammate makes


class Heart(QObject):
    """Beats with each turn of the event loop, and knows how long it has not."""

    def __init__(self) -> None:
        super().__init__()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._beat)
        self._timer.start(0)
        self.longest = 0.0
        """Longest time from one beat to the next, in seconds."""
        self.worked = self._last = perf_counter()
        """When a turn took long the last time."""

    def stop(self) -> None:
        """Beats no more."""
        self._timer.stop()

    def _beat(self) -> None:
        now = perf_counter()
        if now - self._last > USUAL:
            self.longest, self.worked = max(self.longest, now - self._last), now
        self._last = now


class FirstPaint(QObject):
    """Knows when a page has painted a text that has what is wanted."""

    def __init__(self, page: QTextEdit, is_there: Callable[[], bool]) -> None:
        super().__init__()
        self._is_there = is_there
        self.at = 0.0
        page.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notes a paint event, which Qt handles next."""
        if not self.at and event.type() is QEvent.Type.Paint and self._is_there():
            self.at = perf_counter()
        return False


def press(page: QTextEdit, key: Qt.Key, text: str = "", modifier: Qt.KeyboardModifier | None = None) -> None:
    """One key, as its widget gets it."""
    held = Qt.KeyboardModifier.NoModifier if modifier is None else modifier
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        application().sendEvent(page, QKeyEvent(kind, key, held, text))


def begins_with_x(page: QTextEdit) -> bool:
    """Whether the letter that is typed is there."""
    return page.document().characterAt(0) == "x"


def type_x(page: QTextEdit) -> Callable[[], bool]:
    """Types a letter at the beginning."""
    press(page, Qt.Key.Key_X, "x")
    return lambda: begins_with_x(page)


def go_to_end(page: QTextEdit) -> Callable[[], bool]:
    """Goes to the end of all."""
    press(page, Qt.Key.Key_End, modifier=Qt.KeyboardModifier.ControlModifier)
    return lambda: page.textCursor().atEnd() and page.textCursor().position() > 0


def resize_and_type(page: QTextEdit) -> Callable[[], bool]:
    """Makes the page narrower, and types a letter while it is laid out anew."""
    page.resize(WIDTH // 2, HEIGHT)
    application().processEvents()
    return type_x(page)


ACTS: dict[str, tuple[Callable[[QTextEdit], Callable[[], bool]] | None, bool]] = {
    "opened": (None, False),
    "a letter at once": (type_x, False),
    "to the end at once": (go_to_end, False),
    "narrower, and a letter": (resize_and_type, True),
    "a teammate writes": (None, False),
}
"""What is done, and whether all of the text is there and laid out before."""


def measured(
    make: Callable[[], QTextEdit],
    act: Callable[[QTextEdit], Callable[[], bool]] | None,
    *,
    is_late: bool,
    write: Callable[[], None] | None,
) -> dict[str, float]:
    """Opens a page, does something there, and waits until nothing more happens.

    Args:
        make: opens it, and shows it.
        act: what is done, which gives whether its outcome is there.
        is_late: whether it is done once all is laid out.
        write: what a teammate does every 50 ms, for three seconds.

    Returns:
        Seconds: until the page is painted (`page`), from the act until its outcome is painted (`act`), and the longest
        absence of the event loop from then on (`longest`), or since the page was made.
    """
    app = application()
    begun = perf_counter()
    page = make()
    app.processEvents()
    row = {"page": perf_counter() - begun}
    if is_late:
        page.document().documentLayout().documentSize()
        quiet(Heart())
    heart = Heart()
    mate = QTimer()
    if write is not None:
        mate.timeout.connect(write)
        mate.start(MATE)
    if act is not None:
        begun = perf_counter()
        paint = FirstPaint(page, act(page))
        page.viewport().update()
        while not paint.at:
            app.processEvents()
        row["act"] = perf_counter() - begun
    quiet(heart)
    mate.stop()
    row["longest"] = heart.longest
    page.close()
    page.deleteLater()
    app.sendPostedEvents(page, QEvent.Type.DeferredDelete.value)
    return row


def quiet(heart: Heart) -> None:
    """Turns the event loop until nothing takes long any more."""
    while perf_counter() - heart.worked < SETTLED:
        application().processEvents()
    heart.stop()


def run(characters: int, rounds: int) -> Iterator[dict[str, Any]]:
    """Measures each act on both pages, by turns; gives a row for each, with medians of the rounds."""
    app = application()
    text = prose(characters)
    state = founded(text)
    updates = list(remote_updates(state, characters // 2, CHANGES))
    like = bound_editor(joined_document(founded("")))
    like.resize(WIDTH, HEIGHT)

    for name, (act, is_late) in ACTS.items():
        found: dict[str, list[dict[str, float]]] = {"cowrite": [], "bare": []}
        for _ in range(rounds):
            document, coming = joined_document(state), iter(updates)

            def write(document: Any = document, coming: Iterator[bytes] = coming) -> None:
                if (update := next(coming, None)) is not None:
                    document.apply_remote(update)

            def make(document: Any = document) -> Editor:
                editor = bound_editor(document)
                return shown(editor)

            mate = name == "a teammate writes"
            gc.collect()
            found["cowrite"].append(measured(make, act, is_late=is_late, write=write if mate else None))
            if not mate:
                gc.collect()
                bare = measured(lambda: shown(bare_like(like, text)), act, is_late=is_late, write=None)
                found["bare"].append(bare)
        for who, rows in found.items():
            if rows:
                middle = {key: round(1000 * statistics.median(row[key] for row in rows), 1) for key in rows[0]}
                yield {"what": name, "page_of": who, **{f"{key}_ms": value for key, value in middle.items()}}
    like.deleteLater()
    app.processEvents()


def shown(page: QTextEdit) -> Any:
    """Shows a page."""
    page.resize(WIDTH, HEIGHT)
    page.show()
    page.activateWindow()
    page.setFocus()
    return page


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command."""
    parser = argparse.ArgumentParser(description="Measure how long a long text holds the GUI thread.")
    parser.add_argument("--json", action="store_true", help="print the rows as JSON")
    parser.add_argument("--characters", type=at_least(1000), default=10_000_000, metavar="N", help="length of the text")
    parser.add_argument(
        "--rounds", type=at_least(1), default=3, help="how often each is measured (default %(default)s)"
    )
    options = parser.parse_args(arguments)
    rows = []
    for row in run(options.characters, options.rounds):
        rows.append(row)
        if not options.json:
            print(*(f"{name}={value}" for name, value in row.items()), flush=True)
    if options.json:
        print(json.dumps(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
