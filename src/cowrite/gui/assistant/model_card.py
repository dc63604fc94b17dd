"""ModelCard: one model of the model page, with what can be done with it.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout

from cowrite.gui.assistant.values import ModelRow
from cowrite.gui.keyboard.control_names import called
from cowrite.gui.look.theme import LOOSE, SPACING, set_look
from cowrite.gui.widgets.dialog_parts import Message, button, note, plain_label
from cowrite.models.hashing import SHORT

MEGABYTE = 1_000_000
ACTS = {
    "use": "Use",
    "pull": "Download",
    "cancel": "Cancel",
    "measure": "Measure",
    "verify": "Check",
    "remove": "Remove",
}
"""What can be done with a model, and what its button says."""


class ModelCard(QFrame):
    """`asked(act)` for one of `ACTS`; for "remove" after the person has said so twice."""

    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._model = ModelRow("", "")
        self._asks_removal = False
        set_look(self, surface="card")
        self._name = plain_label("")
        set_look(self._name, role="heading")
        self._badge = QLabel()
        set_look(self._badge, role="badge")
        self._about = note("")
        self._facts = note("")
        self._facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._doing = note("")
        self._problem = Message("What went wrong")
        top = QHBoxLayout()
        top.setSpacing(SPACING)
        top.addWidget(self._name, 1)
        top.addWidget(self._badge)
        row = QHBoxLayout()
        row.setSpacing(SPACING)
        self._buttons: dict[str, QPushButton] = {}
        for act, text in ACTS.items():
            made = self._buttons[act] = button(text, "")
            made.clicked.connect(lambda _=False, act=act: self._ask(act))
            row.addWidget(made)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(LOOSE, LOOSE, LOOSE, LOOSE)
        column.setSpacing(SPACING)
        column.addLayout(top)
        for part in (self._about, self._facts, self._doing, self._progress, self._problem):
            column.addWidget(part)
        column.addLayout(row)

    @property
    def first_button(self) -> QPushButton:
        """The first thing that can be done with it."""
        return next((each for each in self._buttons.values() if each.isVisible()), self._buttons["use"])

    def show_model(self, model: ModelRow, *, leads: bool = False) -> None:
        """Shows how a model stands; one that leads is the one to begin with."""
        for act in ("use", "pull"):
            set_look(self._buttons[act], kind="primary" if leads else "")
        if model != self._model:
            self._asks_removal = False
        self._model = model
        standing = "Chosen" if model.is_off else "In use"
        self.setAccessibleName(f"{model.name}{f', {standing.lower()}' if model.is_in_use else ''}")
        self._badge.setText(standing)
        self._badge.setToolTip("The assistant is off; once it is on, it uses this model" if model.is_off else "")
        self._name.setText(model.name)
        self._badge.setVisible(model.is_in_use)
        self._about.setText(model.about)
        self._about.setVisible(bool(model.about))
        self._facts.setText(" · ".join(_facts(model)))
        self._facts.setToolTip(f"SHA-256 of the file: {model.sha256}" if model.sha256 else "")
        set_look(self._facts, role="muted", tone="" if model.fits else "offline")
        is_busy = bool(model.doing)
        self._doing.setText(model.doing)
        self._doing.setVisible(is_busy)
        self._progress.setVisible(is_busy)
        self._progress.setRange(0, 0 if model.done is None else 1000)
        self._progress.setValue(round((model.done or 0) * 1000))
        self._progress.setAccessibleName(model.doing or "Progress")
        self._problem.show_sentence(model.problem, "problem")
        self._show_buttons()

    def _show_buttons(self) -> None:
        model = self._model
        name, is_busy = model.name, bool(model.doing)
        begun = model.done is not None and not is_busy
        stays = f"Take {name} off the list; its file stays where it is"
        question = "Remove from the list?" if model.stays else "Remove for good?"
        shown = {
            "use": model.writes and model.is_here and model.is_sound and not is_busy and not model.is_in_use,
            "pull": not model.is_here and not is_busy,
            "cancel": is_busy,
            "measure": model.is_measurable and not is_busy,
            "verify": model.is_here and not is_busy,
            "remove": (model.is_here or begun) and not is_busy,
        }
        tips = {
            "use": f"Let the assistant use {name}",
            "pull": f"Get {name}; you can stop it and resume it later",
            "cancel": f"Stop what is being done with {name}",
            "measure": f"See how fast {name} is on this computer",
            "verify": f"Check that the file of {name} is sound",
            "remove": stays if model.stays else f"Delete the file of {name}",
        }
        texts = ACTS | {
            "pull": "Resume" if begun else ACTS["pull"],
            "remove": question if self._asks_removal else ACTS["remove"],
        }
        keyboard = next((act for act, each in self._buttons.items() if each.hasFocus()), "")
        for act, each in self._buttons.items():
            each.setText(texts[act])
            each.setVisible(shown[act])
            called(each, f"{texts[act]}: {name}", tips[act])
        if keyboard and not shown[keyboard]:  # or the next model's button had it, and would be pressed next
            self.first_button.setFocus(Qt.FocusReason.OtherFocusReason)
        set_look(self._buttons["remove"], kind="danger" if self._asks_removal else "")

    def _ask(self, act: str) -> None:
        if act == "remove":
            self._asks_removal = not self._asks_removal
            self._show_buttons()
        if not (act == "remove" and self._asks_removal):
            self.asked.emit(act)


def _facts(model: ModelRow) -> list[str]:
    locale = QLocale()
    facts = [amount(model.size)] if model.size else []
    if model.licence:
        facts.append(model.licence)
    if model.memory:
        facts.append(f"needs {amount(model.memory)} of memory" + ("" if model.fits else ", more than is free"))
    if model.pace is not None:
        facts.append(f"{locale.toString(model.pace, 'f', 0)} tokens/s measured here")
    facts.append("added by you" if model.is_own else "on this computer" if model.is_here else "not on this computer")
    if model.sha256:
        facts.append(f"SHA-256\N{NO-BREAK SPACE}{model.sha256[:SHORT]}…")
    return facts


def amount(size: int) -> str:
    """Bytes in words, as file managers say them: "98 MB", "2.5 GB"."""
    locale = QLocale()
    if size >= 1000 * MEGABYTE:
        return f"{locale.toString(size / (1000 * MEGABYTE), 'f', 1)} GB"
    return f"{locale.toString(max(1, round(size / MEGABYTE)))} MB"
