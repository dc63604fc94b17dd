"""Choices: what the person has chosen, how it looks, and how it is kept.

Runs on the GUI thread.
"""

from __future__ import annotations

import contextlib
import getpass
import secrets
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6 import QtWidgets  # PySide makes a class when it is first named, and few are at the start
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QWidget

from cowrite.errors import CowriteError
from cowrite.gui.look.swatches import PEOPLE
from cowrite.gui.look.theme import PAGE_WIDTHS, Theme, ThemeChoice, apply
from cowrite.gui.look.typography import LARGEST, LINE_SPACINGS, SMALLEST
from cowrite.gui.widgets.asking import open_dialog
from cowrite.paths import Paths
from cowrite.storage.json_file import copy_aside
from cowrite.storage.library.library import Library
from cowrite.storage.settings import (
    SPELLING_OFF,
    SPELLING_SYSTEM,
    EndpointChoice,
    Person,
    Settings,
    Trigger,
    load_settings,
    save_settings,
)
from cowrite.storage.settings import Theme as ThemeSetting

if TYPE_CHECKING:
    from cowrite.gui.dialogs.preferences_dialog import Preferences, PreferencesDialog
    from cowrite.gui.keyboard.window_keys import KeysByCommand

_WRITING, _LIBRARY = "writing", "library_folder"
_GIVEN = "colour_given"  # that nobody has chosen the person's colour


class Choices(QObject):
    """The settings in force.

    Args:
        app: Qt's application object; it is dressed in the chosen theme.
        paths: where the settings are.
        keep: does work on the storage thread.
        parent: Qt parent.

    Attributes:
        library: the documents in the chosen folder; another one once another folder is chosen.
    """

    theme_changed = Signal(object)
    """Theme: everything is to be drawn anew."""
    theme_chosen = Signal(str)
    """The person has chosen "system", "light" or "dark"."""
    me_changed = Signal(object)
    """Person: others see another name or colour."""
    spelling_changed = Signal()
    """Misspelt words are to be marked in another language, or no more."""
    typing_changed = Signal()
    """Quotation marks that are typed become others, or stay; a typed slash offers something, or nothing."""
    pages_changed = Signal()
    """Whether pages have numbers on paper and in files."""
    keys_changed = Signal()
    """Commands have other keys of the person's own."""
    history_changed = Signal(bool)
    """Whether the history of documents is to be kept that are on this computer only."""
    histories_wanted = Signal(object)
    """QWidget: before it the histories are to be shown that have no document any more."""
    assistant_changed = Signal()
    """Whether the assistant is on, which model it uses, or one of its options is another."""

    def __init__(
        self, app: QApplication, paths: Paths, keep: Callable[[Callable[[], None]], None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._app = app
        self._paths = paths
        self._keep = keep
        loaded = load_settings(paths.settings)
        settings = self._settings = loaded.settings
        self.problem = loaded.problem
        """What of the settings could not be read, in a few sentences; empty for nothing."""
        if loaded.unusable:
            self._keep_copy()
        others = settings.others if settings.person.colour else {**settings.others, _GIVEN: True}
        self._change(settings._replace(person=_with_defaults(settings.person), others=others))
        self.library = self._make_library()
        self._themes = ThemeChoice(app.styleHints(), self._settings.theme.value, self)
        self._themes.changed.connect(self._show_theme)
        apply(app, self.theme)

    @property
    def settings(self) -> Settings:
        """All settings."""
        return self._settings

    @property
    def theme(self) -> Theme:
        """The look in force, with the person's writing font and page."""
        theme = self._themes.theme
        typography = theme.typography.with_writing(self._family, self._size or theme.typography.size)
        typography = typography.with_lines(LINE_SPACINGS[self._lines])
        return theme._replace(typography=typography, metrics=theme.metrics._replace(page_width=PAGE_WIDTHS[self._page]))

    @property
    def theme_setting(self) -> str:
        """What the person chose: "system", "light" or "dark"."""
        return self._themes.setting

    @property
    def library_folder(self) -> Path:
        """Where documents are."""
        chosen = self._settings.others.get(_LIBRARY)
        return Path(chosen) if isinstance(chosen, str) and chosen else self._paths.library

    def set_assistant(self, on: bool) -> None:
        """Turns the assistant on or off; the person has decided then."""
        self._set_assistant(self._settings._replace(assistant=on, assistant_decided=True))

    def set_suggest_after_pause(self, on: bool) -> None:
        """Lets suggestions come by themselves after a pause, or by key only."""
        trigger = Trigger.PAUSE if on else Trigger.KEY
        suggestions = self._settings.suggestions._replace(trigger=trigger)
        self._set_assistant(self._settings._replace(suggestions=suggestions))

    def set_model(self, model: str) -> None:
        """Takes the model that the assistant uses, by its id; empty for the one that cowrite chooses."""
        self._set_assistant(self._settings._replace(model=model))

    def set_endpoint(self, endpoint: EndpointChoice) -> None:
        """Takes another model elsewhere, or none."""
        self._set_assistant(self._settings._replace(endpoint=endpoint))

    def opened(self, path: Path) -> None:
        """Notes a document as the latest."""
        self._change(self._settings.with_recent(path))

    def renamed(self, before: Path, now: Path) -> None:
        """A document's file has another name now."""
        self._change(self._settings.with_renamed(before, now))

    def set_me(self, name: str, colour: str) -> None:
        """Takes another name and colour; an empty colour leaves the one that is."""
        now = self._settings.person
        person = now._replace(name=name.strip(), colour=colour or now.colour)
        others = dict(self._settings.others)
        if person.colour != now.colour:
            others.pop(_GIVEN, None)
        self._set_me(self._settings._replace(person=person, others=others))

    def leave_colour(self, taken: Collection[str]) -> None:
        """Takes a colour that is free, unless the person has chosen theirs or none is.

        Args:
            taken: the colours of others, as documents store colours.
        """
        free = [swatch.light for swatch in PEOPLE if swatch.light not in taken]
        if free and self._settings.others.get(_GIVEN) is True:
            person = self._settings.person
            self._set_me(
                self._settings._replace(person=person._replace(colour=free[sum(person.id.encode()) % len(free)]))
            )

    def _set_me(self, settings: Settings) -> None:
        is_other = settings.person != self._settings.person
        self._change(settings)
        if is_other:
            self.me_changed.emit(settings.person)

    def set_theme(self, setting: str) -> None:
        """Takes "system", "light" or "dark"."""
        self._change(self._settings._replace(theme=ThemeSetting(setting)))
        self._themes.set_setting(setting)
        self.theme_chosen.emit(setting)

    def set_timer_sound(self, on: bool) -> None:
        """Lets it be heard that the time of a session's phase is over, or not."""
        self._change(self._settings._replace(timer_sound=on))

    def set_pointers(self, on: bool) -> None:
        """Lets the board show where the others point, or not."""
        self._change(self._settings._replace(pointers=on))

    def set_typewriter(self, on: bool) -> None:
        """Keeps the line in which the person writes in the middle of its window, or not."""
        self._change(self._settings._replace(typewriter=on))

    def set_keys(self, own: Mapping[str, str]) -> None:
        """Takes the person's own keys, all of them, from commands to key sequences in Qt's portable words."""
        self._change(self._settings._replace(keys=own))
        self.keys_changed.emit()

    def own_keys(self) -> Mapping[str, str]:
        """The person's own keys that hold on this system, in this version."""
        from cowrite.gui.commands.own_keys import usable  # few people have any

        return usable(self._settings.keys)

    def keys_by_command(self) -> KeysByCommand:
        """The keys of all commands by their ids."""
        from cowrite.gui.commands.own_keys import by_command

        return by_command(self.own_keys())

    def set_history(self, on: bool) -> None:
        """Has the history of documents kept that are on this computer only, or not."""
        self._change(self._settings._replace(history=on))
        self.history_changed.emit(on)

    def ask(self, parent: QWidget) -> PreferencesDialog:
        """Shows all choices to the person."""
        from cowrite.app.menu_entry import MenuEntry
        from cowrite.gui.dialogs.preferences_dialog import Preferences, PreferencesDialog

        me = self._settings.person
        shown = Preferences(
            me.name,
            me.colour,
            self.theme_setting,
            self._family,
            self.theme.typography.size,
            str(self.library_folder),
            self._settings.restore_session,
            self._settings.assistant,
            self._settings.spelling,
            self._settings.history,
            self._settings.quotes,
            self._page,
            self._lines,
            self._settings.slash,
            self._settings.page_numbers,
        )
        entry = MenuEntry.of(self)
        dialog = PreferencesDialog(shown, _spelling_choices(), parent, entry.choice if entry else None)

        def take(chosen: Preferences) -> None:
            nonlocal shown
            before, shown = shown, chosen
            self._take(before, chosen)

        dialog.changed.connect(take)
        dialog.folder_requested.connect(lambda: self._ask_folder(dialog))
        dialog.histories_requested.connect(lambda: self.histories_wanted.emit(dialog))
        open_dialog(dialog)
        return dialog

    @property
    def _family(self) -> str:
        """The font to write with; empty where none was chosen."""
        family = self._writing.get("family")
        return family if isinstance(family, str) else ""

    @property
    def _size(self) -> float | None:
        """The points to write in; None where none that make sense were chosen."""
        size = self._writing.get("size")
        return float(size) if isinstance(size, int | float) and SMALLEST <= size <= LARGEST else None

    @property
    def _page(self) -> str:
        """How wide the page is: one of PAGE_WIDTHS."""
        page = self._writing.get("page")
        return page if isinstance(page, str) and page in PAGE_WIDTHS else "normal"

    @property
    def _lines(self) -> str:
        """How far apart lines are: one of LINE_SPACINGS."""
        lines = self._writing.get("lines")
        return lines if isinstance(lines, str) and lines in LINE_SPACINGS else "normal"

    @property
    def _writing(self) -> Mapping[str, object]:
        writing = self._settings.others.get(_WRITING)
        return writing if isinstance(writing, dict) else {}

    def _make_library(self) -> Library:
        return Library(self.library_folder, self._paths.search_index)

    def _ask_folder(self, dialog: PreferencesDialog) -> None:
        folder = QtWidgets.QFileDialog.getExistingDirectory(
            dialog, "Folder of your documents", str(self.library_folder)
        )
        if folder:
            dialog.show_folder(folder)

    def _take(self, before: Preferences, chosen: Preferences) -> None:
        """Takes what was changed in the dialog; what was chosen elsewhere while it is open stays."""
        theme, folder = self.theme, self.library_folder
        others = dict(self._settings.others)
        writing = (chosen.font, chosen.font_size, chosen.page, chosen.lines)
        if writing != (before.font, before.font_size, before.page, before.lines):
            others[_WRITING] = dict(zip(("family", "size", "page", "lines"), writing, strict=True))
        if chosen.library_folder != before.library_folder:
            others[_LIBRARY] = chosen.library_folder
        self._change(self._settings._replace(others=others))
        if chosen.reopen_last != before.reopen_last:
            self._change(self._settings._replace(restore_session=chosen.reopen_last))
        if chosen.assistant != before.assistant:
            self.set_assistant(chosen.assistant)
        if (chosen.name, chosen.colour) != (before.name, before.colour):
            self.set_me(chosen.name, chosen.colour)
        if chosen.theme != before.theme:
            self.set_theme(chosen.theme)
        if chosen.spelling != before.spelling:
            self._change(self._settings._replace(spelling=chosen.spelling))
            self.spelling_changed.emit()
        if (chosen.quotes, chosen.slash) != (before.quotes, before.slash):
            self._change(self._settings._replace(quotes=chosen.quotes, slash=chosen.slash))
            self.typing_changed.emit()
        if chosen.page_numbers != before.page_numbers:
            self._change(self._settings._replace(page_numbers=chosen.page_numbers))
            self.pages_changed.emit()
        if chosen.history != before.history:
            self.set_history(chosen.history)
        if self.library_folder != folder:
            self.library = self._make_library()
        if self.theme != theme:
            self._show_theme()

    def _set_assistant(self, settings: Settings) -> None:
        if settings != self._settings:
            self._change(settings)
            self.assistant_changed.emit()

    def _change(self, settings: Settings) -> None:
        if settings != self._settings:
            self._settings = settings
            self._keep(lambda: save_settings(self._paths.settings, settings))

    def _keep_copy(self) -> None:
        """Keeps the file as it is, of which a part is written over, and says where; then that is said no more."""
        try:
            self.problem += f" The file as it was is kept as “{copy_aside(self._paths.settings)}”."
        except CowriteError as error:
            self.problem += f" {error}"
            return
        settings = self._settings
        self._keep(lambda: save_settings(self._paths.settings, settings))

    def _show_theme(self) -> None:
        apply(self._app, self.theme)
        self.theme_changed.emit(self.theme)


def _with_defaults(person: Person) -> Person:
    """What somebody has not chosen: the system's name for them, a colour by that name, and an id by lot."""
    name = person.name
    if not name:
        with contextlib.suppress(OSError, KeyError, ImportError):
            name = getpass.getuser()
    colour = person.colour or PEOPLE[sum(name.encode()) % len(PEOPLE)].light
    return Person(name or "Somebody", colour, person.id or secrets.token_hex(8))


def _spelling_choices() -> list[tuple[str, str]]:
    """Where misspelt words can be marked: the value of the setting, and words for people."""
    from cowrite.bridge.speller import BY_TEXT, LANGUAGES, system_language

    system = system_language()
    usual = {
        BY_TEXT: "As the text, if unclear English",
        "": "As the system (its language has no words here)",
    }.get(system) or f"As the system ({LANGUAGES[system]})"
    return [(SPELLING_SYSTEM, usual), (SPELLING_OFF, "Off"), *LANGUAGES.items()]
