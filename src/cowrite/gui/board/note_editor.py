"""NoteEditor: where the text of one note, or the title of a group or frame, is written, on its place on the board.

Runs on the GUI thread. It is an ordinary text field over the board, so input methods, spelling of the system and screen
readers know it. What is typed is written after a pause and when the field is left; what a teammate changes meanwhile is
taken in around what was typed.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from PySide6.QtCore import QEvent, QMimeData, QRect, QSizeF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QTextCursor, QTextOption
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from cowrite.bridge.page.taking_over import plain_text, show_plain
from cowrite.bridge.single_shot import single_shot
from cowrite.core.board.items import Note, Place
from cowrite.core.text.merging import merged_text
from cowrite.gui.board.fitting import fitted
from cowrite.gui.board.looks import FOOT, PADDING, TITLE_SIZE, BoardLook
from cowrite.gui.keyboard.key_groups import ENTERS
from cowrite.gui.look.reading_sides import stand_on_side
from cowrite.gui.page.copied_words import words_mime

PAUSE = 3000  # milliseconds without a key after which what was typed is written
SMALLEST_TEXT = 11  # pixels of the screen
SMALLEST_FIELD = (150, 60)
"""Pixels of the screen, for notes that are looked at from far away."""

Key = Qt.Key


class Next(Enum):
    """Where one goes on when a note is done."""

    NOWHERE = "nowhere"
    BELOW = "below"
    BESIDE = "beside"


class NoteEditor(QPlainTextEdit):
    """The field.

    Args:
        parent: the viewport of the board.
        write: takes (id, text), makes the note where the id is empty, and gives its id.
        shown_at: gives where a place of the board is on the screen.
    """

    left = Signal(str, Next)
    """The field was closed: the id of what was written, empty where nothing was, and where to go on."""

    def __init__(self, parent: QWidget, write: Callable[[str, str], str], shown_at: Callable[[Place], QRect]) -> None:
        super().__init__(parent)
        self._write = write
        self._shown_at = shown_at
        self._id = ""
        self._base = ""
        self._place = Place(0, 0)
        self._look: BoardLook | None = None
        self._colour = ""
        self._is_title = False
        self._has_picture = False
        self._note: Note | None = None
        self._is_open = False
        self.had_keyboard = False
        """Whether the keyboard was here when it was left, and not elsewhere already."""
        self._pause = single_shot(self, self.write_now, PAUSE)
        self.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(0)
        self.setTabChangesFocus(False)
        self.textChanged.connect(lambda: stand_on_side(self))
        self.textChanged.connect(self._on_text)
        self.hide()

    @property
    def is_open(self) -> bool:
        """Whether something is being written."""
        return self._is_open

    @property
    def id(self) -> str:
        """What is being written; empty for a note that is not there yet."""
        return self._id if self._is_open else ""

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self._place

    def open_note(self, note: Note, look: BoardLook) -> None:
        """Lets the text of a note be written; of a new one where it has no id."""
        self.setAccessibleName("Text of the note" if note.id else "Text of the new note")
        self._open(note.id, note.text, note.place, look, note.colour, has_picture=bool(note.image))
        self._note = note

    def open_title(self, id: str, title: str, place: Place, look: BoardLook) -> None:
        """Lets the title of a group or frame be written."""
        self.setAccessibleName("Title of the group" if id.startswith("group:") else "Title of the frame")
        self._open(id, title, place, look)
        self._note = None
        self.selectAll()

    def show_look(self, look: BoardLook) -> None:
        """Takes another look, also while somebody writes."""
        self._look = look
        ground = look.theme.page if self._is_title else look.papers[self._colour].name()
        self.setStyleSheet(
            f"QPlainTextEdit {{ background: {ground}; color: {look.theme.text}; "
            f"border: 2px solid {look.theme.focus}; border-radius: 0; padding: 0 }}"
        )
        self.follow()

    def take(self, text: str, place: Place) -> None:
        """What is written has changed on the board."""
        if text != self._base:
            wanted = merged_text(self._base, plain_text(self.document()), text)
            self._base = text
            show_plain(self.document(), wanted)
        if place != self._place and not self._is_title:
            self._place = place
            self.follow()

    def follow(self) -> None:
        """The board was moved or zoomed."""
        if not self._is_open or self._look is None:
            return
        shown = self._shown_at(self._place)
        zoom = shown.width() / max(self._place.width, 1)
        width, height = max(shown.width(), SMALLEST_FIELD[0]), shown.height()
        if not self._is_title:
            height = max(height, SMALLEST_FIELD[1])
        self.setGeometry(shown.x(), shown.y(), width, height)
        size: float
        if self._is_title:
            size, margin, top = TITLE_SIZE, 2.0, 2.0
        else:
            room = QSizeF(self._place.width - 2 * PADDING, self._place.height - PADDING - FOOT)
            text = fitted(plain_text(self.document()), room, self._look.fonts)
            size, margin, top = text.size, PADDING, PADDING
        font = self._look.fonts[TITLE_SIZE].__class__(self._look.fonts[TITLE_SIZE])
        font.setPixelSize(max(round(size * zoom), SMALLEST_TEXT))
        self.setFont(font)
        self.setViewportMargins(*(round(each * zoom) for each in (margin, top, margin - 2, 2)))

    def write_now(self) -> None:
        """Writes what was typed."""
        self._pause.stop()
        text = plain_text(self.document()).strip()
        may_be_empty = self._has_picture and bool(self._id)  # any other note goes when the field is left
        if self._is_open and text != self._base.strip() and (text or may_be_empty):
            self._base = text
            self._id = self._write(self._id, text)

    def leave(self, then: Next = Next.NOWHERE) -> None:
        """Writes what was typed and closes the field."""
        if not self._is_open:
            return
        self.write_now()
        self._is_open = False
        self._pause.stop()
        is_whole = self._is_title or self._has_picture or bool(plain_text(self.document()).strip())
        id = self._id if is_whole else ""
        self.had_keyboard = self.hasFocus()
        self.hide()
        self.left.emit(id, then if id else Next.NOWHERE)

    def was_emptied(self) -> str:
        """The id of a note all of whose text was deleted, and that has no picture; empty otherwise."""
        is_empty = not plain_text(self.document()).strip() and bool(self._base)
        return self._id if is_empty and not (self._is_title or self._has_picture) else ""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter ends it and begins the next note below, Tab beside; Shift+Enter is a line; Escape ends it."""
        key, modifiers = event.key(), event.modifiers()
        is_enter = key in ENTERS
        if key == Key.Key_Escape or (is_enter and modifiers & Qt.KeyboardModifier.ControlModifier):
            self.leave()
        elif is_enter and not modifiers & Qt.KeyboardModifier.ShiftModifier:
            self.leave(Next.NOWHERE if self._is_title else Next.BELOW)
        elif is_enter:
            if not self._is_title:
                self.insertPlainText("\n")
        elif key == Key.Key_Tab and not modifiers:
            self.leave(Next.NOWHERE if self._is_title else Next.BESIDE)
        elif key == Key.Key_Backtab:
            self.leave()
        else:
            super().keyPressEvent(event)

    def createMimeDataFromSelection(self) -> QMimeData:
        """What copying, cutting and dragging offer."""
        return words_mime(self, self._note)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Takes text alone; into a title as one line."""
        self.textCursor().insertText(" ".join(source.text().split()) if self._is_title else source.text())
        self.ensureCursorVisible()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Whoever clicks elsewhere is done; a menu over the field or another window is not elsewhere."""
        super().focusOutEvent(event)
        if event.reason() in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.MenuBarFocusReason):
            return
        if event.reason() == Qt.FocusReason.ActiveWindowFocusReason:
            self.write_now()
            return
        self.leave()

    def hideEvent(self, event: QHideEvent) -> None:
        """Another view is shown, or the window closes: what was typed is written."""
        super().hideEvent(event)
        self.write_now()

    def event(self, event: QEvent) -> bool:
        """Tab is a key here, and not on its way to the next widget."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() == Key.Key_Tab:
            self.keyPressEvent(event)
            return True
        return super().event(event)

    # Inside

    def _open(
        self, id: str, text: str, place: Place, look: BoardLook, colour: str = "", *, has_picture: bool = False
    ) -> None:
        """Opens it for a note of a colour, or for a title."""
        self.leave()
        self._has_picture = has_picture
        self._id, self._base, self._place, self._colour, self._is_title = id, text, place, colour, not colour
        self._is_open = True
        option = QTextOption()
        option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        option.setWrapMode(
            QTextOption.WrapMode.NoWrap if self._is_title else QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere
        )
        self.document().setDefaultTextOption(option)
        self.setPlainText(text)
        self._pause.stop()
        self.show_look(look)
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.moveCursor(QTextCursor.MoveOperation.End)

    def _on_text(self) -> None:
        if self._is_open:
            self._pause.start()
            if not self._is_title:
                self.follow()
