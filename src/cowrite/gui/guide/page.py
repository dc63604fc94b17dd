"""GuideView: one page of the guide, as wide as one reads well.

Runs on the GUI thread.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QImageReader,
    QResizeEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QTextBrowser, QTextEdit

from cowrite.convert.guide import GuidePage
from cowrite.gui.look.theme import Theme, set_look
from cowrite.gui.widgets.reached import Reached

LINE = 88  # letters in the longest line
AIR = 28  # device-independent pixels beside the text

_STYLE = """
body, p, li, td, th {{ color: {text}; }}
h1 {{ font-size: xx-large; font-weight: 600; margin-top: 16px; margin-bottom: 8px; }}
h2 {{ font-size: x-large; font-weight: 600; margin-top: 28px; margin-bottom: 4px; }}
h3 {{ font-size: large; font-weight: 600; margin-top: 20px; margin-bottom: 4px; }}
p {{ margin-top: 6px; margin-bottom: 6px; line-height: 140%; }}
li {{ margin-top: 3px; margin-bottom: 3px; line-height: 140%; }}
a {{ color: {link}; text-decoration: underline; }}
code, pre {{ font-family: {code_families}; background-color: {code_background}; color: {code_text}; }}
table {{ border-collapse: collapse; margin-top: 8px; margin-bottom: 8px; }}
th, td {{ border: 1px solid {border}; }}
th {{ background-color: {window}; font-weight: 600; text-align: left; }}
"""


class GuideView(QTextBrowser):
    """Shows a page, and says where its links lead."""

    followed = Signal(QUrl)
    """A link was followed: an address of the network, or a file with or without a place in it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._page: GuidePage | None = None
        self._marked: tuple[str, ...] = ()
        Reached(self)
        self.setOpenLinks(False)
        self.setAccessibleName("Guide")
        self.zoomIn(1)
        self.anchorClicked.connect(lambda link: self.followed.emit(self._whole(link)))
        set_look(self, surface="guide")

    @property
    def page(self) -> GuidePage | None:
        """What is shown; None before anything was."""
        return self._page

    def show_page(self, page: GuidePage, anchor: str = "") -> None:
        """Shows a page from its beginning, or from a place in it."""
        if page is not self._page:
            self._page = page
            self._write()
        self._mark()
        if anchor and anchor != page.parts[0].anchor:
            self.scrollToAnchor(anchor)
        else:
            self.verticalScrollBar().setValue(0)

    def mark(self, words: tuple[str, ...]) -> None:
        """Marks these words wherever they stand."""
        self._marked = words
        self._mark()

    def show_theme(self, theme: Theme) -> None:
        """Takes the colours of `theme`."""
        self._theme = theme
        if self._page is not None:
            above = self.verticalScrollBar().value()
            self._write()
            self._mark()
            self.verticalScrollBar().setValue(above)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a wide window the text stands in the middle."""
        line = LINE * QFontMetrics(self.document().defaultFont()).averageCharWidth()
        side = max(AIR, (self.width() - line) // 2)
        self.setViewportMargins(side, AIR // 2, side - self.verticalScrollBar().sizeHint().width(), 0)
        super().resizeEvent(event)  # which breaks the lines, as wide as they have room now
        self._fit_pictures()

    def _write(self) -> None:
        assert self._page is not None
        values = {
            name: getattr(self._theme, name)
            for name in ("text", "link", "code_background", "code_text", "border", "window")
        }
        families = ", ".join(f"'{each}'" for each in (*self._theme.typography.code_families, "monospace"))
        self.document().setDefaultStyleSheet(_STYLE.format(**values, code_families=families))
        self.document().setBaseUrl(QUrl.fromLocalFile(str(self._page.path)))
        self.setHtml(self._page.html)
        self._fit_pictures()

    def _fit_pictures(self) -> None:
        """None is wider than the text: Qt scales them by itself, and leaves the height that they had."""
        room = self.viewport().width() - 2 * round(self.document().documentMargin())
        for cursor in _pictures(self.document()):
            look = cursor.charFormat().toImageFormat()
            size = QImageReader(self._whole(QUrl(look.name())).toLocalFile()).size()
            width = min(room, size.width())
            look.setWidth(width)
            look.setHeight(size.height() * width / max(1, size.width()))
            cursor.setCharFormat(look)
            line = cursor.blockFormat()
            line.setLineHeight(100, QTextBlockFormat.LineHeightTypes.SingleHeight.value)
            cursor.setBlockFormat(line)

    def _mark(self) -> None:
        look = QTextCharFormat()
        look.setBackground(QColor(self._theme.find))
        self.setExtraSelections(
            [_selection(found, look) for words in self._marked for found in _places(self.document(), words)]
        )

    def _whole(self, link: QUrl) -> QUrl:
        assert self._page is not None
        return QUrl.fromLocalFile(str(self._page.path)).resolved(link)


def _pictures(document: QTextDocument) -> list[QTextCursor]:
    """Each selected."""
    found, cursor = [], document.find("\ufffc")
    while not cursor.isNull():
        if cursor.charFormat().isImageFormat():
            found.append(cursor)
        cursor = document.find("\ufffc", cursor)
    return found


def _places(document: QTextDocument, words: str) -> list[QTextCursor]:
    found, cursor = [], document.find(words)
    while not cursor.isNull():
        found.append(cursor)
        cursor = document.find(words, cursor)
    return found


def _selection(cursor: QTextCursor, look: QTextCharFormat) -> QTextEdit.ExtraSelection:
    selection = QTextEdit.ExtraSelection()
    selection.cursor, selection.format = cursor, look
    return selection


def path_of(link: QUrl) -> Path | None:
    """The file to which a link leads; None for what is elsewhere."""
    return Path(link.toLocalFile()) if link.isLocalFile() else None
