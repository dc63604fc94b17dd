"""FootnoteWords: the words of a footnote while somebody writes them, in its card.

Runs on the GUI thread. What is typed is told after a pause and when the field is left; what a teammate changes
meanwhile is taken in around what was typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from math import ceil
from typing import cast

from PySide6.QtCore import QEvent, QMimeData, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QGuiApplication, QInputMethodEvent, QKeyEvent, QKeySequence, QTextCursor
from PySide6.QtWidgets import QFrame, QTextEdit

from cowrite.bridge.page.taking_over import read_spans, shown_text
from cowrite.bridge.page.text_formats import TextFormats
from cowrite.bridge.single_shot import single_shot
from cowrite.convert.footnotes import words_of_lines
from cowrite.core.text.footnotes import Letter, Words, as_words, letters_of, merged_words, words_of
from cowrite.core.text.merging import common_beginning
from cowrite.core.text.richtext import Attributes, Span, joined, lines_of, utf16_length
from cowrite.core.writing.looks import LETTERS, Look, of_letters
from cowrite.core.writing.typography import SIGNS, Quotes, printed
from cowrite.gui.commands.actions import FormatState
from cowrite.gui.keyboard.key_groups import ENTERS
from cowrite.gui.look.theme import Theme
from cowrite.gui.page import clipboard
from cowrite.gui.page.plain_words import plain_spans
from cowrite.gui.page.writing_keys import text_before

PAUSE = 1000  # milliseconds without a key after which what was typed is told
MOST_LINES = 8  # of a note that are seen at once
LONGEST_NOTE = 50_000  # characters up to which is pasted: all are laid out at each key, and read at each pause
MOST_SOURCE = 300_000  # characters of HTML that is pasted, without pictures: to read them takes a second
_ENDS = (*ENTERS, Qt.Key.Key_Escape)
_LOOKS = {
    QKeySequence.StandardKey.Bold: "bold",
    QKeySequence.StandardKey.Italic: "italic",
    QKeySequence.StandardKey.Underline: "underline",
}
_PLAIN = QKeySequence("Ctrl+Shift+V")
_PICTURE = re.compile(r"data:image/[^\"'\s>]*")


class FootnoteWords(QTextEdit):
    """What a footnote says, with bold, italic and underlined letters and with links.

    Args:
        theme: how it looks.
    """

    written = Signal()
    """Something was typed, and then nothing for a while."""
    left = Signal(bool)
    """The person is done, and goes back to the text where it is True."""
    embeds_left = Signal()
    """Pictures and what else is no words of what was pasted have no place here."""
    paste_too_long = Signal()
    """What was pasted is too long for a note, and nothing of it came in."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._formats = TextFormats(theme)
        self.quotes: Quotes | None = None
        """What quotation marks become as they are typed, with dashes and dots; with None they stay."""
        self._base: Words = ()
        self._shown: Words = ()  # the same as Qt shows it, which shows other characters for some
        self._pause = single_shot(self, self.written.emit, PAUSE)
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self._formats.dress(self.document())
        self.document().setDocumentMargin(2)
        self.document().setUndoRedoEnabled(True)
        self.textChanged.connect(self._on_text)

    @property
    def words(self) -> Words:
        """What stands there."""
        words = as_words(self._spans())
        return self._base if words == self._shown else words

    def show_words(self, words: Words) -> None:
        """Shows what a footnote says; of what was typed meanwhile nothing is lost."""
        mine = self.words
        wanted = words if mine == self._base else merged_words(self._base, mine, words)
        if wanted != mine:
            self._fill(wanted)
            self.document().clearUndoRedoStacks()  # what others have written, undo would take out for all
        self._base = words
        self._shown = as_words(self._spans()) if wanted == words else words

    def told(self) -> None:
        """What stands there is known to all."""
        self._base, self._shown = self.words, as_words(self._spans())
        self._pause.stop()

    def state(self) -> FormatState:
        """What holds at the caret, for toolbar and menus."""
        looks, document = self._looks(), self.document()
        script, link = looks.get("script"), looks.get("link")
        return FormatState(
            bold=bool(looks.get("bold")),
            italic=bool(looks.get("italic")),
            underline=bool(looks.get("underline")),
            strike=bool(looks.get("strike")),
            code=bool(looks.get("code")),
            script=script if isinstance(script, str) else None,
            link=link if isinstance(link, str) else None,
            can_undo=document.isUndoAvailable(),
            can_redo=document.isRedoAvailable(),
            read_only=self.isReadOnly(),
            in_footnote=True,
        )

    def toggle(self, look: str, value: object = True) -> None:
        """Gives the selected letters, or what is typed next, another look or takes it away."""
        is_on = self._looks().get(look) == value
        self._dress(lambda looks: _without(looks, look) if is_on else {**looks, look: value})

    def clear(self) -> None:
        """Takes all looks from the selected letters, or from what is typed next."""
        self._dress(lambda _looks: {})

    def look(self) -> Look:
        """How the selected letters look, or what is typed next."""
        return Look(of_letters(self._looks()))

    def paste_look(self, look: Look) -> None:
        """Has the selected letters, or what is typed next, look as somewhere else; links stay."""
        self._dress(lambda looks: {**{name: looks[name] for name in looks if name not in LETTERS}, **look.letters})

    def set_link(self, address: str | None, text: str = "") -> None:
        """Makes the selection a link, or changes the link at the caret; None takes it away. Where there is neither,
        `text` (or the address) comes in as one."""
        if self.isReadOnly():
            return
        cursor = self.textCursor()
        if not cursor.hasSelection():
            self._select_link(cursor)
        if not cursor.hasSelection() and address:
            self._put(cursor, [Span(text or address, {**self._here(), "link": address})])
            self.setTextCursor(cursor)
            return
        caret = self.textCursor()
        self.setTextCursor(cursor)
        self._dress(lambda looks: {**looks, "link": address} if address else _without(looks, "link"))
        self.setTextCursor(caret)

    def event(self, event: QEvent) -> bool:
        """The keys for looks, and that to paste words alone, are this field's while it has the keyboard, and not the
        page's."""
        is_key = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if is_key and (_look_of(key := cast(QKeyEvent, event)) or key.key() in _ENDS or _pastes_plain(key)):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Escape lead back to the text, Shift+Enter begins another line."""
        is_done = event.key() in _ENDS and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if is_done or (event.key() == Qt.Key.Key_Return and event.modifiers() == Qt.KeyboardModifier.ControlModifier):
            self.left.emit(True)
        elif look := _look_of(event):
            self.toggle(look)
        elif _pastes_plain(event):
            self.paste_plain()
        elif self._is_off(event):
            event.accept()  # or the page behind would take it
        else:
            if event.text() and self._ends_link():
                self.setCurrentCharFormat(self._formats.char_format(_without(self._here(), "link"), {}))
            super().keyPressEvent(event)
            self._complete(event.text())

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Takes composed text, as keys."""
        super().inputMethodEvent(event)
        self._complete(event.commitString())

    def paste_plain(self) -> None:
        """Pastes only the words."""
        if self.isReadOnly():
            return
        if self._lacks_room(text := clipboard.copied_text()):
            self.paste_too_long.emit()
        else:
            self._paste(plain_spans(text))

    def copy_markdown(self) -> None:
        """Copies the selection, or the whole note, as Markdown."""
        spans = self._spans(*_ends(self.textCursor())) or self._spans()
        QGuiApplication.clipboard().setMimeData(clipboard.markdown_mime(spans, (), None))

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Whether pasting this would bring any words."""
        return bool(source.formats()) and (source.hasText() or source.hasHtml())

    def createMimeDataFromSelection(self) -> QMimeData:
        """What copying offers."""
        cursor = self.textCursor()
        spans = list(self._spans(cursor.selectionStart(), cursor.selectionEnd()))
        return clipboard.mime_of(spans, lambda _name: None)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Pastes the words, with their looks; lines become lines of the note."""
        if clipboard.files_of_mime(source):
            self.embeds_left.emit()
            return
        source_text = _PICTURE.sub("", source.html()) if source.hasHtml() else ""
        if self._lacks_room(source.text()) or len(source_text) > MOST_SOURCE:
            self.paste_too_long.emit()
            return
        address = clipboard.address_of_mime(source)
        cursor = self.textCursor()
        if address and cursor.hasSelection():
            linked = [Span(span.text, {**span.attributes, "link": address}) for span in self._spans(*_ends(cursor))]
            self._put(cursor, linked)
            return
        lacks: list[bool] = []
        spans = clipboard.spans_of_mime(source, lambda _content, _kind: "", lambda: lacks.append(True))
        self._paste(spans)
        if lacks or any(span.embed is not None and "divider" not in span.embed for span in spans):
            self.embeds_left.emit()

    def height_for(self, width: int) -> int:
        """Pixels that its text needs in a width, as far as it is not scrolled."""
        document = self.document()
        document.setTextWidth(width)
        return ceil(min(document.size().height(), MOST_LINES * self._line)) + 2

    @property
    def line_height(self) -> int:
        """Pixels that one line needs."""
        return ceil(self._line + 2 * self.document().documentMargin()) + 2

    # Inside

    @property
    def _line(self) -> float:
        return QFontMetricsF(self._formats.default_font()).lineSpacing()

    def _lacks_room(self, text: str) -> bool:
        """Whether a text has no room here in place of what is selected."""
        cursor = self.textCursor()
        stays = self.document().characterCount() - (cursor.selectionEnd() - cursor.selectionStart())
        return stays + utf16_length(text) > LONGEST_NOTE

    def _paste(self, spans: Sequence[Span]) -> None:
        if not spans:
            return
        lines = lines_of(spans)
        self._put(self.textCursor(), lines[0].spans if len(lines) == 1 else words_of_lines(lines))
        self.ensureCursorVisible()

    def _fill(self, words: Words) -> None:
        """Shows words by the smallest replacement, so that the caret stays where it was."""
        is_waiting = self._pause.isActive()
        if self.document().isEmpty():  # a million letters are not looked at one by one
            self._put(QTextCursor(self.document()), words)
        else:
            self._replace(words)
        if not is_waiting:
            self._pause.stop()

    def _replace(self, words: Words) -> None:
        before, after = letters_of(tuple(self._spans())), letters_of(words)
        first = common_beginning(before, after)
        last = common_beginning(before[first:][::-1], after[first:][::-1])
        cursor = QTextCursor(self.document())
        cursor.setPosition(_units(before[:first]))
        cursor.setPosition(_units(before[: len(before) - last]), QTextCursor.MoveMode.KeepAnchor)
        self._put(cursor, words_of(after[first : len(after) - last]))

    def _put(self, cursor: QTextCursor, spans: Iterable[Span]) -> None:
        cursor.beginEditBlock()
        cursor.removeSelectedText()
        for span in spans:
            if span.embed is None:
                cursor.insertText(shown_text(span), self._formats.char_format(span.attributes, {}))
        cursor.endEditBlock()

    def _spans(self, start: int = 0, stop: int | None = None) -> list[Span]:
        """The text between two positions."""
        stop = self.document().characterCount() - 1 if stop is None else stop
        return joined(read_spans(self.document(), self._formats, start, stop))

    def _here(self) -> Attributes:
        return self._formats.attributes(self.currentCharFormat())

    def _looks(self) -> Attributes:
        """The looks that all of the selection has, or that what is typed next will have."""
        spans = self._spans(*_ends(self.textCursor()))
        if not spans:
            return self._here()
        return {
            name: value
            for name, value in spans[0].attributes.items()
            if all(span.attributes.get(name) == value for span in spans)
        }

    def _dress(self, look: Callable[[Attributes], Attributes]) -> None:
        """Gives the selected letters, or what is typed next, the looks that are made of theirs."""
        if self.isReadOnly():
            return
        cursor = self.textCursor()
        if not cursor.hasSelection():
            self.setCurrentCharFormat(self._formats.char_format(look(self._here()), {}))
            return
        anchor, head, at = cursor.anchor(), cursor.position(), cursor.selectionStart()
        spans = self._spans(*_ends(cursor))
        cursor.beginEditBlock()
        for span in spans:
            cursor.setPosition(at)
            at += utf16_length(span.text)
            cursor.setPosition(at, QTextCursor.MoveMode.KeepAnchor)
            cursor.setCharFormat(self._formats.char_format(look(span.attributes), {}))
        cursor.endEditBlock()
        cursor.setPosition(anchor)
        cursor.setPosition(head, QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)

    def _select_link(self, cursor: QTextCursor) -> None:
        """Selects the link that a caret stands in, or at the edge of."""
        caret, at, found = cursor.position(), 0, (0, 0)
        link = ""
        for span in self._spans():
            stop = at + utf16_length(span.text)
            here = span.attributes.get("link", "")
            if here and here == link and at == found[1]:
                found = found[0], stop
            elif here and at <= caret <= stop:
                found, link = (at, stop), here
            at = stop
        cursor.setPosition(found[0] if link else caret)
        cursor.setPosition(found[1] if link else caret, QTextCursor.MoveMode.KeepAnchor)

    def _is_off(self, event: QKeyEvent) -> bool:
        """Whether a key is that of a command which is off: Qt would type its letter where Alt is held, too."""
        pressed = QKeySequence(event.keyCombination())
        is_plain = not event.modifiers() & Qt.KeyboardModifier.ControlModifier
        return not is_plain and any(
            pressed in action.shortcuts() for action in self.window().actions() if not action.isEnabled()
        )

    def _complete(self, typed: str) -> None:
        """Puts signs of print in the place of what was just typed."""
        if self.quotes is None or typed not in SIGNS or self.isReadOnly():
            return
        for sign in printed(text_before(self.textCursor()), self.quotes):
            cursor = self.textCursor()
            stop = cursor.position() - utf16_length(sign.behind)
            cursor.setPosition(stop - utf16_length(sign.typed))
            cursor.setPosition(stop, QTextCursor.MoveMode.KeepAnchor)
            looks = self._spans(*_ends(cursor))[0].attributes
            if "code" not in looks:
                self._put(cursor, [Span(sign.print, looks)])

    def _ends_link(self) -> bool:
        """Whether what is typed would go on with a link that ends here."""
        cursor = self.textCursor()
        if cursor.hasSelection() or "link" not in self._here():
            return False
        behind = self._spans(cursor.position(), min(cursor.position() + 1, self.document().characterCount() - 1))
        return not behind or "link" not in behind[0].attributes

    def _on_text(self) -> None:
        self._pause.start()


def _look_of(event: QKeyEvent) -> str:
    """The look that a key is for; empty for none."""
    return next((look for key, look in _LOOKS.items() if event.matches(key)), "")


def _without(attributes: Attributes, look: str) -> Attributes:
    return {name: value for name, value in attributes.items() if name != look}


def _pastes_plain(event: QKeyEvent) -> bool:
    return QKeySequence(event.keyCombination()) == _PLAIN


def _units(letters: Iterable[Letter]) -> int:
    return sum(utf16_length(letter) for letter, _ in letters)


def _ends(cursor: QTextCursor) -> tuple[int, int]:
    return cursor.selectionStart(), cursor.selectionEnd()
