"""A person's settings.

Runs on the GUI thread. PreferencesDialog shows Preferences and tells each change as it is made; there is nothing to
confirm and nothing to lose by closing it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from cowrite.bridge.single_shot import single_shot
from cowrite.gui.dialogs.font_choice import FontChoice
from cowrite.gui.dialogs.menu_choice import MenuChoice
from cowrite.gui.keyboard.control_names import called
from cowrite.gui.keyboard.tab_order import reach_the_chosen
from cowrite.gui.look.icons import show_icon
from cowrite.gui.look.theme import MARGIN, SPACING, TIGHT, WIDE, set_look
from cowrite.gui.people.identity_fields import IdentityFields
from cowrite.gui.widgets.dialog_parts import ABOVE_LINE, resize_on_screen, scroll_past
from cowrite.gui.widgets.scrolled import Scrolled

THEMES = (("system", "As the system", "monitor"), ("light", "Light", "sun"), ("dark", "Dark", "moon"))
_LEAST = 160  # device-independent pixels: the height that is never given up
PAGES = {"normal": "Normal", "wide": "Wide", "window": "As wide as the window"}
LINES = {"compact": "Compact", "normal": "Normal", "wide": "Wide"}
QUOTES_OF = {
    "en": "“English” – and ‘these’ within",
    "de": "„Deutsch“ – and ‚these‘ within",
    "fr": "« Français » – and “these” within",
    "it": "«Italiano» – and “these” within",
    "pl": "„Polski” – and ‚these’ within",
    "sv": "”Svenska” – and ’these’ within",
    "da": "»Dansk« – and ›these‹ within",
}
"""How each looks in whose print quotation marks can be set, by the language."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a person has set. An empty `font` is the system's own."""

    name: str = ""
    colour: str = ""
    theme: str = "system"
    font: str = ""
    font_size: float = 12.5
    library_folder: str = ""
    reopen_last: bool = True
    assistant: bool = False
    spelling: str = "system"
    history: bool = True
    quotes: str = ""
    page: str = "normal"
    lines: str = "normal"
    slash: bool = True
    page_numbers: bool = True


class PreferencesDialog(QDialog):
    """`changed(Preferences)` at each change; `folder_requested()` asks the caller to let a folder be chosen, who
    answers with `show_folder`; `histories_requested()` asks for the histories that have no document any more."""

    changed = Signal(Preferences)
    folder_requested = Signal()
    histories_requested = Signal()

    def __init__(
        self,
        preferences: Preferences,
        spellings: Sequence[tuple[str, str]],
        parent: QWidget | None = None,
        menu: MenuChoice | None = None,
    ) -> None:
        """`spellings`: values of `Preferences.spelling`, each with words for people. `menu`: what is asked about the
        desktop's menu of programs, on systems where it can be."""
        super().__init__(parent)
        self._preferences = preferences
        self.setWindowTitle("Preferences")
        self._who = IdentityFields()
        self._themes = QButtonGroup(self)
        self._theme_buttons = [self._theme_button(*each) for each in THEMES]
        reach_the_chosen(self._theme_buttons)
        self._font = FontChoice(preferences.font, preferences.font_size)
        self._page = _box(
            PAGES.items(), "Width of the page", "On this computer only; it grows with the letters and with the zoom"
        )
        self._lines = _box(
            LINES.items(), "Line spacing", "How far apart lines and paragraphs are shown, on this computer only"
        )
        self._make_typing(spellings)
        scroll_past(self._page, self._lines, self._spelling, self._quotes)
        self._make_documents()
        self._assistant = _tick(
            "Suggest te&xt with a language model", "Off: no model is loaded, and nothing of the assistant runs"
        )
        self._close = _button("Close", "Close", "Close; everything is saved already")
        self._close.setDefault(True)
        self._close.clicked.connect(self.accept)
        self._lay_out(menu)
        self._show(preferences)
        self._connect()

    def show_folder(self, folder: str) -> None:
        """Shows the folder that was chosen; emits `changed`."""
        self._folder.setText(folder)
        self._folder.setToolTip(folder)
        self._change(library_folder=folder)

    def showEvent(self, event: QShowEvent) -> None:
        """The dialog is as high as the screen lets it be."""
        super().showEvent(event)
        if not event.spontaneous():
            resize_on_screen(self, self.sizeHint())

    # Inside

    def _make_typing(self, spellings: Sequence[tuple[str, str]]) -> None:
        """Makes what says what becomes of what is typed, and printed."""
        self._spelling = _box(
            spellings,
            "Language in which misspelt words are marked",
            "Misspelt words have a line below them, on this computer only",
        )
        self._spelling.setMaxVisibleItems(14)
        self._quotes = _box(
            [("", "As they are typed"), *QUOTES_OF.items()],
            "Quotation marks and dashes",
            "What straight quotation marks, -- and ... become as you type; undo gives them back",
        )
        self._slash = _tick(
            "Offer what can be put in &when you type /",
            "At the beginning of a line or behind a space; Esc leaves it as text",
        )
        self._page_numbers = _tick(
            "Number the &pages", "At the foot of each, on paper and in PDF, Word and OpenDocument files"
        )

    def _make_documents(self) -> None:
        """Makes what says where documents are kept, and what of them."""
        self._folder = QLineEdit()
        self._folder.setReadOnly(True)
        self._folder.setAccessibleName("Folder of your documents")
        self._choose = _button("Choose…", "Choose the folder of your documents", "New documents are kept there")
        self._choose.clicked.connect(self.folder_requested)
        self._reopen = _tick(
            "Open the documents from last time at &start", "Off: cowrite starts with the list of all documents"
        )
        self._history = _tick(
            "Keep the &history of documents that are not shared",
            "On this computer only, where you can look back and bring back what was deleted",
        )
        self._histories = _button(
            "Histories without a document…",
            "Histories without a document",
            "Open or remove what is kept of documents that are nowhere to be found",
        )
        self._histories.setAutoDefault(False)
        self._histories.clicked.connect(self.histories_requested)

    def _lay_out(self, menu: MenuChoice | None) -> None:
        themes, folder, left, last = (QHBoxLayout() for _ in range(4))
        for row in (themes, folder, left, last):
            row.setSpacing(SPACING)
        for button in self._theme_buttons:
            themes.addWidget(button, 1)
        folder.addWidget(self._folder, 1)
        folder.addWidget(self._choose)
        left.addWidget(self._histories)
        left.addStretch(1)
        last.addStretch(1)
        last.addWidget(self._close)
        sections: tuple[tuple[str, tuple[QWidget | QHBoxLayout, ...]], ...] = (
            ("You", (self._who,)),
            ("Theme", (themes,)),
            ("Writing font", (self._font,)),
            ("Page width", (self._page,)),
            ("Line spacing", (self._lines,)),
            ("Spelling", (self._spelling,)),
            ("Quotes and dashes", (self._quotes,)),
            ("While typing", (self._slash,)),
            ("Print and export", (self._page_numbers,)),
            ("Documents", (folder, self._reopen, self._history, left)),
            ("Assistant", (self._assistant,)),
            *([("Desktop", (menu,))] if menu else []),
        )
        grid = QGridLayout()
        grid.setHorizontalSpacing(WIDE)
        grid.setVerticalSpacing(WIDE)
        grid.setColumnStretch(1, 1)
        grid.setColumnMinimumWidth(1, 390)  # a least width of the dialog would hold where larger letters need more
        for place, (title, parts) in enumerate(sections):
            self._add_section(grid, place, title, parts)
        grid.setContentsMargins(WIDE, WIDE, WIDE, SPACING)
        grid.setRowStretch(len(sections), 1)
        last.setContentsMargins(WIDE, SPACING, WIDE, MARGIN + TIGHT)
        inside = QWidget()
        inside.setLayout(grid)
        inside.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)  # Qt would cut fields off first
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        scrolled = _Scrolled(inside, "Preferences")
        column.addWidget(scrolled, 1)
        column.addLayout(last)
        if menu:  # laid out first
            menu.told.connect(single_shot(self, partial(scrolled.ensureWidgetVisible, menu)).start)

    def _connect(self) -> None:
        self._who.changed.connect(lambda name, colour: self._change(name=name, colour=colour))
        for button, (setting, _, _) in zip(self._theme_buttons, THEMES, strict=True):
            button.clicked.connect(lambda _=False, setting=setting: self._change(theme=setting))
        self._font.font_changed.connect(lambda font: self._change(font=font))
        self._font.size_changed.connect(lambda size: self._change(font_size=size))
        self._page.currentIndexChanged.connect(lambda _at: self._change(page=self._page.currentData()))
        self._lines.currentIndexChanged.connect(lambda _at: self._change(lines=self._lines.currentData()))
        self._spelling.currentIndexChanged.connect(lambda _at: self._change(spelling=self._spelling.currentData()))
        self._quotes.currentIndexChanged.connect(lambda _at: self._change(quotes=self._quotes.currentData()))
        self._page_numbers.toggled.connect(lambda on: self._change(page_numbers=on))
        self._slash.toggled.connect(lambda on: self._change(slash=on))
        self._reopen.toggled.connect(lambda on: self._change(reopen_last=on))
        self._history.toggled.connect(lambda on: self._change(history=on))
        self._assistant.toggled.connect(lambda on: self._change(assistant=on))

    def _show(self, preferences: Preferences) -> None:
        self._who.show_identity(preferences.name, preferences.colour)
        for button, (setting, _, _) in zip(self._theme_buttons, THEMES, strict=True):
            button.setChecked(setting == preferences.theme)
        self._page.setCurrentIndex(self._page.findData(preferences.page))
        self._lines.setCurrentIndex(self._lines.findData(preferences.lines))
        self._spelling.setCurrentIndex(max(0, self._spelling.findData(preferences.spelling)))
        self._quotes.setCurrentIndex(max(0, self._quotes.findData(preferences.quotes)))
        self._folder.setText(preferences.library_folder)
        self._folder.setToolTip(preferences.library_folder or "New documents are kept there")
        self._page_numbers.setChecked(preferences.page_numbers)
        self._slash.setChecked(preferences.slash)
        self._reopen.setChecked(preferences.reopen_last)
        self._history.setChecked(preferences.history)
        self._assistant.setChecked(preferences.assistant)

    def _change(self, **fields: str | float | bool) -> None:
        self._preferences = dataclasses.replace(self._preferences, **fields)  # type: ignore[arg-type]
        self.changed.emit(self._preferences)

    def _theme_button(self, setting: str, text: str, drawing: str) -> QPushButton:
        button = QPushButton(text)
        show_icon(button, drawing)
        button.setCheckable(True)
        button.setAutoDefault(False)
        called(button, text, "Light or dark, as the system is set" if setting == "system" else f"Always {text.lower()}")
        set_look(button, kind="choice")
        self._themes.addButton(button)
        return button

    def _add_section(self, grid: QGridLayout, place: int, title: str, parts: tuple[QWidget | QHBoxLayout, ...]) -> None:
        heading = QLabel(title)
        set_look(heading, role="heading")
        heading.setContentsMargins(0, 0 if parts[0] is self._who else ABOVE_LINE, 0, 0)  # level with what it heads
        grid.addWidget(heading, place, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(SPACING)
        for part in parts:
            if isinstance(part, QWidget):
                column.addWidget(part)
            else:
                column.addLayout(part)
        grid.addLayout(column, place, 1)


def _box(choices: Iterable[tuple[str, str]], name: str, tip: str) -> QComboBox:
    """A box to choose from: values, each with words for people."""
    box = QComboBox()
    for value, words in choices:
        box.addItem(words, value)
    called(box, name, tip)
    return box


def _tick(text: str, tip: str) -> QCheckBox:
    """A box to tick."""
    box = QCheckBox(text)
    called(box, text.replace("&", ""), tip)
    return box


def _button(text: str, name: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    called(button, name, tip)
    return button


class _Scrolled(Scrolled):
    """What is never narrower than it needs, and as high as it is where the screen has room."""

    def sizeHint(self) -> QSize:
        """All that is in it."""
        return self._inside.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """As wide as what is in it and the scroll bar beside that."""
        return QSize(self._inside.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width(), _LEAST)
