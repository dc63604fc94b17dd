"""ShownChoices: what the person has chosen, shown the same in every window, and chosen in any of them.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from cowrite.app.choices import Choices
from cowrite.app.draft.dialogs import show_shortcuts
from cowrite.core.writing.looks import CopiedLook
from cowrite.core.writing.typography import QUOTES
from cowrite.gui.look.theme import Theme
from cowrite.storage.library.drives import Drives
from cowrite.storage.settings import Person

if TYPE_CHECKING:
    from cowrite.app.draft.draft import Draft

PATIENCE = 0.2  # seconds that a drive has to say whether a document is there that was opened lately


class ShownChoices(QObject):
    """The choices of one person in the windows of all their drafts.

    Args:
        choices: the settings in force.
        drafts: the open ones; later ones come into it.
        parent: Qt parent.
    """

    def __init__(self, choices: Choices, drafts: Sequence[Draft], parent: QObject) -> None:
        super().__init__(parent)
        self._choices = choices
        self._drafts = drafts
        self._drives = Drives(PATIENCE)
        self._recent: list[Path] = []
        self._copied_look = CopiedLook()
        choices.theme_changed.connect(self._show_theme)
        choices.theme_chosen.connect(self._show_theme_chosen)
        choices.me_changed.connect(self._show_me)
        choices.history_changed.connect(self._keep_history)
        choices.keys_changed.connect(self._show_keys)
        choices.pages_changed.connect(self._show_pages)
        choices.typing_changed.connect(self._show_typing)

    def add(self, draft: Draft) -> None:
        """Shows the choices in the window of a draft that was opened, and takes what is chosen there."""
        choices, actions = self._choices, draft.window.actions_
        actions["preferences"].triggered.connect(lambda _checked=False: choices.ask(draft.window))
        actions["shortcuts"].triggered.connect(lambda _checked=False: show_shortcuts(draft, self._take_keys))
        draft.window.looks.copied = self._copied_look
        self._set_typing(draft)
        draft.numbers_pages = choices.settings.page_numbers
        if choices.settings.keys:
            actions.show_keys(self._choices.own_keys())
        for setting in ("system", "light", "dark"):
            actions[f"theme_{setting}"].triggered.connect(lambda _on=False, setting=setting: choices.set_theme(setting))
        actions[f"theme_{choices.theme_setting}"].setChecked(True)
        for name, is_on, keep in (
            ("timer_sound", choices.settings.timer_sound, choices.set_timer_sound),
            ("show_pointers", choices.settings.pointers, choices.set_pointers),
            ("typewriter", choices.settings.typewriter, choices.set_typewriter),
        ):
            actions[name].setChecked(is_on)
            actions[name].toggled.connect(partial(self._switch, name, keep))
        draft.window.people.me_changed.connect(choices.set_me)
        draft.title_changed.connect(self._offer_recent)
        self._show_recent()

    def _switch(self, name: str, keep: Callable[[bool], None], on: bool) -> None:
        """Keeps what the person has switched on or off, and switches it in every window."""
        for draft in self._drafts:
            draft.window.actions_[name].setChecked(on)
        keep(on)

    def _show_theme(self, theme: Theme) -> None:
        for draft in self._drafts:
            draft.window.show_theme(theme)

    def _show_theme_chosen(self, setting: str) -> None:
        for draft in self._drafts:
            draft.window.actions_[f"theme_{setting}"].setChecked(True)

    def _show_keys(self) -> None:
        for draft in self._drafts:
            draft.window.actions_.show_keys(self._choices.own_keys())

    def _show_pages(self) -> None:
        for draft in self._drafts:
            draft.numbers_pages = self._choices.settings.page_numbers

    def _show_typing(self) -> None:
        for draft in self._drafts:
            self._set_typing(draft)

    def _set_typing(self, draft: Draft) -> None:
        """Has the signs that are typed become what the person wants."""
        draft.editor.use_quotes(QUOTES.get(self._choices.settings.quotes))
        draft.editor.use_slash(on=self._choices.settings.slash)

    def _take_keys(self, own: Mapping[str, str]) -> None:
        """Takes other own keys in the place of those that hold here; the rest is kept for where it holds."""
        holds, stored = self._choices.own_keys(), self._choices.settings.keys
        rest = {id: key for id, key in stored.items() if id not in holds and id not in own}
        self._choices.set_keys(rest | dict(own))

    def _show_me(self, person: Person) -> None:
        for draft in self._drafts:
            draft.connection.show_me(person)

    def _keep_history(self, on: bool) -> None:
        for draft in self._drafts:
            draft.history.want(on=on)

    def show_renamed(self, before: Path, now: Path) -> None:
        """A document's file has another name now."""
        self._recent = [now if path == before else path for path in self._recent]
        self._offer_recent()

    def _show_recent(self) -> None:
        paths = self._choices.settings.recent
        there = self._drives.are_there(paths)
        self._recent = [path for path in paths if there.get(path)]
        self._offer_recent()

    def _offer_recent(self) -> None:
        """Offers what was opened lately: by its title what is open, whose file is named after it only when it closes,
        and by its file all else. Of several with one title the file's name tells which is which."""
        titles = {draft.path: draft.title for draft in self._drafts}
        named = [(path, titles.get(path, path.stem)) for path in self._recent]
        often = Counter(title for _path, title in named)
        recent = [
            (str(path), title if often[title] == 1 or title == path.stem else f"{title} ({path.stem})")
            for path, title in named
        ]
        for draft in self._drafts:
            draft.window.actions_.show_recent(recent)
