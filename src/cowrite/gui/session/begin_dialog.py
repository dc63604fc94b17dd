"""Beginning a session: the question, and as much more as one likes.

Runs on the GUI thread. Everything besides the question has a sensible value already.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QDateTime, QSignalBlocker, QSize, Qt, QTime, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDateTimeEdit,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QWidget,
)

from cowrite.bridge.page.taking_over import plain_text
from cowrite.core.sessions.sessions import VARIANTS
from cowrite.core.sessions.wording import GAP, advice, as_how_might_we
from cowrite.gui.keyboard.control_names import called
from cowrite.gui.look.theme import SPACING
from cowrite.gui.session.phase_list import PhaseList
from cowrite.gui.session.phase_words import RULES, VARIANT_WORDS, minutes_in_words
from cowrite.gui.session.values import Beginning
from cowrite.gui.widgets.day_calendar import DayCalendar
from cowrite.gui.widgets.dialog_parts import (
    Message,
    add_row,
    button,
    inset,
    last_row,
    note,
    resize_for_letters,
    resize_on_screen,
    scroll_past,
    text_field,
    title_label,
    together,
    wrapping_form,
)
from cowrite.gui.widgets.scrolled import lay_out_scrolled
from cowrite.gui.widgets.wrapping_row import row_of
from cowrite.storage.session_templates import SessionTemplate

NAMED = "Your name will stand beside each of your notes once they are revealed."
NAMELESS = (
    "Nobody will learn who wrote which note, now or later: notes are revealed in shuffled order and without names. "
    "What is written after the reveal comes without a name too, but the server’s history knows from whom it came."
)
DAYS_TO_WRITE = 2


class BeginDialog(QDialog):
    """`begin_wanted(Beginning)`; `save_wanted(Beginning, title)` for a template of one's own.

    Args:
        templates: what there is to choose from; the first one is chosen.
        folder: where the person's own templates are.
        me: the name of who sits here.
        people: the names of all who are here.
        now: milliseconds since 1970.
    """

    begin_wanted = Signal(object)
    save_wanted = Signal(object, str)

    def __init__(
        self,
        templates: Sequence[SessionTemplate],
        folder: str,
        me: str,
        people: Sequence[str],
        now: int,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._templates = list(templates)
        self.setWindowTitle("Begin a session")
        self.setMinimumSize(360, 420)
        resize_for_letters(self, QSize(640, 560))
        heading = title_label("Begin a session")
        self._make_question()
        self._make_terms(now)
        self._make_more(me, people)
        self._make_ends(folder)
        for box in (self._template, self._variant, self._leads, self._decider, self._rule):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(8)
            scroll_past(box)
        scroll_past(self._deadline)
        self._lay_out(heading)
        self._fill()
        self._template.currentIndexChanged.connect(lambda _place: self._show_template())
        self._variant.currentIndexChanged.connect(lambda _place: self._show_phases())
        self._more.toggled.connect(self._show_more)
        self._show_template()
        self._show_more(False)
        self._show_saving(False)
        self._question.setFocus()

    def beginning(self) -> Beginning:
        """What is chosen now."""
        question = self._question.text().strip()
        waits = self._variant.currentData() == "asynchronous"
        decider = self._decider.currentText().strip()
        return Beginning(
            question=question,
            constraints=plain_text(self._constraints.document()).strip(),
            template=self._chosen().name if self._templates else "",
            phases=self._phases.phases(),
            minutes=self._phases.minutes(),
            is_anonymous=self._anonymous.isChecked(),
            facilitator=self._leads.currentData(),
            decider="" if decider == "Everybody together" else decider,
            rule=self._rule.currentText().strip(),
            deadline=self._deadline.dateTime().toMSecsSinceEpoch() if waits else 0,
        )

    def show_message(self, sentence: str, tone: str = "problem") -> None:
        """Says how it went, such as that a template could not be read."""
        self._message.show_sentence(sentence, tone)
        if tone == "success":
            self._show_saving(False)

    def show_templates(self, templates: Sequence[SessionTemplate], chosen: str) -> None:
        """Takes another list, and the name of the one that is chosen in it."""
        self._templates = list(templates)
        with QSignalBlocker(self._template):
            self._fill()
            place = next((at for at, each in enumerate(self._templates) if each.name == chosen), 0)
            self._template.setCurrentIndex(place)
        self._description.setText(self._chosen().description)

    # Inside

    def _make_question(self) -> None:
        """Makes what says what the session is about, and the way through it."""
        self._question = QLineEdit()
        called(self._question, "Question", "What the session is about; it can begin with this alone")
        self._question.textChanged.connect(self._show_question)
        self._advice = note("")
        self._advice.setAccessibleDescription("How to word the question")
        self._reword = button("Word it as “How might we …”", "Put the question so that many answers fit", "quiet")
        self._reword.clicked.connect(self._word)
        self._template = QComboBox()
        called(self._template, "Template", "A way through the session")
        self._description = note("")
        self._description.setAccessibleDescription("What the template is")
        self._variant = QComboBox()
        called(self._variant, "Length", "How many of the phases")
        self._length = note("")
        self._length.setAccessibleDescription("How long the phases take together")

    def _make_terms(self, now: int) -> None:
        """Makes what says until when people write, and with which names."""
        self._deadline = QDateTimeEdit()
        self._deadline.setDisplayFormat("ddd d MMM yyyy, HH:mm")
        self._deadline.setCalendarPopup(True)
        self._deadline.setCalendarWidget(DayCalendar())
        self._deadline.setAccessibleName("Write until")
        self._deadline.setMinimumWidth(140)
        inset(self._deadline)
        self._deadline.setToolTip("What comes later is accepted too, and marked as late")
        self._deadline.setDateTime(
            QDateTime(QDateTime.fromMSecsSinceEpoch(now).date().addDays(DAYS_TO_WRITE), QTime(17, 0))
        )
        self._anonymous = QCheckBox("&Without names")
        called(self._anonymous, "Without names", "Notes are revealed without their authors")
        self._anonymity = note(NAMED)
        self._anonymity.setAccessibleDescription("What becomes of your name")
        self._anonymous.toggled.connect(lambda on: self._anonymity.setText(NAMELESS if on else NAMED))

    def _make_more(self, me: str, people: Sequence[str]) -> None:
        """Makes what is chosen more rarely, and the button that shows it."""
        self._more = button("More: phases, rules, who leads", "Show all that can be chosen", "quiet")
        self._more.setCheckable(True)
        self._constraints = text_field(
            "Constraints",
            "What an answer has to keep to",
            "What an answer has to keep to: money, time, rules",
            64,
        )
        self._phases = PhaseList(begins=True)
        self._phases.changed.connect(self._show_length)
        self._leads = QComboBox()
        called(self._leads, "Who leads", "Who moves the session on; this can be passed on at any time")
        self._leads.addItem(f"{me or 'I'} (you)", me)
        for name in people:
            if name != me:
                self._leads.addItem(name, name)
        self._leads.addItem("Everybody", "")
        self._decider = _words("Who decides", ["Everybody together", *dict.fromkeys((me, *people))])
        self._rule = _words("Rule", RULES)

    def _make_ends(self, folder: str) -> None:
        """Makes what begins the session, keeps its template or gives both up, and what says how that went."""
        self._message = Message("What went wrong")
        self._save = button("Save this as a &template…", "Keep these phases and minutes for another time", "quiet")
        self._save.clicked.connect(lambda: self._show_saving(True))
        self._title = _Title()
        self._title.setAccessibleName("Title of the template")
        self._title.setToolTip(f"A file of this name is kept in {folder}")
        self._title.setPlaceholderText("Title of the template")
        self._keep = button("Keep", f"Write the template to {folder}")
        self._keep.clicked.connect(self._tell_save)
        self._title.entered.connect(self._keep.click)
        self._title.given_up.connect(self._give_up_saving)
        self._title.textChanged.connect(lambda text: self._keep.setEnabled(bool(text.strip())))
        self._folder = note(f"Your own templates are files in {folder}")
        self._begin = button("&Begin", "Begin the session with this question", "primary")
        self._begin.setDefault(True)
        self._begin.clicked.connect(self._tell)
        self._cancel = button("Cancel", "Close without beginning")
        self._cancel.clicked.connect(self.reject)

    def _lay_out(self, heading: QLabel) -> None:
        self._form = form = wrapping_form()
        self._parts = [self._constraints, self._phases, self._leads, self._decider, self._rule]
        first = {
            "&Question": self._question,
            "Temp&late": self._template,
            "Names": self._anonymous,
            "Len&gth": self._variant,
        }
        for words, field in (
            ("&Question", together(self._question, self._advice, row_of(self._reword, spacing=0))),
            ("Temp&late", together(self._template, self._description)),
            ("Len&gth", together(self._variant, self._length)),
            ("Write &until", self._deadline),
            ("Names", together(self._anonymous, self._anonymity)),
            ("", row_of(self._more, spacing=0)),
            ("&Constraints", self._constraints),
            ("Phases", self._phases),
            ("Who lea&ds", self._leads),
            ("Who decid&es", self._decider),
            ("&Rule", self._rule),
        ):
            add_row(form, words, field, first.get(words))
        saving = QHBoxLayout()
        saving.setSpacing(SPACING)
        saving.addWidget(self._title, 1)
        saving.addWidget(self._keep)
        column = lay_out_scrolled(self, [heading], "The session", form, self._folder)
        column.addWidget(self._message)
        column.addLayout(saving)
        column.addLayout(last_row(self._cancel, self._begin, first=self._save))

    def _fill(self) -> None:
        self._template.clear()
        for template in self._templates:
            self._template.addItem(f"{template.title} (yours)" if template.is_own else template.title)
        if not self._variant.count():
            for name, (title, tip) in VARIANT_WORDS.items():
                self._variant.addItem(title, name)
                self._variant.setItemData(self._variant.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)

    def _chosen(self) -> SessionTemplate:
        return self._templates[max(0, self._template.currentIndex())]

    def _show_template(self) -> None:
        template = self._chosen()
        self._description.setText(template.description)
        self._question.setPlaceholderText(template.question)
        self._show_question()
        self._show_phases()

    def _show_phases(self) -> None:
        template, variant = self._chosen(), self._variant.currentData() or ""
        self._phases.show_phases(VARIANTS[variant] if variant else template.phases, template.minutes)
        self._form.setRowVisible(self._deadline, variant == "asynchronous")
        self._show_length()

    def _show_length(self) -> None:
        """Says how long all phases take; where people write until a day, that is not a matter of minutes."""
        minutes = 0 if self._variant.currentData() == "asynchronous" else self._phases.in_all()
        self._length.setText(f"About {minutes_in_words(minutes)} in all." if minutes else "")
        self._length.setVisible(bool(minutes))

    def _show_question(self, *_: object) -> None:
        question = self._question.text()
        self._advice.setText(advice(question) or ("" if question.strip() else self._chosen().hint))
        self._advice.setVisible(bool(self._advice.text()))
        self._begin.setEnabled(bool(question.strip()))
        self._reword.setEnabled(as_how_might_we(question) != question)

    def _show_more(self, on: bool) -> None:
        for part in self._parts:
            self._form.setRowVisible(part, on)
        self._save.setVisible(on)
        self._folder.setVisible(on)
        # Other words at the left leave the fields another width: Qt would keep the heights that they have in this one.
        QTimer.singleShot(0, self, self._form.invalidate)
        if not on:
            self._show_saving(False)
        elif self.isVisible():
            resize_on_screen(self, QSize(self.width(), max(self.height(), 780)))

    def _show_saving(self, on: bool) -> None:
        self._title.setVisible(on)
        self._keep.setVisible(on)
        self._keep.setEnabled(bool(self._title.text().strip()))
        if on:
            self._title.setFocus()

    def _give_up_saving(self) -> None:
        self._show_saving(False)
        self._save.setFocus()

    def _word(self) -> None:
        worded = as_how_might_we(self._question.text())
        self._question.setText(worded)
        self._question.setFocus()
        if GAP in worded:
            self._question.setSelection(worded.index(GAP), len(GAP))

    def _tell(self) -> None:
        if self._has_phases():
            self.begin_wanted.emit(self.beginning())

    def _tell_save(self) -> None:
        if self._has_phases():
            self.save_wanted.emit(self.beginning(), self._title.text().strip())

    def _has_phases(self) -> bool:
        """Whether a phase is ticked; else says so. A template that names none has all of them."""
        if not self._phases.phases():
            self.show_message("Tick at least one phase.")
        return bool(self._phases.phases())


class _Title(QLineEdit):
    """The title of a template. Enter and Escape are its own: by these keys the dialog would begin a session for
    everybody, or close with all that was chosen."""

    entered = Signal()
    given_up = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """See the class."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
        else:
            super().keyPressEvent(event)


def _words(name: str, offered: Sequence[str]) -> QComboBox:
    box = QComboBox()
    box.setEditable(True)
    box.addItems([each for each in offered if each])
    box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    box.setAccessibleName(name)
    box.setToolTip(f"{name}; in your own words if you like")
    field = box.lineEdit()
    if field is not None:
        field.setAccessibleName(name)
        field.setToolTip(box.toolTip())
    return box
