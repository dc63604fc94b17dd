"""BoardCommands: carries out what menu and keys of the board ask for, and says what can be asked for now.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QPixmap
from PySide6.QtWidgets import QMenu, QWidget

from cowrite.core.board.items import Hand, Place, Tie
from cowrite.core.board.layout import Edge, reading_order
from cowrite.gui.board.acts import BoardActs
from cowrite.gui.board.board_scene import BoardScene
from cowrite.gui.board.canvas import Canvas
from cowrite.gui.board.clipboard import BoardClipboard
from cowrite.gui.board.command_table import COMMANDS, Command, Needs
from cowrite.gui.board.gestures import moved_together
from cowrite.gui.board.writing import Writing
from cowrite_server.counting import counted

STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
FAR, NEAR = 10.0, 1.0
"""By how much an arrow key moves, and with Shift."""
PAN = 80  # device-independent pixels by which the board goes at a key


class BoardCommands(QObject):
    """The commands of one board.

    Args:
        scene, canvas, acts, writing, clipboard: what they need.
        parent: Qt parent.
    """

    expand_wanted = Signal(str)
    """Ideas for the note of this id, or for the question where it is empty."""
    decision_wanted = Signal(list)
    """A decision that rests on the notes and groups of these ids."""

    def __init__(
        self,
        scene: BoardScene,
        canvas: Canvas,
        acts: BoardActs,
        writing: Writing,
        clipboard: BoardClipboard,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._scene = scene
        self._canvas = canvas
        self._acts = acts
        self._writing = writing
        self._clipboard = clipboard
        self._nudged: dict[str, Place] = {}
        self.may_edit = True
        self._do: dict[str, Callable[[str], object]] = {
            "new_note": lambda _: writing.new_note(),
            "frame": lambda _: self.new_frame(),
            "edit": lambda _: writing.edit(self._ids[0]),
            "adopt": lambda _: self._adopt(),
            "colour": self._colour,
            "group": lambda _: self._group(),
            "ungroup": lambda _: self._ungroup(),
            "merge": lambda _: self._merge(),
            "split": lambda _: scene.select([self._notes[0], *acts.split(self._notes[0])]),
            "link": lambda _: self._link(),
            "tie": lambda tie: acts.tie(self._ids, Tie(tie)),
            "turn": lambda _: acts.turn(self._ids),
            "tidy": lambda _: acts.tidy(self._notes),
            "align": lambda edge: acts.align(self._ids, Edge(edge)),
            "distribute": lambda way: acts.distribute(self._ids, across=way == "across"),
            "frame_around": lambda _: self._frame_around(),
            "lock": lambda _: self._lock(True),
            "unlock": lambda _: self._lock(False),
            "cut": lambda _: self.cut(),
            "copy": lambda _: self.copy(),
            "paste": lambda _: self.paste(),
            "duplicate": lambda _: scene.select(acts.duplicate(self._notes)),
            "remove": lambda _: self._remove(self._ids),
            "expand": lambda _: self.expand_wanted.emit(self._notes[0] if len(self._notes) == 1 else ""),
            "decide": lambda _: self.decision_wanted.emit([id for id in self._ids if not id.startswith("link:")]),
            "select_all": lambda _: self.select_all(),
            "fit": lambda _: self.fit(),
            "fit_selection": lambda _: canvas.fit(scene.extent(self._ids)),
        }

    # What can be done

    def can(self, command: Command) -> bool:
        """Whether a command makes sense now."""
        return (self.may_edit or not command.edits) and self._has(command.needs)

    def run(self, command: Command) -> bool:
        """Carries a command out where it makes sense; says whether it did."""
        if command.id not in self._do or not self.can(command):
            return False
        self._do[command.id](command.value)
        return True

    def menu(self, parent: QWidget) -> QMenu:
        """A context menu with what makes sense now."""
        menu = QMenu(parent)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setAccessibleName("Board")
        inner: dict[str, QMenu] = {}
        for command in COMMANDS:
            if command is None:
                menu.addSeparator()
                continue
            if not self.can(command):
                continue
            into = menu
            if command.menu:
                if command.menu not in inner:
                    inner[command.menu] = menu.addMenu(command.menu)
                into = inner[command.menu]
            keys = f"\t{command.keys[0]}" if command.keys else ""
            action = into.addAction(f"{command.text}{keys}")
            if command.id == "colour":
                swatch = QPixmap(16, 16)
                swatch.fill(self._scene.drawing.look.papers[command.value])
                action.setIcon(QIcon(swatch))
            action.triggered.connect(lambda _checked=False, command=command: self.run(command))
        return menu

    # Edit menu

    def cut(self) -> None:
        """Moves the selected notes to the clipboard, those of a selected group with it."""
        if self.copy() and self.may_edit:
            links = self._scene.links
            self._remove(dict.fromkeys(id for id in (*self._ids, *self._notes) if id not in links))

    def copy(self) -> bool:
        """Copies what is selected to the clipboard; says whether it is anything that can be copied."""
        return self._clipboard.copy([*self._ids, *self._notes])

    def paste(self) -> None:
        """Puts what is on the clipboard on the board and selects it."""
        if not self.may_edit:
            return
        ids = self._clipboard.paste(self._canvas.mapToScene(self._canvas.viewport().rect().center()))
        self.show_pasted(ids)

    def show_pasted(self, ids: list[str]) -> None:
        """Selects what was put on the board and brings it into sight."""
        if not ids:
            return
        self._scene.select(ids)
        extent = self._scene.extent(ids)
        room = self._canvas.mapToScene(self._canvas.viewport().rect()).boundingRect()
        if extent.width() > room.width() or extent.height() > room.height():
            self._canvas.fit(extent)
        else:
            self._canvas.reveal(extent)
        self._canvas.announce(counted(len(ids), "note"))

    def select_all(self) -> None:
        """Selects all notes and frames."""
        self._scene.select([*self._scene.notes, *self._scene.frames])

    def fit(self) -> None:
        """Shows all that there is."""
        self._canvas.fit(self._scene.extent())

    # Keys without a row

    def move_key(self, event: QKeyEvent) -> bool:
        """Moves what is selected with the arrow keys, or the board where nothing is; with Ctrl they select the next
        note, too. Says whether the key was one of them."""
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        step = STEPS.get(Qt.Key(event.key()))
        if step is not None and modifiers == Qt.KeyboardModifier.ControlModifier:
            self.step(sum(step), also=True)
            return True
        if step is None or modifiers not in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier):
            return False
        before, _ = moved_together(self._scene, self._ids)
        if not before or not self.may_edit:
            self._canvas.pan(QPointF(step[0] * PAN, step[1] * PAN).toPoint())
            return True
        by = NEAR if modifiers else FAR
        # What a teammate changes of it meanwhile shows it where it was.
        before = {id: self._nudged.get(id, place) for id, place in before.items()}
        self._nudged = {id: place.moved(step[0] * by, step[1] * by) for id, place in before.items()}
        self._scene.preview(self._nudged)
        self._canvas.reveal(self._scene.extent(list(self._nudged)))
        return True

    def end_move(self) -> None:
        """The arrow key was let go: however long it was held, it was one act."""
        nudged, self._nudged = self._nudged, {}
        if nudged:
            self._acts.place(nudged)
            self._scene.settle(nudged)  # a teammate can have locked some of it

    def cancel_move(self) -> None:
        """Puts back what an arrow key that is held has moved."""
        nudged, self._nudged = self._nudged, {}
        self._scene.settle(nudged)

    def step(self, by: int, *, also: bool = False) -> bool:
        """Selects the next note in reading order, or the one before; with `also` those that are selected stay so.

        Returns:
            False behind the last note and before the first.
        """
        order = reading_order(self._scene.places(), from_right=self._writing.is_from_right)
        selected = set(self._notes)
        held = [place for place, id in enumerate(order) if id in selected]
        at = (max(held) if by > 0 else min(held)) + by if held else (0 if by > 0 else len(order) - 1)
        if not 0 <= at < len(order):
            return False
        self._scene.select([order[at]], also=also)
        self._canvas.reveal(self._scene.extent([order[at]]))
        return True

    # Inside

    @property
    def _ids(self) -> list[str]:
        return self._scene.selected()

    @property
    def _notes(self) -> list[str]:
        return self._scene.selected_notes()

    def _has(self, needs: Needs) -> bool:
        scene, ids, notes = self._scene, self._ids, self._notes
        shown = [scene.notes[id].note for id in notes]
        placed = [id for id in ids if id in scene.notes or id in scene.frames]
        match needs:
            case Needs.NOTHING:
                return True
            case Needs.ONE:
                is_one = len(ids) == 1 and ids[0] not in scene.links
                return is_one and not (ids[0] in scene.notes and scene.notes[ids[0]].note.is_locked)
            case Needs.SOMETHING:
                return bool(ids)
            case Needs.NOTE:
                return bool(notes)
            case Needs.TWO:
                return len(notes) > 1
            case Needs.TWO_PLACED:
                return len(placed) > 1
            case Needs.THREE_PLACED:
                return len(placed) > 2
            case Needs.LINK:
                return any(id in scene.links for id in ids)
            case Needs.MERGED:
                return len(notes) == 1 and scene.notes[notes[0]].count > 0
            case Needs.MODEL:
                return any(note.hand is Hand.MODEL for note in shown)
            case Needs.GROUPED:
                return any(note.group in scene.groups for note in shown)
            case Needs.LOCKED:
                return any(note.is_locked for note in shown)
            case Needs.UNLOCKED:
                return any(not note.is_locked for note in shown)

    def _colour(self, colour: str) -> None:
        self._acts.colour(self._ids, colour)
        self._writing.colour = colour

    def _adopt(self) -> None:
        adopted = self._acts.adopt(self._notes)
        self._canvas.announce(f"{len(adopted)} adopted")

    def _lock(self, on: bool) -> None:
        self._acts.lock(self._notes, on)
        self._canvas.announce("Locked" if on else "Unlocked")

    def _group(self) -> None:
        group = self._acts.group(self._notes)
        if group:
            self._scene.select([group])
            self._writing.edit(group)

    def _ungroup(self) -> None:
        notes = self._notes
        self._acts.put_into("", notes)
        self._scene.select(notes)

    def _merge(self) -> None:
        merged = self._acts.merge(self._notes_in_order())
        if merged:
            self._scene.select([merged])

    def _link(self) -> None:
        start, end = self._notes_in_order()[:2]
        link = self._acts.link(start, end)
        if link:
            self._scene.select([link])

    def _notes_in_order(self) -> list[str]:
        """The selected notes, the one that was selected first in front."""
        selected, notes = dict.fromkeys(self._ids), dict.fromkeys(self._notes)
        return [*(id for id in selected if id in notes), *(id for id in notes if id not in selected)]

    def _remove(self, ids: Iterable[str]) -> None:
        gone = self._acts.remove(ids)
        self._canvas.announce(f"{len(gone)} deleted" if gone else "Locked")

    def new_frame(self) -> None:
        """Puts a frame around the selected notes, or in the middle of what is in sight."""
        if self._notes:
            self._frame_around()
            return
        middle = self._canvas.mapToScene(self._canvas.viewport().rect().center())
        place = Place(round(middle.x() / 10) * 10 - 300, round(middle.y() / 10) * 10 - 200, 600, 400)
        self._begin_frame(self._acts.frame(place))

    def _frame_around(self) -> None:
        self._begin_frame(self._acts.frame_around(self._notes))

    def _begin_frame(self, frame: str) -> None:
        self._scene.select([frame])
        self._canvas.reveal(self._scene.extent([frame]))
        self._writing.edit(frame)
