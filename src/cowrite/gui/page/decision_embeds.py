"""DecisionEmbeds: the decisions that stand in the text of a page: shown, read out, opened.

Runs on the GUI thread. Until the first one is laid out nothing is listened to and no key costs more.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QTextCursor
from PySide6.QtWidgets import QTextEdit

from cowrite.bridge.page.char_formats import DECISION_OBJECT
from cowrite.bridge.page.laying_out import lay_out
from cowrite.bridge.page.text_formats import TextFormats
from cowrite.core.decisions.cards import GONE, CardSource, embedded
from cowrite.core.text.richtext import EMBED_CHARACTER
from cowrite.gui.keyboard.key_groups import ENTERS
from cowrite.gui.keyboard.speaking import say
from cowrite.gui.look.theme import Theme
from cowrite.gui.page.decision_object import DecisionObject
from cowrite.gui.page.frame import text_width


class DecisionEmbeds(QObject):
    """The decisions on one page.

    Args:
        page: where they are shown.
        formats: gives the embeds and the type of the page.
        theme: how they look.
    """

    opened = Signal(str)
    """The id of a decision that the person wants to see: Enter where it is selected or stands behind the caret, or a
    double click."""

    def __init__(self, page: QTextEdit, formats: TextFormats, theme: Theme) -> None:
        super().__init__(page)
        self._page = page
        self._formats = formats
        self._object = DecisionObject(theme, formats, lambda: text_width(page), page.document())
        self._object.needed = self._listen
        self._listens = False
        self._read_out = ""
        page.document().documentLayout().registerHandler(DECISION_OBJECT, self._object)

    @property
    def cards(self) -> CardSource | None:
        """What gives the decisions, or None."""
        return self._object.cards

    def show_cards(self, cards: CardSource) -> None:
        """Takes what gives the decisions."""
        self._object.cards = cards
        if self._listens:
            self.refresh()

    def show_theme(self, theme: Theme) -> None:
        """Takes another look."""
        self._object.theme = theme

    @property
    def are_shown(self) -> bool:
        """Whether any decision has ever stood in the text."""
        return self._listens

    def refresh(self) -> None:
        """Shows what the decisions say now."""
        if self._object.is_up_to_date():
            return
        text = self._page.document()
        lay_out(text)
        found = text.find(EMBED_CHARACTER)
        while not found.isNull():
            if self._at(found.selectionStart()):
                text.markContentsDirty(found.selectionStart(), 1)
            found = text.find(EMBED_CHARACTER, found)
        self._page.viewport().update()

    def at_caret(self) -> str:
        """The id of the decision that is selected, or stands right behind the caret; empty for none."""
        caret = self._page.textCursor()
        start, stop = caret.selectionStart(), caret.selectionEnd()
        return self._at(start) if stop - start <= 1 else ""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Opens what Enter or a double click means."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
            if plain and event.key() in ENTERS and (id := self.at_caret()):
                self.opened.emit(id)
                return True
        elif event.type() == QEvent.Type.MouseButtonDblClick and isinstance(event, QMouseEvent):
            id = self._under(event)
            if id and event.button() is Qt.MouseButton.LeftButton:
                self.opened.emit(id)
                return True
        return False

    def _under(self, event: QMouseEvent) -> str:
        caret = self._page.cursorForPosition(event.position().toPoint())
        return self._at(caret.position()) or self._at(caret.position() - 1)

    def _at(self, position: int) -> str:
        """The id of the decision that is the character behind a position."""
        document = self._page.document()
        if not 0 <= position < document.characterCount() - 1:
            return ""
        cursor = QTextCursor(document)
        cursor.setPosition(position + 1)
        return embedded(self._formats.embed(cursor.charFormat())) or ""

    def _listen(self) -> None:
        if not self._listens:
            self._listens = True
            self._page.installEventFilter(self)
            self._page.viewport().installEventFilter(self)
            self._page.cursorPositionChanged.connect(self._announce)

    def _announce(self) -> None:
        """Whoever reads by ear hears the decision to which the caret comes; Qt would say "object"."""
        id = self.at_caret()
        if id and id != self._read_out:
            card = self._object.card(id)
            words = card.words if card else GONE
            say(self._page, words)
        self._read_out = id
