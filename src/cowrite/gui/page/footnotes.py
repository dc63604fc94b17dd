"""PageFootnotes: the footnotes of a page: read under the pointer, opened at their references, put in and taken out.

Runs on the GUI thread. Until a reference is laid out, or one is to come in, nothing is listened to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6 import QtGui, QtWidgets  # PySide makes a class when it is first named; these most drafts never need
from PySide6.QtCore import QEvent, QObject, QPointF, QRect, Qt, Signal

from cowrite.bridge.page.char_formats import FOOTNOTE_OBJECT
from cowrite.bridge.page.points import pixels_per_point
from cowrite.bridge.page.text_formats import TextFormats
from cowrite.core.text.footnotes import text_of
from cowrite.core.writing import lines
from cowrite.gui.look.theme import MARGIN, Theme
from cowrite.gui.page.footnote_signs import FootnoteNumbers, FootnoteObject
from cowrite.gui.page.places import caret_rect
from cowrite.gui.page.text_page import TextPage

if TYPE_CHECKING:
    from cowrite.core.footnotes.here import FootnoteHere
    from cowrite.core.writing.typography import Quotes
    from cowrite.gui.page.footnote_field import FootnoteField

NOT_IN_CODE = "There are no footnotes in code: put the caret on a line of text."
_WIDTH = 25  # of a card at most, in sizes of its letters
_BELOW = 6  # between a reference and its card


class PageFootnotes(QObject):
    """The footnotes of one page.

    Args:
        page: it.
        formats: of its text.
        theme: how it looks.
    """

    card_changed = Signal()
    """A card was opened or closed."""
    embeds_left = Signal()
    """Pictures or the like were pasted into a card, which holds words alone."""
    paste_too_long = Signal()
    """What was pasted into a card is too long for it, and nothing of it came in."""

    def __init__(self, page: TextPage, formats: TextFormats, theme: Theme) -> None:
        super().__init__(page)
        self._page = page
        self._theme = theme
        self.numbers = FootnoteNumbers(page.document(), page.viewport().update)
        self._object = FootnoteObject(theme, formats, self.numbers, page.document())
        self._object.needed = self._listen
        self._listens = False
        self._quotes: Quotes | None = None
        self._is_begun = False  # whether something was written since the card was opened
        self._is_gone = False  # whether a teammate has then taken it out of the text
        self._here: FootnoteHere | None = None
        self._field: FootnoteField | None = None
        page.document().documentLayout().registerHandler(FOOTNOTE_OBJECT, self._object)

    @property
    def field(self) -> FootnoteField | None:
        """The card of the footnote that is open; None while none is."""
        return self._field

    @property
    def are_shown(self) -> bool:
        """Whether there is a footnote in the text."""
        return bool(self.numbers.places)

    def show_theme(self, theme: Theme) -> None:
        """Takes another look, of which the letters are as large as on the page; the card stays open."""
        self._theme = self._object.theme = theme
        here = self._here
        self.close()
        if here is not None:
            self.open(here.at, is_new=not here.stands)

    def at_caret(self) -> int | None:
        """Where the reference is that is selected, or stands right before or behind the caret."""
        start, stop = self._page.selection()
        places = [start] if stop - start == 1 else [start - 1, start] if start == stop else []
        return next((at for at in places if self._is_at(at)), None)

    def described(self, at: int) -> str:
        """The footnote whose reference is at a position, in words; empty for none."""
        return f"Footnote {self.numbers.number(at)}: {text_of(self._object.embed(at))}" if self._is_at(at) else ""

    def show_read_only(self, on: bool) -> None:
        """Whether what footnotes say can be read only. What was typed until then is written, as it is on the page."""
        if on:
            self.write()
        if self._field is not None:
            self._field.show_read_only(on)

    def use_quotes(self, quotes: Quotes | None) -> None:
        """Sets quotation marks, dashes and dots as in print from now on; with None, they stay as they are typed."""
        self._quotes = quotes
        if self._field is not None:
            self._field.words.quotes = quotes

    def show_tip(self, at: int) -> None:
        """Shows what the footnote at a position says, as under the pointer; nothing where there is none."""
        if self._is_at(at):
            view = self._page.viewport()
            QtWidgets.QToolTip.showText(view.mapToGlobal(self._rect(at).bottomLeft()), self._object.told(at), view)

    def put_in(self) -> str:
        """Opens the footnote at the caret, or one that is to come in there.

        Returns:
            Why there can be none, in a sentence; empty where there can.
        """
        at = self.at_caret()
        if at is not None:
            self.open(at)
        elif not self._page.isReadOnly():
            place = max(self._page.caret())
            if lines.in_code(self._page.draft, place):
                return NOT_IN_CODE
            self.open(place, is_new=True)
        return ""

    def open(self, at: int, *, is_new: bool = False) -> None:
        """Opens a footnote: what it says can be read, and written by whom may write.

        Args:
            at: where its reference is, or is to stand.
            is_new: whether there is none yet.
        """
        from cowrite.core.footnotes.here import FootnoteHere
        from cowrite.gui.page.footnote_field import FootnoteField  # most drafts have no footnotes

        self.close()
        self._listen()
        page = self._page
        page.position_visible(at)
        self._here = FootnoteHere(page.draft, at, is_new=is_new)
        self._field = FootnoteField(page.viewport(), self._theme)
        self._field.show_read_only(page.isReadOnly())
        self._field.words.quotes = self._quotes
        self._field.words.show_words(self._here.words)
        self._field.words.moveCursor(QtGui.QTextCursor.MoveOperation.End)
        self._here.changed, self._here.gone = self._take, self._forget
        self._field.words.written.connect(self.write)
        self._field.words.left.connect(self._leave)
        self._field.words.embeds_left.connect(self.embeds_left)
        self._field.words.paste_too_long.connect(self.paste_too_long)
        self._field.words.document().documentLayout().documentSizeChanged.connect(self._follow)
        self._field.remove.clicked.connect(self._remove)
        page.draft.steps.begin()
        self._is_begun = self._is_gone = False
        self._field.show()
        self._follow()
        self._field.words.setFocus(Qt.FocusReason.OtherFocusReason)
        self.card_changed.emit()

    def write(self) -> None:
        """Has everybody see what was typed."""
        if self._here is None or self._field is None or self._page.isReadOnly():
            return
        words = self._field.words.words
        if not words and self._here.stands and self._field.isVisible():
            return  # an emptied footnote goes when the card is closed
        if words != self._here.words or (words and not self._here.stands and not self._is_gone):
            if self._is_begun:
                self._page.draft.steps.go_on()
            self._is_begun = True
            self._here.write(words)
            if self._is_gone:
                self._is_gone = False
                self._follow()
        self._field.words.told()

    def close(self) -> None:
        """Writes what was typed, and closes the card."""
        if self._field is not None:
            self._field.hide()
            self.write()
            self._drop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Says under the pointer what a footnote says, and opens the one that is clicked."""
        kind = event.type()
        if kind == QEvent.Type.ToolTip and isinstance(event, QtGui.QHelpEvent):
            at = self._under(QPointF(event.pos()))
            if at is not None:
                QtWidgets.QToolTip.showText(event.globalPos(), self._object.told(at), self._page.viewport())
                return True
        elif kind == QEvent.Type.MouseMove and isinstance(event, QtGui.QMouseEvent) and not event.buttons():
            return self._point(self._under(event.position()) is not None)
        elif kind == QEvent.Type.MouseButtonRelease and isinstance(event, QtGui.QMouseEvent):
            is_plain = event.button() is Qt.MouseButton.LeftButton and not event.modifiers()
            at = self._under(event.position()) if is_plain and not self._page.textCursor().hasSelection() else None
            if at is not None:
                self.open(at)
        elif kind == QEvent.Type.Resize:
            self._follow()
        return False

    # Inside

    def _listen(self) -> None:
        if not self._listens:
            self._listens = True
            self.numbers.begin()
            self._page.viewport().installEventFilter(self)
            self._page.verticalScrollBar().valueChanged.connect(self._follow)
            self._page.document().documentLayout().documentSizeChanged.connect(self._follow)

    def _is_at(self, at: int) -> bool:
        return self._object.embed(at) is not None

    def _under(self, point: QPointF) -> int | None:
        """Where the reference is that is drawn at a point of the viewport."""
        near = self._page.cursorForPosition(point.toPoint()).position()
        for at in (near - 1, near):
            if self._is_at(at) and self._rect(at).contains(point.toPoint()):
                return at
        return None

    def _rect(self, at: int) -> QRect:
        """Where a reference is drawn, in the viewport."""
        one, other = caret_rect(self._page, at), caret_rect(self._page, at + 1)
        return one.united(other) if one.top() == other.top() else one

    def _point(self, at_sign: bool) -> bool:
        """Shows a hand over a reference; says whether it does."""
        view = self._page.viewport()
        hand, beam = Qt.CursorShape.PointingHandCursor, Qt.CursorShape.IBeamCursor
        if at_sign != (view.cursor().shape() == hand):
            view.setCursor(hand if at_sign else beam)
        return at_sign

    def _take(self) -> None:
        """A teammate has changed what is open."""
        if self._here is not None and self._field is not None:
            self._field.words.show_words(self._here.words)
            self._follow()

    def _forget(self) -> None:
        """A teammate has taken it out of the text; what was typed meanwhile brings it back. Whoever is writing in it
        goes on there: their next letters would come into the line behind the card."""
        if self._here is not None and self._field is not None and self._field.words.words == self._here.words:
            has_keyboard = self._page.window().focusWidget() is self._field.words
            if has_keyboard and self._is_begun:
                self._is_gone = True
                self._follow()
                return
            self._drop()
            if has_keyboard:
                self._page.setFocus()

    def _remove(self) -> None:
        here = self._here
        if here is not None and self._field is not None and not self._page.isReadOnly():
            at = here.at
            here.remove()
            self._drop()
            self._page.set_caret(at)
            self._page.setFocus()

    def _drop(self) -> None:
        """Closes the card, and writes nothing."""
        here, self._here = self._here, None
        field, self._field = self._field, None
        if here is not None and field is not None:
            here.close()
            field.words.left.disconnect(self._leave)  # it may lose the keyboard only to the next card
            field.words.written.disconnect(self.write)
            self._page.draft.steps.begin()
            field.close()
            self.card_changed.emit()

    def _leave(self, goes_back: bool) -> None:
        here = self._here
        self.close()
        if here is not None and goes_back:
            self._page.set_caret(here.at + here.stands)
            self._page.setFocus()

    def _follow(self) -> None:
        """Puts the card at its reference."""
        field, here = self._field, self._here
        if field is None or here is None:
            return
        if self._is_gone and not here.stands:
            field.show_gone()
        else:
            field.show_number(self.numbers.number(here.at))
        view = self._page.viewport()
        margin = MARGIN
        letters = self._theme.typography.size * pixels_per_point()
        sign = self._rect(here.at) if here.stands else caret_rect(self._page, here.at)
        top = sign.bottom() + _BELOW
        below, above = view.height() - top, sign.top() - _BELOW
        field.fit(min(round(_WIDTH * letters), view.width() - 2 * margin), max(below, above))
        left = min(max(sign.left() - margin, margin), view.width() - margin - field.width())
        field.move(left, top if field.height() <= below or below >= above else max(above - field.height(), 0))
