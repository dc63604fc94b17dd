"""Measures a key press until it is painted: cowrite's bound editor beside a bare QTextEdit with the same text.

`python benchmarks/editor.py [--json]`; what the figures mean is in benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import statistics
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import cycle
from time import perf_counter
from typing import Any

from pages import application, bound_editor, founded, joined_document, milliseconds, replace, spare_the_harness
from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QTextEdit

from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin
from cowrite.gui.page.editor import Editor

SIZES = (10_000, 100_000, 1_000_000)
KEYS = 400  # for each widget in each case
BURST = 20  # keys to one widget before the other has its turn
PLACES = 10  # paragraphs around the middle in which the bursts are typed, one after the other
PAUSE = 20  # milliseconds between two keys
PEER_PAUSE = 50  # milliseconds between two characters of the peer: 20 a second
WIDTH, HEIGHT = 900, 700
WORDS = "the draft that we write together has paragraphs of many lengths and a few of them are rather long".split()
TYPED = "typing goes on and on in the middle of a line "


def prose(characters: int, seed: int = 7) -> str:
    """Paragraphs of mixed length, headings and notes of a few words to some of 1,200 characters."""
    chance = random.Random(seed)
    paragraphs: list[str] = []
    length = 0
    while length < characters:
        wanted = chance.choice((30, 80, 250, 400, 400, 600, 1200))
        words = []
        while wanted > 0:
            words.append(chance.choice(WORDS))
            wanted -= len(words[-1]) + 1
        paragraphs.append(" ".join(words))
        length += len(paragraphs[-1]) + 1
    return "\n".join(paragraphs)[:characters]


def places(text: str, about: int, count: int) -> list[int]:
    """Middles of paragraphs of 200 characters or more, from about a position on."""
    found: list[int] = []
    start = text.rfind("\n", 0, about) + 1
    while len(found) < count:
        end = text.find("\n", start)
        if end < 0:
            raise ValueError("the text is too short")
        if end - start >= 200:
            found.append((start + end) // 2)
        start = end + 1
    return found


class Peer(QObject):
    """Somebody else who writes one character after the other into another place, by a timer."""

    def __init__(self, write: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(PEER_PAUSE)
        self._timer.timeout.connect(write)

    def go_on(self) -> None:
        """Writes from now on."""
        self._timer.start()

    def rest(self) -> None:
        """Writes nothing for a while."""
        self._timer.stop()


class Typist:
    """Presses keys in one widget and takes the time."""

    def __init__(self, widget: QTextEdit) -> None:
        self.widget = widget
        self.seconds: list[float] = []
        self._keys = cycle(TYPED)

    def press(self) -> None:
        """One key: from just before the event until what it has changed is painted."""
        character = next(self._keys)
        key = Qt.Key.Key_Space if character == " " else Qt.Key(ord(character.upper()))
        down = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, character)
        up = QKeyEvent(QEvent.Type.KeyRelease, key, Qt.KeyboardModifier.NoModifier, character)
        qt = application()
        begun = perf_counter()
        qt.sendEvent(self.widget, down)
        qt.processEvents()
        self.seconds.append(perf_counter() - begun)
        qt.sendEvent(self.widget, up)


class Paints(QObject):
    """Counts what a widget paints."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Counts, and lets everything pass."""
        self.count += event.type() is QEvent.Type.Paint
        return False


def bare_like(editor: Editor, text: str) -> QTextEdit:
    """A QTextEdit with the same text, font, width and margins as a shown editor."""
    bare = QTextEdit()
    bare.setFrameShape(QTextEdit.Shape.NoFrame)
    bare.setCursorWidth(editor.cursorWidth())
    bare.document().setDefaultFont(editor.document().defaultFont())
    bare.document().setDocumentMargin(0)
    bare.setPlainText(text)
    bare.setUndoRedoEnabled(False)
    bare.resize(WIDTH, HEIGHT)
    bare.setViewportMargins(editor.viewportMargins())
    bare.document().rootFrame().setFrameFormat(editor.document().rootFrame().frameFormat())
    return bare


def dressed_like(editor: Editor, text: str) -> QTextEdit:
    """The same with the editor's line heights and the room between its paragraphs too, which Qt adds up for every block
    behind the key."""
    dressed = bare_like(editor, text)
    cursor = QTextCursor(dressed.document())
    cursor.select(QTextCursor.SelectionType.Document)
    cursor.setBlockFormat(editor.document().begin().blockFormat())
    return dressed


def cursors(widget: QTextEdit, positions: Sequence[int]) -> list[QTextCursor]:
    """A cursor for each position, that stays there while text comes in elsewhere.

    Raises:
        RuntimeError: the widget has less text than that.
    """
    made = []
    for position in positions:
        cursor = QTextCursor(widget.document())
        cursor.setPosition(position)
        if cursor.position() != position:
            raise RuntimeError(f"{type(widget).__name__} does not reach to {position}")
        made.append(cursor)
    return made


def settle(milliseconds_of_quiet: int = 300) -> None:
    """Lets layout that Qt does in the background come to its end."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds_of_quiet, loop.quit)
    loop.exec()


def remote_updates(state: bytes, at: int, count: int) -> Iterator[bytes]:
    """What a peer's document sends while it types `count` characters at a place."""
    peer = MendedDocument(clock=milliseconds)
    peer.apply_update(state, Origin.STORAGE)
    sent: list[bytes] = []
    peer.observe_updates(lambda update: sent.append(update[0]))
    for step, character in zip(range(count), cycle(TYPED), strict=False):
        with peer.edit(Origin.LOCAL) as edit:
            edit.insert(at + step, character)
    return iter(sent)


class Desk:
    """The widgets with one text, shown, the caret in the middle, and a peer for each."""

    def __init__(self, characters: int, keys: int) -> None:
        text = prose(characters)
        state = founded(text)
        self.document = joined_document(state)
        self.bound = bound_editor(self.document)
        self.bound.resize(WIDTH, HEIGHT)
        self.bound.show()
        self.bare = bare_like(self.bound, text)
        self.dressed = dressed_like(self.bound, text)
        self.widgets = (self.bare, self.bound, self.dressed)
        for widget in self.widgets[::2]:
            widget.show()
        self.bound.select_all()  # or a place in the middle might not be on the page yet
        self._cursors = {
            widget: cursors(widget, places(text, len(text) // 2 - 2000, PLACES)) for widget in self.widgets
        }
        (other,) = places(text, len(text) // 8, 1)
        # A burst of 20 keys lasts at least 400 ms; ten times that is plenty for the peer.
        self._updates = remote_updates(state, other, 10 * keys * PAUSE // PEER_PAUSE)
        self._letters = cycle(TYPED)
        self._others = {widget: cursors(widget, (other,))[0] for widget in (self.bare, self.dressed)}
        self.peers = {
            self.bound: Peer(self._write_bound, self.bound),
            self.bare: Peer(lambda: self._write(self.bare), self.bare),
            self.dressed: Peer(lambda: self._write(self.dressed), self.dressed),
        }
        for widget in self.widgets:
            widget.document().documentLayout().documentSize()  # finishes the layout
        settle(1000)

    def sit_down(self, widget: QTextEdit, place: int) -> None:
        """Puts the caret of a widget into one of the places, in the middle of what is seen."""
        widget.activateWindow()
        widget.setFocus()
        cursor = widget.textCursor()
        cursor.setPosition(self._cursors[widget][place].position())
        widget.setTextCursor(cursor)
        bar = widget.verticalScrollBar()
        bar.setValue(bar.value() + widget.cursorRect().center().y() - HEIGHT // 2)
        settle(100)

    def close(self) -> None:
        """Ends it."""
        for widget in self.widgets:
            widget.close()
            widget.deleteLater()
        settle(1)

    def _write_bound(self) -> None:
        self.document.apply_remote(next(self._updates))

    def _write(self, widget: QTextEdit) -> None:
        other = self._others[widget]
        replace(other, other.position(), 0, next(self._letters))


def check_painting(desk: Desk) -> None:
    """Makes sure that a key is painted when `Typist.press` returns.

    Raises:
        RuntimeError: it is not.
    """
    for widget in desk.widgets:
        paints = Paints()
        desk.sit_down(widget, 0)
        widget.viewport().installEventFilter(paints)
        typist = Typist(widget)
        for number in range(1, 6):
            typist.press()
            if paints.count < number:
                raise RuntimeError(f"{type(widget).__name__} has not painted a key")
        widget.viewport().removeEventFilter(paints)


def measure(desk: Desk, keys: int, *, peer_typing: bool) -> dict[str, Any]:
    """Types into all widgets, a burst here and a burst there; gives one row."""
    typists = {widget: Typist(widget) for widget in desk.widgets}
    turns = (*desk.widgets, *reversed(desk.widgets))
    for burst in range(len(desk.widgets) * -(-keys // BURST)):
        widget = turns[burst % len(turns)]
        desk.sit_down(widget, burst // len(desk.widgets) % PLACES)
        if peer_typing:
            desk.peers[widget].go_on()
        for _ in range(BURST):
            settle(PAUSE)
            typists[widget].press()
        desk.peers[widget].rest()
    bare, bound, dressed = (sorted(1000 * seconds for seconds in typist.seconds) for typist in typists.values())
    row: dict[str, Any] = {"peer_typing": peer_typing, "keys": min(len(bare), len(bound))}
    for name, share in (("p50", 50), ("p95", 95)):
        row[f"bare_{name}_ms"], row[f"bound_{name}_ms"] = percentile(bare, share), percentile(bound, share)
        row[f"ratio_{name}"] = row[f"bound_{name}_ms"] / row[f"bare_{name}_ms"]
        row[f"dressed_{name}_ms"] = percentile(dressed, share)
    return {name: round(value, 3) if isinstance(value, float) else value for name, value in row.items()}


def percentile(values: Sequence[float], share: int) -> float:
    """The value below which a share (in percent) of the values lies."""
    return statistics.quantiles(values, n=100, method="inclusive")[share - 1]


def run(sizes: Sequence[int], keys: int) -> Iterator[dict[str, Any]]:
    """Measures every case; gives a row for each."""
    application()
    for characters in sizes:
        desk = Desk(characters, keys)
        check_painting(desk)
        spare_the_harness()
        for peer_typing in (False, True):
            yield {"characters": characters, **measure(desk, keys, peer_typing=peer_typing)}
        desk.close()
        gc.unfreeze()


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command."""
    parser = argparse.ArgumentParser(description="Measure a key press until it is painted.")
    parser.add_argument("--json", action="store_true", help="print the rows as JSON")
    parser.add_argument(
        "--keys", type=int, default=KEYS, help="keys for each widget in each case (default %(default)s)"
    )
    parser.add_argument(
        "--characters", type=int, nargs="+", default=SIZES, metavar="N", help="sizes of the text (default: all three)"
    )
    options = parser.parse_args(arguments)
    if options.keys < 20 or min(options.characters) < 10_000:
        parser.error("at least 20 keys and 10000 characters")
    rows = []
    names = ("bare_p50_ms", "dressed_p50_ms", "bound_p50_ms", "ratio_p50", "bare_p95_ms", "bound_p95_ms", "ratio_p95")
    if not options.json:
        print("characters  peer ", *(f"{name:>15}" for name in names))
    for row in run(options.characters, options.keys):
        rows.append(row)
        if not options.json:
            peer = "types" if row["peer_typing"] else "alone"
            print(f"{row['characters']:>10}  {peer}", *(f"{row[name]:>15.3f}" for name in names), flush=True)
    if options.json:
        print(json.dumps(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
