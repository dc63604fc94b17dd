"""Spelling: whether misspelt words are marked, in which language, and on which pages.

Runs on the GUI thread. Nothing of it is loaded before the first window is there, and nothing while it is off.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6 import QtCore  # PySide makes a class when it is first named, and not all are named at the start
from PySide6.QtCore import QObject, QTimer

from cowrite.storage.settings import SPELLING_OFF, SPELLING_SYSTEM

if TYPE_CHECKING:
    from cowrite.app.bare_draft.bare_draft import BareDraft
    from cowrite.app.choices import Choices
    from cowrite.bridge.speller import Speller
    from cowrite.core.document.document import Document

BEGIN = 1500  # milliseconds from the opening of a draft: the first letters come before


class Spelling(QObject):
    """The spelling of all drafts.

    Args:
        choices: in which language, or none.
        drafts: the open ones; later ones come into it.
        keep: has the person's own words written, and again where that fails; see `Keeping`.
        say: shows a sentence under the name of a notice.
        own_words: their file.
        parent: Qt parent.
    """

    def __init__(
        self,
        choices: Choices,
        drafts: Sequence[BareDraft],
        keep: Callable[[Callable[[], None]], object],
        say: Callable[[str, str], object],
        own_words: Path,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._choices = choices
        self._drafts = drafts
        self._keep = keep
        self._say = say
        self._own_words = own_words
        self._speller: Speller | None = None
        choices.spelling_changed.connect(self._show_all)

    @property
    def language(self) -> str:
        """The code of the language of all drafts; BY_TEXT where each goes by its text, and empty where nothing is
        marked."""
        chosen = self._choices.settings.spelling
        if chosen == SPELLING_OFF:
            return ""
        from cowrite.bridge.speller import LANGUAGES, system_language

        if chosen == SPELLING_SYSTEM:
            return system_language()
        return chosen if chosen in LANGUAGES else ""

    def add(self, draft: BareDraft) -> None:
        """Marks words in a draft that was opened."""
        draft.window.theme_changed.connect(lambda _theme: self._look_again(draft))
        draft.window.views.shown.connect(lambda _name: self._look_again(draft))
        QTimer.singleShot(BEGIN, draft, lambda: self._show(draft))

    def _show_all(self) -> None:
        if self._speller is not None:
            self._speller.forget()
        for draft in self._drafts:
            self._show(draft)

    def _show(self, draft: BareDraft) -> None:
        language, page = self.language, draft.window.page_menu.spelling
        if language and page is None:
            from cowrite.gui.page.spelling import PageSpelling

            speller = self._made()
            met: set[str] = set()

            def names() -> set[str]:
                met.update(_people(draft))  # whoever has gone is written about all the same
                return met

            page = PageSpelling(draft.editor, speller, lambda: self._tell(draft), names, _tell_line)
            draft.window.page_menu.spelling = page
            page.choice_wanted.connect(lambda: self._choices.ask(draft.window))
            speller.changed.connect(page.look_soon)
        elif not language and page is not None:
            draft.window.page_menu.spelling = None
            page.close()

    def _look_again(self, draft: BareDraft) -> None:
        """Words are looked at in sight only: the page may have come back. Another look takes the marks away."""
        if draft.window.page_menu.spelling is not None:
            draft.window.page_menu.spelling.look_soon()

    def _tell(self, draft: BareDraft) -> tuple[str, str]:
        """The language of a draft, by its code and its name; empty where no words of it are here."""
        from cowrite.bridge.speller import BY_TEXT, LANGUAGES

        language = self.language
        if language == BY_TEXT:
            language = _language_of(draft.document)
        return language, LANGUAGES.get(language, "")

    def _made(self) -> Speller:
        if self._speller is None:
            from cowrite.bridge.speller import Speller

            def say(error: Exception) -> None:
                self._say(str(error), "spelling")

            self._speller = Speller(self._own_words, self._keep, say, self)
        return self._speller

    def end(self) -> None:
        """The app ends."""
        if self._speller is not None:
            self._speller.close()


def _people(draft: BareDraft) -> Iterator[str]:
    """What those are called who are here now."""
    yield draft.connection.called
    if draft.shared is not None:
        yield from (mate.name for mate in draft.shared.presence.teammates())


def _language_of(document: Document) -> str:
    """The code of the language in which a document begins, English where that is not sure; empty where no words of it
    are here."""
    from cowrite.assist.text.languages import READ, language_of

    text = ""
    for span in document.spans():
        text += span.text
        if len(text) >= READ:
            break
    return _code_of(language_of(text) or "English")


def _tell_line(line: str) -> tuple[str, str] | None:
    """The language in which a line plainly is, by its code and its name, which are empty where no words of it are here;
    None where that is not sure."""
    from cowrite.assist.text.languages import language_of
    from cowrite.bridge.speller import LANGUAGES

    name = language_of(line)
    if not name:
        return None
    code = _code_of(name)
    return code, LANGUAGES.get(code, "")


@cache
def _code_of(name: str) -> str:
    """The code of a language by its English name; empty where no words of it are here."""
    from cowrite.bridge.speller import LANGUAGES

    locales = {code: QtCore.QLocale(code).language() for code in LANGUAGES}
    return next((code for code, each in locales.items() if QtCore.QLocale.languageToString(each) == name), "")
