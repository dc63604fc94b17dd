"""OptionsSection: what there is to choose from, with what speaks for and against each.

Runs on the GUI thread.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QWidget

from cowrite.core.decisions.parts import Argument, Choice
from cowrite.gui.decisions.fields import LineField
from cowrite.gui.decisions.parts import RowColumn, RowSection, choice, model_sign, remover, show_of_model
from cowrite.gui.keyboard.control_names import called
from cowrite.gui.look.theme import SPACING, TIGHT, set_look
from cowrite.gui.widgets.card_parts import act_button
from cowrite.gui.widgets.dialog_parts import column_in
from cowrite.gui.widgets.wrapping_row import row_of

FOR, AGAINST = "For", "Against"
Side = tuple[bool, Argument]
"""An argument and whether it speaks for the option."""


class OptionsSection(RowSection):
    """The options of one decision."""

    changed = Signal(object)
    """The options as a tuple of Choice, after the person has changed them."""
    jumped = Signal(str)
    """The id of the note or group that the person wants to see."""

    def __init__(self) -> None:
        super().__init__()
        column: RowColumn[_OptionBox, Choice] = RowColumn(
            self._make,
            lambda box, option, place: box.show_option(option, place),
            lambda option: option.id,
            what="options",
            step=20,
        )
        self.lay_out("Options", column, act_button("Add an option", "Add an option", self._on_add))

    def show_options(self, options: tuple[Choice, ...]) -> None:
        """Shows these options; emits nothing."""
        self._column.show_values(options)

    def _make(self) -> _OptionBox:
        box = _OptionBox(self)
        box.show_read_only(self._is_read_only)
        box.changed.connect(lambda option: self.changed.emit(self._column.instead_of(box, option)))
        box.jumped.connect(self.jumped)
        box.removed.connect(lambda: self.changed.emit(self._column.instead_of(box)))
        return box

    def _on_add(self) -> None:
        self.changed.emit((*self._column.values, Choice("")))
        if (box := self._column.row(-1)) is not None:
            box.text.setFocus()


class _OptionBox(QFrame):
    """One option."""

    changed = Signal(object)
    """The Choice as the person has made it."""
    jumped = Signal(str)
    removed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._option = Choice("")
        self._is_read_only = False
        self._place = 0
        set_look(self, surface="card")
        self.chosen = QCheckBox("Chosen")
        self.chosen.clicked.connect(lambda _on: self._tell())
        self.text = LineField("", "What could be done")
        self.text.typed.connect(lambda _text: self._tell())
        self._source = act_button("Idea", "", self._on_jump)
        self._remove = remover(self.removed.emit)
        self._column: RowColumn[_ArgumentRow, Side] = RowColumn(
            self._make,
            lambda row, side, place: row.show_side(*side, f"Argument {place} of option {self._place}"),
            lambda side: side[1].id,
            what="arguments",
            step=10,
            spacing=TIGHT,
        )
        self._for = act_button("Add a reason for it", "", lambda: self._on_add(True))
        self._against = act_button("Add one against", "", lambda: self._on_add(False))
        top = QHBoxLayout()
        top.setSpacing(SPACING)
        self.of_model = model_sign()
        for part in (self.text, self.of_model, self.chosen, self._source, self._remove):
            top.addWidget(part, 1 if part is self.text else 0)
        column_in(
            self, top, self._column, row_of(self._for, self._against, spacing=SPACING), around=SPACING, spacing=TIGHT
        )

    @property
    def arguments(self) -> list[_ArgumentRow]:
        """One for each argument, those for the option first."""
        return self._column.rows

    def show_option(self, option: Choice, place: int) -> None:
        """Shows it; emits nothing."""
        self._option, self._place = option, place
        show_of_model(self.of_model, self.text, f"Option {place}", on=option.is_of_model)
        self.chosen.setAccessibleName(f"Option {place} is what was decided")
        called(self._source, f"Go to the idea of option {place}")
        called(self._remove, f"Remove option {place}")
        called(self._for, f"Add what speaks for option {place}")
        called(self._against, f"Add what speaks against option {place}")
        self.text.show_text(option.text)
        self.chosen.setChecked(option.is_chosen)
        self._source.setHidden(not option.note)
        self._column.show_values(_sides(option))

    def show_read_only(self, on: bool) -> None:
        """Lets the person change nothing."""
        self._is_read_only = on
        self.text.setReadOnly(on)
        self.chosen.setEnabled(not on)
        for part in (self._remove, self._for, self._against):
            part.setHidden(on)
        for row in self._column.rows:
            row.show_read_only(on)

    def _make(self) -> _ArgumentRow:
        row = _ArgumentRow(self)
        row.show_read_only(self._is_read_only)
        row.changed.connect(self._tell)
        row.jumped.connect(self.jumped)
        row.removed.connect(lambda: self._tell(without=row))
        return row

    def _on_add(self, is_for: bool) -> None:
        self._tell((is_for, Argument("")))
        row = self._column.row(len(self._option.pros) - 1 if is_for else -1)
        if row is not None:
            row.text.setFocus()

    def _tell(self, *more: Side, without: _ArgumentRow | None = None) -> None:
        rows = dict(zip(self._column.places, self._column.rows, strict=True))
        here = [
            rows[place].side() if place in rows else side
            for place, side in enumerate(_sides(self._option))
            if without is None or rows.get(place) is not without
        ]
        sides = [*here, *more]
        option = replace(
            self._option,
            text=self.text.text(),
            is_chosen=self.chosen.isChecked(),
            pros=tuple(argument for is_for, argument in sides if is_for),
            cons=tuple(argument for is_for, argument in sides if not is_for),
        )
        self.changed.emit(option)

    def _on_jump(self) -> None:
        self.jumped.emit(self._option.note)


class _ArgumentRow(QWidget):
    """What speaks for or against an option."""

    changed = Signal()
    jumped = Signal(str)
    removed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._argument = Argument("")
        self.kind = choice(self, (FOR, AGAINST), lambda _word: self.changed.emit())
        self.text = LineField("", "Why")
        self.text.typed.connect(lambda _text: self.changed.emit())
        self._source = act_button("Idea", "", lambda: self.jumped.emit(self._argument.note))
        self._remove = remover(self.removed.emit)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        self.of_model = model_sign()
        for part in (self.kind, self.text, self.of_model, self._source, self._remove):
            row.addWidget(part, 1 if part is self.text else 0)

    def side(self) -> Side:
        """The argument as it is here, and whether it speaks for the option."""
        return self.kind.currentText() == FOR, replace(self._argument, text=self.text.text())

    def show_side(self, is_for: bool, argument: Argument, name: str) -> None:
        """Shows it under a name; emits nothing."""
        self._argument = argument
        called(self.kind, f"{name} speaks")
        show_of_model(self.of_model, self.text, name, on=argument.is_of_model)
        called(self._source, f"Go to the idea of {name}")
        called(self._remove, f"Remove {name}")
        self.kind.setCurrentText(FOR if is_for else AGAINST)
        self.text.show_text(argument.text)
        self._source.setHidden(not argument.note)

    def show_read_only(self, on: bool) -> None:
        """Lets the person change nothing."""
        self.kind.setEnabled(not on)
        self.text.setReadOnly(on)
        self._remove.setHidden(on)


def _sides(option: Choice) -> list[Side]:
    return [*((True, each) for each in option.pros), *((False, each) for each in option.cons)]
