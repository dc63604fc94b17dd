"""AssistantPanel: what the model is asked for and what it answers, beside the page.

Runs on the GUI thread. It is told how the assistant stands, what there is to ask for and what came of it, and says
what the person wants. What stands in it is in no document.
"""

from __future__ import annotations

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from cowrite.bridge.single_shot import single_shot
from cowrite.gui.assistant.context import ContextView
from cowrite.gui.assistant.form import TaskForm
from cowrite.gui.assistant.result import ResultView
from cowrite.gui.assistant.values import NO_ENGINE, Outcome, Phase, Standing, offer_words
from cowrite.gui.keyboard.speaking import say
from cowrite.gui.look.icons import Drawing, icon_button
from cowrite.gui.look.theme import LOOSE, MARGIN, SPACING, Theme, set_look, worn
from cowrite.gui.widgets.dialog_parts import Message, button, note, plain_label
from cowrite.gui.widgets.rows_area import RowsArea
from cowrite.gui.widgets.side_panel import SidePanel

WIDTH = 340  # device-independent pixels
SETTLED = 400  # milliseconds for which it stands so until that is read out
LINES = 2  # of how it stands that a low window shows at least
LETTERS = 26  # that have room in a line, also where they are large

_WORDS = {
    Phase.NO_MODEL: "There is no model on this computer yet.",
    Phase.LOADING: "The model is being loaded…",
    Phase.WAITING: "Waiting for the model, which is busy with something else…",
    Phase.WORKING: "Reading…",
    Phase.STOPPED: "The model stopped three times within a few minutes, so it does not start again by itself.",
}
_BUTTONS = {
    Phase.OFF: ("Turn on", "Let cowrite suggest text with a language model"),
    Phase.NO_MODEL: ("Choose a model…", "See which models there are"),
    Phase.STOPPED: ("Start again", "Start the model once more"),
}


class AssistantPanel(SidePanel):
    """`turned_on()`, `models_requested()`, `start_requested()`, `style_requested()`; the signals of its `form`,
    `result` and `context` besides."""

    turned_on = Signal()
    models_requested = Signal()
    start_requested = Signal()
    style_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("Assistant", parent, least=280, width=WIDTH, letters=LETTERS)
        self._standing = Standing()
        self._has_outcome = False
        self._style = icon_button("pencil", "Style card…")
        self._style.setToolTip("Style card: how you want the model to write")
        self._style.clicked.connect(self.style_requested)
        self._models = icon_button("settings", "Models…")
        self._models.setToolTip("Models: which there are, and which is in use")
        self._models.clicked.connect(self.models_requested)
        whole = self._lay_out_head(self._style, self._models)
        self._place = _PlaceMarker()
        self._problem = Message("What went wrong")
        self.form = TaskForm(self)  # after the head, as it is reached
        self.form.left.connect(self.left)
        self.result = ResultView(theme)
        self.result.left.connect(self.left)
        self.context = ContextView(theme)
        self._caution = note("")
        self._sentence = plain_label("")
        self._sentence.setAccessibleDescription("Status")
        self._stands = RowsArea("Status", 0, LINES * self.fontMetrics().lineSpacing(), self)
        self._stands.fill([self._sentence])
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._progress.setAccessibleName("Progress")
        self.act = button(*_BUTTONS[Phase.OFF], "primary")
        self.act.clicked.connect(self._on_act)
        self._hint = note("")
        self._lay_out(whole)
        self._settled = single_shot(self, self._say_standing, SETTLED)
        self.show_standing(self._standing)

    def show_standing(self, standing: Standing) -> None:
        """Shows how the assistant stands."""
        before, self._standing = self._standing, standing
        phase = standing.phase
        may_ask = phase in (Phase.READY, Phase.WAITING, Phase.WORKING, Phase.LOADING)
        self.form.setVisible(may_ask)
        self.form.show_busy(standing.may_stop)
        sentence = standing.sentence or (_off_words(standing) if phase is Phase.OFF else _WORDS.get(phase, ""))
        has_words = bool(self.result.outcome.text or self.result.outcome.difference)
        # What is being written shows by itself that the model is at work, but not how much is to come.
        is_at_it = phase is Phase.WORKING and (not has_words or bool(standing.sentence) or standing.reading is not None)
        read = standing.reading
        self._sentence.setText(sentence if read is None else f"{sentence.removesuffix('…')}: {_read_words(*read)}")
        self._stands.setVisible(bool(sentence) and (phase is not Phase.WORKING or is_at_it))
        self._stands.updateGeometry()
        if phase is not before.phase:
            self._settled.start()
        set_look(self._sentence, role="" if not may_ask else "muted")
        self._progress.setVisible(phase in (Phase.LOADING, Phase.WAITING) or is_at_it)
        done = standing.done if standing.reading is None else standing.reading[0] / standing.reading[1]
        self._progress.setRange(0, 0 if done is None else 100)
        if done is not None:
            self._progress.setValue(round(done * 100))
        text, tip = _BUTTONS.get(phase, ("", ""))
        self.act.setVisible(bool(text))
        self.act.setText(text)
        self.act.setAccessibleName(text.removesuffix("…"))
        self.act.setToolTip(tip)
        self._place.show_place(standing.place if phase is not Phase.OFF else "")
        for each in (self._style, self._models):
            each.setVisible(phase is not Phase.OFF)
        self._caution.setText(standing.caution)
        self._caution.setVisible(bool(standing.caution))
        self.context.show_model(standing.model if may_ask else "")
        self._show_parts()

    def show_outcome(self, outcome: Outcome | None) -> None:
        """Shows what came of the task so far; None for nothing."""
        was_final = self.result.outcome.is_final
        self.result.show_outcome(outcome or Outcome())
        self._has_outcome = outcome is not None
        self.show_standing(self._standing)
        if outcome is not None and outcome.is_final and not was_final and self.isVisible():
            say(self.result, outcome.told)

    def show_problem(self, sentence: str, tone: str = "problem") -> None:
        """Says what went wrong in one sentence; an empty one takes it away."""
        self._problem.show_sentence(sentence, tone)

    def show_hint(self, sentence: str) -> None:
        """Says by which key a suggestion comes, where there is room."""
        self._hint.setText(sentence)
        self._show_parts()

    def show_theme(self, theme: Theme) -> None:
        """Takes the colours of `theme`."""
        for part in (self.result, self.context):
            part.show_theme(theme)

    def showEvent(self, event: QShowEvent) -> None:
        """How it stands is read out: the keyboard may be on the page still."""
        super().showEvent(event)
        self._settled.start()

    def _say_standing(self) -> None:
        if self._stands.isVisible():
            say(self._sentence, self._sentence.text())

    def take_keyboard(self) -> None:
        """Puts the keyboard where the person can go on."""
        if self.act.isVisible():
            self.act.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.form.isVisible():
            self.form.take_keyboard()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape stops what runs, and otherwise goes back to the page."""
        if event.key() == Qt.Key.Key_Escape and self._standing.may_stop:
            self.form.stop_requested.emit()
        else:
            super().keyPressEvent(event)

    def _show_parts(self) -> None:
        phase = self._standing.phase
        may_ask = self.form.isVisibleTo(self)
        shown = self._has_outcome and phase is not Phase.OFF
        self.result.setVisible(shown)
        self.form.lead(not (shown and self.result.may_be_accepted))
        self._spring.setVisible(not shown)
        self._hint.setVisible(bool(self._hint.text()) and may_ask and not shown and not self._standing.may_stop)
        self.context.setVisible(may_ask)

    def _on_act(self) -> None:
        acts = {
            Phase.OFF: self.turned_on,
            Phase.NO_MODEL: self.models_requested,
            Phase.STOPPED: self.start_requested,
        }
        if act := acts.get(self._standing.phase):  # else it went on before the click came
            act.emit()

    def _lay_out(self, whole: QVBoxLayout) -> None:
        act = QHBoxLayout()
        act.addWidget(self.act)
        act.addStretch(1)
        self._spring = QWidget()
        whole.addWidget(self._place)
        inside = QVBoxLayout()
        whole.addLayout(inside, 1)
        inside.setContentsMargins(MARGIN, 0, MARGIN, LOOSE)
        inside.setSpacing(SPACING)
        inside.addWidget(self._problem)
        inside.addWidget(self.form)
        inside.addWidget(self._stands)
        inside.addWidget(self._progress)
        inside.addLayout(act)
        inside.addWidget(self.result, 1)
        inside.addWidget(self._hint)
        inside.addWidget(self._spring, 1)
        inside.addWidget(self._caution)
        inside.addWidget(self.context)


def _off_words(standing: Standing) -> str:
    offer = f"The assistant is off. Turned on, it suggests text {offer_words(standing.place)}"
    return offer if standing.has_engine else f"{offer}\n\n{NO_ENGINE}"


def _read_words(done: int, total: int) -> str:
    locale = QLocale()
    return f"{locale.toString(done)} of {locale.toString(total)} tokens read"


class _PlaceMarker(QFrame):
    """Says where the text goes, wherever that is not this computer."""

    def __init__(self) -> None:
        super().__init__()
        set_look(self, notice="warning")
        self._words = plain_label("")
        row = QHBoxLayout(self)
        row.setContentsMargins(MARGIN, SPACING, MARGIN, SPACING)
        row.setSpacing(SPACING)
        row.addWidget(Drawing(worn().metrics.icon, "triangle-alert", "warning"), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)
        self.hide()

    def show_place(self, place: str) -> None:
        """The text goes to this host; an empty one is this computer."""
        words = f"Text goes to {place}"
        self._words.setText(words)
        self.setAccessibleName(words if place else "")
        self.setToolTip(f"The model runs at {place}: what it is asked, and the text around it, is sent there.")
        self.setVisible(bool(place))
