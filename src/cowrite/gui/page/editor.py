"""Editor: the page on which a draft is written.

Runs on the GUI thread. A QTextEdit whose text is bound to a Document; commands and keys with a meaning of their own
go to `core.writing.lines` and `core.writing.habits`, what Qt does by itself goes through the binding.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QMimeData, QPoint, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDropEvent,
    QGuiApplication,
    QInputMethodEvent,
    QKeyEvent,
    QMouseEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QTextEdit

from cowrite.bridge.page.char_formats import DIVIDER_OBJECT, IMAGE_OBJECT
from cowrite.bridge.page.editor_binding import EditorBinding
from cowrite.bridge.page.text_formats import TextFormats
from cowrite.core.document.document import Document
from cowrite.core.entries.authors import author_of
from cowrite.core.text.change import Change
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import SUGGESTIONS
from cowrite.core.writing.typography import Quotes
from cowrite.gui.keyboard.usual_key import is_moved
from cowrite.gui.look.theme import Theme
from cowrite.gui.page import clipboard
from cowrite.gui.page.cells import SelectedCells
from cowrite.gui.page.comments import PageComments
from cowrite.gui.page.composing import Composing
from cowrite.gui.page.copying import Copying
from cowrite.gui.page.decision_embeds import DecisionEmbeds
from cowrite.gui.page.edits import PageEdits
from cowrite.gui.page.embeds import ArrivedImages, DividerObject, ImageObject, Images
from cowrite.gui.page.empty_line import EmptyLine
from cowrite.gui.page.footnotes import PageFootnotes
from cowrite.gui.page.formatting import Formatting
from cowrite.gui.page.frame import fit_page, keep_room_for_bar, text_width
from cowrite.gui.page.hint import PageHint
from cowrite.gui.page.kept_place import KeptPlace
from cowrite.gui.page.line_room import keep_room
from cowrite.gui.page.marks import Marks
from cowrite.gui.page.mouse import PageMouse
from cowrite.gui.page.next_letters import NextLetters
from cowrite.gui.page.others import OthersPainter
from cowrite.gui.page.page_painter import PagePainter, PaintFilter
from cowrite.gui.page.pasting import Pasting
from cowrite.gui.page.resizing import Resizing
from cowrite.gui.page.rest import PART, RestOfPage
from cowrite.gui.page.tables import PageTables
from cowrite.gui.page.text_page import TextPage
from cowrite.gui.page.typewriter import Typewriter
from cowrite.gui.page.writing_keys import WritingKeys


class Editor(TextPage):
    """The page of one document. Its `formatting` is for the toolbar and the menus, `marks` are what it marks, `edits`
    puts things into its text, `copying` is what leaves it and `pasting` what comes onto it from elsewhere, `comments`
    are those that go along, `tables` those on it, `empty_line` is the newest of these.

    Args:
        document: the draft.
        theme: how it looks.
        images: keeps and gives images.
        part: about so many characters of a long text come onto the page at a time.
    """

    link_requested = Signal()
    """The person wants to make or change a link (context menu)."""

    def __init__(self, document: Document, theme: Theme, images: Images, *, part: int = PART) -> None:
        super().__init__(document)
        self._shown_theme = theme
        self.formats = TextFormats(theme, drawn=self._draw_beside)
        """How its text looks in Qt's terms; what changes whether the assistant's is marked calls `show_theme` next."""
        self.formats.colour_of = self._colour_of
        self._painter = PagePainter(self, self.formats, theme)
        self._others = OthersPainter(self, theme)
        self._cells = SelectedCells(self)
        self._paints = PaintFilter(self._painter, self._cells, self._others, super().paintEvent, self)
        self.setAccessibleName("Draft")
        self.setFrameShape(QTextEdit.Shape.NoFrame)
        self.setCursorWidth(theme.metrics.caret_width)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        keep_room_for_bar(self)
        layout = self.document().documentLayout()
        self._divider = DividerObject(theme, lambda: text_width(self), self.document())
        self.pictures = ImageObject(theme, self.formats, images, lambda: text_width(self), self.document())
        layout.registerHandler(DIVIDER_OBJECT, self._divider)
        layout.registerHandler(IMAGE_OBJECT, self.pictures)
        self._arrived = ArrivedImages(self, lambda: document)
        self.decisions = DecisionEmbeds(self, self.formats, theme)
        self.footnotes = PageFootnotes(self, self.formats, theme)
        self.document().setDocumentMargin(0)
        self._binding = EditorBinding(self.document(), document, self.formats, self, part=part)
        self.marks = Marks(self, theme, self._others, self._draw_beside)
        next_letters = NextLetters(self, self.formats)
        self.formatting = Formatting(self, next_letters)
        self.comments = PageComments()
        self.tables = PageTables(self, self.formatting, next_letters, self.comments)
        self.empty_line = EmptyLine(self, self._binding, self.formats)
        self._keys = WritingKeys(self, self.formatting, next_letters, self.tables, self.empty_line, self.formats)
        self._mouse = PageMouse(self, self._painter, self._keys, self.tables, self.formats)
        self._place = KeptPlace(self, next_letters, self.formats)
        self.typewriter = Typewriter(self)
        self.hint = PageHint(self)
        self._resizing = Resizing(self, self._place, self.typewriter, self.hint, self._fit_page)
        self._composing = Composing(self, self._keys, next_letters, self.tables, self.formats)
        self.edits = PageEdits(self, next_letters)
        self.copying = Copying(self, images, self.decisions, self.comments)
        self.pasting = Pasting(
            self, images, self.formatting, next_letters, self.tables, self.edits, self.decisions, self.comments
        )
        self.is_choosing = False
        """Whether something is offered at the caret, which has the keys that choose."""
        self._holds_line = False  # whether the line with the caret is to stay in the middle while a change comes in
        self._connect()
        self._rest = RestOfPage(self, self._binding, part)
        self._fit_page()
        self._binding.filled.connect(self._fit_page)  # whoever fills a QTextDocument anew takes its margins away
        self._binding.completed.connect(self.marks.show_again)

    def item_number(self, at: int) -> str:
        """The number of the item in which a position lies, with its full stop; empty in what is none."""
        return (
            self._painter.number_of(self.document().findBlock(at)) if self.formatting.state().list == "ordered" else ""
        )

    def undo_own(self) -> None:
        """Takes back one's own newest step; before that, what is being read for pasting is not to come in."""
        if self.isReadOnly() or not self.pasting.stop_unbegun():
            super().undo_own()

    # What is in sight

    def reach(self, position: int) -> None:
        """Has a position of a long text on the page, which may not be there yet."""
        self._binding.reach(position)

    def scroll_to(self, place: int) -> None:
        """Scrolls to where the scroll bar was."""
        self._rest.scroll_to(place)

    # Looks

    def show_theme(self, theme: Theme, zoom: float = 1.0) -> None:
        """Takes another look.

        Args:
            theme: the look.
            zoom: factor on the writing size.
        """
        held = self._place.hold()
        holds = self.typewriter.holds
        anchor, head = self.caret()
        scroll = self.verticalScrollBar().value()
        self._painter.theme = self._others.theme = self._divider.theme = self.pictures.theme = theme
        self.pictures.zoom = zoom
        self.decisions.show_theme(theme)
        typography = theme.typography.with_writing("", theme.typography.size * zoom)
        zoomed = self._shown_theme = theme._replace(typography=typography)
        self.formats.change_look(zoomed)
        self._composing.about_to_apply()
        self.marks.forget()
        self._binding.reload(max(anchor, head, held))
        self.hint.follow()
        self.set_caret(head, anchor)
        self._composing.applied()
        self.scroll_to(scroll)
        self._place.take_back(from_beginning=True)
        self.marks.show_theme(theme)
        if holds:
            self.typewriter.centre()
        self.footnotes.show_theme(zoomed)

    def refresh_image(self, name: str) -> None:
        """Shows an image that has arrived, or why there is none."""
        if self.pictures.has_grown(name):
            self._arrived.add(name)
        self.viewport().update()

    def changeEvent(self, event: QEvent) -> None:
        """Stays in its own type: Qt gives a text the font of its view, which is another one when the system's is."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.formats.dress(self.document())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keeps what is in sight where it is."""
        self._resizing.take(event, super().resizeEvent)
        self._rest.watch()

    # Keys, mouse, clipboard

    def use_quotes(self, quotes: Quotes | None) -> None:
        """Sets quotation marks, dashes and dots as in print from now on, in footnotes too; with None, they stay as they
        are typed."""
        self._keys.use_quotes(quotes)
        self.footnotes.use_quotes(quotes)

    def use_slash(self, *, on: bool) -> None:
        """Tells of each slash that is typed, or of none."""
        self._keys.tell_slashes(on=on)

    def select_all(self) -> None:
        """Selects all of the text."""
        self._binding.complete()
        self.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Handles keys that mean more than Qt knows."""
        if self._keys.is_one_more(event) and not self._composing.is_on and not self.typewriter.is_on:
            before = self.textCursor().position()
            QTextEdit.keyPressEvent(self, event)
            self._keys.complete(event.text())
            keep_room(self, before)
            return
        if is_moved(event):
            event.ignore()  # Qt would write the sign; the window knows the command
            return
        pass_on = super().keyPressEvent
        self.by_key(lambda: self._composing.press(event, pass_on))

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Takes composed text; habits work on what is committed."""
        if self.isReadOnly():
            event.ignore()  # Qt would take it where text can be selected
            return
        pass_on = super().inputMethodEvent
        self.by_key(lambda: self._compose(event, pass_on))

    def _compose(self, event: QInputMethodEvent, pass_on: Callable[[QInputMethodEvent], None]) -> None:
        self._composing.take(event, pass_on)
        self.hint.follow()
        self._keys.complete(event.commitString())

    def by_key(self, do: Callable[[], object]) -> None:
        """Does something that is done by key: the line where it ends is well in view then."""
        if self.typewriter.is_on:
            with self.typewriter.writing():
                do()
        else:
            before = self.textCursor().position()
            do()
            keep_room(self, before)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scrolls, or zooms."""
        self._mouse.turn(event, super().wheelEvent)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Ticks, selects and puts the caret somewhere."""
        self._mouse.press(event, super().mousePressEvent)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Selects."""
        self._mouse.move(event, super().mouseMoveEvent)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Ends a selection."""
        self._mouse.release(event, super().mouseReleaseEvent)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Selects a word."""
        self._mouse.double_click(event, super().mouseDoubleClickEvent)

    def paste_plain(self) -> None:
        """Pastes only the words."""
        if text := clipboard.copied_text():
            self._keys.go_elsewhere()
            self.pasting.put_plain(text, QGuiApplication.clipboard().mimeData())

    def cut(self) -> None:
        """Takes what is selected to the clipboard; cells stay where they are."""
        if not self.tables.is_selected:
            super().cut()
            return
        self.copy()
        self.tables.clear_selected()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offers what can be done here."""
        self.customContextMenuRequested.emit(QPoint(event.globalPos()))

    def createMimeDataFromSelection(self) -> QMimeData:
        """What copying and dragging offer."""
        return self.copying.selected()

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Whether pasting or dropping this would bring anything."""
        return clipboard.can_paste(source)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Pastes or drops."""
        self._keys.go_elsewhere()
        self.pasting.take(source)

    def dropEvent(self, event: QDropEvent) -> None:
        """Drops what is dragged."""
        self.pasting.drop(event, super().dropEvent)

    # Inside

    def _connect(self) -> None:
        self._binding.about_to_apply.connect(self._on_about_to_apply)
        self._binding.applied.connect(self._on_applied)
        self._binding.tables.about_to_fit.connect(self._place.hold)
        self._binding.tables.fitted.connect(self._place.take_back)
        self.document().blockCountChanged.connect(lambda _count: self._painter.forget_numbers())
        self.cursorPositionChanged.connect(self.caret_moved)
        self.selectionChanged.connect(self.caret_moved)
        self.selectionChanged.connect(self._keys.follow_selection)
        self.selectionChanged.connect(self._follow_cells)

    def _fit_page(self) -> None:
        fit_page(self, self._shown_theme, self._binding)

    def _on_about_to_apply(self, change: Change) -> None:
        self._holds_line = self.typewriter.holds
        self._composing.about_to_apply()
        fills_anew = self._binding.fills_anew(change)
        self._place.about_to_apply(change, fills_anew=fills_anew)
        if fills_anew:
            self._binding.reaches = self._place.reach(change)
            self.marks.forget_places()

    def _on_applied(self, change: Change) -> None:
        self._painter.forget_numbers()
        self._place.applied(change)
        self._composing.applied()
        if self._holds_line:
            self.typewriter.centre()
        if change.origin is Origin.ASSIST:
            self._keys.go_elsewhere()

    def _colour_of(self, change: str) -> str:
        fields = self.draft.entries(SUGGESTIONS).get(change)
        return "" if fields is None else author_of(fields).colour

    def _follow_cells(self) -> None:
        if self.formats.has_tables and self._cells.follow():
            self._draw_beside()

    def _draw_beside(self) -> None:
        self.viewport().installEventFilter(self._paints)
