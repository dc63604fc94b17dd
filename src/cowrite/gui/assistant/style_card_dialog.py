"""StyleCardDialog: how the person wants the model to write.

Runs on the GUI thread. It shows StyleShown and tells each change as it is made; what of it goes into prompts stands
below, as it goes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from cowrite.gui.dialog_parts import Message, button, note, plain_label, scrolling
from cowrite.gui.theme import Theme, set_look

TONES = ("", "plain", "friendly", "formal", "warm", "matter-of-fact")
LENGTHS = ("", "short sentences", "medium sentences", "long sentences")
SPELLINGS = ("", "British English", "American English", "Canadian English", "Australian English")


@dataclass(frozen=True, slots=True)
class StyleShown:
    """A style card: words for each wish, empty where there is none."""

    tone: str = ""
    length: str = ""
    spelling: str = ""
    prefer: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    samples: tuple[str, ...] = ()


class StyleCardDialog(QDialog):
    """`changed(StyleShown)` at each change.

    Args:
        theme: how it looks.
        card: what is on the card.
        path: where it is kept, to be read and changed with any editor.
        preview: gives the words that go into a prompt for a card.
    """

    changed = Signal(object)

    def __init__(
        self,
        theme: Theme,
        card: StyleShown,
        path: str,
        preview: Callable[[StyleShown], str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._preview_of = preview
        self.setWindowTitle("Style card")
        self.setMinimumSize(380, 360)
        self.resize(600, 700)
        heading = plain_label("How should it sound?")
        set_look(heading, role="title")
        self._tone = _choice("Tone", TONES, "such as plain, friendly or formal")
        self._length = _choice("Length", LENGTHS, "such as short sentences")
        self._spelling = _choice("Spelling", SPELLINGS, "such as British English")
        self._prefer = _words("Words to prefer", "use, begin, people")
        self._avoid = _words("Words to avoid", "utilise, commence, leverage")
        self._samples = QPlainTextEdit()
        self._samples.setAccessibleName("Sample paragraphs")
        self._samples.setToolTip("Paragraphs that you wrote and that sound as it should; an empty line between two")
        self._samples.setPlaceholderText("Paragraphs of yours that sound as it should, an empty line between two")
        self._samples.setFixedHeight(120)
        self._samples.setTabChangesFocus(True)
        set_look(self._samples, surface="field")
        self._preview = QPlainTextEdit()
        self._preview.setReadOnly(True)
        self._preview.setFixedHeight(96)
        self._preview.setTabChangesFocus(True)
        self._preview.setAccessibleName("What goes into prompts")
        self._preview.setToolTip("These words go into every prompt")
        set_look(self._preview, surface="result")
        where = QLineEdit(path)
        where.setReadOnly(True)
        where.setCursorPosition(0)
        where.setAccessibleName("File of the style card")
        where.setToolTip(f"The card is a file that you can read and change: {path}")
        self._problem = Message("What went wrong")
        close = button("Close", "Close; everything is kept already")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(10)
        for words, field in (
            ("Tone", self._tone),
            ("Length", self._length),
            ("Spelling", self._spelling),
            ("Prefer", self._prefer),
            ("Avoid", self._avoid),
            ("Samples", self._samples),
            ("Goes into prompts", self._preview),
            ("File", where),
        ):
            form.addRow(words, field)
        inside = QWidget()
        inner = QVBoxLayout(inside)
        inner.setContentsMargins(0, 0, 4, 0)
        inner.addLayout(form)
        inner.addStretch(1)
        last = QHBoxLayout()
        last.addStretch(1)
        last.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(heading)
        column.addWidget(note("The card is yours, on this computer only. An empty field says nothing to the model."))
        column.addWidget(self._problem)
        column.addWidget(scrolling(inside, "Style card"), 1)
        column.addLayout(last)
        self._show(card)
        self._connect()

    def card(self) -> StyleShown:
        """What is on the card now."""
        return StyleShown(
            self._tone.currentText().strip(),
            self._length.currentText().strip(),
            self._spelling.currentText().strip(),
            _split(self._prefer.text()),
            _split(self._avoid.text()),
            tuple(each.strip() for each in self._samples.toPlainText().split("\n\n") if each.strip()),
        )

    def show_problem(self, sentence: str) -> None:
        """Says why the card could not be kept; an empty sentence takes it away."""
        self._problem.show_sentence(sentence, "problem")

    def _show(self, card: StyleShown) -> None:
        for box, text in ((self._tone, card.tone), (self._length, card.length), (self._spelling, card.spelling)):
            box.setCurrentText(text)
        self._prefer.setText(", ".join(card.prefer))
        self._avoid.setText(", ".join(card.avoid))
        self._samples.setPlainText("\n\n".join(card.samples))
        self._show_preview()

    def _connect(self) -> None:
        for box in (self._tone, self._length, self._spelling):
            box.currentTextChanged.connect(lambda _text: self._tell())
        for field in (self._prefer, self._avoid):
            field.textChanged.connect(lambda _text: self._tell())
        self._samples.textChanged.connect(self._tell)

    def _tell(self) -> None:
        self._show_preview()
        self.changed.emit(self.card())

    def _show_preview(self) -> None:
        self._preview.setPlainText(self._preview_of(self.card()) or "Nothing: the card is empty.")


def _choice(name: str, offered: tuple[str, ...], hint: str) -> QComboBox:
    box = QComboBox()
    box.setEditable(True)
    box.addItems(list(offered))
    box.setAccessibleName(name)
    box.setToolTip(f"{name}, in your own words if you like: {hint}")
    field = box.lineEdit()
    if field is not None:
        field.setPlaceholderText(hint)
        field.setAccessibleName(name)
        field.setToolTip(box.toolTip())
    box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    return box


def _words(name: str, hint: str) -> QLineEdit:
    field = QLineEdit()
    field.setAccessibleName(name)
    field.setToolTip(f"{name}, a comma between two")
    field.setPlaceholderText(hint)
    return field


def _split(text: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in text.split(",") if each.strip())
