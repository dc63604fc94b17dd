"""PageLinks: where the links of a page lead, and how they are opened.

Runs on the GUI thread. While a page holds no link, nothing is listened to. A teammate can write any address: only what
is safe is opened.
"""

from __future__ import annotations

from PySide6 import QtGui, QtWidgets  # PySide makes a class when it is first named; these most drafts never need
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QDesktopServices, QGuiApplication

from cowrite.convert.values import address as kept_link
from cowrite.convert.values import link as safe_link
from cowrite.core.text.first_words import shortened
from cowrite.core.writing.heading_links import heading_of, leads_within
from cowrite.core.writing.headings import Heading, headings
from cowrite.gui.look.key_names import with_keys
from cowrite.gui.page.editor import Editor
from cowrite.gui.widgets.tips import tip_of

HOW = with_keys("Ctrl+click or Alt+Enter opens it")
HOW_WITHIN = with_keys("Ctrl+click or Alt+Enter leads there")
NO_HEADING = "No heading of this text is called that"


class PageLinks(QObject):
    """The links of one page.

    Args:
        editor: the page.
    """

    def __init__(self, editor: Editor) -> None:
        super().__init__(editor)
        self._editor = editor
        self._is_listening = False

    def refresh(self) -> None:
        """Begins to listen once there is, or may be, a link."""
        if not self._is_listening and self._editor.formats.has_bounds:
            self._is_listening = True
            self._editor.viewport().installEventFilter(self)

    def offer(self, menu: QtWidgets.QMenu) -> None:
        """Adds what can be done with the link at the caret."""
        here = self._editor.formatting.state().link
        if leads_within(here):
            heading = self._heading(str(here))
            if heading is None:
                menu.addAction(NO_HEADING).setEnabled(False)
            else:
                shown = shortened(heading.text).replace("&", "&&")
                menu.addAction(f"&Go to “{shown}”").triggered.connect(self.open_here)
            self._offer_more(menu, str(here))
        elif safe_link(here):
            menu.addAction("Open lin&k").triggered.connect(self.open_here)
            self._offer_more(menu, str(here))
        elif address := kept_link(here):
            shown = shortened(address).replace("&", "&&")
            menu.addAction(f"“{shown}” cannot be opened from here").setEnabled(False)
            self._offer_more(menu, address)

    def _offer_more(self, menu: QtWidgets.QMenu, address: str) -> None:
        menu.addAction("Copy &address").triggered.connect(lambda: QGuiApplication.clipboard().setText(address))
        if not self._editor.isReadOnly():
            menu.addAction("&Remove link").triggered.connect(lambda: self._editor.formatting.set_link(None))
        menu.addSeparator()

    def open_here(self) -> bool:
        """Opens the link at the caret; says whether there is one."""
        return self._open(self._editor.formatting.state().link)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Says under the pointer where a link leads, and opens it by Ctrl+click."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QtGui.QHelpEvent):
            address = kept_link(self._editor.anchorAt(event.pos()))
            if address:
                words = tip_of(self._where(address))
                QtWidgets.QToolTip.showText(event.globalPos(), words, self._editor.viewport())
                return True
        elif event.type() == QEvent.Type.MouseMove and isinstance(event, QtGui.QMouseEvent):
            is_hand = bool(self._under(event) and not event.buttons())
            shape = Qt.CursorShape.PointingHandCursor if is_hand else Qt.CursorShape.IBeamCursor
            if self._editor.viewport().cursor().shape() != shape:
                self._editor.viewport().setCursor(shape)
        elif event.type() == QEvent.Type.MouseButtonRelease and isinstance(event, QtGui.QMouseEvent):
            is_plain = event.button() is Qt.MouseButton.LeftButton and not self._editor.textCursor().hasSelection()
            if is_plain and self._open(self._under(event)):
                return False  # Qt ends the click, too
        return super().eventFilter(watched, event)

    def _under(self, event: QtGui.QMouseEvent) -> str:
        """The address under the pointer while Ctrl is held; empty for none."""
        is_held = event.modifiers() == Qt.KeyboardModifier.ControlModifier
        return self._editor.anchorAt(QPoint(event.position().toPoint())) if is_held else ""

    def _where(self, address: str) -> str:
        """Where a link leads, and how one gets there."""
        if not leads_within(address):
            return shortened(address) + (f"\n{HOW}" if safe_link(address) else "")
        heading = self._heading(address)
        return f"{shortened(heading.text)}\n{HOW_WITHIN}" if heading is not None else NO_HEADING

    def _heading(self, address: str) -> Heading | None:
        spans = list(self._editor.draft.spans())  # words that are only suggested change no address
        return heading_of(address, headings(spans, stands=True)) or heading_of(address, headings(spans))

    def _open(self, written: object) -> bool:
        if leads_within(written):
            heading = self._heading(str(written))
            if heading is not None:
                self._editor.go_to_line(heading.at)
            return heading is not None
        address = safe_link(written)
        if address:
            QDesktopServices.openUrl(address)
        return bool(address)
