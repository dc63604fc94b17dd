"""BoardView: the board of a document, behind its tab.

Runs on the GUI thread. Joins the parts; reads the board through Visibility and changes it through Brainstorm.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, QRectF, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cowrite.bridge.file.image_files import StoreImage
from cowrite.bridge.file.pictures import Picture
from cowrite.core.brainstorm.brainstorm import Brainstorm
from cowrite.core.brainstorm.session_places import standing_for
from cowrite.gui.board.acts import BoardActs
from cowrite.gui.board.board_bar import BoardBar
from cowrite.gui.board.board_hint import BoardHint
from cowrite.gui.board.board_scene import BoardScene, no_image
from cowrite.gui.board.canvas import Canvas
from cowrite.gui.board.clipboard import BoardClipboard
from cowrite.gui.board.command_table import COMMANDS, command_of
from cowrite.gui.board.commands import BoardCommands
from cowrite.gui.board.describing import described
from cowrite.gui.board.drawing import Images
from cowrite.gui.board.find_notes import FindNotes
from cowrite.gui.board.others import Others
from cowrite.gui.board.writing import Writing
from cowrite.gui.commands.menus import plain
from cowrite.gui.look.theme import Theme
from cowrite.gui.page.picture_files import PictureFiles
from cowrite.gui.window.views import Field, View
from cowrite.sync.blob import Blob


class BoardView(View):
    """The board.

    Args:
        brainstorm: what is shown and changed.
        theme: how it looks.
        images: gives the images of notes.
        store_image: keeps an image and gives its name.
        original: gives the file of an image, or None while it is not here.
        take_picture: keeps an image that was read elsewhere.
        parent: where it is shown.
    """

    expand_wanted = Signal(str)
    """Ideas of the assistant for the note of this id, or for the question where it is empty."""
    decision_wanted = Signal(list)
    """A decision that rests on the notes and groups of these ids."""
    session_wanted = Signal()
    """The person wants to begin a session."""
    refused = Signal(str)
    """Why nothing of what was pasted or dropped was taken, in a sentence."""
    presence_changed = Signal(object, list)
    """Where the mouse is (x, y) on the board, or None, and the ids of the notes that are selected."""

    def __init__(
        self,
        brainstorm: Brainstorm,
        theme: Theme,
        images: Images = no_image,
        store_image: StoreImage = lambda _content, _type: "",
        original: Callable[[str], Blob | None] = lambda _name: None,
        take_picture: Callable[[Picture], object] = lambda _picture: None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, brainstorm)
        self.setAccessibleName("Board")
        self._brainstorm = brainstorm
        self.acts = BoardActs(brainstorm)
        self.scene = BoardScene(brainstorm, theme, images, self)
        self.canvas = Canvas(self.scene, self.acts)
        self.writing = Writing(self.scene, self.canvas, self.acts, self)
        self._files = PictureFiles(take_picture, self)
        self.clipboard = BoardClipboard(self.scene, self.acts, store_image, self._files, original)
        self.commands = BoardCommands(self.scene, self.canvas, self.acts, self.writing, self.clipboard, self)
        self.find_bar = FindNotes(self.scene, self.go_to)
        self.bar = BoardBar()
        self.others = Others(self.scene)
        self._hint = BoardHint(self.canvas.viewport())
        self._pointer: tuple[float, float] | None = None
        self._told: list[str] = []
        self._has_appeared = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self.find_bar)
        column.addWidget(self.canvas, 1)
        self._connect()
        self._show_direction()
        self._show_hint()

    # The view as its tab knows it

    def show_theme(self, theme: Theme) -> None:
        """Takes another look."""
        self.scene.show_theme(theme)
        if self.writing.field.is_open:
            self.writing.field.show_look(self.scene.drawing.look)
        self.others.show_theme()

    def show_zoom(self, zoom: float) -> None:
        """Shows the board larger or smaller around its middle."""
        if zoom != self.zoom:
            super().show_zoom(zoom)
            self.canvas.zoom_to(zoom)

    def show_read_only(self, reason: str) -> None:
        """Lets the person look and copy only."""
        super().show_read_only(reason)
        may_edit = not reason
        self.canvas.may_edit = self.commands.may_edit = self.writing.may_edit = may_edit
        self.bar.show_read_only(reason)
        self._hint.show_read_only(reason)
        self.scene.handles.is_allowed = may_edit
        self.scene.lay_handles()
        if not may_edit:
            self.writing.field.leave()
            self.canvas.cancel()
            self.commands.cancel_move()
            self._files.finish()  # what was pasted until then comes, as what was typed does
        self._show_hint()

    def keep(self) -> None:
        """Keeps the note that is being written, and images that are being read."""
        self.writing.field.leave()
        self._files.finish()

    def enter(self) -> None:
        """See `View.enter`."""
        self.canvas.setFocus()

    def appear(self) -> None:
        """The first time it shows what there is: of the session that runs, or all of it."""
        if self._has_appeared:
            return
        self._has_appeared = bool(self.scene.notes or self.scene.frames)
        if self._has_appeared:
            session = self._brainstorm.session
            self.canvas.fit(
                self.scene.extent(standing_for(self._brainstorm, session.id) if session is not None else ())
            )
        else:
            self.canvas.centre(QPointF(0, 0))

    def selected_notes(self) -> list[str]:
        """The ids of the notes that are selected."""
        return self.scene.selected_notes()

    def undo(self) -> None:
        """Takes back one's own newest act; while a note is being written, what was typed."""
        if self.writing.field.is_open:
            self.writing.field.undo()
        else:
            super().undo()

    def redo(self) -> None:
        """Brings back what was taken back last."""
        if self.writing.field.is_open:
            self.writing.field.redo()
        else:
            super().redo()

    def cut_selected(self) -> None:
        """Moves the selected notes to the clipboard."""
        self.commands.cut()

    def selected_ids(self) -> list[str]:
        """The ids of the notes and groups that are selected."""
        return [id for id in self.scene.selected() if id.startswith(("note:", "group:"))]

    def copy_selected(self) -> None:
        """Copies what is selected."""
        self.commands.copy()

    def paste_here(self) -> None:
        """Takes in what is on the clipboard, each line as a note."""
        self.commands.paste()

    def select_everything(self) -> None:
        """Selects all notes."""
        self.commands.select_all()

    def open_find(self) -> None:
        """Lets the person search."""
        self.writing.field.leave()
        self.find_bar.open_bar()

    def find_step(self, step: int) -> None:
        """Goes to the next note found, or with -1 to the one before."""
        self.find_bar.step(step)

    def keys(self) -> Sequence[tuple[str, str]]:
        """The keys of the board's commands, and those of its canvas."""
        return [
            *(
                (plain(command.text), ", ".join(command.keys[:2]))
                for command in COMMANDS
                if command is not None and command.keys and not command.is_owned_by_window
            ),
            ("Next note, previous note", "Tab, Shift+Tab"),
            ("Select the next note too", "Ctrl+Down"),
            ("Move, by one unit", "Arrows, Shift+Arrows"),
        ]

    def bring_into_sight(self, ids: Sequence[str]) -> None:
        """Shows all that has these ids, smaller where need be; does nothing where all of it is in sight."""
        extent = self.scene.extent([id for id in ids if self.scene.item(id) is not None]) if ids else QRectF()
        if not extent.isNull() and not self.canvas.in_sight().contains(extent):
            self._has_appeared = True
            self.canvas.fit(extent)

    def show_arrived(self, ids: Sequence[str]) -> None:
        """Shows what has come all at once; does nothing where some of it is in sight, or the person types or drags."""
        if self._field() is not None or self.canvas.is_busy:
            return
        sight = self.canvas.in_sight()
        there = [id for id in ids if self.scene.item(id) is not None]
        if not any(sight.intersects(self.scene.extent([id])) for id in there):
            self.bring_into_sight(there)

    def go_to(self, id: str) -> None:
        """Selects what has this id and brings it into sight."""
        item = self.scene.item(id)
        if item is not None:
            self._has_appeared = True
            self.scene.select([item.id])
            self.canvas.reveal(self.scene.extent([item.id]))

    # Events

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The hint stays in the middle."""
        super().resizeEvent(event)
        self._hint.centre()
        self.writing.field.follow()

    def changeEvent(self, event: QEvent) -> None:
        """One may read from the other side now."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._show_direction()

    # Inside

    def _field(self) -> Field | None:
        return self.writing.field if self.writing.field.is_open else super()._field()

    def _connect(self) -> None:
        canvas, commands, hint, bar = self.canvas, self.commands, self._hint, self.bar
        bar.note_wanted.connect(self.writing.new_note)
        bar.frame_wanted.connect(commands.new_frame)
        bar.zoom_wanted.connect(lambda factor: canvas.zoom_to(canvas.zoom * factor))
        bar.fit_wanted.connect(commands.fit)
        bar.menu_wanted.connect(lambda button: self._show_menu(button.mapToGlobal(button.rect().bottomLeft())))
        canvas.viewed.connect(lambda: bar.show_zoom(canvas.zoom))
        canvas.takes_key = self._takes_key
        canvas.takes_step = commands.step
        canvas.takes_drop = self.clipboard.can_take
        canvas.key_pressed.connect(self._on_key)
        canvas.key_released.connect(self._on_release)
        canvas.left.connect(commands.end_move)
        canvas.menu_wanted.connect(self._show_menu)
        canvas.dropped.connect(self._on_drop)
        canvas.pointed.connect(self._on_pointed)
        commands.expand_wanted.connect(self.expand_wanted)
        commands.decision_wanted.connect(self.decision_wanted)
        self.clipboard.refuse = self.refused.emit
        self.clipboard.came = self._show_come
        self.find_bar.closed.connect(canvas.setFocus)
        self.scene.selectionChanged.connect(self._on_selection)
        self.scene.changed_on_board.connect(self._on_change)
        hint.note_wanted.connect(self.writing.new_note)
        hint.paste_wanted.connect(self.paste)
        hint.session_wanted.connect(self.session_wanted)
        self.writing.field.left.connect(lambda *_: self._show_hint())

    def _takes_key(self, event: QKeyEvent) -> bool:
        command = command_of(event)
        return command is not None and not command.is_owned_by_window

    def _on_key(self, event: QKeyEvent) -> None:
        command = command_of(event)
        if command is not None and command.is_owned_by_window:
            {
                "cut": self.cut,
                "copy": self.copy,
                "paste": self.paste,
                "select_all": self.select_all,
                "undo": self.undo,
                "redo": self.redo,
                "find": self.open_find,
            }[command.id]()
            event.accept()
        elif (command is not None and self.commands.run(command)) or self.commands.move_key(event):
            event.accept()
        if command is not None and command.id == "new_note":
            self._show_hint()

    def _on_release(self, event: QKeyEvent) -> None:
        if not event.isAutoRepeat():
            self.commands.end_move()

    def _show_menu(self, at: QPoint) -> None:
        self.commands.menu(self).popup(at)

    def _on_drop(self, data: QMimeData, at: QPointF) -> None:
        self.commands.show_pasted(self.clipboard.take(data, at))

    def _show_come(self, ids: list[str]) -> None:
        if not self.writing.field.is_open:
            self.commands.show_pasted(ids)

    def _on_pointed(self, point: QPointF | None) -> None:
        self._pointer = None if point is None else (round(point.x()), round(point.y()))
        self._tell_presence()

    def _on_selection(self) -> None:
        self.scene.lay_handles()
        selected = self.scene.selected()
        item = self.scene.item(selected[0]) if len(selected) == 1 else None
        words = described(item, self.scene) if item is not None else f"{len(selected)} selected" if selected else ""
        if words != self.canvas.accessibleDescription():  # which is read out with the board as one comes back to it
            self.canvas.announce(words)
        # A note of one's own that lies sealed is not named to anybody.
        notes = self.scene.notes
        self._told = [id for id in selected if id in notes and not notes[id].note.is_sealed]
        self._tell_presence()
        self.state_changed.emit()

    def _on_change(self) -> None:
        self._show_hint()
        self.state_changed.emit()

    def _tell_presence(self) -> None:
        self.presence_changed.emit(self._pointer, self._told)

    def _show_hint(self) -> None:
        is_empty = not self.scene.notes and not self.scene.frames
        self._hint.setVisible(is_empty and not self.writing.field.is_open)
        self._hint.centre()

    def _show_direction(self) -> None:
        self.writing.is_from_right = self.isRightToLeft()
