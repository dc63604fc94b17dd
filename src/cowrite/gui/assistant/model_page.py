"""ModelPage: which models there are, which are here, and which one the assistant uses.

Runs on the GUI thread. It is told rows and says what the person wants done; progress comes by new rows.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QApplication, QDialog, QVBoxLayout, QWidget

from cowrite.gui.assistant.endpoint_form import EndpointForm
from cowrite.gui.assistant.model_card import ModelCard
from cowrite.gui.assistant.values import ModelRow
from cowrite.gui.keyboard.tab_order import reach_in_order
from cowrite.gui.look.theme import SPACING
from cowrite.gui.widgets.dialog_parts import (
    Message,
    button,
    dialog_column,
    last_row,
    note,
    resize_for_letters,
    resize_on_screen,
    scrolling,
    title_label,
)
from cowrite.gui.widgets.rows import Rows

WIDTH, HEIGHT = 640, 680  # device-independent pixels
NOTHING = "There are no models to choose from."


class ModelPage(QDialog):
    """`asked(act, id)` for one of `model_card.ACTS` and a model, `add_requested()`; the signal of its `endpoint`
    besides."""

    asked = Signal(str, str)
    add_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Models")
        self.setMinimumSize(380, 360)
        resize_for_letters(self, QSize(WIDTH, HEIGHT))
        heading = title_label("Models")
        self._about = note("")
        self._problem = Message("What went wrong")
        self._nothing = note(NOTHING)
        self.endpoint = EndpointForm()
        self._add = button("Add a file…", "Use a model file (GGUF) that is on this computer")
        self._add.clicked.connect(self.add_requested)
        self._close = button("Close", "Close this window")
        self._close.clicked.connect(self.accept)
        inside = QWidget()
        models = QVBoxLayout(inside)
        self._cards: Rows[str, ModelCard] = Rows(models)
        models.setContentsMargins(0, 0, 0, 0)
        models.setSpacing(SPACING)
        models.addWidget(self._nothing)
        models.addSpacing(SPACING)
        models.addWidget(self.endpoint)
        models.addStretch(1)
        self._area = scrolling(inside, "Models")
        column = dialog_column(self)
        column.addWidget(heading)
        column.addWidget(self._about)
        column.addWidget(self._problem)
        column.addWidget(self._area, 1)
        column.addLayout(last_row(self._close, first=self._add))

    def show_models(self, models: Sequence[ModelRow]) -> None:
        """Shows these, in this order; rows that stay keep the keyboard, and the first that come take it. A row that
        comes later is brought into sight, and is given the keyboard by the button that adds it once it can be used."""
        is_first, before = self._first() is None, {model.id for model in models if self.card(model.id) is not None}
        cards = self._cards.place([model.id for model in models], self._new_card)
        first = _to_begin_with(models)
        for card, model in zip(cards, models, strict=True):
            card.show_model(model, leads=model.id == first)
            card.show()  # now, for the keyboard; Qt would do so later
        self._nothing.setVisible(not models)
        reach_in_order(*cards, self.endpoint, self._add, self._close)
        come = [(card, model) for card, model in zip(cards, models, strict=True) if model.id not in before]
        if come and self.isVisible():
            card, model = come[0] if is_first else come[-1]
            self._bring_into_sight(card)
            if (is_first or model.is_here) and self.focusWidget() is self._add:
                self.keyboard_on(card)

    def show_added(self, id_: str) -> None:
        """A model's file was added just now: it is seen, also where the model had a row before, and can be used."""
        card = self._cards.get(id_)
        if card is None:
            return
        self._bring_into_sight(card)
        if self.focusWidget() is self._add:
            self.keyboard_on(card)

    def show_about(self, sentence: str) -> None:
        """Says where the files are and how much room there is."""
        self._about.setText(sentence)
        self._about.setVisible(bool(sentence))

    def show_problem(self, sentence: str) -> None:
        """Says what went wrong, where it concerns no one model; an empty sentence takes it away."""
        self._problem.show_sentence(sentence, "problem")

    def card(self, id_: str) -> ModelCard | None:
        """That of a model, where there is one."""
        return self._cards.get(id_)

    def showEvent(self, event: QShowEvent) -> None:
        """Be no larger than the screen, and begin at the top."""
        super().showEvent(event)
        resize_on_screen(self, self.size())
        if (first := self._first()) is not None:
            self.keyboard_on(first)
        else:
            self._add.setFocus(Qt.FocusReason.OtherFocusReason)  # not the address of a model elsewhere, further down
        self._area.verticalScrollBar().setValue(0)

    def _first(self) -> ModelCard | None:
        return next(iter(self._cards), None)

    def _new_card(self, id_: str) -> ModelCard:
        card = ModelCard()
        card.asked.connect(lambda act: self.asked.emit(act, id_))
        return card

    def _bring_into_sight(self, card: ModelCard) -> None:
        QApplication.sendEvent(self._area, QEvent(QEvent.Type.LayoutRequest))  # else a new card has no place yet
        self._area.ensureWidgetVisible(card)

    def keyboard_on(self, card: ModelCard) -> None:
        """Puts the keyboard on the first thing that can be done with a model."""
        self._bring_into_sight(card)
        card.first_button.setFocus(Qt.FocusReason.OtherFocusReason)


def _to_begin_with(models: Sequence[ModelRow]) -> str:
    """The id of the model to use where none is in use: one that is here, else the first that there is memory for."""
    writing = [model for model in models if model.writes]
    if any(model.is_in_use for model in writing):
        return ""
    fitting = [model for model in writing if model.is_here] or [model for model in writing if model.fits]
    return fitting[0].id if fitting else ""
