"""Measures the board with many notes: panning, zooming and dragging, beside what a Qt programmer writes first.

    python benchmarks/board.py [--notes 1000] [--rounds 5] [--seed 1] [--json]

That is a QGraphicsScene with a QGraphicsRectItem and a QGraphicsTextItem for each note, at the same places, in the same
sizes and colours, with the same words in the same fonts, in a QGraphicsView with Qt's own dragging. Both are driven by
real mouse events and scroll bars, and each frame is painted before the next begins. What the rows mean is in
benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import statistics
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter, process_time

from arguments import at_least
from pages import application
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QMouseEvent, QPen
from PySide6.QtWidgets import QApplication, QGraphicsRectItem, QGraphicsScene, QGraphicsTextItem, QGraphicsView

from cowrite.core.board.items import COLOURS, Note, Place
from cowrite.core.brainstorm.brainstorm import Brainstorm
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin
from cowrite.gui.board.board_view import BoardView
from cowrite.gui.look.theme import choose

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from helpers.brainstorms import brainstorm_of

WORDS = (
    "late trains nobody tells the signal box show delay in minutes at every stop half price when more than ten people "
    "wait ask drivers first map of all lines cheaper tickets for families bicycles on board in summer"
).split()
SIZE = (1280, 800)
FRAMES = 60


def many_notes(count: int, chance: random.Random) -> list[Note]:
    """Notes as people write them, mostly short, in a grid that is a little out of line."""
    columns = max(1, round((count * 1.6) ** 0.5))
    return [
        Note(
            "",
            " ".join(chance.choices(WORDS, k=chance.choice((2, 4, 5, 7, 9, 12, 20, 35)))),
            Place(
                number % columns * 210 + 10 * chance.randrange(2), number // columns * 150 + 10 * chance.randrange(2)
            ),
            chance.choice(COLOURS),
            author=chance.choice(("Ada", "Bo", "Cy")),
            created=number + 1,
        )
        for number in range(count)
    ]


def board_of(state: bytes | None = None) -> Brainstorm:
    """The board of a document, from its stored state where there is one."""
    clock = itertools.count(1).__next__
    document = MendedDocument.new(clock=clock) if state is None else MendedDocument(clock=clock)
    if state is not None:
        document.apply_update(state, Origin.STORAGE)
    return brainstorm_of(document, clock=clock)


def seconds_to_open(state: bytes) -> tuple[BoardView, float]:
    """Opens the board of a document: reads it, makes the view, fits it into the window and paints it."""
    begun = perf_counter()
    view = BoardView(board_of(state), choose("light", QApplication.styleHints()))
    view.resize(*SIZE)
    view.show()
    view.enter()
    QApplication.processEvents()
    return view, perf_counter() - begun


def bare_view(view: BoardView) -> QGraphicsView:
    """The same notes as Qt's own items."""
    scene = QGraphicsScene()
    held = []  # PySide lets go of a text item that nobody holds, whatever its parent
    for item in view.scene.notes.values():
        place = item.place
        rect = QGraphicsRectItem(0, 0, place.width, place.height)
        rect.setPos(place.x, place.y)
        rect.setBrush(QBrush(QColor(view.scene.drawing.look.papers[item.note.colour])))
        rect.setPen(QPen(QColor("#888888"), 1))
        rect.setFlags(
            QGraphicsRectItem.GraphicsItemFlag.ItemIsMovable | QGraphicsRectItem.GraphicsItemFlag.ItemIsSelectable
        )
        words = QGraphicsTextItem(item.note.text, rect)
        font = QFont(view.scene.drawing.look.fonts[item.font_size])
        words.setFont(font)
        words.setTextWidth(place.width - 16)
        words.setPos(8, 8)
        scene.addItem(rect)
        held.append((rect, words))
    bare = QGraphicsView(scene)
    scene.setParent(bare)
    bare.items_held = held
    bare.setSceneRect(scene.itemsBoundingRect().adjusted(-5000, -5000, 5000, 5000))
    bare.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    bare.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    bare.setFrameShape(QGraphicsView.Shape.NoFrame)
    bare.resize(*SIZE)
    bare.show()
    QApplication.processEvents()
    return bare


def look(canvas: QGraphicsView, zoom: float, at: QPointF) -> None:
    """Shows a point of the scene in the middle, at a zoom."""
    zoom_to(canvas, zoom)
    canvas.centerOn(at)
    QApplication.processEvents()


def zoom_to(canvas: QGraphicsView, zoom: float) -> None:
    """Zooms around the middle, by the view's own way."""
    own = getattr(canvas, "zoom_to", None)
    if own is not None:
        own(zoom)
        return
    canvas.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorViewCenter)
    canvas.resetTransform()
    canvas.scale(zoom, zoom)


def mouse(canvas: QGraphicsView, kind: QEvent.Type, at: QPoint) -> None:
    """Sends a mouse event as the window system does."""
    button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else Qt.MouseButton.LeftButton
    held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else Qt.MouseButton.LeftButton
    where = QPointF(canvas.viewport().mapToGlobal(at))
    event = QMouseEvent(kind, QPointF(at), where, button, held, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(canvas.viewport(), event)


def rate(frames: Iterator[None]) -> float:
    """Frames a second of processor time: each step of the iterator changes something, and is painted before the next.

    All of it happens in one thread, so on a machine without other work it is the same by the clock on the wall.
    """
    begun, count = process_time(), 0
    for _ in frames:
        QApplication.processEvents()
        count += 1
    return count / (process_time() - begun)


def pan(canvas: QGraphicsView, zoom: float, middle: QPointF) -> float:
    """Pans back and forth across the board."""
    look(canvas, zoom, middle)
    across, down = canvas.horizontalScrollBar(), canvas.verticalScrollBar()

    def frames() -> Iterator[None]:
        for number in range(FRAMES):
            way = 1 if number < FRAMES / 2 else -1
            across.setValue(across.value() + 23 * way)
            down.setValue(down.value() + 11 * way)
            yield

    return rate(frames())


def zoom(canvas: QGraphicsView, middle: QPointF, low: float, high: float) -> float:
    """Zooms from far to near in even steps."""
    look(canvas, low, middle)

    def frames() -> Iterator[None]:
        for number in range(1, FRAMES + 1):
            zoom_to(canvas, low * (high / low) ** (number / FRAMES))
            yield

    return rate(frames())


def drag(canvas: QGraphicsView, zoom: float, note: QPointF, select: Callable[[], None]) -> float:
    """Drags a note, and all that is selected with it, in a circle around the board's other notes."""
    look(canvas, zoom, note)
    select()
    QApplication.processEvents()
    start = canvas.mapFromScene(note)
    mouse(canvas, QEvent.Type.MouseButtonPress, start)

    def frames() -> Iterator[None]:
        for number in range(FRAMES):
            way = number if number < FRAMES / 2 else FRAMES - number
            mouse(canvas, QEvent.Type.MouseMove, start + QPoint(12 + 7 * way, 12 + 4 * way))
            yield

    taken = rate(frames())
    mouse(canvas, QEvent.Type.MouseMove, start)  # so that the next round finds it where it was
    mouse(canvas, QEvent.Type.MouseButtonRelease, start)
    QApplication.processEvents()
    return taken


def measured(view: BoardView, bare: QGraphicsView, rounds: int, chance: random.Random) -> dict[str, dict[str, float]]:
    """Takes turns, so that a drift of the machine hits both; medians of frames a second."""
    canvas, scene = view.canvas, view.scene
    extent = scene.extent()
    fit = min(SIZE[0] / extent.width(), SIZE[1] / extent.height())
    middle = extent.center()
    ids = list(scene.notes)
    held = scene.notes[
        min(ids, key=lambda id: (scene.notes[id].sceneBoundingRect().center() - middle).manhattanLength())
    ]
    some = {held.id, *chance.sample(ids, min(100, len(ids)))}
    at = held.sceneBoundingRect().center()
    items = {tuple(item.pos().toTuple()): item for item in bare.scene().items() if isinstance(item, QGraphicsRectItem)}
    before = {id: scene.notes[id].pos().toTuple() for id in ids}

    def select(wanted: set[str], *, is_ours: bool) -> None:
        if is_ours:
            scene.select(wanted)
        else:
            for id in ids:
                items[before[id]].setSelected(id in wanted)

    def drags(zoom: float, wanted: set[str]) -> Callable[[QGraphicsView, bool], float]:
        return lambda each, is_ours: drag(each, zoom, at, lambda: select(wanted, is_ours=is_ours))

    scenarios: dict[str, Callable[[QGraphicsView, bool], float]] = {
        "pan, actual size": lambda each, _: pan(each, 1.0, middle),
        "pan, half size": lambda each, _: pan(each, 0.5, middle),
        "pan, all in sight": lambda each, _: pan(each, fit, middle),
        "zoom, from all to one": lambda each, _: zoom(each, middle, fit, 2.0),
        "zoom, readable": lambda each, _: zoom(each, middle, 0.4, 1.0),
        "drag one, actual size": drags(1.0, {held.id}),
        "drag one, all in sight": drags(fit, {held.id}),
        "drag 100, half size": drags(0.5, some),
        "drag 100, all in sight": drags(fit, some),
    }
    rows = {}
    for name, run in scenarios.items():
        ours, theirs = [], []
        for turn in range(rounds + 1):
            pair = run(canvas, True), run(bare, False)
            if turn:  # the first fills the caches of both
                ours.append(pair[0])
                theirs.append(pair[1])
        rows[name] = {
            "board": round(statistics.median(ours), 1),
            "bare": round(statistics.median(theirs), 1),
            "ratio": round(statistics.median(one / other for one, other in zip(ours, theirs, strict=True)), 2),
        }
    return rows


def main() -> int:
    """Prints a table, or one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--notes", type=at_least(1), default=1000)
    parser.add_argument("--rounds", type=at_least(1), default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    chosen = parser.parse_args()
    app = application()
    chance = random.Random(chosen.seed)
    source = board_of()
    source.board.add(many_notes(chosen.notes, chance))
    state = source.document.state()
    opened = []
    view = None
    for _ in range(3):
        if view is not None:
            view.close()
        view, seconds = seconds_to_open(state)
        opened.append(seconds)
    assert view is not None
    rows = measured(view, bare_view(view), chosen.rounds, chance)
    result = {
        "notes": chosen.notes,
        "platform": app.platformName(),
        "open_seconds": round(statistics.median(opened), 3),
        "first_open_seconds": round(opened[0], 3),
        "frames_per_second": rows,
        "lowest_ratio": min(row["ratio"] for row in rows.values()),
        "lowest_rate": min(row["board"] for row in rows.values()),
    }
    if chosen.json:
        print(json.dumps(result))
        return 0
    print(f"{chosen.notes} notes, {result['platform']}: opened in {result['open_seconds']} s")
    print(f"{'frames a second':26}{'board':>9}{'bare':>9}{'ratio':>8}")
    for name, row in rows.items():
        print(f"{name:26}{row['board']:9.1f}{row['bare']:9.1f}{row['ratio']:8.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
