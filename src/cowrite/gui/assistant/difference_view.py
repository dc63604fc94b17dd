"""DifferenceView: what a rewriting would change in a passage, word by word.

Runs on the GUI thread. It is told a Difference, shows what goes struck through and what comes underlined, and says
which alteration the person accepts or rejects. Every alteration can be reached by keyboard.
"""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QSize, Qt, QUrl, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QTextBrowser, QWidget

from cowrite.gui.assistant.values import Alteration, Difference
from cowrite.gui.look.icons import icon_button
from cowrite.gui.look.theme import CLOSE, SPACING, TIGHT, Theme, set_look
from cowrite.gui.widgets.dialog_parts import column_in
from cowrite.gui.widgets.elided_label import ElidedLabel

LINK = "alteration:"
GAP = "\u2009"  # between what goes and what comes


class DifferenceView(QWidget):
    """`accepted(alteration id)` and `rejected(alteration id)`; `left()` when Escape gives the keyboard back."""

    accepted = Signal(int)
    rejected = Signal(int)
    left = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._difference: Difference = ()
        self._current = -1
        self._may_decide = False
        self._text = _Passage(self)
        self._text.anchorClicked.connect(self._on_link)
        self._place = ElidedLabel()
        self._place.setAccessibleDescription("Current change")
        set_look(self._place, role="muted")
        self._previous = icon_button("arrow-up", "Previous change")
        self._next = icon_button("arrow-down", "Next change")
        self._take = icon_button("check", "Accept this change")
        self._drop = icon_button("x", "Reject this change")
        self._previous.setToolTip("Previous change (Up)")
        self._next.setToolTip("Next change (Down)")
        self._take.setToolTip("Accept this change (Enter)")
        self._drop.setToolTip("Reject this change (Delete)")
        self._previous.clicked.connect(lambda: self.step(-1))
        self._next.clicked.connect(lambda: self.step(1))
        self._take.clicked.connect(self.accept)
        self._drop.clicked.connect(self.reject)
        self._row = QWidget()
        row = QHBoxLayout(self._row)
        row.setContentsMargins(SPACING, 0, TIGHT, 0)
        row.setSpacing(0)
        row.addWidget(self._place, 1)
        for button in (self._previous, self._next, self._take, self._drop):
            row.addWidget(button)
        column_in(self, self._text, self._row, spacing=CLOSE)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setFocusProxy(self._text)
        self.show_difference(())

    @property
    def current(self) -> int | None:
        """The id of the alteration that is meant, or None where there is none."""
        found = self._alterations()
        return found[self._current].id if 0 <= self._current < len(found) else None

    def show_difference(self, difference: Difference, *, may_decide: bool = True) -> None:
        """Shows what a rewriting would change.

        Args:
            difference: in pieces.
            may_decide: whether it is complete, so that its parts can be accepted.
        """
        if (difference, may_decide) == (self._difference, self._may_decide):
            return
        self._difference, self._may_decide = difference, may_decide
        found = self._alterations()
        self._current = min(max(self._current, 0), len(found) - 1)
        self._draw()

    def show_theme(self, theme: Theme) -> None:
        """Takes the colours of `theme`."""
        self._theme = theme
        self._draw()

    def step(self, step: int) -> None:
        """Goes to the next alteration (1) or the one before (-1)."""
        count = len(self._alterations())
        if count:
            self._current = (self._current + step) % count
            self._draw()

    def accept(self) -> None:
        """The person accepts the alteration that is meant."""
        if self.current is not None and self._may_decide:
            self.accepted.emit(self.current)

    def reject(self) -> None:
        """The person rejects the alteration that is meant."""
        if self.current is not None and self._may_decide:
            self.rejected.emit(self.current)

    def _alterations(self) -> list[Alteration]:
        return [piece for piece in self._difference if isinstance(piece, Alteration)]

    def _draw(self) -> None:
        bar = self._text.verticalScrollBar()
        before = bar.value()
        self._text.setHtml(self._html())
        self._text.hug()
        bar.setValue(before)
        found = self._alterations()
        self._row.setVisible(bool(found) and self._may_decide)
        self._place.show_text(f"Change {self._current + 1} of {len(found)}")
        self._text.setAccessibleDescription(self._in_words())
        self._keep_in_view()

    def _html(self) -> str:
        theme, current = self._theme, self.current
        parts = []
        for piece in self._difference:
            if isinstance(piece, str):
                parts.append(_lines(piece))
                continue
            ground = f"background-color: {theme.accent_soft};" if piece.id == current and self._may_decide else ""
            gone = f'<span style="color: {theme.danger}; text-decoration: line-through;">{_lines(piece.old)}</span>'
            come = f'<span style="color: {theme.success}; text-decoration: underline;">{_lines(piece.new)}</span>'
            shown = GAP.join(part for part, text in ((gone, piece.old), (come, piece.new)) if text)
            parts.append(f'<a href="{LINK}{piece.id}" style="text-decoration: none; {ground}">{shown}</a>')
        return f'<div style="white-space: pre-wrap; color: {theme.text};">{"".join(parts)}</div>'

    def _in_words(self) -> str:
        found = self._alterations()
        if not 0 <= self._current < len(found):
            return "No change"
        meant = found[self._current]
        said = f"“{meant.old.strip()}” becomes “{meant.new.strip()}”"
        if not meant.old.strip():
            said = f"“{meant.new.strip()}” is added"
        elif not meant.new.strip():
            said = f"“{meant.old.strip()}” is left out"
        return f"Change {self._current + 1} of {len(found)}: {said}"

    def _on_link(self, address: QUrl) -> None:
        id_ = int(address.toString().removeprefix(LINK))
        place = next((place for place, each in enumerate(self._alterations()) if each.id == id_), None)
        if place is not None:
            self._current = place
            self._draw()

    def _keep_in_view(self) -> None:
        """Scrolls to the alteration that is meant."""
        if self.current is None:
            return
        wanted = f"{LINK}{self.current}"
        block = self._text.document().begin()
        while block.isValid():
            for each in block.textFormats():
                if each.format.anchorHref() == wanted:
                    cursor = QTextCursor(self._text.document())
                    cursor.setPosition(block.position() + each.start)
                    rect = self._text.cursorRect(cursor)
                    if rect.top() < 0 or rect.bottom() > self._text.viewport().height():
                        bar = self._text.verticalScrollBar()
                        bar.setValue(bar.value() + rect.top() - self._text.viewport().height() // 3)
                    return
            block = block.next()


class _Passage(QTextBrowser):
    """The passage. Keys walk over its alterations."""

    def __init__(self, view: DifferenceView) -> None:
        super().__init__(view)
        self._view = view
        self.setOpenLinks(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("What would change")
        self.setToolTip("What goes is struck through, what comes is underlined")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Maximum)
        self.document().setDocumentMargin(8)
        set_look(self, surface="result")

    def hug(self) -> None:
        """No higher than the passage."""
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """As high as the passage."""
        return QSize(200, max(48, int(self.document().size().height()) + 2 * self.frameWidth() + 2))

    def minimumSizeHint(self) -> QSize:
        """A few lines; the rest is scrolled to."""
        return QSize(80, 48)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width takes another height."""
        super().resizeEvent(event)
        self.hug()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down walk, Enter accepts, Delete rejects, Escape leaves."""
        match event.key():
            case Qt.Key.Key_Down | Qt.Key.Key_Right:
                self._view.step(1)
            case Qt.Key.Key_Up | Qt.Key.Key_Left:
                self._view.step(-1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._view.accept()
            case Qt.Key.Key_Delete | Qt.Key.Key_Backspace:
                self._view.reject()
            case Qt.Key.Key_Escape:
                self._view.left.emit()
            case _:
                super().keyPressEvent(event)

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002
        """Tab leaves; Qt would walk over the links."""
        return QWidget.focusNextPrevChild(self, next)


def _lines(text: str) -> str:
    """Text as HTML; a line break is shown as one."""
    return escape(text).replace("\n", "<br>")
