"""StyleCardDialog: how the person wants the model to write.

Runs on the GUI thread. It shows StyleShown and tells each change as it is made; what of it goes into prompts stands
below, as it goes. A card that cannot be read is not changed here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QLabel, QLineEdit, QPlainTextEdit, QWidget

from cowrite.gui.keyboard.control_names import called
from cowrite.gui.look.theme import SPACING, set_look
from cowrite.gui.widgets.dialog_parts import (
    Message,
    add_row,
    button,
    column_in,
    last_row,
    note,
    resize_for_letters,
    text_field,
    title_label,
    wrapping_form,
)
from cowrite.gui.widgets.scrolled import lay_out_scrolled

TONES = ("", "plain", "friendly", "formal", "warm", "matter-of-fact")
LENGTHS = ("", "short sentences", "medium sentences", "long sentences")
PREVIEW_MARGIN = 12  # device-independent pixels, so that its words stand under those of the fields
AS_IT_IS = "The file stays as it is until you put it right, or start anew; even then it is kept."
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
        path: where it is kept, to be read and changed with any editor.
        preview: gives the words that go into a prompt for a card.
    """

    changed = Signal(object)
    open_requested = Signal()
    """The person wants to see the file that cannot be read."""
    anew_requested = Signal()
    """The person wants another file in its place."""
    returned = Signal()
    """The person is back at a card that could not be read; they may have mended it."""

    def __init__(self, path: str, preview: Callable[[StyleShown], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._preview_of = preview
        self._shown = StyleShown()
        self._texts_shown: tuple[str, ...] = ()
        self._is_readable = True
        self._is_waiting = False
        self._is_showing = False
        self.setWindowTitle("Style card")
        self.setMinimumSize(380, 360)
        resize_for_letters(self, QSize(600, 700))
        heading = title_label("How should it sound?")
        self._tone = _choice("Tone", TONES, "Such as plain, friendly or formal")
        self._length = _choice("Length", LENGTHS, "Such as short sentences")
        self._spelling = _choice("Spelling", SPELLINGS, "Such as British English")
        self._prefer = _words("Words to prefer", "Such as use, begin, people")
        self._avoid = _words("Words to avoid", "Such as utilise, commence, leverage")
        self._samples = text_field(
            "Sample paragraphs",
            "Paragraphs that you wrote and that sound right, with an empty line between them",
            "Paragraphs of yours, with an empty line between them",
            120,
        )
        self._preview = text_field("What goes into prompts", "These words go into every prompt", "", 96)
        self._preview.setReadOnly(True)
        self._preview.document().setDocumentMargin(PREVIEW_MARGIN)
        set_look(self._preview, surface="result")
        self._problem = Message("What went wrong")
        self._remedies = self._make_remedies()
        self._lay_out(heading, path)
        self.show_card(StyleShown())
        self._connect()

    def card(self) -> StyleShown:
        """What is on the card now; a field that nobody has touched is as it was shown, however it is written."""
        texts = self._texts()
        tone, length, spelling, prefer, avoid, samples = texts
        read = StyleShown(
            tone.strip(),
            length.strip(),
            spelling.strip(),
            _split(prefer),
            _split(avoid),
            tuple(each.strip() for each in samples.split("\n\n") if each.strip()),
        )
        untouched = {
            field.name: getattr(self._shown, field.name)
            for field, text, shown in zip(fields(StyleShown), texts, self._texts_shown, strict=True)
            if text == shown
        }
        return replace(read, **untouched)

    def show_waiting(self) -> None:
        """Shows that the card is still to be read; until then nobody changes it."""
        self._is_waiting = True
        self._enable(False)
        self._show_preview()

    def show_card(self, card: StyleShown) -> None:
        """Shows a card, to be changed."""
        self._shown = card
        self._fill(card)
        self._texts_shown = self._texts()
        self.show_problem("")
        self._show_readable(True)

    def take_up(self, card: StyleShown) -> None:
        """Puts into the fields what was in them when they were closed and could not be kept."""
        self._fill(card)
        self._tell()

    def show_unreadable(self, sentence: str) -> None:
        """Says why the file cannot be read; until that is settled nothing here changes it."""
        self.show_problem(sentence)
        self._show_readable(False)

    def show_unkept(self, sentence: str) -> None:
        """Says why what is in the fields cannot be kept; it can be changed so that it can."""
        self._show_readable(True)
        self.show_problem(sentence)

    def show_problem(self, sentence: str) -> None:
        """Says why the card could not be kept; an empty sentence takes it away."""
        self._problem.show_sentence(sentence, "problem")

    def show_kept(self, name: str, folder: str) -> None:
        """Says under which name the file that could not be read is kept, and where, if in another folder."""
        where = f"“{folder}”" if folder else "the same folder"
        self._problem.show_sentence(f"The old card is kept as “{name}”, in {where}.", "ok")

    def changeEvent(self, event: QEvent) -> None:
        """Tells when the person is back at a card that could not be read."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow() and not self._is_readable:
            self.returned.emit()

    @property
    def _fields(self) -> tuple[QComboBox | QLineEdit | QPlainTextEdit, ...]:
        return self._tone, self._length, self._spelling, self._prefer, self._avoid, self._samples

    def _texts(self) -> tuple[str, ...]:
        """What stands in the fields, in the order of StyleShown."""
        boxes = (box.currentText() for box in (self._tone, self._length, self._spelling))
        return *boxes, self._prefer.text(), self._avoid.text(), self._samples.toPlainText()

    def _fill(self, card: StyleShown) -> None:
        self._is_showing = True
        for box, text in ((self._tone, card.tone), (self._length, card.length), (self._spelling, card.spelling)):
            box.setCurrentText(text)
        self._prefer.setText(", ".join(card.prefer))
        self._avoid.setText(", ".join(card.avoid))
        self._samples.setPlainText("\n\n".join(card.samples))
        self._is_showing = False

    def _show_readable(self, on: bool) -> None:
        was_waiting, self._is_waiting = self._is_waiting, False
        loses_keyboard = self.focusWidget() in (None, *self._fields)  # asked now: who is disabled has it no more
        self._is_readable = on
        self._enable(on)
        self._remedies.setHidden(on)
        if not on and (was_waiting or loses_keyboard):
            self._open.setFocus(Qt.FocusReason.OtherFocusReason)
        elif on and was_waiting:
            self._tone.setFocus(Qt.FocusReason.OtherFocusReason)
        self._show_preview()

    def _enable(self, on: bool) -> None:
        for field in self._fields:
            field.setEnabled(on)

    def _lay_out(self, heading: QLabel, path: str) -> None:
        where = QLineEdit(path)
        where.setReadOnly(True)
        where.setCursorPosition(0)
        called(where, "File of the style card", f"The card is a file that you can read and change: {path}")
        close = button("Close", "Close; everything is saved already")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        form = wrapping_form()
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
            add_row(form, words, field)
        whose = note("The card is yours, on this computer only. An empty field says nothing to the model.")
        above = [heading, whose, self._problem, self._remedies]
        column = lay_out_scrolled(self, above, "Style card", form)
        column.addLayout(last_row(close))

    def _make_remedies(self) -> QWidget:
        """What can be done with a file that cannot be read."""
        self._open = button("Open the file", "Open the style card in another program, to put it right", "primary")
        self._open.clicked.connect(self.open_requested)
        anew = button("Start anew", "Begin a new card; the old one is kept beside it under another name")
        anew.clicked.connect(self.anew_requested)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACING)
        buttons.addWidget(self._open)
        buttons.addWidget(anew)
        buttons.addStretch(1)
        remedies = QWidget()
        column_in(remedies, note(AS_IT_IS), buttons, spacing=SPACING)
        return remedies

    def _connect(self) -> None:
        for box in (self._tone, self._length, self._spelling):
            box.currentTextChanged.connect(lambda _text: self._tell())
        for field in (self._prefer, self._avoid):
            field.textChanged.connect(lambda _text: self._tell())
        self._samples.textChanged.connect(self._tell)

    def _tell(self) -> None:
        if not self._is_showing:
            self._show_preview()
            self.changed.emit(self.card())

    def _show_preview(self) -> None:
        words = ""
        if self._is_waiting:
            nothing = "Nothing yet: the card is being read."
        elif self._is_readable:
            nothing = "Nothing: the card is empty."
            words = self._preview_of(self.card())
        else:
            nothing = "Nothing: the card cannot be read."
        self._preview.setPlainText(words or nothing)


def _choice(name: str, offered: tuple[str, ...], hint: str) -> QComboBox:
    box = QComboBox()
    box.setEditable(True)
    box.addItems(list(offered))
    called(box, name, f"{name}, in your own words if you like: {hint}")
    field = box.lineEdit()
    if field is not None:
        field.setPlaceholderText(hint)
        called(field, name, box.toolTip())
    box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    return box


def _words(name: str, hint: str) -> QLineEdit:
    field = QLineEdit()
    called(field, name, f"{name}, separated by commas")
    field.setPlaceholderText(hint)
    return field


def _split(text: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in text.split(",") if each.strip())
