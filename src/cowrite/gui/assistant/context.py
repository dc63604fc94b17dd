"""ContextView: which model answers, how fast, and which paragraphs it sees.

Runs on the GUI thread. The paragraphs are listed when the person asks for them.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QSizePolicy, QWidget

from cowrite.gui.assistant.values import Context
from cowrite.gui.look.icons import icon_button
from cowrite.gui.look.theme import SPACING, TIGHT, Theme, set_look
from cowrite.gui.widgets.dialog_parts import column_in, note
from cowrite.gui.widgets.elided_label import ElidedLabel

_ID = Qt.ItemDataRole.UserRole
LENGTH = 80  # characters of a paragraph that are listed


class ContextView(QWidget):
    """`paragraph_activated(id)`: go there."""

    paragraph_activated = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._model = ""
        self._context = Context()
        self._line = ElidedLabel()
        self._line.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._line.setAccessibleDescription("Model and pace")
        set_look(self._line, role="muted")
        self.open = icon_button("eye", "What the model sees", checkable=True)
        self.open.toggled.connect(lambda _on: self._show())
        self._sentence = note("")
        self._list = QListWidget()
        self._list.setAccessibleName("Paragraphs of the draft")
        self._list.setToolTip("The model does not see the grey paragraphs; choose one to go there")
        self._list.setMaximumHeight(150)
        self._list.setWordWrap(False)
        self._list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.itemActivated.connect(self._activate)
        self._list.itemClicked.connect(self._activate)
        set_look(self._list, surface="result")
        row = QHBoxLayout()
        row.setSpacing(TIGHT)
        row.addWidget(self._line, 1)
        row.addWidget(self.open)
        column_in(self, self._sentence, self._list, row, spacing=SPACING)
        self._show()

    def show_model(self, model: str) -> None:
        """Names the model that is in use; nothing for an empty name. Of another one it is not known how fast it is."""
        if model != self._model:
            if model and self._model:
                self._context = replace(self._context, pace=None)
            self._model = model
            self._show()

    def show_context(self, context: Context) -> None:
        """Shows what the model saw, and how fast it was."""
        if context != self._context:
            self._context = context
            self._show()

    def show_theme(self, theme: Theme) -> None:
        """Takes the colours of `theme`."""
        self._theme = theme
        self._show()

    def _show(self) -> None:
        context, locale = self._context, QLocale()
        facts = [self._model] if self._model else []
        if context.pace is not None:
            facts.append(f"{locale.toString(context.pace, 'f', 0 if context.pace >= 10 else 1)} tokens/s")
        self._line.show_text(" · ".join(facts))
        self.open.setVisible(bool(self._model))
        is_open = self.open.isChecked() and bool(self._model)
        self._sentence.setVisible(is_open)
        self._list.setVisible(is_open and bool(context.paragraphs))
        if is_open:
            self._sentence.setText(self._in_words())
            self._fill()

    def _in_words(self) -> str:
        context, locale = self._context, QLocale()
        total = len(context.paragraphs)
        if not total:
            return "The model has not been asked anything here yet."
        seen = "all paragraphs" if context.seen == total else f"{context.seen} of {total} paragraphs"
        read = f"{locale.toString(context.tokens)} tokens, {locale.toString(context.reused)} of them read before"
        saw = f"{'For the suggestion, the' if context.is_suggestion else 'The'} model saw {seen}"
        return f"{saw}: {read}." if context.tokens else f"{saw}."

    def _fill(self) -> None:
        self._list.clear()
        first: QListWidgetItem | None = None
        for paragraph in self._context.paragraphs:
            words = " ".join(paragraph.text.split())[:LENGTH]
            item = QListWidgetItem(words)
            item.setData(_ID, paragraph.id)
            state = "seen by the model" if paragraph.is_seen else "not seen by the model"
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{words}, {state}")
            item.setToolTip(state.capitalize())
            if paragraph.is_seen:
                first = first or item
                item.setBackground(QColor(self._theme.accent_soft))
            else:
                item.setForeground(QColor(self._theme.muted))
            self._list.addItem(item)
        if first is not None:
            self._list.scrollToItem(first, QListWidget.ScrollHint.PositionAtTop)

    def _activate(self, item: QListWidgetItem) -> None:
        self.paragraph_activated.emit(int(item.data(_ID)))
